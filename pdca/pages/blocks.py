"""What a page is made of, before it is HTML or Markdown: sections of paragraphs, tables, chips and drawings.

Texts are plain; whoever writes the page out escapes them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pdca.i18n import localized

Shape = Literal["dot", "ring", "up", "down", "diamond", "square", "cross"]
Tone = Literal["good", "bad", "warn", "calm"]


class Said(str):
    """A text of the body, with the language that it is in: that need not be the one of the page."""

    __slots__ = ("lang",)
    lang: str


def said(texts: Mapping[str, str] | None) -> str:
    """Pick a text of {language: text} as every page does, and keep in mind which language it is in."""
    if not texts:
        return ""
    text = Said(localized(texts))
    text.lang = next((language for language, one in texts.items() if one == text), "")
    return text


def in_the_same(text: str, as_in: str) -> str:
    """Give a text that was made from another, in the language of that one."""
    made = Said(text)
    made.lang = getattr(as_in, "lang", "")
    return made


class Linked(Said):
    """A text that leads to another page."""

    __slots__ = ("href",)
    href: str


def linked(text: str, href: str | None) -> str:
    """Let a text lead to a page, where there is one."""
    if not href:
        return text
    link = Linked(text)
    link.lang, link.href = getattr(text, "lang", ""), href
    return link


@dataclass(frozen=True, slots=True)
class Chip:
    """A judgement in a word, a shape and a colour, so that no one of the three is needed to understand it."""

    word: str
    shape: Shape
    tone: Tone

    def __str__(self) -> str:
        """Give the word alone."""
        return self.word


Cell: TypeAlias = "str | Chip | tuple[Chip, ...]"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `role` is lead for the one sentence of the page, note for what explains."""

    text: str
    role: Literal["", "lead", "note"] = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list of things alike."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with their values."""

    pairs: Sequence[tuple[str, Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row says what the row is about.

    `numbers` are the columns of figures, `whole` those that are not broken over lines where there is room.
    Tables that are `alike` have columns of the same width.
    """

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numbers: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing in SVG, for wide and for narrow pages, with the `key` to its signs; a table shows the same."""

    wide: str
    narrow: str
    key: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The phases in their order, each with whether it is the one that runs."""

    label: str
    steps: Sequence[tuple[str, bool]]
    now: str


@dataclass(frozen=True, slots=True)
class Card:
    """A thing on a board, with what there is to say of it."""

    title: str
    lines: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a board; `empty` is what it says when it has no cards."""

    id: str
    heading: str
    cards: Sequence[Card]
    empty: str


@dataclass(frozen=True, slots=True)
class Board:
    """Columns beside one another where there is room, and under one another where there is none."""

    columns: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to another page; `language` is that of a page which says the same, `here` marks the page itself."""

    text: str
    href: str
    here: bool = False
    language: str | None = None


Block: TypeAlias = "Paragraph | Items | Facts | Table | Drawing | Strip | Board | Section"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it; sections within it are of the next level."""

    id: str
    heading: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page: what stands above its title and beside it, its sections, and its foot.

    `signed` is the note of a checkpoint: it is shown to the letter, so that it can be copied and verified. `ways` lead
    to the other pages of a site. A `wide` page takes all the room of a desk.
    """

    language: str
    title: str
    above: str
    notices: Sequence[str]
    head: Sequence[Block]
    sections: Sequence[Section]
    foot: Sequence[str] = field(default=())
    signed: str | None = None
    ways: Sequence[Way] = ()
    wide: bool = False
