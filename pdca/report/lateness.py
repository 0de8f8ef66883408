"""How late the scheduler enforced something, and how long that was held back: while a plan rests nothing is late."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from pdca.errors import Failed
from pdca.logged import unreadable
from pdca.store.driver import Connection
from pdca.store.jsontext import to_json
from pdca.store.reads import log
from workflows.instants import from_text, to_text

LATE_AFTER: Final = timedelta(minutes=2)
"""An enforcement later than this counts as late: two sweeps of the usual interval have gone by."""

_STEP: Final = "plan.advanced"
_RELEASED: Final = ("pending", "overdue")
_BEFORE: Final = ""
"""Sorts before every instant: what was held already when the first step was noted."""


class Holds:
    """Between which instants each deadline was held, by the steps of plans that were noted, the oldest first.

    Steps from the instant on at which something fell due are enough to know how long that was held.
    """

    def __init__(self) -> None:
        self._since: dict[str, str] = {}
        self._over: dict[str, list[tuple[str, str]]] = {}

    @classmethod
    def of(cls, connection: Connection, plans: Iterable[str], since: str) -> "Holds":
        """Read what was held of some plans at an instant and later; raises Failed when the log cannot be read."""
        found = cls()
        for row in connection.all(log.STEPS_SINCE, plans=to_json(dict.fromkeys(plans)), since=since):
            try:
                found.note(json.loads(row["body"]))
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                raise unreadable(row["event_id"]) from error
        return found

    def note(self, body: Mapping[str, Any]) -> None:
        """Take in an event; only steps of plans hold deadlines and release them."""
        if body["kind"] != _STEP:
            return
        for change in body["changes"]:
            if change["table"] != "deadline" or change["op"] != "update":
                continue
            name, status = change["key"]["deadline_id"], change["set"].get("status")
            if status == "held":
                self._since[name] = body["at"]
            elif status in _RELEASED:
                self._over.setdefault(name, []).append((self._since.pop(name, _BEFORE), body["at"]))

    def held(self, key: str | None, due_at: str, at: str) -> tuple[timedelta, str | None]:
        """Tell how long, from when it fell due until it was enforced, something was held, and until when at last."""
        total, until = timedelta(), None
        for since, released in self._over.get((key or "").partition("#")[0], ()):
            begins = max(since, due_at)
            if begins < released <= at:
                total, until = total + (from_text(released) - from_text(begins)), released
        return total, until


def enforced_late(connection: Connection, deadline: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether a deadline that was enforced at `now` was so late, and not held until then."""
    due_at = deadline["due_at"]
    late = now - from_text(due_at)
    if late <= LATE_AFTER or deadline["plan_id"] is None:
        return late > LATE_AFTER
    try:
        holds = Holds.of(connection, (deadline["plan_id"],), due_at)
    except Failed:
        # A log that cannot be read excuses nothing, and is no reason to enforce nothing else.
        return True
    held, _until = holds.held(deadline["deadline_id"], due_at, to_text(now))
    return late - held > LATE_AFTER
