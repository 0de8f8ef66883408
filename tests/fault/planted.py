"""`python -m tests.fault.planted FAULT …`: the program with a fault inside that nobody can bring about outside."""

import sys
import threading
from typing import Any, Final

from apscheduler.jobstores.memory import MemoryJobStore

from pdca.cli.main import main
from scheduler import daemon, sweep
from scheduler.sweep import SweepCounts


def dead_trigger() -> None:
    """Let APScheduler fail in a way that it does not survive, some sweeps after the start."""
    update = MemoryJobStore.update_job
    updates = 0

    def failing(store: MemoryJobStore, job: Any) -> None:  # noqa: ANN401 - a job of APScheduler
        nonlocal updates
        updates += 1
        if updates > 6:
            message = "the store of jobs fails"
            raise RuntimeError(message)
        update(store, job)

    MemoryJobStore.update_job = failing


def stuck_sweep() -> None:
    """Let the second sweep never end, and the daemon's patience be short."""
    sweeps = 0
    run_once = sweep.run_once

    def stuck(*arguments: Any, **named: Any) -> SweepCounts:  # noqa: ANN401 - handed on as they are
        nonlocal sweeps
        sweeps += 1
        if sweeps > 1:
            threading.Event().wait()
        return run_once(*arguments, **named)

    vars(sweep)["run_once"] = stuck
    vars(daemon).update(SILENT_SECONDS=3, LAST_WORDS_SECONDS=2)


FAULTS: Final = {"dead-trigger": dead_trigger, "stuck-sweep": stuck_sweep}

if __name__ == "__main__":
    FAULTS[sys.argv[1]]()
    sys.exit(main(sys.argv[2:]))
