"""Cells side by side on a terminal: folded to the width of their columns, as wide as a terminal shows them.

How many cells a character takes is known to a library, which draws such tables too; but what draws and styles there is
as much to load as all else that a list needs, and of two hundred rows it takes longer than reading them.
"""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len, chop_cells

from pdca.cli.width import GAP

BOLD: Final = "\x1b[1m"
DIM: Final = "\x1b[2m"
RED: Final = "\x1b[31m"
_PLAIN: Final = "\x1b[0m"
_WORD: Final = re.compile(r"\s*\S+\s*")


class Styled(NamedTuple):
    """A text that begins a line of its own; of one with a `lead` only so many characters have the style."""

    text: str
    style: str = ""
    lead: int | None = None


Cell = Sequence[Styled]


class Grid(NamedTuple):
    """Columns of so many cells; those of figures stand to the right."""

    widths: Sequence[int]
    right: Sequence[bool]
    colour: bool

    def write(self, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
        """Write the headings, which stand on a line, and the rows under it."""
        self._row([[Styled(heading, BOLD)] for heading in headings], at_the_bottom=True)
        # What cannot be written is named, and a line of names is none.
        dash = "─" if (sys.stdout.encoding or "").lower().startswith("utf") else "-"
        sys.stdout.write(dash * (sum(self.widths) + GAP * (len(self.widths) - 1)) + "\n")
        for row in rows:
            self._row(row)

    def _row(self, cells: Sequence[Cell], *, at_the_bottom: bool = False) -> None:
        columns = [
            self._lines(cell, width, right=right)
            for cell, width, right in zip(cells, self.widths, self.right, strict=True)
        ]
        height = max(map(len, columns))
        for width, lines in zip(self.widths, columns, strict=True):
            free = [" " * width] * (height - len(lines))
            lines[:] = [*free, *lines] if at_the_bottom else [*lines, *free]
        for line in zip(*columns, strict=True):
            sys.stdout.write((" " * GAP).join(line).rstrip() + "\n")

    def _lines(self, cell: Cell, width: int, *, right: bool) -> list[str]:
        lines = []
        for text, style, lead in cell:
            for number, folded in enumerate(folded_to(text, width)):
                line = folded.rstrip()
                free = " " * (width - cell_len(line))
                styled = line if number and lead is not None else painted(line, style, lead, colour=self.colour)
                lines.append(free + styled if right else styled + free)
        return lines


def painted(text: str, style: str, lead: int | None = None, *, colour: bool) -> str:
    """Give a text, or the beginning of it, in a style, where there is colour."""
    if not (colour and style and text):
        return text
    end = len(text) if lead is None else lead
    return f"{style}{text[:end]}{_PLAIN}{text[end:]}"


def folded_to(text: str, width: int) -> list[str]:
    """Break a text between its words into lines of so many cells; a word that has more is broken itself."""
    return [line for part in text.split("\n") for line in _folded(part, width)]


def _folded(text: str, width: int) -> list[str]:
    if cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    free = 0
    for word in _WORD.findall(text):
        length = cell_len(word.rstrip())
        if lines and length <= free:
            lines[-1] += word
            free -= cell_len(word)
            continue
        lines += [word] if length <= width else chop_cells(word, width)
        free = width - cell_len(lines[-1])
    return lines or [text]
