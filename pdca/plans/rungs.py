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
    """What a message must know of the ladder: how many rungs are told with it, and when the next one is, and whom."""
    if following is None:
        return {"step": told, "next_at": None}
    return {"step": told, "next_at": to_text(following.at), "next_to": following.to}


def audience(ladder: Sequence[LadderStep], step: int) -> tuple[str, ...]:
    """Whom rung number `step` tells; nobody when the ladder is shorter."""
    return tuple(rung.to for rung in ladder[step : step + 1])


def key(due: Row, decision: int = 0) -> str:
    """What makes one enforcement unique in the log: the deadline, the rung and which decision on the ladder holds.

    Another ladder, by a decision of the group, may have another rung of the same number.
    """
    return f"{due['deadline_id']}#{due['step']}" + (f"@{decision}" if decision else "")


def key_of_reminder(due: Row) -> str:
    """What makes one reminder unique in the log: it is on no rung, so it is the deadline and the instant."""
    return f"{due['deadline_id']}#{due['due_at']}"


def step_of(key: str) -> int:
    """Read from a key on which rung its enforcement was; a reminder is before the first."""
    rung = key.rpartition("#")[2].partition("@")[0]
    return int(rung) if rung.isdigit() else 0
