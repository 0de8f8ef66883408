"""The rows that the logged changes add up to, and their comparison with the tables."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

from pdca.audit.canonical import Json
from pdca.audit.event import Commitment, LoggedChange
from pdca.audit.findings import ABSENT, Findings, plain
from pdca.audit.reader import Reader

Key = tuple[object, ...]


class Unknown:
    """Stands for a committed value that is gone from the log: no row can be compared with it.

    Where it was erased, the event that says so set the column anew; where it was not, that is a finding already.
    """


UNKNOWN = Unknown()


@dataclass(slots=True)
class FoldedRow:
    """A row as the log has it: column -> value, without its key; `event_id` wrote it last."""

    values: dict[str, object]
    event_id: object


class Fold:
    """Applies the changes of events in order; holds every row of the tables, but no body."""

    def __init__(self, reader: Reader, findings: Findings) -> None:
        self._reader = reader
        self._findings = findings
        self._rows: dict[str, dict[Key, FoldedRow]] = {name: {} for name in reader.tables()}
        self._keys = {name: tuple(reader.key_columns(name)) for name in self._rows}
        self._derived = {name: frozenset(reader.derived_columns(name)) for name in self._rows}

    def apply(self, event_id: object, change: LoggedChange, opened: Mapping[str, Json]) -> None:
        """Apply one change; `opened` are the values of its commitments that are there."""
        rows = self._rows.get(change.table)
        if rows is None:
            self._misfit(event_id, change, "table-unknown", "The event changes a table that does not follow the log.")
            return
        columns = self._keys[change.table]
        if change.key.keys() != set(columns):
            self._misfit(event_id, change, "key-misfit", "The key in the event is not the key of the table.")
            return
        if not change.values.keys().isdisjoint(self._derived[change.table].union(columns)):
            self._misfit(event_id, change, "column-misfit", "The event sets a column that no event may set.")
        key = tuple(change.key[column] for column in columns)
        row = rows.get(key)
        if change.op == "insert":
            if row is not None:
                self._misfit(event_id, change, "insert-of-existing", "The event adds a row that was there already.")
            rows[key] = FoldedRow(_opened(change, opened), event_id)
        elif row is None:
            what = "changes" if change.op == "update" else "removes"
            self._misfit(event_id, change, f"{change.op}-of-missing", f"The event {what} a row that was not there.")
        elif change.op == "update":
            row.values.update(_opened(change, opened))
            row.event_id = event_id
        else:
            del rows[key]

    def keys(self, table: str) -> frozenset[Key]:
        """Give the keys of the rows that the log has in a table; before `compare`."""
        return frozenset(self._rows.get(table, ()))

    def compare(self) -> None:
        """Compare the rows with the tables; consumes them."""
        for table, rows in self._rows.items():
            for stored in self._reader.rows(table):
                key = tuple(stored.get(column, ABSENT) for column in self._keys[table])
                # Only texts and integers can be keys of the log; 1.0 and True would be found under 1.
                row = rows.pop(key, None) if all(type(part) in (str, int) for part in key) else None
                if row is None:
                    self._findings.add("row-extra", "The log has no such row.", _place(table, key))
                else:
                    self._compare_row(table, key, row, stored)
            for key, row in rows.items():
                message = "The row that the log has is not in the table."
                self._findings.add("row-missing", message, _place(table, key), row.event_id)
            rows.clear()

    def _compare_row(self, table: str, key: Key, row: FoldedRow, stored: Mapping[str, object]) -> None:
        passed_over = self._derived[table].union(self._keys[table])
        for column in [*stored, *(name for name in row.values if name not in stored)]:
            if column in passed_over:
                continue
            # A column that no event has set holds null.
            expected, found = row.values.get(column), stored.get(column, ABSENT)
            if expected is not UNKNOWN and (type(expected) is not type(found) or expected != found):
                message = "The table does not hold what the log says."
                where = f"{_place(table, key)}: {plain(column)}"
                self._findings.differ("value-differs", message, where, expected, found, row.event_id)

    def _misfit(self, event_id: object, change: LoggedChange, code: str, message: str) -> None:
        place = _place(change.table, tuple(change.key.values()))
        self._findings.add(code, message, f"event {plain(event_id)}: {place}", event_id)


def _opened(change: LoggedChange, opened: Mapping[str, Json]) -> dict[str, object]:
    return {
        # Each body brings its own copies of the names of columns; one copy each is enough.
        sys.intern(column): opened.get(value.digest, UNKNOWN) if isinstance(value, Commitment) else value
        for column, value in change.values.items()
    }


def _place(table: str, key: Key) -> str:
    return f"{plain(table)} {'/'.join(plain(part) for part in key)}"
