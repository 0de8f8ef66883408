"""Which orders of levels a method may have, and what stands where in them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest

from tests import own_method
from workflows.checking import check
from workflows.definition import load
from workflows.method import LEVEL_KINDS, Level
from workflows.soundness import validate

ZVP = load("zvp")
ALLOWED = re.compile("o*po?a")
"""Objectives on any number of levels, the plan, at most one level of objectives under it, and the activities."""


def levels(kinds: Sequence[str]) -> tuple[Level, ...]:
    return tuple(Level(f"l{order}", ZVP.title, order, kind) for order, kind in enumerate(kinds, 1))


@pytest.mark.parametrize("length", range(6))
def test_every_order_is_allowed_or_refused_and_nothing_in_between(length: int) -> None:
    for kinds in product(LEVEL_KINDS, repeat=length):
        found = {problem.code for problem in validate(replace(ZVP, levels=levels(kinds)))}
        allowed = ALLOWED.fullmatch("".join(kind[0] for kind in kinds)) is not None
        assert (found == set()) is allowed, (kinds, found)
        assert found <= {"level-missing", "plan-level-twice", "level-under-activities", "levels-under-plan"}


@pytest.mark.parametrize(
    ("kinds", "above", "under"),
    [
        (("plan", "activity"), (), None),
        (("plan", "objective", "activity"), (), "l2"),
        (("objective", "plan", "activity"), ("l1",), None),
        (("objective", "objective", "objective", "plan", "activity"), ("l1", "l2", "l3"), None),
        (("objective", "objective", "plan", "objective", "activity"), ("l1", "l2"), "l4"),
    ],
)
def test_a_method_knows_the_levels_above_its_plans_and_the_one_under_them(
    kinds: Sequence[str], above: Sequence[str], under: str | None
) -> None:
    method = replace(ZVP, levels=levels(kinds))
    assert tuple(level.id for level in method.above_plan) == above
    assert (method.under_plan.id if method.under_plan else None) == under


def test_the_shipped_methods_have_all_their_objectives_above_the_plan() -> None:
    assert [level.id for level in ZVP.above_plan] == ["strategic_objective", "operational_objective"]
    assert [level.id for level in load("pdsa").above_plan] == ["quality_priority"]
    assert (ZVP.under_plan, load("pdsa").under_plan) == (None, None)


def test_a_guard_over_objectives_that_the_method_does_not_have_is_pointed_at() -> None:
    checked = check(own_method.version(1, own_method.with_levels(*own_method.PLAN_AND_ACTIVITY)))
    assert checked.errors == ()
    assert [(one.problem.code, one.line.strip()) for one in checked.warnings] == [
        ("guard-asks-nothing", '"objective_retained",')
    ]
    assert check(own_method.version(1, own_method.with_levels(*own_method.UNDER))).warnings == ()
