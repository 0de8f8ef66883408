"""A plan as it was: what the log says up to an instant, as rows that every view reads like those of today."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from pdca.audit.canonical import CanonicalError
from pdca.audit.event import Commitment, EventView, LoggedChange, read_body
from pdca.errors import Failed, NotFound, Usage
from pdca.i18n import _
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.reads import log, plans
from pdca.store.then import holding
from workflows.instants import to_text
from workflows.schedule import due_instant

ERASED: Final = '"[erased]"'
"""Stands where a text was erased from the log on purpose; a JSON text, because some columns hold JSON."""

Key = tuple[str | int, ...]


@contextmanager
def as_of(connection: Connection, plan_id: str, until: datetime) -> Iterator[Connection]:
    """Give a database in memory with the plan, and all that belongs to no single plan, as they were before `until`.

    Raises NotFound when the plan was not there yet, Failed for an event that cannot be read.
    """
    rows: dict[str, dict[Key, dict[str, object]]] = defaultdict(dict)
    for statement, of in ((log.EVENTS_OF_INSTALLATION, {}), (log.EVENTS_OF_PLAN, {"plan_id": plan_id})):
        _fold(rows, connection.stream(statement, **of), to_text(until))
    if not rows["plan"]:
        raise NotFound(
            "plan-not-yet",
            _("%(plan)s was not there yet.") % {"plan": plan_id},
            hint=_("`pdca plan history %(plan)s` shows when it began.") % {"plan": plan_id},
        )
    then = holding(connection, {table: list(found.values()) for table, found in rows.items()})
    with then:
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


def _fold(rows: dict[str, dict[Key, dict[str, object]]], events: Iterable[Row], until: str) -> None:
    for event in events:
        view = _read(event)
        if view.at >= until:
            return
        private = json.loads(event["payload"]) if event["payload"] else {}
        for change in view.changes:
            _apply(rows[change.table], change, private)


def _read(event: Row) -> EventView:
    try:
        return read_body(event["body"])
    except (CanonicalError, TypeError, RecursionError) as error:
        raise Failed(
            "event-unreadable",
            _("Event %(event)s cannot be read: its body is not what was written.") % {"event": event["event_id"]},
            hint=_("`pdca audit verify` says what in the log does not fit."),
        ) from error


def _apply(table: dict[Key, dict[str, object]], change: LoggedChange, private: Mapping[str, Any]) -> None:
    key = tuple(change.key[column] for column in FOLDED[change.table].key)
    if change.op == "delete":
        table.pop(key, None)
        return
    values = {
        column: _opened(value, private) if isinstance(value, Commitment) else value
        for column, value in change.values.items()
    }
    table[key] = {**table.get(key, {}), **change.key, **values}


def _opened(value: Commitment, private: Mapping[str, Any]) -> object:
    return private[value.digest][1] if value.digest in private else ERASED
