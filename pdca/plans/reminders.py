"""The reminders of an evaluation to come: one deadline, which falls due at the next of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from pdca.plans import deadlines
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations, reminding
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition
from workflows.reminders import Reminder, reminder_after, reminders

KIND: Final = "reminder"
_ENDED: Final = ("done", "void")


def name_of(plan_id: str, evaluation_id: str) -> str:
    """Give the id of the deadline."""
    return f"{plan_id}/{KIND}/{evaluation_id}"


def coming(evaluation: Row, zone: str, method: WorkflowDefinition) -> tuple[Reminder, ...]:
    """Give every reminder of an evaluation, at the time of day at which it falls due itself."""
    # Its group may have decided on another zone than the plan's, in which it is another day.
    local = from_text(evaluation["due_at"]).astimezone(ZoneInfo(zone))
    return reminders(local.date(), local.time(), zone, method.evaluation.reminders)


def armed(evaluation: Row, plan: Row, method: WorkflowDefinition, now: datetime, row: Row | None) -> list[Change]:
    """Set the deadline (`row`, None for none yet) to the first reminder after `now`; end it when there is none left.

    `method` is what holds for the plan. A plan that rests holds it back.
    """
    following = reminder_after(coming(evaluation, plan["zone"], method), now, done=evaluation["status"] != "planned")
    if following is None:
        return [deadlines.ended(row, to_text(now))] if row is not None and row["status"] not in _ENDED else []
    at = to_text(following.at)
    key = {"deadline_id": name_of(plan["plan_id"], evaluation["evaluation_id"])}
    if row is None:
        made = insert(
            "deadline",
            key,
            plan_id=plan["plan_id"],
            evaluation_id=evaluation["evaluation_id"],
            kind=KIND,
            since=at,
            due_at=at,
            step=0,
            status="pending",
        )
        return [deadlines.resting(made, plan, method)]
    if row["status"] in _ENDED:
        again = "pending" if method.state_by_id[plan["state"]].running else "held"
        return [update("deadline", key, since=at, due_at=at, status=again, done_at=None)]
    return [update("deadline", key, since=at, due_at=at)] if row["due_at"] != at else []


def rearmed(connection: Connection, plan: Row, method: WorkflowDefinition, now: datetime) -> Iterator[Change]:
    """Bring the reminders of every evaluation to come to what holds now; those before `now` are not sent any more."""
    there = {row["deadline_id"]: row for row in connection.all(reminding.OF_PLAN, plan_id=plan["plan_id"])}
    for evaluation in connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"]):
        if evaluation["status"] == "planned":
            name = name_of(plan["plan_id"], evaluation["evaluation_id"])
            yield from armed(evaluation, plan, method, now, there.get(name))
