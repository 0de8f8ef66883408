"""From what is recorded of an indicator to a series that can be read, and the target that it is held against.

- Only periods of one length are compared: of the length that most figures have, and of two such the newest. Figures
  about other periods are left out, and named.
- The baseline is what went before the first start of a plan that is measured, or where there is no figure from before
  it, of the next. Until a plan has started, none is locked. A plan that starts later moves nothing: another baseline is
  decided in Adjust, holds from the first day of its period, and takes the place of those that begin there or later.
- What happened before the first period is not marked.
- What is counted cannot fall below 0, and neither can a part of a whole (`%` and nothing more). What people are asked
  may be any figure, and so may a percentage of something else and whatever was below 0 once; a place in a list begins
  at 1. Nothing is said of the highest: more can be done than was planned.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, cast

from pdca.indicators.judging import RANGE, TargetRow, direction_of, due_of, replaced
from pdca.indicators.known import Columns, HeldFigure, in_columns
from pdca.indicators.limits import Whole, whole_of_texts
from pdca.indicators.series import Baseline, Break, Course, Mark, Point, Series
from pdca.indicators.target import Direction, Kind, Operator, Target
from pdca.periods import Period, as_long, parse_period
from pdca.store.driver import Row
from pdca.targets import still_open
from pdca.units import Unit, is_part, is_rank, is_share

ASKED: Final = "subjective"


class Step(NamedTuple):
    """A step of a plan into another phase of PDCA, on a local day; `says` is how it is told in a few words."""

    plan_id: str
    on: date
    before: str
    after: str
    says: str


class Measured(NamedTuple):
    """A plan that is measured: its steps in order, and from which periods it was re-based, by the instant of that."""

    steps: tuple[Step, ...] = ()
    rebased: tuple[tuple[str, Period], ...] = ()

    @property
    def started(self) -> date | None:
        """The day on which it first went to Do."""
        return next((step.on for step in self.steps if step.after == "do"), None)


class Recorded(NamedTuple):
    """A series as it is recorded, with the steps marked on it and the periods that were left out.

    `target` is the one that figures are held against, and `stated` how it is recorded; both None when there is none.
    """

    series: Series
    steps: tuple[Step, ...]
    left_out: tuple[str, ...]
    target: Target | None
    stated: TargetRow | None


class Judged(NamedTuple):
    """As much of a recorded series as judges it: how its figures ran, what is aimed at, and how that is recorded."""

    course: Course
    target: Target | None
    stated: TargetRow | None


def recorded(
    kind: str,
    unit: Unit,
    held: Sequence[HeldFigure],
    breaks: Sequence[Row],
    targets: Sequence[TargetRow],
    plans: Sequence[Measured],
) -> Recorded:
    """Make the series of an indicator of this kind, in this unit; it has no points when no figure has a value."""
    figures = in_columns(held)
    kept = _of_one_length(figures)
    compared = figures.only(kept)
    judged = _judged(kind, unit, compared, breaks, targets, plans)
    periods = compared.periods.each
    shown = {period.text for period in periods}
    broken = compared.broken(breaks)
    steps = tuple(sorted((step for plan in plans for step in plan.steps), key=lambda step: step.on))
    return Recorded(
        Series(
            tuple(_point(held[at]) for at in kept),
            judged.course.baselines,
            tuple(Break(periods[at].last_day, why) for at, why in broken.items()),
            tuple(Mark(step.on, step.says) for step in steps if kept and step.on >= periods[0].first_day),
            lowest=judged.course.lowest,
        ),
        steps,
        tuple(period.text for period in figures.periods.each if period.text not in shown),
        judged.target,
        judged.stated,
    )


def judged(
    kind: str,
    unit: Unit,
    figures: Columns,
    breaks: Sequence[Row],
    targets: Sequence[TargetRow],
    plans: Sequence[Measured],
) -> Judged:
    """Give how the series that `recorded` makes ran, without making it."""
    return _judged(kind, unit, figures.only(_of_one_length(figures)), breaks, targets, plans)


def _judged(
    kind: str,
    unit: Unit,
    compared: Columns,
    breaks: Sequence[Row],
    targets: Sequence[TargetRow],
    plans: Sequence[Measured],
) -> Judged:
    (periods, ends, _alike), values, _scopes = compared
    numbers = whole_of_texts(values)
    first = next((end for end, value in zip(ends, values, strict=True) if value is not None), date.max)
    course = Course(
        ends,
        numbers,
        _baselines(plans, first),
        tuple(ends[at] for at in compared.broken(breaks)),
        _lowest(kind, unit, numbers),
    )
    last = next((at for at in range(len(values) - 1, -1, -1) if values[at] is not None), None)
    row = _target_of(targets, None if last is None else periods[last])
    return Judged(course, aim(row, unit, periods[-1] if periods else None) if row else None, row)


def aim(row: TargetRow, unit: Unit, like: Period | None = None) -> Target:
    """Give a target as it is recorded in the form that figures are held against, which are about periods `like` one."""
    direction = cast("Direction", direction_of(row) or "none")
    if row["op"] is None or row["value"] is None:
        return Target(direction, "undetermined" if still_open(row) else "words")
    if like is not None and not _as_long(row, like):
        return Target(direction, "other_length")
    kind: Kind = "rank" if is_rank(unit) else "number"
    if row["op"] == RANGE:
        return Target(direction, kind, low=Decimal(row["value"]), high=Decimal(row["upto"]))
    return Target(direction, kind, operator=cast("Operator", row["op"]), value=Decimal(row["value"]))


def _target_of(targets: Sequence[TargetRow], newest: Period | None) -> TargetRow | None:
    """Find the target that a figure about the newest period comes under, among those that were not replaced.

    It is the first that falls due when its period ends or later, where all were due before it, and without a figure,
    the last; of a period as long as the figures are about, where there is one. One without any time comes after all.
    """
    gone = replaced(targets)
    standing = [row for row in targets if row["number"] not in gone]
    if newest is not None:
        standing = [row for row in standing if _as_long(row, newest)] or standing
        to_come = [due for row in standing if (due := due_of(row)) and due >= newest.last_day]
        standing = [row for row in standing if due_of(row) == min(to_come)] if to_come else standing
    return max(standing, key=lambda row: (due_of(row) or date.min, row["number"]), default=None)


def _as_long(row: TargetRow, period: Period) -> bool:
    """Tell whether figures about periods of a length can be held against a target; one of no period says of none."""
    return row["period"] is None or parse_period(row["period"]).as_long_as(period)


def _of_one_length(figures: Columns) -> Sequence[int]:
    """Give the positions of those about periods as long as most; of two that end together the one with a value."""
    (periods, ends, alike), values, _scopes = figures
    if all(value is None for value in values):
        return []
    # Mostly every one compares with every other.
    if alike:
        return range(len(values))
    measured = [at for at, value in enumerate(values) if value is not None]
    days = [period.days for period in periods]
    many = Counter([days[at] for at in measured])
    as_many = {each: sum(many[other] for other in many if as_long(each, other)) for each in many}
    most = max(as_many.values())
    of_most = [at for at in measured if as_many[days[at]] == most]
    newest = ends[of_most[-1]]
    like = next(days[at] for at in of_most if ends[at] == newest)
    kept = [at for at, length in enumerate(days) if as_long(length, like)]
    ending = {ends[at]: at for at in kept if values[at] is None}
    ending.update({ends[at]: at for at in kept if values[at] is not None})
    return sorted(ending.values())


def _point(one: HeldFigure) -> Point:
    value, figure = one.value, one.figure
    return Point(
        one.period.text,
        one.period.last_day,
        value,
        # A reason that was erased on purpose leaves the figure missing all the same.
        "" if value is not None else figure["missing_reason"] or "…",
        approximate=bool(figure["approximate"]),
    )


def _baselines(plans: Sequence[Measured], first: date) -> tuple[Baseline, ...]:
    """Give the baselines of a series whose first figure is about a period that ends on the day `first`."""
    starts = sorted(plan.started for plan in plans if plan.started is not None)
    behind = [start for start in starts if start >= first]
    found = [Baseline(until=min(behind or starts, default=None))]
    for _at, period in sorted((one for plan in plans for one in plan.rebased), key=lambda one: one[0]):
        while found[-1].since is not None and found[-1].since >= period.first_day:
            found.pop()
        found.append(Baseline(period.first_day, period.last_day))
    return tuple(found)


def _lowest(kind: str, unit: Unit, figures: Whole) -> Decimal | None:
    if is_rank(unit):
        lowest = 1
    elif is_part(unit) or (kind != ASKED and not is_share(unit)):
        lowest = 0
    else:
        return None
    least = min([min(part.numbers) for part in figures.parts(0, len(figures.numbers))], default=None)
    return None if least is not None and least < lowest * figures.measure else Decimal(lowest)
