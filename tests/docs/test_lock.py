"""The lock pins everything, names no machine, and belongs to the dependencies that the project names."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lock import ROOT, drifted, header

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_belongs_to_the_dependencies_named_now() -> None:
    assert not drifted(PYPROJECT, LOCK)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ('"click>=8.2"', '"click>=8.3"'),
        ('"psycopg[binary]>=3.2"', '"psycopg>=3.2"'),
        ('"hatchling>=1.27"', '"hatchling>=1.28"'),
        ('requires-python = ">=3.11"', 'requires-python = ">=3.12"'),
        ('  "editables>=0.5",\n', ""),
    ],
)
def test_a_changed_dependency_is_seen_without_a_network(now: str, then: str) -> None:
    assert now in PYPROJECT
    assert drifted(PYPROJECT.replace(now, then), LOCK)


def test_a_change_that_installs_nothing_else_leaves_the_lock_valid() -> None:
    assert not drifted(PYPROJECT.replace("line-length = 120", "line-length = 100"), LOCK)


def test_every_package_is_pinned_with_its_hashes() -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", LOCK, flags=re.MULTILINE).strip())
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_lock_names_no_host_and_no_folder() -> None:
    assert not re.search(r"://|--(index|extra-index|find-links)|file:|(^|\s)/", LOCK)


PEERS = Path("benchmarks/peers")

# Stands for uv where there is no network: it keeps what is in the file it writes, unless it is asked for help.
UV = """\
#!/bin/sh
case " $* " in *" --help "*) exit 0 ;; esac
while [ "$1" != --output-file ]; do shift; done
kept=$(grep '^old==' "$2")
printf '%s\\nnew==1\\n' "$kept" >"$2"
"""


def lock(folder: Path, *arguments: str) -> str:
    """Run `./dev lock` in a folder that has a lock of one package; give what the lock is then."""
    (folder / "tests").mkdir()
    for name in ("dev", "pyproject.toml", "tests/lock.py"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "requirements.lock").write_text(f"{header(PYPROJECT)}old==1\n", encoding="utf-8")
    (folder / PEERS).mkdir(parents=True)
    shutil.copy(ROOT / PEERS / "peers.in", folder / PEERS / "peers.in")
    (folder / PEERS / "peers.lock").write_text("old==1\n", encoding="utf-8")
    (folder / "bin").mkdir()
    uv = folder / "bin" / "uv"
    uv.write_text(UV, encoding="utf-8")
    uv.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PDCA_PYTHON": sys.executable,
        "UV_CACHE_DIR": str(folder / "cache"),
    }
    subprocess.run([folder / "dev", "lock", *arguments], check=True, env=environment)
    return (folder / "requirements.lock").read_text(encoding="utf-8")


def test_a_lock_is_written_from_the_one_before_under_one_header(tmp_path: Path) -> None:
    assert lock(tmp_path) == f"{header(PYPROJECT)}old==1\nnew==1\n"
    assert (tmp_path / PEERS / "peers.lock").read_text(encoding="utf-8") == "old==1\nnew==1\n"


def test_every_peer_of_the_benchmarks_is_pinned() -> None:
    wanted = [line for line in (ROOT / PEERS / "peers.in").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    pinned = (ROOT / PEERS / "peers.lock").read_text(encoding="utf-8").splitlines()
    assert wanted
    assert [name for name in wanted if not any(line.startswith(f"{name}==") for line in pinned)] == []


def test_asking_for_help_leaves_the_lock_as_it_is(tmp_path: Path) -> None:
    assert lock(tmp_path, "--help") == f"{header(PYPROJECT)}old==1\n"
