"""The PostgreSQL connection: timeouts that free the plans of a frozen worker, and errors a user can act on."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg import errors, sql
from psycopg.rows import RowFactory, dict_row, tuple_row

from pdca.clock import monotonic
from pdca.errors import Conflict, Failed, NotFound, PdcaError, TryAgain, Unusable
from pdca.i18n import N_, _
from pdca.store.driver import Connection, Question, Row, Statement

T = TypeVar("T")
_Asked: TypeAlias = tuple[str, tuple[tuple[str, object], ...]]

LOCK_SECONDS: Final = 8
"""So long a statement waits for what another transaction holds."""

IDLE_SECONDS: Final = 10
"""So long a writing transaction may do nothing: then its worker is frozen or cut off, and its plans are free again."""

READING_IDLE_SECONDS: Final = 900
"""So long a reading one may: it keeps nobody waiting, and its reader may have a pager open."""

CONNECT_SECONDS: Final = 9
ANSWER_SECONDS: Final = 9
"""So long the server may stay silent, on a line that seems to be whole, before the line is taken to be cut."""

STREAM_SECONDS: Final = 600
"""So long it may take to gather what is read as a stream: the whole log of many years, in order."""

_EXPORT: Final = Statement("postgresql_export_snapshot", "SELECT pg_export_snapshot() AS name")
"""Names the snapshot of this transaction, for others to have the same while it lasts."""

_OPTIONS: Final = f"-c lock_timeout={LOCK_SECONDS}s -c timezone=UTC"
_ON_THE_LINE: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT_SECONDS,
    "tcp_user_timeout": 8_000,
    "keepalives": 1,
    "keepalives_idle": 3,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
"""What the system finds out by itself: nobody there who acknowledges what was sent, or that we are there."""


class _Line(psycopg.Connection[Any]):
    """A connection that is given up when the server stays silent; what was under way is then undone, or was done.

    The system notices when the other machine is away; that something between here and there takes what is sent and
    lets no answer through, nobody else notices.
    """

    patience: float = ANSWER_SECONDS

    def wait(self, gen: Generator[Any, Any, T], *arguments: Any, **named: Any) -> T:  # noqa: ANN401 - handed on as they are
        """Wait for what the generator does on this connection."""
        return super().wait(self._not_for_ever(gen), *arguments, **named)

    def _not_for_ever(self, gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
        end = monotonic() + self.patience
        try:
            awaited = next(gen)
            while True:
                ready = yield awaited
                if ready:
                    end = monotonic() + self.patience
                elif monotonic() > end:
                    self.pgconn.finish()
                    message = f"no answer from the server for {self.patience:g} seconds"
                    raise psycopg.OperationalError(message)
                awaited = gen.send(ready)
        except StopIteration as stop:
            result: T = stop.value
            return result


class PostgresConnection(Connection):
    """A connection to one PostgreSQL database. `writing` false makes every transaction read-only."""

    dialect = "postgresql"

    def __init__(self, conninfo: str, *, writing: bool) -> None:
        idle = IDLE_SECONDS if writing else READING_IDLE_SECONDS
        options = f"{_OPTIONS} -c idle_in_transaction_session_timeout={idle}s"
        if not writing:
            options += " -c default_transaction_read_only=on"
        try:
            self._raw = _Line.connect(conninfo, autocommit=True, row_factory=dict_row, options=options, **_ON_THE_LINE)
        except psycopg.Error as error:
            raise translated(error) from error
        self._ahead: dict[_Asked, list[Row]] = {}

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        known = self._ahead.pop(_key(statement, parameters), None) if self._ahead else None
        return self._ask(_text(statement), parameters) if known is None else known

    def ask_ahead(self, questions: Iterable[Question]) -> None:
        asked = list(questions)
        parameters: dict[str, object] = {}
        for one in asked:
            parameters |= one.parameters
        if any(parameters[name] != value for one in asked for name, value in one.parameters.items()):
            message = "a name stands for one value in all that is asked at once"
            raise ValueError(message)
        [found] = self._ask(_as_one(tuple(one.statement for one in asked)), parameters)
        self._ahead = {_key(*one): rows or [] for one, rows in zip(asked, found.values(), strict=True)}

    def _ask(self, text: bytes, parameters: Mapping[str, object]) -> list[Row]:
        try:
            return self._raw.execute(text, parameters).fetchall()
        except psycopg.Error as error:
            raise translated(error) from error

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        return self._streamed(dict_row, statement, parameters)

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        return self._streamed(tuple_row, statement, parameters)

    def _streamed(self, shape: RowFactory[T], statement: Statement, parameters: Mapping[str, object]) -> Iterator[T]:
        self._raw.patience = STREAM_SECONDS
        try:
            with self._raw.transaction(), self._raw.cursor(name="stream", row_factory=shape) as cursor:
                cursor.itersize = 2_000
                yield from cursor.execute(_text(statement), parameters)
        except psycopg.Error as error:
            raise translated(error) from error
        finally:
            self._raw.patience = ANSWER_SECONDS

    def all_tuples(self, statement: Statement, /, **parameters: object) -> list[tuple[Any, ...]]:
        try:
            with self._raw.cursor(row_factory=tuple_row) as cursor:
                return cursor.execute(_text(statement), parameters).fetchall()
        except psycopg.Error as error:
            raise translated(error) from error

    def run(self, statement: Statement, /, **parameters: object) -> int:
        self._ahead.clear()
        try:
            return self._raw.execute(_text(statement), parameters).rowcount
        except psycopg.Error as error:
            raise translated(error) from error

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        self._ahead.clear()
        try:
            with self._raw.cursor() as cursor:
                cursor.executemany(_text(statement), rows)
        except psycopg.Error as error:
            raise translated(error) from error

    def begin(self) -> None:
        self._command("BEGIN")

    def snapshot(self) -> None:
        self._command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def snapshot_beside(self, others: Callable[[str], bool]) -> bool:
        self.snapshot()
        try:
            name = str(self.value(_EXPORT))
        except PdcaError:
            self.rollback()
            self.snapshot()
            return False
        return others(name)

    def snapshot_of(self, name: str) -> None:
        self.rollback()
        self.snapshot()
        try:
            self._raw.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(name)))
        except psycopg.Error as error:
            raise translated(error) from error

    def accept_any_text(self) -> None:
        """PostgreSQL keeps no text that is not in the database's encoding."""

    def commit(self) -> None:
        """Make it durable; raises Unusable when the line breaks before the server has said that it is.

        Not TryAgain, by which nothing was changed: whoever repeats what was done may do it twice.
        """
        asked = not self._raw.closed
        try:
            self._command("COMMIT")
        except TryAgain as error:
            if not asked or error.code != "database-away":
                raise
            raise Unusable(
                "outcome-unknown",
                _("The line to PostgreSQL broke while it was keeping this, so nobody here knows whether it was done."),
                hint=_("Look at what `pdca audit log --last 3` says before you repeat the command."),
            ) from error

    def rollback(self) -> None:
        if not self._raw.closed and self._raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._command("ROLLBACK")

    def scrub(self, tables: Iterable[str]) -> bool:
        """Write the tables anew, and what the planner remembers of their values; each is locked meanwhile."""
        self._raw.patience = STREAM_SECONDS
        # Who does not own a table gets a warning, and the table stays as it is.
        warnings: list[str] = []
        self._raw.add_notice_handler(lambda notice: warnings.append(notice.message_primary or ""))
        try:
            for table in sorted(tables):
                self._raw.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(table)))
            # It holds the commonest values of each column; those of before are among its dead rows.
            self._raw.execute("VACUUM (FULL) pg_catalog.pg_statistic")
        except errors.LockNotAvailable:
            return False
        except psycopg.Error as error:
            raise translated(error) from error
        finally:
            self._raw.patience = ANSWER_SECONDS
        if warnings:
            raise Failed(
                "scrubbing-not-allowed",
                _("It is erased, but PostgreSQL did not write the tables anew: %(reason)s.") % {"reason": warnings[0]},
                hint=_("Let the owner of the database repeat the command, or run VACUUM FULL on it."),
            )
        return True

    def close(self) -> None:
        self._raw.close()

    def _command(self, text: str) -> None:
        self._ahead.clear()
        try:
            self._raw.execute(text.encode())
        except psycopg.Error as error:
            raise translated(error) from error


@cache
def _text(statement: Statement) -> bytes:
    return statement.postgresql.encode()


@cache
def _as_one(statements: tuple[Statement, ...]) -> bytes:
    """Make one statement of several: in its only row are the rows of each, as JSON, or null when there are none.

    One, and not several on the way at once: the server does not take a worker for idle that was frozen between them.
    """
    parts = [f"(SELECT json_agg(q) FROM ({one.postgresql}) AS q) AS rows_{n}" for n, one in enumerate(statements)]
    return f"SELECT {', '.join(parts)}".encode()


def _key(statement: Statement, parameters: Mapping[str, object]) -> _Asked:
    return statement.name, tuple(sorted(parameters.items()))


def translated(error: psycopg.Error) -> PdcaError:
    """Put an error of PostgreSQL in words a user can act on."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    if "database" in text and "does not exist" in text:
        # A connection that fails has no SQLSTATE to tell it by.
        error = errors.InvalidCatalogName(text)
    if any(words in text for words in _NOT_LET_IN):
        return Unusable(
            "database-login",
            _("PostgreSQL does not let us in: %(reason)s.") % {"reason": text},
            hint=_("Check the user and the password: in the URL of the database, in PGPASSFILE or in ~/.pgpass."),
        )
    for kinds, kind, code, words, hint in _ERRORS:
        if isinstance(error, kinds):
            return kind(code, _(words) % {"reason": text}, hint=_(hint))
    return Failed(
        "database-error",
        _("PostgreSQL: %(reason)s.") % {"reason": text},
        hint=_("Nothing was changed. Please report this."),
    )


# These, too, come without an SQLSTATE.
_NOT_LET_IN = ("authentication failed", "no password supplied", "no pg_hba.conf entry")
_ERRORS: tuple[tuple[tuple[type[psycopg.Error], ...], type[PdcaError], str, str, str], ...] = (
    (
        (errors.InvalidCatalogName,),
        NotFound,
        "no-database",
        N_("PostgreSQL: %(reason)s."),
        N_("Create the database (createdb NAME), then run `pdca init`."),
    ),
    (
        (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure),
        TryAgain,
        "database-busy",
        N_("PostgreSQL: %(reason)s."),
        N_("Nothing was changed. Try again in a moment."),
    ),
    (
        (errors.UniqueViolation,),
        Conflict,
        "changed-meanwhile",
        N_("Somebody else wrote the same thing (%(reason)s)."),
        N_("Look again and repeat."),
    ),
    (
        (errors.IntegrityError,),
        Failed,
        "integrity",
        N_("The database refused the change (%(reason)s)."),
        N_("Nothing was changed. `pdca audit verify` says whether the database was tampered with."),
    ),
    (
        (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege),
        Unusable,
        "database-read-only",
        N_("PostgreSQL: %(reason)s."),
        N_("Ask the database's administrator for the right to write."),
    ),
    (
        (errors.DiskFull,),
        Unusable,
        "disk-full",
        N_("PostgreSQL: %(reason)s."),
        N_("Nothing was changed. Make room and try again."),
    ),
    (
        (psycopg.OperationalError, errors.IdleInTransactionSessionTimeout),
        TryAgain,
        "database-away",
        N_("PostgreSQL cannot be reached: %(reason)s."),
        N_("Check that the server runs, then try again."),
    ),
)
