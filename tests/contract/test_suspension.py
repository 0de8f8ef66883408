"""A suspended plan: its dates are kept, released when it resumes, and enforced then, with both instants."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from pdca.plans import deadlines
from scheduler.sweep import SweepCounts
from tests.contract import edits
from tests.contract.world import MOMENTS, WAYS, World, codes, morning
from workflows.definition import load
from workflows.instants import to_text

BACK = date(2024, 5, 2)


@pytest.mark.parametrize("state", ["plan", "do", "check", "adjust"])
def test_suspending_keeps_every_date_and_resuming_gives_the_state_and_the_dates_back(world: World, state: str) -> None:
    world.take(*WAYS[state])
    waiting, before = world.waiting(), world.plan()
    held = [name for name, status in world.deadlines().items() if status == "pending"]
    world.take("suspend")
    assert world.waiting() == {}
    assert [world.deadlines()[name] for name in held] == ["held"] * len(held)
    assert world.plan()["resume_state"] == state
    assert {world.evaluation(name)["status"] for name in ("E-102", "E-103")} == {"planned"}
    world.go_to(date(2024, 1, 12))
    world.take("resume")
    plan = world.plan()
    assert (plan["state"], plan["resume_state"], plan["cycle"]) == (state, None, before["cycle"])
    assert world.waiting() == waiting


def test_nothing_of_a_suspended_plan_falls_due(world: World) -> None:
    world.take("suspend")
    assert world.sweep_on(date(2025, 12, 1)) == SweepCounts()
    assert world.evaluation("E-101")["status"] == "planned"


def test_an_evaluation_whose_date_passed_in_suspension_is_opened_on_resuming_and_with_both_instants(
    world: World,
) -> None:
    world.take("start", "suspend")
    world.go_to(BACK)
    world.take("resume")
    assert world.sweep() == SweepCounts(enforced=1)
    event = world.last_event()
    assert (event["trigger"], event["key"]) == ("evaluate", "E-101#0")
    assert (event["at"], event["due_at"]) == (to_text(morning(BACK)), to_text(morning(MOMENTS[0])))
    assert world.plan()["state"] == "check"
    assert world.waiting()["record"] == morning(BACK + timedelta(days=14))


def test_two_evaluations_whose_dates_passed_in_suspension_are_one(world: World) -> None:
    world.take("start", "suspend")
    world.go_to(morning(MOMENTS[1]) + timedelta(days=30))
    world.take("resume")
    assert world.sweep() == SweepCounts(enforced=2)
    assert world.evaluation("E-101")["status"] == "open"
    moment = world.evaluation("E-102")
    assert (moment["status"], moment["missed_because"]) == ("missed", "one_with_previous")


def test_an_evaluation_whose_date_passed_in_suspension_is_missed_when_the_plan_had_not_started(world: World) -> None:
    world.take("suspend")
    world.go_to(BACK)
    world.take("resume")
    world.sweep()
    assert (world.evaluation("E-101")["status"], world.evaluation("E-101")["missed_because"]) == (
        "missed",
        "not_started",
    )


def test_resuming_leads_nowhere_else_than_back(world: World) -> None:
    world.take("start", "suspend")
    for trigger in ("start", "evaluate", "conclude", "close", "suspend"):
        assert codes(world.advance(trigger)) == ["not-possible"]
    world.take("resume")
    assert world.plan()["state"] == "do"


def test_a_plan_whose_evaluation_is_recorded_in_suspension_is_not_forgotten_when_it_resumes(world: World) -> None:
    world.take("start", "evaluate", "suspend")
    world.take("record")
    assert world.waiting() == {}
    world.take("resume")
    assert world.plan()["state"] == "check"
    assert set(world.waiting()) == {"decide", "E-102", "E-103"}
    world.take("conclude")


def test_the_whole_ladder_told_before_a_suspension_is_not_told_again_after_it(world: World) -> None:
    world.climb(date(2024, 2, 7))
    assert world.deadlines()["P-001/start/1"] == "overdue"
    world.take("suspend")
    assert world.deadlines()["P-001/start/1"] == "held"
    world.take("resume")
    assert world.deadlines()["P-001/start/1"] == "overdue"
    assert world.sweep() == SweepCounts()


def test_an_evaluation_set_while_the_plan_rests_waits_until_the_plan_runs_again(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    world.take(*WAYS["suspended"])
    moment = {"date": "2024-06-03", "kind": "extra"}
    assert edits.edit(world, "sofie", lambda plan: plan["evaluations"].append(moment)).refusal == ()
    assert world.waiting() == {}
    assert world.sweep_on(date(2024, 6, 3)).enforced == 0
    [added] = [row for row in world.dump()["evaluation"] if row["stated_date"] == "2024-06-03"]
    assert added["status"] == "planned"
    assert world.advance("resume").refusal == ()
    assert world.waiting()[added["evaluation_id"]] == morning(date(2024, 6, 3))


@pytest.mark.parametrize(("step", "status"), [(0, "pending"), (1, "overdue")])
def test_by_a_method_without_a_ladder_what_was_held_still_falls_due(step: int, status: str) -> None:
    row = {"deadline_id": "E-101", "status": "held", "step": step, "error": None}
    [change] = deadlines.released(replace(load("zvp"), ladder=()), [row], frozenset())
    assert change.set["status"] == status
