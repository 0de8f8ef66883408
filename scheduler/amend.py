"""Changing an import document in memory, as a project group amends its plan between two imports."""

from collections.abc import Callable

from pdca.exchange.activity_records import Activity
from pdca.exchange.document import Document
from pdca.exchange.plan_records import Member, Objective, Plan, PlanIndicator


def each_plan(document: Document, change: Callable[[Plan], Plan]) -> Document:
    """Give the document with every plan changed."""
    objectives = tuple(_objective(objective, change) for objective in document.objectives)
    plans = tuple(change(plan) for plan in document.plans)
    return document.model_copy(update={"objectives": objectives, "plans": plans})


def one_plan(document: Document, slug: str, change: Callable[[Plan], Plan]) -> Document:
    """Give the document with one plan changed."""
    return each_plan(document, lambda plan: change(plan) if plan.id == slug else plan)


def only(document: Document, slug: str) -> Document:
    """Give the document with one plan alone: the others stay as they have become."""
    objectives = tuple(_objective_with(objective, slug) for objective in document.objectives)
    return document.model_copy(update={"objectives": objectives})


def without_findings(plan: Plan) -> Plan:
    """Take away what was published about evaluations: on the first day of a simulation nobody has found anything."""
    moments = tuple(moment.model_copy(update={"findings": (), "adjust": ()}) for moment in plan.evaluations)
    return plan.model_copy(update={"evaluations": moments})


def with_indicator(plan: Plan, indicator: str, why: str) -> Plan:
    """Add an indicator that the document has already, with the reason why it has no baseline."""
    added = PlanIndicator.model_validate({"id": indicator, "baseline": {"missing": why, "assumed": True}})
    return plan.model_copy(update={"indicators": (*plan.indicators, added)})


def with_member(plan: Plan, party: str) -> Plan:
    """Add a party to the project group."""
    return plan.model_copy(update={"group": (*plan.group, Member(party=party))})


def with_ends(plan: Plan) -> Plan:
    """Let every activity without an end run as long as the plan, and say that this is assumed."""

    def ended(activity: Activity) -> Activity:
        if activity.end is not None:
            return activity
        return activity.model_copy(update={"end": plan.period.end, "assumed": True})

    return plan.model_copy(update={"activities": tuple(ended(activity) for activity in plan.activities)})


def _objective_with(objective: Objective, slug: str) -> Objective:
    return objective.model_copy(
        update={
            "objectives": tuple(_objective_with(inner, slug) for inner in objective.objectives),
            "plans": tuple(plan for plan in objective.plans if plan.id == slug),
        }
    )


def _objective(objective: Objective, change: Callable[[Plan], Plan]) -> Objective:
    return objective.model_copy(
        update={
            "objectives": tuple(_objective(inner, change) for inner in objective.objectives),
            "plans": tuple(change(plan) for plan in objective.plans),
        }
    )
