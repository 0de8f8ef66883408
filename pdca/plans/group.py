"""The project group's own deadline: until it is complete it is to be set up, and being late is told (clause 16)."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from pdca.plans import deadlines
from pdca.plans.roles import local_date
from pdca.store.driver import Row
from pdca.store.rows import Change, update
from workflows.facts import Facts
from workflows.guards import GUARDS
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant, parse_stated

KIND: Final = "group"


def complete(facts: Facts, definition: WorkflowDefinition) -> bool:
    """Tell whether the project group is what a plan needs before it is started."""
    return not GUARDS["project_group"](facts, definition)


def due_date(plan: Row, definition: WorkflowDefinition) -> date | None:
    """Give the day by which the group of a plan is to be set up: the one stated, otherwise that of the method.

    That one counts from the day on which the period begins, or the plan came to be if that is later, and does not lie
    beyond the period. None when there is neither, or the period was over by then.
    """
    if plan["group_due_date"] is not None:
        return parse_stated(plan["group_due_date"]).date
    if definition.group_days is None:
        return None
    entered = local_date(from_text(plan["state_since"]), plan["zone"])
    begins = max(date.fromisoformat(plan["period_start"]), entered)
    last = date.fromisoformat(plan["period_end"])
    return min(begins + timedelta(days=definition.group_days), last) if begins <= last else None


def after_edit(
    plan: Row,
    definition: WorkflowDefinition,
    live: Sequence[Row],
    now: str,
    number: int,
    *,
    is_complete: bool,
) -> list[Change]:
    """Bring the deadline to what an edit made of the group; `plan` is the plan's row as it is after the edit.

    The deadline ends when the group is complete, moves with its day, and begins anew when a member leaves a
    plan that has not been started. `number` makes its id unique in the plan, as elsewhere the number of the event.
    """
    running = deadlines.of_kinds(live, (KIND,))
    done = is_complete or definition.state_by_id[plan["state"]].phase != "plan"
    wanted = None if done else due_date(plan, definition)
    if wanted is None:
        return [deadlines.ended(row, now) for row in running]
    due = to_text(due_instant(wanted, definition.evaluation.time, plan["zone"]))
    if not running:
        return [deadlines.of_phase(plan["plan_id"], KIND, due, number)]
    changes = []
    for row in running:
        if row["since"] == due:
            continue
        if row["step"] == 0:
            changes.append(update("deadline", {"deadline_id": row["deadline_id"]}, since=due, due_at=due))
            continue
        # Each rung of a deadline is told once: what was told of the day that is past counts for that day only.
        changes += [deadlines.ended(row, now), deadlines.of_phase(plan["plan_id"], KIND, due, number)]
    return changes
