"""The catalogue and the statements say of the tables what the tables are."""

from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Table
from sqlalchemy.dialects.sqlite import dialect

from pdca.store import append_only
from pdca.store.catalogue import COMMITTED, FOLDED, INSTALLATION_STREAM, PLAN_STREAM_TABLE
from pdca.store.reads import exchange
from pdca.store.tables import (
    DEADLINE_STATUSES,
    EVALUATION_STATUSES,
    NOTIFICATION_STATUSES,
    Record,
)

TABLES: dict[str, Table] = dict(Record.metadata.tables)
NOT_FOLDED = {"checkpoint", "event", "event_private", "tree_leaf", "tree_node", "heartbeat", "scrubbed"}


def marked(table: Table, word: str) -> set[str]:
    return {column.name for column in table.columns if column.info.get(word)}


def test_every_table_follows_from_the_log_except_the_log_its_checkpoints_and_the_heartbeats() -> None:
    assert set(FOLDED) == set(TABLES) - NOT_FOLDED
    assert set(exchange.ROWS) == set(FOLDED)


@pytest.mark.parametrize("name", sorted(FOLDED))
def test_the_catalogue_knows_keys_commitments_and_what_is_derived(name: str) -> None:
    table, known = TABLES[name], FOLDED[name]
    assert known.key == tuple(column.name for column in table.primary_key.columns)
    assert known.committed == marked(table, "committed") == COMMITTED[name]
    assert known.derived == marked(table, "derived")


@pytest.mark.parametrize("name", sorted(FOLDED))
def test_no_key_is_committed_for_a_key_is_never_erased(name: str) -> None:
    assert not FOLDED[name].committed & set(FOLDED[name].key)


def test_a_table_stands_after_those_it_refers_to() -> None:
    order = list(FOLDED)
    for name in order:
        for key in TABLES[name].foreign_keys:
            target = key.column.table.name
            assert target == name or order.index(target) < order.index(name), f"{name} before {target}"


def test_the_heads_of_streams_stand_in_the_tables_that_are_said_to_carry_them() -> None:
    carrying = {name for name, table in FOLDED.items() if table.derived}
    assert carrying == {PLAN_STREAM_TABLE, INSTALLATION_STREAM}
    assert all(FOLDED[name].derived == {"version", "head"} for name in carrying)


def test_texts_numbers_and_bytes_are_the_only_types_so_that_both_engines_hold_the_same() -> None:
    kinds = {column.type.compile(dialect()) for table in TABLES.values() for column in table.columns}
    assert kinds == {"VARCHAR", "INTEGER", "BLOB"}


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("evaluation", "status", EVALUATION_STATUSES),
        ("deadline", "status", DEADLINE_STATUSES),
        ("notification", "status", NOTIFICATION_STATUSES),
    ],
)
def test_a_column_of_words_takes_those_words_only(table: str, column: str, words: tuple[str, ...]) -> None:
    checks = [
        str(one.sqltext)
        for one in TABLES[table].constraints
        if isinstance(one, CheckConstraint) and str(one.name).endswith(f"_{column}")
    ]
    assert checks == [f"{column} IN ({', '.join(repr(word) for word in words)})"]


@pytest.mark.parametrize("table", ["event", "tree_leaf", "tree_node"])
def test_every_unique_key_of_the_log_is_guarded_against_replacing(table: str) -> None:
    """INSERT OR REPLACE deletes whatever is equal in any of them."""
    guard = append_only.triggers("sqlite")[f"{table}_no_replace"]
    for columns in unique_keys(TABLES[table]):
        for column in columns:
            assert f"{column} = NEW.{column}" in guard


def unique_keys(table: Table) -> list[list[str]]:
    constraints: list[Any] = [one for one in table.constraints if type(one).__name__ == "UniqueConstraint"]
    single = [[column.name] for column in table.columns if column.unique]
    return [[column.name for column in one.columns] for one in (table.primary_key, *constraints)] + single
