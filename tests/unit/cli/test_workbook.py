"""A programme as a workbook that people work in: what they changed, and what is wrong, row by row."""

import datetime as dt
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tests.unit.cli.running import run
from tests.unit.cli.spreadsheet import cells, rewritten, row_of, sorted_down, without


@pytest.mark.usefixtures("zone_at_start")
def test_a_workbook_keeps_what_it_was_made_from_on_a_sheet_that_is_hidden(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    assert run("export", "--out", str(file)).status == 0
    base = run("export", "--json").json["base"]
    assert dict(cells(file, "Base")[1:]) == base
    assert {"installation", "P-001"} <= set(base)
    shown = {
        sheet.name
        for sheet in CalamineWorkbook.from_path(file).sheets_metadata
        if sheet.visible == SheetVisibleEnum.Visible
    }
    assert "Plans" in shown
    assert "Base" not in shown


@pytest.mark.usefixtures("zone_at_start")
def test_what_others_changed_since_a_workbook_was_made_is_kept_and_a_clash_names_its_cell(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    run("export", "--out", str(file))
    number = row_of(file, "Activities", plan="AP-ZP2023", id="A2")
    assert run("plan", "set", "P-001", "activities.A2.end=2023-09-20").status == 0
    assert run("import", str(file), "--json").json["changed"] == {}
    title = rewritten(file, "Activities", {(number, "title [nl]"): "Anders"})
    assert run("import", str(title), "--json").json["changed"] == {"activity": 1}
    activity = run("export", "--plan", "P-001", "--json").json["plan"]["activities"][1]
    assert (activity["title"], activity["end"]) == ("Anders", "2023-09-20")
    end = rewritten(file, "Activities", {(number, "end"): "2023-09-30"})
    for asked in ((), ("--dry-run",)):
        ran = run("import", str(end), "--json", *asked)
        assert (ran.status, ran.error["code"]) == (5, "changed-meanwhile")
        (problem,) = ran.error["problems"]
        assert problem["place"]["file"] == f"{end}#Activities"
        assert (problem["place"]["line"], problem["place"]["field"].partition(": ")[2]) == (number, "end")
        assert all(day in problem["message"] for day in ("P-001", "2023-09-15", "2023-09-20", "2023-09-30"))
        assert [one["stream"] for one in ran.error["changed"]] == ["P-001"]


@pytest.mark.usefixtures("zone_at_start")
def test_a_row_deleted_from_a_plan_is_listed_as_removed_and_then_removed(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    run("export", "--out", str(file))
    shorter = without(file, "Group", row_of(file, "Group", plan="AP-ZP2023"))
    tried = run("import", str(shorter), "--dry-run", "--json").json
    (row,) = tried["rows"]
    assert (row["sheet"], row["row"], row["new"], row["removed"]) == ("Group", None, False, True)
    assert tried["removed"] == {"group_member": 1}
    assert "removed" in run("import", str(shorter), "--dry-run").out
    before = len(run("export", "--plan", "P-001", "--json").json["plan"]["group"])
    assert run("import", str(shorter)).status == 0
    left = run("export", "--plan", "P-001", "--json").json["plan"].get("group", [])
    assert len(left) == before - 1


@pytest.mark.usefixtures("zone_at_start")
def test_a_row_that_something_hangs_on_is_not_removed(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    assert run("plan", "set", "P-001", "activities.A2.after=A1").status == 0
    run("export", "--out", str(file))
    shorter = without(file, "Activities", row_of(file, "Activities", plan="AP-ZP2023", id="A1"))
    before = run("export").out
    assert run("import", str(shorter), "--json").status == 1
    assert run("export").out == before


@pytest.mark.usefixtures("zone_at_start")
def test_a_dry_run_of_a_workbook_lists_every_row_that_would_change_and_changes_nothing(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    run("export", "--out", str(file))
    number = row_of(file, "Activities", plan="AP-ZP2023", id="A2")
    added = len(cells(file, "Group")) + 1
    changed = rewritten(file, "Activities", {(number, "title [nl]"): "Anders", (number, "end"): "2023-09-30"})
    before = run("export").out
    view = run("import", str(changed), "--dry-run", "--json").json
    (row,) = view["rows"]
    assert (row["sheet"], row["row"], row["name"], row["new"]) == ("Activities", number, "AP-ZP2023 A2", False)
    assert [one["column"] for one in row["columns"]] == ["title", "end"]
    assert row["columns"][1] == {"column": "end", "before": "2023-09-15", "after": "2023-09-30"}
    text = run("import", str(changed), "--dry-run").out
    assert "Would be taken in from" in text
    assert "2023-09-15 → 2023-09-30" in text
    assert run("export").out == before

    head, *rows = cells(file, "Group")
    assert rows
    extended = empty_folder / "extended.xlsx"
    shutil.copyfile(file, extended)
    book = CalamineWorkbook.from_path(file)
    written = xlsxwriter.Workbook(str(extended))
    for name in book.sheet_names:
        page = written.add_worksheet(name)
        for at, values in enumerate(book.get_sheet_by_name(name).to_python()):
            page.write_row(at, 0, [str(value) if isinstance(value, dt.date) else value for value in values])
        if name == "Group":
            page.write_row(added - 1, 0, ["AP-ZP2023", "hrm"])
    written.close()
    view = run("import", str(extended), "--dry-run", "--json").json
    assert [(one["sheet"], one["row"], one["name"], one["new"]) for one in view["rows"]] == [
        ("Group", added, "AP-ZP2023 hrm", True)
    ]
    assert run("import", str(changed)).status == 0
    assert run("export").out != before
    assert head[:2] == ["plan", "party"]


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("language", ["nl", "fr"])
def test_a_workbook_is_explained_and_refused_in_the_language_of_the_reader(empty_folder: Path, language: str) -> None:
    file = empty_folder / "zone.xlsx"
    assert run("export", "--out", "english.xlsx").status == 0
    assert run("export", "--out", str(file), "--lang", language).status == 0
    explained = [row for row in cells(file, "Read me") if len(row) > 1 and len(str(row[1]).split()) > 1]
    assert len(explained) > 40
    english = {str(row[1]) for row in cells(Path("english.xlsx"), "Read me") if len(row) > 1}
    assert [row for row in explained if row[1] in english] == []
    assert cells(file, "Plans") == cells(Path("english.xlsx"), "Plans")
    again = run("import", str(file), "--json").json
    assert (again["added"], again["changed"]) == ({}, {})

    number = row_of(file, "Activities", plan="AP-ZP2023", id="A2")
    changes = {(number, "owner"): "nobody", (number, "start"): "2023-02-30", (number + 1, "status"): "finished"}
    wrong = str(rewritten(file, "Activities", changes))
    told = [
        [(one["message"], one["hint"]) for one in run("import", wrong, "--json", "--lang", spoken).error["problems"]]
        for spoken in (language, "en")
    ]
    assert len(told[0]) == len(told[1]) == 3
    assert not {text for pair in told[0] for text in pair} & {text for pair in told[1] for text in pair}


@pytest.mark.usefixtures("zone_at_start")
def test_every_mistake_in_a_workbook_has_its_sheet_row_and_column(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    run("export", "--out", str(file))
    number = row_of(file, "Activities", plan="AP-ZP2023", id="A2")
    before = run("export").out
    changes = {(number, "owner"): "nobody", (number, "start"): "2023-02-30", (number + 1, "status"): "finished"}
    wrong = rewritten(file, "Activities", changes)
    for more in ((), ("--dry-run",)):
        ran = run("import", str(wrong), *more, "--json")
        assert (ran.status, ran.error["code"], ran.error["total"]) == (1, "import-refused", 3)
        places = [one["place"] for one in ran.error["problems"]]
        assert {place["file"] for place in places} == {f"{wrong}#Activities"}
        head = cells(file, "Activities")[0]
        assert {(place["line"], place["column"]) for place in places} == {
            (number, head.index("owner") + 1),
            (number, head.index("start") + 1),
            (number + 1, head.index("status") + 1),
        }
    assert run("export").out == before


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("text", ["=1+1", "+32 2 555", "-5 %", "@SUM(A1)", "\t=x", "'=x", '=HYPERLINK("http://x")'])
def test_what_a_spreadsheet_could_take_for_a_formula_is_harmless_and_comes_back_as_it_was(
    text: str, empty_folder: Path
) -> None:
    stored = text.strip()
    assert run("plan", "set", "P-001", f"note={text}", f"rubrics.analyse={text}").status == 0
    assert run("export", "--plan", "P-001", "--format", "json").json["plan"]["note"] == stored
    file = empty_folder / "zone.xlsx"
    run("export", "--out", str(file))
    head, *rows = cells(file, "Plans")
    assert rows[0][head.index("note")] == f"'{stored}"
    with zipfile.ZipFile(file) as archive:
        parts = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
    # A formula has an element of its own; none stands in any cell.
    assert not any(b"<f>" in part or b"<f " in part for part in parts)
    before = run("export").out
    again = run("import", str(file), "--json").json
    assert (again["added"], again["changed"]) == ({}, {})
    assert run("export").out == before


@pytest.mark.usefixtures("zone_at_start")
def test_where_the_packages_for_workbooks_are_missing_that_is_said(
    monkeypatch: pytest.MonkeyPatch, empty_folder: Path
) -> None:
    for name in ("workbook_in", "workbook_out"):
        monkeypatch.delitem(sys.modules, f"pdca.exchange.{name}", raising=False)
    for name in ("xlsxwriter", "python_calamine"):
        monkeypatch.setitem(sys.modules, name, None)
    (empty_folder / "there.xlsx").write_bytes(b"PK\x03\x04")
    for command in (("export", "--out", "zone.xlsx"), ("import", "there.xlsx")):
        ran = run(*command, "--json")
        assert (ran.status, ran.error["code"]) == (1, "workbooks-missing")
    assert not (empty_folder / "zone.xlsx").exists()


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize(("sheet", "column"), [("Activities", "id"), ("Plans", "id"), ("Objectives", "id")])
def test_a_sheet_that_is_only_sorted_changes_nothing(sheet: str, column: str, empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    run("export", "--out", str(file))
    _head, *before = cells(file, sheet)
    shuffled = sorted_down(file, sheet, column)
    assert cells(shuffled, sheet)[1:] != before
    view = run("import", str(shuffled), "--json").json
    assert (view["changed"], view["rows"], view["events"]) == ({}, [], [])


@pytest.mark.usefixtures("zone_at_start")
def test_of_a_text_in_several_languages_the_one_that_changes_is_listed(empty_folder: Path) -> None:
    file = empty_folder / "zone.xlsx"
    assert run("plan", "set", "P-001", "title.fr=Plan été").status == 0
    run("export", "--out", str(file))
    header = next(one for one in cells(file, "Plans")[0] if one.startswith("title") and "fr" in one)
    changed = rewritten(file, "Plans", {(row_of(file, "Plans", id="AP-ZP2023"), header): "Été"})
    (row,) = run("import", str(changed), "--dry-run", "--json").json["rows"]
    assert row["columns"] == [{"column": "title [fr]", "before": "Plan été", "after": "Été"}]
