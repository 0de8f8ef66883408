"""Choosing from the log: what the database picks is what the events themselves say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

import pytest

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.people.substitution import Substitute
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.report.log import Chosen, chosen, events
from pdca.store.reads import log, plans
from tests import seed
from tests.contract.test_store import read_whole
from tests.contract.world import MOTIVE, PLAN, World, bare
from workflows.instants import to_text

NOON: Final = seed.START + timedelta(hours=4)
Test = Callable[[dict[str, Any]], bool]


@pytest.fixture
def busy(world: World) -> World:
    """A plan that took its first steps, one by a substitute; another that was refused."""
    bare(world)
    day = seed.START.date()
    for absent in ("sofie", "karel"):
        world.by_administrator(Substitute(absent, "anna", day, day + timedelta(days=400), "Verlof."))
    world.approve("start")
    world.clock.advance_to(NOON)
    start = Advance(PLAN, "start", attempt=Attempt(MOTIVE))
    replace(world.house, as_person="anna", on_behalf_of="sofie").apply(start)
    world.advance("start", "lea", "P-002")
    world.sweep_on(date(2024, 4, 8))
    return world


def conditions(world: World) -> dict[str, tuple[dict[str, Any], Test]]:
    """What can be asked, and how an event is seen to be it."""
    anna, sofie = world.person_id("anna"), world.person_id("sofie")
    since, until = to_text(NOON), to_text(NOON + timedelta(days=30))
    return {
        "plan": ({"plan": PLAN}, lambda event: event["plan"] == PLAN),
        "person": ({"actor": anna}, lambda event: event["actor"] == anna),
        "kinds": (
            {"kinds": ("plan.advanced", "plan.refused")},
            lambda event: event["kind"] in ("plan.advanced", "plan.refused"),
        ),
        "since": ({"since": since}, lambda event: event["at"] >= since),
        "until": ({"until": until}, lambda event: event["at"] < until),
        "source": ({"source": "scheduler"}, lambda event: event["source"] == "scheduler"),
        "behalf": ({"on_behalf": {sofie}}, lambda event: event["on_behalf_of"] == sofie),
        "test": ({"test": lambda event: event["trigger"] == "start"}, lambda event: event["trigger"] == "start"),
    }


def test_every_choice_gives_the_events_that_are_it_in_the_order_of_the_log(busy: World) -> None:
    every, asked = list(events(busy.reading)), conditions(busy)
    found_something = set()
    for count in range(len(asked) + 1):
        for names in combinations(asked, count):
            fields = {name: value for part in names for name, value in asked[part][0].items()}
            wanted = [event for event in every if all(asked[name][1](event) for name in names)]
            assert list(chosen(busy.reading, Chosen(**fields))) == wanted, names
            assert list(chosen(busy.reading, Chosen(**fields), 2)) == wanted[-2:], names
            found_something |= set(names) if wanted and len(wanted) < len(every) else set()
    assert found_something == set(asked)


def test_what_was_done_for_somebody_is_found_also_by_who_did_it(busy: World) -> None:
    absent = {busy.person_id("sofie"), busy.person_id("karel")}
    [event] = chosen(busy.reading, Chosen(on_behalf=absent, actor=busy.person_id("anna")))
    assert (event["kind"], event["on_behalf_of_name"], event["trigger"]) == ("plan.advanced", "Sofie Peeters", "start")
    assert list(chosen(busy.reading, Chosen(on_behalf=absent, actor=busy.person_id("lea")))) == []


def test_every_choice_but_that_of_a_source_alone_is_found_by_an_index(world: World) -> None:
    unguided = {frozenset(), frozenset({"source"})}
    for statements in (log.CHOSEN, log.LAST_CHOSEN):
        read = {names for names, one in statements.items() if read_whole(world.reading, one, ("event",))}
        # PostgreSQL goes through the index of the numbers instead.
        assert read <= unguided


class Refuses:
    """A command that is refused by an event of another kind than one of a refusal."""

    def perform(self, desk: Desk) -> Outcome:
        plan = desk.connection.one(plans.LOCK_PLAN, plan_id=PLAN) or {}
        return desk.refuse(Stream.of_plan(plan), Draft(kind="plan.advanced"), ())


def test_a_refusal_is_known_by_its_kind_so_that_refusals_are_found_by_it(world: World) -> None:
    before = world.dump()
    with pytest.raises(ValueError, match=r"plan\.advanced"):
        world.by("sofie", Refuses())
    assert world.dump() == before
