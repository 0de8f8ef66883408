"""How a result stands to a target: more than met and not met.

A published account knows results that are absent, partly there or too late, targets on work that only renders account,
no target, and results that are not linked to their target. No figure is judged twice, and none that nobody gave.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple

from pdca.indicators.known import HeldFigure, before, last_of
from pdca.indicators.limits import exact
from pdca.indicators.target import Aimed
from pdca.periods import parse_period
from pdca.targets import determines, still_open, time_of
from workflows.schedule import parse_stated

TargetRow = Mapping[str, Any]

RANGE: Final = "range"

_DIRECTION_OF: Final = {"<": "down", "<=": "down", ">": "up", ">=": "up", "=": "hold", "range": "range"}


class Judgement(NamedTuple):
    """A key of `words.JUDGEMENT`, and the result on which it rests."""

    word: str
    result: HeldFigure | None = None


def direction_of(target: TargetRow) -> str | None:
    """Give which way is better: as it is stated, otherwise as the operator has it; None where nobody says."""
    return target["direction"] or _DIRECTION_OF.get(target["op"])


def reaches(target: TargetRow, value: Decimal) -> bool:
    """Tell whether a value meets a target that has a number; above a range is not in it."""
    wanted = Decimal(target["value"])
    if target["op"] == RANGE:
        return Fraction(value) in Aimed(exact(wanted), exact(Decimal(target["upto"])))
    return Fraction(value) in Aimed.by(target["op"], wanted)


def exceeded(target: TargetRow, series: Sequence[HeldFigure]) -> HeldFigure | None:
    """Give the last result when a target that is still to come asks for less than it; None otherwise."""
    last, direction, due = last_of(series), direction_of(target), due_of(target)
    if target["value"] is None or last is None or last.value is None:
        return None
    if due is not None and due <= last.period.last_day:
        return None
    if target["period"] and not parse_period(target["period"]).as_long_as(last.period):
        return None
    wanted = Decimal(target["value"])
    less = (direction == "up" and wanted < last.value) or (direction == "down" and wanted > last.value)
    return last if less else None


def replaced(targets: Sequence[TargetRow]) -> Mapping[int, TargetRow]:
    """Give, by its number, the target that replaced each one that does not hold any more; targets in their order.

    One that was to be determined is replaced by the first after it that is for the same time and has an aim.
    """
    found = {one["replaces"]: one for one in targets if one["replaces"] is not None}
    for at, one in enumerate(targets):
        after = (other for other in targets[at + 1 :] if other["replaces"] is None and determines(other, one))
        if one["number"] not in found and (first := next(after, None)):
            found[one["number"]] = first
    return found


def replacing(target: TargetRow, by: TargetRow) -> str:
    """Give how a target was replaced, a key of `words.CHANGE`."""
    determined = by["replaces"] is None or (still_open(target) and not still_open(by))
    return "determined" if determined else by["change"]


def judge(target: TargetRow | None, series: Sequence[HeldFigure], today: date) -> Judgement:
    """Judge the figures that hold against one target, on a day.

    A target of a period is judged by the figure about that very period, one until a date by the newest figure whose
    period ended by then, and one without either by the newest there is.
    """
    if target is None:
        return Judgement("no_target", last_of(series))
    if target["op"] is None and still_open(target):
        late = parse_stated(target["determined_by"]).date < today
        return Judgement("undetermined" if late else "to_be_determined")
    if still_open(target):
        return Judgement("to_be_determined")
    due = due_of(target)
    at = _result_at(target, series)
    if at is None or series[at].value is None:
        return _without_result(target, series, due, today, None if at is None else series[at])
    if target["op"] is None:
        return _by_direction(target, series, at)
    return _by_number(target, series, at, due, today)


def due_of(target: TargetRow) -> date | None:
    """Give the last day on which a target can be met; None for one without any time."""
    _first, last = time_of(target)
    return last


def _result_at(target: TargetRow, series: Sequence[HeldFigure]) -> int | None:
    if target["period"]:
        return next((at for at, one in enumerate(series) if one.period.between == time_of(target)), None)
    due = due_of(target)
    ended = [at for at, one in enumerate(series) if due is None or one.period.last_day <= due]
    with_value = [at for at in ended if series[at].value is not None]
    found = with_value or ended
    return found[-1] if found else None


def _without_result(
    target: TargetRow, series: Sequence[HeldFigure], due: date | None, today: date, missing: HeldFigure | None
) -> Judgement:
    if due is not None and due >= today:
        return Judgement("not_yet", missing)
    if missing is None and target["period"] and due is not None:
        wanted = parse_period(target["period"])
        meanwhile = [one for one in series if one.value is not None]
        if any(one.period.within(wanted) or wanted.within(one.period) for one in meanwhile):
            return Judgement("not_linked")
    return Judgement("no_result", missing)


def _by_direction(target: TargetRow, series: Sequence[HeldFigure], at: int) -> Judgement:
    result = series[at]
    if target["direction"] is None:
        return Judgement("in_words", result)
    if target["direction"] not in ("up", "down"):
        return Judgement("renders_account" if target["direction"] == "none" else "in_words", result)
    earlier, _why = before(series, at)
    if earlier is None or earlier.value is None or result.value is None:
        return Judgement("not_comparable", result)
    moved = result.value - earlier.value
    right = moved > 0 if target["direction"] == "up" else moved < 0
    return Judgement("met" if right else "not_met", result)


def _by_number(target: TargetRow, series: Sequence[HeldFigure], at: int, due: date | None, today: date) -> Judgement:
    result = series[at]
    if result.value is not None and reaches(target, result.value):
        return Judgement("met", result)
    if not target["period"] and due is not None and due >= today:
        return Judgement("not_yet", result)
    later = _later(target, series, at)
    if later is not None:
        return Judgement("too_late", later)
    earlier, _why = before(series, at)
    if earlier is not None and earlier.value is not None and result.value is not None:
        moved = result.value - earlier.value
        if (direction_of(target), moved > 0, moved < 0) in (("up", True, False), ("down", False, True)):
            return Judgement("partly", result)
    return Judgement("not_met", result)


def _later(target: TargetRow, series: Sequence[HeldFigure], at: int) -> HeldFigure | None:
    """Find the first figure after a position that meets a target and compares with the one there."""
    for one in series[at + 1 :]:
        if one.broken is not None:
            return None
        if one.value is not None and one.period.as_long_as(series[at].period) and reaches(target, one.value):
            return one
    return None
