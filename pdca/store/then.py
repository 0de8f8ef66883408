"""Rows as they once were, in a database of their own in memory: whatever reads the present one reads them."""

from collections.abc import Iterable, Mapping
from typing import Final

from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Statement
from pdca.store.sqlite import InMemory

_SQLITE_COLUMNS: Final = Statement(
    "sqlite_columns",
    "SELECT m.name AS in_table, c.name AS is_called FROM sqlite_master m JOIN pragma_table_info(m.name) c "
    "WHERE m.type = 'table' ORDER BY m.name, c.cid",
)
_POSTGRESQL_COLUMNS: Final = Statement(
    "postgresql_columns",
    "SELECT table_name AS in_table, column_name AS is_called FROM information_schema.columns "
    "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
)


def holding(live: Connection, rows: Mapping[str, Iterable[Mapping[str, object]]]) -> Connection:
    """Make a database with the tables of `live` that follow from the log, and nothing in them but `rows`.

    A column that a row does not name holds null. Keys and references are not held to: the log was.
    """
    columns: dict[str, list[str]] = {name: [] for name in FOLDED}
    for row in live.all(_SQLITE_COLUMNS if live.dialect == "sqlite" else _POSTGRESQL_COLUMNS):
        if row["in_table"] in columns:
            columns[row["in_table"]].append(row["is_called"])
    then = InMemory()
    for table, names in columns.items():
        then.run(Statement(f"make {table}", f"CREATE TABLE {table} ({', '.join(names)})"))
        slots = ", ".join(f":{name}" for name in names)
        put = Statement(f"put into {table}", f"INSERT INTO {table} VALUES ({slots})")
        then.many(put, [{**dict.fromkeys(names), **row} for row in rows.get(table, ())])
    return then
