"""The lines that figures are judged against: a median, or a mean with limits. Exact, in fractions.

A run chart has a median. An XmR chart has the mean, and limits at the mean ± 3/1.128 times the mean moving range: the
2.66 of the books (Wheeler, *Understanding Variation*, 2000; NHS England, *Making data count*) before it is rounded.
1.128 is the expected range of two figures whose standard deviation is 1, so a limit lies three such deviations from the
mean, and the line *near* a limit two. The moving ranges have an upper limit of their own, 3.268 times their mean.

Decided, where books and programs differ (docs/explanation/reading-a-series.md):
- moving ranges beyond their own limit count in their mean like the others;
- a moving range needs two neighbouring figures, so there is none over a gap;
- a limit that lies beyond what a figure can be is drawn in to that, and no figure can be outside it.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Final, NamedTuple, TypeVar

EXPECTED_RANGE: Final = Fraction("1.128")
RANGE_LIMIT: Final = Fraction("3.268")
LIMIT: Final = 3
NEAR: Final = 2
PLACES: Final = 9
"""How many decimals a computed figure is rounded to, half to even, when it leaves as a decimal."""

Values = Sequence[Fraction | None]
"""Figures in order; None where one is missing."""
Exact = TypeVar("Exact", int, Fraction)


class Limits(NamedTuple):
    """The lines of one stretch. `centre` is the mean, or on a run chart the median; the other lines it has not."""

    centre: Fraction
    lower: Fraction | None = None
    upper: Fraction | None = None
    near_lower: Fraction | None = None
    near_upper: Fraction | None = None
    mean_range: Fraction | None = None
    range_limit: Fraction | None = None


def exact(value: Decimal | None) -> Fraction | None:
    """Give a figure as a fraction."""
    return None if value is None else Fraction(value)


def rounded(value: Fraction | None, places: int = PLACES) -> Decimal | None:
    """Give a computed figure as a decimal of at most so many places, without zeros at the end."""
    if value is None:
        return None
    scaled = value * 10**places
    whole = round(scaled)  # half to even
    with localcontext(prec=max(28, len(str(whole)) + 1), rounding=ROUND_HALF_EVEN):
        text = f"{Decimal(whole).scaleb(-places):f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def whole(values: Values) -> tuple[int, list[int | None]]:
    """Give figures as whole numbers of one measure, and how many of it make 1: as exact, and quicker to reckon with."""
    measure = lcm(*(value.denominator for value in values if value is not None))
    return measure, [None if value is None else value.numerator * (measure // value.denominator) for value in values]


def moving_ranges(values: Sequence[Exact | None]) -> list[Exact | None]:
    """Give how far each figure lies from the one before it; None for the first, and where either is missing."""
    ranges: list[Exact | None] = [None] if values else []
    ranges += [None if before is None or after is None else abs(after - before) for before, after in pairwise(values)]
    return ranges


def run_chart(values: Values) -> Limits | None:
    """Give the median of the figures; None without figures."""
    # Imported here: with it come random numbers, and who holds figures against a target asks for no median.
    from statistics import median

    present = [value for value in values if value is not None]
    return Limits(median(present)) if present else None


def xmr_chart(values: Values, lowest: Fraction | None = None, highest: Fraction | None = None) -> Limits | None:
    """Give mean and limits of the figures, drawn in to `lowest` and `highest`; None without a moving range."""
    measure, numbers = whole(values)
    present = [number for number in numbers if number is not None]
    ranges = [one for one in moving_ranges(numbers) if one is not None]
    if not ranges:
        return None
    mean = Fraction(sum(present), len(present) * measure)
    mean_range = Fraction(sum(ranges), len(ranges) * measure)
    deviation = mean_range / EXPECTED_RANGE

    def line(deviations: int) -> Fraction:
        at = mean + deviations * deviation
        at = at if lowest is None else max(at, lowest)
        return at if highest is None else min(at, highest)

    return Limits(
        centre=mean,
        lower=line(-LIMIT),
        upper=line(LIMIT),
        near_lower=line(-NEAR),
        near_upper=line(NEAR),
        mean_range=mean_range,
        range_limit=RANGE_LIMIT * mean_range,
    )
