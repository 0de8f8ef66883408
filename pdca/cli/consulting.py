"""Noting in the log that an auditor looked at plans or into it, and what of it was handed out.

Whoever may only read the database reads all the same; that it could not be noted is said then.
"""

import hashlib
from typing import TYPE_CHECKING, TextIO

from pdca.actor import AUDITOR, Actor
from pdca.cli.context import Context
from pdca.cli.house import open_house
from pdca.errors import PdcaError, TryAgain
from pdca.house import House
from pdca.i18n import _
from pdca.standing import local_day
from pdca.store.reads import log
from workflows.instants import from_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pdca.consulted import HandedOut
    from pdca.store.unit_of_work import UnitOfWork

_AT_ONCE = 1 << 20


class Hashed:
    """Hands text on to a file, and hashes it on the way as UTF-8; `rows` is for who writes to count."""

    def __init__(self, file: TextIO) -> None:
        self.rows = 0
        self._file = file
        self._hash = hashlib.sha256()

    def write(self, text: str) -> int:
        """Write a piece."""
        self._hash.update(text.encode())
        return self._file.write(text)

    @property
    def sha256(self) -> str:
        """The hash of what was written, in hex."""
        return self._hash.hexdigest()


def sha256_of(path: "Path") -> str:
    """Give the hash of a file, in hex."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_AT_ONCE):
            found.update(part)
    return found.hexdigest()


def note_reading(context: Context, command: str) -> None:
    """Note that an auditor looks at plans or the log, by the first command of each local day of the body."""
    by_auditor = False
    try:
        house = open_house(context)
        connection = house.database.connect()
        context.opened.append(connection)
        actor = house.actor(connection)
        by_auditor = actor.access == AUDITOR
        if not by_auditor:
            return
        last = connection.value(log.LAST_READ, actor=actor.name_in_log)
        today = local_day(connection, house.now(connection))
        if last is not None and local_day(connection, from_text(last)) == today:
            return
    except TryAgain:
        # The command would wait as long once more, and for nothing.
        raise
    except PdcaError:
        # The command itself meets it, and says it.
        return
    except Exception as error:  # noqa: BLE001 - in a database that was tampered with anything can be wrong
        if by_auditor:
            _not_noted(context, error)
        return
    from pdca import consulted

    _keep(context, house, lambda uow, actor: consulted.note_reading(uow, actor, command))


def note_handed_out(context: Context, house: House, command: str, what: "HandedOut") -> None:
    """Note what was handed out, by whomever."""
    from pdca import consulted

    _keep(context, house, lambda uow, actor: consulted.note_handed_out(uow, actor, command, what))


def _keep(context: Context, house: House, note: "Callable[[UnitOfWork, Actor], None]") -> None:
    try:
        with house.writing() as uow:
            note(uow, house.actor(uow.connection)._replace(on_behalf_of=None))
    except Exception as error:  # noqa: BLE001 - nor does it keep an auditor from looking
        _not_noted(context, error)


def _not_noted(context: Context, error: Exception) -> None:
    why = error.message if isinstance(error, PdcaError) else type(error).__name__
    context.note(_("This could not be noted in the log: %(why)s") % {"why": why})
