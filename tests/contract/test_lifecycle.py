"""Every row of the lifecycle table (DOMAIN, "Lifecycle"): what an allowed step writes, and what a refused one does not.

The days: the plan begins on 8 January 2024, its evaluations are on 8 April, 8 October and 8 April 2025, all at nine.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import pytest

from pdca.errors import NotFound, PdcaError, Usage
from pdca.exchange.importer import ImportDocument
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from tests import seed
from tests.contract.world import (
    MOMENTS,
    MOTIVE,
    PLAN,
    WATCH_DAY,
    WATCHED,
    WAYS,
    World,
    codes,
    morning,
    nothing_but_the_refusal,
    untouched,
)
from workflows.instants import to_text
from workflows.schedule import due_instant

TRIGGERS: Final = (
    "start",
    "evaluate",
    "conclude",
    "replan",
    "continue",
    "close",
    "embed",
    "reopen",
    "suspend",
    "resume",
)
LATER: Final = datetime(2024, 1, 20, 13, 30, tzinfo=UTC)
PLANNED: Final = {f"E-10{number}": morning(day) for number, day in enumerate(MOMENTS, 1)}
REST: Final = {name: due for name, due in PLANNED.items() if name != "E-101"}
START_BY: Final = {"start": morning(date(2024, 2, 7))}
START_AGAIN_BY: Final = {"start": morning(date(2024, 2, 19))}
RECORD_BY: Final = {"record": morning(date(2024, 2, 3))}
DECIDE_BY: Final = {"decide": morning(date(2024, 2, 19))}


@dataclass(frozen=True)
class Step:
    """A row of the table: the state before and after, the cycle after, and the deadlines that wait afterwards."""

    before: str
    trigger: str
    after: str
    waiting: dict[str, datetime]
    cycle: int = 1
    ended: tuple[str, ...] = ()
    evaluation: str | None = None


STEPS: Final = (
    Step("plan", "start", "do", PLANNED, ended=("P-001/start/1",)),
    Step("do", "evaluate", "check", REST | RECORD_BY, ended=("E-101",), evaluation="E-101"),
    Step("check", "conclude", "adjust", REST | DECIDE_BY, ended=("P-001/decide/4",), evaluation="E-101"),
    Step("adjust", "replan", "plan", REST | START_AGAIN_BY, 2, ended=("P-001/decide/5",), evaluation="E-101"),
    Step("adjust", "continue", "do", REST, 2, ended=("P-001/decide/5",), evaluation="E-101"),
    Step("adjust", "close", "closed", {}, ended=("E-102", "E-103", "P-001/decide/5"), evaluation="E-101"),
    Step(
        "adjust",
        "embed",
        "daily_operations",
        {"watch": morning(WATCH_DAY)},
        ended=("E-102", "E-103", "P-001/decide/5"),
        evaluation="E-101",
    ),
    Step("daily_operations", "reopen", "plan", START_AGAIN_BY, cycle=2, ended=("P-001/watch/7",), evaluation="E-101"),
    Step("plan", "suspend", "suspended", {}),
    Step("do", "suspend", "suspended", {}),
    Step("check", "suspend", "suspended", {}, evaluation="E-101"),
    Step("adjust", "suspend", "suspended", {}, evaluation="E-101"),
    Step("suspended", "resume", "do", PLANNED),
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.trigger} from {step.before}")
def test_an_allowed_step_writes_state_event_and_deadlines(world: World, step: Step) -> None:
    world.take(*WAYS[step.before])
    world.approve_if_needed(step.trigger)
    before = world.plan()
    world.go_to(LATER)
    named = Advance(PLAN, to=step.after, attempt=Attempt(MOTIVE, WATCHED, WATCH_DAY))
    by_its_state = world.by("sofie", named, dry_run=True)
    assert world.plan() == before
    outcome = world.advance(step.trigger)
    now = to_text(LATER)
    after = world.plan()
    assert (after["state"], after["cycle"], after["state_since"]) == (step.after, step.cycle, now)
    assert after["version"] == before["version"] + 1
    assert world.waiting() == step.waiting
    assert [world.deadline(name)["status"] for name in step.ended] == ["void"] * len(step.ended)
    assert all(world.deadline(name)["done_at"] == now for name in step.ended)
    event = world.last_event()
    assert event["kind"] == "plan.advanced"
    assert (event["trigger"], event["from"], event["to"]) == (step.trigger, step.before, step.after)
    assert (event["actor"], event["source"], event["reason"]) == (world.person_id("sofie"), "cli", MOTIVE)
    assert (event["at"], event["plan"], event["evaluation"]) == (now, PLAN, step.evaluation)
    assert (event["refused"], event["key"], event["due_at"], event["on_behalf_of"]) == (None, None, None, None)
    assert outcome.summary == {
        "plan": PLAN,
        "trigger": step.trigger,
        "from_state": step.before,
        "to_state": step.after,
        "cycle": step.cycle,
        "evaluation": step.evaluation,
    }
    assert by_its_state.summary == outcome.summary
    assert len(outcome.events) == 1


@pytest.mark.parametrize("state", WAYS)
def test_whatever_is_not_in_the_table_is_refused_and_logged_and_changes_nothing(world: World, state: str) -> None:
    world.take(*WAYS[state])
    allowed = {step.trigger for step in STEPS if step.before == state}
    for trigger in TRIGGERS:
        if trigger in allowed:
            continue
        before, version = world.dump(), world.plan()["version"]
        outcome = world.advance(trigger)
        assert codes(outcome) == ["not-possible"]
        assert nothing_but_the_refusal(before, world.dump())
        assert world.plan()["version"] == version + 1
        event = world.last_event()
        assert (event["kind"], event["trigger"], event["from"]) == ("plan.refused", trigger, state)
        assert (event["to"], event["refused"], event["reason"]) == (None, ["not-possible"], MOTIVE)


@pytest.mark.parametrize("state", [state for state in WAYS if state != "closed"])
def test_a_step_belongs_to_the_lead_of_the_plan_and_to_nobody_else(world: World, state: str) -> None:
    world.take(*WAYS[state])
    for trigger in sorted({step.trigger for step in STEPS if step.before == state}):
        world.approve_if_needed(trigger)
        command = Advance(PLAN, trigger, attempt=Attempt(MOTIVE, WATCHED, WATCH_DAY))
        for handle in ("marc", "anna", "karel"):
            assert codes(world.by(handle, command)) == ["not-allowed"]
        assert codes(world.by_administrator(command)) == ["not-allowed"]
        assert world.last_event()["actor"] == "U-001"
        if trigger != "evaluate":
            assert codes(seed.by_scheduler(world.house, command)) == ["not-allowed"]
            assert world.last_event()["actor"] == "scheduler"
    assert world.plan()["state"] == state


def test_a_state_that_nothing_leads_to_is_refused_and_the_log_names_it_as_the_state_it_is(world: World) -> None:
    before = world.dump()
    outcome = world.by("sofie", Advance(PLAN, to="closed", attempt=Attempt(MOTIVE)))
    assert codes(outcome) == ["no-way"]
    assert nothing_but_the_refusal(before, world.dump())
    event = world.last_event()
    assert (event["trigger"], event["from"], event["to"], event["refused"]) == (None, "plan", "closed", ["no-way"])


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (Advance("P-009", "start"), NotFound, "plan-unknown"),
        (Advance(PLAN, "to_closed"), Usage, "trigger-unknown"),
        (Advance(PLAN, to="nowhere"), Usage, "state-unknown"),
        (Advance(PLAN), Usage, "state-unknown"),
    ],
)
def test_what_does_not_exist_is_an_error_that_leaves_no_trace(
    world: World, command: Advance, kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by("sofie", command)


def test_the_lead_opens_the_next_evaluation_before_its_day(world: World) -> None:
    world.take("start")
    world.go_to(LATER)
    world.take("evaluate")
    moment = world.evaluation("E-101")
    assert (moment["status"], moment["opened_at"], moment["cycle"]) == ("open", to_text(LATER), 1)
    assert world.evaluation("E-102")["status"] == "planned"
    assert world.deadline("E-101")["status"] == "void"
    assert world.sweep_on(MOMENTS[0]).enforced == 1
    assert [event["kind"] for event in world.events() if event["evaluation"] == "E-101"].count("plan.advanced") == 1


def test_the_lead_may_open_an_evaluation_whose_hour_has_come_before_the_scheduler_does(world: World) -> None:
    world.take("start")
    world.go_to(MOMENTS[0])
    world.take("evaluate")
    assert world.deadline("E-101")["status"] == "done"
    assert world.sweep().enforced == 0


def test_cycles_are_numbered_and_each_has_its_own_evaluation(world: World) -> None:
    world.take("start", "evaluate", "record", "conclude", "continue")
    assert (world.plan()["state"], world.plan()["cycle"]) == ("do", 2)
    world.take("evaluate")
    assert "evaluation-not-recorded" in codes(world.advance("conclude"))
    world.take("record", "conclude", "replan")
    assert (world.plan()["state"], world.plan()["cycle"]) == ("plan", 3)
    world.take("start", "evaluate", "record", "conclude", "close")
    assert world.plan()["cycle"] == 3
    assert [world.evaluation(name)["cycle"] for name in PLANNED] == [1, 2, 3]


@pytest.mark.parametrize("ending", ["close", "embed"])
def test_the_end_cancels_the_evaluations_to_come_and_nothing_of_them_falls_due(world: World, ending: str) -> None:
    world.take(*WAYS["adjust"], ending)
    assert [world.evaluation(name)["status"] for name in PLANNED] == ["recorded", "cancelled", "cancelled"]
    assert {world.deadlines()[name] for name in REST} == {"void"}
    assert world.sweep_on(WATCH_DAY - timedelta(days=1)).enforced == 0


def test_what_went_to_daily_operations_is_looked_at_again_on_its_day_once(world: World) -> None:
    world.take(*WAYS["daily_operations"])
    world.go_to(morning(WATCH_DAY) - timedelta(microseconds=1))
    assert world.sweep().enforced == 0
    assert world.sweep_on(WATCH_DAY).enforced == 1
    event = world.last_event()
    assert (event["kind"], event["actor"], event["key"]) == ("plan.watch_due", "scheduler", "P-001/watch/7#0")
    assert event["at"] == event["due_at"] == to_text(morning(WATCH_DAY))
    assert world.told(event["seq"]) == {"sofie": "lead", "marc": "group"}
    assert world.deadline("P-001/watch/7")["status"] == "pending"
    assert world.plan()["state"] == "daily_operations"
    assert world.sweep().enforced == 0
    world.take("reopen")
    assert world.waiting() == {"start": morning(WATCH_DAY + timedelta(days=30))}


def test_a_plan_that_was_reopened_goes_through_the_same_states_again(world: World) -> None:
    world.take(*WAYS["daily_operations"], "reopen")
    assert codes(world.advance("start")) == ["no-evaluation-moment", "not-approved"]
    world.by_administrator(seed.Moment(PLAN, "E-201", date(2024, 6, 3)))
    world.take("start")
    assert world.sweep_on(date(2024, 6, 3)).enforced == 1
    world.take("record", "conclude", "close")
    assert world.evaluation("E-201")["status"] == "recorded"


def test_the_people_of_the_plan_are_told_of_a_step_except_who_took_it(world: World) -> None:
    world.take("start")
    assert world.told(world.last_event()["seq"]) == {"marc": "group"}
    world.take("evaluate")
    assert world.told(world.last_event()["seq"]) == {"marc": "group", "anna": "stakeholders"}


def test_a_step_tells_whoever_holds_a_function_on_the_local_day(world: World) -> None:
    """An appointment counts from a local date: from midnight in the zone, when in UTC it is still the day before."""
    world.take("start")
    newcomer = seed.Somebody("nora", "Nora Nieuw", party="investigation")
    world.by_administrator(seed.adding(newcomer, date(2024, 1, 21)))
    world.go_to(datetime(2024, 1, 20, 22, 59, tzinfo=UTC))
    world.take("suspend")
    assert world.told(world.last_event()["seq"]) == {"marc": "group"}
    world.go_to(datetime(2024, 1, 20, 23, 0, tzinfo=UTC))
    world.take("resume")
    assert world.told(world.last_event()["seq"]) == {"marc": "group", "nora": "group"}


def test_partners_are_not_told_of_a_restricted_plan(world: World) -> None:
    seed.plan(world.house, "P-002", people=(), restricted=True)
    world.advance("start", plan_id="P-002")
    world.advance("evaluate", plan_id="P-002")
    assert world.plan("P-002")["state"] == "check"
    assert world.told(world.last_event("P-002")["seq"], "P-002") == {"marc": "group"}


def test_a_dry_run_says_what_would_happen_and_leaves_everything(world: World) -> None:
    before = world.dump()
    command = Advance(PLAN, "start", attempt=Attempt(MOTIVE))
    tried = world.by("sofie", command, dry_run=True)
    assert world.dump() == before
    done = world.by("sofie", command)
    assert tried.summary == done.summary
    refused = world.by("marc", command, dry_run=True)
    assert refused.refusal
    assert world.last_event()["kind"] == "plan.advanced"


def test_a_login_that_nobody_has_may_only_read(world: World) -> None:
    stranger = replace(world.house, as_person="nobody")
    before = world.dump()
    with pytest.raises(NotFound):
        stranger.apply(Advance(PLAN, "start"))
    assert world.dump() == before


def test_a_plan_of_another_method_goes_its_own_way_and_is_enforced_in_the_same_manner(world: World) -> None:
    """Plan-Do-Study-Act has other states, triggers and days, and evaluates at noon."""
    document = seed.document(method="pdsa", evaluations=["2024-02-12", "2024-06-03"])
    plan_id = world.by_administrator(ImportDocument(document)).summary["plans"]["AP-1"]
    assert world.waiting(plan_id)["start"] == due_instant(date(2024, 1, 22), time(12), seed.ZONE)
    assert codes(world.advance("test", by="marc", plan_id=plan_id)) == ["not-allowed"]
    assert world.advance("test", plan_id=plan_id).refusal == ()
    opened = world.sweep_on(due_instant(date(2024, 2, 12), time(12), seed.ZONE))
    assert opened.enforced == 3  # the other plan has not started, and the reminder lapsed
    assert (world.plan(plan_id)["state"], world.last_event(plan_id)["trigger"]) == ("study", "review")
    evaluation = world.open_evaluation(plan_id)
    assert world.waiting(plan_id)["record"] == due_instant(date(2024, 2, 19), time(12), seed.ZONE)
    assert world.record(evaluation).refusal == ()
    assert world.waiting(plan_id)["decide"] == due_instant(date(2024, 2, 22), time(12), seed.ZONE)
    for trigger, state in (("learn", "act"), ("standardise", "standard_work"), ("retest", "plan")):
        assert world.advance(trigger, plan_id=plan_id).refusal == ()
        assert world.plan(plan_id)["state"] == state
    assert set(world.waiting(plan_id)) == {"start"}


def test_a_plan_whose_period_has_yet_to_begin_is_to_start_within_a_month_of_its_beginning(world: World) -> None:
    document = seed.document(period={"from": "2024-03-01", "to": "2025-12-31"})
    plan_id = world.by_administrator(ImportDocument(document)).summary["plans"]["AP-1"]
    assert world.waiting(plan_id)["start"] == morning(date(2024, 3, 31))


def test_the_days_of_a_deadline_count_from_the_local_day_on_which_the_phase_began(world: World) -> None:
    """Half past eleven in the evening in UTC is the next day already in the zone."""
    world.take("start")
    world.go_to(datetime(2024, 1, 19, 23, 30, tzinfo=UTC))
    world.take("evaluate")
    assert world.waiting()["record"] == morning(date(2024, 2, 3))
