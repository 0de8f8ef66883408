"""The SQLite connection: the settings that keep what was committed, and SQLite's errors in words a user can act on."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import repeat
from operator import methodcaller
from typing import Any

from pdca.errors import Failed, NotFound, PdcaError, TryAgain, Unusable
from pdca.i18n import _
from pdca.store.driver import Connection, Row, Statement

# Each pragma has a measured reason (synchronous NORMAL lost acknowledged transactions; without
# recursive_triggers an INSERT OR REPLACE walks around the append-only guards).
_WRITING = (
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA secure_delete=ON",
)
_BUSY_SECONDS = 10
_SNAPSHOTS = 100
"""So often it is tried to have one snapshot on several connections while others write."""
_DATA_VERSION = Statement("sqlite_data_version", "PRAGMA data_version")
_FAULTS = (sqlite3.Error, UnicodeDecodeError)
"""What the driver raises; the second when SQLite's own words quote a damaged file that is not UTF-8."""

_SHARED_MEMORY_BYTES = 32 * 1024
"""What SQLite takes at once for the file that ends in -shm (sqlite.org/walformat.html)."""

_IN_A_URI = str.maketrans({"%": "%25", "?": "%3f", "#": "%23"})
"""How a file name is written in a URI (sqlite.org/uri.html)."""

File = str | os.PathLike[str]

_PRIMARY = 0xFF
_MACHINE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class SqliteConnection(Connection):
    """A connection to one file. `writing` false refuses every change; `lasting` false does not wait for the disk."""

    dialect = "sqlite"

    def __init__(self, path: str, *, writing: bool, lasting: bool = True) -> None:
        self.path = path
        if not os.path.isfile(path):
            raise no_database(path)
        try:
            self._raw = _open(path, writing=writing)
            if writing and not lasting:
                self._raw.execute("PRAGMA synchronous=OFF")
        except _FAULTS as error:
            raise (translated(error, path) if os.path.isfile(path) else no_database(path)) from error

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        try:
            cursor = self._raw.execute(statement.sqlite, parameters)
            # A loop of ours over the rows would take twice as long.
            return list(map(dict, map(zip, repeat(_names(cursor)), cursor.fetchall())))
        except _FAULTS as error:
            raise translated(error, self.path) from error

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        try:
            cursor = self._raw.execute(statement.sqlite, parameters)
            names = _names(cursor)
            for values in cursor:
                yield dict(zip(names, values, strict=True))
        except _FAULTS as error:
            raise translated(error, self.path) from error

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        try:
            # Not `yield from`: when the reader stops early that would close the cursor, perhaps after the connection.
            for values in self._raw.execute(statement.sqlite, parameters):  # noqa: UP028
                yield values
        except _FAULTS as error:
            raise translated(error, self.path) from error

    def all_tuples(self, statement: Statement, /, **parameters: object) -> list[tuple[Any, ...]]:
        try:
            return self._raw.execute(statement.sqlite, parameters).fetchall()
        except _FAULTS as error:
            raise translated(error, self.path) from error

    def run(self, statement: Statement, /, **parameters: object) -> int:
        try:
            return self._raw.execute(statement.sqlite, parameters).rowcount
        except _FAULTS as error:
            raise translated(error, self.path) from error

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        try:
            self._raw.executemany(statement.sqlite, rows)
        except _FAULTS as error:
            raise translated(error, self.path) from error

    def copy_to(self, path: File) -> None:
        """Copy the whole database as it is now to another file, whoever writes meanwhile."""
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._raw.backup(copy)
        except _FAULTS as error:
            raise translated(error, path) from error

    def begin(self) -> None:
        self._command("BEGIN IMMEDIATE")

    def snapshot(self) -> None:
        self._command("BEGIN")

    def snapshot_beside(self, others: Callable[[str], bool]) -> bool:
        """Open it after the others have theirs: it is the same when nobody has written since before them.

        SQLite's count of what others wrote tells that; a snapshot has no name there.
        """
        for _try in range(_SNAPSHOTS):
            before = self._written_by_others()
            told = others("")
            self._command("BEGIN")
            if self._written_by_others() == before:
                return told
            self._command("ROLLBACK")
        self._command("BEGIN")
        return False

    def snapshot_of(self, name: str) -> None:
        del name
        self.rollback()
        self._command("BEGIN")
        # Only what is read first opens it.
        self._written_by_others()

    def accept_any_text(self) -> None:
        # In place of a function of ours, for it is called for every text that is read.
        self._raw.text_factory = methodcaller("decode", errors="surrogateescape")

    def commit(self) -> None:
        self._command("COMMIT")

    def rollback(self) -> None:
        if self._raw.in_transaction:
            self._command("ROLLBACK")

    def scrub(self, tables: Iterable[str]) -> bool:
        """Write the whole file anew, whatever the tables, and empty the write-ahead log; a reader keeps that back."""
        del tables
        # What is rewritten goes through the write-ahead log itself, and through memory instead of a file elsewhere.
        self._command("PRAGMA temp_store=MEMORY")
        try:
            self._command("VACUUM")
            emptied = self._raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except _FAULTS as error:
            raise translated(error, self.path) from error
        busy, *_pages = emptied
        return bool(busy == 0)

    def close(self) -> None:
        self._raw.close()

    def _written_by_others(self) -> int:
        """Give a number that changes when another connection has written (sqlite.org/pragma.html)."""
        return int(self.value(_DATA_VERSION))

    def _command(self, text: str) -> None:
        try:
            self._raw.execute(text)
        except _FAULTS as error:
            raise translated(error, self.path) from error


class InMemory(SqliteConnection):
    """An empty database that is gone when it is closed."""

    def __init__(self) -> None:
        self.path = ":memory:"
        self._raw = sqlite3.connect(":memory:", isolation_level=None)


def _names(cursor: sqlite3.Cursor) -> list[str]:
    """Name the columns that a statement gives; none when it gives no rows."""
    return [column[0] for column in cursor.description or ()]


def _open(path: str, *, writing: bool) -> sqlite3.Connection:
    raw = _connect(path, "mode=rw")
    try:
        try:
            raw.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:
            # On a full disk or read-only media the shared-memory file cannot be made; without a write-ahead log beside
            # it, nothing can be missing from the file itself. One that somebody has locked may be in disorder.
            if writing or _code(error) in _BUSY or _has_content(path + "-wal"):
                raise
            raw.close()
            # Without the mode, one that has just been deleted would be made anew, empty.
            raw = _connect(path, "mode=ro&immutable=1")
        raw.execute("PRAGMA trusted_schema=OFF")
        for pragma in _WRITING if writing else ("PRAGMA query_only=ON",):
            raw.execute(pragma)
    except BaseException:
        raw.close()
        raise
    return raw


def _connect(path: str, query: str) -> sqlite3.Connection:
    uri = f"file:{os.path.realpath(path).translate(_IN_A_URI)}?{query}"
    # The connection may be opened and closed by different threads of the daemon's pool, never used by two at once.
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _code(error: sqlite3.Error | UnicodeDecodeError) -> int | None:
    """Give SQLite's primary result code; None for an error that Python's driver raised by itself."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY


def _no_room(path: File) -> bool:
    """Tell whether the disk is full: SQLite says so only where it writes, not where it makes its shared memory."""
    from shutil import disk_usage  # only a command that meets trouble needs it

    try:
        return disk_usage(os.path.dirname(path) or os.curdir).free < _SHARED_MEMORY_BYTES
    except OSError:
        return False


def _has_content(path: str) -> bool:
    return os.path.exists(path) and os.path.getsize(path) > 0


def no_database(path: File) -> NotFound:
    """Say that there is no database where one was looked for."""
    return NotFound(
        "no-database",
        _("There is no database at %(place)s.") % {"place": path},
        hint=_("Make one with `pdca init`, or name another with --database sqlite:///FILE."),
    )


def translated(error: sqlite3.Error | UnicodeDecodeError, path: File) -> PdcaError:
    """Put an error of SQLite in words a user can act on."""
    text = str(error)
    code = _code(error)
    if code in _BUSY:
        return TryAgain(
            "database-busy",
            _("%(place)s is in use by another process.") % {"place": path},
            hint=_("Nothing was changed. Try again in a moment."),
        )
    if code == sqlite3.SQLITE_READONLY:
        return Unusable(
            "database-read-only",
            _("%(place)s cannot be written.") % {"place": path},
            hint=_(
                "Check who owns the file, those that end in -wal and -shm beside it, and the folder, and that the "
                "disk is not mounted read-only."
            ),
        )
    if code == sqlite3.SQLITE_FULL or (code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and _no_room(path)):
        return Unusable(
            "disk-full",
            _("The disk that holds %(place)s is full.") % {"place": path},
            hint=_("Nothing was changed. Make room and try again."),
        )
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) or isinstance(error, UnicodeDecodeError):
        return Unusable(
            "not-a-database",
            _("%(place)s is not a database, or is damaged (%(reason)s).") % {"place": path, "reason": text},
            hint=_("Name the right file with --database, or put back a backup and run `pdca audit verify`."),
        )
    if isinstance(error, sqlite3.IntegrityError):
        return Failed(
            "integrity",
            _("The database refused the change (%(reason)s).") % {"reason": text},
            hint=_("Nothing was changed. `pdca audit verify` says whether the database was tampered with."),
        )
    # What the disk, memory or the opening of a file denies is denied to every plan alike.
    kind = Unusable if code in _MACHINE else Failed
    return kind(
        "database-error",
        _("%(place)s: %(reason)s.") % {"place": path, "reason": text},
        hint=_(
            "Nothing was changed. Check the disk and the rights on the file and its folder; `pdca doctor` says more."
        ),
    )
