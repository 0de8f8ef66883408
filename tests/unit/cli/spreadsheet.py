"""A workbook that was written out, as a spreadsheet program reads it and saves it again."""

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook


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


def sorted_down(file: Path, sheet: str, column: str) -> Path:
    """The workbook as it is after somebody sorted a sheet from Z to A."""
    head, *rows = cells(file, sheet)
    rows.sort(key=lambda row: str(row[head.index(column)]), reverse=True)
    changes = {(n, header): row[head.index(header)] for n, row in enumerate(rows, 2) for header in head}
    return rewritten(file, sheet, changes)
