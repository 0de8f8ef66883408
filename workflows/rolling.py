"""Moving a date off a day on which nobody works, and why."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from workflows.need import N_
from workflows.schedule import ScheduleError, StatedDate
from workflows.workdays import Reason, WorkingCalendar

ROLLS: Final = ("none", "next", "previous", "nearest")
"""How a date on a closed day moves: not at all, or to the next, previous or nearest working day."""

_FURTHEST: Final = 366
"""Days after which a calendar without a working day is taken to have none."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """A stated day, the definite one it moved to, and the reasons of the closed days on the way."""

    stated: dt.date
    date: dt.date
    reasons: tuple[Reason, ...] = ()


def roll(stated: StatedDate, how: str, calendar: WorkingCalendar, not_before: dt.date) -> Rolled:
    """Move a date that falls on a closed day, as `how` (one of `ROLLS`) says.

    Of two working days equally near, it is the later: what was promised is not asked for sooner. A date does not move
    to before `not_before`; then it moves on. One that was stated as a month or a year stays within it, as far as that
    has a working day. Raises ScheduleError when there is no working day within a year.
    """
    if how == "none" or calendar.closed(stated.date) is None:
        return Rolled(stated.date, stated.date)
    onward, back = _open(stated.date, 1, calendar), _open(stated.date, -1, calendar)
    earliest = not_before if stated.precision == "day" else max(not_before, stated.first_day)
    if back is not None and back.date < earliest:
        back = None
    if onward is None:
        hint = N_("Look at the closing days and the working days of the week.")
        text = N_("There is no working day within a year after %(date)s.")
        raise ScheduleError(text, hint, date=stated.date.isoformat())
    if back is None:
        return onward
    if stated.precision != "day":
        return back
    if how == "nearest":
        return back if stated.date - back.date < onward.date - stated.date else onward
    return onward if how == "next" else back


def _open(day: dt.date, step: int, calendar: WorkingCalendar) -> Rolled | None:
    """The first working day in one direction; None when there is none within a year."""
    reasons: list[Reason] = []
    for distance in range(_FURTHEST + 1):
        here = day + dt.timedelta(days=step * distance)
        reason = calendar.closed(here)
        if reason is None:
            return Rolled(day, here, tuple(reasons))
        if reason not in reasons:
            reasons.append(reason)
    return None
