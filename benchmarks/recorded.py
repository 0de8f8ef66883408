"""What our transitions ask and write, noted statement by statement, so that the bare driver can do exactly the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pdca.store.database import Database
from pdca.store.driver import Connection, Row, Statement

Written = list[tuple[str, dict[str, object]]]


@dataclass
class Notebook:
    """The writing statements of each transaction that was committed, with their parameters.

    `whole` are the same with the questions among them, those included that were asked just before a transaction.
    """

    transactions: list[Written] = field(default_factory=list)
    whole: list[Written] = field(default_factory=list)
    open: Written = field(default_factory=list)
    open_whole: Written = field(default_factory=list)
    reads: int = 0

    def begin_anew(self) -> None:
        """Forget what was noted."""
        self.transactions, self.whole, self.open, self.open_whole, self.reads = [], [], [], [], 0


@dataclass(frozen=True)
class RecordedDatabase(Database):
    """A database whose writers are noted down."""

    notebook: Notebook = field(default_factory=Notebook)

    def connect(self, *, writing: bool = False) -> Connection:
        """Open a connection that notes what is written in it."""
        return _Recorded(super().connect(writing=writing), self.notebook)


@dataclass(eq=False)
class _Recorded(Connection):
    inner: Connection
    notebook: Notebook

    def __post_init__(self) -> None:
        self.dialect = self.inner.dialect

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        self._note_question(statement, parameters)
        return self.inner.all(statement, **parameters)

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        self._note_question(statement, parameters)
        return self.inner.stream(statement, **parameters)

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        self._note_question(statement, parameters)
        return self.inner.tuples(statement, **parameters)

    def run(self, statement: Statement, /, **parameters: object) -> int:
        self._note(statement, parameters)
        return self.inner.run(statement, **parameters)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        kept = list(rows)
        for row in kept:
            self._note(statement, row)
        self.inner.many(statement, kept)

    def begin(self) -> None:
        self.notebook.open = []
        self.inner.begin()

    def commit(self) -> None:
        self.inner.commit()
        if self.notebook.open:
            self.notebook.transactions.append(self.notebook.open)
            self.notebook.whole.append(self.notebook.open_whole)
            self.notebook.open, self.notebook.open_whole = [], []

    def snapshot(self) -> None:
        self.inner.snapshot()

    def accept_any_text(self) -> None:
        self.inner.accept_any_text()

    def rollback(self) -> None:
        self.inner.rollback()

    def close(self) -> None:
        self.inner.close()

    def _note(self, statement: Statement, parameters: Mapping[str, object]) -> None:
        noted = (self._text(statement), dict(parameters))
        self.notebook.open.append(noted)
        self.notebook.open_whole.append(noted)

    def _note_question(self, statement: Statement, parameters: Mapping[str, object]) -> None:
        self.notebook.reads += 1
        self.notebook.open_whole.append((self._text(statement), dict(parameters)))

    def _text(self, statement: Statement) -> str:
        return statement.sqlite if self.dialect == "sqlite" else statement.postgresql
