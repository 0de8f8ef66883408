"""The log as people read it: who, when, from where to where, by what trigger, why, and what was refused."""

import json
from collections.abc import Generator, Iterable
from datetime import datetime, timedelta
from typing import Any

from pdca.erasure.naming import ERASED
from pdca.logged import unreadable
from pdca.report.lateness import LATE_AFTER, Holds
from pdca.store.driver import Connection, Row
from pdca.store.reads import log, people
from workflows.instants import from_text, to_text


def events(connection: Connection) -> Generator[dict[str, Any], None, None]:
    """Yield every event, oldest first, without holding them all."""
    return _views(connection, connection.stream(log.EVENTS))


def events_of_plan(connection: Connection, plan_id: str) -> Generator[dict[str, Any], None, None]:
    """Yield the events of one plan in their order."""
    return _views(connection, connection.stream(log.EVENTS_OF_PLAN, plan_id=plan_id))


def punctuality(connection: Connection, since: datetime) -> list[dict[str, Any]]:
    """Give, oldest first, what the scheduler enforced since an instant: when it was due, and how late it was done."""
    names = ("event", "at", "kind", "plan", "evaluation", "due_at", "held_until", "late_seconds")
    rows = sorted(connection.all(log.ENFORCED_SINCE, since=to_text(since)), key=lambda row: row["event_id"])
    views = list(_views(connection, rows))
    after = [view for view in views if view["plan"] and (view["late_seconds"] or 0) > LATE_AFTER.total_seconds()]
    if after:
        held = Holds.of(connection, (view["plan"] for view in after), min(view["due_at"] for view in after))
        views = list(_views(connection, rows, held))
    return [{name: view[name] for name in names} for view in views]


def _views(
    connection: Connection, rows: Iterable[Row], holds: Holds | None = None
) -> Generator[dict[str, Any], None, None]:
    """Yield events as people read them; `holds` knows of what was held before the first of the rows."""
    names = {row["person_id"]: (row["name"], bool(row["assumed"])) for row in connection.all(people.PEOPLE)}
    holds = holds or Holds()
    for row in rows:
        try:
            view = _view(row, names, holds)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise unreadable(row["event_id"]) from error
        yield view


def _view(row: Row, names: dict[str, tuple[str, bool]], holds: Holds) -> dict[str, Any]:
    body = json.loads(row["body"])
    holds.note(body)
    held, held_until = holds.held(body["key"], body["due_at"], body["at"]) if body["due_at"] else (timedelta(), None)
    private = json.loads(row["payload"]) if row["payload"] else {}
    name, assumed = names.get(body["actor"], (body["actor"], False))
    return {
        "event": row["event_id"],
        "at": body["at"],
        "kind": body["kind"],
        "plan": body["plan"],
        "seq": body["seq"],
        "trigger": body["trigger"],
        "from": body["from"],
        "to": body["to"],
        "actor": body["actor"],
        "actor_name": name,
        "actor_assumed": assumed,
        "on_behalf_of": body["on_behalf_of"],
        "on_behalf_of_name": names.get(body["on_behalf_of"], (None, False))[0],
        "reason": _opened(body["reason"], private),
        "refused": body["refused"],
        "source": body["source"],
        "evaluation": body["evaluation"],
        "due_at": body["due_at"],
        "held_until": held_until,
        "late_seconds": _late(body["at"], body["due_at"], held),
    }


def _opened(reason: dict[str, str] | None, private: dict[str, list[Any]]) -> str | None:
    if reason is None:
        return None
    (digest,) = reason.values()
    return str(private[digest][1]) if digest in private else ERASED


def _late(at: str, due_at: str | None, held: timedelta) -> int | None:
    """Count the seconds between falling due and being enforced, without those in which the plan rested."""
    if due_at is None:
        return None
    return int((from_text(at) - from_text(due_at) - held).total_seconds())
