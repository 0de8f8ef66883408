"""Changes are computed, and not where they mean nothing."""

from decimal import Decimal

import pytest

from pdca.indicators.change import Change, change


@pytest.mark.parametrize(
    ("before", "after", "absolute", "percent"),
    [
        ("602", "661", "59", "9.800664452"),
        ("15.7", "8.8", "-6.9", "-43.949044586"),
        ("5", "5", "0", "0"),
        ("4", "0", "-4", "-100"),
    ],
)
def test_a_change_is_a_difference_and_a_part_of_the_first_figure(
    before: str, after: str, absolute: str, percent: str
) -> None:
    assert change(Decimal(before), Decimal(after)) == Change(Decimal(absolute), Decimal(percent))


@pytest.mark.parametrize(("before", "after", "absolute"), [("0", "0", "0"), ("0", "7", "7"), ("-2", "3", "5")])
def test_of_nothing_or_less_no_percentage_is_defined(before: str, after: str, absolute: str) -> None:
    assert change(Decimal(before), Decimal(after)) == Change(Decimal(absolute), None)


@pytest.mark.parametrize(("before", "after"), [(None, Decimal(1)), (Decimal(1), None), (None, None)])
def test_from_or_to_what_is_missing_there_is_no_change(before: Decimal | None, after: Decimal | None) -> None:
    assert change(before, after) == Change(None, None)
