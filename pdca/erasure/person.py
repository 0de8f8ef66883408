"""Erasing a person: every value that is his or hers, and the name wherever a text has it.

His or hers are the columns of the person, the facts and errors of messages to him or her, why he or she was absent or
left a function, and any other text only as far as it names him or her: in the rows it stays without the name, in the
log it is gone. The id stays; it is no personal value, and everything that was done stands in the log under it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from pdca.actor import login_in_log
from pdca.audit.event import EventView, LoggedChange
from pdca.engine import Desk, Outcome, must_administer
from pdca.erasure.common import stream_of, take_away
from pdca.erasure.kinds import left_of_message
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.naming import ERASED, Naming
from pdca.erasure.trace import Found, Held, Trace
from pdca.errors import Refused, Usage
from pdca.i18n import N_, _
from pdca.people.commands import lock_installation
from pdca.people.find import find_person
from pdca.shapes import check_reason
from pdca.standing import local_day
from pdca.store.catalogue import FOLDED, INSTALLATION_STREAM
from pdca.store.driver import Connection, Row
from pdca.store.reads import log, notifications, people
from pdca.store.rows import Change, update

_CALLED = ("name", "email")
_LABELS = ("handle", "login")
_ABOUT = ("basis", "note")


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Erase a person; `files` are the messages that were written as files, None where there are none to look at."""

    person: str
    ground: str
    reason: str
    files: MessageFiles | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Take everything away in one event for each stream; of one who is erased already nothing more.

        Raises NotFound for no such person, Refused for one's own erasure, Usage for a reason that names the person.
        """
        must_administer(desk.actor, N_("erase people"))
        check_reason(self.reason)
        lock_installation(desk)
        person = find_person(desk.connection, self.person, erased=True)
        if person["person_id"] == desk.actor.person_id:
            raise Refused(
                "own-erasure",
                _("Nobody erases himself or herself, so the last administrator cannot be erased."),
                hint=_("Ask another administrator; `pdca person list` shows who is one."),
            )
        return desk.done(**take_person_away(desk, person, self.ground, self.reason, self.files))


def take_person_away(desk: Desk, person: Row, ground: str, reason: str, files: MessageFiles | None) -> dict[str, Any]:
    """Take everything of a person away, and tell what it came to; raises Usage for a reason that names the person.

    The installation has to be locked.
    """
    person_id = person["person_id"]
    if person["erased_at"] is not None:
        return {**dict.fromkeys(("values", "events", "lapsed", "ended"), 0), **_NOTHING_MORE, "person": person_id}
    naming, shared = called(desk.connection, person_id)
    if naming.found_in(reason):
        raise Usage(
            "reason-names-person",
            _("The reason names the person, and would stay in the log."),
            hint=_("Write it without the name; the log says whom it is about by the id."),
        )
    traced = _Belongings(person_id, naming)
    traced.trace.take(desk.connection.stream(log.EVENTS), traced.wanted)
    in_the_clear = [
        row["event_id"] for row in desk.connection.stream(log.EVENTS) if naming.found_in(bytes(row["body"]).decode())
    ]
    written = [str(path) for path in files.of(desk.connection, person_id, naming)] if files else []
    open_ = desk.connection.all(notifications.OF_PERSON, person_id=person_id)
    changes = _by_stream(traced, open_)
    ended = _ended(desk, person_id)
    changes[INSTALLATION_STREAM] = [
        _nobody(person_id, desk.uow.now_text),
        *ended,
        *changes.get(INSTALLATION_STREAM, []),
    ]
    for name in sorted(changes.keys() | traced.trace.digests.keys(), key=lambda one: (one != INSTALLATION_STREAM, one)):
        take_away(
            desk,
            stream_of(desk, name),
            "person.erased" if name == INSTALLATION_STREAM else "value.erased",
            traced.trace.digests.get(name, {}),
            changes.get(name, []),
            ground=ground,
            reason=reason,
        )
    return {
        "person": person_id,
        "values": sum(len(found) for events in traced.trace.digests.values() for found in events.values()),
        "events": sum(len(events) for events in traced.trace.digests.values()),
        "lapsed": sum(row["status"] in _OPEN for row in open_),
        "ended": len(ended),
        "shared_name": shared,
        "in_the_clear": in_the_clear,
        "files": written,
    }


def told_of_all(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Put together what it came to for several people, with those whose name was left because somebody else has it."""
    return {
        "values": sum(one["values"] for one in told),
        "files": [path for one in told for path in one["files"]],
        "shared_names": [one["person"] for one in told if one["shared_name"]],
        "in_the_clear": sorted({event for one in told for event in one["in_the_clear"]}),
    }


def _nobody(person_id: str, now: str) -> Change:
    return update(
        "person",
        {"person_id": person_id},
        **{**dict.fromkeys(FOLDED["person"].committed), "name": ERASED, "handle": f"erased-{person_id}"},
        access="member",
        invited_since=None,
        erased_at=now,
    )


_NOTHING_MORE: Final[Mapping[str, Any]] = {"shared_name": False, "in_the_clear": [], "files": []}
_OPEN = ("pending", "dead")
"""Messages that may still be sent."""


def called(connection: Connection, person_id: str) -> tuple[Naming, bool]:
    """Tell what a person was ever called, and whether somebody else who is here bears a name of his or hers.

    Such a name is not looked for in texts: it may well be the other who is meant.
    """
    ever: dict[str, set[str]] = {column: set() for column in (*_CALLED, *_LABELS)}

    def note(found: Found) -> bool:
        if _is_row_of(found.change, person_id) and found.column in ever:
            ever[found.column].add(found.text)
        return False

    Trace().take(connection.stream(log.EVENTS_OF_INSTALLATION), note)
    others = {row["name"].casefold() for row in connection.all(people.PEOPLE) if row["person_id"] != person_id}
    own = {name for name in ever["name"] if name.casefold() not in others}
    labels = {*ever["handle"], *ever["login"], *map(login_in_log, ever["login"])}
    return Naming({*own, *ever["email"]}, labels), own != ever["name"]


@dataclass(slots=True)
class _Belongings:
    """Decides, event by event in their order, which values are a person's own or name him or her."""

    person_id: str
    naming: Naming
    trace: Trace = field(default_factory=Trace)
    own: set[tuple[str, str]] = field(default_factory=set)

    def wanted(self, found: Found) -> bool:
        """Tell whether the value is to be erased."""
        change = found.change
        if change is None:
            return self._why_about(found.view) or self.naming.found_in(found.text)
        if change.table == "person":
            if _is_row_of(change, self.person_id):
                return True
            return found.column in _ABOUT and self.naming.found_in(found.text)
        return self.is_own(change) or self.naming.found_in(found.text)

    def is_own(self, change: LoggedChange) -> bool:
        """Tell whether a row is a message to the person, or says why he or she was absent."""
        column = {"notification": "person_id", "substitution": "absent_id"}.get(change.table)
        if column is None:
            return False
        (key,) = change.key.values()
        if change.op == "insert" and change.values.get(column) == self.person_id:
            self.own.add((change.table, str(key)))
        return (change.table, str(key)) in self.own

    def _why_about(self, view: EventView) -> bool:
        return view.kind.startswith("person.") and any(
            self.is_own(change) or _is_row_of(change, self.person_id, "person", "appointment")
            for change in view.changes
        )


def _is_row_of(change: LoggedChange | None, person_id: str, *tables: str) -> bool:
    return change is not None and change.table in (tables or ("person",)) and change.key.get("person_id") == person_id


def _by_stream(belongings: _Belongings, messages: Iterable[Row]) -> dict[str, list[Change]]:
    """Make the changes after which no row holds what is erased, by the stream that they belong to."""
    changes: dict[str, list[Change]] = {}
    for row in messages:
        lapses = {"status": "lapsed"} if row["status"] in _OPEN else {}
        left = left_of_message(row["parameters"])
        change = update(
            "notification", {"notification_id": row["notification_id"]}, parameters=left, last_error=None, **lapses
        )
        changes.setdefault(row["stream"], []).append(change)
    for (table, key), columns in belongings.trace.rows.items():
        if table == "person" and key == (belongings.person_id,):
            continue
        if table == "notification" and (table, str(key[0])) in belongings.own:
            continue
        own = (table, str(key[0])) in belongings.own
        for stream, values in _without_name(columns, belongings.naming, own=own).items():
            named = dict(zip(FOLDED[table].key, key, strict=True))
            changes.setdefault(stream, []).append(update(table, named, **values))
    return changes


def _without_name(columns: Mapping[str, Held], naming: Naming, *, own: bool) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for column, held in columns.items():
        values.setdefault(held.stream, {})[column] = ERASED if own else naming.taken_out_of(held.text)
    return values


def _ended(desk: Desk, person_id: str) -> list[Change]:
    """End what the person holds, and in whose stead he or she acts, from today on; what was only to come is gone."""
    today = local_day(desk.connection, desk.uow.now)
    changes = []
    for row in desk.connection.all(people.APPOINTMENTS):
        if row["person_id"] != person_id or (row["until_date"] or "9999") <= today.isoformat():
            continue
        key = {name: row[name] for name in ("person_id", "party_id", "from_date")}
        # Also of one that begins today: a letter of today may be addressed to who held it, and has to be found by it.
        if row["from_date"] <= today.isoformat():
            changes.append(update("appointment", key, until_date=today.isoformat()))
        else:
            changes.append(Change("delete", "appointment", key))
    yesterday = (today - timedelta(days=1)).isoformat()
    for row in desk.connection.all(people.SUBSTITUTIONS):
        if person_id in (row["absent_id"], row["substitute_id"]) and row["until_date"] > yesterday:
            key = {"substitution_id": row["substitution_id"]}
            changes.append(update("substitution", key, until_date=yesterday))
    return changes
