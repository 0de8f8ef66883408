"""The activities of a plan along the calendar, in SVG, with the evaluations and today."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from pdca.i18n import _
from pdca.pages import svg
from pdca.pages.blocks import said
from pdca.words import ACTIVITY_STATUS, spoken
from workflows.schedule import parse_stated

View = Mapping[str, Any]

_ROW: Final = 44
_BAR: Final = 14
_TOP: Final = 40
_LOOK: Final[Mapping[str, Mapping[str, object]]] = {
    "done": {"fill": svg.ACCENT},
    "running": {"fill": "#b9d3e6", "stroke": svg.ACCENT, "stroke_width": 2},
    "planned": {"fill": "#fff", "stroke": svg.ACCENT, "stroke_width": 2},
    "dropped": {"fill": "#fff", "stroke": svg.QUIET, "stroke_width": 2, "stroke_dasharray": "4 3"},
}


@dataclass(frozen=True, slots=True)
class _Span:
    """The days from the first to the last that are drawn, over so many units of width."""

    first: date
    last: date
    width: int

    def x(self, day: date) -> float:
        """Give where a day stands."""
        whole = max((self.last - self.first).days, 1)
        return 6 + (self.width - 12) * min(max((day - self.first).days / whole, 0), 1)


def dated(activities: Sequence[View]) -> list[View]:
    """Give the activities that begin and end on known days; the others only stand in the table."""
    return [one for one in activities if one["start_date"] and one["end_date"]]


def gantt(name: str, view: View, title: str, description: str, width: int) -> Markup:
    """Draw the activities of a report as `pdca.report.progress` gives it."""
    shown, today = dated(view["activities"]), date.fromisoformat(view["today"])
    begins = [parse_stated(one["start_date"]).first_day for one in shown]
    ends = [parse_stated(one["end_date"]).date for one in shown]
    span = _Span(min(begins), max(*ends, min(begins)), width)
    height = _TOP + _ROW * len(shown) + 8
    parts = [*_years(span, height), *_evaluations(view["evaluations"], span)]
    if span.first <= today <= span.last:
        parts += _today(span, today, height)
    for number, (one, first, last) in enumerate(zip(shown, begins, ends, strict=True)):
        parts += _bar(one, span.x(first), span.x(last), _TOP + _ROW * number, width)
    return svg.drawing(name, title, description, width, height, parts)


def _years(span: _Span, height: int) -> Iterator[Markup]:
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    every = next((one for one in (1, 3, 6, 12, 24, 60) if months / one * 58 <= span.width), 120)
    for number in range(0, months, 1):
        year, month = divmod(span.first.month - 1 + number, 12)
        day = date(span.first.year + year, month + 1, 1)
        if month % min(every, 12) or (every > 12 and day.year % (every // 12)):  # noqa: PLR2004 - a year has 12
            continue
        x = span.x(max(day, span.first))
        yield svg.line(x, 18, x, height, "#d5dade")
        text = f"{day.year}" if every >= 12 else f"{day.year}-{day.month:02d}"  # noqa: PLR2004
        if x + svg.width_of(text) < span.width:
            yield svg.label(x + 3, svg.SMALL, text)


def _evaluations(evaluations: Sequence[View], span: _Span) -> Iterator[Markup]:
    for one in evaluations:
        day = date.fromisoformat(one["due_date"])
        if span.first <= day <= span.last:
            held = one["status"] == "recorded"
            yield svg.diamond(span.x(day), 28, 7, fill=svg.INK if held else "#fff", stroke=svg.INK, stroke_width=2)


def _today(span: _Span, today: date, height: int) -> list[Markup]:
    x, word = span.x(today), _("today")
    left = x + svg.width_of(word) + 6 > span.width
    return [
        svg.line(x, 18, x, height, svg.SIGNAL, stroke_width=2, stroke_dasharray="6 3"),
        svg.label(x - 5 if left else x + 5, height - 2, word, fill=svg.SIGNAL, text_anchor="end" if left else None),
    ]


def _bar(one: View, x1: float, x2: float, y: float, width: int) -> list[Markup]:
    status = spoken(ACTIVITY_STATUS, one["status"])
    text = _("%(title)s: %(status)s") % {"title": said(one["title"]), "status": status}
    text = svg.shortened(text, width - 8)
    anchored = min(x1, max(width - svg.width_of(text) - 2, 2))
    look = _LOOK[one["status"]]
    return [
        svg.label(anchored, y + svg.SMALL + 2, text),
        svg.element("rect", x=x1, y=y + 20, width=max(x2 - x1, 3), height=_BAR, rx=2, **look),
    ]
