"""The page of one programme, for people: its period, each version, and its evaluations."""

from typing import Final

from pdca.cli.cells import legend
from pdca.cli.output import Block, Column, Heading, Row, Table
from pdca.cli.words import moved_from
from pdca.i18n import N_, _, localized
from pdca.programme import words
from pdca.report.programme import View
from pdca.words import OVERDUE, marked, spoken

_FIRST_DAY: Final = "-01-01"
_LAST_DAY: Final = "-12-31"


def period(row: Row) -> str:
    """Give the period of a programme: whole years as such, otherwise its first and last day."""
    first, last = row["period_start"], row["period_end"]
    if not (first.endswith(_FIRST_DAY) and last.endswith(_LAST_DAY)):
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    first, last = first.removesuffix(_FIRST_DAY), last.removesuffix(_LAST_DAY)
    return str(first) if first == last else f"{first}-{last}"


def page(view: View) -> list[Block]:
    """Lay out a programme as `pdca.report.programme.programmes` gives it."""
    blocks: list[Block] = [
        Heading(f"{view['programme_id']}  {marked(localized(view['title']), view['assumed'])}"),
        _("Period: %(period)s") % {"period": period(view)},
        _("Status: %(status)s") % {"status": words.status(view["status"])},
        _("Legal deadline: %(deadline)s") % {"deadline": _deadline(view)},
        _("Method: %(definition)s, version %(definition_version)s") % view,
    ]
    if view["previous_id"]:
        blocks.append(_("Follows: %(programme)s") % {"programme": view["previous_id"]})
    for version in view["versions"]:
        blocks += _version(version)
    if view["evaluations"]:
        blocks += ["", Heading(_("Evaluations")), Table(_EVALUATIONS, view["evaluations"])]
    shown = [view, *view["evaluations"], *(step for version in view["versions"] for step in version["approvals"])]
    return [*blocks, *legend(any(row["assumed"] for row in shown))]


def _deadline(view: View) -> str:
    if view["legal_deadline"] is None:
        return _("not stated")
    if view["submitted_at"]:
        return _("%(deadline)s, frozen at submission") % {"deadline": view["legal_deadline"]}
    return str(view["legal_deadline"])


def _version(version: View) -> list[Block]:
    head = _("Version %(number)s, %(kind)s: %(status)s") % {
        "number": version["number"],
        "kind": spoken(words.VERSION_KIND, version["kind"]),
        "status": spoken(words.VERSION_STATUS, version["status"]),
    }
    blocks: list[Block] = ["", Heading(head)]
    if version["text"]:
        blocks.append(f"  {version['text']}")
    if version["kind"] == "prolongation":
        blocks.append("  " + _("Last day: %(day)s") % {"day": version["period_end"]})
    return [*blocks, Table(_STEPS, version["approvals"]), *_notes(version)]


def _notes(version: View) -> list[Block]:
    return [
        "  " + _("Step %(step)s: %(note)s") % {"step": step["step"], "note": step["note"]}
        for step in version["approvals"]
        if step["note"]
    ]


def _step(row: Row) -> str:
    return f"{row['step']}. {marked(localized(row['authority']), row['assumed'])}"


_STEPS: Final = (
    Column("step", N_("Step"), show=_step),
    Column("act", N_("Act"), show=lambda row: localized(row["act"])),
    Column("decision", N_("Decision"), show=lambda row: words.decision(row["decision"])),
    Column("decided_on", N_("Decided"), whole=True),
    Column("effective_on", N_("In force"), whole=True),
)


def _evaluation(row: Row) -> str:
    return marked(row["evaluation_id"], row["assumed"])


def evaluation_status(row: Row) -> str:
    """Give the status of an evaluation of a programme, and whether it is overdue."""
    status = spoken(words.EVALUATION_STATUS, row["status"])
    return f"{status} ({_(OVERDUE)})" if row["overdue_since"] else status


def to_be_held(row: Row) -> str:
    """Give the day by which an evaluation is to be held, and its first one when it was put off."""
    words = row["due_on"] or ""
    return f"{words} ({moved_from(row['first_due_on'], row['extensions'])})" if row["extensions"] else words


_EVALUATIONS: Final = (
    Column("evaluation_id", N_("Evaluation"), whole=True, show=_evaluation),
    Column("kind", N_("Kind"), show=lambda row: spoken(words.EVALUATION_KIND, row["kind"])),
    Column("status", N_("Status"), show=evaluation_status),
    Column("due_on", N_("To be held by"), whole=True, show=to_be_held),
    Column("held_on", N_("Held"), whole=True),
)
