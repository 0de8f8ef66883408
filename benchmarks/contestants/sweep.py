"""Our sweep: each round is the moment at which the next group of plans is to be evaluated."""

from datetime import timedelta
from typing import Any

from benchmarks.worker import Work, serve
from pdca.clock import FixedClock
from pdca.house import House
from pdca.store.database import locate
from scheduler.sweep import run_once
from workflows.instants import from_text


def prepare(task: dict[str, Any]) -> Work:
    """Take the database at `url`, whose first group of `count` falls due at the instant `first`."""
    database, first = locate(task["url"]), from_text(task["first"])

    def work(number: int) -> None:
        clock = FixedClock(first + timedelta(microseconds=number))
        counts = run_once(House(database, source="scheduler", clock=clock))
        assert counts.enforced == task["count"], counts  # noqa: S101 - to enforce less would be quicker

    return work


if __name__ == "__main__":
    serve(prepare)
