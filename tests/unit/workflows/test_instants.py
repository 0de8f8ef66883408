"""The text form of an instant."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workflows.instants import from_text, to_text, to_the_minute


def test_text_is_utc_with_six_decimals() -> None:
    moment = datetime(2024, 3, 31, 3, 0, tzinfo=timezone(timedelta(hours=2)))
    assert to_text(moment) == "2024-03-31T01:00:00.000000Z"


def test_years_before_1000_keep_the_width() -> None:
    assert to_text(datetime(7, 1, 1, tzinfo=UTC)) == "0007-01-01T00:00:00.000000Z"


def test_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        to_text(datetime(2024, 1, 1))  # noqa: DTZ001 - the point of the test


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-01-01",
        "2024-01-01T00:00:00.000000",
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00.000000+00:00",
        "2024-01-01T00:00:00.000000+02:00",
        "2024-01-01 00:00:00.000000Z",
        "2024-W01-1T00:00:00.000000Z",
        "2024-02-30T00:00:00.000000Z",
        "0001-01-01T00:00:00.000000+14:00",
    ],
)
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an instant"):
        from_text(text)


def test_people_are_told_an_instant_to_the_minute() -> None:
    assert to_the_minute("2024-02-29T23:59:59.999999Z") == "2024-02-29 23:59"
