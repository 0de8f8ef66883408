"""A table on a terminal looks as the library would draw it, whatever stands in it."""

import io
from contextlib import redirect_stdout

from hypothesis import given
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pdca.cli.cells import harmless
from pdca.cli.grid import Grid, Styled
from pdca.cli.width import GAP

SIGNS = ("a", "b", " ", " ", " ", "-", ".", "é", "e\u0301", "→", "…", "日", "語", "👍", "👩\u200d👧", "\n")
TEXTS = st.lists(st.sampled_from(SIGNS), max_size=40).map("".join).map(harmless)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[int], list[bool], list[list[str]]]:
    """The widths of some columns, whether each stands to the right, and lines of texts, the first the headings."""
    columns = draw(st.integers(1, 4))
    widths = draw(st.lists(st.integers(2, 12), min_size=columns, max_size=columns))
    right = draw(st.lists(st.booleans(), min_size=columns, max_size=columns))
    lines = st.lists(TEXTS, min_size=columns, max_size=columns)
    return widths, right, draw(st.lists(lines, min_size=1, max_size=4))


def as_drawn(widths: list[int], right: list[bool], lines: list[list[str]]) -> list[str]:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0))
    for heading, width, to_the_right in zip(lines[0], widths, right, strict=True):
        table.add_column(Text(heading), justify="right" if to_the_right else "left", overflow="fold", width=width)
    for line in lines[1:]:
        table.add_row(*map(Text, line))
    file = io.StringIO()
    console = Console(
        file=file, width=200, force_terminal=True, color_system=None, highlight=False, markup=False, emoji=False
    )
    console.print(table)
    return [line.rstrip() for line in file.getvalue().splitlines()]


@given(tables())
def test_a_table_looks_as_the_library_would_draw_it(table: tuple[list[int], list[bool], list[list[str]]]) -> None:
    widths, right, lines = table
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")
    with redirect_stdout(out):
        Grid(widths, right, colour=False).write(lines[0], [[[Styled(text)] for text in line] for line in lines[1:]])
    out.seek(0)
    assert out.read().split("\n")[:-1] == as_drawn(widths, right, lines)
