"""A connection for what asks the same of one plan after another: the first question is answered for all of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pdca.store.driver import Connection, Row, Statement
from pdca.store.jsontext import to_json
from pdca.store.reads.of_plans import OF_PLANS

_Asked = tuple[str, tuple[tuple[str, object], ...]]


class ReadingAhead(Connection):
    """Reads over another connection what is asked of one of some plans for all of these, and nothing twice.

    It answers as long as nothing is written over it; what others write meanwhile it does not see.
    """

    def __init__(self, inner: Connection, plans: Iterable[str]) -> None:
        self.dialect = inner.dialect
        self._inner = inner
        self._plans = frozenset(plans)
        self._of_plans: dict[_Asked, Mapping[str, Sequence[Row]]] = {}
        self._others: dict[_Asked, Sequence[Row]] = {}

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        """Run, or answer from what was read; the rows are shared, and are not to be changed."""
        plan_id = parameters.get("plan_id")
        if statement.name in OF_PLANS and plan_id in self._plans:
            rest = {name: value for name, value in parameters.items() if name != "plan_id"}
            return list(self._every(OF_PLANS[statement.name], rest).get(str(plan_id), ()))
        asked = (statement.name, tuple(sorted(parameters.items())))
        if asked not in self._others:
            self._others[asked] = self._inner.all(statement, **parameters)
        return list(self._others[asked])

    def _every(self, statement: Statement, parameters: Mapping[str, object]) -> Mapping[str, Sequence[Row]]:
        asked = (statement.name, tuple(sorted(parameters.items())))
        if asked not in self._of_plans:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in self._inner.all(statement, plans=to_json(dict.fromkeys(self._plans)), **parameters):
                rest = dict(row)
                found[rest.pop("of_plan")].append(rest)
            self._of_plans[asked] = found
        return self._of_plans[asked]

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        return self._inner.stream(statement, **parameters)

    def tuples(self, statement: Statement, /, **parameters: object) -> Iterator[tuple[Any, ...]]:
        return self._inner.tuples(statement, **parameters)

    def run(self, statement: Statement, /, **parameters: object) -> int:
        self._forget()
        return self._inner.run(statement, **parameters)

    def many(self, statement: Statement, rows: Iterable[Mapping[str, object]]) -> None:
        self._forget()
        self._inner.many(statement, rows)

    def _forget(self) -> None:
        self._of_plans.clear()
        self._others.clear()

    def begin(self) -> None:
        self._inner.begin()

    def snapshot(self) -> None:
        self._inner.snapshot()

    def accept_any_text(self) -> None:
        self._inner.accept_any_text()

    def commit(self) -> None:
        self._inner.commit()

    def rollback(self) -> None:
        self._inner.rollback()

    def close(self) -> None:
        self._inner.close()
