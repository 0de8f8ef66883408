"""Rows as the log has them up to some event: what lets a plan be seen, or a file be compared, as it once was."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pdca.audit.event import Commitment, EventView, LoggedChange
from pdca.erasure import naming
from pdca.logged import event_of
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import to_json
from pdca.store.then import holding

ERASED: Final = f'"{naming.ERASED}"'
"""Stands where a text was erased from the log on purpose; a JSON text, because some columns hold JSON."""

_MARK: Final = [naming.ERASED]
_STRUCTURED: Final[Mapping[tuple[str, str], object]] = {
    ("activity", "steps"): [{"text": naming.ERASED}],
    ("evaluation", "moved"): {},
    ("evaluation", "published"): {"findings": [{"text": naming.ERASED}]},
    ("evaluation", "results"): {},
    ("information_moment", "moved"): {},
    ("installation", "details"): {},
    ("involvement", "attendees"): _MARK,
    ("measurement", "of_which"): {},
    ("measurement", "parts"): {},
    ("notification", "parameters"): {},
    ("party", "details"): {},
    ("person", "wishes"): {},
    ("plan", "axes"): [],
    ("plan", "details"): {},
    ("plan", "perimeter"): {"places": _MARK},
    ("plan", "phenomena"): [{"text": {"en": naming.ERASED}}],
    ("programme", "details"): {},
    ("programme", "sources"): {},
}
"""Of columns that hold more than a text: what is read in the place of what was erased, with the mark where it fits."""

Key = tuple[str | int, ...]


class Rows:
    """Rows that come of the changes of events, taken in their order."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, dict[str, object]]] = defaultdict(dict)

    def take(self, events: Iterable[Row], ends: Callable[[EventView], bool]) -> None:
        """Take events (`body`, `payload`) until one that `ends` it; raises Failed for one that cannot be read."""
        for event in events:
            view = event_of(event)
            if ends(view):
                return
            private = json.loads(event["payload"]) if event["payload"] else {}
            for change in view.changes:
                _apply(self._rows[change.table], change, private)

    def of(self, table: str) -> list[dict[str, object]]:
        """Give the rows of a table."""
        return list(self._rows[table].values())

    @contextmanager
    def database(self, live: Connection) -> Iterator[Connection]:
        """Give a database in memory with these rows, in the tables of `live`."""
        with holding(live, {table: self.of(table) for table in FOLDED}) as then:
            yield then


def _apply(table: dict[Key, dict[str, object]], change: LoggedChange, private: Mapping[str, Any]) -> None:
    key = tuple(change.key[column] for column in FOLDED[change.table].key)
    if change.op == "delete":
        table.pop(key, None)
        return
    values = {
        column: _opened(change.table, column, value, private) if isinstance(value, Commitment) else value
        for column, value in change.values.items()
    }
    table[key] = {**table.get(key, {}), **change.key, **values}


def _opened(table: str, column: str, value: Commitment, private: Mapping[str, Any]) -> object:
    if value.digest in private:
        return private[value.digest][1]
    structured = _STRUCTURED.get((table, column))
    return ERASED if structured is None else to_json(structured)
