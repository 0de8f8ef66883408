"""Writing a document as a workbook that people can work in, and that `workbook_in` reads back as it was."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import xlsxwriter

from pdca.exchange.values import LANGUAGE
from pdca.exchange.workbook_cells import FIRST_DATE, NO, YES, Cell, cell_of, decimals_of, disarmed, pieces
from pdca.exchange.workbook_file import letters
from pdca.exchange.workbook_kinds import Kind
from pdca.exchange.workbook_layout import HIDDEN, README, Column, Section, Sheet, root, sheets
from pdca.exchange.workbook_readme import PARAGRAPHS, about
from pdca.exchange.workbook_rows import Row, rows_of
from pdca.exchange.workbook_tidy import code_of, language_of
from pdca.files import whole_file
from pdca.i18n import _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LAST_ROW: Final = 1_048_576
LONGEST_CHOICE: Final = 255
_MADE: Final = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the same document gives the same bytes
_HEADER: Final = {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top"}
_OPTIONAL: Final = {**_HEADER, "bg_color": "#B4C6E7", "font_color": "#000000"}
_NAMING: Final = {**_HEADER, "bg_color": "#7F6000"}
_ASSUMED: Final = {"bg_color": "#FFE699"}
_BODY: Final = {"valign": "top"}
_WIDTHS: Final = {
    Kind.DATE: 12,
    Kind.YES_NO: 9,
    Kind.NUMBER: 13,
    Kind.YEAR: 8,
    Kind.PERIOD: 14,
    Kind.KEY: 20,
    Kind.WORD: 14,
    Kind.KEYS: 24,
    Kind.NUMBERS: 14,
    Kind.JSON: 30,
}
_SHORT_TEXT: Final = 30
_LONG_TEXT: Final = 60
_REFERS: Final = {
    **dict.fromkeys(("lead", "owner", "to", "party"), "Parties"),
    **dict.fromkeys(("plan", "follows"), "Plans"),
    "objective": "Objectives",
    "phenomenon": "Phenomena",
    "indicator": "Indicators",
    "person": "People",
}


class _Place(NamedTuple):
    """A column as it stands in the sheet: of one language, and one of several when its texts are very long."""

    column: Column
    language: str | None
    part: int

    @property
    def header(self) -> str:
        language = f" [{self.language}]" if self.language else ""
        part = f" ({self.part + 1})" if self.part else ""
        return f"{self.column.header}{language}{part}"


def write_workbook(document: Mapping[str, Any], path: Path, *, overwrite: bool = False) -> None:
    """Write a document, as plain data, as an .xlsx workbook, whose help is in the language spoken; the same
    document gives the same bytes.

    Raises Conflict when there is something at `path` and `overwrite` is not set, Failed when it cannot be written.
    """
    with whole_file(path, overwrite=overwrite) as new:
        _Writer(document, new).write()


class _Writer:
    def __init__(self, document: Mapping[str, Any], path: Path) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(str(path), options)
        self.book.set_properties({"title": "pdca", "created": _MADE})
        self.document = document
        self.language = language_of(document)
        self.languages = list(dict.fromkeys((self.language, *_languages(document))))
        self.rows = rows_of(document)
        self.formats: dict[str, Format] = {}

    def write(self) -> None:
        """Write all sheets."""
        self.readme()
        for sheet in sheets():
            _SheetWriter(self, sheet).write()
        self.book.close()

    def format(self, name: str, properties: Mapping[str, Any]) -> "Format":
        """Give a format, made once."""
        if name not in self.formats:
            self.formats[name] = self.book.add_format(dict(properties))
        return self.formats[name]

    def readme(self) -> None:
        """Write the first sheet: the settings of the file, how to work in it, and what the sheets hold."""
        page = self.book.add_worksheet(README)
        page.set_column(0, 0, 24, self.format("readme", _BODY))
        page.set_column(1, 1, 100, self.format("readme text", {**_BODY, "text_wrap": True}))
        header = self.format("header", _HEADER)
        settings = {**self.document, "language": self.language}
        for row, column in enumerate(root().own):
            page.write_string(row, 0, column.header, header)
            value = settings.get(column.header)
            if isinstance(value, int):
                page.write_number(row, 1, value, self.format("left", {**_BODY, "align": "left"}))
            elif value is not None:
                page.write_string(row, 1, disarmed(str(value)))
        below = len(root().own) + 1
        for row, (title, text) in enumerate(PARAGRAPHS, start=below):
            page.write_string(row, 0, _(title), self.format("bold", {**_BODY, "bold": True}))
            page.write_string(row, 1, _(text))
        shown = [sheet for sheet in sheets() if sheet.title not in HIDDEN]
        for row, sheet in enumerate(shown, start=below + len(PARAGRAPHS) + 1):
            page.write_url(row, 0, f"internal:'{sheet.title}'!A1", string=sheet.title)
            page.write_string(row, 1, about(sheet))


class _SheetWriter:
    def __init__(self, writer: _Writer, sheet: Sheet) -> None:
        self.writer = writer
        self.sheet = sheet
        self.rows = list(_rows_of_sheet(sheet, writer.rows))
        self.places = [place for column in sheet.columns for place in self.places_of(column)]
        self.page: Worksheet = writer.book.add_worksheet(sheet.title)

    def write(self) -> None:
        """Write the sheet."""
        for index, place in enumerate(self.places):
            self.page.set_column(index, index, _width(place.column), self.format_of(place.column.leaf.kind))
            self.page.write_string(0, index, place.header, self.header_format(place.column))
        for number, row in enumerate(self.rows, start=1):
            self.write_row(number, row)
        self.page.freeze_panes(1, len([place for place in self.places if place.column in self.naming]))
        self.page.autofilter(0, 0, max(1, len(self.rows)), len(self.places) - 1)
        self.page.ignore_errors({"number_stored_as_text": f"A2:{letters(len(self.places))}{LAST_ROW}"})
        for index, place in enumerate(self.places):
            self.validate(index, place.column)
        self.colour()
        if self.sheet.title in HIDDEN:
            self.page.hide()

    @property
    def naming(self) -> tuple[Column, ...]:
        """The columns that name a record: they stand first and stay in sight."""
        first = self.sheet.sections[0]
        return (*first.above, *(first.identity if ("id",) in [one.path for one in first.identity] else ()))

    def header_format(self, column: Column) -> "Format":
        """Give the format of a header, which shows what names a record and what must be filled."""
        if column in self.naming:
            return self.writer.format("naming", _NAMING)
        return self.writer.format("header", _HEADER) if column.required else self.writer.format("optional", _OPTIONAL)

    def places_of(self, column: Column) -> Iterator[_Place]:
        """Give the places of a column: in each language that the document has, or this column has besides."""
        values = [row[column.header] for row in self.rows if column.header in row]
        languages: Iterable[str | None] = [None]
        if column.leaf.kind is Kind.LOCAL:
            also = (code_of(code) for value in values if isinstance(value, Mapping) for code in value)
            languages = dict.fromkeys((*self.writer.languages, *also))
        for language in languages:
            texts = [self.cell(column, language, value) for value in values]
            parts = max((len(pieces(text)) for text in texts if isinstance(text, str)), default=1)
            yield from (_Place(column, language, part) for part in range(parts))

    def cell(self, column: Column, language: str | None, value: Any) -> Cell | None:  # noqa: ANN401 - a value
        """Give the cell for a value, in one language where it has several."""
        if language is None:
            return cell_of(column.leaf, value)
        if isinstance(value, Mapping):
            return next((str(text) for code, text in value.items() if code_of(code) == language), None)
        return str(value) if language == self.writer.language else None

    def write_row(self, number: int, row: Row) -> None:
        """Write one record."""
        for index, place in enumerate(self.places):
            value = row.get(place.column.header)
            cell = None if value is None else self.cell(place.column, place.language, value)
            if isinstance(cell, str):
                parts = pieces(cell)
                if place.part < len(parts) and parts[place.part]:
                    self.page.write_string(number, index, disarmed(parts[place.part]), self.as_text)
            elif isinstance(cell, dt.date):
                self.page.write_datetime(number, index, dt.datetime.combine(cell, dt.time()), self.format_of(Kind.DATE))
            elif cell is not None:
                self.page.write_number(number, index, float(cell), self.number_format(cell))

    @property
    def as_text(self) -> "Format":
        """What keeps a spreadsheet program from making anything else of what is written."""
        return self.writer.format("text", {**_BODY, "text_wrap": True, "num_format": "@"})

    def format_of(self, kind: Kind) -> "Format":
        """Give the format of a column, for the cells that are still to be filled."""
        if kind is Kind.DATE:
            return self.writer.format("date", {**_BODY, "num_format": "yyyy-mm-dd", "align": "left"})
        if kind in (Kind.NUMBER, Kind.YEAR):
            return self.writer.format("number", _BODY)
        return self.as_text

    def number_format(self, number: int | Decimal) -> "Format":
        """Give a format that shows a number with the zeros that it was written with."""
        decimals = decimals_of(number)
        if not decimals:
            return self.format_of(Kind.NUMBER)
        return self.writer.format(f"number {decimals}", {**_BODY, "num_format": f"0.{'0' * decimals}"})

    def validate(self, index: int, column: Column) -> None:
        """Offer the words and ids that a cell may hold, and keep years from becoming dates."""
        rule = _rule(column, self.sheet, letters(index + 1))
        if rule is not None:
            self.page.data_validation(1, index, LAST_ROW - 1, index, {**rule, "ignore_blank": True})

    def colour(self) -> None:
        """Make what is assumed visible: the row, or the part of it that the mark is about."""
        for index, place in enumerate(self.places):
            name = place.column.path[-1]
            if name != "assumed" and not name.endswith("_assumed"):
                continue
            about_it = [at for at, other in enumerate(self.places) if _is_about(place.column, other.column)]
            criteria = f'=${letters(index + 1)}2="{YES}"'
            rule = {"type": "formula", "criteria": criteria, "format": self.writer.format("assumed", _ASSUMED)}
            for first, last in _runs(about_it):
                self.page.conditional_format(1, first, LAST_ROW - 1, last, rule)


def _rows_of_sheet(sheet: Sheet, rows: Mapping[Section, list[Row]]) -> Iterator[Row]:
    for section in sheet.sections:
        word = sheet.word_of(section)
        chosen = {sheet.chosen_by.header: word} if sheet.chosen_by is not None and word is not None else {}
        yield from ({**row, **chosen} for row in rows.get(section, ()))


def _languages(document: Mapping[str, Any]) -> list[str]:
    organisation = document.get("organisation")
    listed = organisation.get("languages") if isinstance(organisation, Mapping) else None
    codes = [code_of(one) for one in listed] if isinstance(listed, list | tuple) else []
    return [code for code in codes if LANGUAGE.fullmatch(code)]


def _width(column: Column) -> int:
    return _WIDTHS.get(column.leaf.kind) or (_LONG_TEXT if column.leaf.long else _SHORT_TEXT)


def _is_about(mark: Column, column: Column) -> bool:
    """Tell whether a mark such as `report.assumed`, `discipline_assumed` or `assumed` is about a column."""
    name = mark.path[-1]
    if name != "assumed":
        return column.path in (mark.path, (*mark.path[:-1], name.removesuffix("_assumed")))
    return column.path[: len(mark.path) - 1] == mark.path[:-1]


def _runs(indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give the first and last of each run of neighbours."""
    start = 0
    for at in range(1, len(indexes) + 1):
        if at == len(indexes) or indexes[at] != indexes[at - 1] + 1:
            yield indexes[start], indexes[at - 1]
            start = at


def _rule(column: Column, sheet: Sheet, letter: str) -> dict[str, Any] | None:
    kind = column.leaf.kind
    if kind is Kind.YES_NO:
        return {"validate": "list", "source": [YES, NO]}
    if kind is Kind.WORD and len(",".join(column.leaf.words)) <= LONGEST_CHOICE:
        return {"validate": "list", "source": list(column.leaf.words)}
    if kind is Kind.DATE:
        first = f"DATE({FIRST_DATE.year},{FIRST_DATE.month},{FIRST_DATE.day})"
        return {
            "validate": "custom",
            "value": f"=OR(ISTEXT({letter}2),{letter}2>={first})",
            "error_title": _("A date"),
            "error_message": _("Write a whole date, or with an apostrophe a month or a year: '2024-10, '2024."),
        }
    target = _target(column, sheet)
    if target is None:
        return None
    at = letters(1 + next(index for index, one in enumerate(target.columns) if one.path == ("id",)))
    cells = f"'{target.title}'!${at}"
    return {
        "validate": "list",
        "source": f"=OFFSET({cells}$2,0,0,MAX(1,COUNTA({cells}:${at})-1),1)",
        "error_type": "warning",
        "error_title": _("An id"),
        "error_message": _("No such id stands on the sheet %(sheet)s.") % {"sheet": target.title},
    }


def _target(column: Column, sheet: Sheet) -> Sheet | None:
    """Give the sheet whose ids a column names."""
    if column.leaf.kind is not Kind.KEY:
        return None
    title = _REFERS.get(column.header)
    if column.header == "objective" and sheet.title == "Activities":
        title = "Plan objectives"
    if column.header == "inside":
        title = sheet.title
    elif column.header == "id" and sheet.title == "Plan indicators":
        title = "Indicators"
    return next((one for one in sheets() if one.title == title), None)
