"""SIGKILL while a letter or a site is written: nothing half is under its name, and the next run clears up."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from pdca.files import clear, whole_file
from pdca.information.in_folder import LETTERS, SITE, tidy
from pdca.whole_folder import finish, put_in_place
from tests.fault.processes import ROOT

OLD: Final = {"index.html": b"old", "P-001-R-001.nl.html": b"published"}
NEW: Final = {"index.html": b"new", "pdca-site.json": b"{}"}
DYING: Final = """
import os, shutil, signal, sys
from pathlib import Path
act, target, of, name, count, how = sys.argv[1:7]
owner = {"Path": Path, "shutil": shutil, "os": os}[of]
real, left = getattr(owner, name), int(count)
def dying(*arguments, **named):
    global left
    left -= 1
    if left == 0:
        if how == "fail":
            raise OSError(5, "Input/output error")
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*arguments, **named)
setattr(owner, name, dying)
from pdca.files import whole_file, write_new
from pdca.whole_folder import put_in_place
if act == "site":
    put_in_place(Path(target), {"index.html": b"new", "pdca-site.json": b"{}"})
else:
    with whole_file(Path(target), overwrite=True) as new:
        write_new(new, b"a letter", private=True)
"""


def broken_off(act: str, target: Path, of: str, name: str, count: int, how: str) -> int:
    """Let another process write there and break off as it does something for the so-manieth time; its exit status."""
    return subprocess.run(
        [sys.executable, "-c", DYING, act, str(target), of, name, str(count), how],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        stderr=subprocess.DEVNULL,
    ).returncode


def killed(act: str, target: Path, of: str, name: str, count: int) -> None:
    assert broken_off(act, target, of, name, count, "kill") == -signal.SIGKILL


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("of", "name", "count", "there", "finished"),
    [
        ("os", "fsync", 2, OLD, OLD),
        ("Path", "rename", 1, OLD, OLD),
        ("Path", "rename", 2, None, NEW),
        ("shutil", "rmtree", 1, NEW, NEW),
    ],
    ids=["as it is made", "before it is put there", "between the two renames", "before the old one goes"],
)
def test_the_folder_is_the_old_one_or_the_new_one_once_the_next_run_has_looked(
    tmp_path: Path, of: str, name: str, count: int, there: dict[str, bytes] | None, finished: dict[str, bytes]
) -> None:
    site = tmp_path / SITE
    put_in_place(site, OLD)
    killed("site", site, of, name, count)
    assert (contents(site) if site.exists() else None) == there
    assert len(list(tmp_path.iterdir())) == (1 if there is None else 2)
    tidy(tmp_path)
    assert (list(tmp_path.iterdir()), contents(site)) == ([site], finished)
    put_in_place(site, OLD)
    assert (list(tmp_path.iterdir()), contents(site)) == ([site], OLD)


def test_what_somebody_put_there_meanwhile_stays_and_the_rest_joins_it(tmp_path: Path) -> None:
    site = tmp_path / SITE
    put_in_place(site, OLD)
    killed("site", site, "Path", "rename", 2)
    site.mkdir()
    (site / "index.html").write_bytes(b"of somebody else")
    finish(site)
    assert contents(site) == {**NEW, "index.html": b"of somebody else"}


@pytest.mark.parametrize(("name", "count"), [("mkdir", 1), ("rename", 1), ("rename", 2)])
def test_a_disk_that_fails_leaves_what_was_there(tmp_path: Path, name: str, count: int) -> None:
    site = tmp_path / SITE
    put_in_place(site, OLD)
    assert broken_off("site", site, "Path", name, count, "fail") == 1
    assert (list(tmp_path.iterdir()), contents(site)) == ([site], OLD)


@pytest.mark.parametrize(("of", "name"), [("os", "fsync"), ("Path", "replace"), ("shutil", "rmtree")])
def test_of_a_letter_nothing_is_left_but_the_whole(tmp_path: Path, of: str, name: str) -> None:
    letters = tmp_path / LETTERS
    letters.mkdir()
    letter = letters / "P-001-R-001.nl.pdf"
    killed("letter", letter, of, name, 1)
    assert any(path.name.endswith(".new") for path in letters.iterdir())
    tidy(tmp_path)
    assert contents(letters) == ({letter.name: b"a letter"} if of == "shutil" else {})


def test_what_somebody_is_at_work_on_is_not_taken_away(tmp_path: Path) -> None:
    with whole_file(tmp_path / "letter.pdf") as new:
        new.write_bytes(b"half")
        clear(tmp_path)
        finish(tmp_path / "letter.pdf")
        assert new.read_bytes() == b"half"
    assert contents(tmp_path) == {"letter.pdf": b"half"}


def test_of_others_nothing_is_taken_away(tmp_path: Path) -> None:
    (tmp_path / "draft.new").mkdir()
    (tmp_path / ".site.new").write_bytes(b"a file")
    (tmp_path / ".other.abc.new").mkdir()
    finish(tmp_path / SITE)
    assert {path.name for path in tmp_path.iterdir()} == {"draft.new", ".site.new", ".other.abc.new"}
