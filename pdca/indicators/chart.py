"""A series over some lines of a terminal: figures, mean or median, limits, and marks. It needs no colour."""

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from pdca.i18n import _
from pdca.indicators.layout import Cell, Glyphs, Noted, cells, legend, noted
from pdca.indicators.limits import rounded
from pdca.indicators.reading import Read, Reading
from pdca.indicators.series import Series

Write = Callable[[str], str]
"""Puts a number, given in digits with a point, as the language spoken writes it."""

ROWS: Final = 9
NARROWEST: Final = 24
"""A chart asked for narrower than this is drawn this wide."""

_WIDEST_STEP: Final = 4


def chart(
    series: Series, reading: Reading, width: int, glyphs: Glyphs, write: Write = str, rows: int = ROWS
) -> list[str]:
    """Draw a series as read, in lines of at most `width` columns; without a figure there is nothing to draw.

    `write` puts the figures along the axis as the language spoken has them.
    """
    if all(number is None for number in reading.of.numbers):
        return []
    return _Drawing(series, reading, max(width, NARROWEST), glyphs, write, rows).lines()


def written(series: Series, value: Fraction | None, write: Write = str) -> str:
    """Write a computed figure with at most one decimal more than the series has; `write` puts it as it is spoken."""
    given = (point.value.as_tuple().exponent for point in series.points if point.value is not None)
    places = max((-exponent for exponent in given if isinstance(exponent, int) and exponent < 0), default=0)
    number = rounded(value, places + 1)
    return "" if number is None else write(f"{number:f}")


class _Drawing:
    """One chart while it is drawn, on a grid of characters with the top row first."""

    def __init__(self, series: Series, reading: Reading, width: int, glyphs: Glyphs, write: Write, rows: int) -> None:
        self.series, self.reading, self.width, self.glyphs, self.rows = series, reading, width, glyphs, rows
        self.write, self.values = write, reading.values
        # The names of the axis are those of all stretches, so that its width does not depend on what is shown.
        names = [written(series, line, write) for one in reading.stretches for line in _lines_of(one)]
        names += [written(series, value, write) for value in self.values if value is not None]
        self.axis = max(map(len, names))
        self.cells = cells(series, max(width - self.axis - 1, 2))
        self.marks = noted(series, self.cells)
        self.step = max(1, min(_WIDEST_STEP, (width - self.axis - 1) // len(self.cells)))
        drawn = [self._read_at(cell.at) for cell in self.cells]
        figures = [value for cell in self.cells if (value := self._value(cell)) is not None]
        reach = [*figures, *(line for one in drawn for line in _lines_of(one))]
        self.low, self.high = min(reach), max(reach)
        self.grid = [[" "] * (len(self.cells) * self.step) for _row in range(rows)]

    def lines(self) -> list[str]:
        signalled = {at for one in self.reading.stretches for signal in one.signals for at in signal.at}
        for number, cell in enumerate(self.cells):
            self._draw(cell, number * self.step, signalled)
        return [*self._with_axis(), *self._under(), *self._key()]

    def _read_at(self, at: int) -> Read:
        return next(one for one in self.reading.stretches if one.stretch.start <= at < one.stretch.stop)

    def _value(self, cell: Cell) -> Fraction | None:
        return self.values[cell.at] if cell.kind == "point" else None

    def _row(self, value: Fraction) -> int:
        if self.low == self.high:
            return self.rows // 2
        return self.rows - 1 - round((value - self.low) / (self.high - self.low) * (self.rows - 1))

    def _draw(self, cell: Cell, column: int, signalled: set[int]) -> None:
        if cell.kind != "point":
            for row in self.grid:
                row[column] = {"broken": self.glyphs.broken, "rebased": self.glyphs.rebased}.get(cell.kind, " ")
            if cell.kind == "more":
                self.grid[-1][column] = self.glyphs.more
            return
        one = self._read_at(cell.at)
        for value, character in _drawn_lines(one, self.glyphs):
            for across in range(column, column + self.step):
                self.grid[self._row(value)][across] = character
        figure = self._value(cell)
        if figure is not None:
            self.grid[self._row(figure)][column] = self._dot(cell.at, one, signalled)

    def _dot(self, at: int, one: Read, signalled: set[int]) -> str:
        if at in signalled:
            return self.glyphs.signalled
        return self.glyphs.baseline if at < one.stretch.judged else self.glyphs.judged

    def _with_axis(self) -> list[str]:
        names: dict[int, str] = {}
        now = self.reading.now
        wanted = [now.limits.centre, now.limits.upper, now.limits.lower] if now and now.limits else []
        for value in (*wanted, self.high, self.low):
            if value is not None:
                names.setdefault(self._row(value), written(self.series, value, self.write))
        return [
            f"{names.get(number, '').rjust(self.axis)}{self.glyphs.axis}{''.join(row)}".rstrip()
            for number, row in enumerate(self.grid)
        ]

    def _under(self) -> list[str]:
        indent = " " * (self.axis + 1)
        points = [cell.at for cell in self.cells if cell.kind == "point"]
        symbols = [" "] * (len(self.cells) * self.step)
        for number, cell in enumerate(self.cells):
            if cell.kind == "point" and cell.at in self.marks:
                symbols[number * self.step] = self.marks[cell.at].symbol
        first, last = self.series.points[points[0]].period, self.series.points[points[-1]].period
        under = "".join(symbols).rstrip()
        lines = [indent + under] if under else []
        return [*lines, *_periods(first, last, len(symbols), indent, self.width)]

    def _key(self) -> list[str]:
        return [*_folded(_key(self.glyphs, self.reading), self.width), *legend(_in_order(self.marks), self.width)]


def _in_order(marks: Mapping[int, Noted]) -> list[Noted]:
    return [marks[at] for at in sorted(marks)]


def _periods(first: str, last: str, room: int, indent: str, width: int) -> Sequence[str]:
    """Put the first and the last period under the ends of what is drawn, or where that is too narrow, on their own."""
    if first == last:
        return textwrap.wrap(indent + first, width)
    between = max(room - len(first) - len(last), 1)
    line = f"{indent}{first}{' ' * between}{last}"
    return (
        [line]
        if len(line) <= width
        else textwrap.wrap(_("%(first)s to %(last)s") % {"first": first, "last": last}, width, break_on_hyphens=False)
    )


def _lines_of(one: Read) -> list[Fraction]:
    found = one.limits
    if found is None:
        return []
    return [line for line in (found.centre, found.lower, found.upper) if line is not None]


def _drawn_lines(one: Read, glyphs: Glyphs) -> list[tuple[Fraction, str]]:
    """Give the lines with their characters; the centre comes last, so that it is what is seen where two are one."""
    return [(line, glyphs.limit) for line in _lines_of(one)[1:]] + [
        (line, glyphs.centre) for line in _lines_of(one)[:1]
    ]


def _key(glyphs: Glyphs, reading: Reading) -> list[str]:
    charts = {one.chart for one in reading.stretches}
    began = {one.stretch.began for one in reading.stretches}
    used = [
        ("run" in charts, glyphs.centre, _("median")),
        ("xmr" in charts, glyphs.centre, _("mean")),
        ("xmr" in charts, glyphs.limit, _("limit")),
        (any(one.stretch.locked for one in reading.stretches), glyphs.baseline, _("baseline")),
        (True, glyphs.judged, _("figure")),
        (any(one.signals for one in reading.stretches), glyphs.signalled, _("signal")),
        ("break" in began, glyphs.broken, _("break in the series")),
        (bool(began & {"baseline", "rebased"}), glyphs.rebased, _("another baseline")),
    ]
    return [f"{glyph} {words}" for shown, glyph, words in used if shown]


def _folded(parts: Iterable[str], width: int) -> list[str]:
    """Put parts side by side while they fit; a part is only broken when it is wider than a whole line."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 2 + len(part) <= width:
            lines[-1] += f"  {part}"
        else:
            lines += textwrap.wrap(part, width, break_on_hyphens=False)
    return lines
