"""A series on one line, with a line of marks under it. It shows the shape; figures and limits are the chart's."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pdca.indicators.layout import Glyphs, Noted, cells, noted
from pdca.indicators.series import Series


class Sparkline(NamedTuple):
    """`line` is the series, `marks` what stands under it ("" when nothing is marked), each at most as wide as asked.

    `noted` are the marks in their order, for a legend.
    """

    line: str
    marks: str
    noted: tuple[Noted, ...] = ()


def sparkline(series: Series, width: int, glyphs: Glyphs) -> Sparkline:
    """Draw a series in at most `width` columns (at least 2), one for each period.

    The lowest figure shown is the lowest block, the highest the highest; when they are equal, all are in the middle.
    """
    laid_out = cells(series, width)
    shown = [value for cell in laid_out if cell.kind == "point" and (value := series.points[cell.at].value) is not None]
    marks = noted(series, laid_out)
    line, under = "", ""
    for cell in laid_out:
        value = series.points[cell.at].value
        if cell.kind != "point":
            line += {"broken": glyphs.broken, "rebased": glyphs.rebased, "more": glyphs.more}[cell.kind]
        else:
            line += glyphs.missing if value is None else glyphs.levels[_level(value, shown, len(glyphs.levels))]
        under += marks[cell.at].symbol if cell.kind == "point" and cell.at in marks else " "
    return Sparkline(line, under.rstrip(), tuple(marks[at] for at in sorted(marks)))


def _level(value: Decimal, shown: Sequence[Decimal], levels: int) -> int:
    low, high = min(shown), max(shown)
    if low == high:
        return levels // 2 - 1
    return min(int((value - low) / (high - low) * levels), levels - 1)
