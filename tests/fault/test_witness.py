"""A witness that is killed, and two that want the same folder: it never signs what it does not remember."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from pdca.witness import Cosigned, Witness
from tests.fault.chance import dice
from tests.fault.processes import PATIENCE_SECONDS, ROOT, ForkServer, until
from tests.witnessed import LOG, NAME, branches

ROUNDS: Final = 20
KILLS: Final = 60
FIRST_LIFE_SECONDS: Final = 0.05
LONGER, SHORTER = 1.2, 0.8
"""How the longest life changes, so that on any machine some die before they have remembered and others after it."""
SMALLEST_PIPE: Final = 4096
LONGEST: Final = 2 * ROUNDS + KILLS
ONE, OTHER = branches(1, LONGEST)


class Place:
    """A folder with a witness that has cosigned the first event, and files to hand over to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.witness = Witness(folder / "witness")
        self.witness.make(NAME, [LOG.verifier])
        self.witness.sign(ONE.growth(0, 1), 1)
        self.environment = {"PDCA_AUDIT_WITNESS_FOLDER": str(self.witness.folder)}

    def last(self) -> Cosigned:
        last = self.witness.last(LOG.name)
        assert last is not None
        return last

    def hand_over(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def full_pipe() -> tuple[int, int]:
    """Make a pipe that takes not one byte more."""
    reading, writing = os.pipe()
    size = fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SMALLEST_PIPE)
    os.write(writing, bytes(size))
    return reading, writing


def test_killed_before_its_signature_leaves_it_remembers_and_signs_nothing_else(
    place: Place, forked: ForkServer
) -> None:
    file = place.hand_over("one", ONE.growth(1, 5).text())
    reading, writing = full_pipe()
    command = [sys.executable, "-m", "pdca", "audit", "witness", "sign", file]
    environment = {**os.environ, **place.environment, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.DEVNULL, env=environment) as process:
        try:
            until("what it remembers", lambda: place.last().checkpoint.size == 5)
            assert process.poll() is None
        finally:
            process.kill()
            process.wait(PATIENCE_SECONDS)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert b"witness" not in pipe.read()
    forked_log = place.hand_over("other", OTHER.growth(1, 5).text())
    refused = forked.run("audit", "witness", "sign", forked_log, environment=place.environment)
    assert (refused.status, refused.out) == (3, "")
    again = forked.run("audit", "witness", "sign", file, environment=place.environment)
    assert (again.status, again.out) == (0, place.last().note)


def test_whenever_it_is_killed_what_left_is_what_it_remembers(place: Place, forked: ForkServer) -> None:
    chance = dice("witness")
    killed = remembered = 0
    longest = FIRST_LIFE_SECONDS
    for size in range(2, 2 + KILLS):
        before = place.last()
        file = place.hand_over("grown", ONE.growth(before.checkpoint.size, size).text())
        stopped = forked.kill(
            *("audit", "witness", "sign", file),
            environment=place.environment,
            folder=place.folder,
            after=chance.uniform(longest / 2, longest),
            probe=place.last,
        )
        killed += stopped.killed
        after = place.last()
        assert after.checkpoint.size in (before.checkpoint.size, size)
        kept = after.checkpoint.size == size
        remembered += kept
        longest *= SHORTER if kept else LONGER
        if stopped.ended.out:
            assert after.note.startswith(stopped.ended.out)
        leftovers = {path.name for path in place.witness.folder.iterdir() if not path.name.startswith(".")}
        assert len(leftovers) == 3
    # Some died before they had remembered, and some later; one that is sure to die in between is killed above.
    assert 0 < remembered < KILLS
    assert killed >= KILLS - remembered
    last = place.last().checkpoint.size
    file = place.hand_over("rest", ONE.growth(last, LONGEST).text())
    assert forked.run("audit", "witness", "sign", file, environment=place.environment).status == 0


def test_of_two_that_fork_the_log_at_once_one_is_cosigned(place: Place, forked: ForkServer) -> None:
    for round_number in range(ROUNDS):
        folder = place.folder / f"{round_number}"
        folder.mkdir()
        here = Place(folder)
        lines = [
            ("audit", "witness", "sign", here.hand_over(name, log.growth(1, size).text()))
            for name, log, size in (("one", ONE, 6), ("other", OTHER, 6), ("shorter", ONE, 4))
        ]
        ended = forked.together(lines, environment=here.environment)
        cosigned = [one.out for one in ended if one.status == 0]
        assert [one.status for one in ended if one.status not in (0, 3)] == []
        assert cosigned == [here.last().note]
