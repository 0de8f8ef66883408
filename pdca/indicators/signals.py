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
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from pdca.indicators.limits import Limits, Values, whole

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


Figures = Sequence[tuple[int, int]]
"""The positions of figures that follow one another, with these as whole numbers of some measure."""


class _Lines(NamedTuple):
    """The lines that a rule looks at, in the measure of the figures."""

    centre: int | None
    lower: int | None
    upper: int | None
    near_lower: int | None
    near_upper: int | None


def signals(values: Values, limits: Limits, start: int, stop: int) -> tuple[Signal, ...]:
    """Give what the figures from position `start` up to `stop` show, in the order of their last figures."""
    lines = (limits.centre, limits.lower, limits.upper, limits.near_lower, limits.near_upper)
    _measure, numbers = whole([*values[start:stop], *lines])
    figures, at_lines = numbers[: stop - start], _Lines(*numbers[stop - start :])
    found = [signal for part in _without_gaps(figures, start) for signal in _of_part(part, at_lines)]
    return tuple(sorted(found, key=lambda signal: (signal.last, signal.rule, signal.at)))


def _without_gaps(figures: Sequence[int | None], start: int) -> Iterator[Figures]:
    part: list[tuple[int, int]] = []
    for at, value in enumerate(figures, start):
        if value is not None:
            part.append((at, value))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _of_part(part: Figures, lines: _Lines) -> Iterator[Signal]:
    yield from _outside(part, lines)
    yield from _runs(part, lines.centre)
    yield from _trends(part)
    yield from _near(part, lines)


def _side(value: int, lower: int | None, upper: int | None) -> Side | None:
    if upper is not None and value > upper:
        return "higher"
    if lower is not None and value < lower:
        return "lower"
    return None


def _outside(part: Figures, lines: _Lines) -> Iterator[Signal]:
    for at, value in part:
        side = _side(value, lines.lower, lines.upper)
        if side:
            yield Signal("outside", side, (at,))


def _runs(part: Figures, centre: int | None) -> Iterator[Signal]:
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


def _near(part: Figures, lines: _Lines) -> Iterator[Signal]:
    """Find stretches in which of every three successive figures two are near the limit of one side."""
    sides = [(at, _side(value, lines.near_lower, lines.near_upper)) for at, value in part]
    for wanted in SIDES:
        near = [position for position, (_, side) in enumerate(sides) if side == wanted]
        group: list[int] = near[:1]
        for before, after in pairwise(near):
            if after - before > 2:  # noqa: PLR2004 - two of three: at most one figure between them
                yield from _long_enough("near", wanted, [sides[position][0] for position in group], 2)
                group = []
            group.append(after)
        yield from _long_enough("near", wanted, [sides[position][0] for position in group], 2)
