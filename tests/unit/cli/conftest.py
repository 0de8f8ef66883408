"""Every test of the command line stands in an empty folder, with the translations compiled."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hatch_build import compile_translations
from pdca import i18n
from tests.unit.cli import zone
from tests.unit.cli.running import ROOT


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    for source in Path(i18n.LOCALE_FOLDER).glob("*/LC_MESSAGES/pdca.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_translations(ROOT)
    i18n.catalogue.cache_clear()


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    home = Path(os.environ["HOME"])
    keys = {file: file.read_bytes() for file in home.rglob("*.key")}
    yield tmp_path
    # The next test has a copy of a database from before what was signed in this one, and from before its key changed.
    for memory in home.rglob("*.key.last"):
        memory.unlink()
    for file, content in keys.items():
        if file.read_bytes() != content:
            file.chmod(0o600)
            file.write_bytes(content)
    i18n.use(i18n.SOURCE)
    i18n.at_home_in(i18n.SOURCE)


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example zone with its people, simulated, on the day after it was founded."""
    return zone.imported(tmp_path_factory.mktemp("imported"))


@pytest.fixture(scope="session")
def lived(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example zone after fifteen months in which nobody did anything."""
    return zone.lived(imported, tmp_path_factory.mktemp("lived"))


@pytest.fixture
def zone_at_start(imported: Path, empty_folder: Path) -> Path:
    """The example zone at its start as the database of this folder."""
    return Path(shutil.copyfile(imported, empty_folder / "pdca.db"))


@pytest.fixture(scope="session")
def drafted(imported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example zone at its start, with a next programme that is still a draft."""
    file = Path(shutil.copyfile(imported, tmp_path_factory.mktemp("drafted") / "pdca.db"))
    zone.with_next_programme(f"sqlite:///{file}", file.parent)
    return file


@pytest.fixture
def next_programme(drafted: Path, empty_folder: Path) -> str:
    """The example zone with its next programme as the database of this folder; gives the id of that programme."""
    shutil.copyfile(drafted, empty_folder / "pdca.db")
    return "zvp-2026-2031"


@pytest.fixture
def neglected_zone(lived: Path, empty_folder: Path) -> Path:
    """The example zone in which nobody did anything as the database of this folder."""
    return Path(shutil.copyfile(lived, empty_folder / "pdca.db"))


@pytest.fixture
def figures_published(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a day on which all periods of the published figures of the example have ended."""
    monkeypatch.setenv("PDCA_NOW", "2026-11-02T09:00:00+01:00")
