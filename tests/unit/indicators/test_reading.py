"""Which chart a series gets, what its limits come from, and how its variation is judged."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from pdca.indicators.reading import Read, Variation, lasting, read, variation
from pdca.indicators.target import Direction, Target
from tests.unit.indicators.made import series

STEADY = [10, 12] * 6
"""Mean 11, limits near 5.7 and 16.3."""


def now(figures: Sequence[int | None], baseline: int | None = None, **more: object) -> Read:
    found = read(series(figures, baseline=baseline, **more)).now  # type: ignore[arg-type]
    assert found
    return found


def judged(figures: Sequence[int | None], direction: Direction, baseline: int | None = 12) -> Variation:
    target = Target(direction, operator="=", value=Decimal(8))
    return variation(read(series(figures, baseline=baseline)), target)


def test_below_12_figures_it_is_a_run_chart_and_from_12_an_xmr_chart() -> None:
    assert now(STEADY[:11]).chart == "run"
    assert now(STEADY).chart == "xmr"


def test_what_is_missing_does_not_count_towards_12() -> None:
    assert now([*STEADY[:11], None]).chart == "run"


def test_a_series_without_a_figure_has_no_chart() -> None:
    assert now([None, None]).chart == "none"
    assert variation(read(series([None, None]))) is Variation.TOO_FEW
    assert read(series([])).now is None
    assert variation(read(series([]))) is Variation.TOO_FEW


def test_limits_come_from_the_locked_baseline_only() -> None:
    later = [100, 200, 300]
    assert now([*STEADY, *later], 12).limits == now(STEADY, 12).limits
    assert now([*STEADY, *later]).limits != now(STEADY).limits


def test_limits_from_fewer_than_12_figures_are_provisional() -> None:
    assert now(STEADY, 11).provisional
    assert not now([*STEADY, 11], 12).provisional
    assert not now(STEADY[:6], 5).provisional  # a run chart promises no limits


def test_a_baseline_of_fewer_than_5_figures_gives_a_median_and_no_limits() -> None:
    few, enough = now([*STEADY, *STEADY], 4), now([*STEADY, *STEADY], 5)
    assert (few.chart, enough.chart) == ("run", "xmr")
    assert few.limits
    assert few.limits.centre == 11
    assert few.limits.upper is None


def test_a_baseline_whose_figures_are_never_neighbours_gives_no_limits() -> None:
    alone = [figure for pair in zip(STEADY[:6], [None] * 6, strict=True) for figure in pair]
    assert now([*alone, *STEADY], 12).chart == "run"


def test_only_figures_after_the_baseline_are_judged() -> None:
    wild = now([*STEADY[:11], 40, 11], 12)
    assert wild.signals == ()
    assert "outside" in {signal.rule for signal in wild.baseline_signals}


def test_a_run_that_began_in_the_baseline_counts_from_behind_it() -> None:
    # Eight on one side, two of them in the baseline, are six.
    assert now([*STEADY[:10], 12, 12, *[12] * 6], 12).signals == ()
    assert [one.at for one in now([*STEADY[:10], 12, 12, *[12] * 7], 12).signals] == [tuple(range(12, 19))]


def test_a_jump_between_figures_is_shown_and_judged_by_nothing() -> None:
    found = now([*STEADY, 7, 15, 11], 12)
    assert found.jumps == (13,)
    assert found.signals == ()
    assert now([*STEADY[:10], 10, 40, 12], 12).jumps == (12,)


def test_without_figures_after_the_baseline_there_is_too_little_to_say() -> None:
    assert judged(STEADY, "down") is Variation.TOO_FEW
    assert judged([*STEADY, None], "down") is Variation.TOO_FEW


def test_a_run_chart_says_nothing_before_seven_figures_are_judged() -> None:
    assert judged([10, 12, 11, 13, 9, 12], "down", None) is Variation.TOO_FEW
    assert judged([10, 12, 11, 13, 9, 12, 10], "down", None) is Variation.COMMON
    assert judged([1, 2, 3, 4, 5, 6, 7], "up", None) is Variation.IMPROVING


@pytest.mark.parametrize(
    ("direction", "up", "down"),
    [
        ("up", Variation.IMPROVING, Variation.WORSENING),
        ("down", Variation.WORSENING, Variation.IMPROVING),
        ("none", Variation.HIGHER, Variation.LOWER),
    ],
)
def test_better_and_worse_are_in_the_direction_of_the_target(
    direction: Direction, up: Variation, down: Variation
) -> None:
    assert judged([*STEADY, 30], direction) is up
    assert judged([*STEADY, 1], direction) is down
    assert judged([*STEADY, 11], direction) is Variation.COMMON


def test_without_a_target_it_is_higher_or_lower() -> None:
    assert variation(read(series([*STEADY, 30], baseline=12))) is Variation.HIGHER


@pytest.mark.parametrize("direction", ["hold", "range"])
def test_to_hold_is_better_when_nearer_and_worse_when_farther_whichever_side(direction: Direction) -> None:
    # The baseline lies at 11 and 8 is aimed at: 1 is seven away instead of three.
    assert judged([*STEADY, 1], direction) is Variation.WORSENING
    assert judged([*STEADY, 30], direction) is Variation.WORSENING
    assert judged([*STEADY, *[9] * 7], direction) is Variation.IMPROVING


def test_within_a_range_it_is_neither_better_nor_worse() -> None:
    target = Target("range", low=Decimal(0), high=Decimal(40))
    assert variation(read(series([*STEADY, 30], baseline=12)), target) is Variation.HIGHER


def test_above_a_range_is_not_better() -> None:
    target = Target("range", low=Decimal(9), high=Decimal(13))
    assert variation(read(series([*STEADY, 30], baseline=12)), target) is Variation.WORSENING


def test_the_latest_signal_decides_and_whether_it_lasts_is_told() -> None:
    over = read(series([*STEADY, 30, 11, 11], baseline=12))
    assert variation(over) is Variation.HIGHER
    assert not lasting(over)
    turned = read(series([*STEADY, 30, 11, 1], baseline=12))
    assert variation(turned) is Variation.LOWER
    assert lasting(turned)
    assert lasting(read(series([*STEADY, 30, None], baseline=12)))
    assert not lasting(read(series([])))


def test_signals_that_end_together_and_point_apart_are_both_ways() -> None:
    # Falling all the time, and yet above the limit at its end.
    assert judged([*STEADY, 48, 45, 42, 39, 36, 33, 30], "down") is Variation.BOTH_WAYS


def test_what_is_judged_is_the_stretch_after_the_last_break() -> None:
    found = read(series([*STEADY, 30, *STEADY], baseline=12, breaks=[13]))
    assert [one.chart for one in found.stretches] == ["xmr", "xmr"]
    assert found.stretches[0].signals
    assert variation(found) is Variation.COMMON


def test_after_rebasing_the_earlier_limits_stay_and_later_figures_are_judged_by_theirs() -> None:
    figures = [*STEADY, *[30, 32] * 6, 31]
    before = read(series(figures, baseline=12)).stretches[0]
    found = read(series(figures, baseline=12, rebased=(12, 12)))
    assert found.stretches[0].limits == before.limits
    assert variation(found) is Variation.COMMON
    assert variation(read(series(figures, baseline=12))) is Variation.HIGHER
