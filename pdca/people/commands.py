"""Adding people, appointing them to functions or as representatives of stakeholders, and ending that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import Failed, NotFound, Usage
from pdca.i18n import N_, _
from pdca.people.find import find_person
from pdca.shapes import check_among
from pdca.store.driver import Connection, Row
from pdca.store.reads import people
from pdca.store.rows import Change, insert, update
from pdca.unknown import unknown_party

ACCESS = ("administrator", "member", "auditor", "service")


@dataclass(frozen=True, slots=True)
class AddPerson:
    """Add a person, by the handle it is called by; a `login` lets it act, an `email` lets it be told."""

    handle: str
    name: str
    login: str | None
    email: str | None
    language: str
    access: str
    parties: tuple[str, ...]
    from_date: date
    assumed: bool = False

    def perform(self, desk: Desk) -> Outcome:
        """Write the person and its appointments; raises Usage for a handle or login that is taken."""
        must_administer(desk.actor, N_("add people"))
        installation = lock_installation(desk)
        known = desk.connection.all(people.PEOPLE)
        refuse_taken(known, self.handle, self.login)
        person_id = next_person_id(desk.connection)
        changes = [
            person_row(
                person_id,
                handle=self.handle,
                name=self.name,
                login=self.login,
                email=self.email,
                language=self.language,
                access=self.access,
                assumed=self.assumed,
            ),
            *_appointments(desk.connection, person_id, self.parties, self.from_date, ()),
        ]
        desk.record(Stream.of_installation(installation), Draft(kind="person.added", changes=changes))
        return desk.done(person=person_id, handle=self.handle, parties=list(self.parties))


@dataclass(frozen=True, slots=True)
class Appoint:
    """Appoint a person to functions, or as representative of stakeholders, from a local date on."""

    person: str
    parties: tuple[str, ...]
    from_date: date

    def perform(self, desk: Desk) -> Outcome:
        """Write the appointments; raises NotFound for a person or party that does not exist."""
        must_administer(desk.actor, N_("appoint people"))
        installation = lock_installation(desk)
        person = find_person(desk.connection, self.person)
        held = {
            row["party_id"]
            for row in desk.connection.all(people.APPOINTMENTS)
            if row["person_id"] == person["person_id"]
            and (row["until_date"] is None or row["until_date"] > self.from_date.isoformat())
        }
        changes = _appointments(desk.connection, person["person_id"], self.parties, self.from_date, tuple(held))
        desk.record(Stream.of_installation(installation), Draft(kind="person.appointed", changes=changes))
        return desk.done(person=person["person_id"], parties=list(self.parties))


@dataclass(frozen=True, slots=True)
class EndAppointment:
    """Let a person hold a function, or represent a stakeholder, no longer from a local date on."""

    person: str
    party: str
    until: date
    reason: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Write the end of the appointment.

        Raises NotFound for a person or an appointment that there is not, Usage when it begins only later.
        """
        must_administer(desk.actor, N_("appoint people"))
        installation = lock_installation(desk)
        person = find_person(desk.connection, self.person)
        day = self.until.isoformat()
        found = [
            row
            for row in desk.connection.all(people.APPOINTMENTS)
            if (row["person_id"], row["party_id"]) == (person["person_id"], self.party)
            and (row["until_date"] is None or row["until_date"] > day)
        ]
        if not found:
            raise NotFound(
                "not-appointed",
                _("%(name)s does not hold “%(party)s” on %(day)s.")
                % {"name": person["name"], "party": self.party, "day": day},
                hint=_("`pdca person list` shows what everybody holds."),
            )
        row = found[0]
        if row["from_date"] >= day:
            raise Usage(
                "appointment-to-come",
                _("%(name)s holds “%(party)s” from %(first)s on.")
                % {"name": person["name"], "party": self.party, "first": row["from_date"]},
                hint=_("Name a day after that."),
            )
        key = {name: row[name] for name in ("person_id", "party_id", "from_date")}
        change = update("appointment", key, until_date=day)
        draft = Draft(kind="person.appointment_ended", changes=[change], reason=self.reason)
        desk.record(Stream.of_installation(installation), draft)
        return desk.done(person=person["person_id"], party=self.party, until=day)


def lock_installation(desk: Desk) -> Row:
    """Load the installation and keep others from writing to its stream until the transaction ends."""
    installation = desk.connection.one(people.LOCK_INSTALLATION)
    if installation is None:
        raise NotFound(
            "no-installation", _("This database holds no installation."), hint=_("Make one with `pdca init`.")
        )
    return installation


def person_row(
    person_id: str,
    *,
    handle: str,
    name: str,
    login: str | None,
    email: str | None,
    language: str,
    access: str,
    assumed: bool,
) -> Change:
    """Make the row of a new person."""
    check_among("access-unknown", N_("“%(word)s” is no kind of access."), access, ACCESS)
    return insert(
        "person",
        {"person_id": person_id},
        handle=handle,
        name=name,
        login=login,
        email=email,
        language=language,
        access=access,
        assumed=int(assumed),
    )


def refuse_taken(known: Sequence[Row], handle: str, login: str | None, kind: type[Usage | Failed] = Usage) -> None:
    """Raise an error of this kind when another person has the handle or the login; Failed is for those of a file."""
    for row in known:
        if row["handle"] == handle or (login is not None and row["login"] == login):
            raise kind(
                "person-exists",
                (
                    _("The handle “%(handle)s” belongs to %(name)s (%(person)s) already.")
                    if row["handle"] == handle
                    else _("The login “%(login)s” belongs to %(name)s (%(person)s) already.")
                )
                % {"handle": handle, "login": login, "name": row["name"], "person": row["person_id"]},
                hint=_("Give functions to that person with `pdca person appoint %(person)s FUNCTION`.")
                % {"person": row["person_id"]},
            )


def next_person_id(connection: Connection, ahead: int = 1) -> str:
    """Give the id of the next new person; `ahead` counts on within one transaction."""
    last = connection.value(people.LAST_PERSON)
    return f"U-{(int(last.removeprefix('U-')) if last else 0) + ahead:03d}"


def _appointments(
    connection: Connection, person_id: str, parties: Sequence[str], from_date: date, held: Sequence[str]
) -> list[Change]:
    known = {row["party_id"] for row in connection.all(people.PARTIES)}
    for number, party in enumerate(parties):
        if party not in known:
            raise unknown_party(party, sorted(known))
        if party in held or party in parties[:number]:
            raise Usage("already-appointed", _("The person holds “%(party)s” already.") % {"party": party})
    return [
        insert(
            "appointment",
            {"person_id": person_id, "party_id": party, "from_date": from_date.isoformat()},
            until_date=None,
        )
        for party in parties
    ]
