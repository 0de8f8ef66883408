"""A decision about moments as its row holds it, and the working days of the body as its rows hold them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, optional_json
from pdca.store.reads import people, schedules
from workflows.moments import Schedule
from workflows.recurrence import WEEKDAYS
from workflows.schedule import parse_stated
from workflows.workdays import MONDAY_TO_FRIDAY, ClosingDay, Reason, WorkingCalendar, reason

DECIDED: Final = ("start", "until", "time", "zone", "dates", "rules", "exceptions", "anchor", "roll")
"""The columns that say when the moments are."""


def working_calendar(connection: Connection) -> WorkingCalendar:
    """Read the working days of the body."""
    return calendar_of(connection.one(people.INSTALLATION) or {}, connection.all(schedules.CLOSING_DAYS))


def calendar_of(installation: Mapping[str, Any], closing_days: Iterable[Row]) -> WorkingCalendar:
    """Give the calendar that the rows hold."""
    named = from_json(installation["working_days"])
    return WorkingCalendar(
        country=installation["country"] or "",
        subdivision=installation["subdivision"] or "",
        closing_days=tuple(
            ClosingDay(dt.date.fromisoformat(row["day"]), from_json(row["name"]) or {}) for row in closing_days
        ),
        weekdays=frozenset(map(WEEKDAYS.index, named)) if named else MONDAY_TO_FRIDAY,
    )


def working_days(weekdays: Iterable[str]) -> str | None:
    """Give the column that says which weekdays, of MO to SU, are worked on; None when it names none."""
    named = frozenset(weekdays)
    return optional_json([day for day in WEEKDAYS if day in named])


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
