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
from operator import sub
from typing import Final, NamedTuple, cast

EXPECTED_RANGE: Final = Fraction("1.128")
RANGE_LIMIT: Final = Fraction("3.268")
LIMIT: Final = 3
NEAR: Final = 2
PLACES: Final = 9
"""How many decimals a computed figure is rounded to, half to even, when it leaves as a decimal."""

Values = Sequence[Fraction | Decimal | None]
"""Figures in order; None where one is missing."""


class Part(NamedTuple):
    """Figures that follow one another without a gap, and the position of the first."""

    start: int
    numbers: Sequence[int]


class Whole(NamedTuple):
    """Figures as whole numbers of one `measure`, of which so many make 1: as exact, and quicker to reckon with."""

    measure: int
    numbers: Sequence[int | None]

    def parts(self, start: int, stop: int) -> list[Part]:
        """Give the figures from one position up to another in the parts between what is missing."""
        numbers = self.numbers[start:stop]
        if None not in numbers:
            return [Part(start, cast("Sequence[int]", numbers))] if numbers else []
        parts: list[Part] = []
        part: list[int] = []
        for at, number in enumerate([*numbers, None], start):
            if number is not None:
                part.append(number)
            elif part:
                parts.append(Part(at - len(part), part))
                part = []
        return parts


class Limits(NamedTuple):
    """The lines of one stretch. `centre` is the mean, or on a run chart the median; the other lines it has not."""

    centre: Fraction
    lower: Fraction | None = None
    upper: Fraction | None = None
    near_lower: Fraction | None = None
    near_upper: Fraction | None = None
    mean_range: Fraction | None = None

    @property
    def range_limit(self) -> Fraction | None:
        """How far a figure may lie from the one before it, as far as chance goes."""
        return None if self.mean_range is None else RANGE_LIMIT * self.mean_range


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


def whole(values: Values) -> Whole:
    """Give figures as whole numbers of the largest measure that fits all of them."""
    ratios = [None if value is None else value.as_integer_ratio() for value in values]
    measure = lcm(*(ratio[1] for ratio in ratios if ratio is not None))
    return Whole(measure, [None if ratio is None else ratio[0] * (measure // ratio[1]) for ratio in ratios])


def whole_of_texts(texts: Sequence[str | None]) -> Whole:
    """Give figures as whole numbers that are kept as text."""
    try:
        if None in texts:
            return Whole(1, [None if text is None else int(text) for text in texts])
        return Whole(1, list(map(int, cast("Sequence[str]", texts))))
    except ValueError:  # one of them has decimals
        return whole([None if text is None else Decimal(text) for text in texts])


def moving_ranges(numbers: Sequence[int | None]) -> list[int | None]:
    """Give how far each figure lies from the one before it; None for the first, and where either is missing."""
    ranges: list[int | None] = [None] if numbers else []
    ranges += [None if before is None or after is None else abs(after - before) for before, after in pairwise(numbers)]
    return ranges


def run_chart(measure: int, parts: Sequence[Part]) -> Limits | None:
    """Give the median of figures that are whole numbers of a measure; None without figures."""
    present = sorted(number for part in parts for number in part.numbers)
    if not present:
        return None
    middle = len(present) // 2
    return Limits(Fraction(present[middle] + present[-middle - 1], 2 * measure))


def xmr_chart(
    measure: int, parts: Sequence[Part], lowest: Fraction | None = None, highest: Fraction | None = None
) -> Limits | None:
    """Give mean and limits of such figures, drawn in to `lowest` and `highest`; None without a moving range."""
    ranges = sum(len(part.numbers) - 1 for part in parts)
    if not ranges:
        return None
    mean = Fraction(sum(sum(part.numbers) for part in parts), sum(len(part.numbers) for part in parts) * measure)
    moved = sum(sum(map(abs, map(sub, part.numbers[1:], part.numbers))) for part in parts)
    mean_range = Fraction(moved, ranges * measure)
    deviation = mean_range / EXPECTED_RANGE
    # Over one denominator: to add fractions finds a common one each time.
    centre, wide = mean.numerator * deviation.denominator, deviation.numerator * mean.denominator
    over = mean.denominator * deviation.denominator

    def line(deviations: int) -> Fraction:
        at = Fraction(centre + deviations * wide, over)
        at = at if lowest is None else max(at, lowest)
        return at if highest is None else min(at, highest)

    return Limits(
        centre=mean,
        lower=line(-LIMIT),
        upper=line(LIMIT),
        near_lower=line(-NEAR),
        near_upper=line(NEAR),
        mean_range=mean_range,
    )
