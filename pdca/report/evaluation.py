"""The whole record of one evaluation: prediction against result, verdict, findings, capacity, and what was frozen."""

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pdca.evaluations.find import find
from pdca.evaluations.snapshot import verified_one
from pdca.report.plans import opened
from pdca.report.reminding import taken_up
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import cycles, evaluations, people, plans

View = dict[str, Any]


def whole(connection: Connection, evaluation_id: str) -> View:
    """Give an evaluation with all that belongs to it; raises NotFound.

    Of a recorded one, figures and means are those that were frozen with it; otherwise those of today. The `cycle` is
    None of one that is over and never opened.
    """
    row = find(connection, evaluation_id)
    plan = connection.one(plans.PLAN, plan_id=row["plan_id"]) or {}
    # One that never opened belongs to no cycle; of one to come, it is the one that runs.
    cycle = row["cycle"] or (plan["cycle"] if row["status"] == "planned" else None)
    predicted = connection.one(cycles.PREDICTION, plan_id=row["plan_id"], cycle=cycle) if cycle else None
    stored = connection.one(cycles.SNAPSHOT, evaluation_id=row["evaluation_id"])
    frozen = json.loads(stored["text"]) if stored else None
    means = frozen["plan"]["means"] if frozen else connection.all(cycles.MEANS_OF_PLAN, plan_id=row["plan_id"])
    measured_by = frozen["indicators"] if frozen else connection.all(plans.PLAN_INDICATORS, plan_id=row["plan_id"])
    held = verified_one(connection, row) if stored or row["status"] == "recorded" else None
    return {
        **opened(row),
        "plan_title": from_json(plan["title"]),
        "plan_assumed": bool(plan["assumed"]),
        "restricted": bool(plan["restricted"]),
        "zone": plan["zone"],
        "cycle": cycle,
        "prediction": predicted["text"] if predicted else None,
        "predicted_at": predicted["written_at"] if predicted else None,
        "results": _results(measured_by, from_json(row["results"]) or {}),
        "capacity": capacity(means),
        "evaluators": _evaluators(connection, from_json(row["evaluators"]) or []),
        "acknowledgements": taken_up(connection, row["plan_id"], row["evaluation_id"]),
        "extensions": connection.all(evaluations.EXTENSIONS, evaluation_id=row["evaluation_id"]),
        "snapshot": None
        if held is None
        else {"sha256": held.logged, "computed": held.computed, "ok": held.ok, "differs": list(held.differs)},
    }


def capacity(means: Iterable[Mapping[str, Any]]) -> list[View]:
    """Add up the means of a plan per kind and year: planned, deployed, and why less was deployed.

    A sum is None where no line states the figure; `unstated` counts the lines of which the deployed figure is not
    known, those of `unstated_activities`.
    """
    lines: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for one in means:
        lines.setdefault((one["year"], one["kind"]), []).append(one)
    return [
        {
            "year": year,
            "kind": kind,
            "planned": _sum(one["planned"] for one in found),
            "deployed": _sum(one["deployed"] for one in found),
            "unstated": len(unstated),
            "unstated_activities": unstated,
            "shortfall_reasons": list(dict.fromkeys(one["shortfall_reason"] for one in found if _says(one))),
            "assumed": any(one["assumed"] for one in found),
        }
        for (year, kind), found in sorted(lines.items())
        for unstated in [[one["activity_id"] for one in found if one["deployed"] is None]]
    ]


def _says(line: Mapping[str, Any]) -> bool:
    return bool((line["shortfall_reason"] or "").strip())


def _sum(figures: Iterable[str | None]) -> str | None:
    stated = [Decimal(figure) for figure in figures if figure is not None]
    return str(sum(stated)) if stated else None


def _results(measured_by: Iterable[Mapping[str, Any]], results: Mapping[str, Mapping[str, str]]) -> list[View]:
    """Give each indicator with its baseline and what was found; one that the plan got later has no result.

    Its `source` is `known_figure` when the figure recorded about the `period` was taken, `evaluators` when who
    evaluated stated it.
    """
    return [
        {
            "indicator_id": one["indicator_id"],
            "title": from_json(one["title"]),
            "unit": from_json(one["unit"]),
            "baseline": one["baseline"],
            "baseline_period": one["baseline_period"],
            "baseline_assumed": bool(one["baseline_assumed"]),
            "value": results.get(one["indicator_id"], {}).get("value"),
            "missing": results.get(one["indicator_id"], {}).get("missing"),
            "period": results.get(one["indicator_id"], {}).get("period"),
            "source": _source(results.get(one["indicator_id"])),
            **_of_the_figure(one, results.get(one["indicator_id"], {})),
            "assumed": bool(one["assumed"]),
        }
        for one in measured_by
    ]


def _of_the_figure(indicator: Mapping[str, Any], result: Mapping[str, str]) -> View:
    """Tell of a known figure that was taken whether it is round, and whether it is assumed, as it was frozen."""
    taken = (result.get("period"), result.get("figure"))
    series = (one for one in indicator.get("series", ()) if (one["period"], one["number"]) == taken)
    figure = next(series, {"approximate": 0, "assumed": 0})
    return {"approximate": bool(figure["approximate"]), "value_assumed": bool(figure["assumed"])}


def _source(result: Mapping[str, str] | None) -> str | None:
    if result is None:
        return None
    return "known_figure" if "figure" in result else "evaluators"


def _evaluators(connection: Connection, named: Iterable[Mapping[str, str]]) -> list[View]:
    parties = {row["party_id"]: row for row in connection.all(people.PARTIES)}
    persons = {row["person_id"]: row for row in connection.all(people.PEOPLE)}
    found = []
    for one in named:
        row = parties[one["party"]] if "party" in one else persons[one["person"]]
        name = from_json(row["name"]) if "party" in one else row["name"]
        found.append({**one, "name": name, "assumed": bool(row["assumed"])})
    return found
