"""The clauses about informing: the population, feedback, partners and authorities, moments and method, proof.

`docs/reference/clauses.md` says which command answers to which clause; a test holds that table to these tests.
"""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.store.jsontext import from_json, to_json
from pdca.store.reads.exchange import ROWS
from pdca.store.rows import insert, update
from tests import seed
from tests.acceptance.clauses import is_demanded
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World
from tests.unit.cli.running import run

INFORMED: Final = date(2024, 3, 4)
HIDDEN: Final = "Onopvallende controles"
CITIZENS: Final = {"kind": "public", "name": '{"nl":"Bevolking"}', "discipline_assumed": 0, "assumed": 0}


def informed(zone: World, party: str, method: str, *more: str, day: date = INFORMED) -> None:
    """The project group decides that a party is informed on a day, by a method, and the day comes."""
    decision = ("--for", party, "--method", method, "--date", day.isoformat(), *more)
    ran = run("information", "set", PLAN, *decision, "--reason", MOTIVE, "--as", "sofie")
    assert ran.status == 0, ran.err
    if zone.plan()["state"] == "plan":
        zone.take("start")
    zone.sweep_on(day)


def of_information(name: str) -> Any:  # noqa: ANN401 - a list of views
    return run("information", "show", PLAN, "--json").json[name]


def approved_and_held(report: str, day: date = INFORMED) -> None:
    assert run("information", "approve", report, "--as", "marc").status == 0
    held = ("--on", day.isoformat(), "--reference", "Verslag, punt 4", "--received-by", "het overleg", "--as", "sofie")
    assert run("information", "receipt", report, *held).status == 0


def test_clause_14_every_plan_says_how_the_population_is_told_and_it_is_told_no_more_than_is_meant_for_it(
    zone: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_demanded(zone, "communicatie", "Communication to the population")
    change = update(
        "rubric",
        {"plan_id": PLAN, "rubric_id": "repressief"},
        text=to_json({"nl": HIDDEN}),
        withheld_from=to_json(["public"]),
    )
    zone.by_administrator(edits.Edit([change]))
    zone.by_administrator(seed.Plant([insert("party", {"party_id": "citizens"}, **CITIZENS)]))
    informed(zone, "citizens", "web")
    monkeypatch.setenv("PDCA_INFORMATION_FOLDER", str(tmp_path / "told"))
    assert run("information", "send", "R-001", "--as", "sofie").status == 3
    assert run("information", "approve", "R-001", "--as", "sofie").status == 0
    assert run("information", "send", "R-001", "--as", "sofie").status == 0
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "told" / "site").iterdir()]
    assert pages
    assert not [page for page in pages if HIDDEN in page]
    receipts = of_information("reports")[0]["receipts"]
    assert {receipt["kind"] for receipt in receipts} == {"published"}
    assert sorted(receipt["reference"].rsplit(".", 2)[1] for receipt in receipts) == sorted(
        receipt["language"] for receipt in receipts
    )
    informed(zone, "citizens", "web", day=INFORMED + timedelta(days=7))
    zone.by_administrator(edits.Edit([update("plan", {"plan_id": PLAN}, restricted=1)]))
    refused = run("information", "approve", "R-002", "--as", "sofie", "--json")
    assert (refused.status, [need["code"] for need in refused.error["needs"]]) == (3, ["plan-restricted"])


def test_clause_20_a_reaction_to_what_was_told_comes_back_is_kept_and_answered(zone: World) -> None:
    informed(zone, "transport", "meeting")
    approved_and_held("R-001")
    said = ("--party", "transport", "--report", "R-001", "--text", "Wij merken het.", "--as", "anna")
    assert run("partner", "react", PLAN, *said).status == 0
    (waiting,) = [one for one in run("plan", "next", PLAN, "--json").json["next"] if one["what"] == "answer"]
    assert waiting["subject"] == f"{PLAN}/R1"
    assert run("partner", "answer", f"{PLAN}/R1", "--text", "Dank u.", "--as", "sofie").status == 0
    [reaction] = of_information("reactions")
    assert (reaction["report_id"], reaction["text"], reaction["answer"]) == ("R-001", "Wij merken het.", "Dank u.")


def test_clause_21_partners_and_authorities_are_informed_and_it_is_not_forgotten(zone: World) -> None:
    informed(zone, "transport", "mail")
    informed(zone, "council", "mail", day=INFORMED + timedelta(days=1))
    reports = of_information("reports")
    assert [(one["party_id"], one["audience"], one["status"]) for one in reports] == [
        ("transport", "partner", "prepared"),
        ("council", "authority", "prepared"),
    ]
    zone.sweep_on(INFORMED + timedelta(days=7))
    overdue = zone.last_event()
    assert overdue["kind"] == "information.overdue"
    assert zone.told(overdue["seq"]) == {"sofie": "lead"}
    (late, _other) = [one for one in run("plan", "next", PLAN, "--json").json["next"] if one["what"] == "information"]
    assert late["late"]
    assert run("status", "--check").status == 10
    assert run("information", "approve", "R-001", "--as", "sofie").status == 0
    assert set(zone.told(zone.last_event()["seq"]).values()) == {"informed"}


def test_clause_22_they_are_told_of_the_progress_made_since_the_last_time(zone: World) -> None:
    informed(zone, "transport", "meeting")
    approved_and_held("R-001")
    later = INFORMED + timedelta(days=21)
    informed(zone, "transport", "meeting", day=later)
    first, second = of_information("reports")
    assert (first["since"], second["since"]) == (None, first["prepared_at"])
    facts = [from_json(row["facts"]) for row in zone.rows(ROWS["information_report"])]
    assert [one["since"] for one in facts] == [None, INFORMED.isoformat()]
    started = [[event["kind"] for event in one["happened"]["events"]].count("plan.advanced") for one in facts]
    assert started == [1, 0]


def test_clause_23_at_moments_and_by_a_method_that_the_project_group_fixed_with_proof_of_it(zone: World) -> None:
    administrator = zone.rows(ROWS["person"])[0]["handle"]
    decision = ("--for", "transport", "--method", "letter", "--date", INFORMED.isoformat(), "--reason", MOTIVE)
    ran = run("information", "set", PLAN, *decision, "--as", administrator, "--json")
    assert (ran.status, [need["code"] for need in ran.error["needs"]]) == (3, ["moments-by-group"])
    informed(zone, "transport", "meeting")
    [kept] = of_information("decisions")
    assert (kept["method"], kept["dates"], kept["reason"]) == ("meeting", [INFORMED.isoformat()], MOTIVE)
    assert kept["decided_by_name"] == "Sofie Peeters"
    not_of_it = run("information", "approve", "R-001", "--as", administrator, "--json")
    assert (not_of_it.status, [need["code"] for need in not_of_it.error["needs"]]) == (3, ["not-in-project-group"])
    approved_and_held("R-001")
    [report] = of_information("reports")
    [receipt] = report["receipts"]
    day = INFORMED.isoformat()
    assert (receipt["kind"], receipt["happened_on"], receipt["reference"]) == ("held", day, "Verslag, punt 4")
    assert (receipt["language"], receipt["received_by"]) == (report["language"], "het overleg")
    page = run("information", "report", "R-001", "--page", "nl").out
    assert hashlib.sha256(page.encode()).hexdigest() == report["hashes"]["nl"]
