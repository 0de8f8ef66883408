"""Blocks of words for people: lines, headings and tables, fitted to the screen they are shown on."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from pdca.cli.cells import Column, Row, harmless, shown
from pdca.i18n import _
from pdca.words import with_name

if TYPE_CHECKING:
    from rich.console import Console

GAP: Final = 2
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
        # Imported here: it draws in three compressors, and what is piped needs none.
        import shutil

        colour = not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
        return cls(terminal, shutil.get_terminal_size().columns, colour)


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
    from rich.cells import cell_len
    from rich.console import Console

    cells = _cells(table)
    headings = _headings(table)
    sizes = [
        _sizes(column, heading, [line[position] for line in cells], cell_len)
        for position, (column, heading) in enumerate(zip(table.columns, headings, strict=True))
    ]
    room = screen.width - GAP * (len(sizes) - 1)
    console = Console(
        file=sys.stdout,
        width=screen.width,
        force_terminal=True,
        color_system="standard" if screen.colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if sum(size.floor for size in sizes) <= room:
        _print_table(console, table, cells, _widths(sizes, room))
    else:
        _print_rows(console, table, headings, cells)


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


def _print_table(console: "Console", table: Table, cells: list[list[str]], widths: list[int]) -> None:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    rich_table = RichTable(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), header_style="bold"
    )
    for column, heading, width in zip(table.columns, _headings(table), widths, strict=True):
        rich_table.add_column(
            Text(heading),
            justify="right" if column.right else "left",
            overflow="fold",
            width=width,
        )
    for line in cells:
        rich_table.add_row(*(Text(cell) for cell in line))
    console.print(rich_table)


def _print_rows(console: "Console", table: Table, headings: list[str], cells: list[list[str]]) -> None:
    """Print a table that is too wide for its screen row by row: the id, and under it what else there is.

    Short values share a line; what goes on below stands deeper, so that it is not taken for another value.
    """
    from rich.cells import cell_len
    from rich.text import Text

    room = console.width - GAP
    for line in cells:
        console.print(Text(line[0], style="bold"), soft_wrap=True)
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
                console.print(Text(" " * GAP + shared), soft_wrap=True)
            shared = value if "\n" not in cell and cell_len(value) <= room else ""
            if not shared:
                _print_long(console, value, whole=column.whole)
        if shared:
            console.print(Text(" " * GAP + shared), soft_wrap=True)


def _print_long(console: "Console", value: str, *, whole: bool) -> None:
    from rich.text import Text

    first, *more = Text(value).wrap(console, console.width - 2 * GAP)
    if whole:
        console.print(Text(" " * GAP + value), soft_wrap=True)
        return
    for indent, part in ((GAP, first), *((2 * GAP, part) for part in more)):
        part.rstrip()
        console.print(Text(" " * indent) + part, soft_wrap=True)
