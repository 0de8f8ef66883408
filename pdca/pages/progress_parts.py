"""The sections of a progress report below its head, one function each; None for one that has nothing to say."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pdca.i18n import N_, _, in_a_row, ngettext
from pdca.pages.blocks import Block, Cell, Drawing, Items, Paragraph, Section, Table, said
from pdca.pages.gantt import dated, gantt
from pdca.pages.progress_measured import NARROW, WIDE, figure_about
from pdca.pages.progress_words import NEXT, begun, in_words, of_late
from pdca.words import (
    ACTIVITY_STATUS,
    MEANS,
    MODES,
    RECEIPTS,
    amount,
    marked,
    method_named,
    spoken,
    with_name,
)

View = Mapping[str, Any]

_KINDS: Final = {
    "plan.created": N_("the plan was made"),
    "plan.approved": N_("a step was approved"),
    "plan.group_complete": N_("the project group was set up"),
    "plan.migrated": N_("the plan moved to another method"),
    "plan.rebased": N_("the plan is measured from another baseline"),
    "plan.overdue": N_("the plan was overdue, and people above it were told"),
    "plan.watched": N_("the plan was looked at again"),
    "schedule.set": N_("the project group decided when it evaluates"),
    "information.set": N_("the project group decided when others are informed"),
    "activity.decided": N_("the project group decided on activities"),
    "followup.raised": N_("something was left to be followed up"),
    "followup.answered": N_("what was to be followed up was answered"),
    "evaluation.recorded": N_("the evaluation was recorded"),
    "evaluation.missed": N_("the evaluation was missed"),
    "evaluation.overdue": N_("the evaluation was overdue, and people above it were told"),
    "evaluation.extended": N_("the evaluation was moved to another date"),
    "partner.involved": N_("partners were involved"),
    "partner.reacted": N_("a partner reacted"),
    "partner.answered": N_("a partner was answered"),
}


_NEWS: Final = 4
"""So many new figures are named, the last ones; the table of the indicator has them all."""


def happened(view: View) -> Section:
    """Tell what happened since the last report."""
    found = view["happened"]
    heading = (
        _("Since the last report, of %(day)s") % {"day": in_words(view["since"])}
        if view["since"]
        else _("What happened so far")
    )
    rows: list[list[Cell]] = [[in_words(one["on"]), _event(one)] for one in found["events"]]
    blocks: list[Block] = (
        [Table(_("What happened"), (_("Date"), _("What")), rows, whole=frozenset({0}))] if rows else []
    )
    lines = [*_changed(found), *(_news(view["indicators"]) if view["since"] else ())]
    if lines:
        blocks.append(Items(lines))
    return Section("happened", heading, blocks or [Paragraph(_("Nothing is in the log since then."))])


def _event(one: View) -> str:
    if one["kind"] == "plan.advanced":
        words = _("the plan went from %(before)s to %(after)s") % {
            "before": said(one["from_label"]) or one["from"],
            "after": said(one["to_label"]) or one["to"],
        }
    else:
        words = spoken(_KINDS, one["kind"])
    if one["times"] > 1:
        words += f" ({one['times']} ×)"  # noqa: RUF001 - the sign for “times”
    words += f" ({one['evaluation']})" if one["evaluation"] else ""
    if one.get("reasons"):
        words = with_name(words, in_a_row(one["reasons"]))
    return begun(words)


def _changed(found: View) -> Iterator[str]:
    for one in found["activities"]:
        values = {"title": said(one["title"]), "after": spoken(ACTIVITY_STATUS, one["after"])}
        if one["before"] is None:
            yield _("Activity “%(title)s” is new: %(after)s") % values
        else:
            yield _("Activity “%(title)s” was %(before)s and is %(after)s") % {
                **values,
                "before": spoken(ACTIVITY_STATUS, one["before"]),
            }
    for one in found["means"]:
        yield _("Deployed in %(year)s (%(kind)s): %(after)s, before %(before)s") % {
            "year": one["year"],
            "kind": spoken(MEANS, one["kind"]),
            "before": _stated(one["before"]),
            "after": _stated(one["after"]),
        }


def _news(indicators: Iterable[View]) -> Iterator[str]:
    for one in indicators:
        if one["news"]:
            yield _("New figures of %(indicator)s: %(figures)s") % {
                "indicator": said(one["title"]),
                "figures": in_a_row([figure_about(new["value"], new["period"]) for new in one["news"][-_NEWS:]]),
            } + _more(len(one["news"]) - _NEWS)


def _more(count: int) -> str:
    if count <= 0:
        return ""
    words = ngettext("and %(count)d earlier one", "and %(count)d earlier ones", count)
    return f" ({words % {'count': count}})"


def activities(view: View) -> Section | None:
    """Tell of every activity by whom, when and how far."""
    if not view["activities"]:
        return None
    rows: list[list[Cell]] = [
        [
            marked(said(one["title"]), one["assumed"]),
            said(one["owner"]) or _("nobody"),
            in_words(one["start_date"]),
            in_words(one["end_date"]),
            of_late(spoken(ACTIVITY_STATUS, one["status"]), late=one["late"]),
            one["result"] or "",
        ]
        for one in view["activities"]
    ]
    headings = [_("Activity"), _("Owner"), _("Begins"), _("Ends"), _("Status"), _("Result")]
    if not any(row[-1] for row in rows):
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    blocks: list[Block] = []
    if dated(view["activities"]):
        title = _("Activities along the calendar")
        description = _(
            "Bars from the first to the last day of each activity, diamonds for evaluations, filled when recorded. "
            "The table below says the same."
        )
        blocks.append(
            Drawing(
                gantt("activities-wide", view, title, description, WIDE),
                gantt("activities-narrow", view, title, description, NARROW),
                _(
                    "Bars: filled is done, light is running, empty is planned, dashed is dropped. Diamonds are "
                    "evaluations, filled when recorded."
                ),
            )
        )
    return Section(
        "activities", _("Activities"), [*blocks, Table(_("Who does what, and how far it is"), headings, rows)]
    )


def means(view: View) -> Section | None:
    """Tell what was planned and what was deployed."""
    if not view["means"]:
        return None
    deployed = "deployed" in view["means"][0]
    fell_short = deployed and any(one["shortfall_reasons"] for one in view["means"])
    rows: list[list[Cell]] = [
        [
            f"{one['year']}, {spoken(MEANS, one['kind'])}",
            marked(_stated(one["planned"]), one["assumed"]),
            *([_deployed(one)] if deployed else []),
            *([in_a_row(one["shortfall_reasons"])] if fell_short else []),
        ]
        for one in view["means"]
    ]
    headings = [
        *(_("Year and kind"), _("Planned")),
        *([_("Deployed")] if deployed else []),
        *([_("Why less")] if fell_short else []),
    ]
    title = _("Planned against deployed") if deployed else _("Planned")
    table = Table(title, headings, rows, frozenset({1, 2} if deployed else {1}), frozenset({0}))
    return Section("means", _("Means and capacity"), [table])


def _deployed(one: View) -> str:
    words = _stated(one["deployed"])
    return _("%(amount)s, not all stated") % {"amount": words} if one["deployed"] and one["unstated"] else words


def _stated(figure: str | None) -> str:
    return _("not stated") if figure is None else amount(figure)


def involved(view: View) -> Section | None:
    """Tell how partners took part, and what they said back."""
    blocks: list[Block] = []
    if view["involved"]:
        rows: list[list[Cell]] = [
            [
                in_words(one["held_on"]),
                marked(said(one["party_name"]), one["party_assumed"]),
                spoken(MODES, one["mode"]),
                one.get("content") or "",
            ]
            for one in view["involved"]
        ]
        headings = [_("Date"), _("Partner"), _("How"), _("About")]
        if not any(row[-1] for row in rows):
            headings, rows = headings[:-1], [row[:-1] for row in rows]
        blocks.append(Table(_("Sessions with partners"), headings, rows, whole=frozenset({0})))
    found = view["reactions"]
    if found["received"]:
        words = ngettext(
            "%(received)d reaction came in, of which %(answered)d was answered.",
            "%(received)d reactions came in, of which %(answered)d were answered.",
            found["received"],
        )
        blocks.append(Paragraph(words % found))
    if found["said"]:
        said_back: list[list[Cell]] = [
            [
                in_words(one["received_on"]),
                marked(said(one["party_name"]), one["party_assumed"]),
                one["text"] or "",
                one["answer"] or _("not answered yet"),
            ]
            for one in found["said"]
        ]
        blocks.append(
            Table(_("What partners said back"), (_("Date"), _("Partner"), _("Reaction"), _("Answer")), said_back)
        )
    return Section("partners", _("Partners"), blocks) if blocks else None


def informed(view: View) -> Section:
    """Tell who is informed, when and how, with what proof."""
    heading = _("Who is informed")
    if not view["informed"]:
        return Section("informed", heading, [Paragraph(_("No moments of information were fixed."))])
    rows: list[list[Cell]] = [
        [
            said(one["recipient"]),
            marked(in_words(one["date"]), one["assumed"]),
            method_named(one["method"]),
            _sent(one),
        ]
        for one in view["informed"]
    ]
    headings = (_("Recipient"), _("Date"), _("Method"), _("Sent"))
    return Section("informed", heading, [Table(_("Moments of information"), headings, rows)])


def _sent(one: View) -> str:
    proof = one["proof"]
    if proof is None:
        return _("no proof recorded") if one["passed"] else _("still to come")
    receipts = [
        with_name(spoken(RECEIPTS, receipt["kind"]), in_words(receipt["happened_on"])) for receipt in proof["receipts"]
    ]
    words = in_a_row(dict.fromkeys(receipts)) or _("handed over, not confirmed yet")
    which = {"report": proof["report"], "hash": proof["sha256"][:16], "receipts": words}
    return _("%(receipts)s (%(report)s, fingerprint %(hash)s…)") % which


def what_next(view: View) -> Section:
    """Tell what comes next."""
    lines = [_coming(one) for one in view["next"]]
    blocks: list[Block] = [Items(lines)] if lines else [Paragraph(_("Nothing falls due."))]
    return Section("next", _("What comes next"), blocks)


def _coming(one: View) -> str:
    words = with_name(in_words(one["by"]), spoken(NEXT, one["what"]))
    if one["evaluation"]:
        words += f" ({one['evaluation']})"
    if one["held"]:
        return _("%(what)s (suspended)") % {"what": words}
    return of_late(words, late=one["late"])


def rubrics(view: View) -> Section | None:
    """Tell what the plan says, in the fixed order of its rubrics."""
    blocks: list[Block] = []
    for one in view["rubrics"]:
        if one["not_applicable"]:
            text = _("does not apply: %(why)s") % {"why": said(one["not_applicable"])}
        elif one["text"]:
            text = said(one["text"])
        else:
            continue
        blocks.append(
            Section(f"rubric-{one['rubric_id']}", said(one["label"]), [Paragraph(marked(text, one["assumed"]))])
        )
    return Section("rubrics", _("The plan itself"), blocks) if blocks else None
