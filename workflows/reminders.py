"""Reminders before a moment: when they are due, and which one is still worth sending."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workflows.need import N_
from workflows.problem import Path, Problem
from workflows.schedule import due_instant

FURTHEST: Final = 366
"""The most days before a moment at which somebody can be reminded of it."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder so many `days` before a moment, and its UTC instant."""

    days: int
    at: dt.datetime


def faults(days: Sequence[int], path: Path) -> Iterator[Problem]:
    """Yield what is wrong with lead times in days; `path` is where they stand."""
    for number, lead in enumerate(days):
        if not 1 <= lead <= FURTHEST:
            text = N_("Nobody can be reminded %(days)d days before a date.")
            params = {"days": lead, "most": FURTHEST}
            yield Problem("lead-time", (*path, number), text, N_("Use 1 to %(most)d days."), params)
        elif lead in days[:number]:
            text = N_("The reminder %(days)d days before stands there twice.")
            yield Problem("lead-time-twice", (*path, number), text, N_("Leave one of them out."), {"days": lead})


def reminders(date: dt.date, time: dt.time, zone: str, days: Sequence[int]) -> tuple[Reminder, ...]:
    """The reminders of a moment, the first to come first: on the clocks of the zone, at the time of the moment itself.

    Raises ScheduleError as `due_instant` does.
    """
    return tuple(
        Reminder(lead, due_instant(date - dt.timedelta(days=lead), time, zone)) for lead in sorted(days, reverse=True)
    )


def reminder_due(
    coming: Sequence[Reminder], due: dt.datetime, dealt_with: dt.datetime, now: dt.datetime, *, done: bool
) -> Reminder | None:
    """The reminder to send now, None for none; of several that were missed only the last.

    `dealt_with` is the instant up to which reminders were looked at: at first when the date was set, so that a date set
    five days ahead is not followed by the reminder of seven days. Nobody is reminded of what is done, nor of what is
    `due` already: that is told in other words.
    """
    if done or now >= due:
        return None
    passed = [reminder for reminder in coming if dealt_with < reminder.at <= now]
    return max(passed, key=lambda reminder: reminder.at, default=None)


def reminder_after(coming: Sequence[Reminder], now: dt.datetime, *, done: bool) -> Reminder | None:
    """The next reminder to wake up for, None when there is none left."""
    ahead = [reminder for reminder in coming if reminder.at > now] if not done else []
    return min(ahead, key=lambda reminder: reminder.at, default=None)
