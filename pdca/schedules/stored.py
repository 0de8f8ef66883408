"""A decision about moments as its row holds it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pdca.store.jsontext import from_json, optional_json
from workflows.moments import Schedule
from workflows.schedule import parse_stated
from workflows.workdays import Reason, WorkingCalendar, reason

DECIDED: Final = ("start", "until", "time", "zone", "dates", "rules", "exceptions", "anchor", "roll")
"""The columns that say when the moments are."""


def as_schedule(row: Mapping[str, Any], calendar: WorkingCalendar) -> Schedule:
    """Give what a row of `schedule` says."""
    return Schedule(
        start=dt.date.fromisoformat(row["start"]),
        until=dt.date.fromisoformat(row["until"]) if row["until"] else None,
        time=dt.time.fromisoformat(row["time"]),
        zone=row["zone"],
        dates=tuple(map(parse_stated, from_json(row["dates"]) or ())),
        rules=tuple(from_json(row["rules"]) or ()),
        exceptions=tuple(map(dt.date.fromisoformat, from_json(row["exceptions"]) or ())),
        anchor=row["anchor"],
        roll=row["roll"],
        calendar=calendar,
    )


def columns(schedule: Schedule) -> dict[str, Any]:
    """Give the columns of a row of `schedule` that say when the moments are."""
    return {
        "start": schedule.start.isoformat(),
        "until": schedule.until.isoformat() if schedule.until else None,
        "time": schedule.time.isoformat("minutes"),
        "zone": schedule.zone,
        "dates": optional_json([one.text for one in schedule.dates]),
        "rules": optional_json(list(schedule.rules)),
        "exceptions": optional_json([day.isoformat() for day in schedule.exceptions]),
        "anchor": schedule.anchor,
        "roll": schedule.roll,
    }


def moved(reasons: Iterable[Reason], also: Iterable[str]) -> str | None:
    """Give the column `moved` of an evaluation: why its day is not the stated one, and what it stands for besides."""
    found = {"reasons": [_as_json(one) for one in reasons], "also": sorted(also)}
    return optional_json({name: value for name, value in found.items() if value})


def also_in(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the stated days besides its own that an evaluation stands for."""
    return tuple((from_json(row["moved"]) or {}).get("also", ()))


def reasons_in(row: Mapping[str, Any]) -> tuple[Reason, ...]:
    """Give why an evaluation does not fall on its stated day."""
    return tuple(reason(one["kind"], one.get("name")) for one in (from_json(row["moved"]) or {}).get("reasons", ()))


def _as_json(one: Reason) -> dict[str, Any]:
    name = one.params.get("name")
    return {"kind": one.kind, **({"name": dict(name)} if isinstance(name, Mapping) else {})}
