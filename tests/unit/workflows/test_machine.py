"""What a plan may do, and every reason why not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.unit.workflows.build import ready
from workflows.definition import LANGUAGES, ROLES, Transition, load
from workflows.facts import Facts
from workflows.guards import Need
from workflows.machine import Outcome, Refusal, consider, possible, step, trigger_for
from workflows.method import ROLE_NAMES

ZVP = load("zvp")


def refused(facts: Facts, trigger: str) -> list[str]:
    result = step(ZVP, facts, trigger)
    assert isinstance(result, Refusal)
    assert (result.trigger, result.state) == (trigger, facts.state)
    return [need.code for need in result.needs]


@pytest.mark.parametrize(
    ("source", "trigger", "target", "effects", "cycle"),
    [
        ("plan", "start", "do", ("lock_baseline",), 4),
        ("do", "evaluate", "check", ("open_evaluation",), 4),
        ("check", "conclude", "adjust", ("conclude_evaluation",), 4),
        ("adjust", "replan", "plan", ("next_cycle",), 5),
        ("adjust", "continue", "do", ("next_cycle",), 5),
        ("adjust", "close", "closed", ("end",), 4),
        ("adjust", "embed", "daily_operations", ("set_watch", "end"), 4),
        ("daily_operations", "reopen", "plan", ("next_cycle",), 5),
        ("check", "suspend", "suspended", ("hold_deadlines",), 4),
        ("suspended", "resume", "do", ("release_deadlines",), 4),
    ],
)
def test_a_plan_that_lacks_nothing_moves(
    source: str, trigger: str, target: str, effects: tuple[str, ...], cycle: int
) -> None:
    assert step(ZVP, ready(source, cycle=4), trigger) == Outcome(trigger, source, target, effects, cycle)


@pytest.mark.parametrize("state", ["plan", "do", "check", "adjust"])
def test_a_suspended_plan_resumes_where_it_was(state: str) -> None:
    result = step(ZVP, ready("suspended", resume_state=state), "resume")
    assert isinstance(result, Outcome)
    assert result.target == state


@pytest.mark.parametrize("state", [None, "closed", "suspended", "nowhere"])
def test_resuming_to_no_running_state_is_refused_with_all_other_needs(state: str | None) -> None:
    facts = ready("suspended", resume_state=state, reason="", actor_roles=frozenset())
    assert refused(facts, "resume") == ["no-resume-state", "not-allowed", "no-motive"]


def test_each_need_of_a_resumption_is_named_once() -> None:
    assert refused(ready("suspended", reason=""), "resume") == ["no-motive"]


def test_all_needs_of_all_guards_and_the_role_are_named_at_once() -> None:
    facts = ready(
        actor_roles=frozenset({"member"}), indicators=(), information_moments=0, informed_last=None, members=()
    )
    assert refused(facts, "start") == [
        "not-allowed",
        "group-without-lead",
        "group-too-few-disciplines",
        "no-indicator",
        "no-information-schedule",
    ]


def test_role_refusal_says_who_may() -> None:
    result = step(ZVP, ready("do", actor_roles=frozenset({"administrator"})), "evaluate")
    assert isinstance(result, Refusal)
    assert [need.words() for need in result.needs] == ["“Evaluate” is reserved to: project leader, scheduler."]
    assert "projectleider" in result.needs[0].words("nl")


def test_the_scheduler_may_evaluate_and_nothing_else() -> None:
    scheduler = frozenset({"scheduler"})
    allowed = {
        trigger
        for state in ZVP.state_by_id
        for trigger, result in consider(ZVP, ready(state, actor_roles=scheduler)).items()
        if isinstance(result, Outcome)
    }
    assert allowed == {"evaluate"}


def test_a_step_that_is_not_possible_is_called_as_the_method_calls_it() -> None:
    result = step(ZVP, ready("plan"), "conclude")
    assert isinstance(result, Refusal)
    assert result.needs[0].words("nl").startswith("“Evaluatie afronden”")


@pytest.mark.parametrize("trigger", ["nonsense", "", "to_closed", "_state"])
def test_a_trigger_that_is_not_possible_lists_those_that_are(trigger: str) -> None:
    result = step(ZVP, ready("plan"), trigger)
    assert isinstance(result, Refusal)
    assert result.needs[0].words() == (f"“{trigger}” is not possible in state “Plan”; possible are: start, suspend.")
    assert len(result.needs) == 1


def test_nothing_is_possible_after_the_end() -> None:
    assert possible(ZVP, "closed") == ()
    assert consider(ZVP, ready("closed")) == {}
    assert refused(ready("closed"), "start") == ["not-possible"]


def test_a_state_the_method_does_not_know_is_refused() -> None:
    assert refused(ready("limbo"), "start") == ["not-possible"]
    assert possible(ZVP, "limbo") == ()


def test_possible_triggers_are_in_the_order_of_the_method() -> None:
    assert possible(ZVP, "adjust") == ("replan", "continue", "close", "embed", "suspend")


@pytest.mark.parametrize(
    ("state", "target", "trigger"),
    [
        ("plan", "do", "start"),
        ("adjust", "do", "continue"),
        ("adjust", "plan", "replan"),
        ("daily_operations", "plan", "reopen"),
        ("do", "suspended", "suspend"),
    ],
)
def test_the_target_names_the_trigger(state: str, target: str, trigger: str) -> None:
    assert trigger_for(ZVP, state, target) == trigger


def test_a_suspended_plan_can_only_be_told_to_go_where_it_was() -> None:
    assert trigger_for(ZVP, "suspended", "check", "check") == "resume"
    for resume_state in ("do", None):
        need = trigger_for(ZVP, "suspended", "check", resume_state)
        assert isinstance(need, Need)
        assert need.code == "no-way"


def test_target_without_a_way_is_explained() -> None:
    need = trigger_for(ZVP, "plan", "closed")
    assert isinstance(need, Need)
    assert need.words() == "No trigger leads from “Plan” to “Closed”."
    assert need.words("fr").count("Clôturé") == 1


def test_target_with_several_ways_names_them() -> None:
    label = dict.fromkeys(LANGUAGES, "x")
    abandon = Transition("abandon", label, ("adjust",), "closed", ("lead",))
    definition = replace(ZVP, transitions=(*ZVP.transitions, abandon))
    need = trigger_for(definition, "adjust", "closed")
    assert isinstance(need, Need)
    assert "close, abandon" in need.words()


def test_consider_tries_every_trigger_of_the_state() -> None:
    results = consider(ZVP, ready("adjust", watch=None))
    assert list(results) == ["replan", "continue", "close", "embed", "suspend"]
    assert [trigger for trigger, result in results.items() if isinstance(result, Refusal)] == ["embed"]


def test_threads_share_one_machine_without_seeing_each_other() -> None:
    cases = [
        (facts, trigger)
        for facts in (ready("adjust"), ready("adjust", reason=""), ready("suspended", resume_state="check"), ready())
        for trigger in ("replan", "resume", "start", "close")
    ] * 50
    expected = [step(ZVP, facts, trigger) for facts, trigger in cases]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda case: step(ZVP, *case), cases)) == expected


def test_every_role_has_a_name_in_every_language() -> None:
    assert {role: tuple(names) for role, names in ROLE_NAMES.items()} == dict.fromkeys(ROLES, LANGUAGES)


def test_a_role_is_called_as_the_method_calls_it_and_otherwise_as_everywhere() -> None:
    pdsa = load("pdsa")
    result = step(pdsa, ready("act", actor_roles=frozenset()), "retest")
    assert isinstance(result, Refusal)
    reopened = step(pdsa, ready("standard_work", actor_roles=frozenset({"member"})), "retest")
    assert isinstance(reopened, Refusal)
    (need,) = reopened.needs
    assert need.words() == "“Test again” is reserved to: improvement lead, quality officer."
    assert "coordinateur qualité" in need.words("fr")
    assert pdsa.role_name("scheduler") == ROLE_NAMES["scheduler"]
