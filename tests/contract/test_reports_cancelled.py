"""A report that may not leave any more is awaited no longer: its moment ends, and nobody is called about it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca.house import installation
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.report.status import status
from pdca.schedules.inform import SetInformation
from pdca.store.reads import information
from scheduler import deliver, inform
from scheduler.sweep import SweepCounts
from tests.contract import edits
from tests.contract.informing import (
    DAY,
    GRACE,
    PARTNER,
    approve,
    confirmed,
    decided,
    mailed,
    moment,
    moments,
    receipts,
    report,
    reports,
)
from tests.contract.test_prepared_anew import Refusing
from tests.contract.world import MOTIVE, PLAN, World, codes

LATE: Final = DAY + GRACE


@pytest.fixture
def started(world: World) -> World:
    world.take("start")
    return world


def prepared(world: World, method: str = "mail") -> World:
    decided(world, DAY.isoformat(), method=method)
    assert world.sweep_on(DAY) == SweepCounts(enforced=1)
    return world


def stop(world: World) -> None:
    assert codes(world.by("sofie", SetInformation(PLAN, PARTNER, None, None, MOTIVE))) == []


def restrict(world: World) -> None:
    world.by("sofie", edits.plan(restricted=1))


def waits(_world: World, _folder: Path) -> None:
    """It waits to be approved."""


def goes(world: World, _folder: Path) -> None:
    approve(world)


def given_up(world: World, folder: Path) -> None:
    approve(world)
    assert deliver.run_until_done(world.house, lambda _name: Refusing(folder)).dead


def handed_over(world: World, folder: Path) -> None:
    approve(world)
    confirmed(world, folder)


def not_gone(world: World) -> list[object]:
    return list(status(world.reading, installation(world.reading), world.clock.now())["reports_not_gone"])


def climbed(world: World) -> int:
    """How many rungs were climbed about reports that did not arrive."""
    return sum(event["kind"] == "information.overdue" for event in world.events())


STANDS: Final = [
    pytest.param("mail", waits, id="prepared"),
    pytest.param("mail", goes, id="mail"),
    pytest.param("mail", given_up, id="given-up"),
    pytest.param("letter", goes, id="letter"),
    pytest.param("letter", handed_over, id="written"),
    pytest.param("meeting", goes, id="meeting"),
]


@pytest.mark.parametrize(("method", "reach"), STANDS)
def test_once_the_party_is_informed_no_longer_its_report_is_cancelled_and_nothing_climbs(
    started: World, tmp_path: Path, method: str, reach: Callable[[World, Path], None]
) -> None:
    reach(prepared(started, method), tmp_path)
    stop(started)
    assert (report(started)["status"], moments(started, status="cancelled")) == (
        "cancelled",
        {DAY.isoformat(): DAY.isoformat()},
    )
    assert started.deadlines()[report(started)["information_id"]] == "void"
    assert not_gone(started) == []
    assert started.sweep_on(LATE).enforced == 0
    mailed(started, tmp_path)
    assert {row["status"] for row in started.rows(information.MESSAGES, plan_id=PLAN)} <= {"lapsed"}
    assert climbed(started) == 0
    assert list(started.verified().findings) == []


def test_none_is_prepared_once_the_party_is_informed_no_longer_and_it_is_said_why(started: World) -> None:
    prepared(started)
    stop(started)
    again = started.by("marc", PrepareReport(report(started)["information_id"]))
    assert codes(again) == ["moment-not-open", "informed-no-longer"]
    assert len(reports(started)) == 1


def test_a_rung_that_was_climbed_is_the_last_once_the_party_is_informed_no_longer(started: World) -> None:
    prepared(started)
    assert started.sweep_on(LATE).enforced == 1
    assert climbed(started) == 1
    stop(started)
    started.sweep_on(LATE + timedelta(days=60))
    assert climbed(started) == 1


def test_a_moment_that_has_come_and_that_nothing_prepared_yet_is_cancelled_too(started: World) -> None:
    decided(started, DAY.isoformat())
    started.go_to(DAY)
    stop(started)
    assert moment(started, DAY.isoformat())["status"] == "cancelled"
    assert started.sweep_on(DAY).enforced == 0
    assert reports(started) == []


def test_a_report_whose_mails_have_all_left_is_received_although_the_party_is_informed_no_longer(
    started: World, tmp_path: Path
) -> None:
    approve(prepared(started))
    mailed(started, tmp_path)
    stop(started)
    assert report(started)["status"] == "sent"
    assert inform.confirm(started.house) == 1
    assert (report(started)["status"], moment(started, DAY.isoformat())["status"]) == ("informed", "informed")
    assert len(receipts(started, report(started)["report_id"])) == 1


@pytest.mark.parametrize(("method", "reach"), STANDS)
def test_once_the_plan_is_restricted_the_report_is_withheld_where_it_would_be_overdue(
    started: World, tmp_path: Path, method: str, reach: Callable[[World, Path], None]
) -> None:
    reach(prepared(started, method), tmp_path)
    restrict(started)
    assert started.sweep_on(LATE).enforced == 1
    event = started.last_event()
    assert (event["kind"], started.told(event["seq"])) == ("information.withheld", {"sofie": "lead", "marc": "group"})
    assert (report(started)["status"], moment(started, DAY.isoformat())["status"]) == ("cancelled", "withheld")
    assert started.deadlines()[report(started)["information_id"]] == "done"
    assert not_gone(started) == []
    started.sweep_on(LATE + timedelta(days=60))
    assert climbed(started) == 0
    assert codes(started.by("sofie", ApproveReport(report(started)["report_id"])))[0] == "report-cancelled"
    assert list(started.verified().findings) == []


def test_a_report_whose_mails_had_all_left_is_received_although_the_plan_is_restricted(
    started: World, tmp_path: Path
) -> None:
    approve(prepared(started))
    mailed(started, tmp_path)
    restrict(started)
    started.sweep_on(LATE)
    assert report(started)["status"] == "informed"


def test_a_report_that_its_group_sends_although_the_plan_is_restricted_is_overdue(started: World) -> None:
    decided(started, DAY.isoformat(), manner={"although_restricted": True})
    started.sweep_on(DAY)
    restrict(started)
    started.sweep_on(LATE)
    assert (climbed(started), report(started)["status"]) == (1, "prepared")
