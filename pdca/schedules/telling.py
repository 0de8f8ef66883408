"""Telling who works on a plan, and who is kept informed of it, when it is evaluated."""

from collections.abc import Sequence
from typing import Final

from pdca.engine import Desk
from pdca.notify.outbox import Notice
from pdca.schedules.reconcile import Effect
from pdca.store.driver import Row
from pdca.store.jsontext import from_json

MOST_DAYS: Final = 12
"""So many days are named: who is kept informed may have no way to look at the others."""

_CONCERNED: Final = ("lead", "group", "stakeholders")


def decided(kind: str, plan: Row, effects: Sequence[Effect], desk: Desk, reason: str | None = None) -> Notice:
    """Tell that the moments of a plan are others, by a decision or because the working days have changed."""
    days = sorted(effect.date for effect in effects if effect.what != "cancelled")
    parameters = {
        **_of(plan),
        **({"due": days[0], "days": days[:MOST_DAYS], "more": len(days) > MOST_DAYS} if days else {}),
        **({"reason": reason} if reason else {}),
    }
    # Who heads the body was asked to approve what is taken back.
    asked = ("chief",) if any(effect.withdrawn for effect in effects) else ()
    lead, group, stakeholders = _CONCERNED
    return Notice(kind, (lead, group, *asked, stakeholders), parameters, leave_out=desk.actor.person_id)


def announced(plan: Row, effects: Sequence[Effect], desk: Desk) -> list[Notice]:
    """Tell of the evaluation that was made after another, or moved for it; of none when none was."""
    follow = sorted((one for one in effects if one.what not in ("kept", "cancelled")), key=lambda one: one.date)
    if not follow:
        return []
    before = follow[0].before or next((one.date for one in effects if one.what == "cancelled"), None)
    parameters = {
        **_of(plan),
        "evaluation": follow[0].moment_id,
        "due": follow[0].date,
        **({"because": "instead", "before": before} if before else {}),
    }
    leave_out = desk.actor.person_id
    return [Notice("evaluation.announced", _CONCERNED, parameters, follow[0].moment_id, leave_out=leave_out)]


def next_day(moments: Sequence[Row], effects: Sequence[Effect], now: str) -> str | None:
    """The day of the first evaluation that is still to come, after what became of the moments; None when none is."""
    ahead = [row for row in moments if row["status"] == "planned" and row["due_at"] > now]
    days = {row["evaluation_id"]: row["due_date"] for row in ahead}
    days |= {effect.moment_id: effect.date for effect in effects}
    gone = {effect.moment_id for effect in effects if effect.what == "cancelled"}
    return min((day for name, day in days.items() if name not in gone), default=None)


def _of(plan: Row) -> dict[str, object]:
    return {"plan": plan["plan_id"], "title": from_json(plan["title"])}
