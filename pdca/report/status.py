"""How an installation stands: plans per state, what is overdue and next and whose it is, and whether all is at work."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pdca.report.board import piles
from pdca.report.plans import listed
from pdca.report.scheduling import scheduling
from pdca.report.upcoming import falling_due, held_back, waits_for, weighed
from pdca.standing import local_day
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import cycles, evaluations, information, log, notifications, people
from workflows.instants import to_text

NEXT_SHOWN = 10
"""So many of the dates to come are told; `plan next --all` tells them all."""


def status(connection: Connection, body: dict[str, Any], now: datetime, *, needs: bool = True) -> dict[str, Any]:
    """Tell how the installation `body` stands at `now`. What a suspended plan was to do is held, and never overdue.

    Without `needs` it is not asked what the steps that fall due still lack.
    """
    plans = listed(connection)
    by_state = piles(connection, plans)
    leads = {row["plan_id"]: row["lead_id"] for row in plans}
    parties = {row["party_id"]: _party(row) for row in connection.all(people.PARTIES)}
    every = falling_due(connection, now, None, None)
    overdue = [view for due, view in every if due.late and not due.held]
    coming = [view for due, view in every if not due.late and not due.held]
    told = [view() for view in (*overdue, *coming[:NEXT_SHOWN])]
    rows = [{**row, "lead": parties.get(leads.get(row["plan"]))} for row in told]
    shown = _in_the_way(connection, rows, now, needs=needs)
    counts = connection.one(log.COUNTS) or {"events": 0, "leaves": 0}
    return {
        "installation": {
            "name": from_json(body["name"]),
            "zone": body["zone"],
            "simulated": bool(body["simulated"]),
        },
        "at": to_text(now),
        "plans": {pile.state: len(pile.plans) for pile in by_state},
        "states": [{"state": pile.state, "label": pile.label} for pile in by_state],
        "overdue": shown[: len(overdue)],
        "next": shown[len(overdue) :],
        "next_total": len(coming),
        "follow_ups_overdue": _follow_ups(connection, now),
        "held": sum(due.held for due, _view in every),
        "set_aside": [_set_aside(row) for row in connection.all(evaluations.SET_ASIDE)],
        "notifications": {row["status"]: row["messages"] for row in connection.all(notifications.BY_STATUS)},
        "reports_not_gone": _not_gone(connection, now),
        "reports": Counter(waits_for(row) for row in connection.all(information.OPEN)),
        "log": {**counts, "unsealed": counts["events"] - counts["leaves"]},
        "scheduler": scheduling(connection, now),
    }


def _in_the_way(
    connection: Connection, rows: Sequence[dict[str, Any]], now: datetime, *, needs: bool
) -> list[dict[str, Any]]:
    """Say of each what keeps its report from going and, when it is asked, what its step still needs."""
    if not needs and not any(row["report"] for row in rows):
        return [held_back(connection, row, now) for row in rows]
    # The same is asked of one plan after another; mostly nothing is.
    from pdca.store.reading_ahead import ReadingAhead

    ahead = ReadingAhead(connection, {row["plan"] for row in rows if row["plan"]})
    return [(weighed if needs else held_back)(ahead, row, now) for row in rows]


def _follow_ups(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    today = local_day(connection, now).isoformat()
    names = ("follow_up_id", "plan_id", "due_date", "owner_id", "title")
    return [
        {name: row[name] for name in names}
        for row in connection.all(cycles.EVERY_FOLLOW_UP)
        if row["status"] == "open" and row["due_date"] < today
    ]


def _not_gone(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    plans = {row["report_id"]: row["plan_id"] for row in connection.all(information.OPEN)}
    if not plans:
        return []
    # What decides about informing is much to load, and mostly nothing waits.
    from pdca.report.kept_back import not_gone

    return [
        {"report": name, "plan": plans[name], "reasons": reasons} for name, reasons in not_gone(connection, now).items()
    ]


def _party(row: dict[str, Any]) -> dict[str, Any]:
    return {"party_id": row["party_id"], "name": from_json(row["name"]), "assumed": bool(row["assumed"])}


def _set_aside(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "deadline": row["deadline_id"],
        "plan": row["plan_id"],
        "programme": row["programme_id"],
        "evaluation": row["evaluation_id"] or row["programme_evaluation_id"],
        "what": row["kind"],
        "due_at": row["due_at"],
        "zone": row["zone"],
        "error": row["error"],
    }
