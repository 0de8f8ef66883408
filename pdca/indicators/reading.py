"""What a series says by itself: per stretch its chart, its limits and its signals, and of the last one the variation.

*Variation* asks whether anything but chance is at work since the baseline, and whether for better or worse; whether the
target is met is another question, `pdca.indicators.assurance`. They are never put together into one mark.

- Below 12 figures a stretch is a run chart, from 12 on an XmR chart; a locked baseline of fewer than 5 figures gives no
  limits, and a run chart remains. Limits from fewer than 12 figures are *provisional*.
- With a locked baseline, the lines come from its figures and only later figures are judged, by rules that see later
  figures only. Without one, figures are judged against lines that they made themselves.
"""

from enum import Enum
from fractions import Fraction
from math import floor
from typing import Final, Literal, NamedTuple

from pdca.indicators import limits as lines
from pdca.indicators.limits import Limits, Values
from pdca.indicators.series import Series, Stretch
from pdca.indicators.signals import RUN, Signal, signals
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


class Read(NamedTuple):
    """One stretch as read. `limits` is None when it has no figure at all.

    `figures` and `baseline_figures` count what is not missing, in the stretch and in what its lines were made of.
    `signals` are of the judged figures, `baseline_signals` of the baseline itself: with any, the baseline was not
    stable and its limits promise too much. `jumps` are positions whose moving range lies beyond its limit; they are
    shown, and no judgement leans on them.
    """

    stretch: Stretch
    chart: Chart
    limits: Limits | None
    figures: int
    judged_figures: int
    baseline_figures: int
    signals: tuple[Signal, ...]
    baseline_signals: tuple[Signal, ...]
    jumps: tuple[int, ...]

    @property
    def provisional(self) -> bool:
        """Whether the limits come from too few figures to rely on."""
        return self.chart == "xmr" and self.baseline_figures < XMR_FROM


class Reading(NamedTuple):
    """A series as read: its figures as fractions, and its stretches in order."""

    values: Values
    stretches: tuple[Read, ...]

    @property
    def now(self) -> Read | None:
        """The last stretch: the one that judgements are about."""
        return self.stretches[-1] if self.stretches else None


def read(series: Series) -> Reading:
    """Read a series."""
    values = [lines.exact(point.value) for point in series.points]
    bounds = lines.exact(series.lowest), lines.exact(series.highest)
    return Reading(values, tuple(_read(stretch, values, *bounds) for stretch in series.stretches()))


def _read(stretch: Stretch, values: Values, lowest: Fraction | None, highest: Fraction | None) -> Read:
    source_stop = stretch.judged if stretch.locked else stretch.stop
    source = values[stretch.start : source_stop]
    figures = _count(values[stretch.start : stretch.stop])
    baseline_figures = _count(source)
    found = None
    if figures >= XMR_FROM and baseline_figures >= FEWEST_FOR_LIMITS:
        found = lines.xmr_chart(source, lowest, highest)
    chart: Chart = "xmr" if found else "run"
    found = found or lines.run_chart(source)
    if found is None:
        return Read(stretch, "none", None, 0, 0, 0, (), (), ())
    return Read(
        stretch,
        chart,
        found,
        figures,
        _count(values[stretch.judged : stretch.stop]),
        baseline_figures,
        signals(values, found, stretch.judged, stretch.stop),
        signals(values, found, stretch.start, stretch.judged),
        _jumps(values, found, stretch),
    )


def _count(values: Values) -> int:
    return sum(value is not None for value in values)


def _jumps(values: Values, limits: Limits, stretch: Stretch) -> tuple[int, ...]:
    if limits.range_limit is None:
        return ()
    measure, numbers = lines.whole(values[stretch.start : stretch.stop])
    most = floor(limits.range_limit * measure)
    ranges = enumerate(lines.moving_ranges(numbers), stretch.start)
    return tuple(at for at, one in ranges if at >= stretch.judged and one is not None and one > most)


def latest(now: Read) -> tuple[Signal, ...]:
    """Give the signals that end last: the ones that the variation is judged by."""
    last = max((signal.last for signal in now.signals), default=None)
    return tuple(signal for signal in now.signals if signal.last == last)


def lasting(reading: Reading) -> bool:
    """Tell whether the latest signal includes the last figure; otherwise it was seen, and is over."""
    now = reading.now
    if now is None or not now.signals:
        return False
    last = max(at for at in range(now.stretch.start, now.stretch.stop) if reading.values[at] is not None)
    return latest(now)[0].last == last


def variation(reading: Reading, target: Target | None = None) -> Variation:
    """Judge the last stretch by its latest signals; better and worse are in the direction of the target."""
    now = reading.now
    if now is None or not now.judged_figures:
        return Variation.TOO_FEW
    if not now.signals:
        # A run chart can show nothing before a run or a trend fits in it.
        return Variation.TOO_FEW if now.chart == "run" and now.judged_figures < RUN else Variation.COMMON
    seen = {_judged(signal, reading.values, now.limits, target) for signal in latest(now)}
    return seen.pop() if len(seen) == 1 else Variation.BOTH_WAYS


def _judged(signal: Signal, values: Values, limits: Limits | None, target: Target | None) -> Variation:
    direction = target.direction if target else "none"
    higher = signal.side == "higher"
    if direction in ("up", "down"):
        return Variation.IMPROVING if higher == (direction == "up") else Variation.WORSENING
    aimed = target.aimed() if target and direction in ("hold", "range") else None
    if aimed and limits:
        figures = [value for at in signal.at if (value := values[at]) is not None]
        before, after = aimed.distance(limits.centre), aimed.distance(sum(figures, Fraction()) / len(figures))
        if after != before:
            return Variation.IMPROVING if after < before else Variation.WORSENING
    return Variation.HIGHER if higher else Variation.LOWER
