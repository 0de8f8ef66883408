"""By what a plan is reminded and how long it may be late: the method's own, or what its group decided in its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pdca import methods
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, optional_json, to_json
from pdca.store.reads import reminding
from workflows import escalation, reminders
from workflows.guards import N_
from workflows.method import LadderStep, State, WorkflowDefinition
from workflows.problem import Problem

LONGEST_GRACE: Final = 366
"""The most days of grace: a plan that may stand still for longer is one that nobody looks after."""

GRACE: Final = ("start", "record", "decide")
"""The kinds of deadlines of which a group can say how many days they leave."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a decision says in the place of the method; None where the method's own holds.

    `lead_days` are the days before an evaluation, `grace_days` kind of deadline -> days, `ladder` who is told when.
    """

    lead_days: tuple[int, ...] | None = None
    grace_days: Mapping[str, int] | None = None
    ladder: tuple[LadderStep, ...] | None = None

    def columns(self) -> dict[str, str | None]:
        """Give them as columns of the table of decisions."""
        return {
            "lead_days": None if self.lead_days is None else to_json(list(self.lead_days)),
            "grace_days": optional_json(dict(sorted((self.grace_days or {}).items()))),
            "ladder": optional_json([{"after_days": step.after_days, "to": step.to} for step in self.ladder or ()]),
        }

    def over(self, method: WorkflowDefinition) -> WorkflowDefinition:
        """Give the method with what was decided in its place; only for its deadlines, reminders and ladder."""
        found = method
        if self.lead_days is not None:
            found = replace(found, evaluation=found.evaluation._replace(reminders=self.lead_days))
        if self.ladder is not None:
            found = replace(found, ladder=self.ladder)
        if self.grace_days is not None:
            found = replace(found, states=tuple(_with_grace(found, self.grace_days)))
        return found


@dataclass(frozen=True, slots=True)
class InForce:
    """The method as it holds for one plan, and the number of the decision that says so (0 for none)."""

    method: WorkflowDefinition
    number: int = 0


def terms_of(row: Row | None) -> Terms:
    """Read a decision; None says nothing in the place of the method."""
    if row is None:
        return Terms()
    lead, grace, ladder = (from_json(row[name]) for name in ("lead_days", "grace_days", "ladder"))
    return Terms(
        None if lead is None else tuple(lead),
        grace,
        None if ladder is None else tuple(LadderStep(step["after_days"], step["to"]) for step in ladder),
    )


def faults(terms: Terms) -> Iterator[Problem]:
    """Yield what is wrong with lead times, grace and a ladder; the paths begin with the names of `Terms`."""
    yield from reminders.faults(terms.lead_days or (), ("lead_days",))
    for kind, days in (terms.grace_days or {}).items():
        if kind not in GRACE:
            text, hint = N_("There is no grace for “%(kind)s”."), N_("Use one of: %(known)s.")
            yield Problem("grace-unknown", ("grace_days", kind), text, hint, {"kind": kind, "known": ", ".join(GRACE)})
        elif not 0 <= days <= LONGEST_GRACE:
            text, hint = N_("%(days)d days of grace cannot be."), N_("Use 0 to %(most)d days.")
            yield Problem("grace-days", ("grace_days", kind), text, hint, {"days": days, "most": LONGEST_GRACE})
    if terms.ladder is None:
        return
    yield from escalation.faults(terms.ladder, ("ladder",))
    if not terms.ladder or terms.ladder[0].after_days != 0:
        text = N_("Nobody would be told at once of what is overdue.")
        yield Problem("ladder-start", ("ladder",), text, N_("Begin with who is told after 0 days, such as 0:lead."))


def in_force(connection: Connection, plan: Row, definition: WorkflowDefinition | None = None) -> InForce:
    """Give what holds for a plan; `definition` is its method when that was read already."""
    method = definition or methods.of_plan(connection, plan)
    row = connection.one(reminding.IN_FORCE, plan_id=plan["plan_id"])
    return InForce(method) if row is None else InForce(terms_of(row).over(method), row["number"])


def _with_grace(method: WorkflowDefinition, grace: Mapping[str, int]) -> list[State]:
    return [
        state._replace(deadline=state.deadline._replace(days=grace[state.deadline.kind]))
        if state.deadline is not None and state.deadline.kind in grace
        else state
        for state in method.states
    ]
