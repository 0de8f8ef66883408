"""What one worker has and no other, given free by the system itself when the worker dies.

On SQLite that is the whole job: there one writes at a time, and a second worker would only wait. On PostgreSQL workers
share a job, and each has the pieces that it took. There they are given free also when it is frozen or cut off: they are
locks of a session that the server ends by its own clock when nothing was heard in it for a while, and a thread of the
holder says something in it often enough. Who lives keeps them however long a mail server takes.
"""

import fcntl
import os
import threading
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from pdca.errors import Failed, PdcaError
from pdca.i18n import _
from pdca.store.database import Database
from pdca.store.driver import Connection, Statement
from pdca.store.reads import notifications

_ROOM: Final = 7081984
"""The first of the two numbers of our advisory locks; the second follows from the names of the job and the piece.

Two pieces may have one number: then they go to one worker at a time, which costs nothing but a little waiting.
"""

SILENT_SECONDS: Final = 10
"""After so long without a word the server gives the lease free."""

WORD_SECONDS: Final = SILENT_SECONDS / 4


class Lease(Protocol):
    """What is held by one worker."""

    def held(self) -> bool:
        """Ask whether it is still held: once it was lost, others may be at the same work."""
        ...

    def take(self, pieces: Collection[str]) -> set[str]:
        """Take these pieces of the job, and name those that are ours: the others somebody else has."""
        ...

    def give_back(self) -> bool:
        """Give free what was taken, for it is done; tells whether it was held until now."""
        ...

    def written(self, connection: Connection) -> str | None:
        """Give what is another value as soon as anybody writes; None when this is held no more.

        Both are asked before each letter, and of a server in one question. Of a file `connection` says it.
        """
        ...


@contextmanager
def lease(database: Database, name: str) -> Iterator[Lease | None]:
    """Hold what is taken of the job `name` of a database while the block runs; None when another process has all of it.

    On SQLite a lock on the file `DATABASE.NAME.lock`, which stays; on PostgreSQL locks of a session of its own.
    """
    held = _file_lock(Path(database.path), name) if database.path is not None else _session_locks(database, name)
    with held as mine:
        yield mine


class _OfFile:
    def held(self) -> bool:
        """A lock on a file is lost only with its process."""
        return True

    def take(self, pieces: Collection[str]) -> set[str]:
        """Who has the job has all of it."""
        return set(pieces)

    def give_back(self) -> bool:
        """The job is kept."""
        return True

    def written(self, connection: Connection) -> str | None:
        """The file of a database has a number for each connection."""
        return str(connection.value(notifications.SQLITE_WRITTEN))


class _OfSession:
    def __init__(self, connection: Connection, job: str) -> None:
        self._connection = connection
        self._job = job
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def held(self) -> bool:
        """It is lost with the session."""
        return self._told(notifications.KEEP_LEASE) is not None

    def take(self, pieces: Collection[str]) -> set[str]:
        """Each that is taken is a lock of the session, until that ends."""
        numbers = {piece: zlib.crc32(f"{self._job} {piece}".encode()) & 0x7FFF_FFFF for piece in pieces}
        answers = self._connection.all(notifications.TRY_LEASES, room=_ROOM, numbers=sorted(set(numbers.values())))
        mine = {row["number"] for row in answers if row["mine"]}
        return {piece for piece, number in numbers.items() if number in mine}

    def give_back(self) -> bool:
        """The session goes on, for the next pieces."""
        return self._told(notifications.END_LEASES) is not None

    def written(self, _connection: Connection) -> str | None:
        """A server tells every session the same."""
        return self._told(notifications.POSTGRESQL_WRITTEN)

    def _told(self, statement: Statement) -> str | None:
        """Give what the session answers; None when it is lost."""
        try:
            return str(self._connection.value(statement))
        except PdcaError:
            return None

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._over.wait(WORD_SECONDS) and self.held():
            pass


@contextmanager
def _file_lock(database: Path, name: str) -> Iterator[Lease | None]:
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
            yield None
            return
        yield _OfFile()
    finally:
        os.close(descriptor)


@contextmanager
def _session_locks(database: Database, job: str) -> Iterator[Lease]:
    with database.connect_any_schema(writing=False) as connection:
        connection.value(notifications.END_WHEN_SILENT, silent=f"{SILENT_SECONDS}s")
        held = _OfSession(connection, job)
        try:
            with held as mine:
                yield mine
        finally:
            # Closing gives them free as well, only later.
            held.give_back()
