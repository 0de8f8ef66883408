"""The period that a figure is about, and since when a figure is known."""

import datetime as dt
import re
from functools import lru_cache
from typing import Final, NamedTuple, Self

from pdca.i18n import N_
from workflows.instants import to_text
from workflows.schedule import ScheduleError, StatedDate, due_instant, parse_stated

_PART_OF_YEAR: Final = re.compile(r"([0-9]{4})-([TQH])([0-9])")
_DATE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_MONTHS_IN: Final = {"T": 4, "Q": 3, "H": 6}
_MONTHS_IN_A_YEAR: Final = 12
_UNEVEN: Final = 3  # Months differ by three days at most, years by one.


class Period(NamedTuple):
    """The period a figure is about: as stated, its first and last day, and how many days it is long."""

    text: str
    first_day: dt.date
    last_day: dt.date
    days: int

    @classmethod
    def of(cls, text: str, first_day: dt.date, last_day: dt.date) -> Self:
        """Give the period between two days."""
        return cls(text, first_day, last_day, (last_day - first_day).days + 1)

    @property
    def between(self) -> tuple[dt.date, dt.date]:
        """Its first and last day: what makes it one period, however it is written."""
        return self.first_day, self.last_day

    def as_long_as(self, other: "Period") -> bool:
        """Tell whether a figure about it compares with one about another: both are months, years, or as many days."""
        return as_long(self.days, other.days)

    def overlaps(self, other: "Period") -> bool:
        """Tell whether it shares a day with another."""
        return self.first_day <= other.last_day and other.first_day <= self.last_day

    def within(self, other: "Period") -> bool:
        """Tell whether all of it lies in another."""
        return other.first_day <= self.first_day and self.last_day <= other.last_day


def as_long(days: int, others: int) -> bool:
    """Tell whether periods of so many days compare with others of so many."""
    return abs(days - others) <= _UNEVEN


# The same few hundred stand in every series.
@lru_cache(maxsize=4_096)
def parse_period(text: str) -> Period:
    """Read `2024`, `2023-07`, `2018-T1` (four months), `2018-Q1`, `2018-H2`, or two dates with a slash between them.

    Raises ScheduleError for anything else.
    """
    if part := _PART_OF_YEAR.fullmatch(text):
        months, number = _MONTHS_IN[part[2]], int(part[3])
        if not 0 < months * number <= _MONTHS_IN_A_YEAR:
            hint = N_("T1 to T3 are four months each, Q1 to Q4 three, H1 and H2 six.")
            raise ScheduleError(N_("A year has no %(part)s."), hint, part=f"{part[2]}{number}")
        last_month = f"{part[1]}-{months * number:02}"
        first = parse_stated(f"{part[1]}-{months * (number - 1) + 1:02}")
        return Period.of(text, first.first_day, parse_stated(last_month).date)
    start, slash, end = text.partition("/")
    if not all(_DATE.fullmatch(part) for part in (start, end if slash else start)):
        hint = N_("Write 2024, 2024-10, 2018-T1 (four months), 2018-Q1, 2018-H2, or two dates with / between them.")
        raise ScheduleError(N_("“%(text)s” is no period."), hint, text=text)
    first, last = parse_stated(start), parse_stated(end if slash else start)
    if first.first_day > last.date:
        message = N_("The period %(period)s ends before it begins.")
        raise ScheduleError(message, N_("Write the earlier date first."), period=text)
    return Period.of(text, first.first_day, last.date)


def known_since(stated: StatedDate | None, about: dt.date | None, now: dt.datetime, zone: str) -> str:
    """Give the instant since which what a file says was known: the day it was published or set, as far as that is said.

    Otherwise when it came in; but nobody knew a figure before the period it is `about` had ended.
    """
    if stated is not None:
        return to_text(due_instant(stated.date, dt.time(), zone))
    ended = due_instant(about + dt.timedelta(days=1), dt.time(), zone) if about else now
    return to_text(max(now, ended))
