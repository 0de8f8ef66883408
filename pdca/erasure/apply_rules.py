"""Erasing what is past its term, by the rules in force, in one transaction.

What is gone is gone from the log, from the rows, and from what was made of it: snapshots, reports and messages that
repeat a text of the plan. An event says by which rules, of how many, how much; when nothing is past its term there is
none.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pdca.engine import Desk, Draft, Outcome, must_administer
from pdca.erasure.common import stream_of, take_away
from pdca.erasure.kinds import COPIES, KINDS, PEOPLE, each_text, emptied, texts_in
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.naming import ERASED, Naming
from pdca.erasure.past_term import TABLES, Due, due_now, fresh
from pdca.erasure.person import take_person_away, told_of_all
from pdca.erasure.trace import Found, Trace
from pdca.i18n import N_
from pdca.people.commands import lock_installation
from pdca.people.find import find_person
from pdca.standing import local_day
from pdca.store.catalogue import FOLDED, INSTALLATION_STREAM
from pdca.store.driver import Connection, Row
from pdca.store.reads import erasing, log
from pdca.store.rows import Change, insert, update

GROUND: Final = "retention"
SAY_WHAT_WAS_ERASED: Final = ("value.erased", "person.erased")
"""The events whose reason says on what ground something was erased, and stays."""

_SHORTEST: Final = 4
"""A text of fewer characters is not looked for in what was made of it: it could be anything."""


@dataclass(frozen=True, slots=True)
class ApplyRules:
    """Erase what is past its term; `files` are the messages that were written as files."""

    files: MessageFiles | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Take it away, in events of their own for each person and each stream, and then one that sums it up."""
        if desk.actor.access != "service":
            must_administer(desk.actor, N_("apply the rules on how long something is kept"))
        lock_installation(desk)
        due = due_now(desk.connection, local_day(desk.connection, desk.uow.now))
        return desk.done(**erase_due(desk, due, self.files))


def erase_due(desk: Desk, due: Sequence[Due], files: MessageFiles | None) -> dict[str, Any]:
    """Erase all whose term is over, and tell by kind how many and how much. The installation has to be locked."""
    runs = desk.connection.all(erasing.RUNS)
    people = told_of_all(
        [
            take_person_away(desk, find_person(desk.connection, person_id), GROUND, one.rule.name, files)
            for one in due
            if one.rule.kind == PEOPLE
            for person_id in one.subjects
        ]
    )
    taking = _Taking(desk.connection, [one for one in due if one.rule.kind != PEOPLE])
    taking.look()
    written = files.of_messages(desk.connection, taking.messages) if files else ()
    paths = [*people["files"], *(str(path) for path in written)]
    taking.record(desk)
    erased = Counter(taking.count) + Counter({PEOPLE: people["values"]})
    rows = list(_runs(desk, due, runs, erased))
    if rows:
        desk.record(
            stream_of(desk, INSTALLATION_STREAM),
            Draft(kind="retention.applied", changes=rows, reason=", ".join(one.rule.name for one in due)),
        )
    kinds = [
        {
            "kind": one.rule.kind,
            "rule": one.rule.name,
            "up_to": one.up_to.isoformat(),
            "subjects": fresh(desk.connection, one, runs),
            "values": erased[one.rule.kind],
        }
        for one in due
    ]
    return {**people, "kinds": kinds, "values": sum(erased.values()), "files": paths}


def _runs(desk: Desk, due: Iterable[Due], runs: Sequence[Row], erased: Mapping[str, int]) -> Iterator[Change]:
    for one in due:
        count, number = fresh(desk.connection, one, runs), sum(row["kind"] == one.rule.kind for row in runs) + 1
        if count or erased[one.rule.kind]:
            yield insert(
                "erasure_run",
                {"kind": one.rule.kind, "number": number},
                rule_number=one.rule.number,
                up_to=one.up_to.isoformat(),
                subjects=count,
                erased=erased[one.rule.kind],
                at=desk.uow.now_text,
            )


@dataclass(slots=True)
class _Taking:
    """Finds, event by event, the values past their term and what repeats them, and takes both away."""

    connection: Connection
    due: Sequence[Due]
    count: Counter[str] = field(default_factory=Counter)
    messages: set[str] = field(default_factory=set)
    _trace: Trace = field(default_factory=Trace)
    _copies: Trace = field(default_factory=Trace)
    _gone: set[str] = field(default_factory=set)
    _texts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _namings: dict[str, Naming] = field(default_factory=dict)
    _rules: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def look(self) -> None:
        """Find them."""
        if any(one.subjects for one in self.due):
            self._trace.take(self.connection.stream(log.EVENTS), self._wanted)
        self._namings = {stream: Naming(texts) for stream, texts in self._texts.items()}
        for stream in self._namings:
            self._copies.take(self.connection.stream(log.EVENTS_OF_PLAN, plan_id=stream), self._repeats)

    def record(self, desk: Desk) -> None:
        """Take them away, in one event for each stream."""
        changes = self._changes()
        digests = self._trace.digests
        for stream, events in self._copies.digests.items():
            for event_id, found in events.items():
                digests[stream][event_id] |= found
        for name in sorted(digests.keys() | changes.keys(), key=lambda one: (one != INSTALLATION_STREAM, one)):
            take_away(
                desk,
                stream_of(desk, name),
                "value.erased",
                digests.get(name, {}),
                changes.get(name, []),
                ground=GROUND,
                reason=", ".join(sorted(self._rules[name])),
            )

    def _wanted(self, found: Found) -> bool:
        due = next((one for one in self.due if _is_of(one, found)), None)
        if due is None or _is_empty(found):
            return False
        self.count[due.rule.kind] += 1
        self._gone.add(found.digest)
        self._rules[found.view.stream].add(due.rule.name)
        self._note_message(found)
        if KINDS[due.rule.kind].of_plan:
            table = found.change.table if found.change else ""
            for text in texts_in(table, found.column, found.text):
                self._note(found.view.stream, text)
        return True

    def _note(self, stream: str, text: str) -> None:
        """Note the text, and each of its lines: a page has a paragraph for each."""
        self._texts[stream] |= {one.strip() for one in (text, *text.splitlines()) if len(one.strip()) >= _SHORTEST}

    def _note_message(self, found: Found) -> None:
        if found.change is not None and found.change.table == "notification":
            self.messages.add(str(found.change.key["notification_id"]))

    def _repeats(self, found: Found) -> bool:
        naming, change = self._namings.get(found.view.stream), found.change
        if naming is None or change is None or found.column not in COPIES.get(change.table, ()):
            return False
        if found.digest in self._gone or each_text(found.text, naming.taken_out_of) == each_text(found.text, str):
            return False
        self._note_message(found)
        return True

    def _changes(self) -> dict[str, list[Change]]:
        changes: dict[str, list[Change]] = defaultdict(list)
        for (table, key), columns in self._trace.rows.items():
            for column, held in columns.items():
                changes[held.stream].append(_set(table, key, column, emptied(table, column, held.text)))
        for (table, key), columns in self._copies.rows.items():
            for column, held in columns.items():
                text = each_text(held.text, self._namings[held.stream].taken_out_of)
                changes[held.stream].append(_set(table, key, column, text))
        streams = {key: held.stream for (_table, key), columns in self._trace.rows.items() for held in columns.values()}
        for row in self.connection.all(erasing.SETTLED):
            # Nothing is left of it that could still be sent.
            if row["status"] == "dead" and (stream := streams.get((row["notification_id"],))):
                changes[stream].append(_set("notification", (row["notification_id"],), "status", "lapsed"))
        return changes


def _set(table: str, key: Sequence[str | int], column: str, value: object) -> Change:
    return update(table, dict(zip(FOLDED[table].key, key, strict=True)), **{column: value})


def _is_empty(found: Found) -> bool:
    """Tell whether nothing is left in a value that could go."""
    if found.change is None:
        return found.text == ERASED
    return emptied(found.change.table, found.column, found.text) == each_text(found.text, str)


def _is_of(due: Due, found: Found) -> bool:
    kind = KINDS[due.rule.kind]
    if found.change is None:
        if not kind.reasons or found.view.kind in SAY_WHAT_WAS_ERASED:
            return False
        if kind.of_plan:
            return found.view.stream in due.subjects
        return any(_is_subject(due, change.table, change.key) for change in found.view.changes)
    if found.column not in kind.columns.get(found.change.table, ()):
        return False
    if kind.of_plan:
        return found.view.stream in due.subjects
    return _is_subject(due, found.change.table, found.change.key)


def _is_subject(due: Due, table: str, key: Mapping[str, object]) -> bool:
    return TABLES[due.rule.kind] == table and str(next(iter(key.values()))) in due.subjects
