"""A calendar that people subscribe to: chosen for a reader, worded in a language, written as RFC 5545."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from pdca import ics
from pdca.calendars.moments import Moment, moments
from pdca.calendars.readers import Reader, Records
from pdca.calendars.words import called, description, summary
from pdca.house import installation
from pdca.i18n import catalogue
from pdca.notify.invitation import MEETING
from pdca.plans.reminding import in_force
from pdca.programme.moments import method_of
from pdca.store.driver import Connection, Row
from pdca.store.reads import calendars, plans
from workflows.instants import from_text

REFRESH: Final = timedelta(hours=6)
"""How soon calendar programs are asked to look again."""

_REMINDED_OF: Final = ("evaluation", "information", "programme_evaluation")


@dataclass(frozen=True, slots=True)
class Book:
    """All that stands in calendars, from which any number of them is written."""

    connection: Connection
    body: Row
    found: tuple[Moment, ...]
    records: Records
    programmes: dict[str, Row]
    leads: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, connection: Connection, plan_id: str | None = None) -> "Book":
        """Read the log of the whole body, or of one plan; raises Failed for an event that cannot be read."""
        body = installation(connection)
        rows = (
            connection.stream(calendars.BODIES_OF_PLAN, plan_id=plan_id)
            if plan_id
            else connection.stream(calendars.BODIES)
        )
        found = moments(rows)
        return cls(
            connection=connection,
            body=body,
            found=tuple(found),
            records=Records.of(connection, found),
            programmes={row["programme_id"]: row for row in connection.all(plans.PROGRAMMES)},
            leads={},
        )

    def written(self, which: str, reader: Reader, language: str, plan_id: str | None = None) -> bytes:
        """Write the calendar of a reader; `which` is the word for its name, as in `words.NAMES`."""
        say = catalogue(language).gettext
        plan = self.records.plans[plan_id] if plan_id else None
        return ics.feed(
            self._entries(reader, language),
            product="calendar",
            name=called(which, self.body, plan, language, say),
            language=language,
            refresh=REFRESH,
        )

    def _entries(self, reader: Reader, language: str) -> Iterator[ics.Entry]:
        for moment in self.found:
            if reader.reads(moment, self.records):
                yield self._entry(moment, language, titled=reader.titled or not self.records.restricted(moment))

    def _entry(self, moment: Moment, language: str, *, titled: bool) -> ics.Entry:
        say = catalogue(language).gettext
        owner = self._owner(moment)
        assumed = bool(owner.get("assumed") if moment.plan_id else moment.about.get("assumed"))
        marks = {"simulated": bool(self.body["simulated"]), "assumed": assumed}
        party = self.records.parties.get(moment.about.get("party_id") or "")
        entry = ics.Entry(
            uid=ics.uid(moment.id, self.body["organisation_id"], simulated=bool(self.body["simulated"])),
            start=self._start(moment),
            summary=summary(moment, owner, party, language, say, titled=titled, marks=marks),
            description="\n".join(description(moment, self.body, language, say, assumed=assumed)),
            stamp=from_text(moment.changed_at),
            sequence=moment.sequence,
            status=_status(moment),
            alarms=() if moment.called_off or moment.kind not in _REMINDED_OF else self._leads(moment),
            private=self.records.restricted(moment),
        )
        return replace(entry, length=MEETING, busy=not moment.called_off) if moment.kind == "evaluation" else entry

    def _owner(self, moment: Moment) -> Row:
        if moment.plan_id:
            return self.records.plans[moment.plan_id]
        name = moment.about["programme_id"]
        # One that is only described has no record of its own.
        return self.programmes.get(name, {"programme_id": name, "title": None})

    def _start(self, moment: Moment) -> date | datetime:
        if not moment.timed:
            return self.records.day(moment)
        return ics.on_clocks_of(self.records.zone_of(moment), from_text(moment.date))

    def _leads(self, moment: Moment) -> tuple[int, ...]:
        name = moment.plan_id or moment.about["programme_id"]
        if name not in self.leads:
            if moment.plan_id:
                plan = self.records.plans[moment.plan_id]
                method = in_force(self.connection, plan).method
            else:
                method = method_of(self.connection, name)
            self.leads[name] = tuple(method.evaluation.reminders)
        return self.leads[name]


def _status(moment: Moment) -> str:
    if moment.called_off:
        return ics.CANCELLED
    return ics.TENTATIVE if moment.status == "held" else ics.CONFIRMED
