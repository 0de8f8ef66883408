"""What is stored already, to compare a document with: the rows of the tables an import writes, and free numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pdca.exchange.as_rows import Wanted
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.reads.exchange import ROWS
from pdca.store.rows import Change, insert, update

TABLES = (
    "party",
    "person",
    "programme",
    "objective",
    "indicator",
    "measurement",
    "plan",
    "rubric",
    "group_member",
    "plan_indicator",
    "activity",
    "evaluation",
    "information_moment",
)


class Stored:
    """The tables as they are when the import begins, by key."""

    def __init__(self, connection: Connection) -> None:
        self._rows = {name: _by_key(connection, name) for name in TABLES}
        self._last: dict[str, int] = {}

    def rows(self, table: str) -> Iterable[Row]:
        """Give the rows of a table."""
        return self._rows[table].values()

    def by_plan(self, table: str) -> Mapping[str, list[Row]]:
        """Give the rows of a table by the plan they belong to."""
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table):
            grouped[row["plan_id"]].append(row)
        return grouped

    def differences(self, wanted: Iterable[Wanted]) -> list[Change]:
        """Give the changes that bring the stored rows to what is wanted; none for rows that are so already."""
        return [change for one in wanted if (change := self._difference(one)) is not None]

    def next_id(self, table: str, letter: str) -> str:
        """Give the next free id of a table whose ids are numbered, such as E-012."""
        if table not in self._last:
            numbers = (int(str(key[0]).removeprefix(f"{letter}-")) for key in self._rows[table])
            self._last[table] = max(numbers, default=0)
        self._last[table] += 1
        return f"{letter}-{self._last[table]:03d}"

    def _difference(self, wanted: Wanted) -> Change | None:
        row = self._rows[wanted.table].get(tuple(wanted.key.values()))
        if row is None:
            return insert(wanted.table, wanted.key, **wanted.values)
        changed = different(row, wanted.values)
        return update(wanted.table, wanted.key, **changed) if changed else None


def different(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the values that the row does not hold yet."""
    return {name: value for name, value in values.items() if row[name] != value}


def _by_key(connection: Connection, table: str) -> dict[tuple[Any, ...], Row]:
    key = FOLDED[table].key
    return {tuple(row[column] for column in key): row for row in connection.all(ROWS[table])}
