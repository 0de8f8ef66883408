"""What a project group decides about its moments takes the reminders of its evaluations along."""

from datetime import date, datetime, timedelta

from pdca.evaluations.decide_reminding import DecideReminding
from pdca.plans.reminding import Terms
from pdca.schedules.calendar import Close
from pdca.store.driver import Row, Statement
from pdca.store.reads import evaluations
from tests.contract.decisions import decided
from tests.contract.world import MOTIVE, PLAN, World, morning
from workflows.instants import from_text

SENT = Statement("test_reminded", "SELECT evaluation_id FROM notification WHERE kind = 'evaluation.reminded'")


def reminder(world: World, stated: str) -> Row:
    """The deadline for the reminders of the evaluation of a stated day."""
    rows = world.rows(evaluations.OF_PLAN, plan_id=PLAN)
    [name] = [row["evaluation_id"] for row in rows if row["stated_date"] == stated]
    return world.deadline(f"{PLAN}/reminder/{name}")


def weeks_before(day: date) -> datetime:
    return morning(day - timedelta(days=7))


def test_what_a_decision_makes_is_reminded_of_by_what_the_group_decided(world: World) -> None:
    world.take("start")
    world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(lead_days=(7,))))
    decided(world, "2024-04-04")
    row = reminder(world, "2024-04-04")
    assert (row["status"], from_text(row["due_at"])) == ("pending", weeks_before(date(2024, 4, 4)))
    before = len(world.rows(SENT))
    world.sweep_on(weeks_before(date(2024, 4, 4)))
    assert {one["evaluation_id"] for one in world.rows(SENT)[before:]} == {row["evaluation_id"]}


def test_what_a_decision_cancels_is_not_reminded_of_until_it_is_taken_up_again(world: World) -> None:
    world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(lead_days=(7,))))
    decided(world, "2025-04-03", "2025-05-01")
    decided(world, "2025-05-01")
    assert reminder(world, "2025-04-03")["status"] == "void"
    decided(world, "2025-04-03")
    row = reminder(world, "2025-04-03")
    assert (row["status"], row["done_at"], from_text(row["due_at"])) == (
        "pending",
        None,
        weeks_before(date(2025, 4, 3)),
    )


def test_what_moves_because_of_a_closing_day_is_reminded_of_before_its_other_day(world: World) -> None:
    world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(lead_days=(7,))))
    decided(world, "2025-04-03", roll="next")
    assert from_text(reminder(world, "2025-04-03")["due_at"]) == weeks_before(date(2025, 4, 3))
    world.by_administrator(Close((date(2025, 4, 3),), {}))
    assert from_text(reminder(world, "2025-04-03")["due_at"]) == weeks_before(date(2025, 4, 4))


def test_in_another_zone_it_is_reminded_of_so_many_days_before_its_instant(world: World) -> None:
    world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(lead_days=(7,))))
    decided(world, "2025-05-15", zone="Pacific/Kiritimati")
    row = reminder(world, "2025-05-15")
    [evaluation] = [one for one in world.rows(evaluations.OF_PLAN, plan_id=PLAN) if one["stated_date"] == "2025-05-15"]
    assert from_text(evaluation["due_at"]) - from_text(row["due_at"]) == timedelta(days=7)
