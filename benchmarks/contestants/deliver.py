"""Our deliverer: each round has a database of its own, in which messages wait that go into a folder of its own."""

from pathlib import Path
from typing import Any

from benchmarks.worker import Work, serve
from pdca.clock import FixedClock
from pdca.house import House
from pdca.store.database import locate
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_until_done
from workflows.instants import from_text


def prepare(task: dict[str, Any]) -> Work:
    """Take the databases at `urls`, one for each round, in which all is due at the instant `at`."""
    clock = FixedClock(from_text(task["at"]))

    def work(number: int) -> None:
        folder = Path(task["folder"]) / str(number)
        house = House(locate(task["urls"][number]), source="scheduler", clock=clock)
        counts = run_until_done(house, lambda _name: FileChannel(folder))
        assert not counts.later + counts.dead, counts  # noqa: S101 - what is not sent would be quicker

    return work


if __name__ == "__main__":
    serve(prepare)
