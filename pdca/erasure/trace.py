"""Where in the log the values stand that are to be erased, and which rows still hold them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pdca.audit.event import Commitment, EventView, LoggedChange
from pdca.logged import event_of
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Row

RowKey = tuple[str, tuple[str | int, ...]]
"""A row: its table, and its key in the order of the catalogue."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value that stands behind a commitment: of a column of a change, or with `change` None the event's reason."""

    view: EventView
    change: LoggedChange | None
    column: str
    digest: str
    text: str


Wanted = Callable[[Found], bool]
"""Tells whether a value is to be erased."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a column of a row holds now, and the stream of the event that wrote it."""

    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Logged:
    """An event, and what still stands behind its commitments (digest -> [salt, value])."""

    event_id: int
    body: bytes
    view: EventView
    private: Mapping[str, Any]


def logged(events: Iterable[Row]) -> Iterator[Logged]:
    """Read events (`event_id`, `body`, `payload`); raises Failed for one that cannot be read."""
    for event in events:
        private = json.loads(event["payload"]) if event["payload"] else {}
        yield Logged(event["event_id"], bytes(event["body"]), event_of(event), private)


@dataclass(slots=True)
class Trace:
    """What was found: per stream and event the digests that go, and per row the columns that hold one of them now.

    Events that come later may be taken later: what one of them says is erased goes no more.
    """

    digests: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    rows: dict[RowKey, dict[str, Held]] = field(default_factory=lambda: defaultdict(dict))
    _places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def take(self, event: Logged, wanted: Wanted) -> None:
        """Take one event after another, in their order."""
        self._goes(event, wanted, None, "reason", event.view.reason)
        for change in event.view.changes:
            self._follow(event, wanted, change)

    def _follow(self, event: Logged, wanted: Wanted, change: LoggedChange) -> None:
        if change.table == "erased_value":
            self._is_gone(str(change.key["digest"]))
        key = (change.table, tuple(change.key[name] for name in FOLDED[change.table].key))
        if change.op == "delete":
            self.rows.pop(key, None)
            return
        for column, value in change.values.items():
            text = self._goes(event, wanted, change, column, value)
            if text is not None:
                self.rows[key][column] = Held(event.view.stream, text)
            elif key in self.rows:
                self.rows[key].pop(column, None)

    def _goes(
        self, event: Logged, wanted: Wanted, change: LoggedChange | None, column: str, value: object
    ) -> str | None:
        """Give the value and note its digest when it is to be erased; None otherwise."""
        if not isinstance(value, Commitment) or value.digest not in event.private:
            return None
        text = str(event.private[value.digest][1])
        if not wanted(Found(event.view, change, column, value.digest, text)):
            return None
        stream = event.view.stream
        self.digests[stream][event.event_id].add(value.digest)
        self._places[value.digest] = (stream, event.event_id)
        return text

    def _is_gone(self, digest: str) -> None:
        if digest not in self._places:
            return
        stream, event_id = self._places.pop(digest)
        found = self.digests[stream][event_id]
        found.discard(digest)
        if not found:
            del self.digests[stream][event_id]
        if not self.digests[stream]:
            del self.digests[stream]
