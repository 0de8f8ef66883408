"""Figures for a monitoring system: a file in the text format of Prometheus, written anew after every sweep.

The textfile collector of node_exporter reads such files. They come from the database, so that whichever worker writes
tells the same, but for what its own last sweep did.
"""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pdca.errors import Failed
from pdca.house import House
from pdca.i18n import _
from pdca.report.scheduling import scheduling
from pdca.store.driver import Connection
from pdca.store.reads import health, log, notifications
from scheduler.sweep import SweepCounts
from workflows.instants import from_text

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

NO_MESSAGES: Final = {"pending": 0, "sent": 0, "dead": 0, "lapsed": 0}
"""What stands in the file also while there is nothing to count."""


def must_be_installed() -> None:
    """Refuse to begin without the library, rather than fail after every sweep."""
    try:
        import prometheus_client  # noqa: F401 - whether it is there
    except ImportError as error:
        raise Failed(
            "extra-missing",
            _("The library for metrics is not installed."),
            hint=_("Install the program with its extra: pdca[metrics]."),
        ) from error


def write(house: House, path: Path, counts: SweepCounts, took: float) -> None:
    """Write the file after a sweep that took so many seconds; who reads it finds the old one or the new one, whole."""
    from prometheus_client import CollectorRegistry, write_to_textfile

    registry = CollectorRegistry()
    with house.reading() as connection:
        _of_the_database(registry, house, connection)
    _of_the_sweep(registry, counts, took)
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise Failed(
            "metrics-unwritable",
            _("The metrics cannot be written to %(file)s: %(reason)s.") % {"file": path, "reason": error.strerror},
            hint=_("Whoever runs the scheduler must be able to make files in that folder (scheduler.metrics_file)."),
        ) from error


def _of_the_database(registry: "CollectorRegistry", house: House, connection: Connection) -> None:
    view = scheduling(connection, house.now(connection))
    for name, help_text, instant in (
        ("pdca_last_sweep_timestamp_seconds", "When any worker last swept; absent when none ever has.", "last_sweep"),
        ("pdca_next_due_timestamp_seconds", "When the next deadline falls due; absent when none does.", "next_due"),
    ):
        if view[instant] is not None:
            _gauge(registry, name, help_text, from_text(view[instant]).timestamp())
    _gauge(registry, "pdca_deadlines_due", "Deadlines that are due and not enforced yet.", view["due_now"])
    _gauge(registry, "pdca_deadlines_set_aside", "Deadlines set aside after an error.", view["set_aside"])
    _gauge(
        registry, "pdca_deadlines_overdue", "Deadlines whose whole ladder was told.", connection.value(health.OVERDUE)
    )
    _gauge(
        registry,
        "pdca_late_enforcements",
        "Deadlines enforced more than two minutes late in the last 30 days.",
        view["late_total"],
    )
    _gauges(
        registry,
        "pdca_workers",
        "Workers that ever swept, by state.",
        "state",
        {state: sum(one["state"] == state for one in view["workers"]) for state in ("running", "stopped", "silent")},
    )
    messages = {row["status"]: row["messages"] for row in connection.all(notifications.BY_STATUS)}
    _gauges(
        registry,
        "pdca_messages",
        "Messages in the outbox, by what became of them.",
        "status",
        NO_MESSAGES | messages,
    )
    logged = connection.one(log.COUNTS) or {"events": 0, "leaves": 0}
    _gauge(registry, "pdca_events", "Events in the log.", logged["events"])
    _gauge(registry, "pdca_events_unsealed", "Events without a place in the tree.", logged["events"] - logged["leaves"])


def _of_the_sweep(registry: "CollectorRegistry", counts: SweepCounts, took: float) -> None:
    _gauge(registry, "pdca_sweep_seconds", "How long the last sweep of this worker took.", took)
    _gauges(
        registry,
        "pdca_sweep_deadlines",
        "Deadlines in the last sweep of this worker, by what became of them.",
        "result",
        asdict(counts),
    )


def _gauge(registry: "CollectorRegistry", name: str, help_text: str, value: float) -> None:
    from prometheus_client import Gauge

    Gauge(name, help_text, registry=registry).set(value)


def _gauges(registry: "CollectorRegistry", name: str, help_text: str, label: str, values: dict[str, int]) -> None:
    from prometheus_client import Gauge

    family = Gauge(name, help_text, (label,), registry=registry)
    for one, value in values.items():
        family.labels(one).set(value)
