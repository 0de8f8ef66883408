"""What a project group decides about being reminded and being late: lead times, grace and ladder of its plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Place, Usage
from pdca.i18n import _, gettext
from pdca.partners.common import not_to_come
from pdca.plans import acknowledgements, reminders
from pdca.plans.advance import lock_plan
from pdca.plans.reminding import GRACE, InForce, Terms, faults, terms_of
from pdca.plans.rights import GROUP
from pdca.plans.roles import local_date, present
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations
from pdca.store.reads import reminding as reads
from pdca.store.rows import Change, insert, update
from workflows import escalation, guards
from workflows.guards import N_, Need
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant


@dataclass(frozen=True, slots=True)
class DecideReminding:
    """Decide on what `given` says, and that the method's own holds for each of `by_method` (names of `Terms`).

    What is in neither stays as it was decided before. `decided_on` is the local day of the decision, today unless said.
    """

    plan_id: str
    reason: str
    given: Terms = field(default_factory=Terms)
    by_method: Sequence[str] = ()
    decided_on: date | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the decision beside those before it, and bring what runs to it, or log the refusal; raises Usage."""
        plan = lock_plan(desk, self.plan_id)
        method = methods.of_plan(desk.connection, plan)
        row = desk.connection.one(reads.IN_FORCE, plan_id=self.plan_id)
        before = terms_of(row)
        wanted = self._wanted(before)
        check(wanted)
        if wanted == before:
            raise Usage(
                "reminding-same",
                _("%(plan)s is reminded like that already.") % {"plan": self.plan_id},
                hint=_("`pdca reminder show %(plan)s` shows what holds.") % {"plan": self.plan_id},
            )
        stands = present(desk.connection, plan, desk.actor, desk.uow.now)
        needs = (*_of_group(plan, stands.roles), *_not_ended(plan, method), *guards.given_motive(self.reason))
        if needs:
            draft = Draft(kind="plan.refused", trigger="remind", from_state=plan["state"], reason=self.reason or None)
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        desk.act_for(stands.in_whose_stead(GROUP))
        today = local_date(desk.uow.now, plan["zone"])
        number = (row["number"] if row else 0) + 1
        decided = insert(
            "reminding",
            {"plan_id": self.plan_id, "number": number},
            decided_on=not_to_come(desk, plan, self.decided_on or today),
            decided_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
            reason=self.reason,
            **wanted.columns(),
        )
        moved = list(
            brought_to(desk.connection, plan, before.over(method), InForce(wanted.over(method), number), desk.uow.now)
        )
        desk.record(
            Stream.of_plan(plan),
            Draft(kind="plan.reminding_decided", changes=[decided, *moved], reason=self.reason),
        )
        return desk.done(plan=self.plan_id, decision=number, dates_changed=len(moved))

    def _wanted(self, before: Terms) -> Terms:
        names = ("lead_days", "grace_days", "ladder")
        said = {name: getattr(self.given, name) for name in names if getattr(self.given, name) is not None}
        if "grace_days" in said:
            said["grace_days"] = {**(before.grace_days or {}), **said["grace_days"]}
        return replace(before, **said, **dict.fromkeys(self.by_method))


_OPTIONS: Final = {"lead_days": "--days", "grace_days": "--grace", "ladder": "--to"}
"""What says each on the command line."""


def check(terms: Terms) -> None:
    """Refuse lead times, grace and a ladder that cannot be; raises Usage for the first that is wrong."""
    for problem in faults(terms):
        raise Usage(
            problem.code,
            problem.words(gettext),
            hint=problem.advice(gettext),
            place=Place(field=_OPTIONS[str(problem.path[0])]),
        )


def brought_to(
    connection: Connection, plan: Row, before: WorkflowDefinition, holds: InForce, now: datetime
) -> Iterator[Change]:
    """Give the changes to what runs when another decision holds than `before`.

    What is overdue stays so, and its ladder goes on where it stood; what is not gets the days of grace that hold now,
    from the day on which it began; reminders that lie before `now` are not sent any more.
    """
    words = acknowledgements.last_words(connection, plan["plan_id"])
    for row in connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan["plan_id"]):
        if row["step"] > 0 and before.ladder != holds.method.ladder:
            yield from _on_ladder(row, before, holds.method, words.get(row["deadline_id"]), now)
        elif row["kind"] in GRACE and row["step"] == 0 and from_text(row["since"]) > now:
            yield from _with_grace(row, plan, before, holds.method, now)
    yield from reminders.rearmed(connection, plan, holds.method, now)


def _on_ladder(
    row: Row, before: WorkflowDefinition, method: WorkflowDefinition, word: Row | None, now: datetime
) -> Iterator[Change]:
    step, rung = escalation.carried_over(before.ladder, method.ladder, row["step"], from_text(row["due_at"]))
    rung = escalation.acknowledged(rung, acknowledgements.word_of(word))
    values: dict[str, object] = {"step": step}
    if rung is not None:
        values["due_at"] = to_text(max(rung.at, now))
    if row["status"] in ("pending", "overdue"):
        values["status"] = "overdue" if rung is None else "pending"
    changed = {name: value for name, value in values.items() if row[name] != value}
    if changed:
        yield update("deadline", {"deadline_id": row["deadline_id"]}, **changed)


def _with_grace(
    row: Row, plan: Row, before: WorkflowDefinition, method: WorkflowDefinition, now: datetime
) -> Iterator[Change]:
    more = _days(method, row["kind"]) - _days(before, row["kind"])
    if not more:
        return
    local = from_text(row["since"]).astimezone(ZoneInfo(plan["zone"]))
    due = max(due_instant(local.date() + timedelta(days=more), local.time(), plan["zone"]), now)
    yield update("deadline", {"deadline_id": row["deadline_id"]}, since=to_text(due), due_at=to_text(due))


def _days(method: WorkflowDefinition, kind: str) -> int:
    return next((state.deadline.days for state in method.states if state.deadline and state.deadline.kind == kind), 0)


def _of_group(plan: Row, roles: frozenset[str]) -> tuple[Need, ...]:
    if not roles.isdisjoint(GROUP):
        return ()
    return (
        Need(
            "not-in-project-group",
            N_("Only the project group of %(plan)s decides how it is reminded."),
            {"plan": plan["plan_id"]},
            N_("Ask the project leader."),
            "pdca group show %(plan)s",
        ),
    )


def _not_ended(plan: Row, method: WorkflowDefinition) -> tuple[Need, ...]:
    state = method.state_by_id[plan["state"]]
    if not state.ended:
        return ()
    return (
        Need(
            "plan-ended",
            N_("%(plan)s has ended (“%(state)s”): no evaluation of it is to come."),
            {"plan": plan["plan_id"], "state": state.label},
            N_("A plan that went to daily operations can be reopened."),
            "pdca plan why-not %(plan)s",
        ),
    )
