"""The zones that clauses and oddities are tried on, each as the database of the command line in an empty folder."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pdca import i18n
from tests.acceptance import oddities
from tests.contract import edits
from tests.contract.world import World, opened_in
from tests.unit.cli.zone import imported


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A zone whose plan P-001 lacks nothing, as the database of the command line."""
    with opened_in(tmp_path, monkeypatch) as here:
        here.by_administrator(edits.complete_baseline())
        here.approve("start")
        yield here


@pytest.fixture(scope="session")
def example_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example zone with its people, simulated."""
    return imported(tmp_path_factory.mktemp("imported"))


@pytest.fixture
def example(example_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The example zone as the database of an empty folder, on a day in 2024, with an indicator `x` of nothing yet."""
    shutil.copyfile(example_file, tmp_path / "pdca.db")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PDCA_NOW", oddities.NOW)
    oddities.add("x", "feiten")
    yield
    i18n.use(i18n.SOURCE)
    i18n.at_home_in(i18n.SOURCE)
