"""Who is away and who acts instead: substitutions, acting on behalf of somebody, and leaving a function."""

from typing import Any

import pytest

from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")

HOLIDAY = ("person", "substitute", "ijsbrand", "--by", "dorus", "--from", "2024-10-15", "--until", "2024-10-20")
DONE = ("activity", "done", "P-004/A1")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-10-15T10:00:00Z")


def json(*arguments: str) -> dict[str, Any]:
    ran = run(*arguments, "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    return view


def person_id(handle: str) -> str:
    return next(str(row["person_id"]) for row in json("person", "list")["people"] if row["handle"] == handle)


def last_event() -> dict[str, Any]:
    event: dict[str, Any] = json("audit", "log", "--last", "1")["events"][0]
    return event


def test_the_substitute_acts_on_behalf_of_the_absent_and_the_log_says_so() -> None:
    assert run(*DONE, "--as", "dorus").status == 3
    view = json(*HOLIDAY, "--reason", "Verlof.")
    assert (view["substitution"], view["until_date"]) == ("S-001", "2024-10-20")
    json(*DONE, "--as", "dorus")
    event = last_event()
    assert (event["actor"], event["on_behalf_of"]) == (person_id("dorus"), person_id("ijsbrand"))
    assert event["on_behalf_of_name"] == "IJsbrand Sprookje"
    shown = run("audit", "log", "--last", "1", "--format", "table").out
    assert "on behalf of IJsbrand Sprookje" in shown


def test_the_history_of_a_plan_and_its_approvals_say_on_whose_behalf() -> None:
    json(*HOLIDAY, "--reason", "Verlof.")
    json(*DONE, "--as", "dorus")
    assert json("plan", "history", "P-004")["events"][-1]["on_behalf_of"] == person_id("ijsbrand")
    table = run("plan", "history", "P-004", "--format", "table").out
    assert "behalf of IJsbrand" in " ".join(table.split())
    assert "IJsbrand Sprookje" in run("plan", "history", "P-004", "--format", "tsv").out.splitlines()[-1]


def test_with_several_absent_it_is_said_for_whom() -> None:
    json(*HOLIDAY, "--reason", "Verlof.")
    json(*HOLIDAY[:2], "hyacinthe", *HOLIDAY[3:], "--reason", "Verlof.")
    ran = run(*DONE, "--as", "dorus", "--json")
    assert (ran.status, ran.error["code"]) == (2, "several-absent")
    assert "--on-behalf-of" in ran.error["hint"]
    json(*DONE, "--as", "dorus", "--on-behalf-of", "hyacinthe")
    assert last_event()["on_behalf_of"] == person_id("hyacinthe")
    assert run(*DONE, "--as", "kaatje", "--on-behalf-of", "hyacinthe").status == 3


def test_a_substitution_is_listed_and_ends_earlier() -> None:
    json(*HOLIDAY, "--reason", "Verlof.")
    [row] = json("person", "substitutions")["substitutions"]
    assert (row["absent_name"], row["substitute_name"]) == ("IJsbrand Sprookje", "Dorus Verzinsel")
    assert (row["from_date"], row["until_date"], row["in_force"]) == ("2024-10-15", "2024-10-20", True)
    json("person", "end-substitution", "s-001", "--on", "2024-10-16", "--reason", "Terug.")
    [row] = json("person", "substitutions")["substitutions"]
    assert row["until_date"] == "2024-10-16"


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ((*HOLIDAY, "--reason", " "), 2, "reason-missing"),
        ((*HOLIDAY, "--by", "nobody", "--reason", "x"), 4, "person-unknown"),
        ((*HOLIDAY, "--until", "2024-10-14", "--reason", "x"), 2, "substitution-backwards"),
        ((*HOLIDAY, "--until", "later", "--reason", "x"), 2, "date-unknown"),
        ((*HOLIDAY, "--reason", "x", "--as", "dorus"), 3, "not-your-absence"),
        (("person", "end-substitution", "S-009", "--reason", "x"), 4, "substitution-unknown"),
        (("person", "leave", "ijsbrand", "hrm"), 4, "not-appointed"),
        (("person", "leave", "nobody", "hrm"), 4, "person-unknown"),
        (("person", "leave", "ijsbrand", "nobody"), 4, "party-unknown"),
        (("person", "leave", "ijsbrand", "pijler_operationeel", "--on", "2018-01-01"), 2, "appointment-to-come"),
        (("person", "leave", "ijsbrand", "pijler_operationeel", "--as", "ijsbrand"), 3, "administrator-only"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    people = json("person", "list")
    ran = run(*arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert json("person", "substitutions")["substitutions"] == []
    assert json("person", "list") == people


def test_who_leaves_a_function_acts_no_longer_and_the_plans_without_a_lead_are_named() -> None:
    view = json("person", "leave", "ijsbrand", "pijler_oper", "--on", "2024-10-15", "--reason", "Pensioen.")
    assert view["plans_without_lead"] == ["P-004"]
    assert run(*DONE, "--as", "ijsbrand").status == 3
    row = next(one for one in json("person", "list")["people"] if one["handle"] == "ijsbrand")
    assert row["functions"] == []
    assert row["appointments"][0]["until_date"] == "2024-10-15"
    # Of the two who hold it one stays.
    assert json("person", "leave", "adelheid", "korpschef")["plans_without_lead"] == []


def test_a_dry_run_changes_nothing() -> None:
    people = json("person", "list")
    assert json("person", "leave", "ijsbrand", "pijler_operationeel", "--dry-run")["event"] is None
    assert json(*HOLIDAY, "--reason", "Verlof.", "--dry-run")["event"] is None
    assert json("person", "list") == people
    assert json("person", "substitutions")["substitutions"] == []
