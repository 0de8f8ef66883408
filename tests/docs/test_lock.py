"""The lock pins everything, names no machine, and belongs to the dependencies that the project names."""

import re

import pytest

from tests.lock import ROOT, drifted

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
