"""Erasing a person: every value that is his or hers, and the name wherever a text has it.

His or hers are the columns of the person, the facts and errors of messages to him or her, why he or she was absent or
left a function, and any other text only as far as it names him or her: in the rows it stays without the name, in the
log it is gone. The id stays; it is no personal value, and everything that was done stands in the log under it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from pdca.engine import Desk, Outcome, must_administer
from pdca.erasure.belongings import Belongings
from pdca.erasure.common import lock_everything, stream_of, take_away
from pdca.erasure.kinds import left_of_message
from pdca.erasure.mentions import without
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.naming import ERASED, Naming
from pdca.erasure.search import Search
from pdca.erasure.trace import Held
from pdca.errors import Refused, Usage
from pdca.i18n import N_, _
from pdca.people.find import find_person
from pdca.shapes import check_reason
from pdca.standing import local_day
from pdca.store.catalogue import FOLDED, INSTALLATION_STREAM
from pdca.store.driver import Connection, Row
from pdca.store.reads import notifications, people
from pdca.store.rows import Change, update


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Erase a person; `files` are the messages that were written as files, None where there are none to look at.

    `search` is what was read of the log before the transaction.
    """

    person: str
    ground: str
    reason: str
    files: MessageFiles | None = None
    search: Search | None = None

    def having_read(self, connection: Connection, now: datetime) -> "ErasePerson":
        """Give the command with the log read, as it stands in a transaction that sees one state of it.

        Where there is nothing to look for it is given as it is.
        """
        del now
        person = find_person(connection, self.person, erased=True)
        search = Search.of(connection, [person["person_id"]])
        if person["erased_at"] is not None or search.called(person["person_id"]).naming.found_in(self.reason):
            return self
        return replace(
            self, files=self.files and search.having_read(self.files, connection), search=search.read_before(connection)
        )

    def perform(self, desk: Desk) -> Outcome:
        """Take everything away in one event for each stream; of one who is erased already nothing more.

        Raises NotFound for no such person, Refused for one's own erasure, Usage for a reason that names the person,
        ReadAnew when what was read before is of no use any more.
        """
        must_administer(desk.actor, N_("erase people"))
        check_reason(self.reason)
        lock_everything(desk)
        person = find_person(desk.connection, self.person, erased=True)
        if person["person_id"] == desk.actor.person_id:
            raise Refused(
                "own-erasure",
                _("Nobody erases himself or herself, so the last administrator cannot be erased."),
                hint=_("Ask another administrator; `pdca person list` shows who is one."),
            )
        if person["erased_at"] is not None:
            return desk.done(**_NOTHING_MORE, person=person["person_id"])
        search = self.search or Search.of(desk.connection, [person["person_id"]])
        search.must_be_for([person["person_id"]])
        return desk.done(**take_person_away(desk, person, self.ground, self.reason, self.files, search))


def take_person_away(
    desk: Desk, person: Row, ground: str, reason: str, files: MessageFiles | None, search: Search
) -> dict[str, Any]:
    """Take everything of a person away, and tell what it came to; raises Usage for a reason that names the person.

    Everything has to be locked.
    """
    person_id = person["person_id"]
    called = search.called(person_id)
    if called.naming.found_in(reason):
        raise Usage(
            "reason-names-person",
            _("The reason names the person, and would stay in the log."),
            hint=_("Write it without the name; the log says whom it is about by the id."),
        )
    found = search.belongings(desk.connection, person_id)
    written = [str(path) for path in files.of(desk.connection, person_id, found.naming)] if files else []
    open_ = desk.connection.all(notifications.OF_PERSON, person_id=person_id)
    changes = _by_stream(found, open_)
    ended = _ended(desk, person_id)
    changes[INSTALLATION_STREAM] = [
        _nobody(person_id, desk.uow.now_text),
        *ended,
        *changes.get(INSTALLATION_STREAM, []),
    ]
    for name in sorted(changes.keys() | found.trace.digests.keys(), key=lambda one: (one != INSTALLATION_STREAM, one)):
        take_away(
            desk,
            stream_of(desk, name),
            "person.erased" if name == INSTALLATION_STREAM else "value.erased",
            found.trace.digests.get(name, {}),
            changes.get(name, []),
            ground=ground,
            reason=reason,
        )
    return {
        "person": person_id,
        "values": sum(len(gone) for events in found.trace.digests.values() for gone in events.values()),
        "events": sum(len(events) for events in found.trace.digests.values()),
        "lapsed": sum(row["status"] in _OPEN for row in open_),
        "ended": len(ended),
        "shared_name": called.shared,
        "in_the_clear": found.in_the_clear,
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


_NOTHING_MORE: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("values", "events", "lapsed", "ended"), 0),
    "shared_name": False,
    "in_the_clear": [],
    "files": [],
}
_OPEN = ("pending", "dead")
"""Messages that may still be sent."""


def _by_stream(belongings: Belongings, messages: Iterable[Row]) -> dict[str, list[Change]]:
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
        for stream, values in _without_name(table, columns, belongings.naming, own=own).items():
            named = dict(zip(FOLDED[table].key, key, strict=True))
            changes.setdefault(stream, []).append(update(table, named, **values))
    return changes


def _without_name(table: str, columns: Mapping[str, Held], naming: Naming, *, own: bool) -> dict[str, dict[str, Any]]:
    values: dict[str, dict[str, Any]] = {}
    for column, held in columns.items():
        values.setdefault(held.stream, {})[column] = ERASED if own else without(table, column, held.text, naming)
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
