"""Reading definitions, and finding what is wrong with them."""

from dataclasses import replace
from datetime import time
from importlib.resources import files

import pytest

from workflows.definition import (
    LANGUAGES,
    RESUME,
    Deadline,
    DefinitionError,
    EvaluationDefaults,
    LadderStep,
    Level,
    State,
    Transition,
    WorkflowDefinition,
    available,
    load,
    parse,
)
from workflows.problem import field_name
from workflows.soundness import validate

ZVP = load("zvp")
SHIPPED = files("workflows").joinpath("definitions", "zvp.toml").read_text(encoding="utf-8")
LABEL = dict.fromkeys(LANGUAGES, "x")


@pytest.mark.parametrize("name", available())
def test_shipped_methods_have_no_problems(name: str) -> None:
    assert load(name).id == name
    assert validate(load(name)) == ()


def test_zvp_has_the_lifecycle_of_a_zonal_safety_plan() -> None:
    ways = {(way.trigger, source, way.target) for way in ZVP.transitions for source in way.sources}
    assert ways == {
        ("start", "plan", "do"),
        ("evaluate", "do", "check"),
        ("conclude", "check", "adjust"),
        ("replan", "adjust", "plan"),
        ("continue", "adjust", "do"),
        ("close", "adjust", "closed"),
        ("embed", "adjust", "daily_operations"),
        ("reopen", "daily_operations", "plan"),
        ("suspend", "plan", "suspended"),
        ("suspend", "do", "suspended"),
        ("suspend", "check", "suspended"),
        ("suspend", "adjust", "suspended"),
        ("resume", "suspended", RESUME),
    }
    assert {way.trigger for way in ZVP.transitions if "next_cycle" in way.effects} == {"replan", "continue", "reopen"}
    assert {way.trigger for way in ZVP.transitions if "scheduler" in way.who} == {"evaluate"}
    assert {state.id for state in ZVP.states if state.ended} == {"closed", "daily_operations"}
    assert ZVP.initial == "plan"


def test_zvp_asks_for_each_trigger_what_the_lifecycle_names() -> None:
    assert {way.trigger: set(way.guards) for way in ZVP.transitions} == {
        "start": {
            "objective_retained",
            "rubrics",
            "project_group",
            "activities",
            "means",
            "indicators",
            "baseline",
            "future_evaluation",
            "information_schedule",
            "mmm",
            "approved",
        },
        "evaluate": {"evaluation_available"},
        "conclude": {"evaluation_recorded", "followups_answered"},
        "replan": {"motive"},
        "continue": {"motive", "future_evaluation"},
        "close": {"motive", "followups_answered", "approved"},
        "embed": {"motive", "watch", "followups_answered", "approved"},
        "reopen": {"motive"},
        "suspend": {"motive"},
        "resume": {"motive"},
    }


@pytest.mark.parametrize("name", available())
def test_no_shipped_method_ends_a_plan_with_something_left_to_follow_up(name: str) -> None:
    ending = [way for way in load(name).transitions if "end" in way.effects]
    assert ending
    assert all("followups_answered" in way.guards for way in ending)


def test_zvp_lets_nothing_be_forgotten_in_plan_check_or_adjust() -> None:
    assert {state.id: state.deadline for state in ZVP.states if state.deadline} == {
        "plan": Deadline("start", "period_start", 30),
        "check": Deadline("record", "entered", 14),
        "adjust": Deadline("decide", "entered", 30),
    }
    assert ZVP.evaluation == EvaluationDefaults(time(9, 0), 14, 180, (30, 7))


def test_zvp_has_the_published_rubrics_in_their_order() -> None:
    assert [rubric.label["nl"] for rubric in ZVP.rubrics] == [
        "Definitie van de problematiek",
        "Analyse en monitoring (objectief / subjectief)",
        "Preventieve aanpak",
        "Repressieve aanpak",
        "Bijzondere aandacht voor de slachtoffers",
        "Communicatie naar de bevolking",
        "Middelen en capaciteit",
        "Bekwame betrokkenheid van de partners (opleiding, informatie, overleg)",
    ]


def test_a_method_is_loaded_once() -> None:
    assert load("zvp") is load("zvp")


def test_unknown_method_names_those_there_are() -> None:
    with pytest.raises(DefinitionError, match="no method “zpv”") as caught:
        load("zpv")
    assert "zvp" in caught.value.advice()


def test_version_that_is_not_shipped_is_refused() -> None:
    assert load("zvp", 1).version == 1
    with pytest.raises(DefinitionError, match="Version 99") as caught:
        load("zvp", 99)
    assert caught.value.code == "method-unknown"


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ('id = "zvp"', "id = 3", "id", "does not fit"),
        ('id = "zvp"', 'id = "Z V P"', "id", "not a name"),
        ('id = "zvp"', "", "id", "missing"),
        ("version = 1", "version = 0", "version", "too small"),
        ("version = 1", "version = true", "version", "does not fit"),
        ("version = 1", "version = 1\nauthor = 'x'", "author", "not known"),
        ('[title]\nnl = "Zonaal veiligheidsplan"', '[title]\nnl = " "', "title.nl", "empty"),
        ('time = "09:00"', 'time = "24:00"', "evaluation.time", "not a time"),
        ("record_days = 14", "record_days = 14\ngrace = 1", "evaluation.grace", "not known"),
        ("extension_days = 180", 'extension_days = "180"', "evaluation.extension_days", "does not fit"),
        ("extension_days = 180", "extension_days = true", "evaluation.extension_days", "does not fit"),
        ("extension_days = 180", "extension_days = 0", "evaluation.extension_days", "too small"),
        ("days = 364", 'days = "364"', "group.days", "does not fit"),
        ("days = 364", "days = -1", "group.days", "too small"),
        ("[group]\ndays = 364", "[group]", "group.days", "missing"),
        ("extension_days = 180", "extension_days = -1", "evaluation.extension_days", "too small"),
        ("reminders = [30, 7]", "reminders = [30, 0]", "evaluation.reminders[1]", "Nobody can be reminded 0 days"),
        ("reminders = [30, 7]", "reminders = [7, 7]", "evaluation.reminders[1]", "stands there twice"),
        ("reminders = [30, 7]", 'reminders = [30, "7"]', "evaluation.reminders[1]", "does not fit"),
        ("reminders = [30, 7]", "reminders = [true]", "evaluation.reminders[0]", "does not fit"),
        ("reminders = [30, 7]", "reminders = 30", "evaluation.reminders", "does not fit"),
        ('phase = "check"', 'phase = "act"', "states[2].phase", "no phase “act”"),
        ('phase = "check"', 'phase = "check"\ncolour = 1', "states[2].colour", "not known"),
        ("days = 30 }", "days = -1 }", "states[0].deadline.days", "too small"),
        ("days = 30 }", "days = 30, x = 1 }", "states[0].deadline.x", "not known"),
        ('from = ["plan"]', "from = [1]", "transitions[0].from[0]", "does not fit"),
        ('from = ["plan"]', 'from = ["plan", "plan"]', "transitions[0].from[1]", "more than once"),
        ('from = ["plan"]', 'from = "plan"', "transitions[0].from", "does not fit"),
        ("order = 1", 'order = "1"', "levels[0].order", "does not fit"),
        ('to = "chief"', 'to = "king"', "ladder[2].to", "no recipient “king”"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(old: str, new: str, path: str, message: str) -> None:
    assert old in SHIPPED
    with pytest.raises(DefinitionError, match=message) as caught:
        parse(SHIPPED.replace(old, new, 1), "house.toml")
    assert (caught.value.where, caught.value.path) == ("house.toml", path)
    assert caught.value.advice().endswith(".")
    assert caught.value.mark is not None
    assert str(caught.value).startswith(f"house.toml:{caught.value.mark.line}:{caught.value.mark.column}: ")


def test_what_is_no_toml_is_refused_with_its_line() -> None:
    with pytest.raises(DefinitionError, match="not TOML") as caught:
        parse(SHIPPED.replace('id = "zvp"', "id = ["), "house.toml")
    assert caught.value.mark is not None
    assert caught.value.mark.line == 4
    assert caught.value.findings[0].problem.code == "not-toml"


def test_list_of_something_else_than_tables_is_refused() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse(SHIPPED.replace('initial = "plan"', 'initial = "plan"\nladder = [1]').split("[[ladder]]")[0], "x.toml")
    assert caught.value.path == "ladder[0]"


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(DefinitionError, match="too deeply"):
        parse("a = " + "[" * 100_000, "x.toml")


def changed(named: str, **changes: object) -> WorkflowDefinition:
    ways = tuple(way._replace(**changes) if way.trigger == named else way for way in ZVP.transitions)  # type: ignore[arg-type]
    return replace(ZVP, transitions=ways)


def found(definition: WorkflowDefinition) -> set[tuple[str, str]]:
    problems = validate(definition)
    assert all(problem.words().endswith(".") and problem.advice().endswith(".") for problem in problems)
    return {(problem.code, field_name(problem.path)) for problem in problems}


@pytest.mark.parametrize(
    ("trigger", "change", "problem"),
    [
        ("start", {"guards": ("ready",)}, ("unknown-guard", "transitions[0].guards[0]")),
        ("start", {"effects": ("explode",)}, ("unknown-effect", "transitions[0].effects[0]")),
        ("start", {"who": ("king",)}, ("unknown-role", "transitions[0].who[0]")),
        ("start", {"who": ()}, ("no-role", "transitions[0].who")),
        ("start", {"label": {"nl": "x", "en": "x"}}, ("label-missing", "transitions[0].label.fr")),
        ("close", {"target": "gone"}, ("unknown-state", "transitions[5].to")),
        ("close", {"target": RESUME}, ("resume-not-suspended", "transitions[5].to")),
        ("close", {"sources": ("adjust", "gone")}, ("unknown-state", "transitions[5].from[1]")),
        ("close", {"sources": ()}, ("no-source", "transitions[5].from")),
        ("close", {"sources": ()}, ("unreachable-state", "states[4].id")),
        ("close", {"trigger": "embed"}, ("duplicate-trigger", "transitions[6].from[0]")),
        ("resume", {"sources": ("plan",), "target": "do"}, ("dead-end", "states[6].id")),
    ],
)
def test_problems_of_transitions_are_found(trigger: str, change: dict[str, object], problem: tuple[str, str]) -> None:
    assert problem in found(changed(trigger, **change))


def test_resuming_does_not_make_a_state_reachable() -> None:
    island = State("island", LABEL, "do")
    out = Transition("leave", LABEL, ("island",), "plan", ("lead",))
    definition = replace(ZVP, states=(*ZVP.states, island), transitions=(*ZVP.transitions, out))
    assert found(definition) == {("unreachable-state", "states[7].id")}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rubrics": ()}, ("no-rubrics", "rubrics")),
        ({"rubrics": ZVP.rubrics * 2}, ("duplicate-id", "rubrics[8].id")),
        ({"initial": "gone"}, ("unknown-state", "initial")),
        ({"title": {"nl": "x", "fr": " ", "en": "x"}}, ("label-missing", "title.fr")),
        ({"evaluation": EvaluationDefaults(time(9), 7)}, ("record-days-differ", "states[2].deadline.days")),
        ({"ladder": (LadderStep(0, "king"),)}, ("unknown-recipient", "ladder[0].to")),
        ({"ladder": (LadderStep(7, "lead"), LadderStep(7, "group"))}, ("ladder-order", "ladder[1].after_days")),
        ({"levels": (Level("a", LABEL, 1, "plan", "yearly"),)}, ("bad-rhythm", "levels[0].rhythm")),
        ({"levels": (Level("a", LABEL, 1, "plan", "FREQ=YEARLY;BYMONTH=13"),)}, ("bad-rhythm", "levels[0].rhythm")),
        (
            {"levels": (Level("a", LABEL, 1, "plan"), Level("b", LABEL, 1, "activity"))},
            ("duplicate-order", "levels[1].order"),
        ),
        ({"states": (*ZVP.states, State("limbo", LABEL, "act"))}, ("unknown-phase", "states[7].phase")),
        (
            {"states": (*ZVP.states, State("limbo", LABEL, "do", Deadline("x", "entered", 1)))},
            ("unknown-deadline", "states[7].deadline.kind"),
        ),
        (
            {"states": (*ZVP.states, State("limbo", LABEL, "do", Deadline("start", "x", 1)))},
            ("unknown-anchor", "states[7].deadline.anchor"),
        ),
        ({"states": (*ZVP.states, State("limbo", LABEL, "do"))}, ("dead-end", "states[7].id")),
    ],
)
def test_other_problems_are_found(change: dict[str, object], problem: tuple[str, str]) -> None:
    assert problem in found(replace(ZVP, **change))  # type: ignore[arg-type]


def test_lookups_of_a_loaded_method_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ZVP.routes["plan"] = {}  # type: ignore[index]
    with pytest.raises(TypeError):
        ZVP.state_by_id["x"] = ZVP.states[0]  # type: ignore[index]
