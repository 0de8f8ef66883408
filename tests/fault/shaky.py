"""A connection whose process may die at any statement, and may be overtaken by another between two transactions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pdca.store.database import Database
from pdca.store.driver import Connection, Row, Statement


class Died(BaseException):
    """The process is gone: nothing in it may catch this."""


@dataclass
class Fate:
    """What becomes of the process: it dies at the statement of that number, and before each lock `overtaken` is called.

    Before and after a COMMIT are two statements, so that it may die with the work done and nobody told.
    """

    dies_at: int | None = None
    overtaken: Callable[[], None] = lambda: None
    statements: int = 0
    dead: bool = False

    def step(self) -> None:
        """Come to another statement."""
        self.statements += 1
        if self.dead or self.statements == self.dies_at:
            self.dead = True
            raise Died


@dataclass(frozen=True)
class ShakyDatabase(Database):
    """A database as a process sees it that shares this fate."""

    fate: Fate = field(default_factory=Fate, compare=False)

    def connect(self, *, writing: bool = False) -> Connection:
        return Shaky(super().connect(writing=writing), self.fate)


class Shaky(Connection):
    """The connection of such a process: what it had not committed is undone when it is dead and closed."""

    def __init__(self, inner: Connection, fate: Fate) -> None:
        self.inner = inner
        self.fate = fate
        self.dialect = inner.dialect

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        self.fate.step()
        return self.inner.all(statement, **parameters)

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        self.fate.step()
        return self.inner.stream(statement, **parameters)

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        self.fate.step()
        return self.inner.tuples(statement, **parameters)

    def run(self, statement: Statement, /, **parameters: object) -> int:
        self.fate.step()
        return self.inner.run(statement, **parameters)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        self.fate.step()
        self.inner.many(statement, rows)

    def begin(self) -> None:
        self.fate.overtaken()
        self.fate.step()
        self.inner.begin()

    def snapshot(self) -> None:
        self.inner.snapshot()

    def accept_any_text(self) -> None:
        self.inner.accept_any_text()

    def commit(self) -> None:
        self.fate.step()
        self.inner.commit()
        self.fate.step()

    def rollback(self) -> None:
        if not self.fate.dead:
            self.inner.rollback()

    def close(self) -> None:
        self.inner.close()
