"""What is stored already, to compare a document with: the rows of the tables an import writes, and free numbers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pdca.exchange.as_rows import Wanted
from pdca.numbers import Numbers
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads.exchange import ROWS, ROWS_OF_PLAN
from pdca.store.rows import Change, insert, update

Key = tuple[Any, ...]

_FIGURES = frozenset({"baseline", "deployed", "planned", "result", "upto", "value"})
"""Columns of figures, which are kept as texts."""

_COUNTED = frozenset({"of_which", "parts"})
"""Columns of JSON whose every member is a figure."""


class Stored:
    """The tables as they are at the beginning, by key; each is read when it is first asked for.

    With a `plan_id`, of the tables that belong to plans only the rows of that plan.
    """

    def __init__(self, connection: Connection, plan_id: str | None = None) -> None:
        self._connection = connection
        self._plan_id = plan_id
        self._rows: dict[str, dict[Key, Row]] = {}
        self._grouped: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self._numbers = Numbers(connection)

    def rows(self, table: str) -> Iterable[Row]:
        """Give the rows of a table."""
        return self._table(table).values()

    def row(self, table: str, *key: object) -> Row | None:
        """Give the row of a key."""
        return self._table(table).get(key)

    def of(self, table: str, column: str, value: object) -> Sequence[Row]:
        """Give the rows of a table that hold a value in a column, in the order of their keys."""
        grouped = self._grouped.get((table, column))
        if grouped is None:
            grouped = self._grouped[table, column] = defaultdict(list)
            for row in self.rows(table):
                grouped[row[column]].append(row)
        return grouped.get(value, ())

    def differences(self, wanted: Iterable[Wanted]) -> Iterator[Change]:
        """Give the changes that bring the stored rows to what is wanted; none for rows that are so already."""
        for one in wanted:
            row = self.row(one.table, *one.key.values())
            if row is None:
                yield insert(one.table, one.key, **one.values)
            elif changed := different(row, one.values):
                yield update(one.table, one.key, **changed)

    def in_order(self, wanted: Iterable[Wanted]) -> list[Wanted]:
        """Leave the stored positions as they are when the wanted order is that already, gaps and all."""
        found = list(wanted)
        stored = [self.row(one.table, *one.key.values()) for one in found]
        places = [(row["position"], tuple(one.key.values())) for one, row in zip(found, stored, strict=True) if row]
        if len(places) < len(found) or places != sorted(places):
            return found
        return [
            Wanted(one.table, one.key, {**one.values, "position": position})
            for one, (position, _) in zip(found, places, strict=True)
        ]

    def next_id(self, table: str) -> str:
        """Give the next free id of a table whose ids are numbered, such as E-012."""
        return self._numbers.next_id(table)

    def _table(self, table: str) -> dict[Key, Row]:
        if table not in self._rows:
            key = FOLDED[table].key
            if self._plan_id is not None and table in ROWS_OF_PLAN:
                found = self._connection.all(ROWS_OF_PLAN[table], plan_id=self._plan_id)
            else:
                found = self._connection.all(ROWS[table])
            self._rows[table] = {tuple(row[column] for column in key): row for row in found}
        return self._rows[table]


def different(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that the row does not hold yet; a figure keeps the form that is stored."""
    return {name: value for name, value in values.items() if not same(name, row[name], value)}


def same(column: str, held: object, wanted: object) -> bool:
    """Tell whether a column holds what is wanted; figures are compared by value: 14.0 is 14."""
    if held == wanted:
        return True
    if not isinstance(held, str) or not isinstance(wanted, str):
        return False
    if column in _FIGURES:
        return Decimal(held) == Decimal(wanted)
    if column in _COUNTED:
        return _by_value(from_json(held)) == _by_value(from_json(wanted))
    return False


def _by_value(values: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in values.items()}
