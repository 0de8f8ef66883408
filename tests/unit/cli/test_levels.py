"""Objectives under a plan, and plans under their programme, as the command line shows and takes them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pdca.exchange.workbook_in import read_workbook
from tests import own_method
from tests.unit.cli.running import run, settings_file
from tests.unit.cli.zone import pdca
from workflows import shelves

HEAD = """\
---
pdca: 1
language: nl
organisation: {id: zone, name: Zone, zone: Europe/Brussels, languages: [nl]}
programme: {id: p, title: Programma, method: eigen, period: {from: "2026", to: "2031"}}
"""
UNDER = """\
objectives:
  - id: S
    title: Veilige straten
    plans:
      - id: AP
        title: Stationsbuurt
        period: {from: "2026", to: "2031"}
        objectives: [{id: O1, title: Minder diefstallen, note: Eerst tellen.}, {id: O2, title: Meer licht}]
        activities: [{id: A1, title: Rondes, objective: O1}, {id: A2, title: Tellen}]
...
"""
PLAIN = """\
objectives: [{id: S, title: Veilige straten, plans: [{id: AP, title: A, period: {from: "2026", to: "2031"}}]}]
...
"""
EXAMPLE = "objectives: [{id: O1, title: Title}]"
NOWHERE = """\
plans:
  - {id: AP, title: Stationsbuurt, period: {from: "2026", to: "2031"}}
...
"""

Begin = Callable[[Sequence[tuple[str, str]], str], Path]


@pytest.fixture
def begin(empty_folder: Path) -> Iterator[Begin]:
    """Found an installation with a method of its own that has these levels, and take a file in."""

    def founded(levels: Sequence[tuple[str, str]], text: str) -> Path:
        methods = own_method.shelved(empty_folder / "methods", own_method.version(1, own_method.with_levels(*levels)))
        (empty_folder / "file.yaml").write_text(HEAD + text, encoding="utf-8")
        settings_file(empty_folder, f'[workflow]\nfolder = "{methods}"\n')
        pdca("init", "--simulated", "--name", "Zone", "--zone", "Europe/Brussels")
        pdca("import", "file.yaml")
        return empty_folder

    yield founded
    shelves.look_in()


def test_an_objective_under_a_plan_is_listed_and_shown_with_its_plan_and_activities(begin: Begin) -> None:
    begin(own_method.UNDER, UNDER)
    listed = {row["objective_id"]: row for row in run("objective", "list", "--json").json["objectives"]}
    assert [(name, row["plan_id"], row["level"]) for name, row in listed.items()] == [
        ("S", None, "strategic"),
        ("P-001/O1", "P-001", "operational"),
        ("P-001/O2", "P-001", "operational"),
    ]
    table = run("objective", "list", "--format", "table", "--lang", "nl").out.splitlines()
    assert "volgt P-001" in next(line for line in table if line.startswith("P-001/O1"))
    for word in ("P-001/O1", "ap/o1"):
        view = run("objective", "show", word, "--json").json
        assert (view["objective_id"], view["plan"]["plan_id"]) == ("P-001/O1", "P-001")
        assert [one["activity_id"] for one in view["activities"]] == ["P-001/A1"]
    page = run("objective", "show", "P-001/O1", "--lang", "en", "--format", "table").out
    assert all(words in page for words in ("Plan: P-001 Stationsbuurt", "Note: Eerst tellen.", "P-001/A1 Rondes"))
    page = run("plan", "show", "P-001", "--lang", "en").out
    assert "Objectives under it" in page
    assert "Minder diefstallen  P-001/A1" in page


def test_nothing_is_decided_over_an_objective_under_a_plan_alone(begin: Begin) -> None:
    begin(own_method.UNDER, UNDER)
    said = ("--motive", "Daarom.", "--by", "zvr", "--on", "2026-01", "--json")
    ran = run("objective", "retain", "AP/O1", *said)
    assert (ran.status, ran.error["code"]) == (2, "objective-under-plan")
    assert "pdca plan edit P-001" in ran.error["hint"]
    assert run("objective", "show", "AP/O9", "--json").error["code"] == "objective-unknown"


def test_objectives_under_a_plan_are_added_changed_and_removed_by_commands(begin: Begin) -> None:
    begin(own_method.UNDER, UNDER)
    added = run("objective", "add", "--plan", "AP", "--title", "nl=Stilte", "--title", "fr=Silence", "--json").json
    assert (added["objective"], added["plan"]) == ("P-001/O3", "P-001")
    assert run("objective", "set", "AP/o3", "title=fr=Calme", "note=Na middernacht.").status == 0
    view = run("objective", "show", "P-001/O3", "--json").json
    assert (view["title"], view["note"]) == ({"nl": "Stilte", "fr": "Calme"}, "Na middernacht.")
    before = run("export", "--plan", "AP").out
    assert run("objective", "remove", "P-001/O3", "--dry-run").status == 0
    assert run("export", "--plan", "AP").out == before
    assert run("objective", "remove", "P-001/O3").status == 0
    assert run("objective", "show", "P-001/O3", "--json").error["code"] == "objective-unknown"
    for arguments, code in (
        (("add", "--plan", "AP", "--parent", "S", "--title", "A"), "options-exclude"),
        (("add", "--plan", "AP", "--id", "O1", "--title", "A"), "import-duplicate-id"),
        (("set", "AP/O1", "position=1"), "field-of-programme"),
        (("remove", "AP/O1"), "import-unknown-reference"),
    ):
        ran = run("objective", *arguments, "--json")
        assert (ran.status, ran.error["code"]) == (2, code)


def test_where_no_objectives_stand_under_plans_none_is_added_there(begin: Begin) -> None:
    begin(own_method.THREE, PLAIN)
    ran = run("objective", "add", "--plan", "AP", "--title", "Stilte", "--json")
    assert (ran.status, ran.error["code"]) == (2, "import-no-such-level")


def test_an_activity_is_brought_under_an_objective_of_its_plan(begin: Begin) -> None:
    begin(own_method.UNDER, UNDER)
    pdca("activity", "set", "P-001/A2", "objective=P-001/o2")
    pdca("activity", "add", "P-001", "--title", "Lampen", "--objective", "O2")
    served = {row["activity_id"]: row["objective_id"] for row in run("activity", "list", "--json").json["activities"]}
    assert served == {"P-001/A1": "P-001/O1", "P-001/A2": "P-001/O2", "P-001/A3": "P-001/O2"}
    assert "Objective: P-001/O2" in run("activity", "show", "P-001/A3", "--lang", "en").out
    pdca("activity", "set", "P-001/A2", "objective=")
    assert run("activity", "show", "P-001/A2", "--json").json["objective_id"] is None
    assert run("activity", "set", "P-001/A2", "objective=O9", "--json").error["code"] == "bad-value"


def test_the_text_of_a_plan_holds_a_place_for_objectives_only_where_the_method_has_them(begin: Begin) -> None:
    folder = begin(own_method.UNDER, PLAIN)
    text = run("export", "--plan", "P-001").out
    assert text.count(EXAMPLE) == 1
    changed = text.replace(f"# {EXAMPLE}", "objectives: [{id: O3, title: Stilte}]")
    (folder / "plan.yaml").write_text(changed, encoding="utf-8")
    (one,) = run("plan", "edit", "P-001", "--file", "plan.yaml", "--json").json["changed"]
    assert (one["field"], one["before"], one["after"]) == ("objectives.O3", None, {"id": "O3", "title": "Stilte"})


def test_the_text_of_a_plan_has_no_place_for_objectives_where_the_method_has_none(begin: Begin) -> None:
    begin(own_method.THREE, PLAIN)
    text = run("export", "--plan", "P-001").out
    assert EXAMPLE not in text
    assert "objective: S\n" in text


def test_where_the_method_has_no_objectives_a_plan_stands_under_its_programme(begin: Begin) -> None:
    begin(own_method.PLAN_AND_ACTIVITY, NOWHERE)
    pdca("plan", "new", "--title", "Winter")
    assert [row["slug"] for row in run("plan", "list", "--json").json["plans"]] == ["AP", "winter"]
    page = run("plan", "show", "P-002", "--lang", "en").out
    assert "Programme: p" in page
    assert "Objective" not in page
    assert "\nobjective:" not in run("export", "--plan", "P-002").out
    codes = {row["code"] for row in run("completeness", "--json").json["gaps"]}
    assert codes == {"programme-without-approval", "plan-without-owner"}
    ran = run("plan", "new", "--title", "Zomer", "--objective", "S", "--json")
    assert ran.error["code"] == "objective-unknown"


def test_where_the_method_has_objectives_a_new_plan_says_which_it_serves(begin: Begin) -> None:
    begin(own_method.UNDER, UNDER)
    ran = run("plan", "new", "--title", "Winter", "--json")
    assert (ran.status, ran.error["code"]) == (2, "objective-not-named")


def test_a_stale_file_of_plans_without_objectives_undoes_nothing(begin: Begin) -> None:
    folder = begin(own_method.PLAN_AND_ACTIVITY, NOWHERE)
    pdca("export", "--out", "out.yaml")
    pdca("plan", "new", "--title", "Winter")
    pdca("activity", "add", "AP", "--title", "Rondes")
    text = (folder / "out.yaml").read_text(encoding="utf-8")
    assert text.count("Stationsbuurt") == 1
    (folder / "out.yaml").write_text(text.replace("Stationsbuurt", "Stationsplein"), encoding="utf-8")
    view = run("import", "out.yaml", "--json").json
    assert (view["added"], view["changed"], view["removed"]) == ({}, {"plan": 1}, {})
    assert run("plan", "show", "AP", "--json").json["title"] == {"nl": "Stationsplein"}
    assert [row["activity_id"] for row in run("activity", "list", "--json").json["activities"]] == ["P-001/A1"]
    (folder / "out.yaml").write_text(text.replace("Stationsbuurt", "Markt"), encoding="utf-8")
    ran = run("import", "out.yaml", "--json")
    assert (ran.status, ran.error["code"]) == (5, "changed-meanwhile")


@pytest.mark.parametrize(
    ("levels", "text", "within", "column", "cells"),
    [
        (own_method.UNDER, UNDER, "objectives.plans.objectives", "plan", ["AP", "AP"]),
        (own_method.UNDER, UNDER, "objectives.plans.activities", "objective", ["O1", None]),
        (own_method.PLAN_AND_ACTIVITY, NOWHERE, "objectives.plans", "objective", [None]),
    ],
    ids=["under", "activities", "nowhere"],
)
def test_a_workbook_has_them_and_changes_nothing_when_it_comes_back(
    begin: Begin, levels: Sequence[tuple[str, str]], text: str, within: str, column: str, cells: list[str | None]
) -> None:
    folder = begin(levels, text)
    pdca("export", "--format", "xlsx", "--out", "book.xlsx")
    entries = read_workbook(folder / "book.xlsx").entries
    found = [one.values.get(column) for one in entries if ".".join(one.section.path) == within]
    assert found == cells
    view = run("import", "book.xlsx", "--json").json
    assert (view["added"], view["changed"]) == ({}, {})


def test_a_plan_in_a_workbook_without_its_objective_is_refused_at_its_row(begin: Begin) -> None:
    folder = begin(own_method.PLAN_AND_ACTIVITY, NOWHERE)
    pdca("export", "--format", "xlsx", "--out", "book.xlsx")
    # Another installation works by a method of the same name that has objectives above plans.
    other = own_method.shelved(folder / "other", own_method.version(1, own_method.with_levels(*own_method.UNDER)))
    settings_file(folder, f'[workflow]\nfolder = "{other}"\n')
    (folder / "pdca.db").rename(folder / "first.db")
    pdca("init", "--simulated", "--name", "Zone", "--zone", "Europe/Brussels")
    error = run("import", "book.xlsx", "--json").error
    assert (error["code"], error["place"]["file"], error["place"]["line"]) == (
        "import-no-such-level",
        "book.xlsx#Plans",
        2,
    )
