"""Doing what the needs say, one by one, makes any plan ready to start."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from tests.property.test_workflows_machine import facts_of_a_plan
from workflows.definition import load
from workflows.facts import ActivityFacts, ApprovalFacts, Facts, Member
from workflows.guards import GUARDS, Need
from workflows.machine import Outcome, Refusal, step
from workflows.method import WorkflowDefinition

ZVP: Final = load("zvp")
STRICT: Final = replace(
    ZVP,
    transitions=tuple(
        way._replace(guards=(*way.guards, "partners_trained")) if way.trigger == "start" else way
        for way in ZVP.transitions
    ),
)
"""The shipped method with every guard that a start can have."""


def _activity(facts: Facts, need: Need, **values: object) -> Facts:
    # Activities in random facts share an id, so the first that lacks it is the one named.
    mended = [one._replace(**values) if _lacks(one, need.code) else one for one in facts.activities]  # type: ignore[arg-type]
    return facts._replace(activities=tuple(mended))


def _lacks(one: ActivityFacts, code: str) -> bool:
    return {
        "activity-without-owner": not (one.owner or "").strip(),
        "activity-without-start": one.start is None,
        "activity-without-end": one.end is None,
        "activity-ends-before-start": bool(one.start and one.end and one.end < one.start),
        "activity-without-means": not one.means and not one.means_stated,
        "activity-means-unusable": not one.means and one.means_stated,
    }[code]


# What a group, an authority, or an approver does about each need. Everything but an approval changes the plan.
MENDINGS: Final[dict[str, Callable[[Facts, Need], Facts]]] = {
    "not-allowed": lambda facts, _need: facts._replace(actor_roles=frozenset({"lead"})),
    "objective-not-retained": lambda facts, _need: facts._replace(retained=True),
    "rubric-empty": lambda facts, need: facts._replace(rubrics_filled=facts.rubrics_filled | {str(need.params["id"])}),
    "rubric-without-activity": lambda facts, need: facts._replace(
        rubrics_not_applicable=facts.rubrics_not_applicable | {str(need.params["id"])}
    ),
    "group-without-lead": lambda facts, _need: facts._replace(
        members=(*facts.members, Member("chief", "strategy", lead=True))
    ),
    "group-too-few-disciplines": lambda facts, need: facts._replace(
        members=(*facts.members, Member("more", f"discipline {need.params['found']}"))
    ),
    "no-activity": lambda facts, _need: facts._replace(activities=(ActivityFacts("A1", "Patrols"),)),
    "activity-without-owner": lambda facts, need: _activity(facts, need, owner="operations"),
    "activity-without-start": lambda facts, need: _activity(facts, need, start=facts.today),
    "activity-without-end": lambda facts, need: _activity(facts, need, end=facts.today),
    "activity-ends-before-start": lambda facts, need: _activity(facts, need, start=facts.today, end=facts.today),
    "activity-without-means": lambda facts, need: _activity(facts, need, means=True),
    "activity-means-unusable": lambda facts, need: _activity(facts, need, means=True),
    "no-indicator": lambda facts, _need: facts._replace(indicators=("thefts",), indicators_unbased=("thefts",)),
    "indicator-without-baseline": lambda facts, need: facts._replace(
        indicators_unbased=tuple(name for name in facts.indicators_unbased if name != need.params["indicator"])
    ),
    "no-evaluation-moment": lambda facts, _need: facts._replace(next_evaluation=facts.now + timedelta(days=9)),
    "evaluation-moment-past": lambda facts, _need: facts._replace(next_evaluation=facts.now + timedelta(days=9)),
    "no-information-schedule": lambda facts, _need: facts._replace(information_moments=1, informed_last=facts.today),
    "information-inside-only": lambda facts, _need: facts._replace(informed_last=facts.today),
    "information-moments-past": lambda facts, _need: facts._replace(informed_last=facts.today),
    "mmm-without-perimeter": lambda facts, _need: facts._replace(perimeter=("Peterbos",)),
    "mmm-too-few-phenomena": lambda facts, need: facts._replace(
        phenomena=(*facts.phenomena, f"phenomenon {need.params['found']}")
    ),
    "mmm-too-few-partners": lambda facts, _need: facts._replace(partner_organisations=facts.partner_organisations + 1),
    "partner-not-trained": lambda facts, need: facts._replace(trained=facts.trained | {str(need.params["party"])}),
    "not-approved": lambda facts, _need: facts._replace(approvals=(ApprovalFacts("start"),)),
    "approval-outdated": lambda facts, _need: facts._replace(approvals=(ApprovalFacts("start"),)),
    "approved-by-owner": lambda facts, _need: facts._replace(approvals=(ApprovalFacts("start"),)),
    "approved-by-self": lambda facts, _need: facts._replace(approvals=(ApprovalFacts("start"),)),
}
APPROVALS: Final = {"not-approved", "approval-outdated", "approved-by-owner", "approved-by-self"}


def mended(facts: Facts, definition: WorkflowDefinition) -> tuple[Facts, int]:
    """Mend the first need until there is none; approvals go stale with every change before them."""
    for steps in range(200):
        result = step(definition, facts, "start")
        if isinstance(result, Outcome):
            return facts, steps
        need = result.needs[0]
        assert need.command_line(), need.code
        facts = MENDINGS[need.code](facts, need)
        if need.code not in APPROVALS:
            stale = tuple(approval._replace(fits=False) for approval in facts.approvals)
            facts = facts._replace(approvals=stale)
    message = "never ready"
    raise AssertionError(message)


@given(facts_of_a_plan, st.sampled_from([ZVP, STRICT]))
def test_mending_the_needs_one_by_one_ends_in_a_start_that_is_accepted(
    facts: Facts, definition: WorkflowDefinition
) -> None:
    ready, steps = mended(facts, definition)
    assert isinstance(step(definition, ready, "start"), Outcome)
    assert steps == 0 or isinstance(step(definition, facts, "start"), Refusal)


@given(facts_of_a_plan)
def test_mending_a_need_takes_it_away_and_the_order_does_not_matter(facts: Facts) -> None:
    for name in ZVP.routes["plan"]["start"].guards:
        tried = facts._replace(trigger="start")
        for need in GUARDS[name](tried, ZVP):
            tried = MENDINGS[need.code](tried, need)
        for _ in range(3):
            for need in GUARDS[name](tried, ZVP):
                tried = MENDINGS[need.code](tried, need)
        assert GUARDS[name](tried, ZVP) == ()
