"""What somebody changed behind the log's back is found alike, and in the same order, by one process and by several."""

import random
import shutil
from pathlib import Path
from typing import Final

import pytest

from pdca.audit import stretch
from pdca.audit.findings import Report
from pdca.audit.part import PartOf
from pdca.audit.verify import verify
from pdca.auditing import Helpers
from pdca.errors import PdcaError
from pdca.store.database import locate
from tests.fault.chance import dice
from tests.fault.checkpoint_tampers import OF_THE_CHECKPOINTS
from tests.fault.tampers import OF_THE_LOG, Tamper, flipped, insider, of_the_tables

STRETCH: Final = 32
"""Leaves of a stretch, so that the demo has many."""

SEVERAL: Final = 15
RAW_FLIPS: Final = 15


def audited(path: Path, helpers: int) -> Report | str:
    """Verify with so many helpers; an error by its code."""
    database = locate(f"sqlite:///{path}")
    try:
        with Helpers(database, helpers, PartOf) as several, database.connect() as connection:
            return verify(several.open(connection), parts=several.parts)
    except PdcaError as error:
        return error.code


def assert_found_alike(path: Path) -> Report | str:
    alone = audited(path, 0)
    assert audited(path, 1) == alone
    return alone


@pytest.fixture(autouse=True)
def _short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretch, "STRETCH", STRETCH)


def tampered(demo: Path, copy: Path, tampers: list[Tamper], chance: random.Random) -> None:
    shutil.copyfile(demo, copy)
    for tamper in tampers:
        with insider(copy) as raw:
            tamper(raw, chance)


def test_what_nobody_touched_fits_for_any_number_of_processes(demo: Path, tmp_path: Path) -> None:
    copy = tmp_path / "pdca.db"
    shutil.copyfile(demo, copy)
    report = assert_found_alike(copy)
    assert isinstance(report, Report)
    assert report.ok
    assert audited(copy, 2) == report


def test_tampers_are_found_alike(demo: Path, tmp_path: Path) -> None:
    chance, copy = dice("tampers, shared"), tmp_path / "pdca.db"
    for tamper in OF_THE_LOG + OF_THE_CHECKPOINTS:
        tampered(demo, copy, [tamper], chance)
        report = assert_found_alike(copy)
        assert not isinstance(report, Report) or report.findings, tamper.__name__


def test_several_tampers_at_once_are_found_alike(demo: Path, tmp_path: Path) -> None:
    chance, copy = dice("several tampers, shared"), tmp_path / "pdca.db"
    tables = of_the_tables(demo)
    for _ in range(SEVERAL):
        tampered(demo, copy, [chance.choice(tampers) for tampers in (tables, OF_THE_LOG, OF_THE_CHECKPOINTS)], chance)
        report = assert_found_alike(copy)
        assert not isinstance(report, Report) or report.findings


def test_changed_bytes_of_the_file_are_found_alike(demo: Path, tmp_path: Path) -> None:
    chance, copy = dice("bytes, shared"), tmp_path / "pdca.db"
    content = demo.read_bytes()
    for _ in range(RAW_FLIPS):
        copy.write_bytes(flipped(content, chance))
        assert_found_alike(copy)
