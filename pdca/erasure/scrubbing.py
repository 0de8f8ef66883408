"""Leaving nothing of what was erased in the files of the database: its rows are gone, but not yet their bytes."""

from datetime import date
from typing import Final

from pdca.errors import PdcaError, TryAgain
from pdca.i18n import _
from pdca.store.catalogue import FOLDED
from pdca.store.database import Database
from pdca.store.driver import Connection
from pdca.store.reads import erasing

_TABLES: Final = ("event_private", *(name for name, table in FOLDED.items() if table.committed))


def scrub(database: Database) -> None:
    """Write anew what may hold erased bytes; raises TryAgain when others keep that back. It may be repeated."""
    with database.connect(writing=True) as connection:
        last = connection.value(erasing.LAST)
        done = connection.scrub(_TABLES)
        if done and last is not None:
            connection.begin()
            connection.run(erasing.SCRUB, event_id=last)
            connection.commit()
    if not done:
        raise TryAgain(
            "not-scrubbed",
            _("It is erased, but others are reading: its bytes are still in the files of the database."),
            hint=_("Repeat the command, with the schedulers stopped when it goes on like this."),
        )


def scrub_once_a_day(database: Database, today: date) -> None:
    """Scrub when something is left of what was erased, unless that was tried on this local day already, by whomever.

    For each time the whole file is written anew. Raises like `scrub`.
    """
    with database.connect(writing=True) as connection:
        left = unscrubbed(connection)
        if left is None:
            return
        connection.begin()
        ours = connection.run(erasing.TRY_TO_SCRUB, event_id=left, day=today.isoformat())
        connection.commit()
    if ours:
        scrub(database)


def unscrubbed(connection: Connection) -> int | None:
    """Tell which event erased last what may still be in the files; None when nothing is, or it cannot be read."""
    try:
        found = connection.value(erasing.UNSCRUBBED)
    except PdcaError:
        return None
    return None if found is None else int(found)
