"""The page of one phenomenon, for people: what became of it in each programme, and its figures."""

from collections.abc import Iterable, Mapping
from typing import Final

from pdca.cli.cells import legend
from pdca.cli.output import Block, Column, Heading, Row, Table
from pdca.cli.programme_evaluation import said
from pdca.i18n import N_, _, localized
from pdca.indicators.words import about
from pdca.programme import words
from pdca.report.phenomenon import View
from pdca.words import amount, marked


def page(view: View, readings: Mapping[str, Iterable[Block]]) -> list[Block]:
    """Lay out a phenomenon as `pdca.report.phenomenon.phenomenon` gives it, with what the figures say by indicator."""
    blocks: list[Block] = [Heading(f"{view['phenomenon_id']}  {_title(view)}")]
    if view["parent_id"]:
        blocks.append(_("Under: %(phenomenon)s") % {"phenomenon": view["parent_id"]})
    if view["phenomena"]:
        blocks += [
            Heading(_("Phenomena under it")),
            *(f"  {one['phenomenon_id']} {_title(one)}" for one in view["phenomena"]),
        ]
    if view["objectives"]:
        blocks += ["", Heading(_("Objectives")), Table(_OBJECTIVES, view["objectives"])]
    if view["themes"]:
        blocks += ["", Heading(_("Evaluations of programmes"))]
        for theme in view["themes"]:
            blocks += [
                f"  {marked(theme['evaluation_id'], theme['assumed'])}",
                *(f"    {line}" for line in said(theme)),
            ]
    for indicator in view["indicators"]:
        blocks += ["", *_indicator(indicator), *readings[indicator["indicator_id"]]]
    shown = [view, *view["phenomena"], *view["objectives"], *view["themes"], *view["indicators"]]
    shown += [row for indicator in view["indicators"] for row in indicator["series"]]
    return [*blocks, *legend(any(row["assumed"] for row in shown))]


def _indicator(view: View) -> list[Block]:
    head = f"{view['indicator_id']}  {_title(view)} ({localized(view['unit'])})"
    blocks: list[Block] = [Heading(head)]
    for one in view["plans"]:
        named = {"plan": one["plan_id"], "programme": one["programme_id"]}
        if one["baseline"] is not None:
            told = {**named, "value": about(one["baseline"], one["baseline_period"])}
            blocks.append("  " + _("Baseline of %(plan)s, %(programme)s: %(value)s") % told)
        else:
            blocks.append("  " + _("%(plan)s, %(programme)s: no baseline") % named)
    return [*blocks, Table(_FIGURES, view["series"])] if view["series"] else blocks


def _title(row: Row) -> str:
    return marked(localized(row["title"]), row["assumed"])


def _value(row: Row) -> str:
    if row["value"] is None:
        return _("missing: %(reason)s") % {"reason": row["missing_reason"]}
    return marked(amount(row["value"]), row["assumed"])


_OBJECTIVES: Final = (
    Column("programme_id", N_("Programme"), whole=True),
    Column("objective_id", N_("Objective"), whole=True),
    Column("disposition", N_("Disposition"), show=lambda row: words.disposition(row["disposition"])),
    Column("title", N_("Title"), show=_title),
)
_FIGURES: Final = (
    Column("period", N_("Period"), whole=True),
    Column("value", N_("Value"), right=True, show=_value),
    Column("change", N_("Against the baseline"), right=True, show=lambda row: amount(row["change"] or "")),
)
