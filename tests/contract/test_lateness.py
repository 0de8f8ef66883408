"""What counts as enforced late: only what was due while nothing ran, never what a suspension held back."""

from datetime import date, timedelta
from typing import Any, Final

import pytest

from pdca.report.log import events, events_of_plan, punctuality
from pdca.report.scheduling import late_in_words, late_since, scheduling
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract.world import MOMENTS, PLAN, World, morning
from workflows.instants import to_text

BACK: Final = morning(date(2024, 5, 2))
DUE: Final = morning(MOMENTS[0])
HOUR: Final = timedelta(hours=1)


def of_the_evaluation(world: World) -> dict[str, Any]:
    """The enforcement of the first evaluation, which every way of reading the log shows alike."""
    whole = [one for one in events(world.reading) if one["kind"] != "scheduler.resumed"]
    since = seed.START - timedelta(days=1)
    ways = (whole, events_of_plan(world.reading, PLAN), punctuality(world.reading, since))
    found = [[one for one in way if one["evaluation"] == "E-101" and one["due_at"] == to_text(DUE)] for way in ways]
    for way in found:
        assert len(way) == 1
    names = ("event", "at", "due_at", "held_until", "late_seconds")
    first, *others = [{name: one[name] for name in names} for way in found for one in way]
    assert others == [first, first]
    return first


def late(world: World) -> list[str]:
    return [one["evaluation"] for one in late_since(world.reading, DUE) if one["kind"] == "plan.advanced"]


def test_what_a_suspension_held_is_not_late_and_the_log_says_until_when_it_was_held(world: World) -> None:
    world.take("start", "suspend")
    world.go_to(BACK)
    world.take("resume")
    assert world.sweep_on(BACK + timedelta(minutes=1)) == SweepCounts(enforced=1)
    shown = of_the_evaluation(world)
    assert (shown["due_at"], shown["held_until"], shown["late_seconds"]) == (to_text(DUE), to_text(BACK), 60)
    assert late(world) == []
    assert scheduling(world.reading, world.clock.now())["late_total"] == 0


def test_what_was_held_is_late_from_the_resumption_when_nothing_ran_after_it(world: World) -> None:
    world.take("start", "suspend")
    world.go_to(BACK)
    world.take("resume")
    assert world.sweep_on(BACK + HOUR) == SweepCounts(enforced=1, late=1)
    shown = of_the_evaluation(world)
    assert (shown["held_until"], shown["late_seconds"]) == (to_text(BACK), 3600)
    [one] = scheduling(world.reading, world.clock.now())["late"]
    assert (one["evaluation"], one["held_until"], one["late_seconds"]) == ("E-101", to_text(BACK), 3600)
    said = late_in_words(scheduling(world.reading, world.clock.now()))
    assert said.endswith("It had been held until 2024-05-02 07:00 UTC, while its plan was at rest.")


def test_what_was_late_before_its_plan_was_suspended_stays_so_for_as_long(world: World) -> None:
    world.take("start")
    world.go_to(DUE + 2 * HOUR)
    world.take("suspend")
    world.go_to(BACK)
    world.take("resume")
    assert world.sweep() == SweepCounts(enforced=1, late=1)
    assert of_the_evaluation(world)["late_seconds"] == 2 * 3600
    assert late(world) == ["E-101"]


def test_what_fell_due_half_a_minute_before_a_suspension_is_not_late_and_two_suspensions_count_both(
    world: World,
) -> None:
    world.take("start")
    world.go_to(DUE + timedelta(seconds=30))
    world.take("suspend")
    world.go_to(BACK)
    world.take("resume", "suspend")
    world.go_to(BACK + timedelta(days=30))
    world.take("resume")
    assert world.sweep() == SweepCounts(enforced=1)
    shown = of_the_evaluation(world)
    assert (shown["held_until"], shown["late_seconds"]) == (to_text(BACK + timedelta(days=30)), 30)


@pytest.mark.parametrize("suspended", [False, True])
def test_a_suspension_that_was_over_before_excuses_nothing(world: World, *, suspended: bool) -> None:
    world.take("start", *(["suspend", "resume"] if suspended else []))
    assert world.sweep_on(DUE + HOUR) == SweepCounts(enforced=1, late=1)
    shown = of_the_evaluation(world)
    assert (shown["held_until"], shown["late_seconds"]) == (None, 3600)
