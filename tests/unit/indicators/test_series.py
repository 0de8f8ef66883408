"""What makes a series, and where it is cut into stretches."""

from datetime import date
from decimal import Decimal

import pytest

from pdca.indicators.series import Baseline, Mark, Point, Series
from tests.unit.indicators.made import day, series


def test_what_is_missing_has_a_reason_and_no_figure() -> None:
    with pytest.raises(ValueError, match="a value or a reason"):
        Point("2020", date(2020, 12, 31))
    with pytest.raises(ValueError, match="a value or a reason"):
        Point("2020", date(2020, 12, 31), Decimal(0), "not counted")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_figure(value: str) -> None:
    with pytest.raises(ValueError, match="no figure"):
        Point("2020", date(2020, 12, 31), Decimal(value))


def test_periods_end_one_after_the_other() -> None:
    point = Point("2020", date(2020, 12, 31), Decimal(1))
    with pytest.raises(ValueError, match="one after the other"):
        Series((point, point))


def test_a_figure_lies_within_what_it_can_be() -> None:
    with pytest.raises(ValueError, match="outside what the figure can be"):
        series([1, 101], lowest="0", highest="100")
    with pytest.raises(ValueError, match="outside what the figure can be"):
        series([1, -1], lowest="0")
    assert len(series([0, 100], lowest="0", highest="100").points) == 2


@pytest.mark.parametrize(
    "baselines",
    [
        (Baseline(), Baseline()),
        (Baseline(day(4)), Baseline(day(4))),
        (Baseline(day(4)), Baseline(day(2))),
    ],
)
def test_baselines_begin_one_after_the_other(baselines: tuple[Baseline, ...]) -> None:
    with pytest.raises(ValueError, match="every baseline but the first"):
        Series((), baselines)


def cut(of: Series) -> list[tuple[int, int, str, int, bool]]:
    return [(one.start, one.stop, one.began, one.judged, one.locked) for one in of.stretches()]


def test_without_points_there_is_no_stretch() -> None:
    assert cut(series([])) == []


def test_without_a_baseline_all_points_are_judged() -> None:
    assert cut(series([1, 2, 3])) == [(0, 3, "series", 0, False)]


def test_a_baseline_that_is_not_locked_is_none_yet() -> None:
    assert cut(Series(series([1, 2, 3]).points, (Baseline(),))) == [(0, 3, "series", 0, False)]


def test_points_are_judged_after_the_locked_baseline() -> None:
    assert cut(series([1, 2, 3], baseline=2)) == [(0, 3, "series", 2, True)]


def test_a_period_that_ends_after_the_lock_is_judged() -> None:
    points = series([1, 2, 3]).points
    locked = Baseline(until=date(2020, 3, 30))  # the third period ends on the 31st
    assert points[2].ends == date(2020, 3, 31)
    assert Series(points, (locked,)).stretches()[0].judged == 2


def test_a_baseline_without_a_figure_is_none() -> None:
    assert cut(series([None, None, 3], baseline=2)) == [(0, 3, "series", 0, False)]


def test_a_break_ends_the_stretch_and_what_follows_has_no_baseline() -> None:
    assert cut(series([1, 2, 3, 4, 5], baseline=2, breaks=[3])) == [
        (0, 3, "series", 2, True),
        (3, 5, "break", 3, False),
    ]


def test_a_break_within_the_baseline_leaves_the_rest_of_it_as_baseline() -> None:
    assert cut(series([1, 2, 3, 4, 5], baseline=3, breaks=[1])) == [
        (0, 1, "series", 1, True),
        (1, 5, "break", 3, True),
    ]


def test_a_period_in_which_the_break_falls_belongs_to_what_comes_after() -> None:
    of = series([1, 2, 3])
    assert of.position(of.points[1].ends) == 1
    assert of.position(of.points[0].ends.replace(day=1)) == 0


def test_rebasing_begins_a_stretch_and_leaves_the_earlier_one() -> None:
    assert cut(series([1] * 10, baseline=2, rebased=(5, 3))) == [
        (0, 5, "series", 2, True),
        (5, 10, "rebased", 8, True),
    ]


def test_points_before_the_first_baseline_are_a_stretch_of_their_own() -> None:
    of = Series(series([1] * 6).points, (Baseline(day(2), day(3)),))
    assert cut(of) == [(0, 2, "series", 0, False), (2, 6, "baseline", 4, True)]


def test_what_lies_after_the_last_point_cuts_nothing() -> None:
    assert cut(series([1, 2], baseline=1, breaks=[7], rebased=(8, 2))) == [(0, 2, "series", 1, True)]


def test_marks_stand_at_the_period_that_they_fall_in_and_late_ones_at_the_last() -> None:
    of = series([1, 2, 3], marks=[(9, "late"), (1, "second"), (1, "second again")])
    assert {at: [mark.label for mark in marks] for at, marks in of.marks_at().items()} == {
        1: ["second", "second again"],
        2: ["late"],
    }
    assert Series((), marks=(Mark(day(0), "alone"),)).marks_at() == {}
