"""What is to come: a copy of the database lives on to a day, and tells what fell due in it and whom it would ask.

The real sweep does so on the copy, so that what is foretold is what would happen. Messages stay in the outbox of the
copy: nothing leaves the house, and the original is only read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.audit.event import read_body
from pdca.clock import VirtualClock
from pdca.house import House, installation
from pdca.plans import rungs
from pdca.plans.roles import local_date
from pdca.store import eventlog
from pdca.store.copying import throw_away_copy
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import forecast as statements
from pdca.store.reads import people
from scheduler.in_time import ActsInTime
from scheduler.mails_leave import MailsLeave
from scheduler.simulation import Passed, play
from workflows.instants import from_text, to_text

INFORMED: Final = "stakeholders"
"""Who is told in this role is told that something happens; everybody else is asked to act."""

_MAY_SCHEDULE: Final = ("administrator", "service")


@dataclass(frozen=True, slots=True)
class Pile:
    """How much comes together on a local day: what falls due, of how many plans, and how many people are asked."""

    day: str
    due: int
    plans: int
    people: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What falls due, in the order in which it does, and what the rules refused to people who acted in time.

    `rows` are mappings as they are shown; `held_up` maps a plan to the needs that hold it up, in words by code. `held`
    are the dates of plans that are suspended at the end of it: they are kept, and enforced when the plan is resumed.
    `information` are the moments at which parties are told of the progress of plans that had not ended at `start`;
    whoever made the plan keeps those, and not the scheduler.
    """

    start: datetime
    zone: str
    passed: Passed
    rows: tuple[dict[str, Any], ...]
    held_up: dict[str, dict[str, str]] = field(default_factory=dict)
    information: tuple[dict[str, Any], ...] = ()
    held: tuple[dict[str, Any], ...] = ()

    def piles(self) -> list[Pile]:
        """List the days on which something falls due, in their order."""
        days: dict[str, list[dict[str, Any]]] = {}
        for row in self.rows:
            days.setdefault(row["day"], []).append(row)
        return [_pile(day, rows) for day, rows in sorted(days.items())]


def _pile(day: str, rows: list[dict[str, Any]]) -> Pile:
    asked = {name for row in rows for name in row["asked"]}
    return Pile(day, len(rows), len({row["plan"] for row in rows} - {None}), len(asked))


def foretell(
    house: House,
    until: datetime,
    *,
    in_time: bool = False,
    progress: Callable[[datetime], None] = lambda _now: None,
) -> Forecast:
    """Let a copy of the database live on until `until`; the house itself is only read.

    `in_time` has everybody do at once what is to be done, as far as the rules allow; otherwise nobody acts. Raises
    Usage when `until` lies before the time of the installation.
    """
    with house.reading() as connection:
        start = house.now(connection)
    with throw_away_copy(house.database) as copy:
        there = House(copy, source="simulation", clock=VirtualClock(start))
        with there.reading() as connection:
            there = replace(there, as_person=_caretaker(connection))
            last = connection.value(eventlog.LAST_EVENT)
            zone = installation(connection)["zone"]
            days = {name: local_date(at, zone).isoformat() for name, at in (("today", start), ("until", until))}
            information = tuple(_information(connection, days))
        cast = ActsInTime() if in_time else None
        passed = play(there, until, None, cast or MailsLeave(), progress)
        with there.reading() as connection:
            rows = tuple(_rows(connection, last, zone))
            held = tuple(map(_held, connection.all(statements.HELD, until=to_text(until))))
    return Forecast(start, zone, passed, rows, dict(cast.held_up) if cast else {}, information, held)


def _caretaker(connection: Connection) -> str | None:
    """Choose who runs the scheduler of the copy: whoever may; who asks for a forecast need not."""
    known = connection.all(people.PEOPLE)
    return next((str(row["person_id"]) for row in known if row["access"] in _MAY_SCHEDULE), None)


def _information(connection: Connection, days: dict[str, str]) -> Iterable[dict[str, Any]]:
    for row in connection.all(statements.INFORMATION, **days):
        if not methods.of_plan(connection, row).state_by_id[row["state"]].ended:
            yield {
                "day": row["due_date"],
                "plan": row["plan_id"],
                "slug": row["slug"],
                "moment": row["information_id"],
                "party": row["party_id"],
                "party_name": from_json(row["party_name"]),
                "method": from_json(row["method"]),
                "title": from_json(row["title"]),
                "assumed": bool(row["assumed"]),
                "restricted": bool(row["restricted"]),
            }


def _held(row: Row) -> dict[str, Any]:
    return {
        "day": local_date(from_text(row["due_at"]), row["zone"]).isoformat(),
        "due_at": row["due_at"],
        "zone": row["zone"],
        "plan": row["plan_id"],
        "slug": row["slug"],
        "subject": row["subject"],
        "what": row["what"],
        "deadline": row["deadline_id"],
        "title": from_json(row["title"]),
        "assumed": bool(row["assumed"]),
        "restricted": bool(row["restricted"]),
    }


def _rows(connection: Connection, after: int, zone: str) -> Iterable[dict[str, Any]]:
    told: dict[tuple[str, int], list[Row]] = {}
    for row in connection.all(statements.TOLD, after=after):
        told.setdefault((row["stream"], row["seq"]), []).append(row)
    for row in connection.all(statements.ENFORCED, after=after):
        yield _view(row, told.get((row["stream"], row["seq"]), []), zone)


def _view(row: Row, told: list[Row], zone: str) -> dict[str, Any]:
    names = {role: [one["name"] for one in told if (one["why"] == INFORMED) == role] for role in (False, True)}
    zone = row["zone"] or zone
    return {
        "day": from_text(row["at"]).astimezone(ZoneInfo(zone)).date().isoformat(),
        "at": row["at"],
        "due_at": read_body(row["body"]).due_at,
        "zone": zone,
        "plan": row["plan_id"],
        "slug": row["slug"],
        "programme": row["programme_id"],
        "evaluation": row["evaluation_id"],
        "subject": row["subject"],
        "what": row["what"],
        "key": row["event_key"],
        "step": rungs.step_of(row["event_key"]),
        "outcome": row["kind"],
        "asked": list(dict.fromkeys(names[False])),
        "informed": list(dict.fromkeys(names[True])),
        # A programme that went before may be described only, and have no title here.
        "title": from_json(row["title"]) or ({"en": row["programme_id"]} if row["programme_id"] else None),
        "assumed": bool(row["assumed"] or row["programme_assumed"]),
        "restricted": bool(row["restricted"]),
    }
