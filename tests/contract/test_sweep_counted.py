"""What a sweep asks of the database comes from how much is due, and not from how many plans there are."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca.clock import FixedClock
from pdca.house import House
from pdca.store.database import locate
from pdca.store.driver import Connection, Row, Statement
from pdca.store.sqlite import SqliteConnection
from scheduler.sweep import run_once
from tests.contract.counting import Counting
from tests.contract.overlooking import watched
from tests.contract.world import morning
from tests.crowds import EVALUATED, multiply, one_after_another, one_that_runs

AT: Final = morning(EVALUATED)
FEW: Final = 300
MANY: Final = 3_000
DUE: Final = 4
OF_THE_TREE: Final = frozenset({"tree_leaf", "tree_node", "insert_node"})
"""How often these are asked comes from how many events there are."""


@dataclass(eq=False)
class Rows(Counting):
    """Counts the rows that each statement gave as well."""

    given: Counter[str] = field(default_factory=Counter)

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        rows = super().all(statement, **parameters)
        self.given[statement.name] += len(rows)
        return rows


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives the URL of another empty database at each call."""
    with ExitStack() as stack:

        def another() -> str:
            if request.param == "sqlite":
                return f"sqlite:///{tmp_path / str(len(list(tmp_path.iterdir())))}.db"
            server = request.getfixturevalue("postgres_server")
            url: str = server.url(stack.enter_context(server.fresh_database()))
            return url

        yield another


def body(url: str, plans: int) -> House:
    """A body of so many plans, of which four fall due at each microsecond from `AT` on."""
    one_that_runs(url)
    with replace(locate(url), lasting=False).connect(writing=True) as connection:
        multiply(connection, plans - 1)
        one_after_another(connection, AT, plans // DUE)
    return House(locate(url), source="scheduler")


def asked(house: House, microseconds: int, due: int) -> tuple[Counter[str], Counter[str]]:
    """Sweep so long after `AT`, and give how often each statement was run, and how many rows it gave."""
    seen: list[Rows] = []

    def watch(connection: Connection, _writing: object) -> Connection:
        seen.append(Rows(connection))
        return seen[-1]

    then = replace(house, clock=FixedClock(AT + timedelta(microseconds=microseconds)))
    assert run_once(watched(then, watch)).enforced == due
    names = Counter(name for connection in seen for name in connection.names)
    given = sum((connection.given for connection in seen), Counter[str]())
    for name in OF_THE_TREE:
        names.pop(name, None)
        given.pop(name, None)
    return names, given


def test_a_sweep_asks_no_more_of_the_database_among_many_plans_than_among_few(fresh: Callable[[], str]) -> None:
    among_few, among_many = (asked(body(fresh(), plans), 0, DUE) for plans in (FEW, MANY))
    assert among_many == among_few


def test_each_further_deadline_that_is_due_asks_as_much_as_the_one_before(fresh: Callable[[], str]) -> None:
    house = body(fresh(), 28)
    _all_of_the_first, four, eight, twelve = (
        asked(house, at, due) for at, due in ((0, DUE), (1, DUE), (3, 2 * DUE), (6, 3 * DUE))
    )
    for once, twice, thrice in zip(four, eight, twelve, strict=True):
        for name in thrice:
            assert thrice[name] - twice[name] == twice[name] - once[name], name


def test_the_steps_of_a_sweep_come_from_what_is_due(tmp_path: Path) -> None:
    """Counted in steps of SQLite's engine, which do not depend on how busy a machine is."""
    steps = []
    for plans in (FEW, MANY):
        house = body(f"sqlite:///{tmp_path / str(plans)}.db", plans)
        taken = 0

        def step() -> int:
            nonlocal taken
            taken += 1
            return 0

        def watch(connection: Connection, _writing: object, step: Callable[[], int] = step) -> Connection:
            assert isinstance(connection, SqliteConnection)
            connection._raw.set_progress_handler(step, 1)  # noqa: SLF001 - the only way to count
            return connection

        assert run_once(watched(replace(house, clock=FixedClock(AT)), watch)).enforced == DUE
        steps.append(taken)
    assert steps[0] == steps[1]
