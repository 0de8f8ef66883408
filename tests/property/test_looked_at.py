"""What is read for a step is what its guards look at: they say the same where every other fact is left out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_workflows_machine import ZVP, facts_of_a_plan
from workflows.facts import Facts
from workflows.guards import GUARDS, LOOKS_AT, looked_at

NOTHING: dict[str, Any] = Facts._field_defaults
PLACES_A_STEP = {"plan", "state", "now", "zone", "trigger", "cycle"}
TRIGGERS = st.sampled_from(sorted({way.trigger for way in ZVP.transitions}))


@pytest.mark.parametrize("name", sorted(GUARDS))
@given(facts=facts_of_a_plan, trigger=TRIGGERS)
def test_a_guard_needs_no_fact_that_it_does_not_name(name: str, facts: Facts, trigger: str) -> None:
    facts = facts._replace(trigger=trigger)
    left_out = NOTHING.keys() - PLACES_A_STEP - LOOKS_AT[name]
    bare = facts._replace(**{fact: NOTHING[fact] for fact in left_out})
    assert GUARDS[name](bare, ZVP) == GUARDS[name](facts, ZVP)


def test_every_guard_names_facts_that_there_are() -> None:
    assert LOOKS_AT.keys() == GUARDS.keys()
    assert looked_at(ZVP.transitions) <= NOTHING.keys() - PLACES_A_STEP
