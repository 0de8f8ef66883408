"""The shape of a series, for a table: one line, without what judges figures."""

import locale
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pdca.indicators.layout import Glyphs
    from pdca.indicators.series import Series

SHAPE: Final = 16
"""A shape in a table is so many columns wide at most."""

FEWEST_SHAPED: Final = 2
"""One figure has no shape."""


def shape(series: "Series") -> str:
    """Give a series on one line, as wide as a table has room for; empty when it has no course to draw."""
    if figures(series) < FEWEST_SHAPED:
        return ""
    # Imported here: it is much to load, and many indicators have no figures yet.
    from pdca.indicators.sparkline import sparkline

    return sparkline(series, SHAPE, how_drawn()).line


def figures(series: "Series") -> int:
    """Count the figures there are."""
    return sum(point.value is not None for point in series.points)


def how_drawn() -> "Glyphs":
    """Give the signs by which a series is drawn: those that whoever reads can be shown."""
    from pdca.indicators.layout import glyphs

    # Output that is no terminal is made UTF-8, but it is read on one all the same: what that can show, the locale says.
    return glyphs(locale.getencoding())
