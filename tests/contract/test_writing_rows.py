"""Changes that differ in their values alone are one statement to a server, and write the same rows as one by one."""

from collections.abc import Iterator
from typing import Final

import pytest

from pdca.store import rows
from pdca.store.driver import Connection, Row, Statement
from pdca.store.rows import Change, insert, update
from tests.contract.counting import Counting
from tests.contract.world import World

TABLE: Final = Statement(
    "table", "CREATE TABLE written (name TEXT, number INTEGER, text TEXT, size REAL, PRIMARY KEY (name, number))"
)
ALL: Final = Statement("all_written", "SELECT * FROM written ORDER BY name, number")
EMPTY: Final = Statement("empty", "DELETE FROM written")
TEN: Final = [insert("written", {"name": "row", "number": number}, text="old", size=0) for number in range(10)]


@pytest.fixture
def counting(world: World) -> Iterator[Counting]:
    with world.house.database.connect(writing=True) as connection:
        connection.run(TABLE)
        yield Counting(connection)


def changed(number: int, **values: object) -> Change:
    return update("written", {"name": "row", "number": number}, **values)


def written(connection: Connection, changes: list[Change], *, together: bool) -> list[Row]:
    """Write into ten rows, all at once or each by itself, and give what they hold."""
    connection.run(EMPTY)
    for one in TEN:
        rows.write(connection, one)
    if together:
        rows.write_all(connection, changes)
    else:
        for one in changes:
            rows.write(connection, one)
    return connection.all(ALL)


@pytest.mark.parametrize(
    ("changes", "statements"),
    [
        ([changed(number, text=f"new {number}", size=number) for number in range(10)], 1),
        ([changed(number, text="It's “quoted”, \\n %s \u2028 🙂", size=2**31 - 1) for number in range(3)], 1),
        ([changed(number, text=None, size=None) for number in range(3)], 1),
        ([changed(0, size=1), changed(1, size=None), changed(2, size=None), changed(3, size=2)], 3),
        ([changed(0, size=1), changed(1, size=2), changed(0, size=3)], 2),
        ([changed(0, size=1), changed(1, text="one"), changed(2, size=1)], 3),
        ([changed(0, size=1), Change("delete", "written", {"name": "row", "number": 0}), changed(1, size=1)], 3),
        ([changed(0, size=0.5), changed(1, size=1.5)], 2),
        ([changed(99, size=1), changed(1, size=1)], 1),
        ([], 0),
    ],
    ids=[
        "values",
        "texts",
        "nothing",
        "kinds",
        "one row twice",
        "columns",
        "operations",
        "no whole numbers",
        "no such row",
        "none",
    ],
)
def test_changes_in_one_statement_write_what_each_by_itself_writes(
    counting: Counting, changes: list[Change], statements: int
) -> None:
    one_by_one = written(counting, changes, together=False)
    counting.names.clear()
    assert written(counting, changes, together=True) == one_by_one
    asked = len([name for name in counting.names if name in ("update written", "delete written")])
    assert asked == (len(changes) if counting.dialect == "sqlite" else statements)
