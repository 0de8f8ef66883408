"""A plan as it was: what the log says up to an instant, as rows that every view reads like those of today."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from pdca import replay
from pdca.errors import NotFound, Usage
from pdca.i18n import _
from pdca.store.driver import Connection
from pdca.store.reads import log, plans
from workflows.instants import to_text
from workflows.schedule import due_instant


@contextmanager
def as_of(connection: Connection, plan_id: str, until: datetime) -> Iterator[Connection]:
    """Give a database in memory with the plan, and all that belongs to no single plan, as they were before `until`.

    Raises NotFound when the plan was not there yet, Failed for an event that cannot be read.
    """
    rows, ends = replay.Rows(), to_text(until)
    for statement, of in ((log.EVENTS_OF_INSTALLATION, {}), (log.EVENTS_OF_PLAN, {"plan_id": plan_id})):
        rows.take(connection.stream(statement, **of), lambda event: event.at >= ends)
    if not rows.of("plan"):
        raise NotFound(
            "plan-not-yet",
            _("%(plan)s was not there yet.") % {"plan": plan_id},
            hint=_("`pdca plan history %(plan)s` shows when it began.") % {"plan": plan_id},
        )
    with rows.database(connection) as then:
        yield then


def end_of_day(connection: Connection, plan_id: str, day: date) -> datetime:
    """Give the first instant after a local day of the plan."""
    zone = (connection.one(plans.PLAN, plan_id=plan_id) or {"zone": "UTC"})["zone"]
    return due_instant(day + timedelta(days=1), time(), zone)


def not_to_come(connection: Connection, plan_id: str, day: date, now: datetime) -> date:
    """Give back a local day of the plan; raises Usage when it is still to come, for nobody knows it yet."""
    if end_of_day(connection, plan_id, day - timedelta(days=1)) > now:
        raise Usage(
            "date-to-come",
            _("%(day)s is still to come.") % {"day": day},
            hint=_("Give a day that has been, or today."),
        )
    return day
