"""Lines that figures are judged against, computed without loss."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pdca.indicators import limits as lines
from pdca.indicators.limits import Limits, Whole, exact, moving_ranges, rounded, whole, whole_of_texts


def fractions(*figures: str | int | None) -> list[Fraction | None]:
    return [None if figure is None else Fraction(figure) for figure in figures]


def run_chart(of: Whole) -> Limits | None:
    return lines.run_chart(of.measure, of.parts(0, len(of.numbers)))


def xmr_chart(of: Whole, lowest: Fraction | None = None, highest: Fraction | None = None) -> Limits | None:
    return lines.xmr_chart(of.measure, of.parts(0, len(of.numbers)), lowest, highest)


def numbers(*figures: str | int | None) -> Whole:
    return whole(fractions(*figures))


def test_limits_lie_at_the_mean_and_3_by_1_128_times_the_mean_moving_range() -> None:
    limits = xmr_chart(numbers(10, 12, 10, 12))
    assert limits
    assert limits.centre == 11
    assert limits.mean_range == 2
    assert limits.upper == 11 + Fraction(6000, 1128)
    assert limits.lower == 11 - Fraction(6000, 1128)
    assert limits.near_upper == 11 + Fraction(4000, 1128)
    assert limits.near_lower == 11 - Fraction(4000, 1128)
    assert limits.range_limit == Fraction("6.536")
    assert rounded(limits.upper, 2) == Decimal("16.32")


def test_figures_are_whole_numbers_of_the_largest_measure_that_fits_all_of_them() -> None:
    assert whole(fractions("1/2", None, "1/3", 2)) == (6, [3, None, 2, 12])
    assert whole([]) == (1, [])


def test_figures_kept_as_text_are_the_same_whole_numbers() -> None:
    for texts in (["12", None, "-3"], ["0.25", "12", None], []):
        assert whole_of_texts(texts) == whole([None if text is None else Decimal(text) for text in texts])


def test_a_gap_has_no_moving_range() -> None:
    assert moving_ranges(numbers(1, 4, None, 9, 8).numbers) == [None, 3, None, None, 1]
    limits = xmr_chart(numbers(1, 4, None, 9, 8))
    assert limits
    assert limits.mean_range == 2
    assert limits.centre == Fraction(22, 4)


def test_figures_that_never_stand_side_by_side_have_no_limits() -> None:
    assert xmr_chart(numbers(1, None, 2)) is None
    assert xmr_chart(whole([])) is None
    assert moving_ranges([]) == []


def test_a_jump_counts_in_the_mean_moving_range() -> None:
    limits = xmr_chart(numbers(*[0, 1] * 10, 100))
    assert limits
    assert limits.mean_range == Fraction(19 + 99, 20)


def test_a_limit_is_drawn_in_to_what_a_figure_can_be() -> None:
    limits = xmr_chart(numbers(0, 2, 0, 2), lowest=Fraction(0), highest=Fraction(3))
    assert limits
    assert limits.lower == limits.near_lower == 0
    assert limits.upper == limits.near_upper == 3
    free = xmr_chart(numbers(0, 2, 0, 2))
    assert free
    assert free.lower is not None
    assert free.lower < 0


def test_figures_that_do_not_vary_have_limits_at_the_mean() -> None:
    limits = xmr_chart(numbers(5, 5, 5))
    assert limits
    assert limits.lower == limits.centre == limits.upper == 5


@pytest.mark.parametrize(("figures", "median"), [((3, 1, 2), 2), ((4, 1, 2, 3), Fraction(5, 2)), ((7, None), 7)])
def test_a_run_chart_has_the_median_and_no_limits(figures: tuple[int | None, ...], median: Fraction) -> None:
    limits = run_chart(numbers(*figures))
    assert limits
    assert limits.centre == median
    assert limits.upper is limits.lower is limits.near_upper is limits.range_limit is None


def test_no_figures_have_no_median() -> None:
    assert run_chart(numbers(None, None)) is None


def test_a_mean_of_decimals_is_exact() -> None:
    limits = xmr_chart(whole([Decimal(figure) for figure in ("0.1", "0.2", "0.3")]))
    assert limits
    assert limits.centre == exact(Decimal("0.2"))


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(1, 3), 9, "0.333333333"),
        (Fraction(1, 8), 2, "0.12"),
        (Fraction(3, 8), 2, "0.38"),
        (Fraction(100), 9, "100"),
        (Fraction(-5, 10**10), 9, "0"),
        (Fraction(10**30) + Fraction(1, 3), 3, f"1{'0' * 30}.333"),
    ],
)
def test_a_computed_figure_is_rounded_half_to_even_and_has_no_zeros_at_its_end(
    value: Fraction, places: int, expected: str
) -> None:
    assert str(rounded(value, places)) == expected


def test_nothing_is_rounded_to_nothing() -> None:
    assert rounded(None) is None
    assert exact(None) is None
