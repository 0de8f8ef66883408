"""The clauses about a whole programme: its period, approval and objectives, its phenomena, and what follows it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from pdca.errors import Refused, Usage
from pdca.programme.decide import Decide
from pdca.programme.retain import Retain
from pdca.programme.submit import AuthorityStep, Submit
from pdca.report.programme import objectives, programmes
from pdca.store.jsontext import to_json
from pdca.store.rows import Change, insert, update
from tests import seed
from tests.acceptance.clauses import NEXT, file, imported, missing, refused, shown, unmet
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World
from tests.unit.cli.running import run
from workflows.instants import to_text


def test_clause_01_a_programme_has_a_period_of_whole_years_and_follows_another(zone: World, tmp_path: Path) -> None:
    assert imported(tmp_path, file(NEXT)).status == 0
    first, second = programmes(zone.reading)
    assert (first["programme_id"], second["programme_id"]) == ("zvp-test", "zvp-2026")
    assert (second["period_start"], second["period_end"]) == ("2026-01-01", "2031-12-31")
    assert second["previous_id"] == "zvp-test"


def test_clause_02_authorities_approve_in_order_on_one_day_with_effect_from_another_stated_as_far_as_known(
    zone: World, tmp_path: Path
) -> None:
    assert imported(tmp_path, file(NEXT, "[{id: SD2, title: Wonen}]")).status == 0
    edits.evaluated(zone)
    zone.by_administrator(Retain("SD2", "retained", MOTIVE, None, "2024-01-02", "de raad"))
    steps = [AuthorityStep({"nl": name}, {"nl": "goedkeuring"}) for name in ("zonale veiligheidsraad", "minister")]
    zone.by_administrator(Submit("zvp-2026", steps))
    with pytest.raises(Refused) as raised:
        zone.by_administrator(Decide("zvp-2026", 0, 2, "approved", "2023-12"))
    assert raised.value.code == "earlier-step-open"
    zone.by_administrator(Decide("zvp-2026", 0, 1, "approved", "2023-11-30"))
    assert next(one for one in programmes(zone.reading) if one["programme_id"] == "zvp-2026")["status"] == "submitted"
    zone.by_administrator(Decide("zvp-2026", 0, 2, "approved", "2023-12", "2026-01-01"))
    view = next(one for one in programmes(zone.reading) if one["programme_id"] == "zvp-2026")
    (version,) = view["versions"]
    minister = version["approvals"][1]
    assert view["status"] == "approved"
    assert (minister["decided_on"], minister["effective_on"]) == ("2023-12", "2026-01-01")


def test_clause_03_retaining_is_a_decision_with_a_motive_and_what_was_not_retained_stays_visible(zone: World) -> None:
    with pytest.raises(Usage) as raised:
        zone.by_administrator(Retain("SD1", "dropped", " ", None, "2024-01-05", "council"))
    assert raised.value.code == "motive-missing"
    zone.by_administrator(Retain("SD1", "dropped", "Geen prioriteit.", "Scanning 2023", "2024-01-05", "council"))
    assert "objective-not-retained" in refused()
    view = next(one for one in objectives(zone.reading) if one["objective_id"] == "SD1")
    (decision,) = view["decisions"]
    assert (view["disposition"], decision["motive"], decision["decided_on"]) == (
        "dropped",
        "Geen prioriteit.",
        "2024-01-05",
    )
    zone.by_administrator(Retain("SD1", "retained", "Toch.", None, "2024-01-06", "council"))
    assert "objective-not-retained" not in unmet()


def test_clause_04_every_strategic_objective_is_asked_for_its_operational_objectives(zone: World) -> None:
    add_objective(zone, "SD2", "strategic_objective", None, "retained")
    assert ("objective-without-operational", "SD2") in missing(zone)
    add_objective(zone, "OD2.1", "operational_objective", "SD2", "candidate")
    assert ("objective-without-operational", "SD2") not in missing(zone)


def test_clause_05_every_operational_objective_stands_under_a_strategic_one_and_is_asked_for_its_plan(
    zone: World, tmp_path: Path
) -> None:
    nested = "[{id: SD2, title: A, objectives: [{id: OD2.1, title: B, objectives: [{id: X, title: C}]}]}]"
    ran = imported(tmp_path, file(NEXT, nested))
    assert (ran.status, ran.error["code"]) == (1, "import-too-many-levels")
    assert imported(tmp_path, file(NEXT, nested.replace(", objectives: [{id: X, title: C}]", ""))).status == 0
    levels = {row["objective_id"]: (row["level"], row["parent_id"]) for row in objectives(zone.reading)}
    assert levels["SD2"] == ("strategic_objective", None)
    assert levels["OD2.1"] == ("operational_objective", "SD2")
    edits.evaluated(zone)
    zone.by_administrator(Retain("OD2.1", "retained", MOTIVE, None, "2024-01-02", "council"))
    assert ("objective-without-plan", "OD2.1") in missing(zone)


def test_clause_06_an_action_plan_serves_an_objective_that_was_retained(zone: World) -> None:
    assert shown()["objective"]["objective_id"] == "OD1.1"
    assert "objective-not-retained" not in unmet()
    zone.by_administrator(Retain("SD1", "dropped", MOTIVE, None, "2024-01-05", "council"))
    assert ("plan-not-retained", PLAN) in missing(zone)
    assert unmet()["objective-not-retained"] == "Objective OD1.1 is not retained."


def add_objective(zone: World, name: str, level: str, parent: str | None, disposition: str) -> None:
    row = {"programme_id": "zvp-test", "parent_id": parent, "level": level, "position": 9, "internal": 0, "assumed": 0}
    title = to_json({"nl": name})
    zone.by_administrator(
        seed.Plant([insert("objective", {"objective_id": name}, title=title, disposition=disposition, **row)])
    )


FINDING: Final = ("--finding", "Sterk gedaald.", "--attribution", "Goed dagelijks werk.", "--evidence", "De cijfers.")
RETAIN_NEXT: Final = ("--motive", MOTIVE, "--by", "council", "--on", "2024-01-02")


@pytest.mark.usefixtures("zone")
def test_clause_27_the_whole_programme_is_evaluated_and_that_feeds_the_next(tmp_path: Path) -> None:
    assert imported(tmp_path, file(NEXT, "[{id: SD2, title: Wonen}]")).status == 0
    ran = run("objective", "retain", "SD2", *RETAIN_NEXT, "--json")
    assert (ran.status, [need["code"] for need in ran.error["needs"]]) == (3, ["final-evaluation-missing"])
    evaluation = ("programme", "evaluation")
    final = run(*evaluation, "add", "zvp-test", "--kind", "final", "--json").json["evaluation"]
    recording = (*evaluation, "record", final, "--held", "2023-12", "--by", "council", "--json")
    assert "objective-not-evaluated" in {need["code"] for need in run(*recording).error["needs"]}
    assert run(*evaluation, "theme", final, "SD1", *FINDING, "--decision", "continue").status == 0
    assert run(*recording).status == 0
    assert run(*evaluation, "propose", final, "--json").json["objectives"] == ["SD1-2026"]
    origin = run("objective", "show", "SD1-2026", "--json").json["origin"]
    assert (origin["evaluation_id"], origin["theme_id"], origin["finding"]) == (final, "SD1", {"nl": "Sterk gedaald."})
    assert run("objective", "retain", "SD1-2026", *RETAIN_NEXT).status == 0


def test_clause_28_phenomena_stand_in_a_tree_that_outlives_programmes(zone: World, tmp_path: Path) -> None:
    run("phenomenon", "add", "street", "--title", "Straatcriminaliteit")
    run("phenomenon", "add", "theft", "--title", "Diefstal", "--under", "street")
    zone.by_administrator(seed.Plant([update("objective", {"objective_id": "SD1"}, phenomenon_id="theft")]))
    assert imported(tmp_path, file(NEXT, "[{id: SD2, title: Straat, phenomenon: street}]")).status == 0
    below, above = (run("phenomenon", "show", name, "--json").json for name in ("theft", "street"))
    assert [(one["programme_id"], one["objective_id"]) for one in above["objectives"]] == [
        ("zvp-test", "SD1"),
        ("zvp-2026", "SD2"),
    ]
    assert [one["objective_id"] for one in below["objectives"]] == ["SD1"]
    assert [one["phenomenon_id"] for one in above["phenomena"]] == ["theft"]


def test_clause_29_the_figures_of_a_phenomenon_are_read_against_a_baseline(zone: World) -> None:
    run("phenomenon", "add", "street", "--title", "Straatcriminaliteit")
    run("phenomenon", "add", "theft", "--title", "Diefstal", "--under", "street")
    zone.by_administrator(seed.Plant([update("objective", {"objective_id": "SD1"}, phenomenon_id="theft")]))
    measured = [figure("2023", value="88"), figure("2024", missing_reason="Niet geteld.")]
    zone.by_administrator(seed.Plant(measured))
    (indicator,) = run("phenomenon", "show", "street", "--json").json["indicators"]
    (of_plan,) = indicator["plans"]
    baseline = Decimal(of_plan["baseline"])
    assert (indicator["indicator_id"], of_plan["plan_id"]) == ("thefts", PLAN)
    series = {one["period"]: one for one in indicator["series"]}
    assert Decimal(series["2023"]["change"]) == 88 - baseline
    assert (series["2024"]["value"], series["2024"]["change"]) == (None, None)


def figure(period: str, **values: object) -> Change:
    key = {"indicator_id": "thefts", "period": period, "number": 1}
    then = to_text(seed.START)
    return insert("measurement", key, approximate=0, assumed=0, known_at=then, recorded_at=then, **values)


def test_clause_32_what_stays_in_daily_work_is_decided_with_its_motive_still_watched_and_can_return(
    zone: World,
) -> None:
    daily = Retain("SD1", "daily_operations", "Goed dagelijks werk.", None, "2024-01-05", "council")
    with pytest.raises(Usage) as raised:
        zone.by_administrator(daily)
    assert raised.value.code == "watch-missing"
    zone.by_administrator(replace(daily, watch="de aangiften"))
    view = next(one for one in objectives(zone.reading) if one["objective_id"] == "SD1")
    assert (view["disposition"], view["decisions"][-1]["watch"]) == ("daily_operations", "de aangiften")
    zone.by_administrator(Retain("SD1", "retained", "Het keert terug.", None, "2024-01-06", "council"))
    view = next(one for one in objectives(zone.reading) if one["objective_id"] == "SD1")
    assert [one["disposition"] for one in view["decisions"]] == ["daily_operations", "retained"]
    zone.take("start", "evaluate", "record", "conclude")
    zone.approve("embed")
    again = ("--reason", MOTIVE, "--watch", "de aangiften", "--again", "2025-03-03", "--as", "sofie", "--json")
    embed = ("plan", "advance", PLAN, "--trigger", "embed", "--by-indicator", "thefts", *again)
    assert run(*embed).json["to_state"] == "daily_operations"
    assert (shown()["watch"], shown()["watch_indicator_id"]) == ("de aangiften", "thefts")
    assert zone.sweep_on(date(2025, 3, 3)).enforced == 1
    assert zone.last_event()["kind"] == "plan.watch_due"
    assert zone.advance("reopen").summary["to_state"] == "plan"
