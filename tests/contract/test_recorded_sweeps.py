"""What the benchmark's sweep does is done, and what its limit writes is what our sweep writes, row by row."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from benchmarks import due_sweep
from benchmarks.contest import Contestant, contest
from benchmarks.contestants import sweep
from benchmarks.due_sweep import AT, Size, a_body, written
from benchmarks.transition import copied
from pdca.store.database import locate
from pdca.store.driver import Statement
from tests.contract.world import EVERY_ROW, Dump
from tests.postgres import Server
from workflows.instants import to_text

SIZE: Final = Size(due=3, plans=12)
Two = tuple[str, str]
"""The URLs of two copies of one body."""

IN_CHECK: Final = Statement("in_check", "SELECT count(*) AS plans FROM plan WHERE state = 'check'")


@pytest.fixture
def two_files(tmp_path: Path) -> Two:
    a_body(f"sqlite:///{tmp_path / 'template.db'}", SIZE)
    one, other = (copied(tmp_path / "template.db", tmp_path / name) for name in ("one.db", "other.db"))
    return one, other


@pytest.fixture
def two_databases(postgres_server: Server) -> Iterator[Two]:
    with postgres_server.fresh_database() as template:
        a_body(postgres_server.url(template), SIZE)
        with postgres_server.fresh_database(template) as one, postgres_server.fresh_database(template) as other:
            yield postgres_server.url(one), postgres_server.url(other)


@pytest.fixture(
    params=["two_files", pytest.param("two_databases", marks=pytest.mark.postgres)], ids=["sqlite", "postgresql"]
)
def two(request: pytest.FixtureRequest) -> Two:
    found: Two = request.getfixturevalue(request.param)
    return found


def rows(url: str) -> Dump:
    with locate(url).connect() as connection:
        return {table: connection.all(statement) for table, statement in EVERY_ROW.items()}


def in_check(url: str) -> int:
    with locate(url).connect() as connection:
        return int(connection.value(IN_CHECK))


def test_the_replayed_batches_leave_the_rows_that_our_sweeps_left(
    two: Two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(due_sweep, "BATCH", 2)
    ours, limit = two
    recorded = written(locate(ours), tmp_path, 1, SIZE)
    assert rows(limit) != rows(ours)
    module = "benchmarks.contestants.replay_batches"
    contest([Contestant("limit", "limit", module, {"url": limit, "recorded": str(recorded)})], SIZE.due, rounds=1)
    assert rows(limit) == rows(ours)


def test_each_round_of_ours_enforces_what_is_due_in_it_and_no_more(two: Two) -> None:
    url = two[0]
    work = sweep.prepare({"url": url, "first": to_text(AT), "count": SIZE.due})
    for number in range(SIZE.groups):
        assert in_check(url) == SIZE.due * number
        work(number)
    assert in_check(url) == SIZE.plans


def test_the_job_store_has_dispatched_every_job_when_its_round_is_over(tmp_path: Path) -> None:
    file = tmp_path / "jobs.db"
    module = "benchmarks.peers.job_store"
    contest([Contestant("jobs", "ours", module, {"file": str(file)})], count=5, rounds=1)
    left = []
    for name in ("jobs.db", "jobs.0", "jobs.1"):
        with closing(sqlite3.connect(tmp_path / name)) as raw:
            left += raw.execute("SELECT count(*) FROM apscheduler_jobs").fetchone()
    assert left == [5, 0, 0]


def test_the_naive_loop_takes_on_the_plans_that_are_due_in_its_round(tmp_path: Path) -> None:
    file = tmp_path / "naive.db"
    module = "benchmarks.peers.naive_sweep"
    contest([Contestant("naive", "ours", module, {"file": str(file), "plans": 40}, part=2)], count=8, rounds=1)
    with closing(sqlite3.connect(file)) as raw:
        states = dict(raw.execute("SELECT state, count(*) FROM datedplan GROUP BY state").fetchall())
        assert states == {"do": 32, "check": 8}
        assert raw.execute("SELECT count(*) FROM log").fetchone() == (8,)
