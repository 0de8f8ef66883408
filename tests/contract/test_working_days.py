"""Working days of the body: what is to come moves with them, and what took place does not."""

from datetime import date, timedelta

import pytest

from pdca.errors import NoRight, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.schedules.calendar import Close, Reopen, SetWorkingDays
from tests.contract.decisions import decided, named, of_schedule
from tests.contract.world import MOTIVE, PLAN, World, morning


def test_a_closing_day_moves_what_is_to_come_and_opening_it_moves_it_back(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03", roll="next")
    extended, moving = named(world, "2024-03-04"), named(world, "2024-06-03")
    world.by("sofie", RequestExtension(extended["evaluation_id"], date(2024, 3, 18), MOTIVE))
    world.by("karel", ApproveExtension(extended["evaluation_id"], MOTIVE))
    held = named(world, "2024-03-04")
    closing = Close((date(2024, 3, 4), date(2024, 3, 18), date(2024, 6, 3)), {"nl": "Brugdag"})
    outcome = world.by_administrator(closing)
    assert outcome.summary["failed"] == []
    assert outcome.summary["plans"] == {
        PLAN: [
            {
                "evaluation": moving["evaluation_id"],
                "what": "moved",
                "date": "2024-06-04",
                "before": "2024-06-03",
                "withdrawn": None,
            }
        ]
    }
    assert named(world, "2024-03-04") == held, "an extension holds"
    moved = named(world, "2024-06-03")
    assert (moved["due_date"], moved["first_due_at"]) == ("2024-06-04", moved["due_at"])
    assert "Brugdag" in moved["moved"]
    assert world.waiting()[moved["evaluation_id"]] == morning(date(2024, 6, 4))
    assert world.last_event()["kind"] == "schedule.rerolled"
    world.by_administrator(Reopen((date(2024, 6, 3),)))
    assert named(world, "2024-06-03") == moving


def test_what_fell_due_stays_when_its_day_is_closed_afterwards(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03", roll="next")
    before = named(world, "2024-03-04")
    world.go_to(date(2024, 3, 4))
    world.by_administrator(Close((date(2024, 3, 4),), {}))
    assert named(world, "2024-03-04") == before


def test_days_that_fall_together_by_a_closing_day_part_again_without_it(world: World) -> None:
    decided(world, "2024-06-03", "2024-06-04", roll="next")
    first, other = named(world, "2024-06-03"), named(world, "2024-06-04")
    world.by_administrator(Close((date(2024, 6, 3),), {}))
    assert of_schedule(world) == {"2024-06-03": "2024-06-04"}
    assert of_schedule(world, "cancelled") == {"2024-06-04": "2024-06-04"}
    world.by_administrator(Reopen((date(2024, 6, 3),)))
    assert (named(world, "2024-06-03"), named(world, "2024-06-04")) == (first, other)


def test_working_days_and_holidays_of_a_part_of_the_country(world: World) -> None:
    decided(world, "2024-06-01", "2024-07-11", roll="next")
    world.by_administrator(SetWorkingDays(weekdays=("MO", "TU", "WE", "TH", "FR", "SA")))
    assert of_schedule(world)["2024-06-01"] == "2024-06-01"
    world.by_administrator(SetWorkingDays(country="FR", subdivision=""))
    assert of_schedule(world)["2024-07-11"] == "2024-07-11"
    with pytest.raises(Usage) as failure:
        world.by_administrator(SetWorkingDays(subdivision="Atlantis"))
    assert failure.value.code == "unknown-subdivision"


def test_a_plan_that_cannot_be_worked_out_is_named_and_keeps_its_moments(world: World) -> None:
    decided(world, "2024-06-03", roll="next")
    before = of_schedule(world)
    days = tuple(date(2024, 1, 8) + timedelta(days=number) for number in range(900))
    assert world.by_administrator(Close(days, {})).summary["failed"] == [PLAN]
    assert of_schedule(world) == before


def test_only_an_administrator_changes_the_working_days(world: World) -> None:
    with pytest.raises(NoRight):
        world.by("sofie", Close((date(2024, 6, 3),), {}))


def test_a_moment_whose_stated_day_has_passed_keeps_what_it_stands_for(world: World) -> None:
    """On Ascension Day, after nine: the bridge day is not evaluated apart from the Monday that stands for it."""
    world.by_administrator(Close((date(2024, 5, 10),), {}))
    both = ("2024-05-09", "2024-05-10")
    decided(world, *both, roll="next", start=date(2024, 1, 8))
    monday = named(world, "2024-05-09")
    assert (monday["due_date"], '"also":["2024-05-10"]' in monday["moved"]) == ("2024-05-13", True)
    world.go_to(morning(date(2024, 5, 9)) + timedelta(hours=1))
    world.sweep()
    decided(world, *both, "2024-06-03", roll="none", start=date(2024, 1, 8))
    assert of_schedule(world) == {"2024-05-09": "2024-05-13", "2024-06-03": "2024-06-03"}
    assert named(world, "2024-05-09") == monday
