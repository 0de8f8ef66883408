"""What a step asks for, and that it names everything of it that is not there."""

import pytest

from pdca import methods
from pdca.actor import Actor
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt, gather, gathered
from tests import seed
from tests.contract.world import (
    BARE,
    MOMENTS,
    MOTIVE,
    PLAN,
    WATCH_DAY,
    WATCHED,
    WAYS,
    World,
    bare,
    codes,
    nothing_but_the_refusal,
)
from workflows import machine


def test_an_empty_plan_is_told_everything_it_lacks_at_once(world: World) -> None:
    bare(world)
    before = world.dump()
    outcome = world.by("marc", Advance(BARE, "start"))
    expected = [
        "not-allowed",
        "objective-not-retained",
        *["rubric-empty"] * 8,
        "group-without-lead",
        "group-too-few-disciplines",
        "no-activity",
        "no-indicator",
        "no-evaluation-moment",
        "no-information-schedule",
        "mmm-without-perimeter",
        "mmm-too-few-phenomena",
        "mmm-too-few-partners",
        "not-approved",
    ]
    assert codes(outcome) == expected
    assert world.last_event(BARE)["refused"] == expected
    assert nothing_but_the_refusal(before, world.dump())


@pytest.mark.parametrize("state", sorted(WAYS))
def test_what_is_read_for_one_step_judges_it_as_all_that_is_known(world: World, state: str) -> None:
    bare(world)
    world.take(*WAYS[state])
    actor, now, attempt = Actor("U-003", "member", "cli"), world.clock.now(), Attempt(MOTIVE)
    for plan_id in (PLAN, BARE):
        plan = world.plan(plan_id)
        definition = methods.of_plan(world.reading, plan)
        every = gather(world.reading, plan, now, actor, attempt)
        for trigger in machine.possible(definition, plan["state"]):
            facts = gathered(world.reading, plan, now, actor, definition, trigger, attempt).facts
            assert machine.step(definition, facts, trigger) == machine.step(definition, every, trigger)


@pytest.mark.parametrize(
    ("state", "triggers"),
    [
        ("adjust", ("replan", "continue", "close", "suspend")),
        ("daily_operations", ("reopen",)),
        ("suspended", ("resume",)),
    ],
)
def test_a_decision_without_a_motive_is_refused(world: World, state: str, triggers: tuple[str, ...]) -> None:
    world.take(*WAYS[state])
    for trigger in triggers:
        world.approve_if_needed(trigger)
        for reason in (None, "", "  \n"):
            assert codes(world.by("sofie", Advance(PLAN, trigger, attempt=Attempt(reason)))) == ["no-motive"]
    assert world.plan()["state"] == state


def test_embedding_needs_a_motive_what_is_watched_and_a_day_to_come_all_named_at_once(world: World) -> None:
    world.take(*WAYS["adjust"])
    world.approve("embed")
    assert codes(world.by("sofie", Advance(PLAN, "embed"))) == ["no-motive", "no-watch", "no-watch-date"]
    today = Attempt(MOTIVE, WATCHED, seed.START.date())
    assert codes(world.by("sofie", Advance(PLAN, "embed", attempt=today))) == ["watch-date-past"]
    world.take("embed")
    plan = world.plan()
    assert (plan["watch"], plan["watch_again"]) == (WATCHED, WATCH_DAY.isoformat())


def test_starting_needs_an_evaluation_still_to_come(world: World) -> None:
    world.go_to(MOMENTS[0])
    assert codes(world.advance("start")) == ["evaluation-moment-past"]
    world.sweep()
    world.take("start")


def test_continuing_needs_an_evaluation_still_to_come_and_replanning_does_not(world: World) -> None:
    for number in (1, 2, 3):
        world.take("start" if number == 1 else "continue", "evaluate", "record", "conclude")
    assert codes(world.advance("continue")) == ["no-evaluation-moment"]
    world.take("replan")
    assert (world.plan()["state"], world.plan()["cycle"]) == ("plan", 4)


def test_an_evaluation_is_concluded_only_once_it_is_recorded(world: World) -> None:
    world.take("start", "evaluate")
    assert codes(world.advance("conclude")) == [
        "evaluation-not-recorded",
        "no-verdict",
        "no-process-findings",
        "no-effect-findings",
        "no-attribution",
        "no-evidence",
        "no-deployed-capacity",
        "indicator-unaccounted",
    ]
    world.take("record", "conclude")
