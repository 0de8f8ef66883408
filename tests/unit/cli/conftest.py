"""Every test of the command line stands in an empty folder, with the translations compiled."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hatch_build import compile_translations
from pdca import i18n
from tests.unit.cli.running import ROOT


@pytest.fixture(scope="session", autouse=True)
def compiled_translations() -> None:
    for source in i18n.LOCALE_FOLDER.glob("*/LC_MESSAGES/pdca.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            compile_translations(ROOT)
    i18n.catalogue.cache_clear()


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "user"))
    yield tmp_path
    i18n.use(i18n.SOURCE)
