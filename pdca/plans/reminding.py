"""By what a plan is reminded and how long it may be late: the method's own, or what its group decided in its place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pdca import methods
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, optional_json, to_json
from pdca.store.reads import reminding
from workflows.method import LadderStep, State, WorkflowDefinition

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
            found = replace(found, evaluation=replace(found.evaluation, reminders=self.lead_days))
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


def in_force(connection: Connection, plan: Row, definition: WorkflowDefinition | None = None) -> InForce:
    """Give what holds for a plan; `definition` is its method when that was read already."""
    method = definition or methods.of_plan(connection, plan)
    row = connection.one(reminding.IN_FORCE, plan_id=plan["plan_id"])
    return InForce(method) if row is None else InForce(terms_of(row).over(method), row["number"])


def _with_grace(method: WorkflowDefinition, grace: Mapping[str, int]) -> list[State]:
    return [
        replace(state, deadline=replace(state.deadline, days=grace[state.deadline.kind]))
        if state.deadline is not None and state.deadline.kind in grace
        else state
        for state in method.states
    ]
