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
from pdca.store import eventlog
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


def test_a_few_that_are_due_share_one_wait_for_the_disk(
    one_plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = replace(crowd(one_plan, tmp_path, 25), clock=FixedClock(DUE))
    monkeypatch.setattr(sweep, "TOGETHER", 10)
    commits = 0

    class Waits(Counting):
        def commit(self) -> None:
            nonlocal commits
            commits += bool(self.counted["write"])
            self.counted.clear()
            super().commit()

    assert run_once(watched(house, lambda connection, _writing: Waits(connection))).enforced == 25
    assert commits == 3
    everyone_is_evaluated(house, 25)


def test_a_sweep_that_is_told_to_stop_keeps_what_it_did_and_leaves_the_rest_due(one_plan: Path, tmp_path: Path) -> None:
    house = replace(crowd(one_plan, tmp_path, 25), clock=FixedClock(DUE))
    asked = 0

    def after_thirteen() -> bool:
        nonlocal asked
        asked += 1
        return asked > 13

    assert run_once(house, after_thirteen) == SweepCounts(enforced=13)
    assert counted(house, STATES) == {"check": 13, "do": 12}
    assert run_once(house) == SweepCounts(enforced=12)
    everyone_is_evaluated(house, 25)


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


def test_an_event_is_added_to_a_long_log_in_as_many_steps_as_to_a_short_one(one_plan: Path, tmp_path: Path) -> None:
    """Whatever the statistics say: they are from when the log was short."""
    house = crowd(one_plan, tmp_path, 10)
    few, many = 10, 3_000
    steps = {few: 0, many: 0}
    with house.database.connect(writing=True) as connection:
        assert isinstance(connection, SqliteConnection)
        first = int(connection.value(eventlog.LAST_EVENT)) + 1
        connection.begin()
        for number in range(many + 1):
            here = number if number in steps else None

            def step(here: int | None = here) -> int:
                if here is not None:
                    steps[here] += 1
                return 0

            connection._raw.set_progress_handler(step, 1)  # noqa: SLF001 - the only way to count
            connection.run(eventlog.INSERT_EVENT, **a_row_of_the_log(first + number))
        connection.rollback()
    assert steps[few]
    assert steps[many] / steps[few] < FLAT


def a_row_of_the_log(event_id: int) -> dict[str, object]:
    """What the table takes for an event; nobody reads it."""
    text = {name: f"{name} {event_id}" for name in ("stream", "kind", "plan_id", "at", "actor", "source", "event_key")}
    return {**text, "event_id": event_id, "seq": event_id, "body": b""}


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
