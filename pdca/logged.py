"""Reading an event of the log where something follows from it: there what is not what was written ends the command.

The verifier has its own way, which goes on past what is wrong.
"""

from typing import TYPE_CHECKING

from pdca.errors import Failed
from pdca.i18n import _
from pdca.store.driver import Row

if TYPE_CHECKING:
    from pdca.audit.event import EventView


def event_of(row: Row) -> "EventView":
    """Give the event of a row (`event_id`, `body`); raises Failed for one that cannot be read."""
    # Imported here: who reads no event of the log still names one that cannot be read.
    from pdca.audit.canonical import CanonicalError
    from pdca.audit.event import read_body

    try:
        return read_body(row["body"])
    except (CanonicalError, TypeError, RecursionError) as error:
        raise unreadable(row["event_id"]) from error


def unreadable(event_id: object) -> Failed:
    """Say that an event is not what was written."""
    return Failed(
        "event-unreadable",
        _("Event %(event)s cannot be read: its body is not what was written.") % {"event": event_id},
        hint=_("`pdca audit verify` says what in the log does not fit."),
    )
