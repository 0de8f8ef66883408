"""A series on the screen: what it says in words, the chart under it, and on one line its shape."""

from collections.abc import Iterator
from typing import Final

from pdca.cli.cells import some_of
from pdca.cli.output import Block
from pdca.cli.series_shape import FEWEST_SHAPED, figures, how_drawn
from pdca.cli.table import Screen
from pdca.cli.width import columns
from pdca.i18n import _
from pdca.indicators.chart import chart
from pdca.indicators.layout import ASCII, legend
from pdca.indicators.reading import read
from pdca.indicators.recorded import Recorded
from pdca.indicators.series import Series
from pdca.indicators.sparkline import sparkline
from pdca.indicators.told import told
from pdca.indicators.words import aim, when
from pdca.report.plans import opened
from pdca.words import amount

_FEWEST_CHARTED: Final = 3
"""A chart of two figures shows no more than the table."""

_AROUND: Final = 30
"""Where nothing is cut, a chart takes so many columns for its axis and what divides it, beside one for each figure."""


def said(one: Recorded, screen: Screen) -> Iterator[Block]:
    """Say what a series says: both judgements, what they rest on, and a chart; nothing without a figure."""
    series = one.series
    if not series.points:
        return
    reading = read(series)
    yield from told(series, reading, one.target, amount)
    if one.stated is not None:
        target = opened(dict(one.stated))
        asked = f"{aim(target)} ({when(target)})" if when(target) else aim(target)
        held = _("All figures are held against target %(number)s: %(aim)s")
        if one.target and one.target.kind == "other_length":
            held = _("No figure is held against target %(number)s: %(aim)s")
        yield held % {"number": target["number"], "aim": asked}
    if one.left_out:
        yield _("Left out, as their periods are not as long as those of most: %(periods)s") % {
            "periods": some_of(one.left_out)
        }
    how, width = how_drawn(), _width(series, screen)
    drawn = chart(series, reading, width, how, amount) if figures(series) >= _FEWEST_CHARTED else _marked(series, width)
    for line in drawn:
        yield line.replace("→", "->") if how is ASCII else line


def _marked(series: Series, width: int) -> list[str]:
    """Give a series of two figures on one line, with the steps that fall in their periods under it; none without."""
    if figures(series) < FEWEST_SHAPED:
        return []
    short = sparkline(series, width, how_drawn())
    return [short.line, short.marks, *legend(short.noted, width)] if short.marks else []


def _width(series: Series, screen: Screen) -> int:
    if screen.terminal:
        return screen.width
    return max(columns(), len(series.points) + _AROUND)
