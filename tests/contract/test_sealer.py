"""On PostgreSQL a sealer gives events their place in the tree: in order, one sealer at a time, never half."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Final

import pytest

from pdca.audit import tree
from pdca.errors import Refused
from pdca.store import eventlog
from pdca.store.driver import Row, Statement
from scheduler import seal
from scheduler.seal import SealCounts
from tests.contract.world import World

IN_THE_TREE: Final = Statement(
    "in_the_tree",
    "SELECT l.leaf_index, l.event_id, l.hash, e.body FROM tree_leaf l JOIN event e ON e.event_id = l.event_id "
    "ORDER BY l.leaf_index",
)


@pytest.fixture
def unsealed(postgres_world: World) -> World:
    """A log without a single leaf."""
    postgres_world.take("start", "evaluate", "record", "conclude", "continue")
    assert leaves(postgres_world) == []
    return postgres_world


def leaves(world: World) -> list[Row]:
    return world.rows(IN_THE_TREE)


def in_order(world: World) -> None:
    """Assert that every event has the leaf that its place in the log gives it."""
    found, events = leaves(world), world.dump()["event"]
    assert [row["event_id"] for row in found] == [row["event_id"] for row in events]
    assert [row["leaf_index"] for row in found] == list(range(len(events)))
    assert all(bytes(row["hash"]) == tree.leaf_hash(bytes(row["body"])) for row in found)
    report = world.verified()
    assert (report.ok, report.unsealed, report.leaves) == (True, 0, len(events))


def test_the_sealer_gives_every_event_its_leaf_in_the_order_of_the_log(unsealed: World) -> None:
    waiting = len(unsealed.dump()["event"])
    assert seal.run_once(unsealed.house) == SealCounts(waiting)
    in_order(unsealed)
    assert seal.run_once(unsealed.house) == SealCounts(0)


def test_what_comes_later_is_put_behind_and_the_root_is_that_of_all(unsealed: World) -> None:
    seal.run_once(unsealed.house)
    before = leaves(unsealed)
    unsealed.take("evaluate")
    assert unsealed.verified().unsealed == 1
    assert seal.run_once(unsealed.house) == SealCounts(1)
    assert leaves(unsealed)[: len(before)] == before
    in_order(unsealed)


def test_a_log_longer_than_a_batch_is_sealed_whole(unsealed: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "BATCH", 3)
    assert seal.run_once(unsealed.house).sealed == len(unsealed.dump()["event"])
    in_order(unsealed)


def test_while_one_sealer_works_another_does_nothing(unsealed: World) -> None:
    with unsealed.house.database.connect(writing=True) as other:
        other.begin()
        assert other.value(eventlog.SEALER_LOCK)
        assert seal.run_once(unsealed.house) == SealCounts(0)
        assert leaves(unsealed) == []
        other.commit()
    seal.run_once(unsealed.house)
    in_order(unsealed)


def test_two_sealers_at_once_seal_every_event_once(unsealed: World) -> None:
    barrier = Barrier(2)

    def work() -> int:
        barrier.wait()
        return seal.run_once(unsealed.house).sealed

    with ThreadPoolExecutor(2) as pool:
        sealed = [task.result() for task in [pool.submit(work) for _ in range(2)]]
    assert sum(sealed) == len(unsealed.dump()["event"])
    in_order(unsealed)


def test_a_sealer_that_dies_in_the_middle_leaves_nothing_half_and_no_lock(unsealed: World) -> None:
    with unsealed.house.database.connect(writing=True) as dying:
        dying.begin()
        assert eventlog.seal(dying, 3) == 3
    assert leaves(unsealed) == []
    assert seal.run_once(unsealed.house).sealed == len(unsealed.dump()["event"])
    in_order(unsealed)


def test_writers_go_on_while_a_sealer_works(unsealed: World) -> None:
    with unsealed.house.database.connect(writing=True) as sealing:
        sealing.begin()
        sealed = eventlog.seal(sealing, 100)
        unsealed.take("evaluate")
        sealing.commit()
    assert len(leaves(unsealed)) == sealed
    assert seal.run_once(unsealed.house) == SealCounts(1)
    in_order(unsealed)


def test_only_a_service_or_an_administrator_seals(unsealed: World) -> None:
    with pytest.raises(Refused) as failure:
        seal.run_once(replace(unsealed.house, as_person="sofie"))
    assert failure.value.code == "scheduler-not-allowed"


def test_on_sqlite_an_event_has_its_leaf_at_once_and_there_is_nothing_to_seal(sqlite_world: World) -> None:
    sqlite_world.take("start")
    in_order(sqlite_world)
    assert seal.run_once(sqlite_world.house) == SealCounts(0)
