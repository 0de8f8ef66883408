"""Reading a workbook into the plain data of a document, with the place of every value: sheet, row and column.

What comes back has the form of `workbook_tidy`, the one that the exporter writes. Everything that is wrong with the
sheets is named at once, and with it what the check of the document finds, unless whole columns could not be read.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

from python_calamine import CalamineError, CalamineWorkbook

from pdca.errors import Place
from pdca.exchange.document import check_document
from pdca.exchange.known import NOTHING, Known
from pdca.exchange.located import Container, Located
from pdca.exchange.problems import ImportRefused, Problem, quoted
from pdca.exchange.workbook_build import Builder, Node
from pdca.exchange.workbook_cells import Unfit, armed
from pdca.exchange.workbook_file import Opened, open_workbook
from pdca.exchange.workbook_file import Sheet as Look
from pdca.exchange.workbook_layout import README, Sheet, root, sheets
from pdca.exchange.workbook_marks import Findings, cell_mark, did_you_mean
from pdca.exchange.workbook_sheet import Entry, Grid, SheetReader
from pdca.exchange.workbook_tidy import language_of, tidied
from pdca.exchange.yaml_reader import LARGEST_FILE
from pdca.i18n import _

Source: TypeAlias = bytes | Path | BinaryIO

_SETTINGS_WITHIN: Final = 20  # rows of the first sheet in which the settings are looked for


@dataclass(frozen=True, slots=True)
class LocatedWorkbook(Located):
    """A document read from a workbook, and the rows that it was made of.

    `notes` are what is no mistake but worth knowing, such as formulas.
    """

    notes: tuple[Problem, ...] = ()
    entries: tuple[Entry, ...] = ()


def read_workbook(source: Source, name: str | None = None, *, known: Known = NOTHING) -> LocatedWorkbook:
    """Read an .xlsx workbook as `write_workbook` lays it out.

    `source` are bytes, a path or an open binary stream; `name` is what errors call it. `known` is as for
    `check_document`, which is asked for more only where the sheets themselves hold mistakes.

    Raises ImportRefused with every problem found, in the order of the sheets. The file of a place is `name#Sheet`, its
    line and column are the row and column of the cell, and its field is the letter of the column and what stands above.
    """
    name = name or (str(source) if isinstance(source, Path) else "input")
    findings = Findings(name)
    try:
        grids = list(_grids(open_workbook(_bytes_of(source, name))))
    except Unfit as unfit:
        raise ImportRefused([Problem(unfit.code, unfit.message, Place(name), unfit.hint)]) from unfit
    located = _Reader(grids, findings).located()
    if findings.problems:
        raise _refused(located, findings, known, [grid.title for grid in grids])
    return located


def cells_of(source: Source, name: str) -> Sequence[Sequence[object]]:
    """Give the cells of the first sheet of any workbook; raises ImportRefused for what is none."""
    try:
        grids = list(_grids(open_workbook(_bytes_of(source, name))))
    except Unfit as unfit:
        raise ImportRefused([Problem(unfit.code, unfit.message, Place(name), unfit.hint)]) from unfit
    return grids[0].cells if grids else ()


def _bytes_of(source: Source, name: str) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            data = _read(source)
        except OSError as error:
            reason = error.strerror or str(error)
            message = _("%(file)s cannot be read: %(reason)s.") % {"file": name, "reason": reason}
            raise Unfit("import-unreadable", message, _("Check the path and the rights.")) from error
    if len(data) > LARGEST_FILE:
        message = _("%(file)s is larger than %(size)s MiB.") % {"file": name, "size": LARGEST_FILE // 1024**2}
        raise Unfit("import-too-large", message, _("Divide it into several files."))
    return data


def _read(source: Path | BinaryIO) -> bytes:
    if not isinstance(source, Path):
        return source.read(LARGEST_FILE + 1)
    with source.open("rb") as stream:
        return stream.read(LARGEST_FILE + 1)


def _grids(opened: Opened) -> Iterator[Grid]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(opened.data)) as book:
            for title in book.sheet_names:
                look = opened.sheets.get(title, Look())
                cells = book.get_sheet_by_name(title).to_python(skip_empty_area=False) if look.rows else []
                yield Grid(title, cells, look)
    except CalamineError as error:
        message = _("This .xlsx workbook cannot be read: a part of it is damaged.")
        hint = _("Open it in a spreadsheet program and save it again.")
        raise Unfit("import-not-a-workbook", message, hint) from error


class _Reader:
    def __init__(self, grids: Sequence[Grid], findings: Findings) -> None:
        self.grids = grids
        self.findings = findings
        self.marks = Container(cell_mark(README, 0, 0))
        self.value: dict[str, Any] = {}

    def located(self) -> LocatedWorkbook:
        """Read all sheets."""
        known = {sheet.title.casefold(): sheet for sheet in sheets()}
        tables: list[tuple[Sheet, Grid]] = []
        for grid in self.grids:
            sheet = known.get(grid.title.strip().casefold())
            if grid.title.strip().casefold() == README.casefold():
                self._settings(grid)
            elif sheet is not None:
                tables.append((sheet, grid))
            elif not grid.empty:
                self._unknown_sheet(grid)
        language = language_of({**self._organisation(tables), **self.value})
        entries: list[Entry] = []
        for sheet, grid in tables:
            self._mark_section(sheet, grid)
            entries += SheetReader(sheet, grid, language, self.findings).entries()
        if not self.findings.unreadable:
            Builder(entries, self.findings).build(Node(self.value, self.marks))
        value, marks = tidied(self.value, self.marks)
        if "language" not in self.value:
            del value["language"]
        notes = tuple(self.findings.notes)
        name = self.findings.name
        return LocatedWorkbook(value, name, marks, closed=True, ordered=False, notes=notes, entries=tuple(entries))

    def _settings(self, grid: Grid) -> None:
        """Read the settings of the file from the first sheet; the rest of it is there to be read by people."""
        names = {column.header for column in root().own}
        for number, row in enumerate(grid.cells[:_SETTINGS_WITHIN]):
            name = str(row[0]).strip().casefold() if row else ""
            if name not in names or name in self.value:
                continue
            self.marks.keys[name] = cell_mark(grid.title, number, 0, name)
            self.marks.items[name] = cell_mark(grid.title, number, 1, name)
            if len(row) > 1 and grid.filled(number, 1):
                self.value[name] = _setting(row[1])

    def _organisation(self, tables: Iterable[tuple[Sheet, Grid]]) -> dict[str, Any]:
        """Give the languages of the organisation alone, for the language of plain texts where none is stated."""
        for sheet, grid in tables:
            if sheet.sections[0].path == ("organisation",) and "language" not in self.value:
                silent = Findings(self.findings.name)
                entries = SheetReader(sheet, grid, "en", silent).entries()
                return {"organisation": next((entry.values for entry in entries), {})}
        return {}

    def _mark_section(self, sheet: Sheet, grid: Grid) -> None:
        """Say where what is missing altogether would stand."""
        for section in sheet.sections:
            if len(section.path) == 1:
                self.marks.items.setdefault(section.path[0], Container(cell_mark(grid.title, 0, 0)))

    def _unknown_sheet(self, grid: Grid) -> None:
        titles = [README, *(sheet.title for sheet in sheets())]
        hint = did_you_mean(grid.title, titles, _("The sheets are: %(sheets)s.") % {"sheets": ", ".join(titles)})
        message = _("There is no sheet “%(sheet)s” in this format.") % {"sheet": quoted(grid.title)}
        self.findings.refuse(cell_mark(grid.title, 0, 0), "import-unknown-sheet", message, hint)
        self.findings.unreadable = True


def _setting(cell: object) -> Any:  # noqa: ANN401 - whatever the cell holds
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return armed(cell).strip() if isinstance(cell, str) else cell


def _refused(located: Located, findings: Findings, known: Known, titles: Sequence[str]) -> ImportRefused:
    """Name what is wrong with the sheets, and what the check of the document adds to it."""
    problems = list(findings.problems)
    total = len(problems)
    if not findings.unreadable:
        places = {_spot(problem.place) for problem in problems}
        try:
            check_document(located, known)
        except ImportRefused as refused:
            added = [problem for problem in refused.problems if _spot(problem.place) not in places]
            problems += added
            total += refused.total - len(refused.problems) + len(added)
    order = {f"{findings.name}#{title}": number for number, title in enumerate(titles)}
    problems.sort(key=lambda one: (order.get(one.place.file or "", 0), one.place.line or 0, one.place.column or 0))
    return ImportRefused(problems, total)


def _spot(place: Place) -> tuple[str | None, int | None, int | None]:
    return place.file, place.line, place.column
