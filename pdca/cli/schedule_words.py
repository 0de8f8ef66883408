"""A decision about moments in words, and the tables of its dates."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pdca.cli.cells import Column, Row, legend
from pdca.cli.output import Block, Heading, Table
from pdca.i18n import N_, _, in_a_row
from pdca.words import EVALUATION_STATUS, kind_of_evaluation, marked, spoken
from workflows import day_words, recurrence, rule_words
from workflows.moments import COMPLETION, LAST_DAY
from workflows.schedule import parse_stated

if TYPE_CHECKING:
    from pdca.engine import Outcome

ANCHORS: Final = {"series": N_("a fixed series"), "completion": N_("from the last evaluation")}
ROLLS: Final = {
    "none": N_("a date on a closed day stays where it is"),
    "next": N_("a date on a closed day moves to the next working day"),
    "previous": N_("a date on a closed day moves to the working day before"),
    "nearest": N_("a date on a closed day moves to the nearest working day"),
}
BECAME: Final = {
    "made": N_("new"),
    "moved": N_("moved"),
    "taken_up": N_("taken up again"),
    "kept": N_("as it was"),
    "cancelled": N_("cancelled"),
}


def said(view: Mapping[str, Any]) -> list[str]:
    """Say a decision in lines."""
    start = dt.date.fromisoformat(view["start"])
    last = dt.date.fromisoformat(view["until"]) if view["until"] else LAST_DAY
    rules = [_rule(text, start, last, view["anchor"]) for text in view["rules"]]
    dates = [_date(text) for text in view["dates"]]
    when = _("%(when)s, at %(time)s (%(zone)s)") % {
        "when": in_a_row([*rules, *dates]),
        "time": view["time"],
        "zone": view["zone"],
    }
    found = [when]
    if view["exceptions"]:
        found.append(_("not on %(days)s") % {"days": ", ".join(map(_date, view["exceptions"]))})
    if view["rules"] and view["until"]:
        found.append(_("from %(from)s to %(until)s") % {"from": _date(view["start"]), "until": _date(view["until"])})
    found.append(spoken(ROLLS, view["roll"]))
    return found


def _rule(text: str, start: dt.date, last: dt.date, anchor: str) -> str:
    rule = recurrence.read(text, (), [])
    if rule is None:
        return text
    if anchor == COMPLETION:
        return rule_words.in_words(rule, start, _, from_completion=True) or text
    return rule_words.said(rule, start, last, _)


def _date(text: str) -> str:
    stated = parse_stated(text)
    return day_words.day(stated.date, _) if stated.precision == "day" else text


def day_cell(key: str) -> Any:  # noqa: ANN401 - what a column shows by
    """Show a day with its weekday."""
    return lambda row: day_words.weekday(dt.date.fromisoformat(row[key]), _) if row[key] else ""


def _reasons(row: Row) -> str:
    return in_a_row(row["reasons"])


def _also(row: Row) -> str:
    return ", ".join(row["also"])


def _became(row: Row) -> str:
    words = spoken(BECAME, row["what"])
    if row["withdrawn"]:
        asked = _("the request to move it to %(date)s is withdrawn") % {"date": row["withdrawn"]}
        return f"{words}; {asked}"
    return words


PREVIEW: Final = (
    Column("date", N_("Date"), whole=True, show=day_cell("date")),
    Column("stated", N_("Stated"), whole=True),
    Column("reasons", N_("Why it moved"), show=_reasons),
    Column("also", N_("Together with"), show=_also),
    Column("evaluation", N_("Evaluation"), whole=True),
)
MOMENTS: Final = (
    Column("evaluation", N_("Evaluation"), whole=True),
    Column("date", N_("Date"), whole=True, show=day_cell("date")),
    Column("stated", N_("Stated"), whole=True),
    Column("kind", N_("Kind"), show=kind_of_evaluation),
    Column("status", N_("Status"), show=lambda row: spoken(EVALUATION_STATUS, row["status"])),
    Column("decision", N_("Decision"), show=lambda row: str(row["decision"] or "")),
    Column("reasons", N_("Why it moved"), show=_reasons),
    Column("also", N_("Together with"), show=_also),
)
EFFECTS: Final = (
    Column("evaluation_id", N_("Evaluation"), whole=True),
    Column("stated_date", N_("Stated"), whole=True),
    Column("date", N_("Date"), whole=True, show=day_cell("date")),
    Column("what", N_("What becomes of it"), show=_became),
    Column("before", N_("Was"), whole=True, show=lambda row: row["before"] if row["what"] == "moved" else ""),
)


def decided(outcome: "Outcome", said_of_it: Sequence[str], effects: tuple[Column, ...]) -> list[Block]:
    """Say that a decision is in force, what it says, and what becomes of each moment: the columns of `effects`."""
    done = _("%(plan)s: decision %(number)s is in force.") if outcome.events else _("%(plan)s: nothing was changed.")
    moments = outcome.summary["moments"]
    table = [Table(effects, moments)] if moments else []
    return [done % outcome.summary, *(f"  {line}" for line in said_of_it), *table]


def page(view: Mapping[str, Any]) -> list[Block]:
    """Write the decisions of a plan for people, the one in force first, with its evaluations."""
    blocks: list[Block] = []
    for one in reversed(view["decisions"]):
        words = {"number": one["number"], "date": _date(one["decided_on"])}
        heading = (
            _("Decision %(number)s of %(date)s, in force") if one["in_force"] else _("Decision %(number)s of %(date)s")
        )
        blocks.append(Heading(heading % words))
        blocks += [f"  {line}" for line in said(one)]
        if one["decided_by_name"]:
            who = marked(one["decided_by_name"], one["decided_by_assumed"])
            blocks.append("  " + _("decided by %(person)s") % {"person": who})
        blocks.append("  " + _("reason: %(reason)s") % {"reason": one["reason"]})
    blocks.append(Heading(_("Evaluations")))
    blocks.append(Table(MOMENTS, view["moments"]) if view["moments"] else "  " + _("There are no such evaluations."))
    return [*blocks, *legend(any(one["decided_by_assumed"] for one in view["decisions"]))]
