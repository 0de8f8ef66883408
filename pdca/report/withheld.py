"""What is kept from partners or the public of each plan by now, so that it can be told when that has become more."""

from collections.abc import Iterable, Mapping
from typing import Any

from pdca.report.audiences import hidden_from
from pdca.report.plans import opened, rows_by
from pdca.restricted import NOT_INFORMED, kept_from
from pdca.store.driver import Connection
from pdca.store.reads import plans

Withheld = frozenset[tuple[str, str, str]]
"""The plan, from whom, and what: the name of a rubric or of a part of evaluations, or “restricted” for all of it."""


def withheld_of(connection: Connection, plan_id: str) -> Withheld:
    """Tell what is withheld of one plan."""
    row = opened(connection.one(plans.PLAN, plan_id=plan_id) or {})
    return _withheld(row, map(opened, connection.all(plans.RUBRICS, plan_id=plan_id)))


def withheld_by_now(connection: Connection) -> Withheld:
    """Tell what is withheld of every plan."""
    of_plan = rows_by("plan_id", map(opened, connection.all(plans.RUBRICS_WITHHELD)))
    found = (_withheld(row, of_plan[row["plan_id"]]) for row in map(opened, connection.all(plans.PLANS_WITHHELD)))
    return frozenset().union(*found)


def _withheld(plan: Mapping[str, Any], rubrics: Iterable[Mapping[str, Any]]) -> Withheld:
    said = [*rubrics]
    return frozenset(
        (plan["plan_id"], audience, name)
        for audience in NOT_INFORMED
        for name in (
            *hidden_from(audience, plan, said).names,
            *(("restricted",) if kept_from(plan, audience) else ()),
        )
    )
