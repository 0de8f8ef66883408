"""What is read of all plans at once takes as many statements for many plans as for few."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import pytest

from pdca.house import House, installation
from pdca.indicators.find import find_row
from pdca.report import indicators, plans
from pdca.report.readings import recorded_of
from pdca.report.status import NEXT_SHOWN, status
from pdca.store.driver import Connection
from tests.contract.counting import Counting
from tests.unit.exchange import large, zone

FEW: Final = NEXT_SHOWN + 1
MANY: Final = FEW + 9

VIEWS: Final[dict[str, Callable[[Connection, datetime], object]]] = {
    "plan list": lambda connection, _now: plans.listed(connection),
    "status": lambda connection, now: status(connection, installation(connection), now),
    "indicator list": indicators.listed,
    "indicator show": lambda connection, now: indicators.whole(connection, "facts", now, now.date()),
    "reading": lambda connection, now: recorded_of(connection, find_row(connection, "facts"), now, steps=True),
}


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> dict[int, House]:
    """An installation with few plans that one indicator measures, and one with many."""
    folder = tmp_path_factory.mktemp("many")
    return {
        count: zone.taken_in(f"sqlite:///{folder / f'{count}.db'}", large.programme(count)) for count in (FEW, MANY)
    }


def statements(house: House, view: Callable[[Connection, datetime], object]) -> list[str]:
    with house.reading() as connection:
        counting = Counting(connection)
        view(counting, house.now(connection))
    return counting.names


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_everything_takes_no_statement_for_each_plan(houses: dict[int, House], name: str) -> None:
    few, many = (statements(houses[count], VIEWS[name]) for count in (FEW, MANY))
    assert few == many
