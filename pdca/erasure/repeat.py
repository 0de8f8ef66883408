"""The list of what was erased, without a single value, and erasing it all again where a backup was put back.

The events that say what was erased are not in a backup of before; so the list is written out and kept apart. The
commitments in it are found again in the backup, for its events are the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from pdca.audit.event import EventView
from pdca.engine import Desk, Outcome, must_administer
from pdca.erasure.apply_rules import erase_due
from pdca.erasure.common import GROUNDS, lock_everything, stream_of, take_away
from pdca.erasure.kinds import KINDS, emptied
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.past_term import Due, Rule, subjects
from pdca.erasure.person import take_person_away, told_of_all
from pdca.erasure.search import Search
from pdca.erasure.trace import Found, Trace, logged
from pdca.erasure.value import has_members
from pdca.i18n import N_
from pdca.logged import event_of
from pdca.shapes import check_reason
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection
from pdca.store.reads import erasing, log, people
from pdca.store.rows import Change, update

What = Literal["person", "kind", "values"]
RETENTION: Final = "retention"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What one event erased: of a person (`of` is the id), of a kind by a rule (`of` is the kind), or single values.

    `up_to` and `rule` are those of the run of a kind; `digests` the commitments whose values are gone.
    """

    event: int
    at: str
    by: str
    what: What
    of: str
    ground: str
    rule: int | None = None
    up_to: str | None = None
    digests: tuple[str, ...] = ()


def erasures(connection: Connection) -> Iterator[Erasure]:
    """Yield everything that was erased, in the order of the log."""
    for row in connection.stream(erasing.EVENTS):
        yield from _of_event(row["event_id"], event_of(row))


def _of_event(event_id: int, view: EventView) -> Iterator[Erasure]:
    gone = [change for change in view.changes if change.table == "erased_value"]
    for change in view.changes:
        if change.table == "erasure_run":
            of, up_to, rule = str(change.key["kind"]), str(change.values["up_to"]), change.values["rule_number"]
            yield Erasure(event_id, view.at, view.actor, "kind", of, RETENTION, int(str(rule)), up_to)
    person = next((one.key["person_id"] for one in view.changes if _is_erased_person(one.table, one.values)), None)
    if gone or person is not None:
        # One who was known by a login alone may have had no value that the log still held.
        ground = str(gone[0].values["ground"]) if gone else GROUNDS[0]
        digests = tuple(str(change.key["digest"]) for change in gone)
        what: What = "values" if person is None else "person"
        yield Erasure(event_id, view.at, view.actor, what, str(person or view.stream), ground, digests=digests)


def _is_erased_person(table: str, values: Mapping[str, Any]) -> bool:
    return table == "person" and values.get("erased_at") is not None


@dataclass(frozen=True, slots=True)
class RepeatErasures:
    """Erase again what a list names and is there; `files` are the messages that were written as files."""

    listed: Sequence[Erasure]
    reason: str
    files: MessageFiles | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Take away people first, then kinds, then single values; what is gone already is left.

        `left` counts values that a row cannot do without, people who erase, and those whose number is that of somebody
        else since: nothing that was erased of the one is in the row of the other.
        """
        must_administer(desk.actor, N_("erase again what was erased"))
        check_reason(self.reason)
        lock_everything(desk)
        found = Counter({"people": 0, "values": 0, "left": 0})
        away: list[dict[str, Any]] = []
        grounds = {one.of: one.ground for one in self.listed if one.what == "person"}
        there = [
            row
            for row in desk.connection.all(people.PEOPLE)
            if row["person_id"] in grounds and row["erased_at"] is None
        ]
        same = self._same_people(desk.connection) - {desk.actor.person_id}
        going = [row for row in there if row["person_id"] in same]
        found["left"] += len(there) - len(going)
        search = Search.of(desk.connection, [row["person_id"] for row in going])
        for person in going:
            ground = grounds[person["person_id"]]
            away.append(take_person_away(desk, person, ground, self.reason, self.files, search))
        of_people, told = told_of_all(away), erase_due(desk, self._due(desk.connection), self.files)
        found.update(people=len(away), values=of_people["values"] + told["values"])
        values, left = self._single_values(desk)
        found.update(values=values, left=left)
        lists = {name: [*of_people[name], *told[name]] for name in ("files", "shared_names", "in_the_clear")}
        return desk.done(**found, **lists)

    def _same_people(self, connection: Connection) -> set[str]:
        """Give the numbers that are still those of the listed: their rows have a value that was erased of them."""
        erased: dict[str, set[str]] = defaultdict(set)
        for one in self.listed:
            if one.what == "person":
                erased[one.of].update(one.digests)
        same: set[str] = set()

        def note(found: Found) -> bool:
            if found.change is not None and found.change.table == "person":
                person_id = str(found.change.key["person_id"])
                if found.digest in erased.get(person_id, ()):
                    same.add(person_id)
            return False

        for event in logged(connection.stream(log.EVENTS_OF_INSTALLATION)):
            Trace().take(event, note)
        return same

    def _due(self, connection: Connection) -> list[Due]:
        last = {one.of: one for one in self.listed if one.what == "kind" and one.up_to}
        found = []
        for kind, one in last.items():
            up_to = date.fromisoformat(str(one.up_to))
            found.append(Due(Rule(kind, one.rule or 0, 0), up_to, subjects(connection, kind, up_to)))
        return found

    def _single_values(self, desk: Desk) -> tuple[int, int]:
        grounds = {digest: one.ground for one in self.listed for digest in one.digests}
        trace, left = Trace(), 0

        def wanted(found: Found) -> bool:
            nonlocal left
            if found.digest not in grounds:
                return False
            needed = _cannot_do_without(found)
            left += needed
            return not needed

        for event in logged(desk.connection.stream(log.EVENTS)):
            trace.take(event, wanted)
        changes: dict[str, list[Change]] = defaultdict(list)
        for (table, key), columns in trace.rows.items():
            for column, held in columns.items():
                row = dict(zip(FOLDED[table].key, key, strict=True))
                changes[held.stream].append(update(table, row, **{column: emptied(table, column, held.text)}))
        for name, events in sorted(trace.digests.items()):
            ground = next(grounds[digest] for found in events.values() for digest in found)
            take_away(
                desk,
                stream_of(desk, name),
                "value.erased",
                events,
                changes.get(name, []),
                ground=ground,
                reason=self.reason,
            )
        return sum(len(found) for events in trace.digests.values() for found in events.values()), left


def _cannot_do_without(found: Found) -> bool:
    """Tell whether a value is structured, and of no kind: then a mark cannot stand in its place."""
    change = found.change
    if change is None or any(found.column in kind.columns.get(change.table, ()) for kind in KINDS.values()):
        return False
    return change.table == "person" or has_members(found.text)
