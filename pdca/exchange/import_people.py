"""Importing people: new ones by their handle, and the functions they hold."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import time
from typing import Any, Final

from pdca.engine import Desk
from pdca.errors import Failed
from pdca.exchange import as_rows
from pdca.exchange.as_rows import Wanted
from pdca.exchange.programme_records import Appointment, Person
from pdca.exchange.stored import Stored
from pdca.notify.outbox import CHANNELS
from pdca.notify.wishes import AT, MONDAY, Wishes
from pdca.people.commands import next_person_id, person_row, refuse_taken
from pdca.store.driver import Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert, update
from workflows.recurrence import WEEKDAYS

WISHED: Final = frozenset(
    {"channels", "digest", "digest_at", "digest_on", "quiet_weekdays", "quiet_closed", "quiet_dates"}
)


class PeopleImport:
    """The people of a document beside those there are. `today` is the local day from which an appointment counts."""

    def __init__(self, desk: Desk, stored: Stored, language: str, today: str) -> None:
        self._desk = desk
        self._stored = stored
        self._language = language
        self._today = today
        self._known = list(stored.rows("person"))
        self._ids = {row["handle"]: row["person_id"] for row in self._known}
        self._held = defaultdict[tuple[str, str], list[dict[str, Any]]](list)
        for row in desk.connection.all(people.APPOINTMENTS):
            self._held[row["person_id"], row["party_id"]].append(row)
        self._added = 0

    def changes(self, person: Person) -> Iterator[Change]:
        """Give the changes for one person; raises Failed for a login that is somebody else's."""
        person_id = self._ids.get(person.id)
        if person_id is None:
            yield self._new(person)
            person_id = self._ids[person.id]
        else:
            values = {
                "name": person.name,
                "email": person.email,
                "language": person.language or self._language,
                **self._wishes(person),
                **self._invited(person),
                **as_rows.sourced(person),
            }
            yield from self._stored.differences([Wanted("person", {"person_id": person_id}, values)])
        for appointment in person.appointments:
            yield from self._appointed(person_id, appointment)

    @staticmethod
    def _wishes(person: Person) -> dict[str, str | None]:
        """Give the column of wishes when the file says any; all of them are then as it says."""
        if not person.model_fields_set & WISHED:
            return {}
        return {
            "wishes": Wishes(
                channels=tuple(channel for channel in CHANNELS if channel in person.channels),
                digest=person.digest or "none",
                at=time.fromisoformat(person.digest_at) if person.digest_at else AT,
                weekday=WEEKDAYS.index(person.digest_on) if person.digest_on else MONDAY,
                quiet=frozenset(map(WEEKDAYS.index, person.quiet_weekdays)),
                quiet_closed=person.quiet_closed,
                quiet_dates=tuple((one.start.date, one.until.date) for one in person.quiet_dates),
            ).text()
        }

    def _invited(self, person: Person) -> dict[str, str | None]:
        """Give since when the person wants to be invited, when the file says whether: who was so stays so."""
        if person.invitations is None:
            return {}
        before = self.by_handle.get(person.id, {}).get("invited_since")
        return {"invited_since": (before or self._desk.uow.now_text) if person.invitations else None}

    @property
    def by_handle(self) -> dict[str, Row]:
        """The people there were, and those for whom changes were given, by handle."""
        return {row["handle"]: row for row in self._known}

    def _appointed(self, person_id: str, appointment: Appointment) -> Iterator[Change]:
        """Appoint somebody, or say until when; a time that overlaps one already known is no new appointment."""
        start = appointment.start.text if appointment.start else None
        until = appointment.until.text if appointment.until else None
        held = self._held[person_id, appointment.party]
        same = next((row for row in held if row["from_date"] == start), None)
        if same is not None:
            if same["until_date"] != until:
                key = {"person_id": person_id, "party_id": appointment.party, "from_date": start}
                yield update("appointment", key, until_date=until)
                held[held.index(same)] = {**same, "until_date": until}
            return
        from_date = start or self._today
        if any((until or "9999") > row["from_date"] and (row["until_date"] or "9999") > from_date for row in held):
            return
        key = {"person_id": person_id, "party_id": appointment.party, "from_date": from_date}
        held.append({**key, "until_date": until})
        yield insert("appointment", key, until_date=until)

    def _new(self, person: Person) -> Change:
        refuse_taken(self._known, person.id, person.login, Failed)
        self._added += 1
        person_id = next_person_id(self._desk.connection, self._added)
        self._ids[person.id] = person_id
        change = person_row(
            person_id,
            handle=person.id,
            name=person.name,
            login=person.login,
            email=person.email,
            language=person.language or self._language,
            access=person.access,
            assumed=person.assumed,
        )
        values = {**self._wishes(person), **self._invited(person), **as_rows.sourced(person)}
        sourced = {name: value for name, value in values.items() if value is not None}
        change = change._replace(set={**change.set, **sourced})
        self._known.append({**change.key, **change.set})
        return change
