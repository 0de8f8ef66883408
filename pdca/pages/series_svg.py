"""The chart of an indicator in SVG: figures, centre line, limits, target, and the steps of the plan as labelled lines.

Nothing in it is told by colour alone: a signal is a diamond, limits are dashed, the target is dotted and named.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, Final

from markupsafe import Markup

from pdca.i18n import _
from pdca.pages import svg
from pdca.words import amount

View = Mapping[str, Any]

FEWEST: Final = 3
"""A chart of fewer figures shows no more than the table."""

_HEIGHT: Final = 190
_LETTERS: Final = {"plan": "P", "do": "D", "check": "C", "adjust": "A"}
_ROW: Final = 15


def drawable(indicator: View) -> bool:
    """Tell whether there are figures enough for a chart."""
    return sum(point["value"] is not None for point in indicator["points"]) >= FEWEST


def series_svg(name: str, indicator: View, title: str, description: str, width: int) -> Markup:
    """Draw the figures of an indicator as `pdca.report.progress` gives it."""
    return _Chart(indicator, width).drawn(name, title, description)


class _Chart:
    def __init__(self, indicator: View, width: int) -> None:
        self.points: Sequence[View] = indicator["points"]
        self.reading = indicator["reading"]
        self.target = indicator["target"]
        self.width = width
        self.values = [None if one["value"] is None else Decimal(one["value"]) for one in self.points]
        self.stretches = [self._placed(one) for one in self.reading["stretches"]]
        self.baseline = {at for one in self.stretches for at in range(one["first"], one["judged"])}
        reach = [value for value in self.values if value is not None]
        reach += [value for one in self.stretches for value in one["lines"].values()]
        reach += self._aimed()
        self.low, self.high = min(reach), max(reach)
        if self.low == self.high:
            self.low, self.high = self.low - 1, self.high + 1
        self.left = max(svg.width_of(self._axis_words(value)) for value in self._marks()) + 8
        self.right = width - 8
        self.labels = list(self._steps(indicator["steps"]))
        self.rows = max((row for *_rest, row in self.labels), default=-1) + 1
        self.top = self.rows * _ROW + 10

    def drawn(self, name: str, title: str, description: str) -> Markup:
        under = [*self._axis(), *self._lines(), *self._transitions()]
        parts = [*under, *self._figures(), *self._aim(), *self._periods()]
        return svg.drawing(name, title, description, self.width, self.top + _HEIGHT + 24, parts)

    def _placed(self, one: View) -> dict[str, Any]:
        at = {point["period"]: number for number, point in enumerate(self.points)}
        names = ("centre", "lower", "upper")
        return {
            "first": at[one["first"]],
            "last": at[one["last"]],
            "judged": at.get(one["judged_from"], at[one["last"]] + 1) if one["baseline_locked"] else at[one["first"]],
            "lines": {name: Decimal(one[name]) for name in names if one[name] is not None},
        }

    def _aimed(self) -> list[Decimal]:
        if self.target is None or self.target["value"] is None:
            return []
        return [Decimal(self.target[name]) for name in ("value", "upto") if self.target[name] is not None]

    def _marks(self) -> list[Decimal]:
        """The figures along the axis: both ends, and the middle between them."""
        return [self.high, (self.high + self.low) / 2, self.low]

    def _x(self, at: float) -> float:
        if len(self.points) == 1:
            return (self.left + self.right) / 2
        return self.left + 8 + (self.right - self.left - 16) * at / (len(self.points) - 1)

    def _y(self, value: Decimal) -> float:
        return self.top + _HEIGHT * float((self.high - value) / (self.high - self.low))

    def _axis(self) -> Iterator[Markup]:
        for value in self._marks():
            y = self._y(value)
            yield svg.line(self.left, y, self.right, y, "#d5dade")
            yield svg.label(self.left - 6, y + 4, self._axis_words(value), text_anchor="end")

    def _axis_words(self, value: Decimal) -> str:
        places = max((-int(one.as_tuple().exponent) for one in self.values if one is not None), default=0)
        return amount(f"{value:.{max(places, 0)}f}")

    def _lines(self) -> Iterator[Markup]:
        for one in self.stretches:
            x1, x2 = self._x(one["first"]) - 6, self._x(one["last"]) + 6
            for name, value in one["lines"].items():
                dashed = None if name == "centre" else "5 4"
                yield svg.line(x1, self._y(value), x2, self._y(value), stroke_dasharray=dashed, stroke_width=1.5)

    def _aim(self) -> Iterator[Markup]:
        for value in self._aimed():
            y = self._y(value)
            yield svg.line(self.left, y, self.right, y, svg.TARGET, stroke_dasharray="1 4", stroke_width=2.5)

    def _steps(self, steps: Sequence[View]) -> Iterator[tuple[int, str, int]]:
        """Give the steps that fall at one figure as one label, with the row on which none hides another."""
        ends: list[float] = []
        for at, group in groupby(steps, key=lambda one: int(one["at"])):
            taken = list(group)
            phases = [taken[0]["from"], *(one["to"] for one in taken)]
            text = "→".join(_LETTERS.get(phase, "…") for phase in phases)
            room = svg.width_of(text) / 2 + 4
            middle = self._within(self._x(at), room)
            row = next((number for number, end in enumerate(ends) if middle - room >= end), len(ends))
            ends[row : row + 1] = [middle + room]
            yield at, text, row

    def _transitions(self) -> Iterator[Markup]:
        for at, _text, row in self.labels:
            x = self._x(at)
            bottom = self.top + _HEIGHT
            yield svg.line(x, (row + 1) * _ROW, x, bottom, svg.ACCENT, stroke_width=1.5, stroke_dasharray="2 3")
        for at, text, row in self.labels:
            half = svg.width_of(text) / 2
            middle = self._within(self._x(at), half + 4)
            yield svg.label(middle, row * _ROW + svg.SMALL, text, backed=half, text_anchor="middle", fill=svg.ACCENT)

    def _within(self, x: float, half: float) -> float:
        """Give where the middle of a text stands, so that the whole of it is on the drawing."""
        return min(max(x, half), self.width - half)

    def _figures(self) -> Iterator[Markup]:
        for before, at in pairwise(range(len(self.points))):
            start, end = self.values[before], self.values[at]
            if start is not None and end is not None and not self.points[at]["break"]:
                yield svg.line(self._x(before), self._y(start), self._x(at), self._y(end), svg.INK, stroke_width=2)
        for at, point in enumerate(self.points):
            x, value = self._x(at), self.values[at]
            if point["break"]:
                middle = (self._x(at - 1) + x) / 2 if at else x
                yield svg.line(middle, self.top, middle, self.top + _HEIGHT, svg.INK, stroke_dasharray="8 3 2 3")
            if value is None:
                yield svg.path(
                    f"M{x - 4:.1f} {self.top + _HEIGHT - 4}l8 -8m0 8l-8 -8",
                    stroke=svg.QUIET,
                    stroke_width=2,
                    fill="none",
                )
            elif point["signal"]:
                yield svg.diamond(x, self._y(value), 6, fill=svg.SIGNAL)
            else:
                inside = "#fff" if at in self.baseline else svg.INK
                yield svg.element(
                    "circle", cx=x, cy=self._y(value), r=3.5, fill=inside, stroke=svg.INK, stroke_width=1.5
                )

    def _periods(self) -> Iterator[Markup]:
        """Name as many periods under the axis as stand beside one another, the last always."""
        y, free = self.top + _HEIGHT + 18, float(self.width)
        for at in range(len(self.points) - 1, -1, -1):
            text = self.points[at]["period"]
            half = svg.width_of(text) / 2
            x = self._within(self._x(at), half)
            if x + half <= free:
                yield svg.label(x, y, text, text_anchor="middle")
                free = x - half - 10


def key(indicator: View) -> str:
    """Say what the signs of the chart of an indicator stand for, those that are in it."""
    reading, target, points = indicator["reading"], indicator["target"], indicator["points"]
    charts = {one["chart"] for one in reading["stretches"]}
    signs = [
        (any(one["baseline_locked"] for one in reading["stretches"]), "○", _("baseline")),
        (True, "●", _("figure")),
        (any(point["signal"] for point in points), "◆", _("signal")),
        (any(point["value"] is None for point in points), "✕", _("missing")),
        ("run" in charts, "──", _("median")),
        ("xmr" in charts, "──", _("mean")),
        ("xmr" in charts, "╌╌", _("limit")),
        (target is not None and target["value"] is not None, "┈┈", _("target")),
        (any(point["break"] for point in points), "╌┈", _("break in the series")),
        (bool(indicator["steps"]), "┊", _("step of the plan, such as P→D for Plan to Do")),
    ]
    return "   ".join(f"{sign} {words}" for shown, sign, words in signs if shown)
