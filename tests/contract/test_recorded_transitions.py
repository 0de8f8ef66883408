"""What the benchmark's limit writes is what our transitions write, row by row."""

import pickle
from pathlib import Path

import pytest

from benchmarks.contest import contest
from benchmarks.contestants.replay import prepare
from benchmarks.transition import copied, plans_that_run, written
from benchmarks.transition_postgresql import contestants
from pdca.store.database import locate
from tests.contract.world import EVERY_ROW, Dump
from tests.postgres import Server


def rows(path: Path) -> Dump:
    return rows_at(f"sqlite:///{path}")


def rows_at(url: str) -> Dump:
    with locate(url).connect() as connection:
        return {table: connection.all(statement) for table, statement in EVERY_ROW.items()}


def test_the_replayed_transitions_leave_the_rows_that_ours_left(tmp_path: Path) -> None:
    template, ours, limit, recorded = (tmp_path / name for name in ("t.db", "ours.db", "limit.db", "recorded"))
    plans = plans_that_run(f"sqlite:///{template}", rounds=2, count=2)
    recorded.write_bytes(pickle.dumps(written(copied(template, ours), plans)))
    work = prepare({"url": copied(template, limit), "recorded": str(recorded), "share": 0, "of": 1})
    before = rows(limit)
    work(0)
    assert rows(limit) not in (before, rows(ours))
    work(1)
    assert rows(limit) == rows(ours)


@pytest.mark.postgres
def test_several_connections_at_once_leave_what_one_leaves(postgres_server: Server, tmp_path: Path) -> None:
    count, rounds = 8, 1
    with contestants(postgres_server, tmp_path, rounds, count) as (ours, limits):
        contest([*ours, *limits], count, rounds)
        by_one, by_several = (rows_at(one.task["url"]) for one in limits)
        assert by_several == by_one
        for one in ours:
            left = rows_at(one.task["url"])
            assert {row["state"] for row in left["plan"]} == {"check"}
            # What differs is who wrote first.
            assert {name: len(found) for name, found in left.items()} == {
                name: len(found) for name, found in by_one.items()
            }
