"""Activities on the command line: listed, shown, added, changed, done, dropped, and their steps and means."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("zone_at_start")

LEAD = ("--as", "ijsbrand")
"""Holds the function that leads P-004."""


def ids(*arguments: str) -> list[str]:
    ran = run("activity", "list", *arguments, "--json")
    assert ran.status == 0, ran.err
    return [row["activity_id"] for row in ran.json["activities"]]


def shown(word: str = "P-004/A1") -> dict[str, Any]:
    view: dict[str, Any] = run("activity", "show", word, "--json").json
    return view


def done(*arguments: str) -> dict[str, Any]:
    ran = run("activity", *arguments, *LEAD, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def events() -> int:
    with sqlite3.connect("pdca.db") as connection:
        return int(connection.execute("SELECT count(*) FROM event").fetchone()[0])


def test_activities_are_listed_by_plan_owner_and_status() -> None:
    assert ids("P-004") == ["P-004/A1", "P-004/A2", "P-004/A3"]
    assert ids("AP-HOTSPOT", "--owner", "federale_politie") == ["P-004/A2"]
    assert ids("P-004", "--status", "running") == ["P-004/A1", "P-004/A3"]
    everywhere = ids()
    assert len(everywhere) > len(ids("P-004"))
    assert everywhere == sorted(everywhere)


def test_an_activity_is_late_once_its_last_day_has_passed_unless_done_or_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PDCA_NOW", "2025-12-31T22:59:00Z")
    assert ids("P-004", "--late") == []
    monkeypatch.setenv("PDCA_NOW", "2025-12-31T23:00:00Z")
    assert ids("P-004", "--late") == ["P-004/A1", "P-004/A3"]
    done("done", "P-004/A1")
    done("drop", "P-004/A3", "--reason", "Geen magistraat.")
    assert ids("P-004", "--late") == []


def test_what_is_late_says_so_to_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2026-02-01T08:00:00Z")
    assert "(late)" in run_on_terminal("activity", "list", "P-004", columns=120).out


def test_an_activity_is_added_under_the_next_number_with_all_that_is_said() -> None:
    view = done(
        *("add", "P-004", "--title", "nl=Rondgang", "--title", "fr=Tournée", "--owner", "pijler_nab"),
        *("--start", "2024-03", "--end", "2024-06-30", "--rubric", "preventief", "--after", "P-004/A1"),
        *("--step", "Afspreken", "--step", "Rondgaan"),
    )
    assert (view["plan"], view["activity"]) == ("P-004", "P-004/A4")
    found = shown("P-004/A4")
    assert found["title"] == {"nl": "Rondgang", "fr": "Tournée"}
    assert (found["owner_id"], found["start_date"], found["end_date"]) == ("pijler_nabijheid", "2024-03", "2024-06-30")
    assert (found["rubric_id"], found["after"], found["status"]) == ("preventief", ["P-004/A1"], "planned")
    assert [step["text"] for step in found["steps"]] == [{"nl": "Afspreken"}, {"nl": "Rondgaan"}]
    assert [one["activity_id"] for one in shown()["after_it"]] == ["P-004/A4"]


def test_single_fields_are_set_and_taken_away_and_the_rest_stays() -> None:
    before = shown()
    done("set", "P-004/a1", "owner=communicatie", "end=2025-06", "title=fr=Présence", "indicator=")
    after = shown()
    assert after["owner_id"] == "communicatie"
    assert after["end_date"] == "2025-06"
    assert after["title"] == {**before["title"], "fr": "Présence"}
    assert (before["indicator_id"], after["indicator_id"]) == ("hotspot_interventies", None)
    for same in ("start_date", "status", "rubric_id", "means", "source"):
        assert after[same] == before[same]


def test_done_and_dropped_are_statuses_with_a_result_and_a_reason() -> None:
    done("done", "P-004/A1", "--result", "12.5")
    assert (shown()["status"], shown()["result"]) == ("done", "12.5")
    done("drop", "P-004/A3", "--reason", "Geen magistraat.")
    assert shown("P-004/A3")["status"] == "dropped"
    assert run("audit", "log", "--last", "1", "--json").json["events"][0]["reason"] == "Geen magistraat."


def test_steps_are_added_and_done_by_their_number() -> None:
    done("step", "P-004/A1", "Briefing")
    done("step", "P-004/A1", "Ronde")
    done("step", "P-004/A1", "Bilan", "--lang", "fr")
    done("step", "P-004/A1", "--done", "2")
    done("step", "P-004/A1", "--done", "3")
    assert [step.get("done", False) for step in shown()["steps"]] == [False, True, True]
    assert shown()["steps"][2]["text"] == {"fr": "Bilan"}
    assert "2. Ronde (done)" in run("activity", "show", "P-004/A1").out
    assert run("activity", "step", "P-004/A1", "--done", "4", *LEAD).status == 4


def test_means_are_planned_and_deployed_by_kind_and_year_and_a_shortfall_carries_its_reason() -> None:
    done("means", "P-004/A1", "--kind", "money", "--year", "2024", "--planned", "1500.50")
    short = ("means", "P-004/A1", "--kind", "money", "--year", "2024", "--deployed", "900")
    ran = run("activity", *short, *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (2, "shortfall-unexplained")
    done(*short, "--shortfall", "Niet geleverd.")

    def money() -> dict[str, Any]:
        found: dict[str, Any] = next(row for row in shown()["means"] if row["kind"] == "money")
        return found

    assert (money()["year"], money()["planned"], money()["deployed"]) == (2024, "1500.50", "900")
    assert money()["shortfall_reason"] == "Niet geleverd."
    done("means", "P-004/A1", "--kind", "money", "--year", "2024", "--deployed", "1600")
    assert (money()["deployed"], money()["shortfall_reason"]) == ("1600", None)
    assert [row["kind"] for row in shown()["means"]] == ["fte", "money", "fte"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("show", "A1"), 4, "activity-without-plan"),
        (("show", "P-004/A9"), 4, "activity-unknown"),
        (("show", "P-099/A1"), 4, "plan-unknown"),
        (("add", "P-004", "--title", "X", "--owner", "nobody"), 4, "party-unknown"),
        (("add", "P-004", "--title", "X", "--owner", "pijler"), 4, "party-ambiguous"),
        (("add", "P-004", "--title", "X", "--start", "2024-02-30"), 2, "date-unknown"),
        (
            ("add", "P-004", "--title", "X", "--start", "2024-03-02", "--end", "2024-03-01"),
            2,
            "import-ends-before-start",
        ),
        (("add", "P-004", "--title", "X", "--rubric", "koffie"), 2, "bad-value"),
        (("add", "P-004", "--title", "X", "--after", "A9"), 2, "bad-value"),
        (("add", "P-004", "--title", " "), 2, "import-blank"),
        (("add", "P-004", "--title", "X", "--title", "Y"), 2, "title-twice"),
        (("set", "P-004/A1", "colour=blue"), 2, "field-unknown"),
        (("set", "P-004/A1", "done"), 2, "field-unknown"),
        (("set", "P-004/A1", "status=lost"), 2, "bad-value"),
        (("set", "P-004/A1", "after=A1"), 2, "import-circle"),
        (("set", "P-004/A1", "result=many"), 2, "bad-value"),
        (("done", "P-004/A1", "--result", "8,5"), 2, "bad-value"),
        (("drop", "P-004/A1", "--reason", " "), 2, "reason-missing"),
        (("step", "P-004/A1"), 2, "step-or-done"),
        (("means", "P-004/A1", "--kind", "fte", "--year", "2024", "--planned", "-1"), 2, "import-bad-value"),
        (("means", "P-004/A1", "--kind", "hours", "--year", "2024"), 2, "means-unstated"),
        (("means", "P-004/A1", "--kind", "money", "--year", "2024", "--planned", "1000.555"), 2, "import-bad-value"),
        (
            ("means", "P-004/A1", "--kind", "hours", "--year", "2024", "--planned", "9", "--shortfall", "Ziek."),
            2,
            "import-incomplete",
        ),
        (("list", "--owner", "nobody"), 4, "party-unknown"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_changed(
    arguments: tuple[str, ...], status: int, code: str
) -> None:
    before = events()
    ran = run("activity", *arguments, *LEAD, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert ran.error["hint"]
    assert events() == before


def test_only_the_project_group_changes_activities_and_the_attempt_is_kept() -> None:
    ran = run("activity", "done", "P-004/A1", "--as", "kaatje", "--json")
    assert (ran.status, [need["code"] for need in ran.error["needs"]]) == (3, ["not-in-project-group"])
    assert run("audit", "log", "--last", "1", "--json").json["events"][0]["refused"] == ["not-in-project-group"]
    assert shown()["status"] == "running"


def test_a_dry_run_changes_nothing_and_what_is_so_already_is_no_event(zone_at_start: Path) -> None:
    before = zone_at_start.read_bytes()
    assert done("done", "P-004/A1", "--dry-run")["event"] is None
    assert shown()["status"] == "running"
    assert done("set", "P-004/A1", "status=running")["event"] is None
    assert zone_at_start.read_bytes() == before


def test_a_change_voids_what_was_approved_and_says_so() -> None:
    ran = run("plan", "approve", "P-004", "--for", "start", "--reason", "Gelezen.", "--as", "adelheid")
    assert ran.status == 0, ran.err
    assert done("set", "P-004/A1", "end=2025-06", "--dry-run")["voided"] == ["start"]
    assert done("set", "P-004/A1", "end=2025-06")["voided"] == ["start"]
    assert done("set", "P-004/A1", "end=2025-07")["voided"] == []


def test_dates_that_do_not_fit_are_taken_in_with_a_warning_also_in_a_dry_run() -> None:
    for dry in ((), ("--dry-run",)):
        view = done("add", "P-004", "--title", "X", "--start", "2020-02", "--end", "2090", "--after", "P-004/A1", *dry)
        assert [one["code"] for one in view["warnings"]] == ["activity-ends-after-plan", "activity-starts-too-early"]
        assert view["warnings"][0]["command"] == f"pdca activity set {view['activity']} end=DATE"
    told = run("activity", "set", "P-004/A4", "end=2091", *LEAD, "--lang", "nl")
    assert "na de periode van het plan" in told.err
    assert "warnings" not in done("set", "P-004/A4", "start=", "end=2025-06")
    rows = run("completeness", "--json").json["gaps"]
    assert not [row for row in rows if row["subject"] == "P-004/A4" and row["code"] == "activity-starts-too-early"]
