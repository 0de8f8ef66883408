"""Enforcing one deadline: what the scheduler does when something falls due.

Each enforcement has a unique key in the log (deadline and rung), so however many daemons and hand-started sweeps run,
it happens exactly once; late because the machine was down, it happens once and both instants are recorded.
"""

from dataclasses import dataclass

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.evaluations.remind import remind
from pdca.i18n import N_
from pdca.notify.outbox import Notice
from pdca.plans import deadlines, group, reminders, reminding
from pdca.plans.advance import lock_plan, transition
from pdca.plans.facts import gather, gathered
from pdca.plans.reminding import InForce
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, insert, update
from workflows import machine
from workflows.escalation import Rung, rung_after
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition

NOTHING_DUE = Outcome()


@dataclass(frozen=True, slots=True)
class EnforceDeadline:
    """Enforce a deadline of a plan if it is still pending and due; otherwise nothing happens."""

    deadline_id: str
    plan_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Open the evaluation, record it as missed, remind of it, or climb the next rung of the ladder."""
        found = _lock(desk, self.plan_id, self.deadline_id)
        if found is None:
            return NOTHING_DUE
        plan, due = found
        definition = methods.of_plan(desk.connection, plan)
        if due["kind"] == "evaluation":
            return _evaluation(desk, plan, due, definition)
        holds = reminding.in_force(desk.connection, plan, definition)
        if due["kind"] == reminders.KIND:
            return remind(desk, plan, due, holds.method)
        if due["kind"] == "watch" and due["step"] == 0:
            return _watch(desk, plan, due, holds)
        if due["kind"] == group.KIND and group.complete(
            gather(desk.connection, plan, desk.uow.now, desk.actor), definition
        ):
            return _group_is_there(desk, plan, due)
        return _overdue(desk, plan, due, holds)


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
            Draft(kind="deadline.set_aside", changes=[change], evaluation=due["evaluation_id"], reason=self.error),
        )
        return desk.done(set_aside=self.deadline_id)


@dataclass(frozen=True, slots=True)
class TakeUpAgain:
    """Let an administrator make a deadline that was set aside due again, once what stood in its way is mended."""

    deadline_id: str
    plan_id: str
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Let the next sweep try it again; nothing happens when it is not set aside any more."""
        must_administer(desk.actor, N_("take up what was set aside"))
        plan = lock_plan(desk, self.plan_id)
        aside = desk.connection.one(evaluations.SET_ASIDE_DEADLINE, deadline_id=self.deadline_id)
        if aside is None:
            return NOTHING_DUE
        change = update("deadline", {"deadline_id": self.deadline_id}, status="pending", error=None)
        desk.record(
            Stream.of_plan(plan),
            Draft(kind="deadline.taken_up", changes=[change], evaluation=aside["evaluation_id"], reason=self.reason),
        )
        return desk.done(taken_up=self.deadline_id)


def _lock(desk: Desk, plan_id: str, deadline_id: str) -> tuple[Row, Row] | None:
    """Lock the plan and look again whether the deadline is due; None when it is not, or another worker has the plan."""
    plan = desk.connection.one(plans.LOCK_PLAN_IF_FREE, plan_id=plan_id)
    if plan is None:
        return None
    due = desk.connection.one(evaluations.PENDING_DEADLINE, deadline_id=deadline_id, now=desk.uow.now_text)
    return None if due is None else (plan, due)


def _evaluation(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition) -> Outcome:
    found = gathered(desk.connection, plan, desk.uow.now, desk.actor)
    opening = next(
        (
            trigger
            for trigger, way in definition.routes[plan["state"]].items()
            if "open_evaluation" in way.effects and "scheduler" in way.who
        ),
        None,
    )
    if opening is not None:
        step = machine.step(definition, found.facts, opening)
        if isinstance(step, machine.Outcome):
            evaluation = next(row for row in found.moments if row["evaluation_id"] == due["evaluation_id"])
            return transition(
                desk, plan, found, definition, step, opened=evaluation, key=_key(due), due_at=due["due_at"]
            )
    return _missed(desk, plan, due, definition)


def _missed(desk: Desk, plan: Row, due: Row, definition: WorkflowDefinition) -> Outcome:
    ladder = reminding.in_force(desk.connection, plan, definition).method.ladder
    phase = definition.state_by_id[plan["state"]].phase
    because = "not_started" if phase == "plan" else "previous_not_concluded"
    now = desk.uow.now_text
    changes = [
        update("evaluation", {"evaluation_id": due["evaluation_id"]}, status="missed", missed_because=because),
        deadlines.ended(due, now, "done"),
    ]
    notices = []
    if ladder:
        following = rung_after(ladder, 0, desk.uow.now, desk.uow.now)
        begun = deadlines.of_phase(plan["plan_id"], "missed", now, plan["version"] + 1, due["evaluation_id"], step=1)
        changes.append(insert(begun.table, begun.key, **{**begun.set, **_until(following)}))
        parameters = {**_parameters(plan, due), "because": because, **_announced(1, following)}
        notices.append(Notice("evaluation.missed", (ladder[0].to, "group"), parameters, due["evaluation_id"]))
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


def _overdue(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    ladder = holds.method.ladder
    following = rung_after(ladder, due["step"], from_text(due["due_at"]), desk.uow.now)
    values = {"step": due["step"] + 1, **_until(following)}
    changes: list[Change] = [update("deadline", {"deadline_id": due["deadline_id"]}, **values)]
    if due["kind"] == "record" and due["step"] == 0 and due["evaluation_id"]:
        changes.append(update("evaluation", {"evaluation_id": due["evaluation_id"]}, overdue_at=desk.uow.now_text))
    kind = "evaluation.overdue" if due["kind"] in ("record", "missed") else "plan.overdue"
    parameters = {
        **_parameters(plan, due),
        "what": due["kind"],
        "since": due["since"],
        **_announced(due["step"] + 1, following),
    }
    # A plan without a group may have nobody who leads it: then the chief would hear of it weeks too late.
    besides = ("chief",) if due["kind"] == group.KIND and plan["lead_id"] is None else ()
    told = ladder[due["step"] : due["step"] + 1]
    notices = [Notice(kind, (rung.to, *besides), parameters, due["evaluation_id"]) for rung in told]
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind=kind,
            changes=changes,
            notices=notices,
            evaluation=due["evaluation_id"],
            key=_key(due, holds.number),
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


def _watch(desk: Desk, plan: Row, due: Row, holds: InForce) -> Outcome:
    """Tell who works on the plan that the day has come; it climbs the ladder until somebody looks."""
    ladder = holds.method.ladder
    following = rung_after(ladder, 0, from_text(due["due_at"]), desk.uow.now) if ladder else None
    watched = plan["watch"] + (f" ({plan['watch_indicator_id']})" if plan["watch_indicator_id"] else "")
    parameters = {**_parameters(plan, due), "watch": watched}
    desk.record(
        Stream.of_plan(plan),
        Draft(
            kind="plan.watch_due",
            changes=[update("deadline", {"deadline_id": due["deadline_id"]}, step=1, **_until(following))],
            notices=[Notice("plan.watch_due", ("lead", "group"), parameters)],
            key=_key(due),
            due_at=due["due_at"],
        ),
    )
    return desk.done(watch=plan["plan_id"])


def _until(following: Rung | None) -> dict[str, object]:
    # Whom the whole ladder was told of stays overdue until somebody acts; there is nothing left to sweep.
    return {"due_at": to_text(following.at)} if following else {"status": "overdue"}


def _announced(told: int, following: Rung | None) -> dict[str, object]:
    """What a message must know of the ladder: how many rungs are told with it, and when the next one is, and whom."""
    if following is None:
        return {"step": told, "next_at": None}
    return {"step": told, "next_at": to_text(following.at), "next_to": following.to}


def _parameters(plan: Row, due: Row) -> dict[str, object]:
    return {
        "plan": plan["plan_id"],
        "title": from_json(plan["title"]),
        "evaluation": due["evaluation_id"],
        "due_at": due["due_at"],
        "zone": plan["zone"],
        "state": plan["state"],
    }


def _key(due: Row, decision: int = 0) -> str:
    """Name an enforcement; another ladder, by a decision of the group, may have another rung of the same number."""
    return f"{due['deadline_id']}#{due['step']}" + (f"@{decision}" if decision else "")
