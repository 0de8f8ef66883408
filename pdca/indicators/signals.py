"""The rules by which figures show that something other than chance is at work (a special cause).

Four rules: outside a limit, a run on one side of the centre, a trend, two of three near a limit (NHS England, *Making
data count*; the last one from Western Electric, *Statistical Quality Control Handbook*, 1956). A run chart, which has
no limits, knows the second and third. There, seven is stricter than the six (run) and five (trend) of Perla, Provost
and Murray, *The run chart*, BMJ Quality & Safety 20, 2011: one number for both charts, and fewer false alarms.

Decided, where books and programs differ (docs/explanation/reading-a-series.md):
- a figure *on* a line is not beyond it;
- a figure on the centre line is passed over by a run: it does not count and does not break;
- of equal neighbours in a trend only the first counts: the others do not count and do not break;
- a figure outside a limit is near it too, and counts in two of three;
- two neighbours near a limit are two of three, whatever stands before or behind them;
- nothing is read over a gap: a missing figure ends a run, a trend and two of three.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from pdca.indicators.limits import Limits, Values

RUN: Final = 7
TREND: Final = 7

Rule = Literal["outside", "run", "trend", "near"]
Side = Literal["higher", "lower"]
SIDES: Final[tuple[Side, ...]] = ("higher", "lower")


class Signal(NamedTuple):
    """A rule that fired, where it points, and the positions of the figures that made it fire, in order."""

    rule: Rule
    side: Side
    at: tuple[int, ...]

    @property
    def last(self) -> int:
        """The position of its last figure."""
        return self.at[-1]


Figures = Sequence[tuple[int, Fraction]]


def signals(values: Values, limits: Limits, start: int, stop: int) -> tuple[Signal, ...]:
    """Give what the figures from position `start` up to `stop` show, in the order of their last figures."""
    found = [signal for part in _without_gaps(values, start, stop) for signal in _of_part(part, limits)]
    return tuple(sorted(found, key=lambda signal: (signal.last, signal.rule, signal.at)))


def _without_gaps(values: Values, start: int, stop: int) -> Iterator[Figures]:
    part: list[tuple[int, Fraction]] = []
    for at in range(start, stop):
        value = values[at]
        if value is not None:
            part.append((at, value))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _of_part(part: Figures, limits: Limits) -> Iterator[Signal]:
    yield from _outside(part, limits)
    yield from _runs(part, limits.centre)
    yield from _trends(part)
    yield from _near(part, limits)


def _side(value: Fraction, lower: Fraction | None, upper: Fraction | None) -> Side | None:
    if upper is not None and value > upper:
        return "higher"
    if lower is not None and value < lower:
        return "lower"
    return None


def _outside(part: Figures, limits: Limits) -> Iterator[Signal]:
    for at, value in part:
        side = _side(value, limits.lower, limits.upper)
        if side:
            yield Signal("outside", side, (at,))


def _runs(part: Figures, centre: Fraction) -> Iterator[Signal]:
    run: list[int] = []
    of: Side | None = None
    for at, value in part:
        side = _side(value, centre, centre)
        if side is None:
            continue
        if side != of:
            yield from _long_enough("run", of, run, RUN)
            of, run = side, []
        run.append(at)
    yield from _long_enough("run", of, run, RUN)


def _trends(part: Figures) -> Iterator[Signal]:
    trend: list[int] = [part[0][0]]
    of: Side | None = None
    for (_at, before), (at, value) in pairwise(part):
        side = _side(value, before, before)
        if side is None:
            continue
        if side != of:
            yield from _long_enough("trend", of, trend, TREND)
            of, trend = side, trend[-1:]
        trend.append(at)
    yield from _long_enough("trend", of, trend, TREND)


def _long_enough(rule: Rule, side: Side | None, at: list[int], least: int) -> Iterator[Signal]:
    if side and len(at) >= least:
        yield Signal(rule, side, tuple(at))


def _near(part: Figures, limits: Limits) -> Iterator[Signal]:
    """Find stretches in which of every three successive figures two are near the limit of one side."""
    sides = [(at, _side(value, limits.near_lower, limits.near_upper)) for at, value in part]
    for wanted in SIDES:
        near = [position for position, (_, side) in enumerate(sides) if side == wanted]
        group: list[int] = near[:1]
        for before, after in pairwise(near):
            if after - before > 2:  # noqa: PLR2004 - two of three: at most one figure between them
                yield from _long_enough("near", wanted, [sides[position][0] for position in group], 2)
                group = []
            group.append(after)
        yield from _long_enough("near", wanted, [sides[position][0] for position in group], 2)
