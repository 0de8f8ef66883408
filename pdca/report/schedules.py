"""Views of what project groups decided about their moments, and of the days on which nobody works."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pdca.i18n import N_, gettext, language, localized
from pdca.report.plans import opened
from pdca.schedules.stored import also_in, reasons_in
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, people, schedules
from workflows.instants import from_text, to_text
from workflows.moments import Occurrence, Schedule
from workflows.need import Param
from workflows.schedule import parse_stated
from workflows.workdays import Reason, WorkingCalendar

View = dict[str, Any]

_LISTS = ("dates", "rules", "exceptions")
_EXTENDED = N_("moved by an approved extension")


def decisions(connection: Connection, plan_id: str) -> list[View]:
    """List the decisions about the moments of a plan, the first first; the last is in force."""
    names = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    rows = connection.all(schedules.OF_PLAN, plan_id=plan_id)
    return [_decision(row, names, in_force=row is rows[-1]) for row in rows]


def in_force(connection: Connection) -> list[View]:
    """List the decision that is in force of every plan that has one."""
    names = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    return [
        {
            **_decision(row, names, in_force=True),
            "plan_title": from_json(row["plan_title"]),
            "restricted": bool(row["restricted"]),
            "assumed": bool(row["assumed"]),
        }
        for row in connection.all(schedules.ALL)
    ]


def moments(connection: Connection, plan_id: str) -> list[View]:
    """List the evaluations of a plan, with why each does not fall on its stated day and what else it stands for."""
    return [
        {
            "evaluation": row["evaluation_id"],
            "kind": row["kind"],
            "stated": row["stated_date"],
            "date": row["due_date"],
            "at": row["due_at"],
            "status": row["status"],
            "decision": row["schedule_number"],
            "extended": row["due_at"] != row["first_due_at"],
            "reasons": _why(row),
            "also": list(also_in(row)),
        }
        for row in connection.all(evaluations.OF_PLAN, plan_id=plan_id)
    ]


def planned(rows: Sequence[Row], now: dt.datetime) -> list[View]:
    """Give the evaluations that are planned and still to come, as `previewed` does."""
    ahead = [row for row in rows if row["status"] == "planned" and from_text(row["due_at"]) > now]
    return [
        {
            "date": row["due_date"],
            "at": row["due_at"],
            "stated": row["stated_date"],
            "reasons": _why(row),
            "also": list(also_in(row)),
            "evaluation": row["evaluation_id"],
        }
        for row in ahead
    ]


def _why(row: Row) -> list[str]:
    """Say why an evaluation does not fall on the day that was stated."""
    extended = row["due_at"] != row["first_due_at"]
    return [*spoken(reasons_in(row)), *([gettext(_EXTENDED)] if extended else ())]


def previewed(
    schedule: Schedule, found: Sequence[Occurrence], now: dt.datetime, rows: Sequence[Row], what: str = "evaluation"
) -> list[View]:
    """Give the moments of a schedule that are still to come; `rows` are those that there are already of `what`."""
    stated = {date.date: date.text for date in schedule.dates}
    there = {
        key: row[f"{what}_id"]
        for row in rows
        if row["status"] != "cancelled"
        for key in (parse_stated(row["stated_date"]).date.isoformat(), *also_in(row))
    }
    return [
        {
            "date": one.date.isoformat(),
            "at": to_text(one.at),
            "stated": stated.get(one.stated, one.key),
            "reasons": spoken(one.reasons),
            "also": [other.stated.isoformat() for other in one.also],
            what: next((there[key] for key in one.keys if key in there), None),
        }
        for one in found
        if one.at > now
    ]


def closed_days(calendar: WorkingCalendar, year: int) -> Iterator[View]:
    """Give the days of a year on which nobody works besides the free days of the week."""
    day = dt.date(year, 1, 1)
    while day.year == year:
        reason = calendar.closed(day)
        if reason is not None and reason.kind != "weekend":
            name = reason.params.get("name")
            yield {
                "day": day.isoformat(),
                "kind": reason.kind,
                "name": dict(name) if isinstance(name, Mapping) else None,
            }
        day += dt.timedelta(days=1)


def spoken(reasons: Sequence[Reason]) -> list[str]:
    """Put reasons into words, in the language of the reader."""
    return [replace(one, params=_in_our_words(one)).words(language(), gettext) for one in reasons]


def _in_our_words(one: Reason) -> dict[str, Param]:
    # A day that has no name in the language of the reader has the one in that of the body.
    return {name: localized(value) if isinstance(value, Mapping) else value for name, value in one.params.items()}


def _decision(row: Row, names: dict[str, Row], *, in_force: bool) -> View:
    by = names.get(row["decided_by"])
    view = opened({name: value for name, value in row.items() if name not in _LISTS})
    return {
        **view,
        **{name: from_json(row[name]) or [] for name in _LISTS},
        "decided_by_name": by["name"] if by else None,
        "decided_by_assumed": bool(by and by["assumed"]),
        "in_force": in_force,
    }
