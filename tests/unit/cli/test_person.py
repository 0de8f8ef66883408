"""Who there is: adding, appointing, listing; and who one is oneself."""

import os
import pwd

import pytest

from pdca.cli.person import ACCESS_WORDS
from pdca.people.commands import ACCESS
from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("zone_at_start")

LOGIN = pwd.getpwuid(os.getuid()).pw_name


def somebody(handle: str) -> dict[str, object]:
    rows = run("person", "list", "--json").json["people"]
    found: dict[str, object] = next(row for row in rows if row["handle"] == handle)
    return found


def test_every_kind_of_access_can_be_given() -> None:
    assert tuple(ACCESS_WORDS) == ACCESS


def test_a_person_is_added_with_what_was_said() -> None:
    ran = run(
        *("person", "add", "--name", "Zoë d'Hondt", "--login", "zoe", "--email", "zoe@zone.example"),
        *("--language", "fr", "--access", "auditor", "--function", "korpschef", "--from", "2020-01-01"),
    )
    assert ran.status == 0, ran.err
    row = somebody("zoe")
    assert (row["name"], row["login"], row["email"], row["language"], row["access"]) == (
        "Zoë d'Hondt",
        "zoe",
        "zoe@zone.example",
        "fr",
        "auditor",
    )
    assert row["functions"] == ["korpschef"]
    assert row["appointments"] == [{"party_id": "korpschef", "from_date": "2020-01-01", "until_date": None}]


def test_without_a_handle_or_login_the_name_makes_the_handle_and_the_body_gives_the_language() -> None:
    view = run("person", "add", "--name", "Zoë d'Hondt", "--json").json
    assert (view["schema"], view["handle"]) == ("pdca.person-added/1", "zoe-d-hondt")
    assert (somebody("zoe-d-hondt")["language"], somebody("zoe-d-hondt")["access"]) == ("nl", "member")


def test_the_day_is_the_one_of_the_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2020-03-01T23:30:00Z")
    run("person", "add", "--name", "Zoë", "--function", "korpschef")
    assert somebody("zoe")["appointments"] == [{"party_id": "korpschef", "from_date": "2020-03-02", "until_date": None}]


def test_who_cannot_act_or_be_told_is_said() -> None:
    out = run("person", "add", "--name", "Zoë").out
    assert "cannot act" in out
    assert "cannot be told" in out


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["--name", "Zoë", "--email", "zoe at home"], 2, "bad-value"),
        (["--name", " "], 2, "bad-value"),
        (["--name", "Zoë\nBcc: x"], 2, "bad-value"),
        (["--name", "Zoë", "--handle", "zo ë"], 2, "bad-value"),
        (["--name", "王"], 2, "bad-value"),
        (["--name", "Zoë", "--from", "2020-02-30"], 2, "date-unknown"),
        (["--name", "Zoë", "--function", "nobody"], 4, "party-unknown"),
        (["--name", "Zoë", "--handle", "adelheid"], 2, "person-exists"),
        (["--name", "Zoë", "--login", LOGIN], 2, "person-exists"),
        (["--name", "Zoë", "--as", "adelheid"], 3, "administrator-only"),
    ],
)
def test_a_person_that_cannot_be_is_not_added(arguments: list[str], status: int, code: str) -> None:
    before = run("person", "list").out
    ran = run("person", "add", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert run("person", "list").out == before


def test_a_dry_run_adds_and_appoints_nobody() -> None:
    before = run("person", "list").out
    assert run("person", "add", "--name", "Zoë", "--dry-run", "--json").json["event"] is None
    assert run("person", "appoint", "adelheid", "projectleider", "--dry-run").status == 0
    assert run("person", "list").out == before


def test_a_person_is_appointed_by_id_or_handle_and_only_once() -> None:
    view = run("person", "appoint", "adelheid", "projectleider", "hrm", "--from", "2020-01-01", "--json").json
    assert (view["schema"], view["person"], view["parties"]) == ("pdca.appointed/1", "U-002", ["projectleider", "hrm"])
    assert somebody("adelheid")["functions"] == ["hrm", "korpschef", "projectleider"]
    assert run("person", "appoint", "U-002", "hrm").status == 2
    assert run("person", "appoint", "nobody", "hrm").status == 4


def test_an_appointment_to_come_is_no_function_of_today() -> None:
    run("person", "appoint", "adelheid", "hrm", "--from", "2031-01-01")
    assert "hrm" not in str(somebody("adelheid")["functions"])


def test_the_list_marks_who_is_assumed() -> None:
    ran = run_on_terminal("person", "list", columns=160)
    assert "Verzonnen ~" in ran.out
    assert "~ assumed" in ran.out
    assert somebody("adelheid")["assumed"] is True
    assert run("person", "list").out.splitlines()[0].split("\t")[0] == "person_id"


def test_whoever_runs_it_is_told_who_he_is_and_what_he_may() -> None:
    view = run("whoami", "--json").json
    assert (view["schema"], view["login"], view["person"]) == ("pdca.whoami/1", LOGIN, "U-001")
    assert view["may"] == ["read", "work", "administer", "schedule"]
    assert "administrator" in run("whoami").out


def test_somebody_with_functions_is_told_them_and_the_plans() -> None:
    view = run("whoami", "--as", "adelheid", "--json").json
    assert [one["party_id"] for one in view["functions"]] == ["korpschef"]
    assert view["leads"] == ["P-001", "P-002"]
    assert view["may"] == ["read", "work"]
    assert "korpschef" in run("whoami", "--as", "adelheid", "--lang", "nl").out


def test_an_auditor_and_a_service_change_no_plan() -> None:
    run("person", "add", "--name", "Au", "--access", "auditor")
    run("person", "add", "--name", "Se", "--access", "service")
    assert run("whoami", "--as", "au", "--json").json["may"] == ["read"]
    assert run("whoami", "--as", "se", "--json").json["may"] == ["read", "schedule"]
