"""A second process of the tests of the lease; it says on stdout what it has come to, then waits to be killed.

`lease URL PIECE` takes this piece of the deliverer's job. `deliver URL FOLDER` delivers one batch to a folder and stops
after the last message is sent, before it is recorded.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from pdca.clock import VirtualClock
from pdca.house import House
from pdca.store.database import locate
from scheduler.channels.answer import Answer
from scheduler.channels.file import FileChannel
from scheduler.deliver import LEASE, run_once
from scheduler.lease import lease
from tests.seed import START


class Stopping(FileChannel):
    """A file channel that comes to a stop at the end of its batch."""

    def keep(self, answers: list[Answer]) -> list[Answer]:
        wait("sent" if super().keep(answers) else "nothing")
        return answers


def wait(word: str) -> None:
    """Say the word and wait for an end of the input that never comes."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()
    sys.stdin.read()


def hold(url: str, piece: str) -> None:
    """Take the piece."""
    with lease(locate(url), LEASE) as mine:
        wait("held" if mine and mine.take([piece]) else "refused")


def deliver(url: str, folder: str) -> None:
    """Send without recording."""
    run_once(House(locate(url), clock=VirtualClock(START)), Stopping(Path(folder)))


if __name__ == "__main__":
    tasks: dict[str, Callable[..., None]] = {"lease": hold, "deliver": deliver}
    tasks[sys.argv[1]](*sys.argv[2:])
