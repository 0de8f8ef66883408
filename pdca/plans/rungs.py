"""What an enforcement writes of the ladder: the next rung, what its message tells of it, and its key in the log."""

from collections.abc import Sequence

from pdca.store.driver import Row
from workflows.escalation import Rung
from workflows.instants import to_text
from workflows.method import LadderStep


def until(following: Rung | None) -> dict[str, object]:
    """The columns of a deadline that waits for its next rung.

    Whom the whole ladder was told of stays overdue until somebody acts; there is nothing left to sweep.
    """
    return {"due_at": to_text(following.at)} if following else {"status": "overdue"}


def announced(told: int, following: Rung | None) -> dict[str, object]:
    """What a message must know of the ladder: how many rungs are told with it, and when the next one is."""
    return {"step": told, "next_at": to_text(following.at) if following else None}


def audience(ladder: Sequence[LadderStep], step: int) -> tuple[str, ...]:
    """Whom rung number `step` tells; nobody when the ladder is shorter."""
    return tuple(rung.to for rung in ladder[step : step + 1])


def key(due: Row) -> str:
    """What makes one enforcement unique in the log: the deadline and the rung."""
    return f"{due['deadline_id']}#{due['step']}"
