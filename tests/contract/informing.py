"""What the project group of the seeded plan decides about informing others, and what comes of it."""

from datetime import date
from typing import Any, Final

from pdca.engine import Outcome
from pdca.schedules.inform import SetInformation
from pdca.schedules.manner import Manner
from pdca.store.driver import Row
from pdca.store.reads import information
from tests.contract.decisions import wish
from tests.contract.world import MOTIVE, PLAN, World, codes

PARTNER: Final = "transport"
DAY: Final = date(2024, 3, 4)
"""A Monday on which nothing else falls due."""


def decide(
    world: World,
    *dates: str,
    party: str = PARTNER,
    by: str = "sofie",
    method: str = "mail",
    manner: dict[str, Any] | None = None,
    **other: Any,  # noqa: ANN401 - any field of a wish
) -> Outcome:
    command = SetInformation(PLAN, party, Manner(method, **(manner or {})), wish(*dates, **other), MOTIVE)
    return world.by(by, command)


def decided(world: World, *dates: str, **other: Any) -> Outcome:  # noqa: ANN401 - as `decide`
    outcome = decide(world, *dates, **other)
    assert outcome.refusal == (), codes(outcome)
    return outcome


def moments(world: World, party: str = PARTNER, status: str = "planned") -> dict[str, str]:
    """The moments of a party that stand by a decision: stated date -> the day they fall on."""
    rows = world.rows(information.MOMENTS, plan_id=PLAN, party_id=party)
    return {row["stated_date"]: row["due_date"] for row in rows if row["status"] == status}


def moment(world: World, stated: str, party: str = PARTNER) -> Row:
    rows = world.rows(information.MOMENTS, plan_id=PLAN, party_id=party)
    return next(row for row in rows if row["stated_date"] == stated)


def reports(world: World) -> list[Row]:
    return world.rows(information.REPORTS, plan_id=PLAN)


def report(world: World) -> Row:
    return reports(world)[-1]


def receipts(world: World, report_id: str) -> list[Row]:
    return world.rows(information.RECEIPTS_OF_REPORT, report_id=report_id)
