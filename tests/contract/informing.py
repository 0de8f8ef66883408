"""What the project group of the seeded plan decides about informing others, and what comes of it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from pdca.engine import Outcome
from pdca.failure import code_of
from pdca.information.approve import ApproveReport
from pdca.schedules.inform import SetInformation
from pdca.schedules.manner import Manner
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from scheduler import deliver, inform
from scheduler.channels.file import FileChannel
from scheduler.sweep import SweepCounts
from tests.contract.decisions import wish
from tests.contract.world import MOTIVE, PLAN, World, codes

PARTNER: Final = "transport"
DAY: Final = date(2024, 3, 4)
"""A Monday on which nothing else falls due."""

GRACE: Final = timedelta(days=7)


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


def running(world: World) -> World:
    """A plan in Do, of which a partner is to be informed by mail on a Monday."""
    decided(world, DAY.isoformat())
    world.take("start")
    return world


def on_the_day(started: World) -> World:
    """The same, on that Monday."""
    assert started.sweep_on(DAY) == SweepCounts(enforced=1)
    return started


def approve(world: World, by: str = "sofie") -> None:
    outcome = world.by(by, ApproveReport(report(world)["report_id"]))
    assert outcome.refusal == (), codes(outcome)


def mailed(world: World, folder: Path) -> None:
    assert deliver.run_until_done(world.house, lambda _name: FileChannel(folder)).done


def confirmed(world: World, folder: Path) -> inform.InformCounts:
    return inform.run_once(world.house, folder, lambda _name: FileChannel(folder))


def kept_back_by(mail: Row) -> str | None:
    """The code of what a mail was given up for, because it kept its report back."""
    assert (mail["status"], code_of(mail["last_error"])) == ("dead", "report-kept-back")
    return code_of(from_json(mail["last_error"])["params"]["reason"])


def by_method(world: World, method: str, **manner: object) -> None:
    """Another decision, by another method, whose moment has come and whose report was approved."""
    decided(world, "2024-03-06", method=method, manner=dict(manner))
    world.sweep_on(date(2024, 3, 6))
    approve(world)
