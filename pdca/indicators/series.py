"""A series of figures as it comes in: points in order, what holds apart parts of it, and what is marked on it.

All of it is given; nothing here reads a clock or a database. Figures are decimals and stay exact.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from pdca.indicators.limits import Whole, whole


@dataclass(frozen=True, slots=True)
class Point:
    """The figure of one period, or why there is none.

    `period` is the period as people write it, `ends` its last day. Exactly one of `value` and `missing` is given: what
    is missing is never 0, and always has a reason. A ValueError says what is wrong.
    """

    period: str
    ends: date
    value: Decimal | None = None
    missing: str = ""
    approximate: bool = False

    def __post_init__(self) -> None:
        if (self.value is None) == (not self.missing):
            message = f"{self.period}: a point has a value or a reason why it is missing"
            raise ValueError(message)
        if self.value is not None and not self.value.is_finite():
            message = f"{self.period}: {self.value} is no figure"
            raise ValueError(message)


class Baseline(NamedTuple):
    """From when to when (both included) points are what later ones are judged against.

    `since` None: from the beginning. `until` None: not locked yet, as long as the plan is in Plan. A period belongs to
    the baseline when its last day does. Every baseline after the first is a re-basing: points from its `since` on are
    judged by it, earlier ones stay judged as they were.
    """

    since: date | None = None
    until: date | None = None


class Break(NamedTuple):
    """A day from which the figures count something else, so that no trend goes over it.

    The period in which the day falls belongs to what comes after: part of it was counted the other way already.
    """

    on: date
    why: str


class Mark(NamedTuple):
    """Something that happened on a day, such as a step of the plan, shown at the period that it falls in."""

    on: date
    label: str


Beginning = Literal["series", "break", "baseline", "rebased"]


class Stretch(NamedTuple):
    """Points `start` up to `stop` (not included), which are read together, and what made the stretch begin.

    `judged` is the position from which points are judged. With a locked baseline it lies behind it; without one it is
    `start`, and all points of the stretch are judged against themselves.
    """

    start: int
    stop: int
    began: Beginning
    judged: int
    locked: bool


class Course(NamedTuple):
    """How figures ran: all that they are judged by, without what is told of each.

    `ends` are the last days of their periods, one after the other, `breaks` the days from which they count something
    else; the rest is as in `Series`.
    """

    ends: Sequence[date]
    figures: Whole
    baselines: tuple[Baseline, ...] = ()
    breaks: tuple[date, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None

    def position(self, on: date) -> int:
        """Give the position of the first figure whose period ends on `on` or later; one past the last without any."""
        return next((at for at, end in enumerate(self.ends) if end >= on), len(self.ends))

    def stretches(self) -> tuple[Stretch, ...]:
        """Cut the figures where they break and where they are re-based; there is no stretch without figures."""
        return tuple(self._stretches())

    def _stretches(self) -> Iterator[Stretch]:
        end = len(self.ends)
        begins: dict[int, Beginning] = {0: "series"}
        for number, baseline in enumerate(self.baselines):
            at = 0 if baseline.since is None else self.position(baseline.since)
            if at > 0:
                begins[at] = "rebased" if number else "baseline"
        begins.update({at: "break" for at in map(self.position, self.breaks) if at > 0})
        starts = sorted(at for at in begins if at < end)
        for start, stop in pairwise([*starts, end]):
            judged = self._baseline_ends(start, stop)
            yield Stretch(start, stop, begins[start], start if judged is None else judged, judged is not None)

    def _baseline_ends(self, start: int, stop: int) -> int | None:
        """Give the position behind the locked baseline of a stretch; None when it has none with a figure in it."""
        until = None
        for baseline in self.baselines:
            if baseline.since is None or self.position(baseline.since) <= start:
                until = baseline.until
        if until is None:
            return None
        behind = start + sum(end <= until for end in self.ends[start:stop])
        return behind if any(number is not None for number in self.figures.numbers[start:behind]) else None


@dataclass(frozen=True)
class Series:
    """The points of one indicator in the order of their periods, with baselines in order, breaks and marks.

    `lowest` and `highest` are what a figure can be at all: 0 for a count, 0 and 100 for a percentage of a whole.
    A ValueError says what is wrong.
    """

    points: tuple[Point, ...]
    baselines: tuple[Baseline, ...] = ()
    breaks: tuple[Break, ...] = ()
    marks: tuple[Mark, ...] = ()
    lowest: Decimal | None = None
    highest: Decimal | None = None

    def __post_init__(self) -> None:
        if any(after.ends <= before.ends for before, after in pairwise(self.points)):
            message = "the periods of a series end one after the other"
            raise ValueError(message)
        if any(
            after.since is None or (before.since is not None and after.since <= before.since)
            for before, after in pairwise(self.baselines)
        ):
            message = "every baseline but the first begins on a day, later than the one before it"
            raise ValueError(message)
        for point in self.points:
            value = point.value
            if value is not None and (
                (self.lowest is not None and value < self.lowest) or (self.highest is not None and value > self.highest)
            ):
                message = f"{point.period}: {value} lies outside what the figure can be"
                raise ValueError(message)

    @cached_property
    def course(self) -> Course:
        """How its figures ran."""
        ends, values = tuple(point.ends for point in self.points), [point.value for point in self.points]
        days = tuple(one.on for one in self.breaks)
        return Course(ends, whole(values), self.baselines, days, self.lowest, self.highest)

    def position(self, on: date) -> int:
        """Give the position of the first point whose period ends on `on` or later; one past the last when none does."""
        return self.course.position(on)

    def breaks_at(self) -> dict[int, str]:
        """Give why the series breaks, by the position of the first point after the break."""
        return {self.position(one.on): one.why for one in self.breaks}

    def marks_at(self) -> dict[int, list[Mark]]:
        """Give the marks in order, by the position of the point they are shown at: what came later, at the last one."""
        found: dict[int, list[Mark]] = {}
        for mark in sorted(self.marks, key=lambda mark: mark.on):
            at = min(self.position(mark.on), len(self.points) - 1)
            if at >= 0:
                found.setdefault(at, []).append(mark)
        return found

    def stretches(self) -> tuple[Stretch, ...]:
        """Cut the series where it breaks and where it is re-based; there is none without points."""
        return self.course.stretches()
