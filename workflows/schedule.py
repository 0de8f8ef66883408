"""When a date falls: dates as people state them, and the instant at which a local date and time are due."""

import calendar
import datetime as dt
import re
from collections.abc import Callable
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workflows.need import N_

_STATED: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class ScheduleError(ValueError):
    """A date, time or zone that does not exist; `hint` says what is expected instead.

    `text` is an English %-template, filled by `params`; it and the hint are the keys of their translations.
    """

    def __init__(self, text: str, hint: str, /, **params: str) -> None:
        super().__init__(text % params)
        self.text = text
        self.hint = hint
        self.params = params

    def words(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong; `translate` maps the English template to that of another language."""
        return translate(self.text) % self.params


class StatedDate(NamedTuple):
    """A date as somebody stated it (`text`), how precise that was, and the definite day it stands for."""

    text: str
    date: dt.date
    precision: Literal["day", "month", "year"]

    @property
    def first_day(self) -> dt.date:
        """The first day of the stated day, month or year; `date` is the last."""
        if self.precision == "day":
            return self.date
        return self.date.replace(day=1) if self.precision == "month" else self.date.replace(month=1, day=1)


def parse_stated(text: str) -> StatedDate:
    """Read `2024-10-31`, `2024-10` or `2024`; a month or year stands for its last day (clause 17).

    Raises ScheduleError for any other form and for a date that does not exist.
    """
    match = _STATED.fullmatch(text)
    if match is None:
        hint = N_("Write 2024-10-31, or 2024-10 for a month, or 2024 for a year.")
        raise ScheduleError(N_("“%(text)s” is not a date."), hint, text=text)
    year, month, day = (int(part) if part else None for part in match.groups())
    last_month = 12 if month is None else month
    try:
        last_day = calendar.monthrange(year or 0, last_month)[1]
        date = dt.date(year or 0, last_month, last_day if day is None else day)
    except ValueError:
        hint = N_("Check the day, the month and the year.")
        raise ScheduleError(N_("The date %(date)s does not exist."), hint, date=text) from None
    if day is not None:
        return StatedDate(text, date, "day")
    return StatedDate(text, date, "year" if month is None else "month")


def named_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Europe/Brussels`; raises ScheduleError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = N_("Use a name of the IANA time zone database, such as Europe/Brussels.")
        raise ScheduleError(N_("There is no time zone “%(zone)s”."), hint, zone=name) from None


def due_instant(local_date: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The UTC instant at which the local date and wall time come.

    A wall time that the clocks skip moves to the next that exists; one that comes twice is the first. Raises
    ScheduleError for an unknown zone and for a date at the very edge of the calendar, ValueError for an aware time.
    """
    if time.tzinfo is not None:
        msg = f"a wall time has no zone of its own: {time!r}"
        raise ValueError(msg)
    info = named_zone(zone)
    wall = dt.datetime.combine(local_date, time.replace(fold=0))
    try:
        instant = wall.replace(tzinfo=info).astimezone(dt.UTC)
        if _wall(instant, info) == wall:
            return instant
        return _end_of_gap(wall, info, instant)
    except OverflowError:
        hint = N_("Use a year between 2 and 9998.")
        raise ScheduleError(N_("The date %(date)s is too far away."), hint, date=local_date.isoformat()) from None


def _wall(instant: dt.datetime, info: ZoneInfo) -> dt.datetime:
    return instant.astimezone(info).replace(tzinfo=None, fold=0)


def _end_of_gap(wall: dt.datetime, info: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """The first instant whose wall time is past the skipped `wall`; zone changes fall on whole seconds."""
    before = wall.replace(tzinfo=info, fold=1).astimezone(dt.UTC).replace(microsecond=0)
    low, high = 0, int((after - before).total_seconds()) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if _wall(before + dt.timedelta(seconds=middle), info) < wall:
            low = middle
        else:
            high = middle
    return before + dt.timedelta(seconds=high)
