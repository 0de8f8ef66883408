"""What a report says of the indicators: at a glance on top, and each with its chart and its figures below."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pdca.i18n import _, in_a_row, ngettext
from pdca.indicators.assurance import Assurance, Why
from pdca.indicators.reading import Variation
from pdca.indicators.told import of_assurance, of_variation
from pdca.indicators.words import JUDGEMENT, KIND, LEFT_TO_PEOPLE, about, aim, when
from pdca.pages.blocks import Block, Cell, Drawing, Facts, Paragraph, Section, Table, said
from pdca.pages.figures import figures
from pdca.pages.progress_words import begun, chip
from pdca.pages.series_svg import drawable, key, series_svg
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
    for kind, words in KIND.items():
        of_kind = [(number, one) for number, one in numbered if one["kind"] == kind]
        courses: list[Block] = [_indicator(number, one) for number, one in of_kind if drawable(one)]
        if few := [one for _number, one in of_kind if not drawable(one)]:
            courses.insert(0, _without_course(few))
        if courses:
            blocks.append(Section(f"kind-{kind}", begun(_(words)), courses))
    return Section("indicators", _("What is measured"), blocks)


def _without_course(few: list[View]) -> Table:
    """Put those with too few figures for a chart under one another: there is no more to tell of them."""
    rows = [[marked(said(one["title"]), one["assumed"]), _every(one), _baseline(one), _asked(one)] for one in few]
    headings = (_("Indicator"), _("Figures"), _("Baseline"), _("Target"))
    return Table(_("With too few figures for a chart"), headings, rows)


def _every(one: View) -> str:
    if not one["points"]:
        return _("not measured")
    figures = [figure_about(point["value"], point["period"], point["missing"]) for point in one["points"]]
    return in_a_row([*figures, *_change(one)]) + f" [{said(one['unit'])}]"


def figure_about(value: str | None, period: str, missing: str | None = None) -> str:
    """Give a figure with the period it is about, or that it is missing and why."""
    if value is not None:
        return about(value, period)
    return about(_("missing: %(reason)s") % {"reason": missing} if missing else _("missing"), period)


def _asked(one: View) -> str:
    return _target(one["target"]) if one["target"] else _("none")


def _indicator(number: int, one: View) -> Section:
    name = f"indicator-{number}"
    title = marked(said(one["title"]), one["assumed"])
    blocks: list[Block] = [Facts(list(_facts(one)))]
    blocks += [_chart(name, one), *figures(one)]
    return Section(name, title, blocks)


def _facts(one: View) -> Iterator[tuple[str, Cell]]:
    yield _("Unit"), said(one["unit"])
    if one["definition"]:
        yield _("What is counted"), said(one["definition"])
    yield _("Baseline"), _baseline(one)
    yield _("Target"), _asked(one)
    yield _("Last figure"), in_a_row([last(one), *_change(one)])
    if reading := one["reading"]:
        yield _("Variation"), chip({"about": "variation", "code": reading["variation"]})
        yield _("Assurance"), chip({"about": "assurance", "code": reading["assurance"]})
        yield from _why(reading, one)


def _why(reading: View, one: View) -> Iterator[tuple[str, Cell]]:
    if reading["assurance_untold"]:
        why = of_assurance(Assurance(reading["assurance"]), Why(reading["assurance_untold"]))
        yield _("Why"), why
    elif reading["of"]:
        words = ngettext("met by %(met)d of %(of)d figure", "met by %(met)d of %(of)d figures", reading["of"])
        yield _("Target met"), words % reading
    newest = reading["stretches"][-1]
    if newest["chart"] == "xmr":
        values = {name: _rounded(newest[name], one) for name in ("centre", "lower", "upper")}
        words = _("mean %(centre)s, limits %(lower)s and %(upper)s") % values
        provisional = [_("provisional: they come from fewer than 12 figures")] if newest["provisional"] else []
        yield _("By chance"), in_a_row([words, *provisional])


def _rounded(figure: str | None, one: View) -> str:
    """Give a computed figure with one decimal more than the figures have."""
    if figure is None:
        return _("none")
    given = [Decimal(point["value"]).as_tuple().exponent for point in one["points"] if point["value"] is not None]
    places = max((-exponent for exponent in given if isinstance(exponent, int)), default=0)
    return amount(f"{Decimal(figure):.{max(places, 0) + 1}f}")


def _baseline(one: View) -> str:
    if one["baseline"] is not None:
        return marked(about(one["baseline"], one["baseline_period"]), one["baseline_assumed"])
    words = _("none: %(reason)s") % {"reason": one["baseline_missing"]} if one["baseline_missing"] else _("none")
    return marked(words, one["baseline_assumed"])


def _target(target: View) -> str:
    asked = aim(target).replace("<=", "≤").replace(">=", "≥")
    asked += f" ({when(target)})" if when(target) else ""
    if target["judgement"] in LEFT_TO_PEOPLE:
        return asked
    return with_name(asked, spoken(JUDGEMENT, target["judgement"]))


def _change(one: View) -> list[str]:
    found = one["change"]
    if found is None or found["difference"] is None:
        return []
    sign = "" if found["difference"].startswith("-") else "+"
    text = f"{sign}{amount(found['difference'])}"
    if found["percent"] is not None and not said(one["unit"]).startswith("%"):
        text += f" ({sign}{amount(found['percent'])} %)"
    return [_("%(change)s since %(period)s") % {"change": text, "period": found["since"]}]


def _chart(name: str, one: View) -> Drawing:
    title = _("Course of %(indicator)s") % {"indicator": said(one["title"])}
    description = _describe(one)
    return Drawing(
        series_svg(f"{name}-wide", one, title, description, WIDE),
        series_svg(f"{name}-narrow", one, title, description, NARROW),
        key(one),
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
