"""Writing rows: a change is written to its table exactly as it stands in the event that carries it."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from pdca.store.driver import Connection, Statement

Op = Literal["insert", "update", "delete"]

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
