"""A document as a workbook and back: what people see in it, and that nothing of it is lost or taken for a formula."""

import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from pdca.errors import Usage
from pdca.exchange.document import Document, check_document, read_document
from pdca.exchange.problems import ImportRefused
from pdca.exchange.workbook_in import LocatedWorkbook, read_workbook
from pdca.exchange.workbook_layout import README, root, sheets
from pdca.exchange.workbook_out import write_workbook
from pdca.exchange.workbook_readme import PARAGRAPHS
from pdca.exchange.workbook_tidy import tidied
from pdca.exchange.yaml_reader import read
from tests.unit.exchange.workbook_maker import DOCUMENT, Rows, good_document, good_rows, workbook

REPOSITORY = Path(__file__).parents[3]
FILES = [
    REPOSITORY / "examples" / "zone-zuid.yaml",
    REPOSITORY / "examples" / "zone-zuid-people.yaml",
    REPOSITORY / "tests" / "unit" / "exchange" / "complete.yaml",
]


def there_and_back(document: dict[str, Any], folder: Path) -> LocatedWorkbook:
    write_workbook(document, folder / "book.xlsx")
    return read_workbook(folder / "book.xlsx")


def same(first: Document, second: Document) -> bool:
    return all(getattr(first, name) == getattr(second, name) for name in Document.model_fields)


@pytest.fixture
def rows() -> dict[str, Rows]:
    return good_rows()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_document_comes_back_from_a_workbook_as_it_was(file: Path, tmp_path: Path) -> None:
    document = read(file).value
    located = there_and_back(document, tmp_path)
    assert located.value == tidied(document)[0]
    assert same(check_document(located), read_document(file))
    assert located.notes == ()


def test_the_form_that_comes_back_is_a_fixed_point(tmp_path: Path) -> None:
    tidy = tidied(good_document())[0]
    assert tidied(tidy)[0] == tidy
    assert there_and_back(tidy, tmp_path).value == tidy


def test_numbers_come_back_digit_for_digit(tmp_path: Path) -> None:
    series = [Decimal("12.50"), Decimal("0.1"), Decimal("12345678901234567.5"), Decimal("1E+2"), 7, 10**20, -3]
    document = good_document()
    document["indicators"][0]["series"] = [
        {"period": str(2000 + number), "value": value} for number, value in enumerate(series)
    ]
    back = there_and_back(document, tmp_path).value["indicators"][0]["series"]
    assert [str(one["value"]) for one in back] == [str(value) for value in series]
    with CalamineWorkbook.from_path(tmp_path / "book.xlsx") as book:
        cells = [row[2] for row in book.get_sheet_by_name("Measurements").to_python()[1:]]
    assert cells == [12.5, 0.1, "12345678901234567.5", "1E+2", 7, str(10**20), -3]


@pytest.mark.parametrize("text", ["_x005F_x0041_", "_x000D\r", "_x0041_", "_x000D_\r\n", "a\u2028", "😀\ta"])
def test_a_text_that_looks_like_a_code_of_the_file_comes_back(text: str, tmp_path: Path) -> None:
    document = good_document()
    document["functions"][0]["basis"] = text
    assert there_and_back(document, tmp_path).value["functions"][0]["basis"] == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'=", "''@"])
def test_a_text_that_looks_like_a_formula_is_harmless_and_comes_back_unchanged(start: str, tmp_path: Path) -> None:
    document = good_document()
    document["functions"][0]["basis"] = text = f"{start}HYPERLINK(1)"
    located = there_and_back(document, tmp_path)
    with CalamineWorkbook.from_path(tmp_path / "book.xlsx") as book:
        cells = [cell for row in book.get_sheet_by_name("Parties").to_python() for cell in row]
    assert f"'{text}" in cells
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert located.value["functions"][0]["basis"] == text


def test_a_text_longer_than_a_cell_is_spread_over_columns(tmp_path: Path) -> None:
    text = "=é" * 24_000
    document = good_document()
    document["objectives"][0]["objectives"][0]["plans"][0]["rubrics"]["analyse"] = text
    located = there_and_back(document, tmp_path)
    with CalamineWorkbook.from_path(tmp_path / "book.xlsx") as book:
        header = book.get_sheet_by_name("Rubrics").to_python()[0]
    assert [name for name in header if str(name).startswith("text [nl]")] == [
        "text [nl]",
        "text [nl] (2)",
        "text [nl] (3)",
    ]
    assert located.value["objectives"][0]["objectives"][0]["plans"][0]["rubrics"]["analyse"] == text


def test_a_map_comes_back_number_for_number(tmp_path: Path) -> None:
    area = {"type": "Polygon", "coordinates": [[[Decimal("4.330"), 50], [Decimal("4.4"), 50], [4, 51], [4, 50]]]}
    document = good_document()
    document["objectives"][0]["objectives"][0]["plans"][0]["perimeter"] = {"geojson": area}
    back = there_and_back(document, tmp_path).value["objectives"][0]["objectives"][0]["plans"][0]["perimeter"]
    assert back == {"geojson": area}
    assert str(back["geojson"]["coordinates"][0][0][0]) == "4.330"


def test_whole_dates_are_dates_and_the_others_stay_as_they_were_stated(rows: dict[str, Rows]) -> None:
    dates = [row[1] for row in rows["Evaluations"][1:]]
    assert [type(date).__name__ for date in dates] == ["str", "date"]
    assert dates[0] == "2023-08"


def test_a_date_before_spreadsheets_count_days_comes_back(tmp_path: Path) -> None:
    document = good_document()
    document["programme"]["previous"][0]["period"] = {"from": "1900-02-28", "to": "1905-07-17"}
    back = there_and_back(document, tmp_path).value["programme"]["previous"][0]["period"]
    assert back == {"from": "1900-02-28", "to": "1905-07-17"}


def test_the_same_document_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(good_document(), tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "there.xlsx"
    path.write_text("mine")
    with pytest.raises(Usage):
        write_workbook(good_document(), path)
    assert path.read_text() == "mine"
    write_workbook(good_document(), path, overwrite=True)
    assert read_workbook(path).value["programme"]["id"] == "zvp-2020"


def test_every_part_of_the_format_has_one_sheet_and_every_column_one_header() -> None:
    placed = [section.path for sheet in sheets() for section in sheet.sections]
    assert sorted(placed) == sorted(section.path for section in root().all() if section.path)
    for sheet in sheets():
        for section in sheet.sections:
            headers = [column.header for column in (*section.above, *section.own)]
            assert len(headers) == len({header.casefold() for header in headers}), sheet.title


def test_only_what_a_row_cannot_do_without_is_called_required() -> None:
    required = {sheet.title: {one.header for one in sheet.columns if one.required} for sheet in sheets()}
    assert required["Objectives"] == {"id", "title"}
    assert required["Approvals"] == {"by", "act"}
    assert required["Programme"] == {"id", "title", "period.from", "period.to", "method"}
    assert required["Previous evaluations"] == {"programme", "id", "kind"}
    assert required["Previous themes"] == {"programme", "evaluation", "id"}


def test_sheets_are_ready_to_work_in(tmp_path: Path) -> None:
    write_workbook(good_document(), tmp_path / "book.xlsx")
    with CalamineWorkbook.from_path(tmp_path / "book.xlsx") as book:
        names = book.sheet_names
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        xml = archive.read(f"xl/worksheets/sheet{names.index('Activities') + 1}.xml").decode()
    assert names[0] == README
    assert '<pane xSplit="2" ySplit="1"' in xml
    assert "<autoFilter" in xml
    assert '"planned,running,done,dropped"' in xml
    assert "OFFSET('Parties'!$A$2" in xml
    assert "conditionalFormatting" in xml
    header = dict(re.findall(r'<c r="([A-Z]+)1" s="([0-9]+)"', xml))
    plan, activity, title, owner = (header[letter] for letter in "ABCE")
    assert plan == activity
    assert len({plan, title, owner}) == 3


def test_rows_may_stand_in_any_order_and_headers_in_any_capitals(rows: dict[str, Rows]) -> None:
    for name, (header, *body) in rows.items():
        if name == "Activities":
            rows[name] = [[str(cell).upper() if "[" not in str(cell) else cell for cell in header], *reversed(body)]
    objectives = rows["Objectives"]
    rows["Objectives"] = [objectives[0], *reversed(objectives[1:])]
    plan = check_document(read_workbook(workbook(rows))).objectives[0].objectives[0].plans[0]
    assert [activity.id for activity in plan.activities] == ["A2", "A1"]


def test_a_column_without_a_language_is_in_the_language_of_the_file(rows: dict[str, Rows]) -> None:
    header = rows["Plans"][0]
    header[header.index("title [nl]")] = "title"
    header[header.index("title [fr]")] = "title [EN]"
    plan = check_document(read_workbook(workbook(rows))).objectives[0].objectives[0].plans[0]
    assert plan.title == {"nl": "Zomerplan", "en": "Plan été"}


def test_without_a_language_of_the_file_the_first_of_the_organisation_counts(rows: dict[str, Rows]) -> None:
    rows[README][1][1] = None
    header = rows["Plans"][0]
    header[header.index("title [nl]")] = "title"
    document = check_document(read_workbook(workbook(rows)))
    assert document.language == "nl"
    assert document.objectives[0].objectives[0].plans[0].title == {"nl": "Zomerplan", "fr": "Plan été"}


def test_years_numbers_and_truth_values_are_read_however_they_were_typed(rows: dict[str, Rows]) -> None:
    rows["Targets"][1][rows["Targets"][0].index("by")] = 2025
    rows["Means"][1][rows["Means"][0].index("year")] = "2023"
    rows["Means"][1][rows["Means"][0].index("deployed")] = " 1000 "
    rows["Steps"][1][rows["Steps"][0].index("done")] = True
    rows["Evaluations"][2][rows["Evaluations"][0].index("planned")] = "TRUE"
    assert same(check_document(read_workbook(workbook(rows))), read_document(DOCUMENT))


def test_empty_rows_and_empty_sheets_say_nothing(rows: dict[str, Rows]) -> None:
    rows["Group"][2:2] = [[None] * 5, ["  ", "", "\n", None, None]]
    rows["Sheet1"] = [["  "]]
    assert same(check_document(read_workbook(workbook(rows))), read_document(DOCUMENT))


def test_a_formula_is_read_by_its_last_value_and_noted(rows: dict[str, Rows]) -> None:
    column = rows["Means"][0].index("planned")
    rows["Means"][1][column] = "formula:=1000+500|1500"
    located = read_workbook(workbook(rows), "book.xlsx")
    plan = located.value["objectives"][0]["objectives"][0]["plans"][0]
    assert plan["activities"][0]["means"][0]["money"] == 1500
    (note,) = located.notes
    assert (note.code, note.place.file, note.place.line, note.place.column, note.place.field) == (
        "import-formula",
        "book.xlsx#Means",
        2,
        column + 1,
        "E: planned",
    )


def test_a_row_that_says_the_same_again_is_kept_and_noted(rows: dict[str, Rows]) -> None:
    rows["Steps"].append(list(rows["Steps"][1]))
    located = read_workbook(workbook(rows), "book.xlsx")
    steps = located.value["objectives"][0]["objectives"][0]["plans"][0]["activities"][0]["steps"]
    assert steps == [{"text": "bellen", "done": True}, "schrijven", {"text": "bellen", "done": True}]
    assert [(note.code, note.place.file, note.place.line) for note in located.notes] == [
        ("import-same-row", "book.xlsx#Steps", 4)
    ]


def test_macros_are_never_looked_at(rows: dict[str, Rows]) -> None:
    packed = io.BytesIO(workbook(rows))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0not a project")
    assert same(check_document(read_workbook(packed.getvalue())), read_document(DOCUMENT))


def test_a_stream_is_read_like_a_file(rows: dict[str, Rows]) -> None:
    assert read_workbook(io.BytesIO(workbook(rows))).value == tidied(good_document())[0]


def test_what_only_the_database_can_refuse_has_its_place_too(rows: dict[str, Rows]) -> None:
    document = check_document(read_workbook(workbook(rows), "book.xlsx"))
    place = document.place(("objectives", 0, "objectives", 0, "plans", 0, "activities", 1, "end"))
    assert str(place) == "book.xlsx#Activities:3:7, G: end"


def test_every_mistake_is_named_at_once_in_the_order_of_the_sheets(rows: dict[str, Rows]) -> None:
    rows["Means"][1][rows["Means"][0].index("planned")] = "veel"
    rows["Plans"][1][rows["Plans"][0].index("lead")] = "pilo"
    rows["Objectives"][2][rows["Objectives"][0].index("title [nl]")] = None
    with pytest.raises(ImportRefused) as refused:
        read_workbook(workbook(rows), "book.xlsx")
    assert [(one.code, str(one.place)) for one in refused.value.problems] == [
        ("import-missing-key", "book.xlsx#Objectives:3:3, C: title [nl]"),
        ("import-unknown-reference", "book.xlsx#Plans:2:7, G: lead"),
        ("import-wrong-type", "book.xlsx#Means:2:5, E: planned"),
    ]
    assert refused.value.total == 3


def test_the_first_sheet_says_what_becomes_of_a_deleted_row() -> None:
    words = dict(PARAGRAPHS)["Working in it"]
    assert "A row that you delete from a plan is taken away there" in words
    assert words.endswith("plans, objectives, parties and people stay.")
