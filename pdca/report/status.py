"""How an installation stands: plans per state, what is overdue and next and whose it is, and whether all is at work."""

from collections import Counter
from datetime import datetime
from typing import Any

from pdca.report.plans import listed
from pdca.report.scheduling import scheduling
from pdca.report.upcoming import upcoming
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, log, notifications, people
from workflows.instants import to_text

NEXT_SHOWN = 10
"""So many of the dates to come are told; `plan next --all` tells them all."""


def status(connection: Connection, body: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Tell how the installation `body` stands at `now`. What a suspended plan was to do is held, and never overdue."""
    plans = listed(connection)
    leads = {row["plan_id"]: row["lead_id"] for row in plans}
    names = {row["party_id"]: from_json(row["name"]) for row in connection.all(people.PARTIES)}
    rows = [
        {**row, "lead": _party(names, leads[row["plan"]])} for row in upcoming(connection, now, None, None)
    ]
    overdue = [row for row in rows if row["late"] and not row["held"]]
    coming = [row for row in rows if not row["late"] and not row["held"]]
    counts = connection.one(log.COUNTS) or {"events": 0, "leaves": 0}
    return {
        "installation": {
            "name": from_json(body["name"]),
            "zone": body["zone"],
            "simulated": bool(body["simulated"]),
        },
        "at": to_text(now),
        "plans": dict(Counter(row["state"] for row in plans)),
        "states": _states(plans),
        "overdue": overdue,
        "next": coming[:NEXT_SHOWN],
        "next_total": len(coming),
        "held": sum(row["held"] for row in rows),
        "set_aside": [_set_aside(row) for row in connection.all(evaluations.SET_ASIDE)],
        "notifications": {row["status"]: row["messages"] for row in connection.all(notifications.BY_STATUS)},
        "log": {**counts, "unsealed": counts["events"] - counts["leaves"]},
        "scheduler": scheduling(connection, now),
    }


def _states(plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the method of the plans, so that whoever shows the counts can name the states as it does."""
    methods = {(row["definition"], row["definition_version"]) for row in plans}
    return [{"definition": name, "definition_version": version} for name, version in sorted(methods)]


def _party(names: dict[str, Any], party_id: str | None) -> dict[str, Any] | None:
    return None if party_id is None else {"party_id": party_id, "name": names[party_id]}


def _set_aside(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "deadline": row["deadline_id"],
        "plan": row["plan_id"],
        "evaluation": row["evaluation_id"],
        "what": row["kind"],
        "due_at": row["due_at"],
        "error": row["error"],
    }
