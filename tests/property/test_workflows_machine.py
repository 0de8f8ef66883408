"""Random walks: `step` allows exactly what the definition and its guards allow, and never raises."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflows.definition import (
    LANGUAGES,
    RESUME,
    ROLES,
    EvaluationDefaults,
    Rubric,
    State,
    Transition,
    WorkflowDefinition,
    load,
)
from workflows.facts import ActivityFacts, ApprovalFacts, EvaluationFacts, Facts, FollowUpFacts, Member
from workflows.guards import GUARDS
from workflows.machine import Outcome, Refusal, consider, possible, step
from workflows.soundness import validate

ZVP = load("zvp")
LABEL = dict.fromkeys(LANGUAGES, "x")
EFFECTS_SEEN = st.lists(st.sampled_from(["next_cycle", "end", "lock_baseline"]), unique=True).map(tuple)

texts = st.none() | st.text(max_size=5) | st.just("100 %(x)s %")
moments = st.datetimes(datetime(2020, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
days = st.dates(date(2020, 1, 1), date(2026, 1, 1))
evaluations = st.builds(
    EvaluationFacts,
    evaluation=st.just("E-001"),
    verdict=texts,
    process=st.booleans(),
    effect=st.booleans(),
    attribution=st.booleans(),
    evidence=st.booleans(),
    deployed=st.booleans(),
    recorded_by=texts,
    recorded_by_owner=st.booleans(),
    indicators_unaccounted=st.lists(st.text(max_size=3), max_size=2).map(tuple),
)
activities = st.builds(
    ActivityFacts,
    st.just("A1"),
    st.text(max_size=3),
    owner=texts,
    start=st.none() | days,
    end=st.none() | days,
    means=st.booleans(),
    by_partner=st.booleans(),
    rubric=st.none() | st.just("repressief"),
)
approvals = st.builds(
    ApprovalFacts, st.sampled_from(["start", "close", "embed", "t0", "t1"]), fits=st.booleans(), own=st.booleans()
)
# Half of the facts have a role and a motive, so that walks get somewhere.
facts_of_a_plan = st.builds(
    Facts,
    plan=st.just("P-001"),
    state=st.just("plan"),
    now=moments,
    zone=st.sampled_from(["UTC", "Europe/Brussels", "Pacific/Auckland"]),
    resume_state=st.none() | st.sampled_from(["plan", "do", "check", "adjust", "closed", "s0", "s1", "x"]),
    cycle=st.integers(1, 9),
    actor_roles=st.just(frozenset({"lead"})) | st.frozensets(st.sampled_from(ROLES)),
    reason=st.just("because") | texts,
    objective=st.just("OD1.1"),
    retained=st.booleans(),
    rubrics_filled=st.just(frozenset(rubric.id for rubric in ZVP.rubrics)) | st.frozensets(st.sampled_from("abc")),
    members=st.just((Member("a", "x", lead=True), Member("b", "y")))
    | st.lists(st.builds(Member, st.just("a"), texts, st.booleans()), max_size=3).map(tuple),
    activities=st.lists(activities, max_size=3).map(tuple),
    indicators=st.sampled_from([(), ("i",)]),
    indicators_unbased=st.sampled_from([(), ("i",)]),
    trained=st.frozensets(texts.filter(bool), max_size=2),
    approvals=st.just((ApprovalFacts("start"), ApprovalFacts("close"))) | st.lists(approvals, max_size=3).map(tuple),
    next_evaluation=st.none() | moments,
    next_evaluation_id=st.none() | st.just("E-101"),
    rubrics_not_applicable=st.frozensets(st.sampled_from("abc")),
    follow_ups_unanswered=st.lists(
        st.builds(FollowUpFacts, st.just("F-001"), texts.filter(bool), days), max_size=2
    ).map(tuple),
    information_moments=st.integers(0, 2),
    informed_last=st.none() | days,
    mmm=st.booleans(),
    perimeter=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    phenomena=st.lists(st.text(max_size=3), max_size=3).map(tuple),
    partner_organisations=st.integers(0, 3),
    evaluation=st.none() | evaluations,
    watch=texts,
    watch_again=st.none() | days,
)


@st.composite
def definitions(draw: st.DrawFn) -> WorkflowDefinition:
    """Any wiring of up to five states; unreachable states and dead ends included, unknown names not."""
    phases = ["plan", "do", "check", "adjust", "ended", "suspended"]
    states = [State(f"s{n}", LABEL, draw(st.sampled_from(phases))) for n in range(draw(st.integers(1, 5)))]
    ids = [state.id for state in states]
    ways = [
        Transition(
            trigger=f"t{number}",
            label=LABEL,
            sources=tuple(draw(st.lists(st.sampled_from(ids), min_size=1, unique=True))),
            target=draw(st.sampled_from([*ids, RESUME])),
            who=tuple(draw(st.lists(st.sampled_from(ROLES), min_size=1, unique=True))),
            guards=tuple(draw(st.lists(st.sampled_from(sorted(GUARDS)), max_size=3, unique=True))),
            effects=draw(EFFECTS_SEEN),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    return WorkflowDefinition(
        id="any",
        version=1,
        title=LABEL,
        initial="s0",
        states=tuple(states),
        transitions=tuple(ways),
        rubrics=(Rubric("a", LABEL), Rubric("b", LABEL)),
        levels=(),
        evaluation=EvaluationDefaults(time(9), 14),
        ladder=(),
    )


def expected(definition: WorkflowDefinition, facts: Facts, trigger: str) -> Outcome | set[str]:
    """The same answer worked out from the rows of the definition, without the machine: an outcome, or need codes."""
    ways = [way for way in definition.transitions if way.trigger == trigger and facts.state in way.sources]
    if not ways:
        return {"not-possible"}
    (way,) = ways
    tried = facts._replace(trigger=trigger)
    codes = {need.code for name in way.guards for need in GUARDS[name](tried, definition)}
    if not facts.actor_roles & set(way.who):
        codes.add("not-allowed")
    target: str | None = way.target
    if target == RESUME:
        running = {state.id for state in definition.states if state.phase in {"plan", "do", "check", "adjust"}}
        target = facts.resume_state if facts.resume_state in running else None
    if target is None:
        codes.add("no-resume-state")
    if codes or target is None:
        return codes
    return Outcome(trigger, facts.state, target, way.effects, facts.cycle + way.effects.count("next_cycle"))


def agrees(definition: WorkflowDefinition, facts: Facts, trigger: str) -> Outcome | Refusal:
    result = step(definition, facts, trigger)
    if isinstance(result, Outcome):
        assert result == expected(definition, facts, trigger)
    else:
        assert {need.code for need in result.needs} == expected(definition, facts, trigger)
        assert all(need.words(language) for need in result.needs for language in LANGUAGES)
    return result


def walk(definition: WorkflowDefinition, moves: list[tuple[Facts, str]]) -> None:
    state, cycle, turns = definition.initial, 1, 0
    for facts, trigger in moves:
        result = agrees(definition, facts._replace(state=state, cycle=cycle), trigger)
        if isinstance(result, Outcome):
            turns += "next_cycle" in result.effects
            state, cycle = result.target, result.cycle
        assert state in definition.state_by_id
        assert cycle == 1 + turns


def moves_with(triggers: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[Facts, str]]]:
    return st.lists(st.tuples(facts_of_a_plan, triggers), max_size=8)


@given(moves_with(st.sampled_from([*(way.trigger for way in ZVP.transitions), "nonsense"])))
def test_walks_over_the_shipped_method_follow_its_rules(moves: list[tuple[Facts, str]]) -> None:
    walk(ZVP, moves)


@given(definitions(), moves_with(st.sampled_from([f"t{number}" for number in range(7)])))
def test_walks_over_any_method_follow_its_rules(definition: WorkflowDefinition, moves: list[tuple[Facts, str]]) -> None:
    walk(definition, moves)


@given(facts_of_a_plan, st.sampled_from(sorted(ZVP.state_by_id)), st.data())
def test_any_facts_in_any_state_are_allowed_or_refused_by_the_same_rule(
    facts: Facts, state: str, data: st.DataObject
) -> None:
    trigger = data.draw(st.sampled_from([*possible(ZVP, state), "start"]))
    agrees(ZVP, facts._replace(state=state), trigger)


@given(definitions(), facts_of_a_plan)
def test_consider_answers_for_every_possible_trigger_and_no_other(definition: WorkflowDefinition, facts: Facts) -> None:
    for state in definition.state_by_id:
        there = facts._replace(state=state)
        results = consider(definition, there)
        assert tuple(results) == possible(definition, state)
        assert all(result == step(definition, there, trigger) for trigger, result in results.items())


@given(definitions())
def test_validate_finds_exactly_the_states_that_cannot_be_reached_and_the_dead_ends(
    definition: WorkflowDefinition,
) -> None:
    problems = {(problem.code, problem.path) for problem in validate(definition)}
    edges = {(s, way.target) for way in definition.transitions for s in way.sources if way.target != RESUME}
    reached = {definition.initial}
    for _ in definition.states:
        reached |= {target for source, target in edges if source in reached}
    leaving = {source for way in definition.transitions for source in way.sources}
    for index, state in enumerate(definition.states):
        path = ("states", index, "id")
        assert (("unreachable-state", path) in problems) == (state.id not in reached)
        assert (("dead-end", path) in problems) == (state.phase != "ended" and state.id not in leaving)


@given(st.integers(1, 60), st.booleans())
def test_cycles_are_numbered_without_gaps(turns: int, through_plan: bool) -> None:
    facts = Facts(
        plan="P-001",
        state="adjust",
        now=datetime(2024, 1, 1, tzinfo=UTC),
        actor_roles=frozenset({"lead"}),
        reason="because",
        next_evaluation=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=1),
    )
    seen = []
    for _ in range(turns):
        result = step(ZVP, facts, "replan" if through_plan else "continue")
        assert isinstance(result, Outcome)
        seen.append(result.cycle)
        facts = facts._replace(cycle=result.cycle)
    assert seen == list(range(2, turns + 2))
