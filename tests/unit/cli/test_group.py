"""The project group on the command line: who is in it, since when, who leads it, and what it lacks."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

LEAD = ("--as", "ijsbrand")
TO_COME = """\
---
pdca: 1
language: nl
organisation: {id: pz-zuid, name: Politiezone Zuid, zone: Europe/Brussels, languages: [nl, fr]}
programme: {id: later, title: Later, method: zvp, period: {from: "2026", to: "2031"}}
objectives:
  - id: L1
    title: Later
    plans:
      - {id: LATER, title: Vervolg, period: {from: 2026-01-02, to: 2026-12-31}, group_by: 2026-01-31}
...
"""
NOON = "2024-10-15T10:00:00Z"


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", NOON)


def group(plan: str = "P-004") -> dict[str, Any]:
    view: dict[str, Any] = run("group", "show", plan, "--json").json
    return view


def members(plan: str = "P-004") -> dict[str, dict[str, Any]]:
    return {row["party_id"]: row for row in group(plan)["members"]}


def changed(*arguments: str, who: tuple[str, ...] = LEAD) -> dict[str, Any]:
    ran = run("group", *arguments, *who, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def test_clause_15_the_group_is_shown_by_function_organisation_and_discipline_with_its_leader_first() -> None:
    view = group("AP-HOTSPOT")
    first = view["members"][0]
    assert (first["party_id"], first["role"], first["discipline"]) == ("pijler_operationeel", "lead", "operationeel")
    assert first["organisation"] == view["members"][1]["organisation"]
    partner = members()["federale_politie"]
    assert partner["organisation"] == partner["name"]
    assert [one["name"] for one in partner["people"]] == ["Zacharie Apologue"]
    assert (view["multidisciplinary"], view["needs"]) == (True, [])
    assert set(view["disciplines"]) >= {"operationeel", "gerechtelijk", "federale politie"}


def test_a_member_joins_and_leaves_on_days_and_its_history_stays() -> None:
    changed("add", "P-004", "communicatie", "--from", "2024-11-01", "--until", "2025-01-01")
    assert members()["communicatie"]["present"] is False
    changed("remove", "P-004", "huisvesting")
    gone = members()["huisvesting"]
    assert (gone["until_date"], gone["present"]) == ("2024-10-15", False)
    out = run("group", "show", "P-004").out
    today, _heading, others = out.partition("Not in it today")
    assert "huisvesting" in others
    assert "huisvesting" not in today.partition("Multidisciplinary")[0]
    assert "until 2024-10-15" in others
    assert "2024-11-01 until 2025-01-01" in others
    assert "huisvesting" not in run("plan", "show", "P-004").out.partition("Project group")[2].splitlines()[0]


def test_who_left_comes_back_and_who_never_came_is_not_kept() -> None:
    changed("remove", "P-004", "huisvesting")
    changed("add", "P-004", "huisvesting", "--from", "2024-10-20")
    assert (members()["huisvesting"]["from_date"], members()["huisvesting"]["until_date"]) == ("2024-10-20", None)
    changed("remove", "P-004", "huisvesting", "--on", "2024-10-20")
    assert "huisvesting" not in members()


def test_a_deputy_acts_as_the_leader_and_cannot_be_the_leader() -> None:
    assert run("group", "add", "P-004", "hrm", "--as", "norbert").status == 3
    changed("add", "P-004", "hrm", "--deputy")
    assert members()["hrm"]["role"] == "deputy"
    changed("add", "P-004", "communicatie", who=("--as", "norbert"))
    ran = run("group", "add", "P-004", "pijler_operationeel", "--deputy", *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (2, "deputy-of-self")


def test_a_plan_made_without_a_group_has_a_day_by_which_it_is_to_have_one() -> None:
    made = run("plan", "new", "--title", "Nieuw", "--objective", "OD1.1", "--period", "2025-01-01/2026-12-31", "--json")
    plan = made.json["plan"]
    view = run("group", "show", plan, "--json").json
    assert (view["group_by"], view["deadline"]["late"]) == ("2025-12-31", False)
    assert "It is to be set up by 2025-12-31." in run("group", "show", plan).out
    run("plan", "set", plan, "group_by=2025-03")
    assert run("group", "show", plan, "--json").json["deadline"]["due_at"].startswith("2025-03-31")
    run("plan", "set", plan, "group_by=")
    assert run("group", "show", plan, "--json").json["deadline"]["due_at"].startswith("2025-12-31")


def test_what_is_not_said_of_a_membership_stays() -> None:
    changed("add", "P-004", "hrm", "--deputy", "--until", "2026-01-01")
    changed("add", "P-004", "hrm", "--from", "2025-01-01")
    hrm = members()["hrm"]
    assert (hrm["role"], hrm["from_date"], hrm["until_date"]) == ("deputy", "2025-01-01", "2026-01-01")
    changed("add", "P-004", "hrm", "--no-deputy")
    hrm = members()["hrm"]
    assert (hrm["role"], hrm["from_date"], hrm["until_date"]) == ("member", "2025-01-01", "2026-01-01")


def test_the_lead_passes_to_another_and_that_stays_with_the_plan() -> None:
    changed("add", "P-004", "pijler_gerechtelijk", "--deputy")
    changed("lead", "P-004", "pijler_gerechtelijk", "--reason", "Overgenomen.")
    view = group()
    assert [row["party_id"] for row in view["members"]].count("pijler_gerechtelijk") == 1
    assert (view["members"][0]["party_id"], view["members"][0]["role"]) == ("pijler_gerechtelijk", "lead")
    assert run("plan", "show", "P-004", "--json").json["details"]["handovers"] == [
        {"date": "2024-10-15", "to": "pijler_gerechtelijk"}
    ]
    assert run("activity", "done", "P-004/A1", *LEAD).status == 3


def test_clause_16_a_group_is_late_until_it_is_multidisciplinary_and_says_what_it_lacks() -> None:
    plan = run("plan", "list", "--json").json["plans"][0]["plan_id"]
    for party in [party for party, row in members(plan).items() if row["role"] != "lead"]:
        changed("remove", plan, party, who=())
    view = group(plan)
    assert view["multidisciplinary"] is False
    [need] = view["needs"]
    assert (need["code"], need["command"]) == ("group-too-few-disciplines", f"pdca group add {plan} PARTY")
    assert "Not multidisciplinary" in run("group", "show", plan).out
    changed("add", plan, "slachtofferbejegening", who=())
    assert group(plan)["multidisciplinary"] is True


def test_clause_16_the_group_has_a_day_by_which_it_is_to_be_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("later.yaml").write_text(TO_COME, encoding="utf-8")
    monkeypatch.setenv("PDCA_NOW", "2026-01-05T08:00:00Z")
    assert run("import", "later.yaml").status == 0
    assert "It is to be set up by 2026-01-31." in run("group", "show", "LATER").out
    assert {need["command"] for need in group("LATER")["needs"]} >= {"pdca group lead P-013 PARTY"}
    monkeypatch.setenv("PDCA_NOW", "2026-02-01T08:00:00Z")
    assert "and is late" in run("group", "show", "LATER").out
    assert group("LATER")["deadline"]["late"] is True
    changed("lead", "LATER", "analist", who=())
    changed("add", "LATER", "hrm", who=())
    assert "It is complete" in run("group", "show", "LATER").out
    assert group("LATER")["deadline"] is None


def test_a_discipline_that_is_stated_counts_in_every_group_and_is_no_assumption_any_more() -> None:
    assert run("group", "discipline", "projectgroep", "preventie", "--as", "ijsbrand").status == 3
    view = changed("discipline", "projectgroep", "preventie", who=())
    assert (view["party"], view["discipline"]) == ("projectgroep", "preventie")
    changed("add", "P-004", "projectgroep")
    row = members()["projectgroep"]
    assert (row["discipline"], row["discipline_assumed"]) == ("preventie", False)
    assert changed("discipline", "projectgroep", "preventie", who=())["event"] is None
    assert run("group", "discipline", "projectgroep", " ").status == 2


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("add", "P-004", "nobody"), 4, "party-unknown"),
        (("add", "P-099", "hrm"), 4, "plan-unknown"),
        (("add", "P-004", "hrm", "--from", "2024-13-01"), 2, "date-unknown"),
        (("add", "P-004", "hrm", "--from", "2024-10-02", "--until", "2024-10-02"), 2, "dates-backwards"),
        (("remove", "P-004", "hrm"), 4, "not-in-group"),
        (("remove", "P-004", "gemeenten"), 4, "not-in-group"),
        (("lead", "P-004", "nobody"), 4, "party-unknown"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_changed(
    arguments: tuple[str, ...], status: int, code: str
) -> None:
    before = group()
    ran = run("group", *arguments, *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert group() == before


def test_who_left_does_not_leave_again() -> None:
    changed("remove", "P-004", "huisvesting", "--on", "2024-10-10")
    ran = run("group", "remove", "P-004", "huisvesting", *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (2, "left-group-already")
    changed("remove", "P-004", "huisvesting", "--on", "2024-10-09")
    assert members()["huisvesting"]["until_date"] == date(2024, 10, 9).isoformat()


def test_a_dry_run_changes_nothing() -> None:
    before = group()
    assert changed("lead", "P-004", "hrm", "--dry-run")["event"] is None
    assert changed("lead", "P-004", "pijler_operationeel")["event"] is None
    assert group() == before


def test_the_page_of_a_plan_says_who_holds_the_function_that_leads_it() -> None:
    lead = next(row for row in run("group", "show", "P-004", "--json").json["members"] if row["role"] == "lead")
    view = run("plan", "show", "P-004", "--json").json
    assert view["lead"]["people"] == lead["people"] != []
    name = lead["people"][0]["name"]
    page = " ".join(run("plan", "show", "P-004", "--lang", "nl").out.split())
    assert f"({name}" in page.partition("Projectleider: ")[2].partition("Projectgroep")[0]
