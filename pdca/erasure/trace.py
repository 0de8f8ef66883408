"""Where in the log the values stand that are to be erased, and which rows still hold them."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
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


@dataclass(slots=True)
class Trace:
    """What was found: per stream and event the digests that go, and per row the columns that hold one of them now."""

    digests: dict[str, dict[int, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    rows: dict[RowKey, dict[str, Held]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, events: Iterable[Row], wanted: Wanted) -> None:
        """Take events (`event_id`, `body`, `payload`), in their order; raises Failed for one that cannot be read."""
        for event in events:
            view = event_of(event)
            private = json.loads(event["payload"]) if event["payload"] else {}
            here = _Event(event["event_id"], view, private, wanted, self.digests)
            here.goes(None, "reason", view.reason)
            for change in view.changes:
                self._follow(change, here)

    def _follow(self, change: LoggedChange, event: "_Event") -> None:
        key = (change.table, tuple(change.key[name] for name in FOLDED[change.table].key))
        if change.op == "delete":
            self.rows.pop(key, None)
            return
        for column, value in change.values.items():
            text = event.goes(change, column, value)
            if text is not None:
                self.rows[key][column] = Held(event.view.stream, text)
            elif key in self.rows:
                self.rows[key].pop(column, None)


@dataclass(frozen=True, slots=True)
class _Event:
    event_id: int
    view: EventView
    private: Mapping[str, Any]
    wanted: Wanted
    digests: Mapping[str, Mapping[int, set[str]]]

    def goes(self, change: LoggedChange | None, column: str, value: object) -> str | None:
        """Give the value and note its digest when it is to be erased; None otherwise."""
        if not isinstance(value, Commitment) or value.digest not in self.private:
            return None
        text = str(self.private[value.digest][1])
        if not self.wanted(Found(self.view, change, column, value.digest, text)):
            return None
        self.digests[self.view.stream][self.event_id].add(value.digest)
        return text
