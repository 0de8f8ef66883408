"""The messages of the outbox as people look at them."""

import hashlib
from collections.abc import Generator
from datetime import datetime
from typing import Any

from pdca.erasure.naming import ERASED
from pdca.errors import NotFound
from pdca.house import installation
from pdca.i18n import _
from pdca.notify.mail import compose, plain_text
from pdca.notify.outbox import MAIL
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import notifications
from workflows.instants import to_text


def listed(connection: Connection, status: str | None = None) -> Generator[dict[str, Any], None, None]:
    """Yield every message with this status (with None all), oldest first; to whom by name, never by address."""
    for row in connection.stream(notifications.LISTED, status=status or ""):
        yield {
            **_view(row),
            **_state(row),
            "parameters": from_json(row["parameters"]),
            "person_assumed": bool(row["person_assumed"]),
            "assumed": bool(row["assumed"] or row["person_assumed"]),
            "restricted": bool(row["restricted"]),
        }


def message(connection: Connection, notification_id: str, sender: str | None) -> dict[str, Any]:
    """Give one message whole: what became of it, its headers and its text as they would be made now.

    `as_sent` tells whether that is, to the byte, the mail that was sent; None when none was. What goes out with it is
    in `together`. Of one to a person who was erased no text can be made. Raises NotFound when there is no such message.
    """
    row = connection.one(notifications.MESSAGE, notification_id=notification_id)
    if row is None:
        raise NotFound(
            "notification-unknown",
            _("There is no message “%(message)s”.") % {"message": notification_id},
            hint=_("`pdca notify list` shows them all."),
        )
    if row["erased_at"] is not None:
        gone: dict[str, Any] = {"as_sent": None, "headers": {}, "subject": ERASED, "text": ERASED}
        return {**_view(row), **_state(row), "together": [notification_id], **gone}
    letter = [row] if row["digest"] is None else connection.all(notifications.TOGETHER, digest=row["digest"])
    made = compose(letter[0], installation(connection), sender, *letter[1:])
    subject, text = plain_text(made)
    return {
        **_view(row),
        **_state(row),
        "together": [one["notification_id"] for one in letter],
        "as_sent": _is(made.as_bytes(), row["sha256"]) if row["status"] == "sent" and row["channel"] == MAIL else None,
        "headers": {name: str(value) for name, value in made.items()},
        "subject": subject,
        "text": text,
    }


def due(connection: Connection, now: datetime, limit: int) -> list[dict[str, Any]]:
    """List the messages that a delivery at `now` would send, at most `limit`."""
    return [_view(row) for row in connection.all(notifications.DUE, now=to_text(now), limit=limit)]


def _state(row: Row) -> dict[str, Any]:
    return {
        "channel": row["channel"],
        "created_at": row["created_at"],
        "status": row["status"],
        "attempts": row["attempts"],
        "next_attempt_at": row["next_attempt_at"] if row["status"] == "pending" else None,
        "sent_at": row["sent_at"],
        "sha256": row["sha256"],
        "digest": row["digest"],
        "last_error": row["last_error"],
    }


def _is(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256


def _view(row: Row) -> dict[str, Any]:
    return {
        "notification_id": row["notification_id"],
        "kind": row["kind"],
        "plan": row["plan_id"],
        "evaluation": row["evaluation_id"],
        "person": row["person_id"],
        "person_name": row["person_name"],
        "why": row["why"],
    }
