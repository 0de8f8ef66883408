"""Whoever changes one thing in the database behind the log's back is found out, and what he changed is named."""

import json
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.store.append_only import triggers
from tests.fault import histories
from tests.fault.chance import dice
from tests.fault.checkpoint_tampers import OF_THE_CHECKPOINTS
from tests.fault.processes import Ended, ForkServer
from tests.fault.tampering import STEPS, Case, assert_found, lived, stored
from tests.fault.tampers import OF_THE_LOG, Expected, Tamper, flipped, insider, of_the_tables

BATCHES: Final = 4
RAW_FLIPS: Final = 64
OF_EACH_KIND: Final = 3
LIVES, OF_EACH_LIFE = 3, 12
TEN_THOUSAND: Final = 10_000
REPORTED: Final = 10
"""After so many histories it is said how far a long run is."""


def verified(server: ForkServer, path: Path) -> tuple[Ended, list[dict[str, Any]]]:
    """Run `pdca audit verify`; gives how it ended and its findings, or its error as the only one."""
    ended = server.run("audit", "verify", "--json", environment={"PDCA_DATABASE": f"sqlite:///{path}"})
    assert "Traceback" not in ended.out + ended.err, ended
    assert ended.status in (0, 1), ended
    if ended.out:
        findings: list[dict[str, Any]] = ended.json["findings"]
        assert ended.json["ok"] == (ended.status == 0) == (not findings)
        return ended, findings
    error = json.loads(ended.err)
    assert error["code"] != "internal-error", error
    assert error["message"]
    assert error["hint"]
    return ended, [error]


def assert_named(findings: list[dict[str, Any]], expected: Expected, how: str) -> None:
    """See that the expected finding is there, first when it has to be."""
    looked_at = findings[:1] if expected.first else findings
    assert any(expected.fits(one) for one in looked_at), f"{how}: expected {expected}, found {findings[:5]}"


def tampered(server: ForkServer, demo: Path, copy: Path, tampers: Iterable[Tamper], chance: random.Random) -> int:
    """Do each tamper to a copy of its own, and see that it is named."""
    number = 0
    for number, tamper in enumerate(tampers, 1):  # noqa: B007 - it is the count
        shutil.copyfile(demo, copy)
        with insider(copy) as raw:
            expected = tamper(raw, chance)
        ended, findings = verified(server, copy)
        assert ended.status == 1, f"{tamper.__name__} was not found out"
        assert_named(findings, expected, tamper.__name__)
    return number


def test_what_nobody_touched_fits(demo: Path, forked: ForkServer) -> None:
    before = demo.read_bytes()
    ended, findings = verified(forked, demo)
    assert (ended.status, findings) == (0, [])
    assert ended.json["events"] == ended.json["leaves"] > 300
    assert demo.read_bytes() == before


def test_the_early_demo_can_be_tampered_with_in_all_ways_of_the_demo(demo: Path, early_demo: Path) -> None:
    of_demo, of_early = ([one.__name__ for one in of_the_tables(path)] for path in (demo, early_demo))
    assert of_early == of_demo
    assert len(of_early) > 500


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_column_and_row_of_every_table_that_is_changed_is_named(
    early_demo: Path, forked: ForkServer, tmp_path: Path, batch: int
) -> None:
    tampers = of_the_tables(early_demo)[batch::BATCHES]
    done = tampered(forked, early_demo, tmp_path / "pdca.db", tampers, dice(f"tables {batch}"))
    print(f"{done} tampers of the tables found")  # noqa: T201 - part of the record
    assert done == len(tampers)


@pytest.mark.parametrize("tamper", OF_THE_LOG + OF_THE_CHECKPOINTS)
def test_every_change_of_the_log_is_named(demo: Path, forked: ForkServer, tmp_path: Path, tamper: Tamper) -> None:
    tampers = [tamper] * OF_EACH_KIND
    assert tampered(forked, demo, tmp_path / "pdca.db", tampers, dice(tamper.__name__)) == OF_EACH_KIND


def test_a_trigger_that_is_gone_or_says_something_else_is_named(demo: Path, forked: ForkServer, tmp_path: Path) -> None:
    copy = tmp_path / "pdca.db"
    with closing(sqlite3.connect(demo)) as raw:
        found = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    assert sorted(name for name, _text in found) == sorted(triggers("sqlite"))
    for position, (name, text) in enumerate(found):
        shutil.copyfile(demo, copy)
        with closing(sqlite3.connect(copy)) as raw:
            raw.execute(f"DROP TRIGGER {name}")
            if position % 2:
                raw.execute(text.replace("RAISE(ABORT, '", "RAISE(ABORT, 'perhaps "))
        ended, findings = verified(forked, copy)
        assert ended.status == 1
        assert [(one["code"], one["where"]) for one in findings] == [("trigger-missing", f"trigger {name}")]


def test_an_index_that_hides_what_is_due_from_the_sweep_is_found(
    crowd: Path, forked: ForkServer, tmp_path: Path
) -> None:
    copy = tmp_path / "pdca.db"
    shutil.copyfile(crowd, copy)
    told = ("status = 'pending'", "status = 'forgotten'")
    for before, after in (told, told[::-1]):
        with closing(sqlite3.connect(copy, isolation_level=None)) as raw:
            raw.execute("PRAGMA writable_schema=ON")
            text = "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE name = 'ix_deadline_pending_due_at'"
            assert raw.execute(text, (before, after)).rowcount == 1
        if after == told[1]:
            with closing(sqlite3.connect(copy)) as raw:
                raw.execute("REINDEX ix_deadline_pending_due_at")
    ended, findings = verified(forked, copy)
    assert ended.status == 1
    assert {one["code"] for one in findings} == {"storage-damaged"}
    assert "ix_deadline_pending_due_at" in findings[0]["message"]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_byte_of_the_file_changes_what_is_stored_without_being_found(
    demo: Path, forked: ForkServer, tmp_path: Path, batch: int
) -> None:
    flip_bytes(demo, forked, tmp_path / "pdca.db", dice(f"raw bytes {batch}"), RAW_FLIPS // BATCHES)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with which histories begin."""
    return histories.found(tmp_path_factory.mktemp("founded"))


def tampered_with(founded: Path, folder: Path, name: str, lives: int, of_each: int) -> Counter[str]:
    """Let so many histories happen, and tamper with each of them so often."""
    chance, count = dice(name), Counter[str]()
    for life in range(lives):
        if life and life % REPORTED == 0:
            print(f"{life} histories: {sum(count.values()):,} audits so far", flush=True)  # noqa: T201 - the record
        case, done = Case(lived(founded, folder, chance, count), chance), 0
        while done < of_each:
            tampering = case.tamper()
            count[str(tampering)] += 1
            done += tampering.changed
    for kind, many in sorted(count.items()):
        print(f"{many:6,}  {kind}")  # noqa: T201 - the record
    return count


def test_tampers_with_random_histories_are_found_and_clean_audits_find_nothing(founded: Path, tmp_path: Path) -> None:
    count = tampered_with(founded, tmp_path, "a few histories", LIVES, OF_EACH_LIFE)
    assert count["clean audits"] == LIVES * STEPS


@pytest.mark.soak
def test_ten_thousand_tampers_are_found_and_ten_thousand_clean_audits_find_nothing(
    founded: Path, tmp_path: Path
) -> None:
    count = tampered_with(founded, tmp_path, "ten thousand tampers", TEN_THOUSAND // STEPS, STEPS)
    assert count["clean audits"] == TEN_THOUSAND
    assert_found(count)


def flip_bytes(demo: Path, server: ForkServer, copy: Path, chance: random.Random, flips: int) -> None:
    """Change one byte of the file at a time; what is read then is the same, or it is found out."""
    content = demo.read_bytes()
    logical = stored(demo)
    count: Counter[str] = Counter()
    for _ in range(flips):
        copy.write_bytes(flipped(content, chance))
        changed = stored(copy) != logical
        ended, findings = verified(server, copy)
        if changed:
            assert ended.status == 1, f"a changed byte was not found out: {_first_difference(content, copy)}"
        count[("changed" if changed else "harmless") + (", found" if findings else ", fits")] += 1
    print(f"{flips} bytes of the file changed: {dict(count)}")  # noqa: T201 - part of the record
    assert count["changed, found"] > flips // 4


def _first_difference(content: bytes, copy: Path) -> int:
    return next(
        place for place, (one, other) in enumerate(zip(content, copy.read_bytes(), strict=True)) if one != other
    )
