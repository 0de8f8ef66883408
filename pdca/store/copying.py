"""A copy of a whole database to be played with and thrown away: always a file of SQLite, and simulated.

The tables are the same on both engines, so the rows of a server can be read in one snapshot and laid down in a file.
Nothing is written to the original.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from pdca.store import eventlog
from pdca.store.database import Database, locate
from pdca.store.driver import Connection, Row, Statement
from pdca.store.sqlite import SqliteConnection, translated

_SIMULATED: Final = Statement("mark_simulated", "UPDATE installation SET simulated = 1 WHERE installation_id = 1")
_OF_THE_TREE: Final = frozenset({"tree_leaf", "tree_node"})


@contextmanager
def throw_away_copy(database: Database) -> Iterator[Database]:
    """Give a copy of the database as it is now, which nobody else can read and which is gone afterwards.

    It is marked as simulated, and does not outlast a power cut: it is written without waiting for the disk.
    """
    with TemporaryDirectory(prefix="pdca-") as folder:
        path = Path(folder) / "copy.db"
        copy = replace(locate(f"sqlite:///{path}"), lasting=False)
        with database.connect() as original:
            if isinstance(original, SqliteConnection):
                original.copy_to(path)
            else:
                _lay_down(original, copy)
        with copy.connect(writing=True) as connection:
            connection.run(_SIMULATED)
        yield copy


def _lay_down(original: Connection, copy: Database) -> None:
    """Make the schema, and write every row of a snapshot in it."""
    from pdca.store.schema import upgrade
    from pdca.store.tables import Record

    upgrade(copy)
    assert copy.path is not None  # noqa: S101 - a copy is a file
    original.snapshot()
    numbers = _numbers(original)
    try:
        with closing(sqlite3.connect(copy.path, isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous=OFF")
            raw.execute("BEGIN IMMEDIATE")
            for table in Record.metadata.sorted_tables:
                if table.name not in _OF_THE_TREE:
                    _write(raw, table.name, _renumbered(original, table.name, numbers))
            raw.execute("COMMIT")
    except sqlite3.Error as error:
        raise translated(error, copy.path) from error
    finally:
        original.rollback()
    with copy.connect(writing=True) as connection:
        connection.begin()
        eventlog.grow_tree(connection)
        connection.commit()


def _numbers(original: Connection) -> dict[int, int]:
    """Number the events without gaps: a sequence of a server has some, the tree of a file must not."""
    events = original.all(Statement("event_numbers", "SELECT event_id FROM event ORDER BY event_id"))
    return {row["event_id"]: number for number, row in enumerate(events, 1)}


def _renumbered(original: Connection, table: str, numbers: dict[int, int]) -> Iterator[Row]:
    for row in original.all(Statement(f"copy_of_{table}", f"SELECT * FROM {table}")):
        yield {**row, "event_id": numbers[row["event_id"]]} if "event_id" in row else row


def _write(raw: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    for row in rows:
        slots = ", ".join(f":{column}" for column in row)
        raw.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({slots})", row)
