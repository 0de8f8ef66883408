"""The messages of the outbox as people look at them."""

from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Any, Final

from pdca.failure import in_words
from pdca.i18n import _, ngettext
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import health, notifications
from workflows.instants import to_text

SEVERAL_ATTEMPTS: Final = 3
"""A server that is busy for a moment is no news."""
SHOWN: Final = 5


def listed(connection: Connection, status: str | None = None) -> Generator[dict[str, Any], None, None]:
    """Yield every message with this status (with None all), oldest first; to whom by name, never by address."""
    for row in connection.stream(notifications.LISTED, status=status or ""):
        yield {
            **view(row),
            **state(row),
            "parameters": from_json(row["parameters"]),
            "person_assumed": bool(row["person_assumed"]),
            "assumed": bool(row["assumed"] or row["person_assumed"]),
            "restricted": bool(row["restricted"]),
        }


def due(connection: Connection, now: datetime, limit: int) -> list[dict[str, Any]]:
    """List the messages that a delivery at `now` would send, at most `limit`."""
    return [view(row) for row in connection.all(notifications.DUE, now=to_text(now), limit=limit)]


def held_up(connection: Connection) -> list[dict[str, Any]]:
    """Say of what was tried several times and still waits how much there is, by which channel, and why."""
    return [
        {**row, "reason": row["reason"] and in_words(row["reason"])}
        for row in connection.all(health.HELD_UP, attempts=SEVERAL_ATTEMPTS, shown=SHOWN)
    ]


def held_up_in_words(one: Mapping[str, Any]) -> str:
    """Say one of them."""
    words = ngettext(
        "%(count)s message (%(channel)s) was tried several times and still waits: %(reason)s.",
        "%(count)s messages (%(channel)s) were tried several times and still wait: %(reason)s.",
        one["messages"],
    )
    return words % {"count": one["messages"], "channel": one["channel"], "reason": one["reason"] or _("[erased]")}


def state(row: Row) -> dict[str, Any]:
    """Say what became of one."""
    return {
        "channel": row["channel"],
        "created_at": row["created_at"],
        "status": row["status"],
        "attempts": row["attempts"],
        "next_attempt_at": row["next_attempt_at"] if row["status"] == "pending" else None,
        "sent_at": row["sent_at"],
        "sha256": row["sha256"],
        "digest": row["digest"],
        "last_error": row["last_error"] and in_words(row["last_error"]),
    }


def view(row: Row) -> dict[str, Any]:
    """Say which one it is, about what and for whom."""
    return {
        "notification_id": row["notification_id"],
        "kind": row["kind"],
        "plan": row["plan_id"],
        "evaluation": row["evaluation_id"],
        "person": row["person_id"],
        "person_name": row["person_name"],
        "why": row["why"],
    }
