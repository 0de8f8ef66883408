"""Who is informed, in words: decisions, moments, reports and their receipts."""

from collections.abc import Mapping
from typing import Any, Final

from pdca.cli.cells import Column, Row, legend
from pdca.cli.house import lines
from pdca.cli.output import Block, Heading, Table
from pdca.cli.schedule_words import BECAME, day_cell
from pdca.cli.schedule_words import said as moments_said
from pdca.cli.words import day
from pdca.i18n import N_, _, in_a_row, localized
from pdca.words import INFORMATION_STATUS, RECEIPTS, REPORT_STATUS, marked, method_named, spoken, with_name
from workflows.moments import SERIES


def when(view: Mapping[str, Any]) -> list[str]:
    """Say when a party is informed."""
    return moments_said({**view, "anchor": SERIES})


def said(view: Mapping[str, Any]) -> list[str]:
    """Say a decision in lines."""
    recipient = marked(localized(view["party_name"]), view["party_assumed"])
    if view["ended"]:
        return [_("%(party)s is informed no longer") % {"party": recipient}]
    approval = (
        _("goes by itself")
        if view["by_itself"]
        else _("waits for approval, at most %(days)s days") % {"days": view["grace_days"]}
    )
    found = [f"{recipient}, {method_named(view['method'])}: {approval}", *when(view)]
    if view["although_restricted"]:
        found.append(_("although the plan is restricted"))
    return found


def _status(row: Row) -> str:
    return spoken(INFORMATION_STATUS, row["status"]) if row["status"] else _("stated in a file, without a decision")


def _party(row: Row) -> str:
    return marked(localized(row["party_name"]), row["party_assumed"])


def _how_it_stands(row: Row) -> str:
    """Say where a report stands, and what keeps it from going: what was given up was not handed over."""
    why = [one["need"].rstrip(".") for one in row["not_gone"]]
    return ". ".join(why if why and row["status"] == "sent" else (spoken(REPORT_STATUS, row["status"]), *why))


def receipts_said(row: Row) -> str:
    """Say what proves that a report was sent."""
    return "; ".join(receipt_said(one) for one in row["receipts"])


def receipt_said(one: Mapping[str, Any]) -> str:
    """Say one receipt: what, to whom, in which language, when, and what proves it."""
    how = ", ".join(filter(None, (one["person_name"] or one["received_by"], one["language"])))
    words = f"{spoken(RECEIPTS, one['kind'])}{f' ({how})' if how else ''} {one['happened_on']}"
    return with_name(words, one["reference"]) if one["reference"] else words


def _receipt(one: Mapping[str, Any]) -> list[str]:
    """Say one receipt in lines: with the language of what went, who got it, and the hash of the very bytes."""
    words = f"{spoken(RECEIPTS, one['kind'])} {one['happened_on']}"
    lines = ["  " + (with_name(words, one["reference"]) if one["reference"] else words)]
    named = (
        (_("To whom"), one["person_name"]),
        (_("Received by"), one["received_by"]),
        (_("Language"), one["language"]),
        ("SHA-256", one["sha256"]),
    )
    return [*lines, *("    " + with_name(name, value) for name, value in named if value)]


MOMENTS: Final = (
    Column("information_id", N_("Moment"), whole=True),
    Column("date", N_("Date"), whole=True, show=day_cell("date")),
    Column("party_name", N_("Recipient"), show=_party),
    Column("method", N_("Method"), show=lambda row: method_named(row["method"])),
    Column("status", N_("Status"), show=_status),
    Column("report", N_("Report"), whole=True),
    Column("decision", N_("Decision"), show=lambda row: str(row["decision"] or "")),
    Column("reasons", N_("Why it moved"), show=lambda row: in_a_row(row["reasons"])),
)
REPORTS: Final = (
    Column("report_id", N_("Report"), whole=True),
    Column("due_date", N_("Date"), whole=True),
    Column("party_name", N_("Recipient"), show=_party),
    Column("status", N_("Status"), show=_how_it_stands),
    Column("receipts", N_("Receipt"), show=receipts_said),
)
REACTIONS: Final = (
    Column("reaction_id", N_("Reaction"), whole=True),
    Column("report_id", N_("Report"), whole=True),
    Column("received_on", N_("Received"), whole=True),
    Column("party_name", N_("Partner"), show=_party),
    Column("text", N_("What it says")),
    Column("answer", N_("Answer"), show=lambda row: _("(open)") if row["open"] else row["answer"]),
)
PREVIEW: Final = (
    Column("date", N_("Date"), whole=True, show=day_cell("date")),
    Column("stated", N_("Stated"), whole=True),
    Column("reasons", N_("Why it moved"), show=lambda row: in_a_row(row["reasons"])),
    Column("also", N_("Together with"), show=lambda row: ", ".join(row["also"])),
    Column("information", N_("Moment"), whole=True),
)
EFFECTS: Final = (
    Column("information_id", N_("Moment"), whole=True),
    Column("stated_date", N_("Stated"), whole=True),
    Column("date", N_("Date"), whole=True, show=day_cell("date")),
    Column("what", N_("What becomes of it"), show=lambda row: spoken(BECAME, row["what"])),
    Column("before", N_("Was"), whole=True, show=lambda row: row["before"] if row["what"] == "moved" else ""),
)


def page(view: Mapping[str, Any]) -> list[Block]:
    """Write for people how others are informed of a plan, the decisions in force first."""
    blocks: list[Block] = []
    for one in sorted(view["decisions"], key=lambda row: (not row["in_force"], -row["number"])):
        words = {"number": one["number"], "date": one["decided_on"]}
        heading = (
            _("Decision %(number)s of %(date)s, in force") if one["in_force"] else _("Decision %(number)s of %(date)s")
        )
        blocks.append(Heading(heading % words))
        blocks += [f"  {line}" for line in said(one)]
        if one["decided_by_name"]:
            who = marked(one["decided_by_name"], one["decided_by_assumed"])
            blocks.append("  " + _("decided by %(person)s") % {"person": who})
        blocks.append("  " + _("reason: %(reason)s") % {"reason": one["reason"]})
    blocks.append(Heading(_("Moments of information")))
    blocks.append(Table(MOMENTS, view["moments"]) if view["moments"] else "  " + _("There are none."))
    if view["reports"]:
        blocks += [Heading(_("Reports")), Table(REPORTS, view["reports"])]
    if view["reactions"]:
        blocks += [Heading(_("Reactions")), Table(REACTIONS, view["reactions"])]
    people = any(one["decided_by_assumed"] for one in view["decisions"])
    return [*blocks, *legend(people or any(one["party_assumed"] for one in view["moments"]))]


def report_page(view: Mapping[str, Any]) -> list[Block]:
    """Write for people where a report stands."""
    recipient = marked(localized(view["party_name"]), view["party_assumed"])
    which = {"report": view["report_id"], "plan": view["plan_id"], "party": recipient}
    blocks: list[Block] = [
        Heading(_("%(report)s: progress of %(plan)s, for %(party)s") % which),
        "  " + with_name(_("Status"), spoken(REPORT_STATUS, view["status"])),
        "  " + with_name(_("Method"), method_named(view["method"])),
        "  " + with_name(_("Prepared"), day(view["prepared_at"], view["zone"])),
    ]
    if view["since"]:
        blocks.append("  " + with_name(_("Progress since"), day(view["since"], view["zone"])))
    if view["approved_at"]:
        by = view["approved_by_name"] or _("by itself, as the project group decided")
        blocks.append("  " + with_name(_("Approved"), f"{day(view['approved_at'], view['zone'])}, {by}"))
    if view["withdrawn_at"]:
        blocks.append("  " + with_name(_("Taken out of its folder"), day(view["withdrawn_at"], view["zone"])))
    blocks += ["  " + with_name(f"SHA-256 ({name})", value) for name, value in sorted(view["hashes"].items())]
    if view["not_gone"]:
        blocks += [Heading(_("It has not gone")), "".join(lines(view["not_gone"])).strip("\n")]
    if view["receipts"]:
        blocks += [Heading(_("Receipts")), *(line for one in view["receipts"] for line in _receipt(one))]
    if view["reactions"]:
        blocks += [Heading(_("Reactions")), Table(REACTIONS, view["reactions"])]
    return [*blocks, *legend(view["party_assumed"])]
