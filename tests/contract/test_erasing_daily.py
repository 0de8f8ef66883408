"""The scheduler erases once a day: whatever is started anew, and however many are at work."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Final

import pytest

from pdca.erasure.person import ErasePerson
from pdca.erasure.rules import DecideTerm
from pdca.erasure.scrubbing import unscrubbed
from pdca.errors import TryAgain
from pdca.house import House
from pdca.report.terms import past_term as check
from pdca.store.reads import erasing
from scheduler.erasing import DailyErasure, ErasureCounts
from tests.contract.erasing import LATER, SICK, Meanwhile, past_term
from tests.contract.left_behind import found_in_bytes
from tests.contract.world import World

NOWHERE: Final = Path("nowhere")
DAEMONS: Final = 3
KINDS: Final = ["absences", "messages", "people", "reactions"]


@pytest.fixture
def left(world: World, tmp_path: Path) -> World:
    return past_term(world, tmp_path / "outbox")


def started_anew(house: House) -> ErasureCounts:
    """What a daemon does that was just started, or a sweep by hand."""
    return DailyErasure(NOWHERE).run_once(house)


def test_who_is_started_again_on_the_same_day_neither_erases_nor_writes_the_files_anew(left: World) -> None:
    overlooked = Meanwhile(left)
    assert started_anew(overlooked.house).erased > 0
    before = left.dump()
    assert [started_anew(overlooked.house) for _again in range(3)] == [ErasureCounts()] * 3
    assert left.dump() == before
    assert len(overlooked.scrubbed) == 1


def test_a_day_on_which_nothing_is_there_to_be_erased_writes_no_file_anew(world: World) -> None:
    world.take("start", "evaluate", "record", "conclude", "close")
    world.by_administrator(DecideTerm("reactions", 6, "De wet.", "Beslist."))
    overlooked = Meanwhile(world)
    assert started_anew(overlooked.house) == ErasureCounts()
    world.go_to(LATER)
    assert started_anew(overlooked.house) == ErasureCounts(erased_by_rules=1)
    assert overlooked.scrubbed == []


def test_what_a_reader_keeps_is_overwritten_the_next_day_however_often_one_is_started(
    sqlite_world: World, tmp_path: Path
) -> None:
    world = past_term(sqlite_world, tmp_path / "outbox")
    overlooked = Meanwhile(world)
    with world.house.database.connect() as reader:
        reader.snapshot()
        assert reader.value(erasing.LAST) is None
        with pytest.raises(TryAgain):
            started_anew(overlooked.house)
        assert [started_anew(overlooked.house) for _again in range(3)] == [ErasureCounts()] * 3
    assert len(overlooked.scrubbed) == 1
    assert check(world.reading, world.clock.now())[0] == "warning"
    world.go_to(LATER + timedelta(days=1))
    started_anew(overlooked.house)
    assert len(overlooked.scrubbed) == 2
    assert unscrubbed(world.reading) is None
    assert found_in_bytes(world, {SICK.encode()}) == set()


def test_what_was_erased_by_hand_on_the_same_day_and_cut_off_is_overwritten(left: World) -> None:
    overlooked = Meanwhile(left)
    started_anew(overlooked.house)
    left.by_administrator(ErasePerson("lea", "art-17", "Gevraagd."))
    assert unscrubbed(left.reading) is not None
    assert [started_anew(overlooked.house) for _again in range(2)] == [ErasureCounts()] * 2
    assert unscrubbed(left.reading) is None
    assert len(overlooked.scrubbed) == 2


def test_of_several_daemons_on_one_day_one_erases_and_one_run_of_each_kind_is_recorded(left: World) -> None:
    together = Barrier(DAEMONS)

    def daemon() -> Callable[[], int]:
        # Each has decided and read by then, and none has written.
        house = Meanwhile(left, together.wait).house
        daily = DailyErasure(NOWHERE)

        def work() -> int:
            erased = 0
            with suppress(TryAgain):
                # Another may keep the bytes from being overwritten; what was erased is erased.
                erased = daily.run_once(house).erased
            return erased

        return work

    with ThreadPoolExecutor(DAEMONS) as threads:
        told = [one.result() for one in [threads.submit(daemon()) for _number in range(DAEMONS)]]
    runs = left.dump()["erasure_run"]
    assert sorted(row["kind"] for row in runs) == KINDS
    assert [row["kind"] for row in left.dump()["event"]].count("retention.applied") == 1
    assert sum(told) in {0, sum(row["erased"] for row in runs)}
    assert len([one for one in told if one]) <= 1
    assert left.verified().ok
