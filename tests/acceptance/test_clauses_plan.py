"""The clauses about the plan and its start: rubrics, activities, project group, moments, means, partners, and MMM.

`docs/reference/clauses.md` says which command answers to which clause; a test holds that table to these tests.
"""

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.partners.involvement import Involve
from pdca.report.completeness import sums_of_plans, sums_of_programmes
from pdca.store.jsontext import to_json
from pdca.store.reads.exchange import ROWS
from pdca.store.rows import Change, insert, update
from tests import seed
from tests.acceptance.clauses import NEXT, TODAY, ZVP, file, imported, is_demanded, missing, refused, shown, unmet
from tests.contract import edits
from tests.contract.edits import edit
from tests.contract.world import MOTIVE, PLAN, World
from tests.unit.cli.running import run

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


# --- Means and partners


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


# --- Where several work together


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
