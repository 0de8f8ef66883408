"""Views of partners as plain JSON values: in which plans they take part, how they were involved, what they say back."""

from collections import Counter, defaultdict
from typing import Any

from pdca.people.words import FUNCTION
from pdca.report.plans import opened
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import partners, people

View = dict[str, Any]


def listed(connection: Connection) -> list[View]:
    """List the organisations outside with their plans, the sessions held with them, and reactions not yet answered."""
    plans = defaultdict(list)
    for row in connection.all(partners.IN_PLANS):
        plans[row["party_id"]].append(row["plan_id"])
    held = connection.all(partners.EVERY_INVOLVEMENT)
    sessions = Counter(row["party_id"] for row in held)
    trained = {row["party_id"] for row in held if row["mode"] == "training"}
    waiting = Counter(row["party_id"] for row in connection.all(partners.EVERY_REACTION) if row["answered_at"] is None)
    return [
        {
            "party_id": party["party_id"],
            "name": from_json(party["name"]),
            "kind": party["kind"],
            "discipline": party["discipline"],
            "plans": plans[party["party_id"]],
            "sessions": sessions[party["party_id"]],
            "trained": party["party_id"] in trained,
            "open_reactions": waiting[party["party_id"]],
            "assumed": bool(party["assumed"]),
        }
        for party in connection.all(people.PARTIES)
        if party["kind"] != FUNCTION
    ]


def sessions(connection: Connection) -> list[View]:
    """List the sessions by which partners were involved, by date."""
    rows = connection.all(partners.EVERY_INVOLVEMENT)
    return [{**_named(row), "attendees": from_json(row["attendees"]) or []} for row in rows]


def reactions(connection: Connection) -> list[View]:
    """List what partners said back, by date, with the answer when there is one."""
    return [{**_named(row), "open": row["answered_at"] is None} for row in connection.all(partners.EVERY_REACTION)]


def _named(row: Row) -> View:
    texts = {name: from_json(row[name]) for name in ("plan_title", "party_name")}
    # The words of a session or a reaction are those of one person, in one language.
    spoken = {name: row[name] for name in ("text",) if name in row}
    view = opened({name: value for name, value in row.items() if name not in spoken})
    return {**view, **spoken, **texts, "party_assumed": bool(row["party_assumed"])}
