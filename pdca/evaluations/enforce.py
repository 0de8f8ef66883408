"""Enforcing one deadline: what the scheduler does when something falls due.

Each enforcement has a unique key in the log (deadline and rung), so however many daemons and hand-started sweeps run,
it happens exactly once; late because the machine was down, it happens once and both instants are recorded.
"""

from dataclasses import dataclass

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.notify.outbox import Notice
from pdca.plans import deadlines, group
from pdca.plans.advance import transition
from pdca.plans.facts import gather
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from workflows import definition as definitions
from workflows import machine
from workflows.escalation import ladder_step
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition

NOTHING_DUE = Outcome()


@dataclass(frozen=True, slots=True)
class EnforceDeadline:
    """Enforce a deadline of a plan if it is still pending and due; otherwise nothing happens."""

    deadline_id: str
    plan_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Open the evaluation, record it as missed, or climb the next rung of the ladder."""
        found = _lock(desk, self.plan_id, self.deadline_id)
        if found is None:
            return NOTHING_DUE
        plan, due = found
        definition = definitions.load(plan["definition"], plan["definition_version"])
        if due["kind"] == "evaluation":
            return _evaluation(desk, plan, due, definition)
        if due["kind"] == "watch":
            return _watch(desk, plan, due)
        if due["kind"] == group.KIND and group.complete(
            gather(desk.connection, plan, desk.uow.now, desk.actor), definition
        ):
            return _group_is_there(desk, plan, due)
        return _overdue(desk, plan, due, definition)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Take a deadline that cannot be enforced out of the sweep, with its error, so that it does not stop the others."""

    deadline_id: str
    plan_id: str
    error: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep the error with the deadline; `doctor` shows it."""
        found = _lock(desk, self.plan_id, self.deadline_id)
        if found is None:
            return NOTHING_DUE
        plan, due = found
        change = update("deadline", {"deadline_id": self.deadline_id}, status="set_aside", error=self.error)
        desk.record(
            Stream.of_plan(plan),
            Draft(kind="deadline.set_aside", changes=[change], evaluation=due["evaluation_id"], due_at=due["due_at"]),
        )
        return desk.done(set_aside=self.deadline_id)


def _lock(desk: Desk, plan_id: str, deadline_id: str) -> tuple[Row, Row] | None:
    """Lock the plan and look again whether the deadline is due; None when it is not, or another worker has the plan."""
    plan = desk.connection.one(plans.LOCK_PLAN_IF_FREE, plan_id=plan_id)
    if plan is None:
        return None
    due = desk.connection.one(evaluations.PENDING_DEADLINE, deadline_id=deadline_id, now=desk.uow.now_text)
    return None if due is None else (plan, due)


def _evaluation(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition) -> Outcome:
    facts = gather(desk.connection, plan, desk.uow.now, desk.actor)
    evaluation = desk.connection.one(evaluations.EVALUATION, evaluation_id=due["evaluation_id"])
    opening = next(
        (
            trigger
            for trigger, way in definition.routes[plan["state"]].items()
            if "open_evaluation" in way.effects and "scheduler" in way.who
        ),
        None,
    )
    if opening is not None:
        step = machine.step(definition, facts, opening)
        if isinstance(step, machine.Outcome):
            return transition(
                desk, plan, facts, definition, step, opened=evaluation, key=_key(due), due_at=due["due_at"]
            )
    return _missed(desk, plan, due, definition)


def _missed(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition) -> Outcome:
    phase = definition.state_by_id[plan["state"]].phase
    because = "not_started" if phase == "plan" else "previous_not_concluded"
    now = desk.uow.now_text
    changes = [
        update("evaluation", {"evaluation_id": due["evaluation_id"]}, status="missed", missed_because=because),
        deadlines.ended(due, now, "done"),
    ]
    first = ladder_step(definition.ladder, desk.uow.now, 0)
    notices = []
    if first is not None:
        ladder = deadlines.of_phase(plan["plan_id"], "missed", now, plan["version"] + 1, due["evaluation_id"], step=1)
        changes.append(_next_rung_of(ladder, definition, now))
        parameters = {**_parameters(plan, due), "because": because}
        notices.append(Notice("evaluation.missed", (first.to, "group"), parameters, due["evaluation_id"]))
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="evaluation.missed",
            changes=changes,
            notices=notices,
            evaluation=due["evaluation_id"],
            key=_key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(missed=due["evaluation_id"], because=because)


def _overdue(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition) -> Outcome:
    since = from_text(due["since"])
    rung = ladder_step(definition.ladder, since, due["step"])
    following = ladder_step(definition.ladder, since, due["step"] + 1)
    values: dict[str, object] = {"step": due["step"] + 1}
    # Whom the whole ladder was told of stays overdue until somebody acts; there is nothing left to sweep.
    values |= {"due_at": to_text(following.at)} if following else {"status": "overdue"}
    changes: list[Change] = [update("deadline", {"deadline_id": due["deadline_id"]}, **values)]
    if due["kind"] == "record" and due["step"] == 0 and due["evaluation_id"]:
        changes.append(update("evaluation", {"evaluation_id": due["evaluation_id"]}, overdue_at=desk.uow.now_text))
    kind = "evaluation.overdue" if due["kind"] in ("record", "missed") else "plan.overdue"
    parameters = {**_parameters(plan, due), "what": due["kind"], "step": due["step"] + 1, "since": due["since"]}
    # A plan without a group may have nobody who leads it: then the chief would hear of it weeks too late.
    besides = ("chief",) if due["kind"] == group.KIND and plan["lead_id"] is None else ()
    notices = [Notice(kind, (rung.to, *besides), parameters, due["evaluation_id"])] if rung else []
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind=kind,
            changes=changes,
            notices=notices,
            evaluation=due["evaluation_id"],
            key=_key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(overdue=due["deadline_id"], step=due["step"] + 1)


def _group_is_there(desk: Desk, plan: Row, due: Row) -> Outcome:
    # A member whose first day lay ahead has joined since the group was written down.
    change = deadlines.ended(due, desk.uow.now_text)
    desk.record(
        Stream.of_plan(plan), Draft(kind="plan.group_complete", changes=[change], key=_key(due), due_at=due["due_at"])
    )
    return desk.done(complete=plan["plan_id"])


def _watch(desk: Desk, plan: Row, due: Row) -> Outcome:
    parameters = {**_parameters(plan, due), "watch": plan["watch"]}
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="plan.watch_due",
            changes=[deadlines.ended(due, desk.uow.now_text, "done")],
            notices=[Notice("plan.watch_due", ("lead", "group"), parameters)],
            key=_key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(watch=plan["plan_id"])


def _next_rung_of(ladder: Change, definition: WorkflowDefinition, now: str) -> Change:
    following = ladder_step(definition.ladder, from_text(now), 1)
    values = {"due_at": to_text(following.at)} if following else {"status": "overdue"}
    return Change("insert", ladder.table, ladder.key, {**ladder.set, **values})


def _parameters(plan: Row, due: Row) -> dict[str, object]:
    return {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "evaluation": due["evaluation_id"],
        "due_at": due["due_at"],
        "zone": plan["zone"],
        "state": plan["state"],
    }


def _key(due: Row) -> str:
    return f"{due['deadline_id']}#{due['step']}"
