"""`pdca function`, and `pdca partner add` and `set`: who there is, in the body and outside it."""

from typing import Any

import pytest

from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("zone_at_start")

DPO = ("function", "add", "dpo", "--name", "nl=Gegevensbescherming", "--name", "fr=Protection des données")


def functions() -> dict[str, dict[str, Any]]:
    return {row["party_id"]: row for row in run("function", "list", "--json").json["functions"]}


def partners() -> dict[str, dict[str, Any]]:
    return {row["party_id"]: row for row in run("partner", "list", "--json").json["partners"]}


def test_functions_are_listed_with_who_holds_them_and_what_they_lead() -> None:
    chief = functions()["korpschef"]
    assert [one["name"] for one in chief["holders"]] == ["Adelheid Verzonnen", "Basile Fictif"]
    assert "P-001" in chief["leads"]
    assert "nmbs" not in functions()
    line = next(
        line
        for line in run("function", "list", "--format", "table", "--lang", "nl").out.splitlines()
        if line.startswith("korpschef")
    )
    assert "leiding van de organisatie" in line


def test_a_function_is_added_shown_and_changed() -> None:
    ran = run(*DPO, "--discipline", "privacy", "--escalation", "authority")
    assert ran.out.splitlines()[0] == "dpo is added."
    assert run("person", "appoint", "kaatje", "dpo").status == 0
    view = run("function", "show", "dpo", "--json").json
    assert (view["schema"], view["discipline"], view["escalation"]) == ("pdca.function/1", "privacy", "authority")
    assert view["name"] == {"nl": "Gegevensbescherming", "fr": "Protection des données"}
    assert [one["name"] for one in view["holders"]] == ["Kaatje Hersenspin"]
    changed = run("function", "set", "dpo", "name=en=Data protection", "escalation=", "note=Nieuw.", "--json").json
    assert (changed["schema"], changed["changed"]) == ("pdca.party-changed/1", ["escalation", "name", "note"])
    shown = run("function", "show", "dpo").out
    assert "Discipline: privacy" in shown
    assert "Note: Nieuw." in shown
    assert "Escalation" not in shown
    assert run("function", "set", "dpo", "name.en=Privacy").out == "dpo is changed.\n"
    assert run("function", "show", "dpo", "--json").json["name"]["en"] == "Privacy"
    assert run("function", "set", "dpo", "discipline=privacy").out == "dpo: nothing was changed.\n"


def test_a_function_that_nobody_holds_says_so_on_its_page() -> None:
    run(*DPO)
    shown = run_on_terminal("function", "show", "dpo", "--lang", "nl").out
    assert "dpo  Gegevensbescherming" in shown
    assert "Bekleed door: niemand" in shown


def test_a_partner_is_added_and_changed_in_its_languages_and_its_kind() -> None:
    view = run("partner", "add", "haven", "--name", "nl=De haven", "--name", "fr=Le port", "--json").json
    assert (view["schema"], view["kind"]) == ("pdca.party-added/1", "partner")
    assert partners()["haven"]["name"] == {"nl": "De haven", "fr": "Le port"}
    assert run("partner", "set", "haven", "kind=authority", "name=en=The port").out == "haven is changed.\n"
    assert (partners()["haven"]["kind"], partners()["haven"]["name"]["en"]) == ("authority", "The port")
    assert run("function", "set", "haven", "note=x", "--json").error["code"] == "party-unknown"


@pytest.mark.parametrize("kind", ["partner", "authority", "public", "internal"])
def test_whoever_is_added_outside_the_functions_is_listed(kind: str) -> None:
    assert run("partner", "add", "somebody", "--name", "Iemand", "--kind", kind).status == 0
    assert partners()["somebody"]["kind"] == kind
    assert "somebody" not in functions()


@pytest.mark.parametrize(
    "command",
    [
        DPO,
        ("function", "set", "korpschef", "note=x"),
        ("partner", "add", "haven", "--name", "De haven"),
        ("partner", "set", "nmbs", "note=x"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_dry_run_changes_nothing(command: tuple[str, ...]) -> None:
    before = functions(), partners()
    view = run(*command, "--dry-run", "--json").json
    assert (view["dry_run"], view["event"]) == (True, None)
    assert (functions(), partners()) == before
