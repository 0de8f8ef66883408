"""The page of one plan, for people: its head, its rubrics in their order, and what belongs to it."""

from collections.abc import Sequence
from typing import Any, Final

from pdca.cli import approval_words
from pdca.cli.cells import flat, legend
from pdca.cli.house import lines
from pdca.cli.output import Block, Column, Heading, Row, Table
from pdca.cli.words import day, moved, state, title
from pdca.i18n import N_, _, in_a_row, localized
from pdca.indicators.words import JUDGEMENT, KIND, LEFT_TO_PEOPLE, aim
from pdca.report.plans import View
from pdca.words import (
    ACTIVITY_STATUS,
    AUDIENCES,
    EVALUATION_PARTS,
    EVALUATION_STATUS,
    INFORMATION_STATUS,
    OVERDUE,
    REPORT_STATUS,
    amount,
    kind_of_evaluation,
    marked,
    method_named,
    spoken,
    spoken_list,
    with_name,
)

_SHORT: Final = 12
"""So much of a hash tells one content of a plan from another."""


def page(view: View) -> list[Block]:
    """Lay out a plan as `pdca.report.plans.whole` gives it, each indicator with the `shape` of its series."""
    lead = _lead(view["lead"]) if view["lead"] else _("nobody")
    group = ", ".join(localized(one["name"]) for one in view["group"] if one["present"]) or _("nobody")
    blocks: list[Block] = [
        Heading(f"{view['plan_id']}  {title(view)}  ({view['slug']})"),
        _("%(state)s, cycle %(cycle)s, since %(since)s")
        % {"state": state(view), "cycle": view["cycle"], "since": day(view["state_since"], view["zone"])},
        _above(view),
        _("Period: %(first)s to %(last)s") % {"first": view["period_start"], "last": view["period_end"]},
        _("Project leader: %(lead)s") % {"lead": lead},
        _("Project group: %(group)s") % {"group": group},
    ]
    if view["prediction"]:
        blocks.append(_("Prediction: %(text)s") % {"text": view["prediction"]})
    if view["undecided"]:
        blocks.append(_("Not decided yet: %(activities)s") % {"activities": ", ".join(view["undecided"])})
    if view["note"]:
        blocks.append(_("Note: %(note)s") % {"note": view["note"]})
    if view["content_sha256"]:
        blocks.append(_("Content to approve: %(content)s") % {"content": view["content_sha256"][:_SHORT]})
    blocks += _where(view)
    blocks += [
        _("Withheld of the evaluations: %(part)s, from: %(whom)s.")
        % {"part": spoken(EVALUATION_PARTS, part), "whom": spoken_list(AUDIENCES, whom)}
        for part, whom in (view["evaluations_withheld"] or {}).items()
    ]
    blocks.append(Heading(_("Rubrics")))
    blocks += [_rubric(rubric) for rubric in view["rubrics"]]
    for heading, name, columns in PARTS:
        if view[name]:
            tables = _by_kind(columns, view[name]) if name == "indicators" else [Table(columns, view[name])]
            blocks += [Heading(_(heading)), *tables]
    return [*blocks, *legend(_anything_assumed(view))]


def _lead(lead: View) -> str:
    """The function, and who holds it where that is known."""
    people = ", ".join(marked(one["name"], one["assumed"]) for one in lead["people"])
    return localized(lead["name"]) + (f" ({people})" if people else "")


def _above(view: View) -> str:
    """What the plan stands under: its objective, or where its method has none above plans, the programme."""
    objective = view["objective"]
    if objective is None:
        return _("Programme: %(programme)s") % {"programme": view["programme_id"]}
    named = f"{objective['objective_id']} {marked(localized(objective['title']), objective['assumed'])}"
    return _("Objective: %(objective)s") % {"objective": named}


def _where(view: View) -> list[Block]:
    blocks: list[Block] = []
    perimeter = view["perimeter"] or {}
    places = [*perimeter.get("places", ())]
    places += [with_name(area, ", ".join(names)) for area, names in perimeter.get("by_area", {}).items()]
    if perimeter.get("geojson"):
        # Imported here: it is a command that takes in files, and few plans are drawn on a map.
        from pdca.cli.perimeter import on_a_map

        places.append(on_a_map(perimeter["geojson"]))
    if places:
        blocks.append(_("Perimeter: %(places)s") % {"places": in_a_row(places)})
    if view["phenomena"]:
        names = [marked(localized(one["text"]), one.get("assumed")) for one in view["phenomena"]]
        blocks.append(_("Phenomena: %(phenomena)s") % {"phenomena": ", ".join(names)})
    standing = view["mmm_standing"]
    if standing["partners"]:
        names = [localized(one["name"]) for one in standing["partners"]]
        blocks.append(_("Partners: %(partners)s") % {"partners": ", ".join(names)})
    blocks.append(_mmm(standing))
    if view["watch"]:
        blocks.append(
            _("Still watched: %(watch)s, looked at again on %(date)s")
            % {"watch": _watched(view), "date": view["watch_again"]}
        )
    return blocks


def _watched(view: View) -> str:
    indicator = view["watch_indicator_id"]
    return f"{view['watch']} ({indicator})" if indicator else str(view["watch"])


def _mmm(standing: View) -> str:
    if standing["called"]:
        if not standing["needs"]:
            return _("MMM: yes; multidisciplinary, multi-phenomenon and micro-local")
        return _("MMM: it is called so, but may not be:") + "".join(lines(standing["needs"]))
    if standing["possible"]:
        return _("MMM: not called so, though it could be")
    lacking = ", ".join(spoken(_LACKING, need["code"]) for need in standing["needs"])
    return _("MMM: no; it would need %(lacking)s") % {"lacking": lacking}


_LACKING = {
    "mmm-without-perimeter": N_("a perimeter"),
    "mmm-too-few-phenomena": N_("several phenomena"),
    "mmm-too-few-partners": N_("several partner organisations"),
}


def _rubric(rubric: View) -> str:
    text = _("(empty)")
    if rubric["not_applicable"]:
        text = _("does not apply: %(why)s") % {"why": localized(rubric["not_applicable"])}
    elif rubric["text"]:
        text = localized(rubric["text"])
    if rubric["withheld_from"]:
        text += " [" + _("withheld from: %(whom)s") % {"whom": spoken_list(AUDIENCES, rubric["withheld_from"])} + "]"
    return f"  {with_name(localized(rubric['label']), marked(text, rubric['assumed']))}"


def _anything_assumed(view: Any) -> bool:  # noqa: ANN401 - any JSON value
    if isinstance(view, dict):
        return bool(view.get("assumed")) or any(_anything_assumed(value) for value in view.values())
    return isinstance(view, list) and any(_anything_assumed(value) for value in view)


def _owner(row: Row) -> str:
    return localized(row["owner"]["name"]) if row["owner"] else ""


def _last(row: Row) -> str:
    last = row["last"]
    if last is None:
        return _("not measured")
    approximate = "≈ " if last["approximate"] else ""
    return f"{approximate}{amount(last['value'])} {flat(row['unit'], words=True)} ({last['period']})"


def _target(row: Row) -> str:
    target = row["target"]
    if target is None:
        return _("none")
    asked = aim(target)
    return asked if target["judgement"] in LEFT_TO_PEOPLE else with_name(asked, spoken(JUDGEMENT, target["judgement"]))


def _by_kind(columns: tuple[Column, ...], rows: Sequence[Row]) -> list[Block]:
    """Keep apart what is registered, what people were asked, and own work: no kind may hide that another worsens."""
    blocks: list[Block] = []
    for kind, words in KIND.items():
        of_kind = [row for row in rows if row["kind"] == kind]
        if of_kind:
            blocks += ["  " + _(words), Table(columns, of_kind)]
    return blocks


def _evaluation_status(row: Row) -> str:
    return spoken(EVALUATION_STATUS, row["status"]) + (f" ({_(OVERDUE)})" if row["overdue_at"] else "")


def _informed_status(row: Row) -> str:
    return spoken(INFORMATION_STATUS, row["status"]) if row["status"] else ""


def _report(row: Row) -> str:
    if not row["report_id"]:
        return ""
    return " ".join((row["report_id"], spoken(REPORT_STATUS, row["report_status"]), row["received_on"] or "")).strip()


def _moment(row: Row) -> str:
    return marked(row["due_date"], row["assumed"]) + (f" ({moved(row)})" if row["extensions"] else "")


PARTS = (
    (
        N_("Objectives under it"),
        "objectives",
        (
            Column("objective_id", N_("Objective"), whole=True),
            Column("title", N_("Title"), show=title),
            Column("activities", N_("Activities"), show=lambda row: ", ".join(row["activities"])),
        ),
    ),
    (
        N_("Activities"),
        "activities",
        (
            Column("activity_id", N_("Activity"), whole=True),
            Column("title", N_("Title"), show=title),
            Column("owner", N_("Owner"), show=_owner),
            Column("start_date", N_("Begins"), whole=True),
            Column("end_date", N_("Ends"), whole=True),
            Column("status", N_("Status"), show=lambda row: spoken(ACTIVITY_STATUS, row["status"])),
        ),
    ),
    (
        N_("Indicators"),
        "indicators",
        (
            Column("indicator_id", N_("Indicator"), whole=True),
            Column("title", N_("Title"), show=title),
            Column("shape", N_("Course"), whole=True),
            Column("last", N_("Last figure"), show=_last),
            Column("target", N_("Target"), show=_target),
        ),
    ),
    (
        N_("Evaluations"),
        "evaluations",
        (
            Column("evaluation_id", N_("Evaluation"), whole=True),
            Column("due_date", N_("Date"), whole=True, show=_moment),
            Column("kind", N_("Kind"), show=kind_of_evaluation),
            Column("status", N_("Status"), show=_evaluation_status),
            Column("effect_findings", N_("Findings")),
        ),
    ),
    (
        N_("To follow up"),
        "follow_ups",
        (
            Column("follow_up_id", N_("Follow-up"), whole=True),
            Column("due_date", N_("Due"), whole=True),
            Column("title", N_("What is to be done")),
        ),
    ),
    (
        N_("Information"),
        "information",
        (
            Column("information_id", N_("Moment"), whole=True),
            Column("due_date", N_("Date"), whole=True, show=lambda row: marked(row["due_date"], row["assumed"])),
            Column("party", N_("Recipient"), show=lambda row: localized(row["party"]["name"])),
            Column("method", N_("Method"), show=lambda row: method_named(row["method"])),
            Column("status", N_("Status"), show=_informed_status),
            Column("report_id", N_("Report"), show=_report),
        ),
    ),
    (N_("Approvals"), "approvals", approval_words.SHORT),
)
