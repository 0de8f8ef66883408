"""What the benchmark's limit writes is what our transitions write, row by row."""

import pickle
from pathlib import Path

from benchmarks.contestants.replay import prepare
from benchmarks.transition import copied, plans_that_run, written
from pdca.store.database import locate
from tests.contract.world import EVERY_ROW, Dump


def rows(path: Path) -> Dump:
    with locate(f"sqlite:///{path}").connect() as connection:
        return {table: connection.all(statement) for table, statement in EVERY_ROW.items()}


def test_the_replayed_transitions_leave_the_rows_that_ours_left(tmp_path: Path) -> None:
    template, ours, limit, recorded = (tmp_path / name for name in ("t.db", "ours.db", "limit.db", "recorded"))
    plans = plans_that_run(template, rounds=2, count=2)
    recorded.write_bytes(pickle.dumps(written(template, ours, plans)))
    work = prepare({"url": copied(template, limit), "recorded": str(recorded)})
    before = rows(limit)
    work(0)
    assert rows(limit) not in (before, rows(ours))
    work(1)
    assert rows(limit) == rows(ours)
