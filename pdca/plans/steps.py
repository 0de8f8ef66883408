"""The steps that plans took, by the log."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from workflows.method import State, WorkflowDefinition

if TYPE_CHECKING:
    from pdca.audit.event import EventView


class StepTaken(NamedTuple):
    """A step from a state to another, and the UTC instant of it."""

    plan_id: str
    at: str
    before: State
    after: State


def steps_taken(events: "Iterable[EventView]", definition: WorkflowDefinition) -> Iterator[StepTaken]:
    """Give the steps among events; none that was refused, or by a method with other states."""
    for event in events:
        before = definition.state_by_id.get(event.from_state or "")
        after = definition.state_by_id.get(event.to_state or "")
        if event.kind == "plan.advanced" and event.refused is None and event.plan and before and after:
            yield StepTaken(event.plan, event.at, before, after)
