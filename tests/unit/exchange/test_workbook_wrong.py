"""Every way a workbook can be wrong: the code, the sheet, the row and the column that the one who filled it is told."""

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pdca.exchange import workbook_file
from pdca.exchange.document import check_document
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.workbook_in import read_workbook
from pdca.exchange.workbook_layout import README
from tests.unit.exchange.workbook_maker import Rows, good_rows, workbook

# Sheet, header of the column, row (from 1), what is written there, and the code.
CELLS: list[tuple[str, str, int, Any, str]] = [
    ("Plans", "period.from", 2, 45123, "import-wrong-type"),
    ("Plans", "period.from", 2, dt.datetime.combine(dt.date(2023, 6, 15), dt.time(9, 30)), "import-wrong-type"),
    ("Plans", "period.from", 2, dt.date(1905, 7, 17), "import-year-as-date"),
    ("Plans", "period.from", 2, True, "import-wrong-type"),
    ("Plans", "period.from", 2, "15/06/2023", "import-bad-date"),
    ("Plans", "period.from", 2, "2023-02-30", "import-bad-date"),
    ("Plans", "period.from", 2, None, "import-missing-key"),
    ("Plans", "period.to", 2, dt.date(2022, 1, 1), "import-ends-before-start"),
    ("Plans", "title [fr]", 2, 2023, "import-wrong-type"),
    ("Plans", "title [nl]", 2, dt.date(2023, 6, 15), "import-wrong-type"),
    ("Plans", "title [nl]", 2, "twee\nregels", "import-not-one-line"),
    ("Plans", "id", 2, "een plan", "import-bad-id"),
    ("Plans", "lead", 2, "pilott", "import-unknown-reference"),
    ("Plans", "objective", 2, "OD2", "import-unknown-reference"),
    ("Plans", "objective", 2, None, "import-no-such-level"),
    ("Plans", "mmm", 2, "misschien", "import-wrong-type"),
    ("Plans", "mmm", 2, 1, "import-wrong-type"),
    ("Plans", "source", 2, "seed, sead", "import-unknown-reference"),
    ("Plans", "perimeter.geojson", 2, "{type: Polygon", "import-bad-value"),
    ("Plans", "perimeter.geojson", 2, '{"type": "Point"}', "import-bad-geometry"),
    ("Plans", "note", 2, "a\x07b", "import-control-character"),
    ("Objectives", "inside", 3, "SD9", "import-unknown-reference"),
    ("Objectives", "inside", 2, "OD1", "import-circle"),
    ("Objectives", "id", 3, "SD1", "import-duplicate-id"),
    ("Rubrics", "plan", 3, "AP-2", "import-unknown-reference"),
    ("Rubrics", "rubric", 3, "definitie", "import-duplicate-id"),
    ("Rubrics", "rubric", 3, None, "import-empty-cell"),
    ("Rubrics", "rubric", 3, "analise", "import-unknown-rubric"),
    ("Rubrics", "withheld_from", 4, "public, pers", "import-unknown-word"),
    ("Group", "party", 3, "chief", "import-duplicate-entry"),
    ("Group", "role", 3, "deputi", "import-unknown-word"),
    ("Activities", "status", 3, "ready", "import-unknown-word"),
    ("Activities", "after", 3, "A1, A9", "import-unknown-reference"),
    ("Activities", "start", 2, "formula:=B7", "import-formula-without-value"),
    ("Activities", "start", 2, "formula:=1/0|#DIV/0!", "import-cell-error"),
    ("Steps", "activity", 2, "A7", "import-unknown-reference"),
    ("Steps", "activity", 2, None, "import-empty-cell"),
    ("Means", "kind", 2, "euro", "import-unknown-word"),
    ("Means", "kind", 2, None, "import-empty-cell"),
    ("Means", "planned", 2, "1.500,50", "import-wrong-type"),
    ("Means", "planned", 2, -5, "import-bad-value"),
    ("Means", "year", 2, "dit jaar", "import-wrong-type"),
    ("Means", "year", 2, 2023.5, "import-wrong-type"),
    ("Evaluations", "date", 2, 12.5, "import-wrong-type"),
    ("Findings", "list", 2, "finding", "import-unknown-word"),
    ("Findings", "list", 2, None, "import-empty-cell"),
    ("Findings", "evaluation.kind", 2, "final", "import-unknown-reference"),
    ("Previous themes", "decision", 2, "houden", "import-unknown-word"),
    ("Previous themes", "evaluation", 2, "einde", "import-unknown-reference"),
    ("Parties", "kind", 3, "functie", "import-unknown-word"),
    ("Parties", "task [nl]", 2, "leiden", "import-cell-not-used"),
    ("Parties", "id", 3, "chief", "import-duplicate-id"),
    ("Parties", "escalation", 2, "chef", "import-unknown-word"),
    ("Places", "area", 2, None, "import-empty-cell"),
    ("Measurements", "parts", 2, "Vorst 10", "import-wrong-type"),
    ("Measurements", "parts", 2, "Vorst: 10\nVorst: 2", "import-duplicate-entry"),
    ("Measurements", "value", 2, "12,5", "import-wrong-type"),
    ("Measurements", "period", 2, dt.time(12, 30), "import-wrong-type"),
    ("Measurements", "period", 2, dt.date(2024, 4, 1), "import-period-as-date"),
    ("Targets", "op", 2, "=<", "import-unknown-word"),
    ("Indicators", "kind", 2, None, "import-missing-key"),
    ("People", "access", 2, "boss", "import-unknown-word"),
    ("Appointments", "person", 2, "bo", "import-unknown-reference"),
    ("Sources", "url", 2, "javascript:alert(1)", "import-bad-value"),
    ("Organisation", "languages", 2, "nl, Frans!", "import-bad-language"),
    ("Programme", "method", 2, "zpv", "import-unknown-reference"),
]


@pytest.fixture
def rows() -> dict[str, Rows]:
    return good_rows()


def problems_of(data: bytes) -> tuple[Problem, ...]:
    with pytest.raises(ImportRefused) as refused:
        check_document(read_workbook(data, "book.xlsx"))
    return refused.value.problems


@pytest.mark.parametrize(("sheet", "header", "row", "written", "code"), CELLS)
def test_a_wrong_cell_is_refused_with_its_sheet_row_and_column(
    sheet: str, header: str, row: int, written: object, code: str, rows: dict[str, Rows]
) -> None:
    column = rows[sheet][0].index(header)
    rows[sheet][row - 1][column] = written
    found = [(one.code, one.place.file, one.place.line, one.place.column) for one in problems_of(workbook(rows))]
    at = (code, f"book.xlsx#{sheet}", row, column + 1)
    whole_record = (*at[:3], found[0][3])
    assert at in found or (code == "import-ends-before-start" and whole_record in found), found


def test_an_unknown_column_is_refused_with_the_nearest(rows: dict[str, Rows]) -> None:
    rows["Plans"][0][2] = "titel [nl]"
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, str(problem.place)) == ("import-unknown-column", "book.xlsx#Plans:1:3, C")
    assert problem.hint == "Did you mean “title”?"


@pytest.mark.parametrize("header", ["title [n!]", "lead [nl]", "title [nl"])
def test_a_column_with_a_wrong_language_is_refused(header: str, rows: dict[str, Rows]) -> None:
    rows["Plans"][0][3] = header
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, problem.place.line, problem.place.column) == ("import-unknown-column", 1, 4)


def test_a_column_that_stands_twice_is_refused(rows: dict[str, Rows]) -> None:
    rows["Plans"][0][3] = "title [NL]"
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, str(problem.place)) == ("import-duplicate-column", "book.xlsx#Plans:1:4, D")
    assert str(problem.other) == "book.xlsx#Plans:1:3, C"


def test_a_value_without_a_header_is_refused(rows: dict[str, Rows]) -> None:
    rows["Group"][2].append("look here")
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, str(problem.place)) == ("import-unknown-column", "book.xlsx#Group:3:6, F")


def test_a_sheet_without_the_column_that_names_its_rows_is_refused(rows: dict[str, Rows]) -> None:
    rows["Activities"] = [row[1:] for row in rows["Activities"]]
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, str(problem.place)) == ("import-missing-column", "book.xlsx#Activities:1:1, A")
    assert "“plan”" in problem.message


def test_an_unknown_sheet_is_refused_with_the_nearest(rows: dict[str, Rows]) -> None:
    rows = {("Activity" if name == "Activities" else name): body for name, body in rows.items()}
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, str(problem.place)) == ("import-unknown-sheet", "book.xlsx#Activity:1:1, A")
    assert problem.hint == "Did you mean “Activities”?"


def test_merged_cells_are_refused(rows: dict[str, Rows]) -> None:
    (problem,) = problems_of(workbook(rows, merged=("Activities", "A2:A3")))
    assert (problem.code, str(problem.place)) == ("import-merged-cells", "book.xlsx#Activities:2:1, A")


@pytest.mark.parametrize("sheet", ["Programme", "Organisation"])
def test_a_second_programme_or_organisation_is_refused(sheet: str, rows: dict[str, Rows]) -> None:
    rows[sheet].append(list(rows[sheet][1]))
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, problem.place.file, problem.place.line) == ("import-duplicate-row", f"book.xlsx#{sheet}", 3)


@pytest.mark.parametrize(
    "sheet", ["Sources", "Parties", "Plans", "Activities", "Evaluations", "Information", "Means", "Plan indicators"]
)
def test_a_row_given_twice_is_refused_at_the_second(sheet: str, rows: dict[str, Rows]) -> None:
    rows[sheet].append(list(rows[sheet][1]))
    found = [(one.code, one.place.file, one.place.line) for one in problems_of(workbook(rows))]
    codes = ("import-duplicate-id", "import-duplicate-entry")
    assert [where for where in found if where[0] in codes and where[1:] == (f"book.xlsx#{sheet}", len(rows[sheet]))]


@pytest.mark.parametrize(("row", "written", "code"), [(1, 2, "import-version"), (2, "n", "import-bad-language")])
def test_a_wrong_setting_of_the_file_is_refused_on_the_first_sheet(
    row: int, written: object, code: str, rows: dict[str, Rows]
) -> None:
    rows[README][row - 1][1] = written
    found = [(one.code, one.place.file, one.place.line, one.place.column) for one in problems_of(workbook(rows))]
    assert (code, f"book.xlsx#{README}", row, 2) in found


def test_a_workbook_without_its_first_sheet_is_refused(rows: dict[str, Rows]) -> None:
    del rows[README]
    (problem,) = problems_of(workbook(rows))
    assert (problem.code, str(problem.place)) == ("import-missing-key", f"book.xlsx#{README}:1:1, A: pdca")


def test_rows_of_a_programme_that_is_not_there_are_refused(rows: dict[str, Rows]) -> None:
    rows["Programme"] = rows["Programme"][:1]
    found = [(one.code, one.place.file, one.place.line) for one in problems_of(workbook(rows))]
    assert ("import-unknown-reference", "book.xlsx#Approvals", 2) in found


def replaced(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            new.writestr(entry, change(old.read(entry)) if entry == name else old.read(entry))
    return packed.getvalue()


def compound(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + b"".join(name.encode("utf-16-le") for name in streams)


def zipped(**parts: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import-not-a-workbook"),
        (b"pdca: 1\n", "import-not-a-workbook"),
        (b"PK\x03\x04", "import-not-a-workbook"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "import-not-a-workbook"),
        (compound("Workbook"), "import-not-a-workbook"),
        (compound("EncryptionInfo", "EncryptedPackage"), "import-encrypted"),
        (b"PK\x03\x04" + b"\0" * (16 * 1024 * 1024), "import-too-large"),
    ],
    ids=["empty", "yaml", "cut", "ods", "xls", "encrypted", "large"],
)
def test_what_is_no_workbook_is_refused(data: bytes, code: str) -> None:
    (problem,) = problems_of(data)
    assert (problem.code, str(problem.place)) == (code, "book.xlsx")
    assert problem.hint


def test_every_cut_of_a_workbook_is_refused(rows: dict[str, Rows]) -> None:
    data = workbook(rows)
    for length in range(0, len(data), 997):
        assert problems_of(data[:length])[0].code == "import-not-a-workbook"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        read_workbook(tmp_path / "none.xlsx")
    assert refused.value.code == "import-unreadable"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/media/image1.png"])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused(name: str) -> None:
    bomb = zipped(**{name: b" " * (workbook_file.LARGEST_UNPACKED + 1)})
    assert len(bomb) < 1024 * 1024
    assert problems_of(bomb)[0].code == "import-too-large"


def lying(data: bytes, part: str, said: bytes) -> bytes:
    """The workbook with a part that says it is only this much."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(part)
    for true, false in ((entry.file_size, len(said)), (entry.CRC, zlib.crc32(said))):
        assert data.count(true.to_bytes(4, "little")) == 2
        data = data.replace(true.to_bytes(4, "little"), false.to_bytes(4, "little"))
    return data


def test_a_part_is_never_unpacked_beyond_what_it_says(rows: dict[str, Rows]) -> None:
    part = "xl/workbook.xml"
    data = workbook(rows)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        said = archive.read(part)
    longer = replaced(data, part, lambda old: old + b"<" * 100_000)
    assert problems_of(longer)[0].code == "import-not-a-workbook"
    assert read_workbook(lying(longer, part, said)).value == read_workbook(data).value


def test_cells_far_apart_are_refused_before_what_is_between_them_fills_the_memory(rows: dict[str, Rows]) -> None:
    rows["Group"] += [[None] * 16_000] * 200
    rows["Group"][-1] = [*[None] * 16_000, "here"]
    assert problems_of(workbook(rows))[0].code == "import-too-large"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet2.xml"])
def test_a_document_type_is_refused(part: str, rows: dict[str, Rows]) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>'
    data = replaced(workbook(rows), part, lambda old: old.replace(b"?>", b"?>" + entity, 1))
    (problem,) = problems_of(data)
    assert problem.code == "import-not-a-workbook"
    assert "document type" in problem.message


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet2.xml"]
)
def test_a_damaged_part_is_refused(part: str, rows: dict[str, Rows]) -> None:
    (problem,) = problems_of(replaced(workbook(rows), part, lambda old: old[: len(old) // 2]))
    assert problem.code == "import-not-a-workbook"
