"""A connection that says what it was asked to run, and how often to read and to write."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pdca.store.driver import Connection, Row, Statement


@dataclass(eq=False)
class Counting(Connection):
    """A connection that notes the name of every statement it runs, and counts it as `read` or `write`."""

    inner: Connection
    names: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dialect = self.inner.dialect

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        self._note("read", statement)
        return self.inner.all(statement, **parameters)

    def run(self, statement: Statement, /, **parameters: object) -> int:
        self._note("write", statement)
        return self.inner.run(statement, **parameters)

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        self._note("read", statement)
        return self.inner.stream(statement, **parameters)

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        self._note("read", statement)
        return self.inner.tuples(statement, **parameters)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        self._note("write", statement)
        self.inner.many(statement, rows)

    def begin(self) -> None:
        self.inner.begin()

    def snapshot(self) -> None:
        self.inner.snapshot()

    def accept_any_text(self) -> None:
        self.inner.accept_any_text()

    def commit(self) -> None:
        self.inner.commit()

    def rollback(self) -> None:
        self.inner.rollback()

    def close(self) -> None:
        self.inner.close()

    def _note(self, kind: str, statement: Statement) -> None:
        self.names.append(statement.name)
        self.counted[kind] += 1


@dataclass(eq=False)
class Rows(Counting):
    """A connection that counts the rows it is given at once."""

    rows: int = field(default=0)

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        found = super().all(statement, **parameters)
        self.rows += len(found)
        return found
