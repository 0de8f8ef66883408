"""What is to be done next and by when: the live deadlines, for a person, a plan, or everybody."""

from datetime import datetime
from typing import Any

from pdca.actor import Actor
from pdca.plans.facts import parties_held
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people
from workflows.instants import to_text


def upcoming(connection: Connection, now: datetime, actor: Actor | None, plan_id: str | None) -> list[dict[str, Any]]:
    """List the live deadlines, soonest first; with an actor only of the plans it leads or is in the group of."""
    rows = [row for row in connection.all(evaluations.LIVE) if plan_id in (None, row["plan_id"])]
    if actor is not None:
        mine = _plans_of(connection, actor, now)
        rows = [row for row in rows if row["plan_id"] in mine]
    return [_view(row, to_text(now)) for row in rows]


def _plans_of(connection: Connection, actor: Actor, now: datetime) -> set[str]:
    if actor.person_id is None:
        return set()
    zone = (connection.one(people.INSTALLATION) or {"zone": "UTC"})["zone"]
    held = parties_held(connection, actor.person_id, now, zone)
    return {row["plan_id"] for row in connection.all(evaluations.PARTIES_OF_PLANS) if row["party_id"] in held}


def _view(row: Row, now: str) -> dict[str, Any]:
    overdue = row["step"] > 0 or (row["kind"] != "evaluation" and row["since"] <= now)
    return {
        "plan": row["plan_id"],
        "slug": row["slug"],
        "title": from_json(row["plan_title"]),
        "state": row["plan_state"],
        "what": row["kind"],
        "evaluation": row["evaluation_id"],
        "by": row["since"],
        "zone": row["zone"],
        "late": overdue or (row["kind"] == "evaluation" and row["due_at"] <= now),
        "held": row["status"] == "held",
        "assumed": bool(row["assumed"]),
        "restricted": bool(row["restricted"]),
    }
