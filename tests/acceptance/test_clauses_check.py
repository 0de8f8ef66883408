"""The clauses about Check and Adjust: the cycles, and what an evaluation says of means, of effects and of results."""

import json
from typing import Any

from pdca.store.reads import evaluations
from tests.acceptance.clauses import FOUND, missing, refused, shown
from tests.contract.world import MOTIVE, PLAN, World
from tests.unit.cli.running import run


def test_clause_19_a_plan_goes_through_plan_do_check_and_adjust_in_numbered_cycles(zone: World) -> None:
    for trigger, state in (("start", "do"), ("evaluate", "check"), ("conclude", "adjust"), ("continue", "do")):
        if trigger == "conclude":
            assert "evaluation-not-recorded" in refused("conclude")
            zone.record()
        ran = run("plan", "advance", PLAN, "--trigger", trigger, "--reason", MOTIVE, "--as", "sofie", "--json")
        assert ran.json["to_state"] == state
    assert (shown()["state"], shown()["cycle"]) == ("do", 2)
    first, second = run("plan", "cycles", PLAN, "--format", "json").json["cycles"]
    assert (first["cycle"], first["verdict"], first["decision"], first["motive"]) == (
        1,
        "effective",
        "continue",
        MOTIVE,
    )
    assert (second["cycle"], second["verdict"], second["decision"]) == (2, None, None)
    assert first["started_at"]
    assert second["started_at"]


def record(*more: str) -> Any:  # noqa: ANN401 - what came of it
    """Record the first evaluation of the plan."""
    return run("evaluation", "record", "E-101", "--as", "marc", *FOUND, "--indicator", "thefts=12", *more, "--json")


def test_clause_30_planned_and_deployed_capacity_stand_beside_the_effect_and_a_shortfall_says_why(zone: World) -> None:
    zone.take("start", "evaluate")
    short = record("--means", "A1/2024/hours=30")
    assert (short.status, [need["code"] for need in short.error["needs"]]) == (3, ["shortfall-unexplained"])
    assert record("--means", "A1/2024/hours=30:Geen ploegen vrij.").status == 0
    view = run("evaluation", "show", "E-101", "--json").json
    (line,) = view["capacity"]
    assert (line["planned"], line["deployed"], line["shortfall_reasons"]) == ("120", "30", ["Geen ploegen vrij."])
    assert (view["verdict"], view["effect_findings"]) == ("effective", "Minder.")
    page = run("evaluation", "show", "E-101").out
    assert page.index("Minder.") < page.index("120") < page.index("Geen ploegen vrij.")


def test_clause_31_an_effect_is_attributed_to_the_plan_or_to_daily_work_with_the_evidence(zone: World) -> None:
    zone.take("start", "evaluate")
    without = record("--due-to", "daily_work", "--evidence", "")
    assert (without.status, [need["code"] for need in without.error["needs"]]) == (3, ["no-evidence"])
    said = ("--attribution", "Het goede dagelijkse werk.", "--evidence", "Het daalde ook zonder plan.")
    assert record("--due-to", "daily_work", *said).status == 0
    assert "Due to: daily work, not the plan. Het goede dagelijkse werk." in run("evaluation", "show", "E-101").out
    view = run("evaluation", "show", "E-101", "--json").json
    assert (view["attributed_to"], view["evidence"]) == ("daily_work", "Het daalde ook zonder plan.")


def test_clause_36_a_plan_is_judged_by_its_results_every_indicator_measured_or_with_a_reason(zone: World) -> None:
    own_work = ("measured-by-own-work-only", PLAN)
    assert own_work not in missing(zone)
    assert run("indicator", "set", "thefts", "kind=activity").status == 0
    assert own_work in missing(zone)
    assert run("indicator", "set", "thefts", "kind=objective").status == 0
    zone.approve("start")
    zone.take("start", "evaluate")
    record = ("evaluation", "record", "E-101", "--as", "marc", *FOUND, "--json")
    ran = run(*record)
    assert ran.status == 3
    assert "indicator-unaccounted" in {need["code"] for need in ran.error["needs"]}
    assert run(*record, "--indicator", "thefts=12").status == 0
    (row,) = [one for one in zone.rows(evaluations.OF_PLAN, plan_id=PLAN) if one["status"] == "recorded"]
    assert json.loads(row["results"])["thefts"]["value"] == "12"
