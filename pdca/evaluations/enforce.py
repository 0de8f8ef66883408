"""Enforcing one deadline: what the scheduler does when something falls due.

Each enforcement has a unique key in the log (deadline and rung), so however many daemons and hand-started sweeps run,
it happens exactly once; late because the machine was down, it happens once and both instants are recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pdca import methods
from pdca.cycles import follow_up_due as follow_up
from pdca.engine import Desk, Draft, HeldByAnother, Outcome, Stream
from pdca.evaluations.remind import remind
from pdca.notify.outbox import Notice
from pdca.plans import deadlines, group, reminders, reminding, rungs
from pdca.plans.advance import transition
from pdca.plans.asked_ahead import ask_ahead
from pdca.plans.facts import gather, gathered
from pdca.plans.reminding import InForce
from pdca.schedules.reroll import after_evaluation
from pdca.schedules.telling import announced, next_day
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, insert, update
from workflows import machine
from workflows.escalation import rung_after
from workflows.instants import from_text
from workflows.method import WorkflowDefinition

NOTHING_DUE = Outcome()
_BY_KIND: Final[Mapping[str, Callable[[Desk, Row, Row, InForce], Outcome]]] = {
    reminders.KIND: remind,
    follow_up.KIND: follow_up.enforce,
}
"""Kinds of deadlines that are enforced by rules of their own, from their first rung to their last."""


@dataclass(frozen=True, slots=True)
class EnforceDeadline:
    """Enforce a deadline of a plan if it is still pending and due; otherwise nothing happens."""

    deadline_id: str
    plan_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Open the evaluation, record it as missed, remind of it, or climb the next rung of the ladder.

        Raises HeldByAnother when another worker has the plan.
        """
        found = lock(desk, self.plan_id, self.deadline_id)
        if found is None:
            return NOTHING_DUE
        plan, due = found
        definition = methods.of_plan(desk.connection, plan)
        if due["kind"] == "evaluation":
            return _evaluation(desk, plan, due, definition)
        holds = reminding.in_force(desk.connection, plan, definition)
        if due["kind"] in _BY_KIND:
            return _BY_KIND[due["kind"]](desk, plan, due, holds)
        if due["kind"] == "watch" and due["step"] == 0:
            return _watch(desk, plan, due, holds)
        if due["kind"] == group.KIND and group.complete(
            gather(desk.connection, plan, desk.uow.now, desk.actor), definition
        ):
            return _group_is_there(desk, plan, due, holds)
        return _overdue(desk, plan, due, holds)


def lock(desk: Desk, plan_id: str, deadline_id: str) -> tuple[Row, Row] | None:
    """Lock the plan and look again whether the deadline is due; None when it is not.

    Raises HeldByAnother when another worker has the plan.
    """
    plan = desk.connection.one(plans.LOCK_PLAN_IF_FREE, plan_id=plan_id)
    if plan is None:
        raise HeldByAnother
    due = desk.connection.one(evaluations.PENDING_DEADLINE, deadline_id=deadline_id, now=desk.uow.now_text)
    return None if due is None else (plan, due)


def _evaluation(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition) -> Outcome:
    opening = next(
        (
            trigger
            for trigger, way in definition.routes[plan["state"]].items()
            if "open_evaluation" in way.effects and "scheduler" in way.who
        ),
        None,
    )
    if opening is None:
        moments = desk.connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"])
        return _missed(desk, plan, due, definition, moments)
    ask_ahead(desk, plan, definition.routes[plan["state"]][opening])
    found = gathered(desk.connection, plan, desk.uow.now, desk.actor, definition, opening)
    step = machine.step(definition, found.facts, opening)
    if isinstance(step, machine.Refusal):
        return _missed(desk, plan, due, definition, found.moments)
    evaluation = next(row for row in found.moments if row["evaluation_id"] == due["evaluation_id"])
    return transition(desk, plan, found, definition, step, opened=evaluation, key=rungs.key(due), due_at=due["due_at"])


def _missed(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition, moments: Sequence[Row]) -> Outcome:
    """Mark the evaluation missed, tell of it, and, where the next is so long after the last, make that one."""
    in_plan = definition.state_by_id[plan["state"]].phase == "plan"
    opened = None if in_plan else _opened_after(moments, due)
    missed = next(row for row in moments if row["evaluation_id"] == due["evaluation_id"])
    following = after_evaluation(desk, plan, definition, missed)
    begun: list[Change]
    if opened is None:
        because = "not_started" if in_plan else "previous_not_concluded"
        begun, audience, besides = _ladder_begun(desk, plan, due, definition)
    else:
        # The ladder of the one that is open goes on by itself; a second one beside it would only blame the group.
        because = "one_with_previous"
        begun, audience, besides = [], ("lead", "group"), {"opened_at": opened["opened_at"]}
    following_day = next_day(moments, following.effects, desk.uow.now_text)
    parameters = {**_parameters(plan, due), "because": because, "following": following_day, **besides}
    missed_told = [Notice("evaluation.missed", audience, parameters, due["evaluation_id"])] if audience else []
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="evaluation.missed",
            changes=[
                update("evaluation", {"evaluation_id": due["evaluation_id"]}, status="missed", missed_because=because),
                deadlines.ended(due, desk.uow.now_text, "done"),
                *following.changes,
                *begun,
            ],
            notices=[*missed_told, *announced(plan, following.effects, desk)],
            evaluation=due["evaluation_id"],
            key=rungs.key(due),
            due_at=due["due_at"],
        ),
    )
    effects = [one.told() for one in following.effects]
    return desk.done(missed=due["evaluation_id"], because=because, moments=effects)


def _opened_after(moments: Sequence[Row], due: Row) -> Row | None:
    """The evaluation of the plan that was opened only after this one had fallen due: nobody could have held both."""
    return next((row for row in moments if row["opened_at"] and row["opened_at"] >= due["due_at"]), None)


def _ladder_begun(
    desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition
) -> tuple[list[Change], tuple[str, ...], dict[str, object]]:
    """The deadline that climbs the ladder from here, whom its first rung tells, and what the message must know of it.

    Where there is no ladder there is nobody to tell.
    """
    ladder = reminding.in_force(desk.connection, plan, definition).method.ladder
    if not ladder:
        return [], (), {}
    following = rung_after(ladder, 0, desk.uow.now, desk.uow.now)
    begun = deadlines.of_phase(
        plan["plan_id"], "missed", desk.uow.now_text, plan["version"] + 1, due["evaluation_id"], step=1
    )
    change = insert(begun.table, begun.key, **{**begun.set, **rungs.until(following)})
    return [change], (ladder[0].to, "group"), rungs.announced(1, following)


def _overdue(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    ladder = holds.method.ladder
    following = rung_after(ladder, due["step"], from_text(due["due_at"]), desk.uow.now)
    values = {"step": due["step"] + 1, **rungs.until(following)}
    changes: list[Change] = [update("deadline", {"deadline_id": due["deadline_id"]}, **values)]
    if due["kind"] == "record" and due["step"] == 0 and due["evaluation_id"]:
        changes.append(update("evaluation", {"evaluation_id": due["evaluation_id"]}, overdue_at=desk.uow.now_text))
    kind = "evaluation.overdue" if due["kind"] in ("record", "missed") else "plan.overdue"
    parameters = {
        **_parameters(plan, due),
        "what": due["kind"],
        "since": due["since"],
        **rungs.announced(due["step"] + 1, following),
    }
    if due["kind"] == "missed":
        moments = desk.connection.all(evaluations.OF_PLAN, plan_id=plan["plan_id"])
        parameters["following"] = next_day(moments, (), desk.uow.now_text)
    # A plan without a group may have nobody who leads it: then the chief would hear of it weeks too late.
    besides = ("chief",) if due["kind"] == group.KIND and plan["lead_id"] is None else ()
    told = rungs.audience(ladder, due["step"])
    notices = [Notice(kind, (*told, *besides), parameters, due["evaluation_id"])] if told else []
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind=kind,
            changes=changes,
            notices=notices,
            evaluation=due["evaluation_id"],
            key=rungs.key(due, holds.number),
            due_at=due["due_at"],
        ),
    )
    return desk.done(overdue=due["deadline_id"], step=due["step"] + 1)


def _group_is_there(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    # A member whose first day lay ahead has joined since the group was written down.
    change = deadlines.ended(due, desk.uow.now_text)
    desk.record(
        Stream.of_plan(plan),
        Draft(kind="plan.group_complete", changes=[change], key=rungs.key(due, holds.number), due_at=due["due_at"]),
    )
    return desk.done(complete=plan["plan_id"])


def _watch(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    """Tell who works on the plan that the day has come; it climbs the ladder until somebody looks."""
    following = rung_after(holds.method.ladder, 0, from_text(due["due_at"]), desk.uow.now)
    watched = plan["watch"] + (f" ({plan['watch_indicator_id']})" if plan["watch_indicator_id"] else "")
    parameters = {**_parameters(plan, due), "watch": watched}
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="plan.watch_due",
            changes=[update("deadline", {"deadline_id": due["deadline_id"]}, step=1, **rungs.until(following))],
            notices=[Notice("plan.watch_due", ("lead", "group"), parameters)],
            key=rungs.key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(watch=plan["plan_id"])


def _parameters(plan: Row, due: Row) -> dict[str, object]:
    return {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "evaluation": due["evaluation_id"],
        "due_at": due["due_at"],
        "zone": plan["zone"],
        "state": plan["state"],
    }
