"""Stated dates, and the instant of a local date and time."""

from datetime import UTC, date, datetime, time

import pytest

from workflows.schedule import ScheduleError, due_instant, named_zone, parse_stated


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2024-10-05", date(2024, 10, 5), "day"),
        ("2024-10", date(2024, 10, 31), "month"),
        ("2024-02", date(2024, 2, 29), "month"),
        ("2100-02", date(2100, 2, 28), "month"),
        ("2025", date(2025, 12, 31), "year"),
    ],
)
def test_month_and_year_stand_for_their_last_day(text: str, day: date, precision: str) -> None:
    stated = parse_stated(text)
    assert (stated.text, stated.date, stated.precision) == (text, day, precision)


@pytest.mark.parametrize("text", ["2023-02-29", "2024-13", "2024-00", "2024-04-31", "2024-04-00", "0000", "0000-01-01"])
def test_date_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ScheduleError, match="does not exist") as caught:
        parse_stated(text)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "24-10", "2024-1", "2024/10/05", "2024-10-05T09:00", " 2024", "٢٠٢٤", "2018-T1"])
def test_other_forms_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(ScheduleError, match="is not a date") as caught:
        parse_stated(text)
    assert "2024-10" in caught.value.hint


@pytest.mark.parametrize(
    ("zone", "day", "at", "due"),
    [
        ("Europe/Brussels", date(2024, 1, 15), time(9), datetime(2024, 1, 15, 8, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 7, 15), time(9), datetime(2024, 7, 15, 7, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 3, 31), time(2, 30), datetime(2024, 3, 31, 1, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 3, 31), time(2), datetime(2024, 3, 31, 1, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 3, 31), time(2, 59, 59, 5), datetime(2024, 3, 31, 1, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 3, 31), time(3), datetime(2024, 3, 31, 1, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 10, 27), time(2, 30), datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("Europe/Brussels", date(2024, 10, 27), time(2, 30, fold=1), datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("America/Santiago", date(2024, 9, 8), time(0), datetime(2024, 9, 8, 4, tzinfo=UTC)),
        ("Australia/Lord_Howe", date(2024, 10, 6), time(2, 15), datetime(2024, 10, 5, 15, 30, tzinfo=UTC)),
        ("Pacific/Apia", date(2011, 12, 30), time(9), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_skipped_time_moves_on_and_repeated_time_is_the_first(zone: str, day: date, at: time, due: datetime) -> None:
    assert due_instant(day, at, zone) == due


@pytest.mark.parametrize("name", ["", "Europe", "Europe/Brussel", "../etc/passwd", "/etc/localtime", "a\0b"])
def test_unknown_zone_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(ScheduleError, match="no time zone") as caught:
        named_zone(name)
    assert "Europe/Brussels" in caught.value.hint


def test_edge_of_the_calendar_is_refused() -> None:
    with pytest.raises(ScheduleError, match="too far"):
        due_instant(date.max, time(23), "America/New_York")


def test_aware_time_is_refused() -> None:
    with pytest.raises(ValueError, match="wall time"):
        due_instant(date(2024, 1, 1), time(9, tzinfo=UTC), "Europe/Brussels")
