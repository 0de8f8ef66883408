"""An installation in which every command has something to do, and what is said of commands that could do it or not."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests import seed
from tests.fault.processes import Ended
from tests.fault.zone import FallDue, running_zone

PEOPLE_FILE: Final = """\
---
pdca: 1
language: en
people:
  - id: nora
    name: Nora Verzonnen
    language: nl
    appointments: [{party: prevention, from: 2024-01-01}]
...
"""
Line = tuple[str, ...]
READING: Final[tuple[Line, ...]] = (
    ("status",),
    ("board",),
    ("plan", "list"),
    ("plan", "show", "P-001"),
    ("plan", "next", "--all"),
    ("plan", "history", "P-001"),
    ("plan", "why-not", "P-001"),
    ("evaluation", "list"),
    ("notify", "list"),
    ("scheduler", "status"),
    ("audit", "log"),
    ("audit", "verify"),
    ("person", "list"),
    ("whoami",),
)
NOTED: Final[tuple[Line, ...]] = (("audit", "export"),)
"""These only read. What they hand out is noted in the log; where it cannot be, they say so and work all the same."""

FINDINGS: Final = (
    *("--verdict", "effective", "--process", "P.", "--effect", "F.", "--due-to", "plan", "--attribution", "A."),
    *("--evidence", "E.", "--deployed", "D."),
)
WRITING: Final[tuple[Line, ...]] = (
    ("plan", "advance", "P-002", "--trigger", "start"),
    ("evaluation", "record", "E-101", *FINDINGS, "--indicator", "thefts=12"),
    ("evaluation", "extend", "E-201", "--to", "2099-01-01", "--reason", "R."),
    ("scheduler", "sweep"),
    ("notify", "deliver"),
    ("import", "people.yaml"),
    ("person", "add", "--name", "Otto Verzonnen", "--handle", "otto"),
    ("person", "appoint", "marc", "prevention"),
)
ONLY_OPENING: Final[tuple[Line, ...]] = (
    ("scheduler", "run"),
    ("scheduler", "seal"),
    ("simulate", "--until", "2099-01-01"),
)
"""These write too, but on the databases that can be opened here they have nothing to write."""


def at(path: Path, **more: str) -> dict[str, str]:
    return {"PDCA_DATABASE": f"sqlite:///{path}", **more}


def said(ended: Ended, status: int, code: str) -> None:
    """See that a command failed as it should, in words."""
    assert (ended.status, ended.err.partition(":")[0]) == (status, f"error[{code}]"), ended
    assert "\nhint: " in ended.err, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err


def worked(ended: Ended) -> None:
    assert (ended.status, ended.err) == (0, ""), ended
    assert ended.out


def worked_without_a_note(ended: Ended) -> None:
    assert ended.status == 0, ended
    assert ended.out
    assert ended.err.startswith("This could not be noted in the log: "), ended
    assert ended.err.count("\n") == 1, ended


def content(folder: Path) -> Mapping[str, bytes]:
    """Give every file of a folder that holds something; what SQLite shares among processes is no content."""
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return {name: held for name, held in files.items() if held and not name.endswith("-shm")}


def fill(database_url: str) -> None:
    """Make an installation in which every command of `WRITING` would write something."""
    zone = running_zone(database_url)
    house = zone.house
    seed.plan(house, "P-002", people=())
    with house.reading() as connection:
        now = house.now(connection)
    seed.by_hand(house, FallDue(zone.evaluations[0], now - timedelta(seconds=1)))
