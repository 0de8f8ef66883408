"""The deadlines of a plan after a step: those of the phase it left end, those of the phase it entered begin.

No phase is a place where a plan can be forgotten: planned start, recording and decision have
deadlines of their own, and an evaluation date is never silently dropped.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from pdca.store.driver import Row
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition
from workflows.schedule import due_instant

if TYPE_CHECKING:
    from workflows.machine import Outcome

OF_A_PHASE: Final = ("start", "record", "decide", "missed", "group")
"""Kinds that run while a plan stands in one phase, and end when it leaves it."""


def after_step(
    plan: Row,
    definition: WorkflowDefinition,
    step: "Outcome",
    live: Sequence[Row],
    opened: Row | None,
    now: datetime,
    watch_again: date | None,
    number: int,
) -> list[Change]:
    """List the changes to the live deadlines and the new one; `number` makes the new id unique in the plan.

    `definition` is what holds for the plan.
    """
    if "hold_deadlines" in step.effects:
        return [_status(row, "held") for row in live]
    return [
        *(_ended(row, opened, now) for row in live if _ends(row, step, opened)),
        # What was set while the plan was at rest begins to count when it runs again.
        *(_status(row, "pending") for row in live if row["status"] == "held" and not _ends(row, step, opened)),
        *of_state(plan, definition, step.target, now, number, opened),
        *_watch(plan, step, watch_again, definition, number),
    ]


def released(definition: WorkflowDefinition, live: Sequence[Row], stopped: Collection[str]) -> list[Change]:
    """Let what was held while the plan was suspended count again; the ladder of those `stopped` stays so."""
    return [_status(row, _released(row, definition, stopped)) for row in live if row["status"] == "held"]


def of_state(
    plan: Row,
    definition: WorkflowDefinition,
    state: str,
    now: datetime,
    number: int,
    opened: Row | None = None,
) -> list[Change]:
    """Make the deadline that the definition sets on a state the plan enters at `now`."""
    deadline = definition.state_by_id[state].deadline
    if deadline is None:
        return []
    start = date.fromisoformat(plan["period_start"])
    entered = now.astimezone(ZoneInfo(plan["zone"])).date()
    anchor = max(start, entered) if deadline.anchor == "period_start" else entered
    day = anchor + timedelta(days=deadline.days)
    due = to_text(due_instant(day, definition.evaluation.time, plan["zone"]))
    return [of_phase(plan["plan_id"], deadline.kind, due, number, opened["evaluation_id"] if opened else None)]


def of_phase(plan_id: str, kind: str, due: str, number: int, evaluation_id: str | None = None, step: int = 0) -> Change:
    """Make a deadline of a phase; `since` is the first instant it falls due at, `step` the rungs already told."""
    return insert(
        "deadline",
        {"deadline_id": f"{plan_id}/{kind}/{number}"},
        plan_id=plan_id,
        evaluation_id=evaluation_id,
        kind=kind,
        since=due,
        due_at=due,
        step=step,
        status="pending",
    )


def of_evaluation(evaluation: Row) -> Change:
    """Make the deadline at which a planned evaluation is to be opened; it bears the evaluation's id."""
    return insert(
        "deadline",
        {"deadline_id": evaluation["evaluation_id"]},
        plan_id=evaluation["plan_id"],
        evaluation_id=evaluation["evaluation_id"],
        kind="evaluation",
        since=evaluation["due_at"],
        due_at=evaluation["due_at"],
        step=0,
        status="pending",
    )


def of_information(moment: Row) -> Change:
    """Make the deadline at which the report of a moment of information is prepared; it bears the moment's id."""
    return insert(
        "deadline",
        {"deadline_id": moment["information_id"]},
        plan_id=moment["plan_id"],
        information_id=moment["information_id"],
        kind="information",
        since=moment["due_at"],
        due_at=moment["due_at"],
        step=0,
        status="pending",
    )


def at_once(change: Change, now: datetime) -> Change:
    """Let a new deadline fall due at the instant it is made: what it is for should have happened long before."""
    return insert(change.table, change.key, **{**change.set, "since": to_text(now), "due_at": to_text(now)})


def resting(change: Change, plan: Row, definition: WorkflowDefinition) -> Change:
    """Hold a new deadline back while its plan is suspended or has ended; it counts when the plan runs again."""
    if definition.state_by_id[plan["state"]].running:
        return change
    return insert(change.table, change.key, **{**change.set, "status": "held"})


def ended(row: Row, now: str, status: str = "void") -> Change:
    """End a deadline: `done` when it was enforced, `void` when what it waited for happened."""
    return update("deadline", {"deadline_id": row["deadline_id"]}, status=status, done_at=now, **_without_error(row))


def of_kinds(live: Iterable[Row], kinds: Sequence[str]) -> list[Row]:
    """Pick the live deadlines of some kinds."""
    return [row for row in live if row["kind"] in kinds]


def _ends(row: Row, step: "Outcome", opened: Row | None) -> bool:
    if row["kind"] in OF_A_PHASE or "end" in step.effects:
        return True
    if row["kind"] == "watch":
        return True
    return opened is not None and row["evaluation_id"] == opened["evaluation_id"]


def _ended(row: Row, opened: Row | None, now: datetime) -> Change:
    opens = opened is not None and row["deadline_id"] == opened["evaluation_id"]
    return ended(row, to_text(now), "done" if opens and from_text(row["due_at"]) <= now else "void")


def _released(row: Row, definition: WorkflowDefinition, stopped: Collection[str]) -> str:
    if row["deadline_id"] in stopped:
        return "overdue"
    # What nobody was told of is still to be enforced, also where a method has no ladder.
    return "overdue" if row["step"] >= max(len(definition.ladder), 1) else "pending"


def _status(row: Row, status: str) -> Change:
    return update("deadline", {"deadline_id": row["deadline_id"]}, status=status, **_without_error(row))


def _without_error(row: Row) -> dict[str, None]:
    """What was set aside with an error is so no longer."""
    return {"error": None} if row["error"] else {}


def _watch(
    plan: Row, step: "Outcome", watch_again: date | None, definition: WorkflowDefinition, number: int
) -> list[Change]:
    if "set_watch" not in step.effects or watch_again is None:
        return []
    due = to_text(due_instant(watch_again, definition.evaluation.time, plan["zone"]))
    return [of_phase(plan["plan_id"], "watch", due, number)]
