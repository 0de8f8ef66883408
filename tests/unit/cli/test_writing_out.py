"""A programme written out and taken in again, by the commands: as YAML, as JSON, and as a workbook people work in."""

import datetime as dt
import json
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from pdca.exchange.workbook_in import read_workbook
from pdca.exchange.yaml_reader import read
from tests.unit.cli.running import Ran, environment, run
from tests.unit.cli.zone import PDCA, START, pdca
from tests.unit.exchange import large

FORMS = ("yaml", "json", "xlsx")


@pytest.fixture
def fresh(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulated database with nothing in it but who founded it, in place of the one of the zone."""
    (empty_folder / "pdca.db").unlink(missing_ok=True)
    found(empty_folder, monkeypatch)


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str = "fresh.db") -> None:
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{folder / name}")
    with monkeypatch.context() as now:
        now.setenv("PDCA_NOW", START)
        assert run("init", "--simulated", "--lang", "nl", "--zone", "Europe/Brussels").status == 0


def cells(file: Path, sheet: str) -> list[list[Any]]:
    return list(CalamineWorkbook.from_path(file).get_sheet_by_name(sheet).to_python())


def rewritten(file: Path, sheet: str, changes: dict[tuple[int, str], Any]) -> Path:
    """The workbook as a spreadsheet program would save it after some cells were changed; rows count from 1."""
    book = CalamineWorkbook.from_path(file)
    target = file.with_name(f"changed-{file.name}")
    written = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False})
    date = written.add_format({"num_format": "yyyy-mm-dd"})
    for name in book.sheet_names:
        page = written.add_worksheet(name)
        rows = list(book.get_sheet_by_name(name).to_python())
        for (row, header), value in changes.items() if name == sheet else ():
            rows[row - 1][rows[0].index(header)] = value
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                if value != "":
                    page.write(row, column, value, date if isinstance(value, dt.date) else None)
    written.close()
    return target


def said(file: Path) -> dict[str, Any]:
    """What a file says, but for what it was made from: that names events of the log that it was made of."""
    located = read_workbook(file) if file.suffix == ".xlsx" else read(file)
    return {key: value for key, value in located.value.items() if key != "base"}


def without(file: Path, sheet: str, *numbers: int) -> Path:
    """The workbook as a spreadsheet program would save it after rows were deleted; they count from 1."""
    book = CalamineWorkbook.from_path(file)
    target = file.with_name(f"shorter-{file.name}")
    written = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False})
    date = written.add_format({"num_format": "yyyy-mm-dd"})
    for name in book.sheet_names:
        page = written.add_worksheet(name)
        rows = list(book.get_sheet_by_name(name).to_python())
        kept = [row for number, row in enumerate(rows, 1) if name != sheet or number not in numbers]
        for row, values in enumerate(kept):
            for column, value in enumerate(values):
                if value != "":
                    page.write(row, column, value, date if isinstance(value, dt.date) else None)
    written.close()
    return target


def row_of(file: Path, sheet: str, **values: str) -> int:
    head, *rows = cells(file, sheet)
    return next(
        n for n, row in enumerate(rows, 2) if all(row[head.index(key)] == value for key, value in values.items())
    )


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("form", FORMS)
def test_the_example_zone_comes_back_the_same_from_every_form(
    form: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = f"zone.{form}"
    assert run("export", "--out", out).status == 0
    first, _base = run("export").out.split("\nbase:\n")
    again = run("import", out, "--json").json
    assert (again["added"], again["changed"], again["rows"]) == ({}, {}, [])
    found(empty_folder, monkeypatch)
    taken = run("import", out, "--json")
    assert taken.status == 0, taken.err
    assert "end-not-marked" not in {one["code"] for one in taken.json["warnings"]}
    assert run("export").out.split("\nbase:\n")[0] == first
    assert run("export", "--out", f"second.{form}").status == 0
    assert said(Path(f"second.{form}")) == said(Path(out))


def scale(plans: int, form: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> float:
    """Take in so many plans by the command, and again elsewhere what is written out; gives the seconds of the first."""
    (folder / "large.yaml").write_text(large.programme(plans), encoding="utf-8")
    found(folder, monkeypatch, "one.db")
    begun = time.perf_counter()
    pdca("import", "large.yaml")
    seconds = time.perf_counter() - begun
    pdca("export", "--out", f"first.{form}")
    found(folder, monkeypatch, "two.db")
    pdca("import", f"first.{form}")
    pdca("export", "--out", f"second.{form}")
    assert said(Path(f"first.{form}")) == said(Path(f"second.{form}"))
    assert len(run("plan", "list", "--json").json["plans"]) == plans
    return seconds


@pytest.mark.parametrize("form", FORMS)
def test_many_plans_go_through_the_commands_and_come_back_the_same(
    form: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scale(20, form, empty_folder, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("form", FORMS)
def test_two_hundred_plans_and_two_thousand_activities_are_imported_within_ten_seconds(
    form: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = scale(200, form, empty_folder, monkeypatch)
    with capsys.disabled():
        print(f"\n200 plans and 2,000 activities were imported in {seconds:.1f} s; as {form} they came back the same")  # noqa: T201 - it is what this is for
    assert seconds <= 10


@pytest.mark.usefixtures("zone_at_start")
def test_text_goes_to_stdout_and_a_workbook_needs_a_file() -> None:
    assert run("export").out.startswith("# The programme zvp-2020-2025")
    assert run("export", "--json").json == run("export", "--format", "json").json
    ran = run("export", "--format", "xlsx", "--json")
    assert (ran.status, ran.error["code"]) == (2, "export-to-where")
    ran = run("export", "--format", "yaml", "--json")
    assert (ran.status, ran.error["code"]) == (2, "export-to-where")


@pytest.mark.usefixtures("zone_at_start")
def test_a_file_that_is_there_is_only_replaced_when_that_is_said(empty_folder: Path) -> None:
    for form in FORMS:
        file = empty_folder / f"mine.{form}"
        file.write_text("mine")
        ran = run("export", "--out", str(file), "--json")
        assert (ran.status, ran.error["code"]) == (2, "already-exists")
        assert "--force" in ran.error["hint"]
        assert file.read_text() == "mine"
        view = run("export", "--out", str(file), "--force", "--json").json
        assert view == {
            "schema": "pdca.exported/1",
            "file": str(file),
            "format": form,
            "programme": "zvp-2020-2025",
        }
        assert file.read_bytes() != b"mine"
    (empty_folder / "folder").mkdir()
    assert run("export", "--out", "folder", "--format", "xlsx").status == 0
    assert (empty_folder / "folder" / "zvp-2020-2025.xlsx").exists()


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--format", "json", "--out", "zone.xlsx"), 2, "form-and-name"),
        (("--out", "zone.ods"), 2, "form-unknown"),
        (("--plan", "P-001", "--out", "plan.xlsx"), 2, "plan-as-workbook"),
        (("--plan", "P-001", "--programme", "x"), 2, "plan-or-programme"),
        (("--plan", "P-099"), 4, "plan-unknown"),
        (("--programme", "zvp-1999"), 4, "programme-unknown"),
        (("--out", "nowhere/zone.yaml"), 1, "file-not-made"),
    ],
)
def test_what_cannot_be_written_out_is_refused(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run("export", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)
    assert not list(Path().glob("*.xlsx"))


@pytest.mark.usefixtures("zone_at_start")
def test_of_several_programmes_one_has_to_be_named(empty_folder: Path) -> None:
    document = run("export", "--format", "json").json
    later = {"id": "zvp-2026", "title": "Later", "method": "zvp", "period": {"from": "2026", "to": "2031"}}
    (empty_folder / "later.json").write_text(json.dumps({**document, "programme": later, "objectives": []}))
    assert run("import", "later.json").status == 0
    ran = run("export", "--json")
    assert (ran.status, ran.error["code"]) == (2, "programme-not-named")
    assert run("export", "--programme", "zvp-2026", "--json").json["programme"]["title"] == "Later"


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
def test_a_plan_alone_is_written_as_a_text_that_goes_back(empty_folder: Path) -> None:
    for form in ("yaml", "json"):
        out = str(empty_folder / f"plan.{form}")
        view = run("export", "--plan", "AP-ZP2023", "--out", out, "--json").json
        assert (view["plan"], view["format"]) == ("P-001", form)
        assert run("plan", "edit", "P-001", "--file", out, "--json").json["changed"] == []
    assert run("plan", "set", "P-001", "note=Nagelezen.").status == 0
    for form in ("yaml", "json"):
        ran = run("plan", "edit", "P-001", "--file", str(empty_folder / f"plan.{form}"), "--json")
        assert (ran.status, ran.error["code"]) == (5, "changed-meanwhile")


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


@pytest.mark.usefixtures("fresh")
def test_a_workbook_and_json_come_through_standard_input_too(empty_folder: Path) -> None:
    (empty_folder / "large.yaml").write_text(large.programme(2), encoding="utf-8")
    assert run("import", "large.yaml").status == 0
    for form in ("xlsx", "json"):
        run("export", "--out", f"large.{form}")
        data = (empty_folder / f"large.{form}").read_bytes()
        done = subprocess.run([*PDCA, "import", "-"], input=data, env=environment(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert b"was here already" in done.stdout


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"pdca": 1, "pdca": 1}', "import-duplicate-key"),
        ('{"pdca": 1, "people": [', "import-cut-off"),
        ("[" * 100 + "]" * 100, "import-too-deep"),
        ('{"pdca": NaN, "people": [{"id": "x", "name": "X"}]}', "import-version"),
        ('{"pdca": 1, "people": []} {"pdca": 1}', "import-syntax"),
    ],
)
def test_json_is_held_to_the_same_bounds(text: str, code: str, empty_folder: Path) -> None:
    (empty_folder / "wrong.json").write_text(text, encoding="utf-8")
    ran = run("import", "wrong.json", "--json")
    codes = {ran.error["code"], *(one["code"] for one in ran.error.get("problems", ()))}
    assert ran.status == 1
    assert code in codes


def test_the_schema_is_that_of_a_file_or_of_a_plan() -> None:
    assert "programme" in run("schema").json["properties"]
    assert run("schema", "file").out == run("schema", "--json").out
    plan = run("schema", "plan").json
    assert run("schema", "plan", "--lang", "fr").json["title"] == "Un plan de pdca"
    spoken = run("schema", "plan", "--lang", "nl").json["$defs"]["Plan"]
    assert spoken["description"] == "Een actieplan."
    assert spoken["properties"]["lead"]["description"].startswith("De partij die het plan leidt. Een id: letters")
    assert plan["required"] == ["pdca", "language", "plan"]
    assert refused(run("schema", "other", "--json")) == (2, "bad-value")


def refused(ran: Ran) -> tuple[int, str]:
    return ran.status, ran.error["code"]


@pytest.mark.parametrize("name", ["zone.yaml", "zone.json", "zone.xlsx"])
def test_what_was_made_by_commands_and_written_out_changes_nothing_when_it_is_taken_in_again(name: str) -> None:
    assert run("init", "--name", "Politiezone Zuid", "--zone", "Europe/Brussels").status == 0
    period = ("--from", "2026", "--to", "2031")
    assert run("programme", "new", "--title", "Plan", *period, "--id", "zvp").status == 0
    assert run("export", "--out", name).status == 0
    view = run("import", name, "--json").json
    assert (view["changed"], view["events"]) == ({}, [])


def sorted_down(file: Path, sheet: str, column: str) -> Path:
    """The workbook as it is after somebody sorted a sheet from Z to A."""
    head, *rows = cells(file, sheet)
    rows.sort(key=lambda row: str(row[head.index(column)]), reverse=True)
    changes = {(n, header): row[head.index(header)] for n, row in enumerate(rows, 2) for header in head}
    return rewritten(file, sheet, changes)


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
