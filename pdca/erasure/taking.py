"""The values past their term and what repeats them: finding both, event by event, and taking them away."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pdca.engine import Desk
from pdca.erasure.common import stream_of, take_away
from pdca.erasure.kinds import COPIES, KINDS, each_text, emptied, texts_in
from pdca.erasure.mentions import names, without
from pdca.erasure.naming import ERASED, Naming
from pdca.erasure.past_term import TABLES, Due
from pdca.erasure.trace import Found, Logged, Trace, logged
from pdca.store.catalogue import FOLDED, INSTALLATION_STREAM
from pdca.store.driver import Connection
from pdca.store.reads import erasing, log
from pdca.store.rows import Change, update

GROUND: Final = "retention"
SAY_WHAT_WAS_ERASED: Final = ("value.erased", "person.erased")
"""The events whose reason says on what ground something was erased, and stays."""

_SHORTEST: Final = 4
"""A text of fewer characters is not looked for in what was made of it: it could be anything."""


@dataclass(frozen=True, slots=True)
class _PastTerm:
    """What is to be known of a value once it is to go: of what kind, by which rule, where, and what it says."""

    kind: str
    rule: str
    stream: str
    message: str | None
    texts: frozenset[str]


@dataclass(slots=True)
class Taking:
    """Finds, event by event, the values past their term and what repeats them, and takes both away.

    Of the values found only those count that no event taken since has erased: what is told is made of these.
    """

    due: Sequence[Due]
    _trace: Trace = field(default_factory=Trace)
    _values: dict[str, _PastTerm] = field(default_factory=dict)
    _copies: dict[str, Trace] = field(default_factory=dict)
    _looked_for: dict[str, frozenset[str]] = field(default_factory=dict)
    _namings: dict[str, Naming] = field(default_factory=dict)
    _copied: dict[str, str] = field(default_factory=dict)

    @property
    def any_due(self) -> bool:
        """Tell whether there is anybody or anything whose values are looked for."""
        return any(one.subjects for one in self.due)

    @property
    def count(self) -> Counter[str]:
        """How many values go, by kind."""
        return Counter(value.kind for value in self._left())

    @property
    def messages(self) -> set[str]:
        """The messages of which something goes."""
        copies = {digest for trace in self._copies.values() for digest in _digests(trace)}
        copied = {self._copied[digest] for digest in copies & self._copied.keys()}
        return {value.message for value in self._left() if value.message is not None} | copied

    def take(self, event: Logged) -> None:
        """Take one event after another, in their order."""
        self._trace.take(event, self._wanted)
        if event.view.plan in self._copies:
            self._copies[event.view.plan].take(event, self._repeats)

    def look_for_copies(self, connection: Connection) -> None:
        """Look for what repeats the texts that go; the events of a plan are read when these are not those of before."""
        texts: dict[str, set[str]] = defaultdict(set)
        for value in self._left():
            texts[value.stream] |= value.texts
        for stream in self._looked_for.keys() - texts.keys():
            del self._looked_for[stream], self._namings[stream], self._copies[stream]
        for stream, wanted in ((name, frozenset(found)) for name, found in texts.items()):
            if self._looked_for.get(stream, frozenset()) == wanted:
                continue
            self._looked_for[stream], self._namings[stream] = wanted, Naming(wanted)
            self._copies[stream] = Trace()
            for event in logged(connection.stream(log.EVENTS_OF_PLAN, plan_id=stream)):
                self._copies[stream].take(event, self._repeats)

    def record(self, desk: Desk) -> None:
        """Take them away, in one event for each stream. Everything has to be locked."""
        changes = self._changes(desk.connection)
        digests: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for trace in (self._trace, *self._copies.values()):
            for stream, events in trace.digests.items():
                for event_id, found in events.items():
                    digests[stream][event_id] |= found
        rules: dict[str, set[str]] = defaultdict(set)
        for value in self._left():
            rules[value.stream].add(value.rule)
        for name in sorted(digests.keys() | changes.keys(), key=lambda one: (one != INSTALLATION_STREAM, one)):
            take_away(
                desk,
                stream_of(desk, name),
                "value.erased",
                digests.get(name, {}),
                changes.get(name, []),
                ground=GROUND,
                reason=", ".join(sorted(rules[name])),
            )

    def _left(self) -> Iterable[_PastTerm]:
        return (self._values[digest] for digest in _digests(self._trace))

    def _wanted(self, found: Found) -> bool:
        due = next((one for one in self.due if _is_of(one, found)), None)
        if due is None or _is_empty(found):
            return False
        texts: set[str] = set()
        if KINDS[due.rule.kind].of_plan:
            table = found.change.table if found.change else ""
            texts.update(*map(_lines, texts_in(table, found.column, found.text)))
        self._values[found.digest] = _PastTerm(
            due.rule.kind, due.rule.name, found.view.stream, _message(found), frozenset(texts)
        )
        return True

    def _repeats(self, found: Found) -> bool:
        naming, change = self._namings.get(found.view.stream), found.change
        if naming is None or change is None or found.column not in COPIES.get(change.table, ()):
            return False
        if found.digest in self._values or not names(change.table, found.column, found.text, naming):
            return False
        if (message := _message(found)) is not None:
            self._copied[found.digest] = message
        return True

    def _changes(self, connection: Connection) -> dict[str, list[Change]]:
        changes: dict[str, list[Change]] = defaultdict(list)
        for (table, key), columns in self._trace.rows.items():
            for column, held in columns.items():
                changes[held.stream].append(_set(table, key, column, emptied(table, column, held.text)))
        for copies in self._copies.values():
            for (table, key), columns in copies.rows.items():
                for column, held in columns.items():
                    text = without(table, column, held.text, self._namings[held.stream])
                    changes[held.stream].append(_set(table, key, column, text))
        streams = {key: held.stream for (_table, key), columns in self._trace.rows.items() for held in columns.values()}
        for row in connection.all(erasing.SETTLED):
            # Nothing is left of it that could still be sent.
            if row["status"] == "dead" and (stream := streams.get((row["notification_id"],))):
                changes[stream].append(_set("notification", (row["notification_id"],), "status", "lapsed"))
        return changes


def _digests(trace: Trace) -> Iterable[str]:
    return (digest for events in trace.digests.values() for found in events.values() for digest in found)


def _lines(text: str) -> set[str]:
    """Give the text, and each of its lines: a page has a paragraph for each."""
    return {one.strip() for one in (text, *text.splitlines()) if len(one.strip()) >= _SHORTEST}


def _message(found: Found) -> str | None:
    if found.change is None or found.change.table != "notification":
        return None
    return str(found.change.key["notification_id"])


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
