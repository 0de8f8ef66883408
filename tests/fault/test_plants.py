"""Faults planted one by one in a copy of the program: a test catches each."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fault.plants import PLANTS

ROOT = Path(__file__).parents[2]
COPIED = (
    "pdca",
    "scheduler",
    "workflows",
    "tests",
    "examples",
    "docs",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
)


def tree(folder: Path) -> Path:
    """Copy what the program and its tests consist of."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, folder / name)
    return folder


def ended(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", PLANTS)
def test_every_fault_can_still_be_planted(name: str) -> None:
    for edit in PLANTS[name].edits:
        edit.found(ROOT)
        assert edit.instead != edit.text


@pytest.mark.parametrize("name", PLANTS)
def test_every_fault_names_a_test_that_there_is(name: str) -> None:
    file, _, test = PLANTS[name].caught_by.partition("::")
    assert f"def {test.partition('[')[0]}(" in (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.soak
@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_caught(name: str, tmp_path: Path) -> None:
    plant = PLANTS[name]
    folder = tree(tmp_path)
    sound = ended(folder, plant.caught_by)
    assert sound.returncode == 0, sound.stdout[-2_000:]
    for edit in plant.edits:
        edit.make(folder)
    caught = ended(folder, plant.caught_by)
    # 1 says that a test failed; any other status, that none could be run.
    assert caught.returncode == 1, caught.stdout[-2_000:]
    assert f"FAILED {plant.caught_by.partition('::')[0]}" in caught.stdout
