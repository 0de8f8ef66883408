"""Importing people: new ones by their handle, and the functions they hold."""

from collections.abc import Iterator

from pdca.engine import Desk
from pdca.exchange.as_rows import Wanted
from pdca.exchange.programme_records import Appointment, Person
from pdca.exchange.stored import Stored
from pdca.people.commands import next_person_id, person_row, refuse_taken
from pdca.store.reads import people
from pdca.store.rows import Change, insert, update


class PeopleImport:
    """The people of a document beside those there are. `today` is the local day from which an appointment counts."""

    def __init__(self, desk: Desk, stored: Stored, language: str, today: str) -> None:
        self._desk = desk
        self._stored = stored
        self._language = language
        self._today = today
        self._known = list(stored.rows("person"))
        self._ids = {row["handle"]: row["person_id"] for row in self._known}
        # (person, party) -> first day -> day before which it ends
        self._held: dict[tuple[str, str], dict[str, str | None]] = {}
        for row in desk.connection.all(people.APPOINTMENTS):
            self._held.setdefault((row["person_id"], row["party_id"]), {})[row["from_date"]] = row["until_date"]
        self._added = 0

    def changes(self, person: Person) -> Iterator[Change]:
        """Give the changes for one person; raises Conflict for a login that is somebody else's."""
        person_id = self._ids.get(person.id)
        if person_id is None:
            yield self._new(person)
            person_id = self._ids[person.id]
        else:
            values = {"name": person.name, "email": person.email, "language": person.language or self._language}
            yield from self._stored.differences([Wanted("person", {"person_id": person_id}, values)])
        for appointment in person.appointments:
            yield from self._appointment(person_id, appointment)

    def _appointment(self, person_id: str, appointment: Appointment) -> Iterator[Change]:
        held = self._held.setdefault((person_id, appointment.party), {})
        if appointment.start is None and held:
            return
        start = appointment.start.first_day.isoformat() if appointment.start else self._today
        until = appointment.until.first_day.isoformat() if appointment.until else None
        key = {"person_id": person_id, "party_id": appointment.party, "from_date": start}
        if start not in held:
            yield insert("appointment", key, until_date=until)
        elif held[start] != until:
            yield update("appointment", key, until_date=until)
        held[start] = until

    def _new(self, person: Person) -> Change:
        refuse_taken(self._known, person.id, person.login)
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
        self._known.append({**change.key, **change.set})
        return change
