"""The zones that stand in a calendar tell the same time as the zones themselves, on both sides of every change."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from pdca import ics
from tests import calendars

ZONES = ("Europe/Brussels", "Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
HOURS = dt.timedelta(hours=1)
DAYS = st.integers(0, 365 * 20)
INSTANTS = st.builds(
    lambda days, minutes: dt.datetime(2016, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=days, minutes=minutes),
    DAYS,
    st.integers(0, 24 * 60 - 1),
)


def written(zone: str, *instants: dt.datetime) -> bytes:
    entries = [
        ics.Entry(
            uid=f"{number}@test.pdca",
            start=ics.on_clocks_of(zone, at),
            summary="evaluatie; met, tekens\n",
            description="",
            stamp=at,
            status=ics.CONFIRMED,
        )
        for number, at in enumerate(instants)
    ]
    return ics.feed(entries, product="test", name="Test", language="nl", refresh=None)


@given(zone=st.sampled_from(ZONES), instants=st.lists(INSTANTS, min_size=1, max_size=8))
def test_every_instant_is_read_back_as_it_was(zone: str, instants: list[dt.datetime]) -> None:
    seen = calendars.events(written(zone, *instants))
    assert [one.start for one in seen.values()] == instants


@given(zone=st.sampled_from(ZONES[:-1]), year=st.integers(2018, 2034))
def test_a_zone_is_described_as_its_clocks_go_through_the_whole_year(zone: str, year: int) -> None:
    middle = dt.datetime(year, 6, 1, 12, tzinfo=dt.UTC)
    described = tzical(io.StringIO(written(zone, middle).decode().replace("\r\n", "\n"))).get(zone)
    real = ZoneInfo(zone)
    for hours in range(0, 366 * 24, 5):
        at = dt.datetime(year, 1, 1, tzinfo=dt.UTC) + hours * HOURS
        local = at.astimezone(real)
        if local.fold or (at + HOURS).astimezone(real).fold:
            # What exists twice cannot be told from its local time alone.
            continue
        assert local.replace(tzinfo=described).utcoffset() == local.utcoffset(), local


def test_the_hour_that_comes_twice_is_the_first_and_the_second_is_told_in_utc() -> None:
    first = dt.datetime(2024, 10, 27, 0, 30, tzinfo=dt.UTC)
    text = written("Europe/Brussels", first, first + HOURS).decode()
    assert "DTSTART;TZID=Europe/Brussels:20241027T023000" in text
    assert "DTSTART:20241027T013000Z" in text


def test_the_same_entries_are_the_same_bytes() -> None:
    at = dt.datetime(2024, 3, 31, 1, tzinfo=dt.UTC)
    assert written("Europe/Brussels", at) == written("Europe/Brussels", at)


def test_a_change_stands_at_the_hour_of_the_clocks_before_it_with_its_rule() -> None:
    text = written("Europe/Brussels", dt.datetime(2024, 6, 1, tzinfo=dt.UTC)).decode()
    summer = "BEGIN:DAYLIGHT\r\nDTSTART:20000326T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n"
    winter = "BEGIN:STANDARD\r\nDTSTART:20001029T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n"
    assert summer in text
    assert winter in text


def test_a_rule_that_was_given_up_ends() -> None:
    text = written("America/New_York", dt.datetime(2024, 6, 1, tzinfo=dt.UTC)).decode()
    assert "RRULE:FREQ=YEARLY;UNTIL=20060402T070000Z;BYDAY=1SU;BYMONTH=4\r\n" in text
