"""What waits and nobody needs any more is not sent: what was recorded, answered, looked at or approved meanwhile."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from pdca.cycles.follow_up import AnswerFollowUp, RaiseFollowUp
from pdca.evaluations.extend import ApproveExtension, RequestExtension, WithdrawExtension
from pdca.information.approve import ApproveReport
from pdca.information.prepare import PrepareReport
from pdca.people.wishes import SetWishes
from pdca.plans.ask_approval import AskApproval
from pdca.plans.watch import LookAgain
from pdca.programme.day import SetEvaluationDay
from pdca.programme.evaluation import AddEvaluation
from pdca.programme.extend import (
    ApproveProgrammeExtension,
    RequestProgrammeExtension,
    WithdrawProgrammeExtension,
)
from pdca.store.driver import Row
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_once
from tests.contract import edits, informing
from tests.contract.world import MOMENTS, MOTIVE, PLAN, WATCH_DAY, World

DUE = date(2024, 3, 18)


def told(world: World, kind: str) -> list[Row]:
    return [row for row in world.dump()["notification"] if row["kind"] == kind]


def became(world: World, kind: str, folder: Path) -> set[str]:
    """Deliver what is due, and say what became of the messages of a kind."""
    assert told(world, kind)
    run_once(world.house, FileChannel(folder), limit=1_000)
    return {row["status"] for row in told(world, kind)}


@pytest.mark.parametrize(("steps", "status"), [((), "sent"), (("record",), "lapsed")])
def test_who_was_not_told_yet_that_an_evaluation_is_open_is_told_only_while_it_is(
    world: World, tmp_path: Path, steps: tuple[str, ...], status: str
) -> None:
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.take(*steps)
    assert became(world, "evaluation.opened", tmp_path) == {status}


def test_a_digest_does_not_ask_to_record_what_was_recorded_before_it_goes(world: World, tmp_path: Path) -> None:
    world.by("sofie", SetWishes("sofie", {"digest": "weekly", "weekday": 4}))
    world.take("start")
    world.sweep_on(MOMENTS[0])
    run_once(world.house, FileChannel(tmp_path / "others"), limit=1_000)
    world.take("record")
    world.go_to(date(2024, 4, 13))
    run_once(world.house, FileChannel(tmp_path / "digest"), limit=1_000)
    of_sofie = {
        row["kind"]: row["status"]
        for row in world.dump()["notification"]
        if row["person_id"] == world.person_id("sofie")
    }
    assert (of_sofie["evaluation.opened"], of_sofie["evaluation.recorded"]) == ("lapsed", "sent")


@pytest.mark.parametrize(("answered", "status"), [(False, "sent"), (True, "lapsed")])
def test_a_follow_up_that_was_answered_is_not_told_to_fall_due(
    world: World, tmp_path: Path, *, answered: bool, status: str
) -> None:
    world.take("start")
    raised = world.by("sofie", RaiseFollowUp(PLAN, "De buurt bevragen.", "chief", DUE)).summary["follow_up"]
    world.sweep_on(DUE)
    if answered:
        world.by("sofie", AnswerFollowUp(str(raised), "done", MOTIVE))
    assert became(world, "followup.due", tmp_path) == {status}


@pytest.mark.parametrize(("looked", "status"), [(False, "sent"), (True, "lapsed")])
def test_a_plan_that_was_looked_at_again_is_not_told_to_be_looked_at(
    world: World, tmp_path: Path, *, looked: bool, status: str
) -> None:
    world.take("start", "evaluate", "record", "conclude", "embed")
    world.sweep_on(WATCH_DAY)
    if looked:
        world.by("sofie", LookAgain(PLAN, date(2027, 1, 4), MOTIVE))
    assert became(world, "plan.watch_due", tmp_path) == {status}


@pytest.mark.parametrize(("done", "statuses"), [("", {"sent"}), ("approved", {"lapsed"}), ("anew", {"lapsed", "sent"})])
def test_a_report_that_needs_no_approval_any_more_is_not_told_to_wait_for_it(
    world: World, tmp_path: Path, done: str, statuses: set[str]
) -> None:
    informing.decided(world, informing.DAY.isoformat())
    world.take("start")
    world.sweep_on(informing.DAY)
    if done == "approved":
        world.by("sofie", ApproveReport(informing.report(world)["report_id"]))
    if done == "anew":
        world.by("marc", PrepareReport(informing.report(world)["information_id"]))
    assert became(world, "information.prepared", tmp_path) == statuses


@pytest.mark.parametrize(("purpose", "status"), [("", "sent"), ("start", "lapsed")])
def test_a_plan_that_was_approved_is_not_told_to_wait_for_it(
    world: World, tmp_path: Path, purpose: str, status: str
) -> None:
    world.by("sofie", edits.plan(title=edits.TITLE))
    world.by("sofie", AskApproval(PLAN, "start", MOTIVE, ("lea",)))
    if purpose:
        world.approve(purpose)
    assert became(world, "plan.approval_asked", tmp_path) == {status}


@pytest.mark.parametrize(("done", "status"), [("", "sent"), ("approved", "lapsed"), ("withdrawn", "lapsed")])
def test_another_date_that_was_settled_is_not_told_to_be_asked_for(
    world: World, tmp_path: Path, done: str, status: str
) -> None:
    world.take("start")
    world.by("sofie", RequestExtension("E-101", MOMENTS[0] + timedelta(days=14), MOTIVE))
    if done == "approved":
        assert world.by("marc", ApproveExtension("E-101", MOTIVE)).refusal == ()
    if done == "withdrawn":
        assert world.by("sofie", WithdrawExtension("E-101", MOTIVE)).refusal == ()
    assert became(world, "evaluation.extension_asked", tmp_path) == {status}


@pytest.mark.parametrize(
    ("done", "status"), [("", "sent"), ("approved", "lapsed"), ("withdrawn", "lapsed"), ("another", "lapsed")]
)
def test_another_day_for_a_programme_that_was_settled_is_not_told_to_be_asked_for(
    world: World, tmp_path: Path, done: str, status: str
) -> None:
    world.by_administrator(AddEvaluation("zvp-test", "yearly", "2024", "2025-02"))
    yearly = "zvp-test/yearly-2024"
    assert world.by("karel", RequestProgrammeExtension(yearly, "2025-04", MOTIVE)).refusal == ()
    if done == "approved":
        assert world.by("lea", ApproveProgrammeExtension(yearly, MOTIVE)).refusal == ()
    if done == "withdrawn":
        assert world.by("karel", WithdrawProgrammeExtension(yearly, MOTIVE)).refusal == ()
    if done == "another":
        assert world.by_administrator(SetEvaluationDay(yearly, "2025-01", MOTIVE)).refusal == ()
    assert became(world, "programme.evaluation_extension_asked", tmp_path) == {status}


def test_one_that_still_waits_is_told_though_another_was_settled_that_was_asked_at_the_same_instant(
    world: World, tmp_path: Path
) -> None:
    for year in ("2024", "2025"):
        world.by_administrator(AddEvaluation("zvp-test", "yearly", year, f"{year}-12"))
        world.by("karel", RequestProgrammeExtension(f"zvp-test/yearly-{year}", f"{int(year) + 1}-01", MOTIVE))
    world.by("lea", ApproveProgrammeExtension("zvp-test/yearly-2024", MOTIVE))
    assert became(world, "programme.evaluation_extension_asked", tmp_path) == {"lapsed", "sent"}
