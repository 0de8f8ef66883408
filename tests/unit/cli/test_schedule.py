"""`pdca schedule` and `pdca workdays` as people see them, and the same in JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.world import PLAN, World, furnish, opened
from tests.unit.cli.running import run, run_on_terminal

SET = ("schedule", "set", PLAN, "--as", "sofie", "--until", "2026-12-31", "--reason", "Zo beslist.")


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The seeded zone as the database of the command line."""
    url = f"sqlite:///{tmp_path / 'pdca.db'}"
    furnish(url)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PDCA_DATABASE", url)
    with opened(url) as here:
        yield here


def told(*arguments: str, status: int = 0) -> Any:  # noqa: ANN401 - any JSON
    ran = run(*arguments, "--json")
    assert ran.status == status, ran.err
    return json.loads(ran.out or ran.err)


@pytest.mark.usefixtures("zone")
def test_a_decision_is_told_with_what_becomes_of_every_evaluation() -> None:
    ran = run(*SET, "--date", "2024-06", "--rule", "FREQ=YEARLY", "--from", "2024-03-02", "--format", "table")
    assert ran.status == 0, ran.err
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[:4] == [
        "P-001: decision 1 is in force.",
        "every year, on 2 March; 2024-06, at 09:00 (Europe/Brussels)",
        "from 2 March 2024 to 31 December 2026",
        "a date on a closed day moves to the next working day",
    ]
    assert "E-104 2024-03-02 Monday 4 March 2024 new" in lines
    assert "E-105 2024-06 Friday 28 June 2024 new" in lines


@pytest.mark.usefixtures("zone")
def test_a_dry_run_decides_nothing_and_says_what_would_be() -> None:
    found = told(*SET, "--date", "2024-06-03", "--dry-run")
    assert (found["schema"], found["number"], found["event"], found["dry_run"]) == (
        "pdca.schedule-set/1",
        1,
        None,
        True,
    )
    assert [one["what"] for one in found["moments"]] == ["made"]
    assert told("schedule", "show", PLAN)["decisions"] == []


@pytest.mark.usefixtures("zone")
def test_every_decision_is_shown_with_its_reason_and_the_last_is_in_force() -> None:
    told(*SET, "--date", "2024-06-03")
    told(*SET, "--date", "2024-06-08", "--roll", "previous", "--on", "2024-01-05")
    view = told("schedule", "show", PLAN)
    assert [(one["number"], one["in_force"], one["decided_by_name"]) for one in view["decisions"]] == [
        (1, False, "Sofie Peeters"),
        (2, True, "Sofie Peeters"),
    ]
    assert [
        (one["decision"], one["status"], one["date"], one["reasons"]) for one in view["moments"] if one["decision"]
    ] == [
        (1, "cancelled", "2024-06-03", []),
        (2, "planned", "2024-06-07", ["weekend"]),
    ]
    page = run_on_terminal("schedule", "show", PLAN).out
    assert "Decision 2 of 5 January 2024, in force" in page
    assert "reason: Zo beslist." in page
    assert page.index("Decision 2") < page.index("Decision 1")


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("command", [("list",), ("show", PLAN)])
def test_the_mark_behind_who_decided_is_explained(command: tuple[str, ...]) -> None:
    told("schedule", "set", PLAN, "--as", "adelheid", "--date", "2020-06-03", "--reason", "Zo beslist.")
    shown = run_on_terminal("schedule", *command, columns=200).out
    assert "Adelheid Verzonnen ~" in shown
    assert "~ assumed: not the body's own" in shown


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("language", "date", "why"),
    [
        ("en", "Monday 13 May 2024", "public holiday: Ascension Day; closing day: Brugdag; weekend"),
        ("nl", "maandag 13 mei 2024", "feestdag: O. L. H. Hemelvaart; sluitingsdag: Brugdag; weekend"),
        ("fr", "lundi 13 mai 2024", "jour férié\u00a0: Ascension ; jour de fermeture\u00a0: Pont ; week-end"),
    ],
)
def test_a_preview_says_in_words_why_a_date_moves(language: str, date: str, why: str) -> None:
    told("workdays", "close", "2024-05-10", "--name", "nl=Brugdag", "--name", "fr=Pont")
    ran = run("schedule", "preview", PLAN, "--date", "2024-05-09", "--format", "table", "--lang", language)
    shown = ran.out.replace("\u202f", " ")
    assert date in shown
    assert why.split(":", maxsplit=1)[0].strip() in shown
    rows = told("schedule", "preview", PLAN, "--date", "2024-05-09", "--lang", language)["moments"]
    assert "; ".join(rows[0]["reasons"]).replace("\u202f;", " ;").replace(" ;", ";") == why.replace(" ;", ";")


@pytest.mark.usefixtures("zone")
def test_a_preview_is_of_the_decision_in_force_or_of_the_usual_rhythm() -> None:
    usual = told("schedule", "preview", PLAN, "--count", "1")
    assert (usual["decision"], usual["words"].split("; ")[0]) == (
        None,
        "every year, on 8 January, at 09:00 (Europe/Brussels)",
    )
    told(*SET, "--date", "2024-06-08")
    ahead = told("schedule", "preview", PLAN)
    assert ahead["decision"] == 1
    [own] = [one for one in ahead["moments"] if one["stated"] == "2024-06-08"]
    assert (own["date"], own["reasons"]) == ("2024-06-10", ["weekend"])
    assert "E-101" in {one["evaluation"] for one in ahead["moments"]}, "what was fixed by itself is to come as well"
    thought = told("schedule", "preview", PLAN, "--rule", "FREQ=MONTHLY", "--anchor", "completion")
    assert (thought["decision"], len(thought["moments"])) == (None, 1)
    assert thought["words"].startswith("one month after the last evaluation")


@pytest.mark.usefixtures("zone")
def test_an_extended_evaluation_is_to_come_on_its_extended_day() -> None:
    told(*SET, "--date", "2024-03-04")
    assert run("evaluation", "extend", "E-104", "--to", "2024-03-18", "--as", "sofie", "--reason", "Later.").status == 0
    assert run("evaluation", "extend", "E-104", "--approve", "--as", "karel", "--reason", "Goed.").status == 0
    [first, *_others] = told("schedule", "preview", PLAN)["moments"]
    assert (first["stated"], first["date"], first["reasons"]) == (
        "2024-03-04",
        "2024-03-18",
        ["moved by an approved extension"],
    )
    shown = next(one for one in told("schedule", "show", PLAN)["moments"] if one["evaluation"] == "E-104")
    assert shown["reasons"] == ["moved by an approved extension"]


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("arguments", "code", "status"),
    [
        (("--rule", "FREQ=HOURLY"), "rule-within-a-day", 2),
        (("--rule", "FREQ=WEEKLY", "--roll", "sideways"), "bad-value", 2),
        (("--date", "2024-13"), "date-unknown", 2),
        (("--date", "2024-06-03", "--time", "9"), "bad-value", 2),
        (("--date", "2024-06-03", "--zone", "Nowhere"), "unknown-zone", 2),
        (("--date", "2024-06-03", "--on", "2024-02-01"), "decided-in-future", 2),
        (("--date", "2024-01-02"), "date-passed", 2),
    ],
)
def test_what_cannot_be_decided_is_told_with_a_code(arguments: tuple[str, ...], code: str, status: int) -> None:
    found = told(*SET, *arguments, status=status)
    assert (found["code"], found["exit_status"]) == (code, status)
    assert found["hint"]


@pytest.mark.usefixtures("zone")
def test_everything_that_is_wrong_with_a_schedule_is_named_at_once() -> None:
    found = told(*SET, "--rule", "FREQ=HOURLY", "--rule", "WEEKLY", status=2)
    assert found["message"].splitlines() == [
        "--rule: A rule gives days; hours, minutes and seconds are not for it.",
        "--rule: “WEEKLY” is not a rule.",
    ]


def test_a_refusal_names_each_date_that_would_come_later_and_how_to_move_it(zone: World) -> None:
    told(*SET, "--date", "2024-03-04", "--date", "2024-06-03")
    zone.take("start")
    found = told(*SET, "--date", "2024-03-04", status=3)
    [need] = found["needs"]
    assert (need["code"], need["command"]) == ("moment-held", "pdca evaluation extend E-105 --to DATE --reason …")


@pytest.mark.parametrize(("before", "after", "way_out"), [("none", "next", "none"), ("previous", "next", "previous")])
def test_a_date_that_would_only_move_off_a_day_without_work_is_told_the_roll_that_keeps_it(
    zone: World, before: str, after: str, way_out: str
) -> None:
    saturday = ("--date", "2024-06-01")
    told(*SET, *saturday, "--roll", before)
    zone.take("start")
    found = told(*SET, *saturday, "--date", "2024-09-02", "--roll", after, status=3)
    [need] = found["needs"]
    assert (need["code"], f"--roll {way_out} " in need["hint"]) == ("moment-held", True)
    other = "previous" if way_out == "none" else "none"
    assert f"--roll {other}" not in need["hint"]
    told(*SET, *saturday, "--date", "2024-09-02", "--roll", way_out)


@pytest.mark.usefixtures("zone")
def test_working_days_are_shown_listed_and_changed() -> None:
    told("workdays", "set", "--days", "mo,tu,sa", "--country", "DE", "--subdivision", "BY")
    told("workdays", "close", "2024-12-27", "2024-12-30", "--name", "nl=Brugdag")
    view = told("workdays", "show")
    assert (view["days"], view["subdivision"], len(view["closing_days"])) == (["MO", "TU", "SA"], "BY", 2)
    listed = told("workdays", "list", "--year", "2024", "--lang", "nl")["closed_days"]
    assert {"day": "2024-12-27", "kind": "closing-day", "name": {"nl": "Brugdag"}} in listed
    assert any(one["day"] == "2024-01-06" and one["kind"] == "holiday" for one in listed), "that of Bavaria too"
    told("workdays", "reopen", "2024-12-27")
    assert told("workdays", "reopen", "2024-12-27", status=4)["code"] == "closing-day-unknown"
    assert told("workdays", "set", status=2)["code"] == "nothing-given"
    assert told("workdays", "set", "--days", "XX", status=2)["code"] == "weekday-unknown"
    assert told("workdays", "set", "--subdivision", "Atlantis", status=2)["code"] == "unknown-subdivision"
    assert told("workdays", "close", "2024-12-24", "--as", "sofie", status=3)["code"] == "administrator-only"


@pytest.mark.usefixtures("zone")
def test_a_closing_day_says_which_evaluations_it_moves() -> None:
    told(*SET, "--date", "2024-06-03")
    out = run("workdays", "close", "2024-06-03", "--dry-run").out
    assert "P-001, E-104: 2024-06-03 → 2024-06-04 (moved)" in out
    assert told("workdays", "close", "2024-06-03")["plans"][PLAN][0]["date"] == "2024-06-04"
