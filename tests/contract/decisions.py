"""What the project group of the seeded plan decides about its moments, and what stands by that."""

from datetime import date
from typing import Any

from pdca.engine import Outcome
from pdca.schedules.decide import SetSchedule
from pdca.schedules.working_out import Wish
from pdca.store.driver import Row
from pdca.store.reads import evaluations
from tests.contract.world import MOTIVE, PLAN, World, codes
from workflows.schedule import parse_stated

YEARLY = "FREQ=YEARLY"
UNTIL = date(2027, 12, 31)


def wish(*dates: str, **other: Any) -> Wish:  # noqa: ANN401 - any field of a wish
    return Wish(**{"dates": tuple(map(parse_stated, dates)), "until": UNTIL, **other})


def decide(world: World, *dates: str, by: str = "sofie", **other: Any) -> Outcome:  # noqa: ANN401 - as `wish`
    return world.by(by, SetSchedule(PLAN, wish(*dates, **other), MOTIVE))


def decided(world: World, *dates: str, **other: Any) -> Outcome:  # noqa: ANN401 - as `wish`
    outcome = decide(world, *dates, **other)
    assert outcome.refusal == (), codes(outcome)
    return outcome


def of_schedule(world: World, status: str = "planned") -> dict[str, str]:
    """The evaluations that stand by a decision: stated date -> the day they fall on."""
    rows = world.rows(evaluations.OF_PLAN, plan_id=PLAN)
    return {
        row["stated_date"]: row["due_date"]
        for row in rows
        if row["schedule_number"] is not None and row["status"] == status
    }


def named(world: World, stated: str) -> Row:
    rows = world.rows(evaluations.OF_PLAN, plan_id=PLAN)
    return next(row for row in rows if row["stated_date"] == stated)
