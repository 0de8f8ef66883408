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
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, cast

from pdca.indicators.judging import RANGE, TargetRow, direction_of, due_of, replaced
from pdca.indicators.known import HeldFigure, parted
from pdca.indicators.series import Baseline, Break, Mark, Point, Series
from pdca.indicators.target import Direction, Kind, Operator, Target
from pdca.periods import Period, parse_period
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


def recorded(
    kind: str,
    unit: Unit,
    held: Sequence[HeldFigure],
    breaks: Iterable[Row],
    targets: Sequence[TargetRow],
    plans: Sequence[Measured],
) -> Recorded:
    """Make the series of an indicator of this kind, in this unit; it has no points when no figure has a value."""
    kept, left_out = _of_one_length(held)
    compared = parted(kept, breaks)
    points = tuple(_point(one) for one in compared)
    steps = tuple(sorted((step for plan in plans for step in plan.steps), key=lambda step: step.on))
    row = _target_of(targets, compared)
    return Recorded(
        Series(
            points,
            _baselines(plans, points),
            tuple(Break(one.period.last_day, one.broken) for one in compared if one.broken is not None),
            tuple(Mark(step.on, step.says) for step in steps if compared and step.on >= compared[0].period.first_day),
            lowest=_lowest(kind, unit, points),
        ),
        steps,
        tuple(left_out),
        aim(row, unit, compared[-1].period if compared else None) if row else None,
        row,
    )


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


def _target_of(targets: Sequence[TargetRow], compared: Sequence[HeldFigure]) -> TargetRow | None:
    """Find the target that the newest figure comes under, among those that were not replaced.

    It is the first that falls due when its period ends or later, where all were due before it, and without a figure,
    the last; of a period as long as the figures are about, where there is one. One without any time comes after all.
    """
    gone = replaced(targets)
    standing = [row for row in targets if row["number"] not in gone]
    newest = next((one.period for one in reversed(compared) if one.value is not None), None)
    if newest is not None:
        standing = [row for row in standing if _as_long(row, newest)] or standing
        to_come = [due for row in standing if (due := due_of(row)) and due >= newest.last_day]
        standing = [row for row in standing if due_of(row) == min(to_come)] if to_come else standing
    return max(standing, key=lambda row: (due_of(row) or date.min, row["number"]), default=None)


def _as_long(row: TargetRow, period: Period) -> bool:
    """Tell whether figures about periods of a length can be held against a target; one of no period says of none."""
    return row["period"] is None or parse_period(row["period"]).as_long_as(period)


def _of_one_length(held: Sequence[HeldFigure]) -> tuple[list[HeldFigure], list[str]]:
    """Part figures about periods as long as most from the others; of two that end together the one with a value."""
    measured = [one.period for one in held if one.value is not None]
    if not measured:
        return [], []
    of_length = {period.days: period for period in measured}
    many = Counter(period.days for period in measured)
    alike = {
        days: sum(many[other] for other, period in of_length.items() if period.as_long_as(one))
        for days, one in of_length.items()
    }
    like = max(measured, key=lambda period: (alike[period.days], period.last_day))
    kept: dict[date, HeldFigure] = {}
    for one in held:
        if one.period.as_long_as(like):
            there = kept.get(one.period.last_day)
            if there is None or there.value is None or one.value is not None:
                kept[one.period.last_day] = one
    shown = {one.period.text for one in kept.values()}
    return list(kept.values()), [one.period.text for one in held if one.period.text not in shown]


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


def _baselines(plans: Sequence[Measured], points: Sequence[Point]) -> tuple[Baseline, ...]:
    first = min((point.ends for point in points if point.value is not None), default=date.max)
    starts = sorted(plan.started for plan in plans if plan.started is not None)
    behind = [start for start in starts if start >= first]
    found = [Baseline(until=min(behind or starts, default=None))]
    for _at, period in sorted((one for plan in plans for one in plan.rebased), key=lambda one: one[0]):
        while found[-1].since is not None and found[-1].since >= period.first_day:
            found.pop()
        found.append(Baseline(period.first_day, period.last_day))
    return tuple(found)


def _lowest(kind: str, unit: Unit, points: Sequence[Point]) -> Decimal | None:
    if is_rank(unit):
        lowest = Decimal(1)
    elif is_part(unit) or (kind != ASKED and not is_share(unit)):
        lowest = Decimal(0)
    else:
        return None
    below = any(point.value is not None and point.value < lowest for point in points)
    return None if below else lowest
