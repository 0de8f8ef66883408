"""The rows that the logged changes add up to, and their comparison with the tables."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pdca.audit.canonical import Json
from pdca.audit.event import Commitment, LoggedChange
from pdca.audit.findings import ABSENT, Findings, plain
from pdca.audit.reader import Reader

Key = tuple[object, ...]


class Unknown:
    """Stands for a committed value that is gone from the log: no row can be compared with it.

    Where it was erased, the event that says so set the column anew; where it was not, that is a finding already.
    """

    def __reduce__(self) -> str:
        """Stay the only one on the way from another process."""
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(slots=True)
class FoldedRow:
    """A row as the log has it: column -> value, without its key; `event_id` wrote it last."""

    values: dict[str, object]
    event_id: object


Place = tuple[str, Key]
"""A row: its table and its key."""

Written = tuple[Place, FoldedRow]
"""What was written to a row, and by which event last."""


class FoldedPart(NamedTuple):
    """What the changes of some events in a row come to, given which rows there were before and which there were not.

    Those of `removed` go first; then those of `updated` are set in rows that stay, and those of `added` are added, in
    this order.
    """

    there: tuple[Place, ...]
    lacking: tuple[Place, ...]
    removed: tuple[Place, ...]
    updated: tuple[Written, ...]
    added: tuple[Written, ...]


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
        row = self._before(change.table, key, change.op)
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

    def fits(self, part: FoldedPart) -> bool:
        """Tell whether there are, and are not, the rows that a part goes on from."""
        return all(key in self._rows[table] for table, key in part.there) and not any(
            key in self._rows[table] for table, key in part.lacking
        )

    def join(self, part: FoldedPart) -> None:
        """Apply what the changes of some events come to, which fits."""
        for table, key in part.removed:
            del self._rows[table][key]
        for (table, key), written in part.updated:
            row = self._rows[table][key]
            row.values.update(_one_copy_each(written.values))
            row.event_id = written.event_id
        for (table, key), written in part.added:
            self._rows[table][key] = FoldedRow(_one_copy_each(written.values), written.event_id)

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

    def _before(self, table: str, key: Key, op: str) -> FoldedRow | None:
        """Give the row as it was before a change."""
        del op
        return self._rows[table].get(key)

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


class PartFold(Fold):
    """Applies the changes of some events in a row, when those before them are not known.

    A row that is changed or removed first is taken to have been there, one that is added first not to have been.
    """

    def __init__(self, reader: Reader, findings: Findings) -> None:
        super().__init__(reader, findings)
        self._taken: dict[Place, FoldedRow | None] = {}

    def part(self) -> FoldedPart:
        """Say what the changes come to."""
        left = {(table, key): row for table, rows in self._rows.items() for key, row in rows.items()}
        there = {place: row for place, row in self._taken.items() if row is not None}
        # What was removed and added again is another row.
        stays = {place: row for place, row in there.items() if left.get(place) is row}
        return FoldedPart(
            there=tuple(there),
            lacking=tuple(place for place in self._taken if place not in there),
            removed=tuple(place for place in there if place not in stays),
            updated=tuple(stays.items()),
            added=tuple((place, row) for place, row in left.items() if place not in stays),
        )

    def _before(self, table: str, key: Key, op: str) -> FoldedRow | None:
        if (table, key) not in self._taken:
            row = self._taken[table, key] = None if op == "insert" else FoldedRow({}, None)
            if row is not None:
                self._rows[table][key] = row
        return super()._before(table, key, op)


def _opened(change: LoggedChange, opened: Mapping[str, Json]) -> dict[str, object]:
    return _one_copy_each(
        {
            column: opened.get(value.digest, UNKNOWN) if isinstance(value, Commitment) else value
            for column, value in change.values.items()
        }
    )


def _one_copy_each(values: Mapping[str, object]) -> dict[str, object]:
    """Take over values by column: each body brings its own copies of the names of columns, and one each is enough."""
    return {sys.intern(column): value for column, value in values.items()}


def _place(table: str, key: Key) -> str:
    return f"{plain(table)} {'/'.join(plain(part) for part in key)}"
