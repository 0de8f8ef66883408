"""The working days of the body as its rows hold them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, optional_json
from pdca.store.reads import people, schedules
from workflows.recurrence import WEEKDAYS
from workflows.workdays import MONDAY_TO_FRIDAY, ClosingDay, WorkingCalendar


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
