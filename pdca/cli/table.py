"""Blocks of words for people: lines, headings and tables, fitted to the screen they are shown on."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pdca.cli.cells import Column, Row, harmless, shown
from pdca.cli.width import GAP, columns
from pdca.i18n import _
from pdca.words import with_name

NARROWEST: Final = 12
"""A column of text is not squeezed below this many cells; a table that would need it is shown row by row."""


class Heading(str):
    """A line that stands over others."""

    __slots__ = ()


class Typed(str):
    """A line to be typed as it stands: a command, which the program never breaks, so that it can be copied."""

    __slots__ = ()


class Table(NamedTuple):
    """A table among other blocks."""

    columns: tuple[Column, ...]
    rows: Sequence[Row]


Block = str | Table


class Screen(NamedTuple):
    """Where words go: a terminal so many cells wide, with or without colour, or something that is none, of width 0."""

    terminal: bool
    width: int
    colour: bool

    @classmethod
    def of_stdout(cls, environ: Mapping[str, str]) -> "Screen":
        """Look at stdout."""
        terminal = sys.stdout.isatty()
        if not terminal:
            return cls(terminal, 0, colour=False)
        colour = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return cls(terminal, columns(), colour)


def show(blocks: Iterable[Block], screen: Screen) -> None:
    """Write blocks to stdout, fitted to the screen."""
    for block in blocks:
        if isinstance(block, Table):
            if screen.terminal:
                _on_terminal(block, screen)
            else:
                _aligned(block)
        else:
            _words(block, screen)


def _words(text: str, screen: Screen) -> None:
    for line in harmless(text).split("\n"):
        wrapped = _wrapped(line, screen) if screen.terminal and not isinstance(text, Typed) else [line]
        shown = "\n".join(wrapped or [""])
        bold = isinstance(text, Heading) and screen.colour
        sys.stdout.write(f"\x1b[1m{shown}\x1b[0m\n" if bold else shown + "\n")


def _wrapped(line: str, screen: Screen) -> list[str]:
    # Imported here: only a terminal has an edge.
    import textwrap

    indent = line[: len(line) - len(line.lstrip())]
    return textwrap.wrap(
        line.lstrip(),
        max(screen.width, NARROWEST),
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _cells(table: Table) -> list[list[str]]:
    return [[harmless(shown(column, row)) for column in table.columns] for row in table.rows]


def _headings(table: Table) -> list[str]:
    return [_(column.heading) for column in table.columns]


def _aligned(table: Table) -> None:
    lines = [_headings(table), *([cell.replace("\n", " ") for cell in cells] for cells in _cells(table))]
    widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
    for line in lines:
        parts = [
            cell.rjust(width) if column.right else cell.ljust(width)
            for cell, width, column in zip(line, widths, table.columns, strict=True)
        ]
        sys.stdout.write((" " * GAP).join(parts).rstrip() + "\n")


def _on_terminal(table: Table, screen: Screen) -> None:
    # Imported here: only a terminal has cells.
    from rich.cells import cell_len

    cells = _cells(table)
    headings = _headings(table)
    sizes = [
        _sizes(column, heading, [line[position] for line in cells], cell_len)
        for position, (column, heading) in enumerate(zip(table.columns, headings, strict=True))
    ]
    room = screen.width - GAP * (len(sizes) - 1)
    if sum(size.floor for size in sizes) > room:
        _write_rows(table, headings, cells, screen)
        return
    from pdca.cli.grid import Grid, Styled

    grid = Grid(_widths(sizes, room), [column.right for column in table.columns], screen.colour)
    grid.write(headings, ([[Styled(cell)] for cell in line] for line in cells))


class _Sizes(NamedTuple):
    """How many cells a column can just do with, needs so that no word is broken, and would fill."""

    floor: int
    word: int
    full: int


def _sizes(column: Column, heading: str, values: list[str], measure: Callable[[str], int]) -> _Sizes:
    pieces = [line for value in values for line in value.split("\n")]
    full = max(map(measure, [heading, *pieces]))
    # A heading may be broken between its words, also over values that may not.
    unbroken = heading.split() + (pieces if column.whole else [word for piece in pieces for word in piece.split()])
    word = max(map(measure, unbroken), default=1)
    return _Sizes(word if column.whole else min(word, NARROWEST), word, full)


def _widths(sizes: Sequence[_Sizes], room: int) -> list[int]:
    """Share the room among the columns: what each can just do with, then whole words, then whole values."""
    widths = [size.floor for size in sizes]
    for goals in ([size.word for size in sizes], [size.full for size in sizes]):
        wanted = [max(goal - width, 0) for goal, width in zip(goals, widths, strict=True)]
        spare = room - sum(widths)
        if sum(wanted) > spare:
            return [width + spare * more // sum(wanted) for width, more in zip(widths, wanted, strict=True)]
        widths = [width + more for width, more in zip(widths, wanted, strict=True)]
    return widths


def _write_rows(table: Table, headings: list[str], cells: list[list[str]], screen: Screen) -> None:
    """Write a table that is too wide for its screen row by row: the id, and under it what else there is.

    Short values share a line; what goes on below stands deeper, so that it is not taken for another value.
    """
    from rich.cells import cell_len

    from pdca.cli.grid import BOLD, painted

    room = screen.width - GAP
    for line in cells:
        _line(painted(line[0], BOLD, colour=screen.colour), 0)
        shared = ""
        for column, heading, cell in zip(table.columns[1:], headings[1:], line[1:], strict=True):
            if not cell:
                continue
            value = with_name(heading, cell)
            joined = f"{shared}{' ' * GAP}{value}" if shared else value
            if "\n" not in cell and cell_len(joined) <= room:
                shared = joined
                continue
            if shared:
                _line(shared, GAP)
            shared = value if "\n" not in cell and cell_len(value) <= room else ""
            if not shared:
                _long(value, screen, whole=column.whole)
        if shared:
            _line(shared, GAP)


def _line(text: str, indent: int) -> None:
    sys.stdout.write(" " * indent + text + "\n")


def _long(value: str, screen: Screen, *, whole: bool) -> None:
    from pdca.cli.grid import folded_to

    if whole:
        _line(value, GAP)
        return
    first, *more = folded_to(value, max(1, screen.width - 2 * GAP))
    for indent, part in ((GAP, first), *((2 * GAP, part) for part in more)):
        _line(part.rstrip(), indent)
