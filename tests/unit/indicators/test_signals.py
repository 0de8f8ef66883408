"""Each rule fires where it should, not one figure earlier, and as decided where programs differ."""

from fractions import Fraction

import pytest

from pdca.indicators.limits import Limits, whole
from pdca.indicators.signals import Rule, signals

LINES = Limits(Fraction(10), Fraction(1), Fraction(19), Fraction(4), Fraction(16))
RUN_CHART = Limits(Fraction(10))


def fired(rule: Rule, *figures: float | None, limits: Limits = LINES) -> list[tuple[str, tuple[int, ...]]]:
    values = [None if figure is None else Fraction(figure) for figure in figures]
    return [(one.side, one.at) for one in signals(whole(values), limits, 0, len(values)) if one.rule == rule]


def test_a_figure_beyond_a_limit_is_outside() -> None:
    assert fired("outside", 20, 10, 0) == [("higher", (0,)), ("lower", (2,))]


def test_a_figure_on_a_limit_is_inside() -> None:
    assert fired("outside", 19, 1) == []


def test_seven_on_one_side_are_a_run_and_six_are_none() -> None:
    assert fired("run", *[11, 12] * 3, 11, 9) == [("higher", (0, 1, 2, 3, 4, 5, 6))]
    assert fired("run", *[11, 12] * 3, 9) == []
    assert fired("run", 11, *[9, 8] * 4) == [("lower", (1, 2, 3, 4, 5, 6, 7, 8))]


def test_a_figure_on_the_centre_neither_counts_in_a_run_nor_breaks_it() -> None:
    assert fired("run", 11, 12, 11, 10, 12, 11, 12, 11) == [("higher", (0, 1, 2, 4, 5, 6, 7))]
    assert fired("run", 11, 12, 11, 10, 12, 11, 12) == []


def test_two_runs_are_two_signals() -> None:
    assert [side for side, _at in fired("run", *[12] * 7, *[8] * 7)] == ["higher", "lower"]


def test_seven_that_rise_or_fall_are_a_trend_and_six_are_none() -> None:
    assert fired("trend", 9, 6, 7, 8, 9, 10, 11, 12) == [("higher", (1, 2, 3, 4, 5, 6, 7))]
    assert fired("trend", 6, 7, 8, 9, 10, 11, 6) == []
    assert fired("trend", *range(16, 9, -1), 12) == [("lower", (0, 1, 2, 3, 4, 5, 6))]


def test_equal_neighbours_count_once_in_a_trend_and_do_not_break_it() -> None:
    assert fired("trend", 6, 7, 8, 8, 8, 9, 10, 11, 12) == [("higher", (0, 1, 2, 5, 6, 7, 8))]
    assert fired("trend", 6, 7, 8, 8, 9, 10, 11) == []


def test_the_turning_point_belongs_to_both_trends() -> None:
    assert fired("trend", *range(1, 8), *range(6, 0, -1)) == [
        ("higher", tuple(range(7))),
        ("lower", tuple(range(6, 13))),
    ]


def test_two_of_three_near_a_limit_are_a_signal_and_two_of_four_are_none() -> None:
    assert fired("near", 17, 10, 18, 10) == [("higher", (0, 2))]
    assert fired("near", 17, 10, 10, 18) == []
    assert fired("near", 2, 3) == [("lower", (0, 1))]


def test_two_of_three_have_to_be_near_the_same_limit() -> None:
    assert fired("near", 17, 3, 10) == []
    assert fired("near", 17, 3, 18) == [("higher", (0, 2))]


def test_a_figure_outside_counts_in_two_of_three() -> None:
    assert fired("near", 20, 10, 17) == [("higher", (0, 2))]


def test_a_figure_on_the_near_line_is_not_near() -> None:
    assert fired("near", 16, 16, 4, 4) == []


def test_stretches_of_two_of_three_are_one_signal_while_they_hang_together() -> None:
    assert fired("near", 17, 10, 18, 17, 10, 10, 17, 17) == [("higher", (0, 2, 3)), ("higher", (6, 7))]


@pytest.mark.parametrize(
    ("rule", "figures"),
    [
        ("run", [11, 12, 11, 12, None, 11, 12, 11]),
        ("trend", [6, 7, 8, None, 9, 10, 11, 12]),
        ("near", [17, None, 17]),
    ],
)
def test_nothing_is_read_over_a_gap(rule: Rule, figures: list[float | None]) -> None:
    assert fired(rule, *[figure for figure in figures if figure is not None])
    assert fired(rule, *figures) == []


def test_a_run_chart_knows_runs_and_trends_only() -> None:
    assert fired("outside", 100, limits=RUN_CHART) == []
    assert fired("near", 100, 100, limits=RUN_CHART) == []
    assert fired("run", *[11, 12] * 4, limits=RUN_CHART)
    assert fired("trend", *range(7), limits=RUN_CHART)


def test_only_the_figures_asked_for_are_seen() -> None:
    values = [Fraction(20)] * 8
    assert signals(whole(values), LINES, 2, 2) == ()
    assert {one.at[0] for one in signals(whole(values), LINES, 6, 8)} == {6, 7}
