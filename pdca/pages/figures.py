"""The figures of an indicator as tables: one a row, or where they are many, the years under one another."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca.i18n import _, in_a_row
from pdca.pages.blocks import Block, Items, Table, said
from pdca.words import amount, with_name

View = Mapping[str, Any]

_MANY: Final = 12
"""More figures than these are put into years, where their periods are parts of years."""

_PART_OF_YEAR: Final = re.compile(r"(\d{4})-([QTH]?\d{1,2})")
_SIGNAL: Final = "◆"


def figures(one: View) -> list[Block]:
    """Give every figure of an indicator, with what there is to say of it, and where the plan took its steps."""
    caption = _("Figures of %(indicator)s, in %(unit)s") % {"indicator": said(one["title"]), "unit": said(one["unit"])}
    parts = [_PART_OF_YEAR.fullmatch(point["period"]) for point in one["points"]]
    steps = _steps(one)
    if len(parts) <= _MANY or not all(parts):
        return [_one_a_row(caption, one, steps)]
    notes = [*_remarks(one), *(with_name(one["points"][at]["period"], in_a_row(steps[at])) for at in sorted(steps))]
    by_year = _by_year(caption, one, [(part[1], part[2]) for part in parts if part])
    return [by_year, Items(notes)] if notes else [by_year]


def _one_a_row(caption: str, one: View, steps: Mapping[int, list[str]]) -> Table:
    rows = [
        [point["period"], _value(point), in_a_row(_remark(point)), in_a_row(steps.get(at, ()))]
        for at, point in enumerate(one["points"])
    ]
    headings = [_("Period"), _("Figure"), _("Remark"), _("Steps of the plan")]
    kept = [0, 1, *(at for at in (2, 3) if any(row[at] for row in rows))]
    return Table(
        caption,
        [headings[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        numbers=frozenset({1}),
        whole=frozenset({0}),
    )


def _by_year(caption: str, one: View, parts: list[tuple[str, str]]) -> Table:
    columns = sorted({part for _year, part in parts})
    years = sorted({year for year, _part in parts})
    found = {name: _marked(point) for name, point in zip(parts, one["points"], strict=True)}
    return Table(
        caption,
        [_("Year"), *columns],
        [[year, *(found.get((year, part), "") for part in columns)] for year in years],
        numbers=frozenset(range(1, len(columns) + 1)),
        whole=frozenset({0}),
    )


def _marked(point: View) -> str:
    return f"{_SIGNAL} {_value(point)}" if point["signal"] else _value(point)


def _remarks(one: View) -> Iterator[str]:
    if any(point["signal"] for point in one["points"]):
        yield with_name(_SIGNAL, _("signal"))
    for point in one["points"]:
        if point["missing"] or point["break"]:
            yield with_name(point["period"], in_a_row(_remark(point)))


def _remark(point: View) -> list[str]:
    broken = _("counted in another way from here on: %(reason)s")
    return [
        *([point["missing"]] if point["missing"] else []),
        *([_("signal")] if point["signal"] else []),
        *([broken % {"reason": point["break"]}] if point["break"] else []),
    ]


def _value(point: View) -> str:
    if point["value"] is None:
        return _("missing")
    return ("≈ " if point["approximate"] else "") + amount(point["value"])


def _steps(one: View) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for step in one["steps"]:
        words = _("%(day)s %(before)s → %(after)s")
        values = {"day": step["on"], "before": step["from"].capitalize(), "after": step["to"].capitalize()}
        found.setdefault(step["at"], []).append(words % values)
    return found
