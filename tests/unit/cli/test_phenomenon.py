"""`pdca phenomenon`: a tree for people, rows with their parent for programs."""

from typing import Any

import pytest

from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("zone_at_start")

ADD = ("phenomenon", "add", "phishing", "--title", "nl=Phishing", "--title", "fr=Hameçonnage")


def rows() -> dict[str, dict[str, Any]]:
    return {row["phenomenon_id"]: row for row in run("phenomenon", "list", "--json").json["phenomena"]}


def test_people_see_a_tree_and_programs_the_parent() -> None:
    shown = run_on_terminal("phenomenon", "list", "--lang", "fr").out.splitlines()
    place = next(place for place, line in enumerate(shown) if line.startswith("drugs"))
    assert [line.split()[:2] for line in shown[place + 1 : place + 3]] == [["├", "drugshandel"], ["└", "drugsoverlast"]]
    assert "Trafic de drogue ~" in shown[place + 1]
    lines = [line.split("\t") for line in run("phenomenon", "list").out.splitlines()]
    assert lines[0] == ["phenomenon_id", "parent_id", "title", "assumed"]
    assert ["drugshandel", "drugs"] in [line[:2] for line in lines]


def test_a_phenomenon_is_added_under_another_with_a_title_in_each_language() -> None:
    view = run(*ADD, "--under", "overlast", "--json").json
    assert (view["schema"], view["parent"]) == ("pdca.phenomenon-added/1", "overlast")
    assert rows()["phishing"]["title"] == {"nl": "Phishing", "fr": "Hameçonnage"}


def test_a_title_without_a_language_is_in_the_one_asked_for_or_that_of_the_organisation() -> None:
    run("phenomenon", "add", "one", "--title", "Eén = één")
    run("phenomenon", "add", "two", "--title", "Deux", "--lang", "fr")
    assert (rows()["one"]["title"], rows()["two"]["title"]) == ({"nl": "Eén = één"}, {"fr": "Deux"})


def test_two_titles_in_one_language_are_not_understood() -> None:
    ran = run(*ADD, "--title", "Phishing", "--json")
    assert (ran.status, ran.error["code"]) == (2, "title-twice")
    assert "phishing" not in rows()


def test_a_phenomenon_is_moved_under_another_or_to_the_top() -> None:
    assert run("phenomenon", "move", "nachtlawaai", "--under", "drugs").status == 0
    assert rows()["nachtlawaai"]["parent_id"] == "drugs"
    assert run("phenomenon", "move", "nachtlawaai", "--top", "--json").json["parent"] is None
    assert rows()["nachtlawaai"]["parent_id"] is None


@pytest.mark.parametrize(
    ("command", "status", "code"),
    [
        (("move", "drugs"), 2, "under-or-top"),
        (("move", "drugs", "--under", "overlast", "--top"), 2, "under-or-top"),
        (("move", "drugs", "--under", "drugshandel"), 2, "phenomenon-under-itself"),
        (("move", "drug", "--top"), 4, "phenomenon-ambiguous"),
        (("move", "nothing", "--top"), 4, "phenomenon-unknown"),
        (("add", "drugs", "--title", "Drugs"), 2, "phenomenon-exists"),
        (("add", "more", "--title", "Meer", "--under", "nothing"), 4, "phenomenon-unknown"),
        (("rename", "drugs", "--title", " "), 2, "phenomenon-title-missing"),
        (("rename", "drugs", "--title", "Drugs", "--as", "claudine"), 3, "not-in-charge"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(command: tuple[str, ...], status: int, code: str) -> None:
    before = rows()
    ran = run("phenomenon", *command, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert rows() == before


def test_a_title_is_changed_in_one_language_and_stays_in_the_others() -> None:
    ran = run("phenomenon", "rename", "drugs", "--title", "nl=Drugs")
    assert (ran.status, ran.out) == (0, "drugs is now called: fr “Stupéfiants”, nl “Drugs”.\n")
    assert rows()["drugs"]["title"] == {"nl": "Drugs", "fr": "Stupéfiants"}


@pytest.mark.parametrize(
    "command", [ADD, ("phenomenon", "move", "drugshandel", "--top"), ("phenomenon", "rename", "drugs", "--title", "X")]
)
def test_a_dry_run_changes_nothing(command: tuple[str, ...]) -> None:
    before = rows()
    view = run(*command, "--dry-run", "--json").json
    assert (view["dry_run"], view["event"]) == (True, None)
    assert rows() == before
