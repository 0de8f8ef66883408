"""One sheet of a workbook, from its cells to the values under its columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic_core import PydanticCustomError

from pdca.exchange.located import Container, Mark, Marks, start_of
from pdca.exchange.problems import quoted
from pdca.exchange.values import language_code
from pdca.exchange.workbook_cells import Unfit, checked_text, value_of
from pdca.exchange.workbook_file import Sheet as Look
from pdca.exchange.workbook_file import letters
from pdca.exchange.workbook_kinds import Kind
from pdca.exchange.workbook_layout import Column, Section, Sheet
from pdca.exchange.workbook_marks import CellMark, Findings, cell_mark, did_you_mean
from pdca.i18n import N_, _

_HEADER: Final = re.compile(r"(?P<name>.*?)(?:\s*\[(?P<language>[^\]]*)\])?(?:\s*\((?P<part>[0-9]{1,3})\))?", re.DOTALL)
_NOTHING: Final = (None, "")
EMPTY_CELL: Final = N_("This cell must not be empty.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: the values of its cells that are filled, and the marks of all, by the header without language."""

    section: Section
    values: dict[str, Any]
    marks: dict[str, Marks]
    at: CellMark


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet as they are, and what stands beside their values."""

    title: str
    cells: Sequence[Sequence[object]]
    look: Look

    def filled(self, row: int, column: int) -> bool:
        """Tell whether a cell holds anything."""
        cell = self.cells[row][column]
        return cell not in _NOTHING and not (isinstance(cell, str) and not cell.strip())

    @property
    def empty(self) -> bool:
        """Tell whether the sheet holds nothing."""
        return not any(self.filled(row, column) for row, cells in enumerate(self.cells) for column in range(len(cells)))


@dataclass(slots=True)
class _Spot:
    """Where a column stands, in one language: several cells when its texts are very long."""

    language: str | None
    at: dict[int, int] = field(default_factory=dict)  # part -> column


class SheetReader:
    """Reads the rows of one sheet; `language` is that of plain texts."""

    def __init__(self, sheet: Sheet, grid: Grid, language: str, findings: Findings) -> None:
        self.sheet = sheet
        self.grid = grid
        self.language = language
        self.findings = findings
        self.columns = {column.header: column for column in sheet.columns}
        self.spots: dict[str, dict[str | None, _Spot]] = {}

    def entries(self) -> Iterator[Entry]:
        """Give the rows that hold anything."""
        rows = [number for number in range(1, len(self.grid.cells)) if self._row_filled(number)]
        self._read_headers()
        if not rows:
            return
        self._check_columns(rows)
        self._check_merged()
        for number in rows:
            entry = self._entry(number)
            if entry is not None:
                yield entry

    def mark(self, row: int, column: int, header: str | None = None) -> CellMark:
        """Give the mark of a cell."""
        return cell_mark(self.grid.title, row, column, header)

    def _row_filled(self, number: int) -> bool:
        return any(self.grid.filled(number, column) for column in range(len(self.grid.cells[number])))

    def _read_headers(self) -> None:
        for index, cell in enumerate(self.grid.cells[0] if self.grid.cells else ()):
            if self.grid.filled(0, index):
                self._read_header(index, str(cell).strip())

    def _read_header(self, index: int, written: str) -> None:
        match = _HEADER.fullmatch(written)
        name = (match["name"] if match else written).strip()
        column = next((column for header, column in self.columns.items() if header.casefold() == name.casefold()), None)
        language = self._language(match["language"] if match else None, column)
        if column is None or match is None or language is _UNKNOWN:
            known = _("The columns here are: %(columns)s.") % {"columns": ", ".join(self.columns)}
            hint = did_you_mean(name, tuple(self.columns), known)
            if column is not None:
                in_languages = column.leaf.kind is Kind.LOCAL
                form = (
                    _("Write “%(column)s” and a language, such as [nl].") if in_languages else _("Write “%(column)s”.")
                )
                hint = form % {"column": column.header}
            message = _("There is no column “%(column)s” on the sheet %(sheet)s.")
            message %= {"column": quoted(written), "sheet": self.sheet.title}
            self.findings.refuse(self.mark(0, index), "import-unknown-column", message, hint)
            self.findings.unreadable = True
            return
        part = int(match["part"] or 1)
        spot = self.spots.setdefault(column.header, {}).setdefault(language, _Spot(language))
        if part in spot.at:
            message = _("The column “%(column)s” stands here twice.") % {"column": quoted(written)}
            hint, other = _("Take one of them away."), self.mark(0, spot.at[part])
            self.findings.refuse(self.mark(0, index), "import-duplicate-column", message, hint, other=other)
            self.findings.unreadable = True
            return
        spot.at[part] = index

    def _language(self, written: str | None, column: Column | None) -> str | None:
        """Give the language of a column, None where it has none, or _UNKNOWN."""
        if column is None or column.leaf.kind is not Kind.LOCAL:
            return None if written is None else _UNKNOWN
        if written is None:
            return self.language
        try:
            return language_code(written.strip())
        except PydanticCustomError:
            return _UNKNOWN

    def _check_columns(self, rows: Sequence[int]) -> None:
        """Refuse values without a header, and a sheet without the columns that say what its rows are."""
        known = {index for spots in self.spots.values() for spot in spots.values() for index in spot.at.values()}
        headed = {index for index in range(len(self.grid.cells[0])) if self.grid.filled(0, index)} | known
        for index in range(len(self.grid.cells[0])):
            number = next(
                (row for row in rows if index < len(self.grid.cells[row]) and self.grid.filled(row, index)), None
            )
            if index not in headed and number is not None:
                message = _("Something stands here, but there is no header above it in %(cell)s.")
                message %= {"cell": f"{letters(index + 1)}1"}
                self.findings.refuse(self.mark(number, index), "import-unknown-column", message, _("Take it away."))
                self.findings.unreadable = True
        first = self.sheet.sections[0]
        needed = [*first.above, *first.identity, *([self.sheet.chosen_by] if self.sheet.chosen_by else [])]
        for column in needed:
            if column.header not in self.spots:
                message = _("The column “%(column)s” is missing on the sheet %(sheet)s.")
                message %= {"column": column.header, "sheet": self.sheet.title}
                hint = _("Put it back: it says what the rows are.")
                self.findings.refuse(self.mark(0, 0), "import-missing-column", message, hint)
                self.findings.unreadable = True

    def _check_merged(self) -> None:
        for (row, column), reference in self.grid.look.merged.items():
            message = _("The cells %(cells)s are merged.") % {"cells": reference}
            hint = _("Split them, and fill every one.")
            self.findings.refuse(self.mark(row, column), "import-merged-cells", message, hint)
            self.findings.unreadable = True

    def _entry(self, number: int) -> Entry | None:
        values: dict[str, Any] = {}
        marks: dict[str, Marks] = {}
        for header, column in self.columns.items():
            value, mark = self._value(number, column)
            marks[header] = mark
            if value is not None:
                values[header] = value
        section = self._section(values, marks)
        if section is None:
            return None
        self._check_unused(section, values, marks)
        first = min(self.spots[header][language].at[part] for header, language, part in self._all_spots())
        return Entry(section, values, marks, self.mark(number, first))

    def _all_spots(self) -> Iterator[tuple[str, str | None, int]]:
        for header, spots in self.spots.items():
            for language, spot in spots.items():
                yield from ((header, language, part) for part in spot.at)

    def _value(self, number: int, column: Column) -> tuple[Any, Marks]:
        spots = self.spots.get(column.header)
        if spots is None:
            return None, self.mark(number, 0, column.header)
        if column.leaf.kind is not Kind.LOCAL:
            return self._cell(number, column, spots[None])
        texts: dict[str, Any] = {}
        container = Container(self._mark_of(number, column, next(iter(spots.values()))))
        for language, spot in spots.items():
            text, container.items[language] = self._cell(number, column, spot)
            if text is not None:
                texts[str(language)] = text
        return texts or None, container

    def _mark_of(self, number: int, column: Column, spot: _Spot) -> CellMark:
        index = spot.at[min(spot.at)]
        return self.mark(number, index, column.header + (f" [{spot.language}]" if spot.language else ""))

    def _cell(self, number: int, column: Column, spot: _Spot) -> tuple[Any, Mark]:
        """Give the value of a cell, or of the cells over which a very long text is spread."""
        mark = self._mark_of(number, column, spot)
        filled = [index for _, index in sorted(spot.at.items()) if self._look_at(number, index, mark)]
        if not filled:
            return None, mark
        cell = self.grid.cells[number][filled[0]]
        try:
            if any(isinstance(self.grid.cells[number][index], str) for index in filled):
                cell = "".join(checked_text(str(self.grid.cells[number][index])) for index in filled)
            return value_of(column.leaf, cell, self.grid.look.decimals.get((number, filled[0]), 0)), mark
        except Unfit as unfit:
            self.findings.unfit(mark, unfit)
            return cell, mark

    def _look_at(self, number: int, index: int, mark: Mark) -> bool:
        """Tell whether a cell holds a value, and say what is strange about it."""
        here = (number, index)
        kept = self.grid.look.formulas.get(here)
        if here in self.grid.look.errors:
            message = _("This cell holds an error: %(error)s.") % {"error": quoted(self.grid.look.errors[here])}
            hint = _("Correct the formula, or write the value itself.")
            self.findings.refuse(mark, "import-cell-error", message, hint)
            return False
        if kept is False:
            message = _("This formula was never calculated, so it has no value.")
            hint = _("Open and save the file in a spreadsheet program, or write the value itself.")
            self.findings.refuse(mark, "import-formula-without-value", message, hint)
            return False
        filled = index < len(self.grid.cells[number]) and self.grid.filled(number, index)
        if kept and filled:
            shown = quoted(str(self.grid.cells[number][index]))
            message = _("A formula stands here; its last value, %(value)s, was read.") % {"value": shown}
            self.findings.note(mark, "import-formula", message)
        return filled

    def _section(self, values: Mapping[str, Any], marks: Mapping[str, Marks]) -> Section | None:
        """Find the section that a row belongs to."""
        if self.sheet.chosen_by is None:
            return self.sheet.sections[0]
        header = self.sheet.chosen_by.header
        word = values.get(header)
        section = self.sheet.words.get(word.casefold() if isinstance(word, str) else "", self.sheet.otherwise)
        if section is None:
            mark = start_of(marks[header])
            words = tuple(self.sheet.words)
            one_of = _("Write one of: %(words)s.") % {"words": ", ".join(words)}
            if word is None:
                self.findings.refuse(mark, "import-empty-cell", _(EMPTY_CELL), one_of)
            else:
                hint = did_you_mean(str(word), words, one_of)
                message = _("“%(word)s” is not one of the words for this.") % {"word": quoted(str(word))}
                self.findings.refuse(mark, "import-unknown-word", message, hint)
        return section

    def _check_unused(self, section: Section, values: Mapping[str, Any], marks: Mapping[str, Marks]) -> None:
        """Refuse what would be lost: a cell that means nothing for a row of this kind."""
        if self.sheet.chosen_by is None:
            return
        used = {column.header for column in (*section.above, *section.own, self.sheet.chosen_by)}
        for header in values.keys() - used:
            word = self.sheet.word_of(section) or values.get(self.sheet.chosen_by.header)
            message = _("A row whose “%(column)s” is “%(word)s” has no “%(other)s”.")
            message %= {"column": self.sheet.chosen_by.header, "word": word, "other": header}
            hint = _("Empty this cell, or correct the other.")
            self.findings.refuse(start_of(marks[header]), "import-cell-not-used", message, hint)


_UNKNOWN: Final = "?"
