"""A connection that breaks at one statement: before it came to the database, or after it was done and nobody was told.

On PostgreSQL the line is closed under the driver, which then says what it says. On SQLite, which has no line, the
process dies (`tests.fault.shaky.Died`), or what reads and writes the file fails.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pdca.store.database import Database
from pdca.store.driver import Connection, Question, Row, Statement
from pdca.store.postgres import PostgresConnection
from pdca.store.sqlite import SqliteConnection, translated
from tests.fault.shaky import Died

T = TypeVar("T")


@dataclass
class Break:
    """Where it breaks: at the statement of that number, `kept` when that was done before.

    `commits` are the numbers of those that were the end of a transaction; `dies` is False where nothing but the
    statement fails (SQLite, not kept).
    """

    at: int | None = None
    kept: bool = False
    dies: bool = True
    statements: int = 0
    commits: list[int] = field(default_factory=list)
    broken: bool = False


@dataclass(frozen=True)
class BreakingDatabase(Database):
    """A database whose connections break as is said."""

    fate: Break = field(default_factory=Break, compare=False)

    def connect(self, *, writing: bool = False) -> Connection:
        return Breaking(super().connect(writing=writing), self.fate)


class Breaking(Connection):
    """The connection; what it had not committed is undone when it broke."""

    def __init__(self, inner: Connection, fate: Break) -> None:
        assert isinstance(inner, SqliteConnection | PostgresConnection)
        self.inner = inner
        self.fate = fate
        self.dialect = inner.dialect

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        return self._do(lambda: self.inner.all(statement, **parameters))

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        return iter(self._do(lambda: list(self.inner.stream(statement, **parameters))))

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        return iter(self._do(lambda: list(self.inner.tuples(statement, **parameters))))

    def run(self, statement: Statement, /, **parameters: object) -> int:
        return self._do(lambda: self.inner.run(statement, **parameters))

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        every = list(rows)
        self._do(lambda: self.inner.many(statement, every))

    def ask_ahead(self, questions: Iterable[Question]) -> None:
        # A file hears nothing ahead.
        if isinstance(self.inner, PostgresConnection):
            every = list(questions)
            self._do(lambda: self.inner.ask_ahead(every))

    def begin(self) -> None:
        self._do(self.inner.begin)

    def snapshot(self) -> None:
        self._do(self.inner.snapshot)

    def accept_any_text(self) -> None:
        self.inner.accept_any_text()

    def commit(self) -> None:
        self.fate.commits.append(self.fate.statements + 1)
        self._do(self.inner.commit)

    def scrub(self, tables: Iterable[str]) -> bool:
        every = list(tables)
        return self._do(lambda: self.inner.scrub(every))

    def rollback(self) -> None:
        if not (self.fate.broken and self.fate.dies):
            self.inner.rollback()

    def close(self) -> None:
        self.inner.close()

    def _do(self, act: Callable[[], T]) -> T:
        self.fate.statements += 1
        if self.fate.statements != self.fate.at:
            return act()
        self.fate.broken = True
        if isinstance(self.inner, PostgresConnection):
            line = self.inner._raw.pgconn  # noqa: SLF001 - it is what breaks
            return self._on_the_line(line.finish, act)
        if self.fate.kept:
            act()
        if self.fate.dies:
            self.inner.close()
            raise Died
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise translated(error, self.inner.path)

    def _on_the_line(self, cut: Callable[[], None], act: Callable[[], T]) -> T:
        """Cut the line before, or after the server did what it was asked: the driver finds out by itself."""
        raw = getattr(self.inner, "_raw")  # noqa: B009 - it is what breaks
        ask = raw.execute

        def unanswered(*asked: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as they are
            ask(*asked, **named)
            cut()
            return ask(*asked, **named)

        if not self.fate.kept:
            cut()
        elif self.fate.commits[-1:] == [self.fate.at]:
            # As whoever sends a COMMIT sees it: the line was whole when it was sent.
            raw.execute = unanswered
        else:
            act()
            cut()
        return act()
