"""What a series says by itself: per stretch its chart, its limits and its signals, and of the last one the variation.

*Variation* asks whether anything but chance is at work since the baseline, and whether for better or worse; whether the
target is met is another question, `pdca.indicators.assurance`. They are never put together into one mark.

- Below 12 figures a stretch is a run chart, from 12 on an XmR chart; a locked baseline of fewer than 5 figures gives no
  limits, and a run chart remains. Limits from fewer than 12 figures are *provisional*.
- With a locked baseline, the lines come from its figures and only later figures are judged, by rules that see later
  figures only. Without one, figures are judged against lines that they made themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Final, Literal, NamedTuple

from pdca.indicators import limits as lines
from pdca.indicators import signals as rules
from pdca.indicators.limits import Limits, Part, Whole
from pdca.indicators.series import Course, Series, Stretch
from pdca.indicators.signals import RUN, Signal
from pdca.indicators.target import Target

XMR_FROM: Final = 12
"""So many figures make an XmR chart, and so many in the baseline make its limits more than provisional."""

FEWEST_FOR_LIMITS: Final = 5

Chart = Literal["none", "run", "xmr"]


class Variation(Enum):
    """Whether something other than chance is at work, and for better or worse."""

    TOO_FEW = "too-few"
    COMMON = "common-cause"
    IMPROVING = "improving"
    WORSENING = "worsening"
    HIGHER = "higher"
    LOWER = "lower"
    BOTH_WAYS = "both-ways"


@dataclass(frozen=True)
class Read:
    """One stretch as read, of figures that are whole numbers `of` a measure. `limits` is None without any figure.

    `figures` and `baseline_figures` count what is not missing, in the stretch and in what its lines were made of. What
    the figures show is looked for when it is asked for.
    """

    of: Whole
    stretch: Stretch
    chart: Chart
    limits: Limits | None
    figures: int
    judged_figures: int
    baseline_figures: int

    @property
    def provisional(self) -> bool:
        """Whether the limits come from too few figures to rely on."""
        return self.chart == "xmr" and self.baseline_figures < XMR_FROM

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        """What the judged figures show."""
        return rules.signals(self.of, self.limits, self.stretch.judged, self.stretch.stop) if self.limits else ()

    @cached_property
    def latest(self) -> tuple[Signal, ...]:
        """The signals that end last: the ones that the variation is judged by."""
        return rules.latest(self.of, self.limits, self.stretch.judged, self.stretch.stop) if self.limits else ()

    @cached_property
    def baseline_signals(self) -> tuple[Signal, ...]:
        """What the baseline itself shows: with any it was not stable, and its limits promise too much."""
        return rules.signals(self.of, self.limits, self.stretch.start, self.stretch.judged) if self.limits else ()

    @property
    def jumps(self) -> tuple[int, ...]:
        """Positions whose moving range lies beyond its limit; they are shown, and no judgement leans on them."""
        if self.limits is None or self.limits.range_limit is None:
            return ()
        most = floor(self.limits.range_limit * self.of.measure)
        ranges = lines.moving_ranges(self.of.numbers[self.stretch.start : self.stretch.stop])
        judged = enumerate(ranges, self.stretch.start)
        return tuple(at for at, one in judged if at >= self.stretch.judged and one is not None and one > most)


class Reading(NamedTuple):
    """A series as read: its figures as whole numbers of a measure, and its stretches in order."""

    of: Whole
    stretches: tuple[Read, ...]

    @property
    def values(self) -> list[Fraction | None]:
        """Its figures as fractions."""
        measure, numbers = self.of
        return [None if number is None else Fraction(number, measure) for number in numbers]

    @property
    def now(self) -> Read | None:
        """The last stretch: the one that judgements are about."""
        return self.stretches[-1] if self.stretches else None


def read(series: Series) -> Reading:
    """Read a series."""
    return read_course(series.course)


def read_course(course: Course) -> Reading:
    """Read a series of which only is known how its figures ran."""
    bounds = lines.exact(course.lowest), lines.exact(course.highest)
    return Reading(course.figures, tuple(_read(stretch, course.figures, *bounds) for stretch in course.stretches()))


def _read(stretch: Stretch, of: Whole, lowest: Fraction | None, highest: Fraction | None) -> Read:
    source = judged = every = of.parts(stretch.start, stretch.stop)
    if stretch.locked:
        source, judged = of.parts(stretch.start, stretch.judged), of.parts(stretch.judged, stretch.stop)
    figures, baseline_figures = _count(every), _count(source)
    found = None
    if figures >= XMR_FROM and baseline_figures >= FEWEST_FOR_LIMITS:
        found = lines.xmr_chart(of.measure, source, lowest, highest)
    chart: Chart = "xmr" if found else "run"
    found = found or lines.run_chart(of.measure, source)
    if found is None:
        return Read(of, stretch, "none", None, 0, 0, 0)
    return Read(of, stretch, chart, found, figures, _count(judged), baseline_figures)


def _count(parts: Sequence[Part]) -> int:
    return sum([len(part.numbers) for part in parts])


def lasting(reading: Reading) -> bool:
    """Tell whether the latest signal includes the last figure; otherwise it was seen, and is over."""
    now = reading.now
    if now is None or not now.latest:
        return False
    last = max(at for at in range(now.stretch.start, now.stretch.stop) if reading.of.numbers[at] is not None)
    return now.latest[0].last == last


def variation(reading: Reading, target: Target | None = None) -> Variation:
    """Judge the last stretch by its latest signals; better and worse are in the direction of the target."""
    now = reading.now
    if now is None or not now.judged_figures:
        return Variation.TOO_FEW
    if not now.latest:
        # A run chart can show nothing before a run or a trend fits in it.
        return Variation.TOO_FEW if now.chart == "run" and now.judged_figures < RUN else Variation.COMMON
    seen = {_judged(signal, now, target) for signal in now.latest}
    return seen.pop() if len(seen) == 1 else Variation.BOTH_WAYS


def _judged(signal: Signal, now: Read, target: Target | None) -> Variation:
    direction = target.direction if target else "none"
    higher = signal.side == "higher"
    if direction in ("up", "down"):
        return Variation.IMPROVING if higher == (direction == "up") else Variation.WORSENING
    aimed = target.aimed() if target and direction in ("hold", "range") else None
    if aimed and now.limits:
        figures = [number for at in signal.at if (number := now.of.numbers[at]) is not None]
        mean = Fraction(sum(figures), len(figures) * now.of.measure)
        before, after = aimed.distance(now.limits.centre), aimed.distance(mean)
        if after != before:
            return Variation.IMPROVING if after < before else Variation.WORSENING
    return Variation.HIGHER if higher else Variation.LOWER
