"""What a target is for: its time, and whether it is still to be determined."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from pdca.periods import Period, parse_period
from workflows.schedule import StatedDate, parse_stated

Time = tuple[dt.date | None, dt.date | None]
"""The first and last day of a period, or only the last day."""

NO_TIME: Final[Time] = (None, None)


def time_stated(period: Period | None, by: StatedDate | None) -> Time:
    """Give the time of a target for a period, or until a day."""
    if period is not None:
        return period.between
    return None, by.date if by else None


def time_of(row: Mapping[str, Any]) -> Time:
    """Give the time of a target as it is kept."""
    period, by = row["period"], row["by_date"]
    return time_stated(parse_period(period) if period else None, parse_stated(by) if by else None)


def lacks_aim(op: str | None, value: object, determined_by: object) -> bool:
    """Tell whether a target that says this has no aim yet: that is to be determined."""
    return value is None if op is not None else determined_by is not None


def still_open(row: Mapping[str, Any]) -> bool:
    """Tell it of a target as it is kept."""
    return lacks_aim(row["op"], row["value"], row["determined_by"])


def replaceable(time: Time, was: Time, *, was_open: bool) -> bool:
    """Tell whether a target for a time can replace another: for the same, or one that had none and was to get it."""
    return time == was or (was_open and was == NO_TIME)


def determines(later: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Tell whether one target gives another, still to be determined, its aim: that neither adjusts nor corrects it."""
    time = time_of(row)
    return time != NO_TIME and still_open(row) and not still_open(later) and time_of(later) == time
