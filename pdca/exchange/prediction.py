"""The prediction in the document of a plan: that of the cycle to begin while one is, otherwise of the one that runs."""

from collections.abc import Iterator

from pdca.engine import Desk
from pdca.exchange.document import PlacedPlan
from pdca.exchange.problems import Problem
from pdca.exchange.stored import Stored
from pdca.i18n import _
from pdca.plans.facts import cycle_to_begin
from pdca.store.driver import Row
from pdca.store.rows import Change, insert, update
from workflows.method import WorkflowDefinition


def written(stored: Stored, plan: Row, definition: WorkflowDefinition) -> str | None:
    """Give the prediction that the document of a plan shows."""
    row = stored.row("prediction", plan["plan_id"], _cycle(stored, plan, definition)[0])
    return row["text"] if row else None


def changes(
    desk: Desk,
    stored: Stored,
    placed: PlacedPlan,
    plan: Row,
    definition: WorkflowDefinition,
    problems: list[Problem],
    *,
    exact: bool,
) -> Iterator[Change]:
    """Give the change that brings the prediction to what the document says; a locked one is a problem."""
    wanted = placed.plan.prediction
    cycle, still_open = _cycle(stored, plan, definition)
    key = {"plan_id": plan["plan_id"], "cycle": cycle}
    row = stored.row("prediction", *key.values())
    if wanted == (row["text"] if row else None) or (wanted is None and not exact):
        return
    if not still_open:
        message = _("Cycle %(cycle)s has begun, and what was predicted for it is locked.") % {"cycle": cycle}
        hint = _("Write the next prediction in Adjust, or when the plan is in Plan again.")
        problems.append(Problem("edit-prediction-locked", message, placed.place((*placed.path, "prediction")), hint))
        return
    values = {"text": wanted, "written_by": desk.actor.person_id, "written_at": desk.uow.now_text}
    if wanted is None:
        yield Change("delete", "prediction", key)
    elif row is None:
        yield insert("prediction", key, **values)
    else:
        yield update("prediction", key, **values)


def _cycle(stored: Stored, plan: Row, definition: WorkflowDefinition) -> tuple[int, bool]:
    """Which cycle the document speaks of, and whether that is still to begin."""
    moments = stored.of("evaluation", "plan_id", plan["plan_id"])
    coming = cycle_to_begin(definition.state_by_id[plan["state"]].phase, plan, moments)
    return (int(plan["cycle"]), False) if coming is None else (coming, True)
