"""The rules of the house are kept by the tools that are meant to keep them."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from hatch_build import compile_translations
from pdca.i18n import LANGUAGES

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FULL_ROOM_LINES = 450
FLOORS = ["scheduler", "pdca", "workflows"]


def packages() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")}


def test_every_package_of_the_house_is_a_floor_and_is_installed() -> None:
    floors = next(contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"] if contract["id"] == "floors")
    assert floors["layers"] == FLOORS
    assert packages() == set(FLOORS)
    assert set(PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == set(FLOORS)
    assert set(PYPROJECT["tool"]["importlinter"]["root_packages"]) == set(FLOORS)


def test_no_room_is_too_full() -> None:
    sizes = {path.relative_to(ROOT): len(path.read_bytes().splitlines()) for floor in FLOORS for path in rooms(floor)}
    assert not {str(path): lines for path, lines in sizes.items() if lines > FULL_ROOM_LINES}


def rooms(floor: str) -> list[Path]:
    # What is handed out to be run elsewhere is one file, on purpose.
    return [path for path in (ROOT / floor).rglob("*.py") if not {"versions", "standalone"} & set(path.parts)]


@pytest.mark.parametrize(
    "reading",
    [
        "import time\n\nNOW = time.time()\n",
        "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n",
        "from datetime import date\n\nNOW = date.today()\n",
    ],
)
def test_wall_time_is_read_in_one_place_only(reading: str) -> None:
    assert "TID251" in lint(reading, "pdca/plans/advance.py")
    assert "TID251" in lint(reading, "workflows/schedule.py")
    assert "TID251" in lint(reading, "scheduler/sweep.py")
    assert "TID251" not in lint(reading, "pdca/clock.py")


def lint(source: str, place: str) -> str:
    command = [str(BIN / "ruff"), "check", "--no-cache", "--output-format", "concise", "--stdin-filename", place, "-"]
    return subprocess.run(command, cwd=ROOT, input=source, capture_output=True, text=True, check=False).stdout


def test_every_rule_that_is_switched_off_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    start = lines.index("[tool.ruff.lint]")
    end = lines.index("[tool.ruff.lint.flake8-tidy-imports]")
    silent = [line for line in lines[start:end] if line.startswith('  "') and "  # " not in line]
    assert not silent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    command = [str(BIN / "hatchling"), "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_the_three_floors_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(FLOORS)


def test_the_wheel_holds_what_the_program_reads_beside_its_code(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    read = {path.relative_to(ROOT).as_posix() for floor in FLOORS for path in (ROOT / floor).rglob("*.toml")}
    assert read
    assert read <= names
    assert {"pdca/audit/standalone/verify.py", "pdca/audit/standalone/log-format.md"} <= names
    assert {f"pdca/locale/{language}/LC_MESSAGES/pdca.mo" for language in LANGUAGES if language != "en"} <= names


def test_compiling_writes_each_language_and_nothing_where_there_is_none(tmp_path: Path) -> None:
    assert compile_translations(tmp_path) == []
    source = tmp_path / "pdca" / "locale" / "nl" / "LC_MESSAGES" / "pdca.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr "Language: nl\\n"\n\nmsgid "plan"\nmsgstr "actieplan"\n')
    (compiled,) = compile_translations(tmp_path)
    assert b"actieplan" in compiled.read_bytes()
    assert sorted(path.name for path in source.parent.iterdir()) == ["pdca.mo", "pdca.po"]
