"""Writing rows: a change is written to its table exactly as it stands in the event that carries it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from pdca.store.driver import Connection, Statement
from pdca.store.jsontext import to_json

Op = Literal["insert", "update", "delete"]

_KINDS: Final[Mapping[type, str]] = {
    str: "CAST(v.value ->> '{}' AS TEXT)",
    int: "CAST(v.value ->> '{}' AS BIGINT)",
    type(None): "NULL",
}
"""How PostgreSQL reads values of each type from JSON; what holds one of another type is written by itself."""

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


class Change(NamedTuple):
    """One row written: `key` its primary key, `set` the columns and their new values (empty for a delete)."""

    op: Op
    table: str
    key: Mapping[str, Any]
    set: Mapping[str, Any] = _NOTHING

    def as_body(self) -> dict[str, Any]:
        """Give the change as it stands in the body of an event."""
        return {"op": self.op, "table": self.table, "key": dict(self.key), "set": dict(self.set)}


def insert(table: str, key: Mapping[str, Any], **values: object) -> Change:
    """A new row."""
    return Change("insert", table, key, values)


def update(table: str, key: Mapping[str, Any], **values: object) -> Change:
    """New values in some columns of a row that exists."""
    return Change("update", table, key, values)


def write(connection: Connection, change: Change, *, only_version: int | None = None, **derived: object) -> int:
    """Write one change and return how many rows it touched.

    `derived` are columns that follow from the log and stand in no event; `only_version` makes an update apply only
    to that version of the row (the optimistic check).
    """
    values = {**change.set, **derived} if derived else change.set
    statement, names = _statement(
        change.op, change.table, tuple(change.key), tuple(values), versioned=only_version is not None
    )
    parameters = dict(zip(names, (*change.key.values(), *values.values(), only_version), strict=False))
    return connection.run(statement, **parameters)


def write_all(connection: Connection, changes: Iterable[Change]) -> None:
    """Write changes in their order.

    On PostgreSQL updates that follow one another and differ in their values alone are one statement: a way to the
    server and back for a hundred rows, while others wait for them. SQLite is at hand, and with statistics from when a
    table was small it would look through all of that for the rows of such a statement.
    """
    if connection.dialect == "sqlite":
        for change in changes:
            write(connection, change)
        return
    for _what, several in groupby(changes, _shape):
        alike: dict[tuple[Any, ...], Change] = {}
        for change in several:
            key = tuple(change.key.values())
            if key in alike:
                # Of two new values for one row the later one holds.
                _write_alike(connection, list(alike.values()))
                alike.clear()
            alike[key] = change
        _write_alike(connection, list(alike.values()))


def _shape(change: Change) -> tuple[object, ...]:
    """What two updates have in common that one statement can make."""
    return change.op, change.table, tuple(change.key), tuple(change.set), _reads(change)


def _reads(change: Change) -> tuple[str, ...]:
    """How each of its values is read from JSON; nothing for one that cannot be."""
    return tuple(_KINDS.get(type(value), "") for value in (*change.key.values(), *change.set.values()))


def _write_alike(connection: Connection, changes: Sequence[Change]) -> None:
    first = changes[0]
    reads = _reads(first)
    if first.op != "update" or len(changes) == 1 or not all(reads):
        for change in changes:
            write(connection, change)
        return
    rows = {str(number): {**change.key, **change.set} for number, change in enumerate(changes)}
    statement = _of_several(first.table, tuple(first.key), tuple(first.set), reads)
    connection.run(statement, rows=to_json(rows))


@lru_cache(maxsize=512)
def _of_several(table: str, key: tuple[str, ...], columns: tuple[str, ...], reads: tuple[str, ...]) -> Statement:
    said = [read.format(one) for one, read in zip((*key, *columns), reads, strict=True)]
    which = " AND ".join(f"{table}.{one} = {value}" for one, value in zip(key, said[: len(key)], strict=True))
    new = ", ".join(f"{one} = {value}" for one, value in zip(columns, said[len(key) :], strict=True))
    return Statement(f"update {table}", f"UPDATE {table} SET {new} FROM json_each(:rows) v WHERE {which}")


@lru_cache(maxsize=512)
def _statement(
    op: Op, table: str, key: tuple[str, ...], values: tuple[str, ...], *, versioned: bool
) -> tuple[Statement, tuple[str, ...]]:
    """Give the statement, and the names of its parameters: the key, the values, and the version it asks for."""
    names = (*(f"key_{column}" for column in key), *(f"set_{column}" for column in values))
    where = " AND ".join(f"{column} = :key_{column}" for column in key)
    if versioned:
        where += " AND version = :only_version"
    if op == "insert":
        columns = ", ".join((*key, *values))
        slots = ", ".join(f":{name}" for name in names)
        text = f"INSERT INTO {table} ({columns}) VALUES ({slots})"
    elif op == "update":
        text = f"UPDATE {table} SET {', '.join(f'{column} = :set_{column}' for column in values)} WHERE {where}"
    else:
        text = f"DELETE FROM {table} WHERE {where}"
    return Statement(f"{op} {table}", text), (*names, "only_version") if versioned else names
