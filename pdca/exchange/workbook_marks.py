"""Places in a workbook, and what is found wrong there."""

from pdca.errors import Place
from pdca.exchange.located import Mark
from pdca.exchange.problems import Problem, nearest
from pdca.exchange.workbook_cells import Unfit
from pdca.exchange.workbook_file import letters
from pdca.i18n import _


class CellMark(Mark):
    """The mark of a cell: the line is its row and the column its number, both from 1; `header` stands above it."""

    sheet: str
    header: str | None

    def place(self, file: str, field: str | None) -> Place:
        """Make the place of an error in this cell: the sheet after the file, and the letter of the column."""
        letter = letters(self.column or 1)
        name = self.header or field
        return Place(f"{file}#{self.sheet}", self.line, self.column, f"{letter}: {name}" if name else letter)


def cell_mark(sheet: str, row: int, column: int, header: str | None = None) -> CellMark:
    """Give the mark of a cell; row and column count from 0."""
    mark = CellMark(row + 1, column + 1)
    mark.sheet = sheet
    mark.header = header
    return mark


class Findings:
    """What is wrong in a workbook, and what is only worth knowing, in the order of its sheets.

    `unreadable` says that so much is wrong that checking the rest would name mistakes that are none.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.notes: list[Problem] = []
        self.unreadable = False

    def refuse(
        self,
        mark: Mark,
        code: str,
        message: str,
        hint: str | None = None,
        *,
        other: Mark | None = None,
    ) -> None:
        """Add what is wrong."""
        place = mark.place(self.name, None)
        self.problems.append(Problem(code, message, place, hint, other and other.place(self.name, None)))

    def unfit(self, mark: Mark, unfit: Unfit) -> None:
        """Add a cell that holds what does not belong in it."""
        self.refuse(mark, unfit.code, unfit.message, unfit.hint)

    def note(self, mark: Mark, code: str, message: str) -> None:
        """Add what is worth knowing."""
        self.notes.append(Problem(code, message, mark.place(self.name, None)))


def did_you_mean(word: str, known: list[str] | tuple[str, ...], otherwise: str) -> str:
    """Give the nearest known word as a hint."""
    like = nearest(word, known)
    return _("Did you mean “%(name)s”?") % {"name": like} if like else otherwise
