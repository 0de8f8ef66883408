"""What a target is for: its time, and whether it is still to be determined."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pdca.periods import parse_period
from workflows.schedule import parse_stated

if TYPE_CHECKING:
    # Reading a target that is kept loads no model of files.
    from pdca.exchange.records import Target

Time = tuple[dt.date | None, dt.date | None]
"""The first and last day of a period, or only the last day; neither is no time."""


def time_of(row: Mapping[str, Any]) -> Time:
    """Give the time of a target as it is kept."""
    if row["period"]:
        return parse_period(row["period"]).between
    return None, parse_stated(row["by_date"]).date if row["by_date"] else None


def time_stated(target: "Target") -> Time:
    """Give the time of a target as it is stated."""
    if target.period is not None:
        return target.period.between
    return None, target.by.date if target.by else None


def still_open(row: Mapping[str, Any]) -> bool:
    """Tell whether a target has no aim yet: that is to be determined."""
    if row["op"] is not None:
        return row["value"] is None
    return row["determined_by"] is not None


def determines(later: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Tell whether one target gives another, still to be determined, its aim: that neither adjusts nor corrects it."""
    timed = time_of(row) != (None, None)
    return timed and still_open(row) and not still_open(later) and time_of(later) == time_of(row)
