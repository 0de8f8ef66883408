"""The escalation ladder: who is told next about something overdue, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from workflows.method import LadderStep


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder for one overdue thing: its number (from 0), its UTC instant, the recipient role."""

    step: int
    at: datetime
    to: str


def ladder_step(ladder: Sequence[LadderStep], overdue_since: datetime, step: int) -> Rung | None:
    """Step number `step` (from 0) of the ladder, None past its end; a day is 24 hours.

    Raises ValueError for a naive `overdue_since` or a negative `step`.
    """
    if overdue_since.utcoffset() is None:
        msg = f"overdue_since has no time zone: {overdue_since!r}"
        raise ValueError(msg)
    if step < 0:
        msg = f"steps of the ladder count from 0, not {step}"
        raise ValueError(msg)
    if step >= len(ladder):
        return None
    at = overdue_since.astimezone(UTC) + timedelta(days=ladder[step].after_days)
    return Rung(step, at, ladder[step].to)
