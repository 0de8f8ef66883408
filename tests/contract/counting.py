"""A connection that says what it was asked to run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pdca.store.driver import Connection, Row, Statement


@dataclass(eq=False)
class Counting(Connection):
    """A connection that notes the name of every statement it runs."""

    inner: Connection
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dialect = self.inner.dialect

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        self.names.append(statement.name)
        return self.inner.all(statement, **parameters)

    def run(self, statement: Statement, /, **parameters: object) -> int:
        self.names.append(statement.name)
        return self.inner.run(statement, **parameters)

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        self.names.append(statement.name)
        return self.inner.stream(statement, **parameters)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        self.names.append(statement.name)
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
