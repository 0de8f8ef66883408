"""Whether the scheduler runs: since when nothing has run and what was late is said wherever dates are relied on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pdca.house import installation
from pdca.i18n import _, ngettext
from pdca.report.lateness import LATE_AFTER
from pdca.report.log import punctuality
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, heartbeats
from workflows.instants import from_text, to_text, to_the_minute

SILENT_AFTER: Final = timedelta(minutes=5)
"""A scheduler that sweeps every minute and has not for so long does not run."""

SILENCE: Final = "scheduler.resumed"
"""The kind of event that ends a silence; `due_at` is the instant of the last sweep before it."""

LOOKED_BACK: Final = timedelta(days=30)
SHOWN: Final = 10


def scheduling(connection: Connection, now: datetime) -> dict[str, Any]:
    """Tell the workers, the last sweep, since when nothing ran, what is due, and what was late in the last 30 days."""
    last = connection.value(heartbeats.LAST_SWEEP)
    late = late_since(connection, now - LOOKED_BACK)
    silences = [one for one in late if one["kind"] == SILENCE]
    occurrences = [one for one in late if one["kind"] != SILENCE]
    return {
        "last_sweep": last,
        "not_run_since": last if _is_silent(last, now) else None,
        "workers": [{**row, "state": _state(row, now)} for row in connection.all(heartbeats.HEARTBEATS)],
        "next_due": connection.value(evaluations.NEXT_DUE, after=""),
        "due_now": connection.value(evaluations.COUNT_DUE, now=to_text(now)),
        "set_aside": len(connection.all(evaluations.SET_ASIDE)),
        "late_total": len(occurrences),
        "late": occurrences[-SHOWN:],
        "silences": [{"since": one["due_at"], "until": one["at"]} for one in silences[-SHOWN:]],
    }


def late_in_words(view: Mapping[str, Any]) -> str:
    """Say how many dates were enforced late in the last 30 days, and of the last one every instant that counts."""
    last = view["late"][-1]
    words = ngettext(
        "%(count)s date was enforced late in the last 30 days; the last one (%(which)s) was due at %(due)s UTC and "
        "enforced at %(done)s UTC.",
        "%(count)s dates were enforced late in the last 30 days; the last one (%(which)s) was due at %(due)s UTC and "
        "enforced at %(done)s UTC.",
        view["late_total"],
    )
    due, done = (to_the_minute(last[name]) for name in ("due_at", "at"))
    which = last["evaluation"] or last["plan"]
    said = words % {"count": view["late_total"], "which": which, "due": due, "done": done}
    if not last["held_until"]:
        return said
    held = _("It had been held until %(until)s UTC, while its plan was at rest.")
    return said + " " + held % {"until": to_the_minute(last["held_until"])}


def silent_since(connection: Connection, now: datetime) -> str | None:
    """Tell since when nothing has swept, from the beginning when nothing ever has; None when something just did.

    In a simulation nothing runs, and that is no silence.
    """
    body = installation(connection)
    last = connection.value(heartbeats.LAST_SWEEP) or body["created_at"]
    return last if not body["simulated"] and _is_silent(last, now) else None


def late_since(connection: Connection, since: datetime) -> list[dict[str, Any]]:
    """Give what was enforced late since an instant, oldest first, and each end of a silence."""
    return [one for one in punctuality(connection, since) if is_late(one)]


def is_late(event: dict[str, Any]) -> bool:
    """Tell of an event, as the log shows it, whether it was enforced late or ended a silence."""
    late = event["late_seconds"]
    return late is not None and timedelta(seconds=late) > LATE_AFTER


def _state(worker: Mapping[str, Any], now: datetime) -> str:
    """Tell of a worker whether it is running, was stopped, or was ended without a word and is silent."""
    if worker["stopped_at"]:
        return "stopped"
    return "silent" if _is_silent(worker["beat_at"], now) else "running"


def _is_silent(last: str | None, now: datetime) -> bool:
    # A sweep that lies ahead was one before the clock was set back.
    return last is not None and abs(now - from_text(last)) > SILENT_AFTER
