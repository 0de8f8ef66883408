"""Whether the scheduler runs: since when nothing has run is said wherever somebody relies on dates."""

from datetime import datetime, timedelta
from typing import Any

from pdca.store.driver import Connection
from pdca.store.reads import evaluations, heartbeats
from workflows.instants import from_text, to_text

SILENT_AFTER = timedelta(minutes=5)
"""A scheduler that sweeps every minute and has not for so long does not run."""


def scheduling(connection: Connection, now: datetime) -> dict[str, Any]:
    """Tell the workers, the last sweep, since when nothing ran, and what is due."""
    last = connection.value(heartbeats.LAST_SWEEP)
    silent = last is not None and now - from_text(last) > SILENT_AFTER
    return {
        "last_sweep": last,
        "not_run_since": last if silent else None,
        "workers": connection.all(heartbeats.HEARTBEATS),
        "next_due": connection.value(evaluations.NEXT_DUE, after=""),
        "due_now": connection.value(evaluations.COUNT_DUE, now=to_text(now)),
        "set_aside": len(connection.all(evaluations.SET_ASIDE)),
    }
