"""One message of the outbox, whole: its text is made to be looked at, as it is made to be sent."""

import hashlib
from typing import Any, Final

from pdca.erasure.naming import ERASED
from pdca.errors import NotFound
from pdca.house import installation
from pdca.i18n import _
from pdca.notify.mail import compose, plain_text
from pdca.notify.outbox import MAIL
from pdca.report.messages import state, view
from pdca.store.driver import Connection
from pdca.store.reads import notifications

NOTHING_LEFT: Final = "{}"
"""What is left of the facts of a message that were erased; every message has some."""


def message(connection: Connection, notification_id: str, sender: str | None) -> dict[str, Any]:
    """Give one message whole: what became of it, its headers and its text as they would be made now.

    `as_sent` tells whether that is, to the byte, the mail that was sent; None when none was. What goes out with it is
    in `together`. Of one whose facts or recipient were erased no text can be made. Raises NotFound for no such message.
    """
    row = connection.one(notifications.MESSAGE, notification_id=notification_id)
    if row is None:
        raise NotFound(
            "notification-unknown",
            _("There is no message “%(message)s”.") % {"message": notification_id},
            hint=_("`pdca notify list` shows them all."),
        )
    letter = [row] if row["digest"] is None else connection.all(notifications.TOGETHER, digest=row["digest"])
    if row["erased_at"] is not None or any(one["parameters"] == NOTHING_LEFT for one in letter):
        gone: dict[str, Any] = {"as_sent": None, "headers": {}, "subject": ERASED, "text": ERASED}
        return {**view(row), **state(row), "together": [one["notification_id"] for one in letter], **gone}
    made = compose(letter[0], installation(connection), sender, *letter[1:])
    subject, text = plain_text(made)
    return {
        **view(row),
        **state(row),
        "together": [one["notification_id"] for one in letter],
        "as_sent": _is(made.as_bytes(), row["sha256"]) if row["status"] == "sent" and row["channel"] == MAIL else None,
        "headers": {name: str(value) for name, value in made.items()},
        "subject": subject,
        "text": text,
    }


def _is(content: bytes, sha256: str) -> bool:
    return hashlib.sha256(content).hexdigest() == sha256
