"""A phenomenon through the programmes: what was decided and found about it, and its figures against a baseline.

Clauses 28-29: the tree outlives programmes, and so do the figures of whatever is measured under it.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from pdca.indicators.change import change
from pdca.indicators.known import read_held
from pdca.report.plans import opened
from pdca.report.programme_evaluations import evaluations
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import plans, programme
from workflows.instants import to_text

View = dict[str, Any]


def phenomenon(connection: Connection, phenomenon_id: str, now: datetime) -> View:
    """Give a phenomenon with all that concerns it or what stands under it, the earliest programme first.

    The figures are those known at `now`.
    """
    rows = {row["phenomenon_id"]: row for row in connection.all(programme.PHENOMENA)}
    meant = _with_those_under(rows, phenomenon_id)
    order = {row["programme_id"]: place for place, row in enumerate(connection.all(plans.PROGRAMMES))}
    every = sorted(connection.all(plans.OBJECTIVES), key=lambda row: order[row["programme_id"]])
    objectives = [row for row in every if row["phenomenon_id"] in meant]
    names = ("objective_id", "programme_id", "title", "disposition", "assumed")
    return {
        **opened(rows[phenomenon_id]),
        "phenomena": [
            {name: opened(row)[name] for name in ("phenomenon_id", "title", "assumed")}
            for row in rows.values()
            if row["parent_id"] == phenomenon_id
        ],
        "objectives": [{name: opened(row)[name] for name in names} for row in objectives],
        "themes": [
            theme
            for evaluation in evaluations(connection)
            for theme in evaluation["themes"]
            if theme["phenomenon_id"] in meant or theme["objective_id"] in {row["objective_id"] for row in objectives}
        ],
        "indicators": list(_indicators(connection, _plans(connection, every, objectives, meant, order), now)),
    }


def _with_those_under(rows: Mapping[str, Row], phenomenon_id: str) -> set[str]:
    found = {phenomenon_id}
    while more := {name for name, row in rows.items() if row["parent_id"] in found} - found:
        found |= more
    return found


def _plans(
    connection: Connection,
    every: list[Row],
    objectives: list[Row],
    phenomena: Collection[str],
    order: Mapping[str, int],
) -> list[Row]:
    """Find the plans that work on a phenomenon: under an objective about it, or by their own list of phenomena."""
    served = {row["objective_id"] for row in objectives}
    while more := {row["objective_id"] for row in every if row["parent_id"] in served} - served:
        served |= more

    def concerned(row: Row) -> bool:
        named = {one.get("phenomenon") for one in from_json(row["phenomena"]) or ()}
        return row["objective_id"] in served or not named.isdisjoint(phenomena)

    whole = (connection.one(plans.PLAN, plan_id=row["plan_id"]) for row in connection.all(plans.PLAN_NAMES))
    return sorted((row for row in whole if row and concerned(row)), key=lambda row: order[row["programme_id"]])


def _indicators(connection: Connection, measured: list[Row], now: datetime) -> Iterator[View]:
    """Give each indicator once, with the plans it measures; the first baseline that was stated holds for all."""
    found: dict[str, View] = {}
    for plan in measured:
        for row in connection.all(plans.PLAN_INDICATORS, plan_id=plan["plan_id"]):
            names = ("indicator_id", "title", "unit", "assumed")
            view = found.setdefault(row["indicator_id"], {**{name: opened(row)[name] for name in names}, "plans": []})
            baseline = {name: row[name] for name in ("baseline", "baseline_period", "baseline_missing")}
            view["plans"].append({"plan_id": plan["plan_id"], "programme_id": plan["programme_id"], **baseline})
    for name, view in found.items():
        first = next((one["baseline"] for one in view["plans"] if one["baseline"] is not None), None)
        series = read_held(connection, name, to_text(now))
        yield {
            **view,
            "series": [{**opened(one.figure), "change": _since(first, one.value)} for one in series],
        }


def _since(baseline: str | None, value: Decimal | None) -> str | None:
    moved = change(None if baseline is None else Decimal(baseline), value).absolute
    return None if moved is None else f"{moved:+f}"
