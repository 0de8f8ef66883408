"""What a report says of the indicators: at a glance on top, and each with its chart and its figures below."""

from collections.abc import Iterator, Mapping
from typing import Any

from pdca.i18n import _, in_a_row, ngettext
from pdca.indicators.assurance import Assurance, Why
from pdca.indicators.reading import Variation
from pdca.indicators.told import of_assurance, of_variation
from pdca.indicators.words import JUDGEMENT, KIND, LEFT_TO_PEOPLE, about, aim, when
from pdca.pages.blocks import Block, Cell, Drawing, Facts, Paragraph, Section, Table, said
from pdca.pages.progress_words import chip
from pdca.pages.series_svg import drawable, series_svg
from pdca.words import amount, marked, spoken, with_name

View = Mapping[str, Any]

WIDE = 720
NARROW = 330
"""So wide is a drawing on a page that is read at a desk, and on one that is read on a telephone."""


def glance(view: View) -> Table | None:
    """Give of every indicator the last figure and both judgements beside one another; None without any."""
    rows: list[list[Cell]] = []
    for one in view["indicators"]:
        marks = [chip(mark) for mark in view["chips"] if mark["indicator_id"] == one["indicator_id"]]
        judged: list[Cell] = [*marks] if marks else [_("not measured"), _("cannot be told")]
        rows.append([marked(said(one["title"]), one["assumed"]), last(one), *judged])
    headings = (_("Indicator"), _("Last figure"), _("Variation"), _("Assurance"))
    return Table(_("At a glance"), headings, rows) if rows else None


def last(one: View) -> str:
    """Give the last figure with its unit and period."""
    having = [point for point in one["points"] if point["value"] is not None]
    if not having:
        return _("not measured")
    point = having[-1]
    approximate = "≈ " if point["approximate"] else ""
    return f"{approximate}{amount(point['value'])} {said(one['unit'])} ({point['period']})"


def indicators(view: View) -> Section | None:
    """Give every indicator, kept apart by kind: no kind may hide that another worsens."""
    if not view["indicators"]:
        return None
    blocks: list[Block] = [
        Paragraph(
            _(
                "Variation says whether anything but chance is at work, assurance whether the target can be relied on "
                "to be met. They are two questions, and are never put together into one mark."
            ),
            "note",
        )
    ]
    numbered = list(enumerate(view["indicators"], 1))
    for kind in KIND:
        blocks += [_indicator(number, one) for number, one in numbered if one["kind"] == kind]
    return Section("indicators", _("What is measured"), blocks)


def _indicator(number: int, one: View) -> Section:
    name = f"indicator-{number}"
    title = marked(said(one["title"]), one["assumed"])
    blocks: list[Block] = [Facts(list(_facts(one)))]
    if drawable(one):
        blocks.append(_chart(name, one))
    if one["points"]:
        blocks.append(_figures(one))
    return Section(name, title, blocks)


def _facts(one: View) -> Iterator[tuple[str, Cell]]:
    yield _("Kind"), spoken(KIND, one["kind"])
    yield _("Unit"), said(one["unit"])
    if one["definition"]:
        yield _("What is counted"), said(one["definition"])
    yield _("Baseline"), _baseline(one)
    target = one["target"]
    yield _("Target"), _target(target) if target else _("none")
    yield _("Last figure"), last(one) + _change(one)
    if reading := one["reading"]:
        yield _("Variation"), chip({"about": "variation", "code": reading["variation"]})
        yield _("Assurance"), chip({"about": "assurance", "code": reading["assurance"]})
        yield from _why(reading)


def _why(reading: View) -> Iterator[tuple[str, Cell]]:
    if reading["assurance_untold"]:
        why = of_assurance(Assurance(reading["assurance"]), Why(reading["assurance_untold"]))
        yield _("Why"), why
    elif reading["of"]:
        words = ngettext("met by %(met)d of %(of)d figure", "met by %(met)d of %(of)d figures", reading["of"])
        yield _("Target met"), words % reading
    if any(one["provisional"] for one in reading["stretches"][-1:]):
        yield _("Limits"), _("provisional: they come from fewer than 12 figures")


def _baseline(one: View) -> str:
    if one["baseline"] is not None:
        return marked(about(one["baseline"], one["baseline_period"]), one["baseline_assumed"])
    words = _("none: %(reason)s") % {"reason": one["baseline_missing"]} if one["baseline_missing"] else _("none")
    return marked(words, one["baseline_assumed"])


def _target(target: View) -> str:
    asked = f"{aim(target)} ({when(target)})" if when(target) else aim(target)
    if target["judgement"] in LEFT_TO_PEOPLE:
        return asked
    return with_name(asked, spoken(JUDGEMENT, target["judgement"]))


def _change(one: View) -> str:
    found = one["change"]
    if found is None or found["difference"] is None:
        return ""
    sign = "" if found["difference"].startswith("-") else "+"
    text = f"{sign}{amount(found['difference'])}"
    if found["percent"] is not None and not said(one["unit"]).startswith("%"):
        text += f" ({sign}{amount(found['percent'])} %)"
    return "; " + _("%(change)s since %(period)s") % {"change": text, "period": found["since"]}


def _chart(name: str, one: View) -> Drawing:
    title = _("Course of %(indicator)s") % {"indicator": said(one["title"])}
    description = _describe(one)
    return Drawing(
        series_svg(f"{name}-wide", one, title, description, WIDE),
        series_svg(f"{name}-narrow", one, title, description, NARROW),
    )


def _describe(one: View) -> str:
    having = [point for point in one["points"] if point["value"] is not None]
    first, newest = having[0], having[-1]
    values = {
        "first": about(first["value"], first["period"]),
        "last": about(newest["value"], newest["period"]),
        "variation": of_variation(Variation(one["reading"]["variation"])),
    }
    return _("From %(first)s to %(last)s. %(variation)s. The table below has every figure.") % values


def _figures(one: View) -> Table:
    steps: dict[int, list[str]] = {}
    for step in one["steps"]:
        steps.setdefault(step["at"], []).append(
            _("%(day)s %(before)s → %(after)s")
            % {"day": step["on"], "before": step["from"].capitalize(), "after": step["to"].capitalize()}
        )
    rows = [
        [point["period"], _value(point), _remark(point), in_a_row(steps.get(at, ()))]
        for at, point in enumerate(one["points"])
    ]
    headings = [_("Period"), _("Figure"), _("Remark"), _("Steps of the plan")]
    kept = [at for at in range(len(headings)) if at < 2 or any(row[at] for row in rows)]  # noqa: PLR2004 - those two stay
    caption = _("Figures of %(indicator)s, in %(unit)s") % {"indicator": said(one["title"]), "unit": said(one["unit"])}
    return Table(caption, [headings[at] for at in kept], [[row[at] for at in kept] for row in rows], frozenset({1}))


def _value(point: View) -> str:
    if point["value"] is None:
        return _("missing")
    return ("≈ " if point["approximate"] else "") + amount(point["value"])


def _remark(point: View) -> str:
    said_of_it = [point["missing"]] if point["missing"] else []
    said_of_it += [_("signal")] if point["signal"] else []
    said_of_it += (
        [_("counted in another way from here on: %(reason)s") % {"reason": point["break"]}] if point["break"] else []
    )
    return in_a_row(said_of_it)
