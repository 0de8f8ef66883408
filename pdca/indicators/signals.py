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
from typing import Final, Literal, NamedTuple

from pdca.indicators.limits import Limits, Part, Whole

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


class _Lines(NamedTuple):
    """Two lines, or one twice, as whole numbers: a figure is beyond them above `high` and below `low`."""

    low: int
    high: int

    @classmethod
    def between(cls, lower: Fraction | None, upper: Fraction | None, measure: int) -> "_Lines | None":
        if lower is None or upper is None:
            return None
        return cls(-(-lower.numerator * measure // lower.denominator), upper.numerator * measure // upper.denominator)

    def beyond(self, numbers: Sequence[int]) -> bool:
        return max(numbers) > self.high or min(numbers) < self.low


def signals(of: Whole, limits: Limits, start: int, stop: int) -> tuple[Signal, ...]:
    """Give what the figures from position `start` up to `stop` show, in the order of their last figures."""
    return tuple(sorted((signal for rule in _rules(of, limits, start, stop) for signal in rule), key=_in_order))


def latest(of: Whole, limits: Limits, start: int, stop: int) -> tuple[Signal, ...]:
    """Give those of them that end last, and do not look for the others."""
    found = [signal for rule in _rules(of, limits, start, stop) if (signal := next(rule, None))]
    last = max((signal.last for signal in found), default=None)
    return tuple(sorted((signal for signal in found if signal.last == last), key=_in_order))


def _in_order(signal: Signal) -> tuple[int, Rule, tuple[int, ...]]:
    return signal.last, signal.rule, signal.at


def _rules(of: Whole, limits: Limits, start: int, stop: int) -> list[Iterator[Signal]]:
    """Give the signals of every rule and side, each as far as it is asked for: the one that ends last comes first."""
    parts = of.parts(start, stop)[::-1]
    centre = _Lines.between(limits.centre, limits.centre, of.measure)
    outer = _Lines.between(limits.lower, limits.upper, of.measure)
    near = _Lines.between(limits.near_lower, limits.near_upper, of.measure)
    rules = [_trends(parts)]
    rules += [_runs(parts, centre)] if centre else []
    rules += [_outside(parts, outer)] if outer else []
    rules += [_near(parts, near, side) for side in SIDES] if near else []
    return rules


def _outside(parts: Sequence[Part], lines: _Lines) -> Iterator[Signal]:
    low, high = lines
    for start, numbers in parts:
        if lines.beyond(numbers):
            for at in range(len(numbers) - 1, -1, -1):
                if not low <= numbers[at] <= high:
                    yield Signal("outside", "higher" if numbers[at] > high else "lower", (start + at,))


def _runs(parts: Sequence[Part], centre: _Lines) -> Iterator[Signal]:
    low, high = centre
    for start, numbers in parts:
        run: list[int] = []
        of: Side = "higher"
        for at in range(len(numbers) - 1, -1, -1):
            number = numbers[at]
            side: Side
            if number > high:
                side = "higher"
            elif number < low:
                side = "lower"
            else:
                continue
            if side is not of:
                yield from _long_enough("run", of, start, run, RUN)
                of, run = side, []
            run.append(at)
        yield from _long_enough("run", of, start, run, RUN)


def _trends(parts: Sequence[Part]) -> Iterator[Signal]:
    for start, numbers in parts:
        trend: list[int] = []
        of: Side = "higher"
        for at in range(len(numbers) - 1, -1, -1):
            number = numbers[at]
            # Of equal neighbours the first.
            if at and numbers[at - 1] == number:
                continue
            if trend:
                side: Side = "higher" if numbers[trend[-1]] > number else "lower"
                if side is not of:
                    yield from _long_enough("trend", of, start, trend, TREND)
                    of, trend = side, trend[-1:]
            trend.append(at)
        yield from _long_enough("trend", of, start, trend, TREND)


def _near(parts: Sequence[Part], lines: _Lines, side: Side) -> Iterator[Signal]:
    """Find stretches in which of every three successive figures two are near the limit of one side."""
    low, high = lines
    for start, numbers in parts:
        group: list[int] = []
        for at in range(len(numbers) - 1, -1, -1) if lines.beyond(numbers) else ():
            if (numbers[at] > high) if side == "higher" else (numbers[at] < low):
                if group and group[-1] - at > 2:  # noqa: PLR2004 - two of three: at most one figure between them
                    yield from _long_enough("near", side, start, group, 2)
                    group = []
                group.append(at)
        yield from _long_enough("near", side, start, group, 2)


def _long_enough(rule: Rule, side: Side, start: int, found: Sequence[int], least: int) -> Iterator[Signal]:
    """Make a signal of the positions in a part, the last first, when they are as many as it takes."""
    if len(found) >= least:
        yield Signal(rule, side, tuple([start + at for at in reversed(found)]))
