"""A rhythm that is missed every time, from 2020 to 2040: each moment is the stated day so much later, moved by itself.

The days are worked out anew from the calendar and the public holidays of Belgium; however often a moment moves off a
day on which nobody works, that shifts none of those after it.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Final

import holidays
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pdca.schedules.stored import moved
from pdca.schedules.working_out import moments_of
from workflows.instants import to_text
from workflows.moments import COMPLETION, Occurrence, Schedule
from workflows.rolling import ROLLS
from workflows.workdays import ClosingDay, WorkingCalendar

FIRST: Final = date(2020, 1, 1)
LAST: Final = date(2040, 12, 31)
DAY: Final = timedelta(days=1)
YEARS: Final = 4
"""So long lasts a random rhythm, beginning anywhere in that time."""

rhythms = st.one_of(
    st.tuples(st.just("MONTHLY"), st.integers(1, 18)),
    st.tuples(st.just("YEARLY"), st.integers(1, 2)),
    st.tuples(st.just("WEEKLY"), st.integers(2, 30)),
)


@settings(max_examples=150, deadline=None)
@given(
    rhythm=rhythms,
    start=st.dates(FIRST, date(2036, 12, 31)),
    how=st.sampled_from(ROLLS),
    closed=st.sets(st.integers(0, YEARS * 365), max_size=20),
    delay=st.timedeltas(timedelta(), timedelta(hours=12)),
)
def test_each_moment_is_the_stated_day_so_much_later_and_moves_by_itself(
    rhythm: tuple[str, int], start: date, how: str, closed: set[int], delay: timedelta
) -> None:
    end = min(LAST, start + timedelta(days=YEARS * 365))
    days = frozenset(start + number * DAY for number in closed)
    wanted = list(counted(rhythm, start, end, how, days))
    # Where two would fall on one day, because nobody works for weeks, there is one; that is for other tests.
    assume(all(after[1] > before[1] for before, after in pairwise(wanted)))
    assert list(missed_every_time(schedule(rhythm, start, end, how, days), delay)) == wanted


@pytest.mark.parametrize("how", ROLLS)
def test_a_month_stays_a_month_for_twenty_years(how: str) -> None:
    monthly, start = ("MONTHLY", 1), date(2020, 1, 25)
    found = list(missed_every_time(schedule(monthly, start, LAST, how, frozenset()), timedelta()))
    assert found == list(counted(monthly, start, LAST, how, frozenset()))
    assert [stated for stated, _on in found] == [
        date(year, month, 25) for year in range(2020, 2041) for month in range(1, 13)
    ][1:]


def schedule(rhythm: tuple[str, int], start: date, end: date, how: str, closed: frozenset[date]) -> Schedule:
    return Schedule(
        start=start,
        until=end,
        time=time(9),
        zone="Europe/Brussels",
        rules=("FREQ={};INTERVAL={}".format(*rhythm),),
        anchor=COMPLETION,
        roll=how,
        calendar=WorkingCalendar(country="BE", closing_days=tuple(ClosingDay(day) for day in sorted(closed))),
    )


def missed_every_time(decided: Schedule, delay: timedelta) -> Iterator[tuple[date, date]]:
    """The moments as they are made, each when the one before it is missed and that is noticed so much later."""
    [moment] = moments_of(decided, datetime.combine(decided.start - DAY, time(12), UTC), None)
    accounted: set[str] = set()
    # Beyond the horizon nothing follows, and what is counted from the start again is accounted for.
    while moment.key not in accounted:
        accounted.add(moment.key)
        yield moment.stated, moment.date
        [moment] = moments_of(decided, moment.at + delay, as_missed(moment))


def as_missed(moment: Occurrence) -> dict[str, Any]:
    """The row of an evaluation that was missed."""
    due = to_text(moment.at)
    return {
        "stated_date": moment.stated.isoformat(),
        "due_date": moment.date.isoformat(),
        "due_at": due,
        "first_due_at": due,
        "schedule_number": 1,
        "moved": moved(moment.reasons, ()),
        "status": "missed",
        "recorded_at": None,
    }


def counted(
    rhythm: tuple[str, int], start: date, end: date, how: str, closed: frozenset[date]
) -> Iterator[tuple[date, date]]:
    """The stated day and the definite one of every moment: a count of months or days, and a look at the days around."""
    stated, earliest = start, start
    while (stated := so_much_later(stated, *rhythm)) <= end:
        on = falls(stated, how, closed, earliest)
        yield stated, on
        # The next does not move back onto this one, nor onto the day that was stated for it.
        earliest = max(stated, on) + DAY


def so_much_later(day: date, frequency: str, interval: int) -> date:
    if frequency == "WEEKLY":
        return day + timedelta(days=7 * interval)
    number = day.year * 12 + day.month - 1 + interval * (12 if frequency == "YEARLY" else 1)
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def falls(stated: date, how: str, closed: frozenset[date], earliest: date) -> date:
    if how == "none" or works(stated, closed):
        return stated
    onward, back = stated, stated
    while not works(onward, closed):
        onward += DAY
    while not works(back, closed):
        back -= DAY
    if how == "next" or back < earliest or (how == "nearest" and stated - back >= onward - stated):
        return onward
    return back


def works(day: date, closed: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in closed and day not in belgian()


@cache
def belgian() -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=range(2019, 2043)))
