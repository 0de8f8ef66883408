"""The capacity that an evaluation states: what was deployed of what was planned, and why it fell short (clause 30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pdca.errors import Usage
from pdca.i18n import _
from pdca.store.driver import Connection, Row
from pdca.store.reads import cycles, plans
from pdca.store.rows import Change, insert, update
from workflows.guards import N_, Need
from workflows.need import RECORD, blank

KINDS: Final = ("money", "fte", "hours", "headcount")

_Place = tuple[str, int, str]
"""The activity, the year and the kind: a plan has one line of means for each."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What was deployed for an activity in a year; `amount` is a decimal as text, `reason` why it is less than planned.

    `kind`: money (EUR), fte, hours, headcount.
    """

    activity_id: str
    year: int
    kind: str
    amount: str
    reason: str | None = None


def planned(connection: Connection, plan: Row) -> dict[_Place, Row]:
    """Give the lines of means of a plan as they are before an evaluation states anything, by their places."""
    return {_place(row): row for row in connection.all(cycles.MEANS_OF_PLAN, plan_id=plan["plan_id"])}


def lines(connection: Connection, plan: Row, before: Mapping[_Place, Row], stated: Sequence[Stated]) -> list[Row]:
    """Give the lines of means of a plan with what an evaluation states; raises Usage for an activity of another."""
    found = dict(before)
    activities = {row["activity_id"] for row in connection.all(plans.ACTIVITIES, plan_id=plan["plan_id"])}
    for one in stated:
        if one.activity_id not in activities:
            raise Usage(
                "activity-of-another-plan",
                _("%(activity)s is no activity of %(plan)s.") % {"activity": one.activity_id, "plan": plan["plan_id"]},
                hint=_("`pdca activity list %(plan)s` shows those of the plan.") % {"plan": plan["plan_id"]},
            )
        key = (one.activity_id, one.year, one.kind)
        unplanned = {"planned": None, "assumed": 0, "basis": None, "source": None, "note": None}
        there = found.get(key, {"activity_id": one.activity_id, "year": one.year, "kind": one.kind, **unplanned})
        found[key] = {**there, "deployed": one.amount, "shortfall_reason": one.reason}
    return list(found.values())


def unexplained(found: Sequence[Row], year: int, evaluation_id: str) -> tuple[Need, ...]:
    """Name each line up to a year of which less was deployed than planned without a reason."""
    return tuple(
        Need(
            "shortfall-unexplained",
            N_("%(activity)s in %(year)s: %(deployed)s of %(planned)s (%(kind)s) were deployed, it is not said why."),
            {name: row[name] for name in ("year", "deployed", "planned", "kind")}
            | {"activity": row["activity_id"], "evaluation": evaluation_id},
            N_("Say why less was deployed than planned."),
            f"{RECORD} --means %(activity)s/%(year)s/%(kind)s=%(deployed)s:…",
        )
        for row in found
        if row["year"] <= year and falls_short(row) and blank(row["shortfall_reason"])
    )


def falls_short(row: Row) -> bool:
    """Tell whether less was deployed than planned, as far as both are stated."""
    planned, deployed = row["planned"], row["deployed"]
    return planned is not None and deployed is not None and Decimal(deployed) < Decimal(planned)


def changes(before: Mapping[_Place, Row], found: Sequence[Row]) -> list[Change]:
    """Give the changes to the lines of means that an evaluation makes."""
    made = []
    for row in found:
        key = {name: row[name] for name in ("activity_id", "year", "kind")}
        old = before.get(_place(row))
        said = {name: row[name] for name in ("deployed", "shortfall_reason")}
        if old is None:
            made.append(insert("means", key, planned=None, **said, assumed=0))
        elif any(old[name] != value for name, value in said.items()):
            made.append(update("means", key, **said))
    return made


def _place(row: Row) -> _Place:
    return row["activity_id"], row["year"], row["kind"]
