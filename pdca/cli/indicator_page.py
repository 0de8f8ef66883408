"""The page of one indicator, for people: what it is, what is aimed at, and what was measured."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final

from pdca.cli.cells import flat, legend
from pdca.cli.output import Block, Column, Heading, Row, Table
from pdca.i18n import N_, _, in_a_row, localized
from pdca.indicators.words import CHANGE, JUDGEMENT, KIND, RHYTHM, about, aim, when
from pdca.report.indicators import View
from pdca.words import amount, marked, spoken, with_name


def page(view: View, reading: Iterable[Block]) -> list[Block]:
    """Lay out an indicator as `pdca.report.indicators.whole` gives it, with what its figures say."""
    shown = [view, *view["plans"], *view["targets"], *view["breaks"]]
    shown += [figure for period in _every_period(view) for figure in period["figures"]]
    return [
        *_head(view),
        *_measured(view),
        *_aimed_at(view),
        *_figures(view),
        *_said(reading),
        *legend(any(one["assumed"] for one in shown)),
    ]


def _head(view: View) -> Iterator[Block]:
    yield Heading(f"{view['indicator_id']}  {marked(localized(view['title']), view['assumed'])}")
    if view["as_of"]:
        yield _("As known on %(day)s.") % {"day": view["as_of"]}
    yield _("%(kind)s, in %(unit)s") % {"kind": spoken(KIND, view["kind"]), "unit": _unit(view)}
    if view["definition"]:
        yield _("What is counted: %(text)s") % {"text": localized(view["definition"])}
    if view["system"]:
        yield _("Comes from: %(system)s") % {"system": view["system"]}
    often = [spoken(RHYTHM, view["rhythm"])] if view["rhythm"] else []
    often += [localized(view["frequency"])] if view["frequency"] else []
    if often:
        yield _("Measured: %(often)s") % {"often": in_a_row(often)} + _due(view)
    if view["note"]:
        yield _("Note: %(note)s") % {"note": view["note"]}


def _due(view: View) -> str:
    if view["stale"]:
        if view["next_due"] is None:
            return " (" + _("never measured yet") + ")"
        return " (" + _("out of date since %(day)s") % {"day": view["next_due"]} + ")"
    return " (" + _("next due by %(day)s") % {"day": view["next_due"]} + ")" if view["next_due"] else ""


def _unit(view: View) -> str:
    unit = flat(view["unit"], words=True)
    return _("rank") if unit == "rank" else unit


def _measured(view: View) -> Iterator[Block]:
    if not view["plans"]:
        return
    yield Heading(_("Plans"))
    for plan in view["plans"]:
        title = localized(plan["title"]) + (" [" + _("restricted") + "]" if plan["restricted"] else "")
        yield f"  {plan['plan_id']} {marked(title, plan['assumed'])}: {_baseline(plan)}"
        for one in plan["earlier"]:
            yield "    " + _("before, in cycle %(cycle)s: %(baseline)s; replaced because: %(reason)s") % {
                "cycle": one["cycle"],
                "baseline": _baseline(one),
                "reason": one["reason"],
            }


def _baseline(one: Row) -> str:
    if one["baseline"] is not None:
        text = _("baseline %(value)s") % {"value": about(one["baseline"], one["baseline_period"])}
    elif one["baseline_missing"]:
        text = _("no baseline: %(reason)s") % {"reason": one["baseline_missing"]}
    else:
        text = _("no baseline")
    return marked(text, one["baseline_assumed"])


def _standing(target: Row) -> str:
    by = target["replaced_by"]
    if by is None:
        return _judged(target)
    words = _("%(change)s by target %(number)s on %(day)s") % {
        "change": spoken(CHANGE, by["change"]),
        "day": by["on"],
        "number": by["number"],
    }
    if by["result_known"]:
        words += ", " + _("when the result was known")
    if target["result"] is None:
        return words
    return words + "; " + _("by itself %(judgement)s") % {"judgement": _judged(target)}


def _judged(target: Row) -> str:
    words = spoken(JUDGEMENT, target["judgement"])
    if target["result"]:
        value = _("missing") if target["result"]["value"] is None else amount(target["result"]["value"])
        about = {"judgement": words, "value": value, "period": target["result"]["period"]}
        words = _("%(judgement)s: %(value)s (%(period)s)") % about
    return words


def _because(target: Row) -> str:
    said = []
    if target["replaces"]:
        said.append(
            _("%(change)s target %(number)s: %(reason)s")
            % {
                "change": spoken(CHANGE, target["change"]),
                "number": target["replaces"],
                "reason": target["reason"],
            }
        )
    if target["worse_than_last"]:
        said.append(_("asks for less than was reached already"))
    if target["note"]:
        said.append(target["note"])
    return in_a_row(said)


_AIMS: Final = (
    Column("number", N_("Target"), whole=True),
    Column("when", N_("Period"), show=when),
    Column("aim", N_("Aim"), show=aim),
    Column("standing", N_("How it stands"), show=_standing),
    Column("because", N_("Note"), show=_because),
)


def _aimed_at(view: View) -> Iterator[Block]:
    yield Heading(_("Targets"))
    if view["targets"]:
        yield Table(_AIMS, view["targets"])
    else:
        yield _("No target is set.")


def _value(row: Row) -> str:
    if row["value"] is None:
        return _("missing: %(reason)s") % {"reason": row["missing_reason"]}
    return marked(("≈ " if row["approximate"] else "") + amount(row["value"]), row["assumed"])


def _whence(row: Row) -> str:
    said = [*(row["source"] or ()), *([row["according_to"]] if row["according_to"] else [])]
    return ", ".join(said)


def _changed(row: Row) -> str:
    change = row["change"]
    if change is None:
        return ""
    sign = "" if change["difference"].startswith("-") else "+"
    text = f"{sign}{amount(change['difference'])}"
    if change["percent"] is not None:
        text += f" ({sign}{amount(change['percent'])} %)"
    if change["since"] != row["before"]:
        text += " " + _("since %(period)s") % {"period": change["since"]}
    return ("≈ " if change["approximate"] else "") + text


def _remarks(row: Row) -> str:
    said = [_("does not compare: %(why)s") % {"why": row["not_compared"]}] if row["not_compared"] else []
    return in_a_row([*said, *([row["note"]] if row["note"] else [])])


_FIGURES: Final = (
    Column("period", N_("Period"), whole=True),
    Column("value", N_("Figure"), show=_value),
    Column("change", N_("Change"), whole=True, show=_changed),
    Column("scope", N_("About")),
    Column("source", N_("Source"), show=_whence),
    Column("published_on", N_("Published"), whole=True),
    Column("holds", N_("Holds"), whole=True),
    Column("note", N_("Note"), show=_remarks),
)


def _figures(view: View) -> Iterator[Block]:
    yield Heading(_("Figures"))
    if not view["series"]:
        yield _("No figure was recorded.")
        return
    yield _table(view["series"])
    for part in view["scopes"]:
        yield _("Of which %(scope)s, a series of its own:") % {"scope": part["scope"] or "…"}
        yield _table(part["series"])
    for period in _every_period(view):
        for figure in period["figures"]:
            yield from _parts(figure)
    for one in view["breaks"]:
        yield _("From %(period)s on it is counted in another way: %(reason)s") % one


def _every_period(view: View) -> Iterator[View]:
    yield from view["series"]
    for part in view["scopes"]:
        yield from part["series"]


def _table(series: Iterable[View]) -> Table:
    periods = list(series)
    rows = [row for before, period in pairwise([None, *periods]) if period for row in _rows(period, before)]
    return Table(tuple(column for column in _FIGURES if any(_says(column, row) for row in rows)), rows)


def _said(reading: Iterable[Block]) -> Iterator[Block]:
    blocks = list(reading)
    if blocks:
        yield Heading(_("What the figures say"))
        yield from blocks


def _says(column: Column, row: Row) -> bool:
    return bool(column.show(row) if column.show else row.get(column.key))


def _rows(period: View, before: View | None) -> Iterator[dict[str, Any]]:
    several = len(period["figures"]) > 1
    for figure in period["figures"]:
        holds = figure["number"] == period["retained"]
        yield {
            **figure,
            "change": period["change"] if holds else None,
            "before": before["period"] if before else None,
            "not_compared": period["not_compared"] if holds else None,
            "holds": with_name(str(figure["number"]), _("yes") if holds else _("no")) if several else "",
        }


def _parts(figure: Row) -> Iterator[Block]:
    for name, words in (
        ("parts", _("%(period)s, parts: %(parts)s")),
        ("of_which", _("%(period)s, of which: %(parts)s")),
    ):
        if figure[name]:
            parts = ", ".join(f"{part} {amount(value)}" for part, value in figure[name].items())
            yield words % {"period": figure["period"], "parts": parts} + (_sum(figure) if name == "parts" else "")


def _sum(figure: Row) -> str:
    if not figure["parts_sum"]:
        return ""
    return " — " + _("they add up to %(sum)s, not to %(value)s") % {
        "sum": amount(figure["parts_sum"]),
        "value": amount(figure["value"]),
    }
