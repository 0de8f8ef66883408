"""One message of the outbox, whole: its text is made to be looked at, as it is made to be sent."""

import hashlib
from email.message import EmailMessage
from typing import Any

from pdca.erasure.kinds import left_of_message
from pdca.erasure.naming import ERASED
from pdca.errors import NotFound, PdcaError
from pdca.house import installation
from pdca.i18n import _
from pdca.notify.attaching import BRINGS_REPORT, attach
from pdca.notify.lines import one_line
from pdca.notify.mail import compose, plain_text
from pdca.notify.outbox import MAIL
from pdca.report.messages import state, view
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, notifications


def message(connection: Connection, notification_id: str, sender: str | None) -> dict[str, Any]:
    """Give one message whole: what became of it, its headers and its text as they would be made now.

    `as_sent` tells whether that is, to the byte, the mail that was sent; None when none was. What goes out with it is
    in `together`. Of one whose facts or recipient were erased no text can be made; of one that cannot be written the
    text says why. Raises NotFound for no such message.
    """
    row = connection.one(notifications.MESSAGE, notification_id=notification_id)
    if row is None:
        raise NotFound(
            "notification-unknown",
            _("There is no message “%(message)s”.") % {"message": notification_id},
            hint=_("`pdca notify list` shows them all."),
        )
    together = [row] if row["digest"] is None else connection.all(notifications.TOGETHER, digest=row["digest"])
    letter = [one for one in together if _went_with(one, row)]
    names = [one["notification_id"] for one in letter]
    if row["erased_at"] is not None or any(_is_erased(one["parameters"]) for one in letter):
        gone: dict[str, Any] = {"as_sent": None, "headers": {}, "subject": ERASED, "text": ERASED}
        return {**view(row), **state(row), "together": names, **gone}
    left_over = row["status"] != "sent" and any(one["status"] == "sent" for one in together)
    try:
        made = _made(connection, letter, sender, alone=left_over)
        if _differs(made, row) and row["digest"] is not None:
            # What could not go with the others went out under a name of its own.
            apart = _made(connection, letter, sender, alone=True)
            made = made if _differs(apart, row) else apart
    except PdcaError:
        # A setting that does not hold is no fault of the message.
        raise
    except Exception as error:  # noqa: BLE001 - a message nobody can write is shown as one
        reason = one_line(f"{type(error).__name__}: {error}")
        text = _("[The message cannot be made: %(reason)s]") % {"reason": reason}
        unwritten: dict[str, Any] = {"as_sent": None, "headers": {}, "subject": text, "text": text}
        return {**view(row), **state(row), "together": names, **unwritten}
    subject, text = plain_text(made)
    return {
        **view(row),
        **state(row),
        "together": names,
        "as_sent": not _differs(made, row) if _was_mailed(row) else None,
        "headers": {name: str(value) for name, value in made.items()},
        "subject": subject,
        "text": text,
    }


def _is_erased(parameters: str) -> bool:
    # Every message is told more than what is left then.
    return left_of_message(parameters) == parameters


def _went_with(other: Row, row: Row) -> bool:
    """Tell whether one of what was put together goes, or went, out with a row; what went out bears the same hash."""
    return bool(other["status"] == row["status"] and other["sha256"] == row["sha256"])


def _made(connection: Connection, letter: list[Row], sender: str | None, *, alone: bool) -> EmailMessage:
    made = compose(letter[0], installation(connection), sender, *letter[1:], alone=alone)
    if letter[0]["kind"] == BRINGS_REPORT:
        named = from_json(letter[0]["parameters"])["report"]
        attach(made, letter[0], connection.one(information.REPORT, report_id=named) or {})
    return made


def _was_mailed(row: Row) -> bool:
    return bool(row["status"] == "sent" and row["channel"] == MAIL)


def _differs(made: EmailMessage, row: Row) -> bool:
    return _was_mailed(row) and hashlib.sha256(made.as_bytes()).hexdigest() != row["sha256"]
