"""What is read of all plans at once takes as many statements for many plans as for few, and tells the same."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from pdca.actor import Actor
from pdca.clock import VirtualClock
from pdca.evaluations.extend import RequestExtension
from pdca.house import House, installation
from pdca.indicators.find import find_row
from pdca.report import gaps, indicators, plans, programme
from pdca.report.agenda import agenda
from pdca.report.board import piles
from pdca.report.readings import recorded_of
from pdca.report.status import status
from pdca.report.whole_board import whole_board
from pdca.report.whole_programme import whole_programme
from pdca.store.driver import Connection, Statement
from pdca.store.reading_ahead import ReadingAhead
from pdca.store.reads import evaluations
from pdca.store.reads import plans as plan_reads
from pdca.store.reads.of_plans import OF_PLANS
from tests import seed
from tests.contract.counting import Counting
from tests.contract.statements import every_statement
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World

FEW: Final = 5
MANY: Final = 25
OTHER: Final = "P-002"

View = Callable[[Connection, datetime], Sequence[Any] | dict[str, Any]]


def boarded(connection: Connection, _now: datetime) -> list[Any]:
    return piles(connection, plans.listed(connection))


def completeness(connection: Connection, now: datetime) -> list[Any]:
    return list(gaps.told(connection, now))


def programme_reported(connection: Connection, now: datetime) -> dict[str, Any]:
    name = connection.all(plan_reads.PROGRAMMES)[0]["programme_id"]
    return whole_programme(connection, name, audience="public", now=now)


def waiting_for(person_id: str) -> View:
    return lambda connection, now: agenda(connection, now, Actor(person_id, "member", "cli"), None)


VIEWS: Final[dict[str, View]] = {
    "plan list": lambda connection, _now: plans.listed(connection),
    "board": boarded,
    "plan next --all": lambda connection, now: agenda(connection, now, None, None),
    "plan next, who leads": waiting_for("U-002"),
    "plan next, who approves": waiting_for("U-006"),
    "status": lambda connection, now: status(connection, installation(connection), now),
    "indicator list": indicators.listed,
    "indicator show": lambda connection, now: indicators.whole(connection, "thefts", now, now.date()),
    "reading": lambda connection, now: [recorded_of(connection, find_row(connection, "thefts"), now, steps=True)],
    "evaluation list": lambda connection, _now: connection.all(evaluations.ALL),
    "completeness": completeness,
    "report programme": programme_reported,
    "report board": lambda connection, now: whole_board(connection, audience="internal", now=now),
    "objective list": lambda connection, _now: programme.objectives(connection),
}


def furnish(url: str, count: int) -> House:
    """An installation with so many plans, as many of each kind.

    One was written and not approved, one is approved for its start, one is to be evaluated, of one that was evaluated
    it is to be decided what becomes of it, and of one somebody wants the evaluation moved.
    """
    clock = VirtualClock(seed.START)
    house = replace(seed.house(url, clock=clock), clock=clock)
    kinds = {f"P-{number:03d}": number % FEW for number in range(1, count + 1)}
    for number, (name, kind) in enumerate(kinds.items()):
        people = () if number else seed.PEOPLE
        seed.plan(house, name, evaluations=MOMENTS[:2], people=people, approved=kind != 0)
    with house.reading() as reading:
        world = World(house, clock, reading)
        started = {name: kind for name, kind in kinds.items() if kind > 1}
        for name in started:
            assert world.advance("start", plan_id=name).refusal == ()
        world.sweep_on(MOMENTS[0])
        for name, kind in started.items():
            first, second = (row["evaluation_id"] for row in reading.all(evaluations.OF_PLAN, plan_id=name))
            if kind == 3:
                assert world.record(first).refusal == ()
                assert world.advance("conclude", plan_id=name).refusal == ()
            elif kind == 4:
                later = MOMENTS[1] + timedelta(days=30)
                assert world.by("marc", RequestExtension(second, later, MOTIVE)).refusal == ()
    return house


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> dict[int, House]:
    """An installation with few plans and one with many, of the same kinds."""
    folder = tmp_path_factory.mktemp("many")
    return {count: furnish(f"sqlite:///{folder / f'{count}.db'}", count) for count in (FEW, MANY)}


def statements(house: House, view: View) -> list[str]:
    with house.reading() as connection:
        counting = Counting(connection)
        view(counting, house.now(connection))
    # How many nodes of the tree its root takes, comes from how many events there are, and not from how many plans.
    return [name for name in counting.names if name not in ("tree_leaf", "tree_node")]


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_of_everything_takes_no_statement_for_each_plan(houses: dict[int, House], name: str) -> None:
    few, many = (sorted(statements(houses[count], VIEWS[name])) for count in (FEW, MANY))
    assert few == many


def test_the_plans_counted_over_are_of_every_kind_that_takes_statements(houses: dict[int, House]) -> None:
    with houses[FEW].reading() as connection:
        rows = agenda(connection, houses[FEW].now(connection), None, None)
    kinds = {"start", "approve", "evaluation", "record", "decide", "approve_extension"}
    assert {row["what"] for row in rows} >= kinds


def test_what_is_read_ahead_of_several_plans_is_what_is_read_of_each(world: World) -> None:
    seed.plan(world.house, OTHER, people=(), restricted=True)
    world.take("start", "evaluate")
    known = every_statement()
    ahead = ReadingAhead(world.reading, (PLAN, OTHER))
    for name in OF_PLANS:
        # Somebody to whom the plans are not alike: a partner that the second, being restricted, does not inform.
        given = {"person_id": "U-004", "today": MOMENTS[0].isoformat()}
        rest = {one: value for one, value in given.items() if f":{one}" in known[name].sqlite}
        for plan_id in (PLAN, OTHER):
            each, found = (one.all(known[name], plan_id=plan_id, **rest) for one in (world.reading, ahead))
            # The content of a plan is read in any order.
            order = (lambda rows: sorted(rows, key=str)) if name.startswith("content_of_") else list
            assert order(found) == order(each), name


def test_a_plan_that_was_not_named_is_read_by_itself_and_nothing_is_read_twice(world: World) -> None:
    seed.plan(world.house, OTHER, people=())
    counting = Counting(world.reading)
    ahead = ReadingAhead(counting, [PLAN])
    found = [ahead.one(plan_reads.PLAN, plan_id=plan_id) for plan_id in (PLAN, PLAN, OTHER, OTHER)]
    assert [row and row["plan_id"] for row in found] == [PLAN, PLAN, OTHER, OTHER]
    assert counting.names == ["plan_of_plans", "plan"]


def test_what_is_written_over_the_same_connection_is_read_again(world: World) -> None:
    written = Statement("another slug", "UPDATE plan SET slug = :slug WHERE plan_id = :plan_id")
    with world.house.writing() as uow:
        ahead = ReadingAhead(uow.connection, [PLAN])
        slugs = []
        for slug in ("another", world.plan()["slug"]):
            slugs.append((ahead.one(plan_reads.PLAN, plan_id=PLAN) or {})["slug"])
            ahead.run(written, slug=slug, plan_id=PLAN)
        assert slugs == [world.plan()["slug"], "another"]
