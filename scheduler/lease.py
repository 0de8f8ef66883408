"""One worker at a time per database for one job, given free by the system itself when the worker dies."""

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pdca.errors import Failed
from pdca.i18n import _
from pdca.store.database import Database
from pdca.store.driver import Connection
from pdca.store.reads import notifications

_ROOM: Final = 7081984
"""The first of the two numbers of our advisory locks; the second follows from the name of the job."""


@contextmanager
def lease(database: Database, connection: Connection, name: str) -> Iterator[bool]:
    """Hold the lease `name` of a database while the block runs; gives False when another process holds it.

    On SQLite a lock on the file `DATABASE.NAME.lock`, which stays; on PostgreSQL a lock of the connection's session.
    """
    held = _file_lock(database.path, name) if database.path is not None else _session_lock(connection, name)
    with held as mine:
        yield mine


@contextmanager
def _file_lock(database: Path, name: str) -> Iterator[bool]:
    # The same file by another name is the same database.
    real = database.resolve()
    path = real.with_name(f"{real.name}.{name}.lock")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise Failed(
            "lease-unavailable",
            _("%(file)s cannot be opened: %(reason)s.") % {"file": path, "reason": error.strerror},
            hint=_("The user who runs this needs the right to make files in the folder of the database."),
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)


@contextmanager
def _session_lock(connection: Connection, name: str) -> Iterator[bool]:
    key = {"room": _ROOM, "number": zlib.crc32(name.encode()) & 0x7FFF_FFFF}
    if not connection.value(notifications.TRY_LEASE, **key):
        yield False
        return
    yield True
    # After an error the connection is closed, which ends the lease as well.
    connection.value(notifications.END_LEASE, **key)
