"""Reminding people of an evaluation that comes: once for each lead time, and never of what is done."""

from datetime import timedelta
from typing import Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.notify.outbox import Notice
from pdca.plans import deadlines, rungs
from pdca.plans.reminders import coming
from pdca.plans.reminding import InForce
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations
from pdca.store.rows import update
from workflows.instants import from_text, to_text
from workflows.reminders import reminder_after, reminder_due

_JUST_BEFORE: Final = timedelta(microseconds=1)
_BECAUSE: Final = {"plan": "not_started", "check": "previous_not_concluded", "adjust": "previous_not_concluded"}
"""Why the evaluation would be missed on its date, by the phase of the plan."""


def remind(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    """Tell who has to prepare the evaluation that it comes, and wait for the next reminder.

    Of reminders that were missed only the last is sent. When none can be sent any more, the log says so.
    """
    method = holds.method
    evaluation = desk.connection.one(evaluations.EVALUATION, evaluation_id=due["evaluation_id"]) or {}
    every, done = coming(evaluation, plan["zone"], method), evaluation["status"] != "planned"
    # What lies before the instant for which the deadline was set is dealt with.
    before = from_text(due["due_at"]) - _JUST_BEFORE
    sent = reminder_due(every, from_text(evaluation["due_at"]), before, desk.uow.now, done=done)
    following = reminder_after(every, desk.uow.now, done=done)
    if following is None:
        change = deadlines.ended(due, desk.uow.now_text, "done" if sent else "void")
    else:
        at = to_text(following.at)
        change = update("deadline", {"deadline_id": due["deadline_id"]}, since=at, due_at=at)
    parameters = {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "evaluation": due["evaluation_id"],
        "due_at": evaluation["due_at"],
        "zone": plan["zone"],
        "state": plan["state"],
    }
    phase = method.state_by_id[plan["state"]].phase
    if phase in _BECAUSE:
        parameters["because"] = _BECAUSE[phase]
    notice = Notice("evaluation.reminded", ("lead", "group"), parameters, due["evaluation_id"])
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="evaluation.reminded" if sent else "evaluation.reminder_lapsed",
            changes=[change],
            notices=[notice] if sent else [],
            evaluation=due["evaluation_id"],
            key=rungs.key_of_reminder(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(reminded=due["evaluation_id"], days=sent.days if sent else None)
