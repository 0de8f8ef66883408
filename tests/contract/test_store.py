"""The store on either engine: schema, statements and their indexes, connections, and who may not come in."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from pdca.errors import Failed, NotFound, PdcaError, Unusable, Usage
from pdca.store import rows, schema
from pdca.store.catalogue import FOLDED, SCHEMA_VERSION
from pdca.store.database import Database, locate
from pdca.store.driver import Connection, Statement
from pdca.store.rows import Change
from pdca.store.tables import Record
from tests.contract.counting import Counting
from tests.contract.statements import ON_POSTGRESQL_ONLY, every_statement, explained, understood_by
from tests.contract.world import World, untouched

ALL_TABLES: Final = set(Record.metadata.tables)


# --- Schema


def test_the_migrations_make_exactly_the_tables_of_the_classes(database_url: str) -> None:
    database = locate(database_url)
    schema.upgrade(database)
    engine = schema.engine_for(database)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Record.metadata) == []
        inspector = inspect(connection)
        assert set(inspector.get_table_names()) == ALL_TABLES | {"alembic_version"}
        for name, table in Record.metadata.tables.items():
            made = {check["name"] for check in inspector.get_check_constraints(name)}
            wanted = {str(one.name) for one in table.constraints if type(one).__name__ == "CheckConstraint"}
            assert made == wanted
    engine.dispose()


def test_migrating_once_more_changes_nothing(world: World) -> None:
    before = world.dump()
    schema.upgrade(world.house.database)
    assert world.dump() == before


def test_a_schema_is_made_only_where_there_is_nothing(world: World) -> None:
    with untouched(world, Usage, "already-exists"):
        schema.make(world.house.database)


def test_trying_to_make_a_schema_leaves_nothing_behind(database_url: str) -> None:
    schema.make(locate(database_url), keep=False)
    engine = schema.engine_for(locate(database_url))
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_another_schema_is_refused_with_what_to_do(world: World) -> None:
    database = world.house.database
    with database.connect_any_schema(writing=True) as connection:
        for version, code in (
            ("0001", "schema-older"),
            (f"{int(SCHEMA_VERSION) + 1:04}", "schema-newer"),
            ("9999", "schema-newer"),
        ):
            connection.run(Statement("pretend", "UPDATE alembic_version SET version_num = :version"), version=version)
            refused_as(database, code)
            if code == "schema-older":
                with pytest.raises(Unusable, match="never released"):
                    schema.upgrade(database)
        connection.run(Statement("forget", "DELETE FROM alembic_version"))
        refused_as(database, "not-a-pdca-database")
        connection.run(Statement("right", "INSERT INTO alembic_version VALUES (:version)"), version=SCHEMA_VERSION)


def refused_as(database: Database, code: str) -> None:
    for writing in (False, True):
        with pytest.raises(Failed) as failure:
            database.connect(writing=writing)
        assert failure.value.code == code
        assert failure.value.hint


def test_a_database_without_our_tables_is_not_ours(database_url: str) -> None:
    database = locate(database_url)
    if database.path is not None:
        with closing(sqlite3.connect(database.path)) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(Failed) as failure:
        database.connect()
    assert failure.value.code == "not-a-pdca-database"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (None, NotFound, "no-database"),
        (b"", Failed, "not-a-pdca-database"),
        (b"pdca: 1\n" * 1000, Failed, "not-a-database"),
    ],
)
@pytest.mark.parametrize("writing", [False, True])
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(
    tmp_path: Path, content: bytes | None, kind: type[PdcaError], code: str, writing: bool
) -> None:
    path = tmp_path / "pdca.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(kind) as failure:
        locate(f"sqlite:///{path}").connect(writing=writing)
    assert failure.value.code == code
    assert (path.read_bytes() if path.exists() else None) == content


@pytest.mark.parametrize("url", ["pdca.db", "sqlite://", "sqlite:///", "mysql://a/b", "postgresql://host", "://"])
def test_what_is_no_url_of_a_database_is_refused(url: str) -> None:
    with pytest.raises(Usage) as failure:
        locate(url)
    assert failure.value.code == "database-url"


def test_a_password_is_not_repeated_in_an_error() -> None:
    with pytest.raises(Usage) as failure:
        locate("mysql://me:secret@host/db")
    assert "secret" not in str(failure.value.message)


# --- Statements


@pytest.fixture
def writable(world: World) -> Iterator[Connection]:
    """A connection that may write."""
    with world.house.database.connect(writing=True) as connection:
        yield connection


def test_every_statement_is_one_that_the_engine_understands(writable: Connection) -> None:
    statements = understood_by(writable.dialect)
    assert len(statements) >= 60
    wrong = {}
    for name, statement in statements.items():
        try:
            explained(writable, statement)
        except PdcaError as error:
            wrong[name] = error.message
    assert wrong == {}


def test_the_statements_for_one_engine_only_are_few_and_known() -> None:
    assert set(every_statement()) >= ON_POSTGRESQL_ONLY


def test_every_column_of_every_table_can_be_written_by_the_write_path(writable: Connection) -> None:
    prepared = Explaining(writable)
    for name, table in FOLDED.items():
        key = dict.fromkeys(table.key)
        values = {column.name: None for column in Record.metadata.tables[name].columns if column.name not in key}
        rows.write(prepared, Change("insert", name, key, values))
        rows.write(prepared, Change("update", name, key, values), only_version=1 if table.derived else None)
        rows.write(prepared, Change("delete", name, key))
    assert prepared.names == [f"{op} {name}" for name in FOLDED for op in ("insert", "update", "delete")]


class Explaining(Counting):
    """Prepares what it is asked to run, and does not run it."""

    def run(self, statement: Statement, /, **_: object) -> int:
        self.names.append(statement.name)
        return len(explained(self.inner, statement))


# The statements that run once per transition, per sweep, or per message: on a table of a million rows none of them may
# read the whole of the tables named.
HOT: Final[dict[str, tuple[str, ...]]] = {
    "due_deadlines": ("deadline",),
    "next_due": ("deadline",),
    "count_due": ("deadline",),
    "pending_deadline": ("deadline",),
    "live_deadlines_of_plan": ("deadline",),
    "reminding_in_force": ("reminding",),
    "reminder_deadline": ("deadline",),
    "acknowledgements_of_plan": ("acknowledgement", "deadline"),
    "told_of_ladder": ("notification",),
    "gathered_notifications": ("notification",),
    "still_waiting_notifications": ("notification", "person", "plan", "event", "deadline", "extension", "checkpoint"),
    "hidden_notifications": ("notification", "plan", "event", "deadline"),
    "notifications_of_digests": ("notification", "person", "plan", "event", "deadline", "extension", "checkpoint"),
    "scattered_notifications": ("notification",),
    "held_notifications": ("notification",),
    "how_somebody_is_told": ("person",),
    "reminders_waiting": ("notification", "evaluation"),
    "due_no_more": ("notification", "event", "deadline"),
    "opened_waiting": ("notification", "evaluation"),
    "approval_of_report_waiting": ("notification", "information_report"),
    "approval_of_plan_asked": ("notification", "approval"),
    "extension_asked": ("notification", "extension"),
    "programme_extension_asked": ("notification",),
    "sent_of_digests": ("notification",),
    "mails_of_reports_let_go": ("notification",),
    "evaluation": ("evaluation",),
    "evaluations_of_plan": ("evaluation",),
    "extensions_of_evaluation": ("extension",),
    "lock_plan": ("plan",),
    "lock_plan_if_free": ("plan",),
    "plan": ("plan",),
    "lead_party": ("plan", "party"),
    "group": ("group_member", "party"),
    "rubrics": ("rubric",),
    "activities": ("activity",),
    "plan_indicators": ("plan_indicator", "indicator"),
    "measurements": ("measurement",),
    "information_moments": ("information_moment",),
    "parties_held": ("appointment",),
    "standings_towards_a_plan": ("appointment", "plan", "information_moment", "substitution"),
    "anybody_invited": ("invitation",),
    "person_by_login": ("person",),
    "recipients": ("plan", "group_member", "information_moment", "appointment"),
    "due_notifications": ("notification", "person", "plan", "event", "deadline", "extension"),
    "open_or_lapsed_notifications": ("notification",),
    "invitations_wanted": ("appointment", "substitution", "plan", "group_member", "evaluation"),
    "invitations_sent": ("invitation", "evaluation"),
    "invitations_to_evaluation": ("invitation",),
    "next_attempt": ("notification",),
    "waiting_notifications": ("notification",),
    "last_event": ("event",),
    "events_of_plan": ("event",),
    "steps_since": ("event",),
    "events_before": ("event",),
    "kinds_of_events": ("event",),
    "plans_of_which_something_was_said_since": ("event", "event_private"),
    "place_of_event": ("tree_leaf",),
    "last_reading": ("event",),
    "tree_leaf": ("tree_leaf",),
    "tree_node": ("tree_node",),
    "tree_size": ("tree_leaf",),
    "plans": ("evaluation", "deadline"),
}


def test_what_runs_often_finds_its_rows_by_an_index(writable: Connection) -> None:
    assert every_statement().keys() >= HOT.keys()
    statements = {name: one for name, one in understood_by(writable.dialect).items() if name in HOT}
    assert {name: bad for name, one in statements.items() if (bad := read_whole(writable, one, HOT[name]))} == {}


@pytest.mark.parametrize("name", ["plans", "schedules_in_force"])
def test_the_evaluations_of_each_plan_are_found_by_their_plan(writable: Connection, name: str) -> None:
    steps = " ".join(steps_of(writable, every_statement()[name]))
    assert set(re.findall(r"ix_evaluation_\w+", steps)) == {"ix_evaluation_plan_id_status_due_at"}


def steps_of(writable: Connection, statement: Statement) -> list[str]:
    """The steps by which a statement finds its rows."""
    if writable.dialect == "sqlite":
        return [str(row["detail"]) for row in explained(writable, statement, "EXPLAIN QUERY PLAN")]
    # On tables this small PostgreSQL would rather read everything; this says what it does when it need not.
    writable.begin()
    writable.run(Statement("by index", "SET LOCAL enable_seqscan = off"))
    steps = [str(next(iter(row.values()))) for row in explained(writable, statement)]
    writable.rollback()
    return steps


def read_whole(writable: Connection, statement: Statement, tables: tuple[str, ...]) -> list[str]:
    """The steps of a statement's plan that read one of the tables from beginning to end."""
    steps = steps_of(writable, statement)
    if writable.dialect == "sqlite":
        scans = [step for step in steps if step.startswith("SCAN") and "USING" not in step]
        return [step for step in scans if names(statement, step.split()[1]) & set(tables)]
    return [step for step in steps if any(f"Seq Scan on {table} " in f"{step} " for table in tables)]


def names(statement: Statement, alias: str) -> set[str]:
    """The table that an alias of a statement stands for."""
    words = statement.sqlite.replace(",", " ").replace("(", " ").replace(")", " ").split()
    return {alias} | {table for table, name in pairwise(words) if name == alias}


# --- Connections


PRAGMAS: Final = {
    "synchronous": 2,
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "secure_delete": 1,
    "busy_timeout": 10_000,
    "trusted_schema": 0,
    "journal_mode": "wal",
    "query_only": 0,
}


def pragmas(connection: Connection) -> dict[str, Any]:
    return {name: connection.value(Statement(name, f"PRAGMA {name}")) for name in PRAGMAS}


def test_the_settings_of_sqlite_are_in_force(sqlite_world: World) -> None:
    with sqlite_world.house.database.connect(writing=True) as connection:
        assert pragmas(connection) == PRAGMAS
    read_only = pragmas(sqlite_world.reading)
    assert (read_only["query_only"], read_only["trusted_schema"], read_only["busy_timeout"]) == (1, 0, 10_000)


def test_the_settings_of_postgresql_are_in_force(postgres_world: World) -> None:
    for writing, read_only, idle in ((True, "off", "10s"), (False, "on", "15min")):
        expected = {"lock_timeout": "8s", "idle_in_transaction_session_timeout": idle, "TimeZone": "UTC"}
        with postgres_world.house.database.connect(writing=writing) as connection:
            found = {name: connection.value(Statement(name, f"SHOW {name}")) for name in expected}
            assert found == expected
            assert connection.value(Statement("ro", "SHOW default_transaction_read_only")) == read_only


WRITES: Final = (
    "UPDATE plan SET cycle = 9",
    "DELETE FROM rubric",
    "DROP TABLE heartbeat",
    "CREATE TABLE mine (a TEXT)",
)


def test_a_reading_connection_cannot_write(world: World) -> None:
    before = world.dump()
    for text in WRITES:
        with pytest.raises(PdcaError) as failure:
            world.reading.run(Statement("write", text))
        assert failure.value.code == "database-read-only"
    assert world.dump() == before


def test_a_snapshot_does_not_see_what_is_written_meanwhile(world: World) -> None:
    with world.house.database.connect() as connection:
        connection.snapshot()
        before = connection.all(Statement("states", "SELECT state FROM plan"))
        world.take("start")
        assert connection.all(Statement("states", "SELECT state FROM plan")) == before == [{"state": "plan"}]
        connection.rollback()
        assert connection.all(Statement("states", "SELECT state FROM plan")) == [{"state": "do"}]


def test_rows_come_one_by_one_and_all_of_them(world: World) -> None:
    statement = every_statement()["events"]
    assert list(world.reading.stream(statement)) == world.reading.all(statement)
    first = next(world.reading.stream(statement))
    assert first["event_id"] == 1


def test_the_same_rows_come_as_tuples_in_the_order_of_their_columns(world: World) -> None:
    statement = every_statement()["events"]
    rows = world.reading.all(statement)
    assert list(world.reading.tuples(statement)) == [tuple(row.values()) for row in rows]
    assert next(world.reading.tuples(statement))[0] == 1


def test_many_rows_are_written_at_once_or_not_at_all(world: World) -> None:
    beat = every_statement()["beat"]
    moment = "2024-01-08T08:00:00.000000Z"
    one = {"worker": "a:1", "host": "a", "process": 1, "started_at": moment, "beat_at": moment}
    one |= {"swept_at": None, "stopped_at": None, "error": None}
    with world.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.many(beat, [one, {**one, "worker": "a:2"}])
        connection.rollback()
        assert world.dump()["heartbeat"] == []
        connection.many(beat, [one, {**one, "worker": "a:2"}])
    assert [row["worker"] for row in world.dump()["heartbeat"]] == ["a:1", "a:2"]
