"""The smallest parts of a page as HTML: words, chips, and the rows of tables and cards that have them.

A page has thousands of them, so they are written here and not by the template.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from pdca.pages.blocks import Card, Cell, Chip, Shape, Table, Tone
from pdca.words import with_name

_COLOURS: Final[dict[Tone, str]] = {"good": "#0b5f35", "bad": "#a3271c", "warn": "#7a4a00", "calm": "#3a434c"}
_SHAPES: Final[dict[Shape, str]] = {
    "dot": '<circle cx="8" cy="8" r="7"/>',
    "ring": '<circle cx="8" cy="8" r="6" fill="none" stroke="{colour}" stroke-width="3"/>',
    "up": '<path d="M8 1 16 15H0Z"/>',
    "down": '<path d="M8 15 0 1h16Z"/>',
    "diamond": '<path d="M8 0 16 8 8 16 0 8Z"/>',
    "square": '<path d="M1 1h14v14H1Z"/>',
    "cross": '<path d="M2 2 14 14M14 2 2 14" fill="none" stroke="{colour}" stroke-width="4"/>',
}


def words(text: str, language: str) -> Markup:
    """Write a text on a page in this language: as a link where it leads somewhere, and saying when it is in another."""
    said, href, of = escape(text), getattr(text, "href", None), getattr(text, "lang", None)
    lang = f' lang="{escape(of)}"' if of and of != language else ""
    if href is not None:
        return Markup(f'<a href="{escape(href)}"{lang}>{said}</a>')  # noqa: S704 - its parts are escaped
    return Markup(f"<span{lang}>{said}</span>") if lang else said  # noqa: S704 - likewise


# A board has hundreds, and few are unlike.
@lru_cache(maxsize=256)
def chip(one: Chip) -> Markup:
    """Write a judgement in its word, shape and colour."""
    colour = _COLOURS[one.tone]
    return Markup(  # noqa: S704 - its word is escaped
        f'<span class="chip {one.tone}"><svg class="mark" width="13" height="13" viewBox="0 0 16 16" fill="{colour}" '
        f'aria-hidden="true" focusable="false">{_SHAPES[one.shape].format(colour=colour)}</svg> '
        f"{escape(one.word)}</span>"
    )


def cell(value: Cell, language: str) -> Markup:
    """Write what stands in a cell of a table, or on a line of a card."""
    if isinstance(value, str):
        return words(value, language)
    return chip(value) if isinstance(value, Chip) else Markup(" ".join(map(chip, value)))  # noqa: S704 - likewise


def rows(table: Table, language: str) -> Markup:
    """Write the rows of a table, without that of its headings."""
    return Markup("".join(_rows(table, language)))  # noqa: S704 - likewise


def _rows(table: Table, language: str) -> Iterator[str]:
    begun = f'<tr role="row">\n<th scope="row" role="rowheader"{look(table, 0)}>'
    columns = [
        f'<td role="cell" data-heading="{escape(with_name(heading, ""))}"{look(table, at)}>'
        for at, heading in enumerate(table.headings)
    ]
    for row in table.rows:
        yield f"{begun}{cell(row[0], language)}</th>\n"
        for column, value in zip(columns[1:], row[1:], strict=True):
            yield f"{column}{cell(value, language)}</td>\n"
        yield "</tr>\n"


def card(one: Card, language: str) -> Markup:
    """Write a card of a board."""
    lines = "".join([f"<p>{cell(line, language)}</p>\n" for line in one.lines])
    return Markup(f'<li><p class="card">{words(one.title, language)}</p>\n{lines}</li>\n')  # noqa: S704 - likewise


def look(table: Table, at: int) -> Markup:
    """Give the attribute that says how the cells of a column look."""
    if at in table.numbers:
        return Markup(' class="number"')
    return Markup(' class="whole"') if at in table.whole else Markup()
