"""The driver's own connection, alike on SQLite and PostgreSQL: named statements in, rows as dicts out.

One `Statement` text serves both: parameters are written `:name`; `for_update` adds the row lock that PostgreSQL needs
and SQLite (one writer, BEGIN IMMEDIATE) does not.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple, Self

Row = dict[str, Any]
Dialect = Literal["sqlite", "postgresql"]


class Statement(NamedTuple):
    """A named SQL statement. `lock`: "" none, "wait" waits for the row, "skip" passes over rows others hold.

    `group_concat`, always with a separator, is `string_agg` on PostgreSQL.
    """

    name: str
    sqlite: str
    lock: Literal["", "wait", "skip"] = ""

    @property
    def postgresql(self) -> str:
        """The same statement for psycopg."""
        return _for_psycopg(self)


@cache
def _for_psycopg(statement: Statement) -> str:
    lock = {"": "", "wait": " FOR UPDATE", "skip": " FOR UPDATE SKIP LOCKED"}[statement.lock]
    named = re.sub(r"(?<![:\w]):(\w+)", r"%(\1)s", statement.sqlite.replace("%", "%%"))
    return named.replace("group_concat(", "string_agg(") + lock


def is_unicode(text: str) -> bool:
    """Tell whether a text can stand in a database: nothing there is called by one that cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Question(NamedTuple):
    """A statement with its parameters."""

    statement: Statement
    parameters: Mapping[str, object]


class Connection(ABC):
    """An open connection. Outside `begin` … `commit` every statement stands alone."""

    dialect: Dialect

    @abstractmethod
    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        """Run and return every row."""

    @abstractmethod
    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        """Run and yield the rows without holding them all."""

    @abstractmethod
    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        """Run and yield the values of each row in the order of the columns, without holding them all."""

    def all_tuples(self, statement: Statement, /, **parameters: object) -> list[tuple[Any, ...]]:
        """Run and return the values of every row in the order of the columns."""
        return [tuple(row.values()) for row in self.all(statement, **parameters)]

    @abstractmethod
    def run(self, statement: Statement, /, **parameters: object) -> int:
        """Run and return how many rows were touched."""

    @abstractmethod
    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        """Run once per mapping of parameters."""

    def ask_ahead(self, questions: Iterable[Question]) -> None:  # noqa: B027 - only a server has to gain by it
        """Hear what is going to be asked before anything is written.

        Where every question is a way to a server and back, they are asked in one statement, and their answers are kept
        until then. A file answers as quickly one by one.
        """

    @abstractmethod
    def begin(self) -> None:
        """Open a writing transaction."""

    @abstractmethod
    def snapshot(self) -> None:
        """Open a reading transaction that sees one state of the database, whoever writes meanwhile."""

    def snapshot_beside(self, others: Callable[[str], bool]) -> bool:
        """Open a snapshot that other connections have too: `others` is told its name and opens it on those.

        It is told again when somebody has written meanwhile. Tells whether they have it: not when they say no, nor when
        somebody wrote each time.
        """
        raise NotImplementedError

    def snapshot_of(self, name: str) -> None:
        """Open the snapshot of which another connection has told the name, in place of what was open."""
        raise NotImplementedError

    @abstractmethod
    def accept_any_text(self) -> None:
        """Hand over text that is not UTF-8 with surrogates instead of failing: a tampered database may hold it."""

    @abstractmethod
    def commit(self) -> None:
        """Make the transaction durable."""

    @abstractmethod
    def rollback(self) -> None:
        """Undo the transaction; harmless when there is none."""

    def scrub(self, tables: Iterable[str]) -> bool:
        """Leave nothing of what these tables once held in the database's files; outside any transaction.

        Tells whether it was done; False when others were reading, so that it has to be done again.
        """
        raise NotImplementedError

    @abstractmethod
    def close(self) -> None:
        """Give the connection back."""

    def one(self, statement: Statement, /, **parameters: object) -> Row | None:
        """Run and return the only row, or None."""
        rows = self.all(statement, **parameters)
        return rows[0] if rows else None

    def value(self, statement: Statement, /, **parameters: object) -> Any:  # noqa: ANN401 - a column of any type
        """Run and return the first column of the first row, or None."""
        row = self.one(statement, **parameters)
        return next(iter(row.values())) if row else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
