"""Instants, stated dates and due instants against calculations made in another way."""

from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.instants import from_text, to_text
from workflows.schedule import ScheduleError, due_instant, parse_stated

ZONES = (
    "Europe/Brussels",
    "Europe/Dublin",
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Asia/Kolkata",
    "UTC",
)
FIRST, LAST = datetime(2019, 12, 1, tzinfo=UTC), datetime(2041, 2, 1, tzinfo=UTC)

offsets = st.timedeltas(timedelta(hours=-14), timedelta(hours=14))
instants = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _seconds_until_change(zone: ZoneInfo, start: datetime) -> int:
    old = _offset(zone, start)

    def changed(second: int) -> bool:
        return _offset(zone, start + timedelta(seconds=second)) != old

    return bisect_left(range(86_401), True, key=changed)


@cache
def segments(name: str) -> tuple[tuple[datetime, timedelta], ...]:
    """The stretches of constant offset, found by looking at UTC instants only: (first instant, offset)."""
    zone = ZoneInfo(name)
    found = [(FIRST, _offset(zone, FIRST))]
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    for before, after in pairwise(days):
        if _offset(zone, before) != _offset(zone, after):
            change = before + timedelta(seconds=_seconds_until_change(zone, before))
            found.append((change, _offset(zone, change)))
    return tuple(found)


def first_instant(name: str, wall: datetime) -> datetime:
    """The earliest instant that shows this wall time, otherwise the one at which the clocks jump past it."""
    stretches = segments(name)
    ends = [start for start, _ in stretches[1:]] + [LAST]
    for (start, offset), end in zip(stretches, ends, strict=True):
        instant = wall.replace(tzinfo=UTC) - offset
        if instant < start:
            return start
        if instant < end:
            return instant
    raise AssertionError(wall)


@pytest.mark.parametrize("zone", ZONES)
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.times())
def test_due_instant_is_the_first_that_shows_the_wall_time_or_lies_past_it(zone: str, day: date, at: time) -> None:
    assert due_instant(day, at, zone) == first_instant(zone, datetime.combine(day, at))


@pytest.mark.parametrize("zone", ZONES)
def test_due_instant_holds_around_every_change_of_the_clocks(zone: str) -> None:
    minutes = range(-180, 181, 15)
    walls = {
        (change + offset).replace(tzinfo=None) + timedelta(minutes=minute)
        for change, offset in segments(zone)[1:]
        for minute in minutes
    }
    walls.add(datetime(2024, 1, 1, 9))  # noqa: DTZ001 - a wall time; some zones never change
    for wall in walls:
        assert due_instant(wall.date(), wall.time(), zone) == first_instant(zone, wall)


@given(st.dates(date(1000, 1, 1), date(9998, 12, 31)))
def test_stated_dates_stand_for_the_last_day_that_fits(day: date) -> None:
    text = day.isoformat()
    assert parse_stated(text).date == day
    for length in (7, 4):
        last = parse_stated(text[:length]).date
        assert last.isoformat()[:length] == text[:length]
        assert (last + timedelta(days=1)).isoformat()[:length] != text[:length]


@given(st.text(alphabet="0123456789-", max_size=11) | st.text(max_size=11))
def test_any_text_is_a_date_that_exists_or_is_refused(text: str) -> None:
    try:
        stated = parse_stated(text)
    except ScheduleError as error:
        assert error.hint  # noqa: PT017 - refusal is one of two right answers
    else:
        assert stated.date.isoformat().startswith(text)


@given(instants, offsets)
def test_text_of_an_instant_can_be_read_back(instant: datetime, offset: timedelta) -> None:
    text = to_text(instant.astimezone(timezone(offset)))
    assert from_text(text) == instant
    assert len(text) == len("2024-01-01T00:00:00.000000Z")


@given(instants, instants)
def test_texts_of_instants_sort_as_the_instants_do(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)
