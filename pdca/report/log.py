"""The log as people read it: who, when, from where to where, by what trigger, why, and what was refused."""

import json
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple

from pdca.audit.head import head_of
from pdca.erasure.naming import ERASED
from pdca.logged import unreadable
from pdca.report.lateness import LATE_AFTER, Holds
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import to_json
from pdca.store.reads import log, people
from workflows.instants import from_text, to_text

EARLIEST: Final = ""
LATEST: Final = "9999-12-31T23:59:59.999999Z"
"""What sorts before and after every instant of the log, for a period that is open on one side."""

Held = tuple[timedelta, str | None]
"""How long something was held, and until when at last."""

NOT_HELD: Final[Held] = (timedelta(), None)


class Chosen(NamedTuple):
    """Which events are asked for: those that fulfil all that is not None.

    `since` and `until` are instants, the second not part of it; `on_behalf` are the absent people in whose stead
    something was done; `test` sees what people read of an event.
    """

    plan: str | None = None
    actor: str | None = None
    kinds: Collection[str] | None = None
    since: str | None = None
    until: str | None = None
    source: str | None = None
    on_behalf: Collection[str] | None = None
    test: Callable[[dict[str, Any]], bool] | None = None


def events(connection: Connection) -> Generator[dict[str, Any], None, None]:
    """Yield every event, oldest first, without holding them all."""
    return _views(connection, connection.stream(log.EVENTS))


def events_of_plan(connection: Connection, plan_id: str) -> Generator[dict[str, Any], None, None]:
    """Yield the events of one plan in their order."""
    return _views(connection, connection.stream(log.EVENTS_OF_PLAN, plan_id=plan_id))


def chosen(connection: Connection, asked: Chosen, last: int | None = None) -> Generator[dict[str, Any], None, None]:
    """Yield the events that are asked for, oldest first; with `last` only so many, the last ones."""
    given = _conditions(connection, asked)
    names = frozenset(given)
    parameters = {name: value for part in given.values() for name, value in part.items()}
    if last is None:
        yield from _sifted(_views(connection, connection.stream(log.CHOSEN[names], **parameters)), asked)
    elif asked.on_behalf is None and asked.test is None:
        rows = connection.all(log.LAST_CHOSEN[names], **parameters, last=last)
        yield from _views(connection, reversed(rows))
    else:
        every = _views(connection, connection.stream(log.CHOSEN[names], **parameters))
        yield from deque(_sifted(every, asked), maxlen=last)


def _conditions(connection: Connection, asked: Chosen) -> dict[str, dict[str, object]]:
    """Give the conditions that the database can hold events to, each with its parameters."""
    given: dict[str, dict[str, object]] = {}
    if asked.plan is not None:
        given["plan"] = {"plan_id": asked.plan}
    actors = {asked.actor} if asked.actor is not None else None
    if asked.on_behalf is not None:
        # Nobody else can have acted for them.
        substitutes = {
            row["substitute_id"] for row in connection.all(people.SUBSTITUTIONS) if row["absent_id"] in asked.on_behalf
        }
        actors = substitutes if actors is None else actors & substitutes
    if actors is not None:
        given["actors"] = {"actors": to_json(dict.fromkeys(sorted(actors)))}
    if asked.kinds is not None:
        given["kinds"] = {"kinds": to_json(dict.fromkeys(asked.kinds))}
    if asked.since is not None or asked.until is not None:
        given["period"] = {"since": asked.since or EARLIEST, "until": asked.until or LATEST}
    if asked.source is not None:
        given["source"] = {"source": asked.source}
    return given


def _sifted(views: Iterable[dict[str, Any]], asked: Chosen) -> Iterator[dict[str, Any]]:
    for view in views:
        if asked.on_behalf is not None and view["on_behalf_of"] not in asked.on_behalf:
            continue
        if asked.test is None or asked.test(view):
            yield view


def one(connection: Connection, row: Row) -> dict[str, Any]:
    """Give one event (`event_id`, `body`, `payload`) as people read it; raises Failed for one that cannot be read."""
    (view,) = _views(connection, [row])
    return view


def punctuality(connection: Connection, since: datetime) -> list[dict[str, Any]]:
    """Give, oldest first, what the scheduler enforced since an instant: when it was due, and how late it was done."""
    names = ("event", "at", "kind", "plan", "evaluation", "due_at", "held_until", "late_seconds")
    rows = sorted(connection.all(log.ENFORCED_SINCE, since=to_text(since)), key=lambda row: row["event_id"])
    views = list(_views(connection, rows, Holds()))
    after = [view for view in views if view["plan"] and (view["late_seconds"] or 0) > LATE_AFTER.total_seconds()]
    if after:
        held = Holds.of(connection, (view["plan"] for view in after), min(view["due_at"] for view in after))
        views = list(_views(connection, rows, held))
    return [{name: view[name] for name in names} for view in views]


def _views(
    connection: Connection, rows: Iterable[Row], holds: Holds | None = None
) -> Generator[dict[str, Any], None, None]:
    """Yield events as people read them; without `holds`, what was held is read of each plan that seems late."""
    names = {row["person_id"]: (row["name"], bool(row["assumed"])) for row in connection.all(people.PEOPLE)}
    held = _OfEachPlan(connection).held if holds is None else partial(_held_by, holds)
    for row in rows:
        try:
            view = _view(row, names, held)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
            raise unreadable(row["event_id"]) from error
        yield view


class _OfEachPlan:
    """Tells how long deadlines were held; what the steps of a plan held is read once, when something of it is late."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of: dict[str, Holds] = {}

    def held(self, body: Mapping[str, Any]) -> Held:
        """Tell it of the deadline that an event enforced."""
        plan = body["plan"]
        if plan is None or from_text(body["at"]) - from_text(body["due_at"]) <= LATE_AFTER:
            return NOT_HELD
        if plan not in self._of:
            self._of[plan] = Holds.of(self._connection, (plan,), EARLIEST)
        return _held_by(self._of[plan], body)


def _held_by(holds: Holds, body: Mapping[str, Any]) -> Held:
    return holds.held(body["key"], body["due_at"], body["at"])


def _view(
    row: Row, names: dict[str, tuple[str, bool]], held_before: Callable[[Mapping[str, Any]], Held]
) -> dict[str, Any]:
    body = head_of(row["body"])
    held, held_until = held_before(body) if body["due_at"] else NOT_HELD
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
        "reason": _opened(body["reason"], row["payload"]),
        "refused": body["refused"],
        "source": body["source"],
        "evaluation": body["evaluation"],
        "due_at": body["due_at"],
        "held_until": held_until,
        "late_seconds": _late(body["at"], body["due_at"], held),
    }


def _opened(reason: dict[str, str] | None, payload: str | None) -> str | None:
    if reason is None:
        return None
    (digest,) = reason.values()
    private = json.loads(payload) if payload else {}
    return str(private[digest][1]) if digest in private else ERASED


def _late(at: str, due_at: str | None, held: timedelta) -> int | None:
    """Count the seconds between falling due and being enforced, without those in which the plan rested."""
    if due_at is None:
        return None
    return int((from_text(at) - from_text(due_at) - held).total_seconds())
