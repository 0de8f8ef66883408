"""Who reads a calendar, and what of all that falls on a date stands in it.

Whether something is somebody's is asked of its own day, never of today: who holds a function from June on finds in the
calendar what falls in June, and the calendar does not change by the passing of time alone.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from pdca.calendars.moments import Moment
from pdca.restricted import kept_from, untold
from pdca.store.driver import Connection, Row
from pdca.store.reads import calendars, people, plans, programme
from workflows.instants import from_text
from workflows.schedule import parse_stated

_ABROAD: Final = ("evaluation", "information")
"""What of a plan is shown to those who do not work on it."""


@dataclass(frozen=True, slots=True)
class Records:
    """The rows that decide who reads what, read once for any number of calendars; `plans` and `parties` are by id."""

    zone: str
    plans: Mapping[str, Row]
    parties: Mapping[str, Row]
    working: Mapping[str, tuple[Row, ...]]
    informed: Mapping[str, frozenset[str]]
    in_charge: frozenset[str]

    @classmethod
    def of(cls, connection: Connection, found: Iterable[Moment]) -> "Records":
        """Read them; whom a plan informs stands in the moments that were found."""
        body = connection.one(people.INSTALLATION) or {"zone": "UTC"}
        working: dict[str, tuple[Row, ...]] = {}
        for row in connection.all(calendars.WORKING):
            working[row["plan_id"]] = (*working.get(row["plan_id"], ()), row)
        return cls(
            zone=body["zone"],
            plans={row["plan_id"]: row for row in connection.all(plans.PLANS)},
            parties={row["party_id"]: row for row in connection.all(people.PARTIES)},
            working=working,
            informed=_informed(found),
            in_charge=frozenset(row["party_id"] for row in connection.all(programme.IN_CHARGE)),
        )

    def zone_of(self, moment: Moment) -> str:
        """Give the zone on whose clocks something falls."""
        return str(self.plans[moment.plan_id]["zone"]) if moment.plan_id else self.zone

    def day(self, moment: Moment) -> date:
        """Give the local day of something; of a month or a year, the last."""
        if moment.timed:
            return from_text(moment.date).astimezone(ZoneInfo(self.zone_of(moment))).date()
        return parse_stated(moment.date).date

    def restricted(self, moment: Moment) -> bool:
        """Tell whether it is of a plan that is not for everybody."""
        return moment.plan_id is not None and bool(self.plans[moment.plan_id]["restricted"])


class Reader(ABC):
    """Whoever reads a calendar."""

    @property
    def titled(self) -> bool:
        """Whether the titles of restricted plans are for this reader."""
        return True

    @abstractmethod
    def reads(self, moment: Moment, records: Records) -> bool:
        """Tell whether something stands in this reader's calendar."""


@dataclass(frozen=True, slots=True)
class GroupOf(Reader):
    """The people who work on one plan."""

    plan_id: str

    def reads(self, moment: Moment, records: Records) -> bool:  # noqa: ARG002 - asked alike of every reader
        """All of the plan."""
        return moment.plan_id == self.plan_id


@dataclass(frozen=True, slots=True)
class Audience(Reader):
    """Everybody inside, or the partners, the authorities or the public together: one of `AUDIENCES`."""

    name: str

    @property
    def titled(self) -> bool:
        """A calendar for so many tells of a restricted plan that it has a date, and not what it is about."""
        return False

    def reads(self, moment: Moment, records: Records) -> bool:
        """Inside all of it; outside the evaluations and what this audience is informed of."""
        if self.name == "internal":
            return True
        if moment.plan_id is not None and kept_from(records.plans[moment.plan_id], self.name):
            return False
        if moment.kind == "information":
            return bool(records.parties[moment.about["party_id"]]["kind"] == self.name)
        return moment.kind == "evaluation" or (moment.kind == "programme_evaluation" and self.name == "authority")


@dataclass(frozen=True, slots=True)
class Somebody(Reader):
    """One person, by what he or she holds, represents or stands in for, from one day until before another."""

    held: Mapping[str, tuple[tuple[str, str], ...]] = field(hash=False)

    @classmethod
    def of(cls, connection: Connection, person_id: str) -> "Somebody":
        """Read what somebody ever holds."""
        held: dict[str, tuple[tuple[str, str], ...]] = {}
        for row in connection.all(calendars.HELD_BY, person_id=person_id):
            first = max(row["from_date"], row["acts_from"] or "")
            # Of a substitution the last day counts, of all else the first day after it is known.
            last = min(row["until_date"] or _NEVER, f"{row['acts_until']}~" if row["acts_until"] else _NEVER)
            held[row["party_id"]] = (*held.get(row["party_id"], ()), (first, last))
        return cls(held)

    def reads(self, moment: Moment, records: Records) -> bool:
        """All of the plans worked on, of others what one is told or has to answer; programmes for who is in charge."""
        if not self.held:
            return False
        day = records.day(moment).isoformat()
        held = {party for party, spans in self.held.items() if any(first <= day < last for first, last in spans)}
        if moment.plan_id is None:
            return not held.isdisjoint(records.in_charge)
        if not held.isdisjoint(_at_work(records.working.get(moment.plan_id, ()), day)):
            return True
        if moment.kind == "follow_up" and moment.about["owner_id"] in held:
            return not untold(records.plans[moment.plan_id], records.parties[moment.about["owner_id"]]["kind"])
        return moment.kind in _ABROAD and not records.restricted(moment) and self._informed(moment, records, held)

    def _informed(self, moment: Moment, records: Records, held: set[str]) -> bool:
        if moment.kind == "information":
            return moment.about["party_id"] in held
        return not held.isdisjoint(records.informed.get(moment.plan_id or "", frozenset()))


_NEVER: Final = "9999~"


def _informed(found: Iterable[Moment]) -> dict[str, frozenset[str]]:
    told: dict[str, frozenset[str]] = {}
    for moment in found:
        if moment.kind == "information" and moment.plan_id and not moment.called_off:
            told[moment.plan_id] = told.get(moment.plan_id, frozenset()) | {moment.about["party_id"]}
    return told


def _at_work(rows: Iterable[Row], day: str) -> set[str]:
    return {
        row["party_id"]
        for row in rows
        if (row["from_date"] or "") <= day and (row["until_date"] is None or day < row["until_date"])
    }
