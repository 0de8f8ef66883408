"""The clauses of the zone's published text, each by what happens on the command line.

`docs/reference/clauses.md` says which command answers to which clause; a test holds that table to these tests.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.errors import Refused, Usage
from pdca.partners.involvement import Involve
from pdca.programme.decide import Decide
from pdca.programme.retain import Retain
from pdca.programme.submit import AuthorityStep, Submit
from pdca.report.completeness import gaps, sums_of_plans, sums_of_programmes
from pdca.report.programme import objectives, programmes
from pdca.store.jsontext import to_json
from pdca.store.reads import evaluations
from pdca.store.reads.exchange import ROWS
from pdca.store.rows import Change, insert, update
from tests import seed
from tests.contract import edits
from tests.contract.edits import edit
from tests.contract.world import MOTIVE, PLAN, World, furnish, opened
from tests.unit.cli.running import run
from workflows import definition as definitions
from workflows.instants import to_text

TODAY: Final = seed.START.date()
ZVP: Final = definitions.load("zvp")
FOUND: Final = (
    *("--verdict", "effective", "--process", "Zoals gepland.", "--effect", "Minder.", "--due-to", "plan"),
    *("--attribution", "Toezicht.", "--evidence", "Elders bleef het gelijk.", "--deployed", "Ploegen."),
)
"""What is recorded of an evaluation, besides its indicators."""


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A zone whose plan P-001 lacks nothing, as the database of the command line."""
    url = f"sqlite:///{tmp_path / 'pdca.db'}"
    furnish(url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PDCA_DATABASE", url)
    with opened(url) as here:
        here.by_administrator(edits.complete_baseline())
        here.approve("start")
        yield here


# --- What a test says


def unmet(trigger: str = "start", by: str = "sofie", plan: str = PLAN) -> dict[str, str]:
    """What holds a plan back: the words by the code of the need."""
    (one,) = run("plan", "why-not", plan, "--trigger", trigger, "--as", by, "--json").json["triggers"]
    return {need["code"]: need["need"] for need in one["needs"]}


def refused(trigger: str = "start", plan: str = PLAN) -> set[str]:
    """The codes by which taking the step is refused; the plan stays where it is."""
    before = shown(plan)["state"]
    ran = run("plan", "advance", plan, "--trigger", trigger, "--reason", MOTIVE, "--as", "sofie", "--json")
    assert ran.status == 3, ran.err
    assert shown(plan)["state"] == before
    return {need["code"] for need in ran.error["needs"]}


def shown(plan: str = PLAN) -> dict[str, Any]:
    view: dict[str, Any] = run("plan", "show", plan, "--json").json
    return view


def emptied(zone: World, rubric: str) -> None:
    """Take away what a rubric says."""
    zone.by_administrator(edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": rubric}, text=None)]))


def is_demanded(zone: World, rubric: str, label: str) -> None:
    """A plan without the rubric does not start, and is told which one it is; with a text or a reason it does."""
    key = {"plan_id": PLAN, "rubric_id": rubric}
    assert label in [localized["en"] for localized in (one["label"] for one in shown()["rubrics"])]
    emptied(zone, rubric)
    assert unmet()["rubric-empty"] == f"Rubric “{label}” is empty."
    assert "rubric-empty" in refused()
    zone.by_administrator(edits.Edit([update("rubric", key, not_applicable=to_json({"nl": "Niet van toepassing."}))]))
    assert "rubric-empty" not in unmet()


def imported(folder: Path, text: str) -> Any:  # noqa: ANN401 - what came of it
    (folder / "file.yaml").write_text(text, encoding="utf-8")
    return run("import", "file.yaml", "--json")


def file(programme: str, objectives: str = "[]") -> str:
    return (
        "---\npdca: 1\nlanguage: nl\n"
        "organisation: {id: pz-test, name: Politiezone Test, zone: Europe/Brussels, languages: [nl]}\n"
        f"programme: {programme}\nobjectives: {objectives}\n...\n"
    )


NEXT: Final = '{id: zvp-2026, title: ZVP, method: zvp, period: {from: "2026", to: "2031"}, previous: [zvp-test]}'


# --- The programme and its objectives


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


def missing(zone: World) -> set[tuple[str, str]]:
    return {(gap.code, gap.subject) for gap in gaps(zone.reading, zone.clock.now())}


def add_objective(zone: World, name: str, level: str, parent: str | None, disposition: str) -> None:
    row = {"programme_id": "zvp-test", "parent_id": parent, "level": level, "position": 9, "internal": 0, "assumed": 0}
    title = to_json({"nl": name})
    zone.by_administrator(
        seed.Plant([insert("objective", {"objective_id": name}, title=title, disposition=disposition, **row)])
    )


# --- The action plan and its rubrics


def test_clause_07_the_course_of_every_activity_is_written_out_with_owner_dates_order_and_status(zone: World) -> None:
    steps = to_json([{"text": {"nl": "Route tekenen"}}])
    course = {"depends_on": to_json([f"{PLAN}/A1"]), "steps": steps, "start_date": None, "end_date": None}
    zone.by_administrator(edits.activity(2, None, PLAN, **course))
    zone.by_administrator(edits.means(f"{PLAN}/A2", planned="8"))
    found = refused()
    assert found >= {"activity-without-owner", "activity-without-start", "activity-without-end"}
    first, second = shown()["activities"]
    assert (first["activity_id"], first["status"], first["start_date"]) == (f"{PLAN}/A1", "planned", "2024-01-08")
    assert second["owner"] is None
    second = run("activity", "show", f"{PLAN}/A2", "--json").json
    assert (second["after"], second["steps"]) == ([f"{PLAN}/A1"], [{"text": {"nl": "Route tekenen"}}])
    zone.by_administrator(
        edits.Edit([update("activity", {"activity_id": f"{PLAN}/A2"}, start_date="2024-06-01", end_date="2024-05-01")])
    )
    assert "activity-ends-before-start" in refused()
    gone = [Change("delete", "means", {"activity_id": f"{PLAN}/A{n}", "year": 2024, "kind": "hours"}) for n in (1, 2)]
    gone += [Change("delete", "activity", {"activity_id": f"{PLAN}/A{number}"}) for number in (1, 2)]
    zone.by_administrator(edits.Edit(gone))
    assert unmet()["no-activity"] == "The plan has no activity."


@pytest.mark.usefixtures("zone")
def test_clause_08_the_rubrics_are_a_fixed_set_in_a_fixed_order_of_a_version(tmp_path: Path) -> None:
    order = [rubric.id for rubric in ZVP.rubrics]
    assert [one["rubric_id"] for one in shown()["rubrics"]] == order
    assert (shown()["definition"], shown()["definition_version"]) == ("zvp", 1)
    plan = '{id: A, title: A, period: {from: "2026", to: "2026"}, rubrics: {partners: Y, definitie: X}}'
    assert imported(tmp_path, file(NEXT, f"[{{id: SD2, title: A, plans: [{plan}]}}]")).status == 0
    assert [one["rubric_id"] for one in shown("A")["rubrics"]] == order
    other = plan.replace("partners", "bijlagen").replace("id: A,", "id: B,")
    ran = imported(tmp_path, file(NEXT, f"[{{id: SD2, title: A, plans: [{other}]}}]"))
    assert (ran.status, ran.error["code"]) == (1, "import-unknown-rubric")


def test_clause_09_every_plan_defines_the_problem(zone: World) -> None:
    is_demanded(zone, "definitie", "Definition of the problem")


def test_clause_10_every_plan_analyses_and_goes_on_monitoring_by_indicators(zone: World) -> None:
    is_demanded(zone, "analyse", "Analysis and monitoring (objective / subjective)")
    assert ("measured-objectively-only", PLAN) in missing(zone)
    asked = ("--title", "Onveiligheidsgevoel", "--unit", "%", "--kind", "subjective")
    assert run("indicator", "add", "feeling", *asked).status == 0
    tying = ("indicator", "tie", PLAN, "feeling", "--baseline", "40", "--period", "2023", "--as", "sofie")
    assert run(*tying).status == 0
    assert not {code for code, _subject in missing(zone) if code.startswith("measured-")}
    zone.by_administrator(
        edits.Edit([update("plan_indicator", {"plan_id": PLAN, "indicator_id": "thefts"}, baseline=None)])
    )
    assert "indicator-without-baseline" in refused()
    zone.by_administrator(
        edits.Edit([Change("delete", "plan_indicator", {"plan_id": PLAN, "indicator_id": "feeling"})])
    )
    zone.by_administrator(edits.Edit([Change("delete", "plan_indicator", {"plan_id": PLAN, "indicator_id": "thefts"})]))
    assert "no-indicator" in refused()


def test_clause_11_every_plan_has_a_preventive_approach_with_activities_of_its_own(zone: World) -> None:
    is_demanded(zone, "preventief", "Preventive approach")
    adding = ("activity", "add", PLAN, "--owner", "prevention", "--rubric", "preventief", "--as", "sofie")
    for title in ("Verlichting van de stationsbuurt", "Infoavond over sloten"):
        assert run(*adding, "--title", title).status == 0
    entries = [one["title"] for one in shown()["activities"] if one["rubric_id"] == "preventief"]
    assert entries == [{"nl": "Verlichting van de stationsbuurt"}, {"nl": "Infoavond over sloten"}]


def test_clause_12_the_repressive_approach_puts_actions_in_place(zone: World) -> None:
    edit(zone, "sofie", lambda plan: plan["activities"][0].update(rubric="preventief"))
    assert unmet()["rubric-without-activity"] == (
        "Rubric “Repressive approach” puts no action in place: no activity belongs to it."
    )
    assert "rubric-without-activity" in refused()
    assert run("activity", "set", f"{PLAN}/A1", "rubric=repressief", "--as", "sofie").status == 0
    assert "rubric-without-activity" not in unmet()
    assert run("activity", "drop", f"{PLAN}/A1", "--reason", MOTIVE, "--as", "sofie").status == 0
    zone.by_administrator(edits.activity(2, "prevention", status="dropped", rubric_id="repressief"))
    zone.by_administrator(edits.activity(3, "prevention", rubric_id="preventief"))
    assert "rubric-without-activity" in unmet()
    is_demanded(zone, "repressief", "Repressive approach")
    assert "rubric-without-activity" not in unmet()


def test_clause_13_no_plan_goes_without_attention_to_victims(zone: World) -> None:
    is_demanded(zone, "slachtoffers", "Special attention to victims")


def test_clause_14_every_plan_says_how_the_population_is_told(zone: World) -> None:
    is_demanded(zone, "communicatie", "Communication to the population")


# --- The project group and its moments


def test_clause_15_a_plan_is_worked_by_a_group_of_several_disciplines_under_a_leader(zone: World) -> None:
    zone.by_administrator(edits.without_member("investigation"))
    assert "group-too-few-disciplines" in refused()
    zone.by_administrator(edits.plan(lead_id=None))
    assert unmet()["group-without-lead"] == "The project group has no project leader."


def test_clause_16_a_plan_exists_before_its_group_which_has_a_deadline_and_without_which_it_stays_in_plan(
    zone: World, tmp_path: Path
) -> None:
    plan = 'id: A, title: A, period: {from: "2024", to: "2026"}, group_by: 2024-02-01'
    assert imported(tmp_path, file(NEXT, f"[{{id: SD2, title: A, plans: [{{{plan}}}]}}]")).status == 0
    assert (shown("A")["state"], shown("A")["lead"], shown("A")["group"]) == ("plan", None, [])
    (row,) = [one for one in run("plan", "next", "A", "--json").json["next"] if one["what"] == "group"]
    assert row["by"] == "2024-02-01T08:00:00.000000Z"
    assert {"group-without-lead", "group-too-few-disciplines"} <= refused(plan="A")
    zone.go_to(date(2024, 2, 1))
    zone.sweep()
    assert zone.last_event(shown("A")["plan_id"])["kind"] == "plan.overdue"


def test_clause_17_a_plan_without_a_definite_moment_of_evaluation_is_refused(zone: World, tmp_path: Path) -> None:
    vague = 'id: A, title: A, period: {from: "2024", to: "2026"}, evaluations: [{date: regelmatig, kind: interim}]'
    assert imported(tmp_path, file(NEXT, f"[{{id: SD2, title: A, plans: [{{{vague}}}]}}]")).status == 1
    edit(zone, "sofie", lambda plan: plan.pop("evaluations"))
    assert unmet()["no-evaluation-moment"] == "No evaluation moment is planned."
    assert "no-evaluation-moment" in refused()
    day = {"stated_date": "2024-01-05", "due_date": "2024-01-05", "due_at": "2024-01-05T08:00:00.000000Z"}
    past = {"plan_id": PLAN, "kind": "interim", "first_due_at": day["due_at"], "status": "planned", "assumed": 0}
    zone.by_administrator(edits.Edit([insert("evaluation", {"evaluation_id": "E-901"}, **day, **past)]))
    assert "evaluation-moment-past" in refused()


def test_clause_18_the_project_group_fixes_the_moments_and_no_administrator(zone: World) -> None:
    def moved(plan: dict[str, Any]) -> None:
        plan["evaluations"][0]["date"] = "2024-05-13"

    administrator = zone.rows(ROWS["person"])[0]["handle"]
    assert [need.code for need in edit(zone, administrator, moved).refusal] == ["moments-by-group"]
    assert run("export", "--out", "full.yaml").status == 0
    Path("full.yaml").write_text(Path("full.yaml").read_text().replace("2024-04-08", "2024-05-13"))
    ran = run("import", "full.yaml", "--json")
    assert (ran.status, ran.error["code"]) == (3, "moments-by-group")
    assert zone.evaluation("E-101")["due_date"] == "2024-04-08"
    assert edit(zone, "marc", moved).refusal == ()
    assert zone.evaluation("E-101")["due_date"] == "2024-05-13"
    event = run("plan", "history", PLAN, "--json").json["events"][-1]
    assert (event["kind"], event["actor_name"], event["reason"]) == ("plan.edited", "Marc Dubois", MOTIVE)


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


# --- Means, partners and feedback


def test_clause_24_every_plan_has_a_section_on_means_and_capacity_precise_for_every_activity(zone: World) -> None:
    is_demanded(zone, "middelen", "Means and capacity")
    zone.by_administrator(edits.activity(2, "prevention"))
    assert unmet()["activity-without-means"].startswith(f"Activity {PLAN}/A2 ")


def test_clause_25_means_are_amounts_tied_to_activities_whose_sum_can_be_checked(zone: World) -> None:
    zone.by_administrator(edits.activity(2, "prevention"))
    zone.by_administrator(edits.means(f"{PLAN}/A2", planned="30.5", deployed="10", shortfall_reason="Ziekte."))
    (year, _whole) = [one for one in sums_of_plans(zone.reading) if (one.of, one.kind) == (PLAN, "hours")]
    assert (str(year.planned), str(year.shortfall), year.reasons) == ("150.5", "20.5", ((f"{PLAN}/A2", "Ziekte."),))
    assert {str(one.planned) for one in sums_of_programmes(zone.reading) if one.kind == "hours"} == {"150.5"}


def test_clause_26_partners_are_trained_informed_and_consulted_before_they_are_relied_on(zone: World) -> None:
    is_demanded(zone, "partners", "Competent involvement of the partners (training, information, consultation)")
    zone.by_administrator(edits.activity(2, "transport"))
    assert ("partner-not-trained", "transport") in missing(zone)
    for mode in ("information", "consultation", "training"):
        assert ("partner-not-trained", "transport") in missing(zone)
        zone.by("sofie", Involve(PLAN, "transport", mode, TODAY, "Hoe melden.", ("anna",)))
    assert ("partner-not-trained", "transport") not in missing(zone)
    assert [row["mode"] for row in zone.rows(ROWS["involvement"])] == ["information", "consultation", "training"]


# --- What an evaluation of the whole leaves for the next programme

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


# --- What an evaluation says of capacity and of its cause


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


# --- What stays in daily work, and where several work together


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


@pytest.fixture
def mmm(zone: World) -> World:
    """The zone with a plan that calls itself MMM and is so in all three ways."""
    street = to_json({"by_area": {"Anderlecht": ["Bergensesteenweg"]}})
    phenomena = to_json([{"text": {"nl": "drugs"}}, {"text": {"nl": "diefstal"}}])
    zone.by_administrator(seed.Plant([insert("party", {"party_id": "stib"}, **PARTNER)]))
    zone.by_administrator(edits.member("transport"))
    zone.by_administrator(edits.member("stib", position=6))
    zone.by_administrator(edits.plan(mmm=1, perimeter=street, phenomena=phenomena))
    assert set(unmet()) == {"not-approved"}
    return zone


PARTNER: Final = {"kind": "partner", "name": to_json({"nl": "MIVB"}), "discipline_assumed": 0, "assumed": 0}


def test_clause_33_multidisciplinary_is_cooperation_between_several_safety_partners(mmm: World) -> None:
    mmm.by_administrator(edits.without_member("stib"))
    assert "mmm-too-few-partners" in refused()


def test_clause_34_multi_phenomenon_takes_several_phenomena(mmm: World) -> None:
    mmm.by_administrator(edits.plan(phenomena=to_json([{"text": {"nl": "drugs"}}])))
    assert "mmm-too-few-phenomena" in refused()


def test_clause_35_micro_local_takes_a_clearly_delimited_perimeter(mmm: World) -> None:
    mmm.by_administrator(edits.plan(perimeter=None))
    assert "mmm-without-perimeter" in refused()
    mmm.by_administrator(edits.plan(mmm=0))
    assert set(unmet()) == {"not-approved"}


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
