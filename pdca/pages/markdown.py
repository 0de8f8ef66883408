"""A page as Markdown, for whoever reads text: all of its words and tables, and none of its drawings."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pdca.i18n import in_a_row
from pdca.pages.blocks import Block, Board, Cell, Facts, Items, Page, Paragraph, Section, Strip, Table
from pdca.words import with_name

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~])")
_LIST_MARK: Final = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")
_BREAKS: Final = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")


def markdown(page: Page) -> str:
    """Write a page out; every text of the body stands escaped, so that it says what it said."""
    lines = [escaped(page.above), "", f"# {escaped(page.title)}", ""]
    for notice in page.notices:
        lines += [f"**{escaped(notice)}**", ""]
    lines += _blocks(page.head, 2)
    for section in page.sections:
        lines += _section(section, 2)
    lines += ["---", "", *(f"{escaped(line)}  " for line in page.foot)]
    if page.signed:
        lines += ["", "```", *page.signed.rstrip("\n").split("\n"), "```"]
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """Give a text on one line that Markdown shows as it is."""
    flat = _SPECIAL.sub(r"\\\1", _BREAKS.sub(" ", str(text)))
    return _LIST_MARK.sub(lambda found: f"{found[1]}\\{found[2]}" if not found[2][0].isdigit() else found[0], flat)


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {escaped(section.heading)}"
    yield ""
    yield from _blocks(section.blocks, level + 1)


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Section):
            yield from _section(block, level)
        elif isinstance(block, Board):
            yield from _board(block, level)
        elif lines := list(_block(block)):
            yield from lines
            yield ""


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text, role):
            yield f"**{escaped(text)}**" if role == "lead" else escaped(text)
        case Items(texts):
            yield from (f"- {escaped(text)}" for text in texts)
        case Facts(pairs):
            yield from (f"- {with_name(escaped(name), escaped(str(value)))}" for name, value in pairs)
        case Strip(_, steps, now):
            yield " → ".join(
                f"**{escaped(label)} ({escaped(now)})**" if here else escaped(label) for label, here in steps
            )
        case Table(caption=caption, headings=headings, rows=rows, numbers=numbers):
            yield f"*{escaped(caption)}*"
            yield ""
            yield _row(headings)
            yield _row("---:" if at in numbers else "---" for at, _ in enumerate(headings))
            yield from (_row(map(_cell, row)) for row in rows)


def _board(board: Board, level: int) -> Iterator[str]:
    for column in board.columns:
        yield f"{'#' * level} {escaped(column.heading)}"
        yield ""
        if not column.cards:
            yield escaped(column.empty)
        for card in column.cards:
            yield f"- {escaped(card.title)}"
            yield from (f"  - {_cell(line)}" for line in card.lines)
        yield ""


def _cell(cell: Cell) -> str:
    return escaped(in_a_row(map(str, cell)) if isinstance(cell, tuple) else str(cell))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
