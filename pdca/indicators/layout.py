"""Which columns of a terminal a series takes, and with which characters it is drawn."""

import textwrap
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from pdca.indicators.series import Mark, Series

_SYMBOLS: Final = "123456789abcdefghijklmnopqrstuvwxyz"
_NO_SYMBOL_LEFT: Final = "+"


class Glyphs(NamedTuple):
    """The characters of a drawing: a sparkline's `levels` from low to high, `missing` where there is no figure."""

    levels: str
    missing: str
    more: str
    broken: str
    rebased: str
    baseline: str
    judged: str
    signalled: str
    centre: str
    limit: str
    axis: str


UNICODE: Final = Glyphs("▁▂▃▄▅▆▇█", "·", "…", "┆", "│", "○", "●", "◆", "─", "╌", "┤")
ASCII: Final = Glyphs("_.:-=+*#", "?", "<", "|", "!", "o", "*", "#", "-", ".", "|")


def glyphs(encoding: str) -> Glyphs:
    """Give the characters that a terminal with this encoding can show."""
    try:
        "".join(UNICODE).encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return ASCII
    return UNICODE


class Cell(NamedTuple):
    """One column: the point at a position, what divides it from the one before, or that earlier ones are not shown."""

    kind: Literal["point", "broken", "rebased", "more"]
    at: int


def cells(series: Series, room: int) -> list[Cell]:
    """Lay the series out over at most `room` columns (at least 2). Too long a series loses its beginning, visibly."""
    whole: list[Cell] = []
    for stretch in series.stretches():
        if stretch.start:
            whole.append(Cell("broken" if stretch.began == "break" else "rebased", stretch.start))
        whole += [Cell("point", at) for at in range(stretch.start, stretch.stop)]
    if len(whole) <= room:
        return whole
    kept = whole[-(room - 1) :]
    return [Cell("more", kept[0].at), *kept]


class Noted(NamedTuple):
    """A mark under a column: the character that stands there and what it stands for."""

    symbol: str
    marks: tuple[Mark, ...]


def noted(series: Series, laid_out: Iterable[Cell]) -> dict[int, Noted]:
    """Give what is marked, by position, at the points that are shown."""
    marks = series.marks_at()
    shown = [cell.at for cell in laid_out if cell.kind == "point" and cell.at in marks]
    return {
        at: Noted(_SYMBOLS[number] if number < len(_SYMBOLS) else _NO_SYMBOL_LEFT, tuple(marks[at]))
        for number, at in enumerate(shown)
    }


def legend(marks: Iterable[Noted], width: int) -> list[str]:
    """Give one line per mark, broken at `width`: the character, the day, what happened."""
    return [
        line
        for one in marks
        for mark in one.marks
        for line in textwrap.wrap(
            f"{one.symbol} {mark.on.isoformat()} {mark.label}", width, subsequent_indent="  ", break_on_hyphens=False
        )
    ]
