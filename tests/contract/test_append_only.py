"""The log is append-only on either engine, whoever writes to the database and however, and its guards are watched."""

import sqlite3
from contextlib import closing
from typing import Final

import pytest

from pdca.errors import PdcaError
from pdca.store import append_only, eventlog
from pdca.store.driver import Connection, Statement
from scheduler import seal
from tests.contract.world import MOMENTS, World

CHANGES: Final = {
    "event": ("UPDATE event SET actor = 'U-999'", "DELETE FROM event", "TRUNCATE event CASCADE"),
    "tree_leaf": ("UPDATE tree_leaf SET event_id = event_id", "DELETE FROM tree_leaf", "TRUNCATE tree_leaf"),
    "tree_node": ("UPDATE tree_node SET hash = hash", "DELETE FROM tree_node", "TRUNCATE tree_node"),
}


def refused(connection: Connection, text: str, **parameters: object) -> None:
    with pytest.raises(PdcaError) as failure:
        connection.run(Statement("tamper", text), **parameters)
    assert "append-only" in failure.value.message or "refused the change" in failure.value.message


def test_nothing_of_the_log_is_changed_or_removed(world: World) -> None:
    world.take("start", "evaluate")
    seal.run_once(world.house)
    before = world.dump()
    assert all(before[table] for table in CHANGES)
    with world.house.database.connect(writing=True) as connection:
        for text in (text for texts in CHANGES.values() for text in texts):
            if connection.dialect == "postgresql" or not text.startswith("TRUNCATE"):
                refused(connection, text)
    assert world.dump() == before


REPLACED: Final = {
    "event": ("event_id", "stream", "event_key"),
    "tree_leaf": ("leaf_index", "event_id"),
    "tree_node": ("level",),
}


INSERTS: Final = {
    "event": eventlog.INSERT_EVENT,
    "tree_leaf": eventlog.INSERT_LEAF,
    "tree_node": eventlog.INSERT_NODE,
}


@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize(("table", "same"), [(table, one) for table, ones in REPLACED.items() for one in ones])
def test_nothing_of_the_log_is_replaced_by_whatever_key_and_whatever_the_connection_has_set(
    sqlite_world: World, table: str, same: str, recursive: str
) -> None:
    world = sqlite_world
    world.sweep_on(MOMENTS[0])
    before = world.dump()
    row = dict(next(row for row in before[table] if row.get("event_key", "key") is not None))
    if table == "event":
        row |= {"event_id": row["event_id"] if same == "event_id" else 9_999, "body": b"forged", "kind": "forged"}
        row |= {} if same == "stream" else {"stream": "P-999", "seq": 1}
        row |= {} if same == "event_key" else {"event_key": None}
    elif table == "tree_leaf":
        row |= {"hash": b"forged"}
        row |= {"event_id": 9_999} if same == "leaf_index" else {"leaf_index": 9_999}
    else:
        row |= {"hash": b"forged"}
    assert world.house.database.path is not None
    replacing = INSERTS[table].sqlite.replace("INSERT", "INSERT OR REPLACE")
    with closing(sqlite3.connect(world.house.database.path)) as insider:
        insider.execute(f"PRAGMA recursive_triggers={recursive}")
        with pytest.raises(sqlite3.IntegrityError):
            insider.execute(replacing, row)
    assert world.dump() == before


def test_an_upsert_does_not_go_around_the_guards_either(world: World) -> None:
    before = world.dump()
    upsert = f"{eventlog.INSERT_EVENT.sqlite} ON CONFLICT (event_id) DO UPDATE SET actor = 'U-999'"
    with world.house.database.connect(writing=True) as connection:
        refused(connection, upsert, **before["event"][0])
    assert world.dump() == before


def test_every_trigger_is_there(world: World) -> None:
    report = world.verified()
    assert report.ok
    assert len(append_only.triggers(world.house.database.dialect)) == (17 if world.house.database.path else 12)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_trigger_that_is_taken_away_is_named(request: pytest.FixtureRequest, dialect: str) -> None:
    world: World = request.getfixturevalue(f"{'sqlite' if dialect == 'sqlite' else 'postgres'}_world")
    name, text = next(iter(append_only.triggers(world.house.database.dialect).items()))
    with world.house.database.connect(writing=True) as connection:
        connection.run(Statement("drop", f"DROP TRIGGER {name}" + ("" if dialect == "sqlite" else " ON event")))
        assert [finding.where for finding in world.verified().findings] == [f"trigger {name}"]
        connection.run(Statement("put back", text))
