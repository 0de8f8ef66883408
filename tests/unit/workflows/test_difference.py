"""What changed from one definition to another."""

from dataclasses import replace
from datetime import time

import pytest

from workflows.definition import LANGUAGES, load
from workflows.difference import Difference, differences
from workflows.method import (
    Deadline,
    EvaluationDefaults,
    LadderStep,
    Level,
    Rubric,
    State,
    Transition,
    WorkflowDefinition,
)

ZVP = load("zvp")
LABEL = dict.fromkeys(LANGUAGES, "x")


def with_way(trigger: str, **changes: object) -> WorkflowDefinition:
    ways = tuple(way._replace(**changes) if way.trigger == trigger else way for way in ZVP.transitions)  # type: ignore[arg-type]
    return replace(ZVP, transitions=ways)


def with_state(name: str, **changes: object) -> WorkflowDefinition:
    states = tuple(state._replace(**changes) if state.id == name else state for state in ZVP.states)  # type: ignore[arg-type]
    return replace(ZVP, states=states)


def test_the_same_has_no_differences() -> None:
    assert differences(ZVP, replace(ZVP, version=2)) == ()


@pytest.mark.parametrize(
    ("new", "difference"),
    [
        (replace(ZVP, initial="do"), Difference("method", "", "changed", "initial", "plan", "do")),
        (replace(ZVP, states=ZVP.states[:-1]), Difference("states", "suspended", "removed")),
        (replace(ZVP, states=(*ZVP.states, State("new", LABEL, "do"))), Difference("states", "new", "added")),
        (with_state("do", phase="plan"), Difference("states", "do", "changed", "phase", "do", "plan")),
        (
            with_state("check", deadline=Deadline("record", "entered", 7)),
            Difference("states", "check", "changed", "deadline.days", 14, 7),
        ),
        (with_way("start", target="check"), Difference("transitions", "start", "changed", "to", "do", "check")),
        (
            with_way("evaluate", who=("lead",)),
            Difference("transitions", "evaluate", "changed", "who", ("lead", "scheduler"), ("lead",)),
        ),
        (
            with_way("close", guards=()),
            Difference("transitions", "close", "changed", "guards", ("motive", "followups_answered", "approved"), ()),
        ),
        (with_way("close", effects=()), Difference("transitions", "close", "changed", "effects", ("end",), ())),
        (
            replace(ZVP, transitions=(*ZVP.transitions, Transition("leap", LABEL, ("plan",), "do", ("lead",)))),
            Difference("transitions", "leap", "added"),
        ),
        (replace(ZVP, rubrics=(*ZVP.rubrics, Rubric("r", LABEL))), Difference("rubrics", "r", "added")),
        (replace(ZVP, levels=(*ZVP.levels, Level("l", LABEL, 5, "activity"))), Difference("levels", "l", "added")),
        (
            replace(ZVP, evaluation=EvaluationDefaults(time(10), 14, 180, (30, 7))),
            Difference("evaluation", "", "changed", "time", "09:00", "10:00"),
        ),
        (
            replace(ZVP, evaluation=EvaluationDefaults(time(9), 14, None, (30, 7))),
            Difference("evaluation", "", "changed", "extension_days", 180, None),
        ),
        (
            replace(ZVP, evaluation=EvaluationDefaults(time(9), 14, 180, (30, 14, 1))),
            Difference("evaluation", "", "changed", "reminders", ("30", "7"), ("30", "14", "1")),
        ),
        (
            replace(ZVP, ladder=(LadderStep(1, "lead"),)),
            Difference(
                "ladder", "", "changed", "steps", ("0: lead", "7: group", "14: chief", "28: authority"), ("1: lead",)
            ),
        ),
        (replace(ZVP, group_days=None), Difference("group", "", "changed", "days", 364, None)),
        (replace(ZVP, roles={"lead": LABEL}), Difference("roles", "lead", "added")),
    ],
)
def test_one_change_is_one_difference(new: WorkflowDefinition, difference: Difference) -> None:
    assert differences(ZVP, new) == (difference,)


def test_what_fills_a_rubric_is_a_difference() -> None:
    texts = replace(ZVP, rubrics=tuple(rubric._replace(actions=False) for rubric in ZVP.rubrics))
    assert differences(texts, ZVP) == (Difference("rubrics", "repressief", "changed", "actions", False, True),)


def test_another_order_of_the_rubrics_is_a_difference() -> None:
    (found,) = differences(ZVP, replace(ZVP, rubrics=ZVP.rubrics[::-1]))
    assert (found.section, found.field) == ("rubrics", "order")
    assert found.before == tuple(rubric.id for rubric in ZVP.rubrics)


def test_a_trigger_with_several_ways_is_told_apart_by_where_it_leaves() -> None:
    leap = Transition("leap", LABEL, ("plan",), "check", ("lead",))
    both = replace(ZVP, transitions=(*ZVP.transitions, leap, leap._replace(sources=("do",))))
    other = replace(ZVP, transitions=(*ZVP.transitions, leap, leap._replace(sources=("do",), target="adjust")))
    assert differences(both, other) == (Difference("transitions", "leap (do)", "changed", "to", "check", "adjust"),)


def test_what_one_way_adds_the_other_removes() -> None:
    there, back = differences(ZVP, load("pdsa")), differences(load("pdsa"), ZVP)
    added = {(one.section, one.id) for one in there if one.change == "added"}
    assert ("states", "study") in added
    assert added == {(one.section, one.id) for one in back if one.change == "removed"}
