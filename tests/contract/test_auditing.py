"""A verification that several processes share finds what one alone finds, whatever becomes of its helpers."""

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pdca import auditing
from pdca.audit import stretch
from pdca.audit.findings import Report
from pdca.audit.part import PartOf
from pdca.audit.reader import EventRow
from pdca.audit.verify import verify
from pdca.auditing import Helpers
from pdca.house import House
from pdca.store import eventlog
from pdca.store.database import Database
from pdca.store.driver import Statement
from pdca.store.verifying import StoredLog
from tests import seed

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

PLANS = 10
AT_ONCE = 2
"""Leaves of a stretch, so that there are several for each process."""

STATES = Statement("states", "SELECT plan_id, state FROM plan ORDER BY plan_id")
RENAMED = Statement("renamed", "UPDATE plan SET state = 'do' WHERE plan_id = :plan_id")


@pytest.fixture
def house(database_url: str, monkeypatch: pytest.MonkeyPatch) -> House:
    """A database that no connection is open to, with a log of several stretches."""
    monkeypatch.setattr(stretch, "STRETCH", AT_ONCE)
    here = seed.house(database_url)
    for number in range(1, PLANS + 1):
        seed.plan(here, f"P-{number:03d}", people=() if number > 1 else seed.PEOPLE)
    if here.database.dialect == "postgresql":
        with here.writing() as uow:
            eventlog.seal(uow.connection, PLANS)
    return here


def alone(database: Database) -> Report:
    with database.connect() as connection:
        return verify(StoredLog(connection))


@contextmanager
def read_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Note where each stretch begins whose events are read in this process."""
    firsts: list[int] = []
    looked = StoredLog.sealed

    def sealed(self: StoredLog, low: int, high: int) -> Iterator[EventRow]:
        firsts.append(max(low, 0))
        return looked(self, low, high)

    with monkeypatch.context() as patched:
        patched.setattr(StoredLog, "sealed", sealed)
        yield firsts


@pytest.mark.parametrize("count", [1, 3])
def test_each_process_reads_its_share_and_all_is_as_it_is_for_one(
    house: House, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = alone(house.database)
    assert expected.ok
    assert expected.leaves >= PLANS
    with Helpers(house.database, count, PartOf) as helpers, house.database.connect() as connection:
        log = helpers.open(connection)
        with read_here(monkeypatch) as firsts:
            assert verify(log, parts=helpers.parts) == expected
    assert firsts == list(range(0, expected.leaves, AT_ONCE * (count + 1)))


def test_what_a_helper_did_not_say_is_read_here(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = alone(house.database)
    with Helpers(house.database, 1, PartOf) as helpers, house.database.connect() as connection:
        log = helpers.open(connection)
        [helper] = helpers._helpers  # noqa: SLF001 - it is to be killed
        assert helper.process.pid
        os.kill(helper.process.pid, signal.SIGKILL)
        helper.process.join()
        with read_here(monkeypatch) as firsts:
            assert verify(log, parts=helpers.parts) == expected
    assert firsts == list(range(0, expected.leaves, AT_ONCE))


def test_a_helper_that_is_killed_on_the_way_changes_nothing(house: House) -> None:
    expected = alone(house.database)
    with Helpers(house.database, 1, PartOf) as helpers, house.database.connect() as connection:
        log = helpers.open(connection)
        [helper] = helpers._helpers  # noqa: SLF001 - it is to be killed
        told: list[int] = []

        def progress(events: int) -> None:
            told.append(events)
            helper.process.kill()

        assert verify(log, progress, parts=helpers.parts) == expected
    assert told


def test_helpers_without_a_database_are_left_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = alone(house.database)
    with monkeypatch.context() as patched:
        patched.setattr(Database, "connect", None)
        helpers = Helpers(house.database, 2, PartOf).__enter__()
    try:
        with house.database.connect() as connection, read_here(monkeypatch) as firsts:
            assert verify(helpers.open(connection), parts=helpers.parts) == expected
    finally:
        helpers.__exit__()
    assert firsts == list(range(0, expected.leaves, AT_ONCE))


def test_an_interrupted_verification_ends_its_helpers_and_only_that_does(house: House) -> None:
    processes: list[BaseProcess] = []

    def interrupted() -> None:
        with Helpers(house.database, 2, PartOf) as helpers, house.database.connect() as connection:
            log = helpers.open(connection)
            processes.extend(helper.process for helper in helpers._helpers)  # noqa: SLF001 - to see them end
            for process in processes:
                assert process.pid
                # As the terminal does, which interrupts all of them.
                os.kill(process.pid, signal.SIGINT)
            assert None not in list(helpers.parts(log, stretch.stretches(log.count_leaves(), ())))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [process.is_alive() for process in processes] == [False, False]


def test_helpers_end_by_themselves_when_nobody_listens_any_more(house: House) -> None:
    with Helpers(house.database, 2, PartOf) as helpers:
        for process, line in helpers._helpers:  # noqa: SLF001 - as if this process had ended
            line.close()
            process.join()
            assert process.exitcode == 0


def test_helpers_see_what_was_there_when_the_log_was_opened_however_often_somebody_writes(house: House) -> None:
    told: list[str] = []
    with (
        house.database.connect() as connection,
        house.database.connect() as beside,
        house.database.connect(writing=True) as writing,
    ):

        def others(name: str) -> bool:
            told.append(name)
            # Written after theirs was opened and before ours is: on SQLite it is not the same, and they are told again.
            beside.snapshot_of(name)
            if len(told) == 1:
                writing.run(RENAMED, plan_id="P-001")
            return True

        assert connection.snapshot_beside(others)
        writing.run(RENAMED, plan_id="P-002")
        assert connection.all(STATES) == beside.all(STATES)
    assert len(told) == (2 if house.database.dialect == "sqlite" else 1)


def test_no_snapshot_is_shared_where_the_others_cannot_have_it(house: House) -> None:
    with house.database.connect() as connection:
        assert not connection.snapshot_beside(lambda _name: False)
        assert len(connection.all(STATES)) == PLANS


def test_there_is_a_process_for_each_processor_four_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    for processors, helpers in ((1, 0), (2, 1), (4, 3), (64, 3)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, number=processors: set(range(number)))
        assert auditing.helpers_here() == helpers


@pytest.mark.parametrize("index", [0.5, 1e30, "NaN", None])
def test_a_leaf_under_what_is_no_whole_number_is_found(house: House, index: object) -> None:
    forged = (
        "INSERT INTO event SELECT event_id + 1000, stream, seq + 1000, kind, plan_id, at, actor, source, event_key, "
        "body FROM event WHERE event_id = 2"
    )
    with altered(house.database) as run:
        run(forged)
        run("INSERT INTO tree_leaf SELECT :leaf, event_id, hash FROM known WHERE event_id = 1002", leaf=index)
    report = alone(house.database)
    assert {"leaf-not-next", "seq-not-next"} <= {one.code for one in report.findings}
    with house.database.connect() as connection:
        assert 1002 in [row.event_id for row in StoredLog(connection).events()]


@contextmanager
def altered(database: Database) -> Iterator[Callable[..., Any]]:
    """Make the table of leaves anew so that it takes anything for an index, as an insider would; its triggers stay.

    `known` has the leaf of event 2 under the number of a copy of it.
    """
    known = "CREATE TEMPORARY TABLE known AS SELECT 1002 AS event_id, hash FROM tree_leaf WHERE event_id = 2"
    if database.dialect == "postgresql":
        with psycopg.connect(database.url, autocommit=True) as line:
            line.execute(known)
            line.execute("ALTER TABLE tree_leaf DROP CONSTRAINT pk_tree_leaf")
            line.execute("ALTER TABLE tree_leaf ALTER leaf_index DROP NOT NULL, ALTER leaf_index TYPE numeric")
            yield lambda text, **values: line.execute(text.replace(":leaf", "CAST(%(leaf)s AS numeric)"), values)
        return
    with closing(sqlite3.connect(database.path or "", isolation_level=None)) as raw:
        raw.execute(known)
        triggers = raw.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'tree_leaf'")
        kept = [text for (text,) in triggers.fetchall()]
        raw.execute("CREATE TABLE other (leaf_index NUMERIC, event_id INTEGER NOT NULL UNIQUE, hash BLOB NOT NULL)")
        raw.execute("INSERT INTO other SELECT leaf_index, event_id, hash FROM tree_leaf")
        raw.execute("DROP TABLE tree_leaf")
        raw.execute("ALTER TABLE other RENAME TO tree_leaf")
        for text in kept:
            raw.execute(text)
        yield lambda text, **values: raw.execute(text, values)
