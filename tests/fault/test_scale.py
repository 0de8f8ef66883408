"""A sweep over very much: all of it is done and memory stays flat; and over very many plans with nothing due."""

import shutil
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca.clock import FixedClock
from pdca.house import House
from pdca.store.database import locate
from pdca.store.driver import Connection, Row, Statement
from pdca.store.reads import evaluations, plans
from pdca.store.sqlite import SqliteConnection
from scheduler import sweep
from scheduler.sweep import SweepCounts, run_once
from tests.contract.counting import Counting
from tests.contract.overlooking import watched
from tests.contract.statements import explained
from tests.contract.world import morning
from tests.crowds import EVALUATED, multiply, one_that_runs

DUE: Final = morning(EVALUATED)
BEFORE: Final = DUE - timedelta(days=1)
FLAT: Final = 1.25
"""How much more memory the last thousand of a sweep may take than the first."""

STATES: Final = Statement("states", "SELECT state, count(*) AS plans FROM plan GROUP BY state")
STATUSES: Final = Statement("statuses", "SELECT status, count(*) AS many FROM evaluation GROUP BY status")


@pytest.fixture(scope="module")
def one_plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A body with one plan that runs."""
    path = tmp_path_factory.mktemp("one") / "pdca.db"
    one_that_runs(f"sqlite:///{path}")
    return path


def crowd(one_plan: Path, folder: Path, many: int) -> House:
    """A body with so many plans in all, at the day before they are evaluated."""
    path = Path(shutil.copyfile(one_plan, folder / f"{many}.db"))
    database = replace(locate(f"sqlite:///{path}"), lasting=False)
    with database.connect(writing=True) as connection:
        multiply(connection, many - 1)
    return House(database, source="scheduler", clock=FixedClock(BEFORE))


def counted(house: House, statement: Statement) -> dict[str, int]:
    with house.reading() as connection:
        return {str(row[next(iter(row))]): list(row.values())[1] for row in connection.all(statement)}


def everyone_is_evaluated(house: House, many: int) -> None:
    assert counted(house, STATES) == {"check": many}
    assert counted(house, STATUSES) == {"open": many}
    assert run_once(house) == SweepCounts()


def test_what_is_due_is_read_in_batches_however_much_it_is(
    one_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = replace(crowd(one_plan, tmp_path, 100), clock=FixedClock(DUE))
    monkeypatch.setattr(sweep, "BATCH", 20)
    read: list[int] = []

    class Batches(Counting):
        def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
            rows = super().all(statement, **parameters)
            if statement is evaluations.DUE:
                read.append(len(rows))
            return rows

    assert run_once(watched(house, lambda connection, _writing: Batches(connection))).enforced == 100
    assert read == [20, 20, 20, 20, 20, 0]
    everyone_is_evaluated(house, 100)


@pytest.mark.soak
def test_ten_thousand_due_evaluations_in_one_sweep_are_all_done_and_memory_is_flat(
    one_plan: Path, tmp_path: Path
) -> None:
    many, thousand = 10_000, 1_000
    house = replace(crowd(one_plan, tmp_path, many), clock=FixedClock(DUE))
    peaks: list[int] = []
    done = 0

    def after_each() -> bool:
        nonlocal done
        if done % thousand == 0 and done:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
        done += 1
        return False

    tracemalloc.start()
    try:
        assert run_once(house, stopping=after_each).enforced == many
        peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    print(f"peaks of memory by thousand, in KiB: {[peak // 1024 for peak in peaks]}")  # noqa: T201 - the record
    assert len(peaks) == many // thousand
    assert max(peaks[1:]) / peaks[0] < FLAT
    everyone_is_evaluated(house, many)


def test_a_sweep_with_nothing_due_does_no_more_among_many_plans_than_among_few(one_plan: Path, tmp_path: Path) -> None:
    """Counted in steps of SQLite's engine, which do not depend on how busy a machine is."""
    steps = []
    for many in (10, 3_000):
        asked: list[Counting] = []
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        def watch(
            connection: Connection, _writing: object, asked: list[Counting] = asked, step: Callable[[], int] = step
        ) -> Connection:
            assert isinstance(connection, SqliteConnection)
            connection._raw.set_progress_handler(step, 1)  # noqa: SLF001 - the only way to count
            asked.append(Counting(connection))
            return asked[-1]

        house = crowd(one_plan, tmp_path, many)
        assert run_once(watched(house, watch)) == SweepCounts()
        [connection] = asked
        assert connection.counted["write"] == 0
        assert connection.names.count(evaluations.DUE.name) == 1
        steps.append(taken)
        with house.reading() as reading:
            plan = " ".join(row["detail"] for row in explained(reading, evaluations.DUE, "EXPLAIN QUERY PLAN"))
            assert "USING INDEX ix_deadline_pending_due_at" in plan
    assert steps[0] == steps[1]
    assert steps[0] < 1_000


def test_a_list_of_four_times_as_many_plans_takes_four_times_the_steps(one_plan: Path, tmp_path: Path) -> None:
    """Counted as above, and as a body has it: nobody has told the database how its values are spread."""
    steps = []
    for many in (200, 800):
        house = crowd(one_plan, tmp_path, many)
        with house.database.connect(writing=True) as connection:
            connection.run(Statement("forget", "DROP TABLE sqlite_stat1"))
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        with house.database.connect() as connection:
            assert isinstance(connection, SqliteConnection)
            connection._raw.set_progress_handler(step, 1)  # noqa: SLF001 - the only way to count
            assert len(connection.all(plans.PLANS)) == many
        steps.append(taken)
    assert steps[1] < steps[0] * 4.4
