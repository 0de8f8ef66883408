"""`pdca information`: who is informed of a plan, when and by what method, and how each report was approved and sent."""

from collections.abc import Callable
from typing import Any, Final

import click

from pdca.cli.cells import MARKS, Column
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.output import Row, emit_list, emit_object
from pdca.cli.party import find_party
from pdca.cli.schedule import wish_of, wish_options
from pdca.cli.words import parse_day, title
from pdca.i18n import N_, _, in_a_row, localized
from pdca.words import INFORMATION_METHODS, REPORT_STATUS, marked, method_named, spoken

information = Group(
    "information",
    short_help=N_("Inform partners, authorities and the population of progress."),
    lazy={
        "approve": ("pdca.cli.information_report:approve", N_("Approve a report; a mail then goes.")),
        "prepare": ("pdca.cli.information_report:prepare", N_("Prepare the report of a moment now, or anew.")),
        "send": ("scheduler.informing:send", N_("Write or publish what was approved.")),
        "receipt": ("pdca.cli.information_report:receipt", N_("Record that a letter was posted or a meeting held.")),
        "report": ("pdca.cli.information_report:report", N_("Show a report: its hash, approval, receipts, reactions.")),
    },
)

_FOR: Final = click.option("--for", "party_word", metavar="PARTY", required=True, help=N_("Who is informed."))


def _manner_options(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.option(
                "--method",
                required=True,
                type=click.Choice(tuple(INFORMATION_METHODS)),
                help=N_("By what: a mail, a letter as PDF, an item on the agenda of a meeting, a page on the web, …"),
            ),
            click.option("--by-itself", is_flag=True, help=N_("Reports go without anybody approving them.")),
            click.option(
                "--although-restricted",
                is_flag=True,
                help=N_("Inform this party although the plan is restricted."),
            ),
            click.option(
                "--grace",
                "grace_days",
                type=click.IntRange(min=1),
                default=7,
                show_default=True,
                help=N_("Within so many days a report is to be approved and sent; after them it is overdue."),
            ),
        )
    ):
        function = option(function)
    return function


@information.command(
    "set",
    cls=Command,
    short_help=N_("Decide when and how a party is informed, as the project group."),
    help=N_(
        "Decide when and by what method a partner, an authority or the public is informed of the progress of a plan, "
        "as one of its project group: on dates, by rules, or both. Each time is another decision; those before stay. "
        "At each moment the scheduler prepares the report; somebody of the project group approves it, unless the group "
        "decided with --by-itself that it goes so. Look first with `pdca information preview`."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@_FOR
@_manner_options
@wish_options("dates", "rules", "exceptions", "start", "until", "at", "zone", "roll")
@click.option("--decided-on", metavar="DATE", help=N_("The day on which it was decided; otherwise today."))
@reason_required
@dry_run_option
@pass_context
def set_(  # noqa: PLR0913, PLR0917 - one argument per option
    context: Context,
    /,
    plan_word: str,
    party_word: str,
    method: str,
    by_itself: bool,  # noqa: FBT001 - a flag of the command line
    although_restricted: bool,  # noqa: FBT001 - a flag of the command line
    grace_days: int,
    decided_on: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
    **wished: Any,  # noqa: ANN401 - the options of a wish
) -> None:
    """Decide when and how a party is informed."""
    from pdca.schedules.inform import SetInformation
    from pdca.schedules.manner import Manner

    house = open_house(context)
    with house.reading() as connection:
        plan_id, party = find_plan(connection, plan_word), str(find_party(connection, party_word)["party_id"])
    manner = Manner(method, by_itself, although_restricted, grace_days)
    command = SetInformation(plan_id, party, manner, wish_of(**wished), reason, parse_day("--decided-on", decided_on))
    _decide(context, command, dry_run=dry_run)


@information.command(
    "stop",
    cls=Command,
    short_help=N_("Decide that a party is informed no longer."),
    help=N_(
        "Decide, as one of the project group, that a party is not informed of the plan any more. The moments to come "
        "are cancelled; what was sent stays on record."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@_FOR
@click.option("--decided-on", metavar="DATE", help=N_("The day on which it was decided; otherwise today."))
@reason_required
@dry_run_option
@pass_context
def stop(
    context: Context,
    plan_word: str,
    party_word: str,
    decided_on: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Decide that a party is informed no longer."""
    from pdca.schedules.inform import SetInformation

    house = open_house(context)
    with house.reading() as connection:
        plan_id, party = find_plan(connection, plan_word), str(find_party(connection, party_word)["party_id"])
    command = SetInformation(plan_id, party, None, None, reason, parse_day("--decided-on", decided_on))
    _decide(context, command, dry_run=dry_run)


def _decide(context: Context, command: Any, *, dry_run: bool) -> None:  # noqa: ANN401 - loaded by who decides only
    from pdca.cli.information_words import EFFECTS, said
    from pdca.cli.schedule_words import decided
    from pdca.report.information import decisions

    with open_house(context).performing(command, dry_run=dry_run) as (uow, outcome):
        check(outcome, command.plan_id, dry_run=dry_run)
        number = outcome.summary["number"]
        decision = next(one for one in decisions(uow.connection, command.plan_id) if one["number"] == number)
    blocks = decided(outcome, said(decision), EFFECTS)
    emit_done(context, "pdca.information-set/1", outcome, blocks, more={"decision": decision}, dry_run=dry_run)


@information.command(
    "show",
    cls=Command,
    short_help=N_("Show who is informed of a plan, when and how, and what was sent."),
    help=N_(
        "Show every decision about informing others of a plan, every moment with its report, what was sent to whom by "
        "which method with what receipt, and what they said back."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@pass_context
def show(context: Context, plan_word: str) -> None:
    """Show how others are informed of a plan."""
    from pdca.cli.information_words import page
    from pdca.report.information import decisions, moments, reports
    from pdca.report.partners import reactions

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        view = {
            "plan": plan_id,
            "decisions": decisions(connection, plan_id),
            "moments": moments(connection, plan_id),
            "reports": reports(connection, house.now(connection), plan_id),
            "reactions": [one for one in reactions(connection) if one["plan_id"] == plan_id],
        }
    emit_object(context, "pdca.plan-information/1", view, human=lambda: page(view))


@information.command(
    "preview",
    cls=ListCommand,
    short_help=N_("Show the dates on which a party would be informed."),
    help=N_(
        "Show the dates on which a party would be informed by `pdca information set` with the same dates and rules, "
        "and why each one moves off the day that was stated. Nothing is decided."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@_FOR
@wish_options("dates", "rules", "exceptions", "start", "until", "at", "zone", "roll")
@pass_context
def preview(
    context: Context,
    /,
    plan_word: str,
    party_word: str,
    **wished: Any,  # noqa: ANN401 - the options of a wish
) -> None:
    """Show the dates to come."""
    from pdca.cli.information_words import PREVIEW
    from pdca.report.schedules import previewed
    from pdca.schedules.information_preview import look_ahead

    house = open_house(context)
    with house.reading() as connection:
        now = house.now(connection)
        plan_id, party = find_plan(connection, plan_word), str(find_party(connection, party_word)["party_id"])
        schedule, found, there = look_ahead(connection, plan_id, party, wish_of(**wished), now)
        rows = previewed(schedule, found, now, there, "information")
    more = {"plan": plan_id, "party": party}
    emit_list(context, "moments", PREVIEW, rows, more=more, empty=_("No date is still to come."))


def _party(row: Row) -> str:
    return marked(localized(row["party_name"]), row["party_assumed"])


@information.command("list", cls=ListCommand, short_help=N_("List by plan who is informed, how, and when next."))
@of_plan_option
@pass_context
def list_(context: Context, plan_word: str | None) -> None:
    """List the decisions in force."""
    from pdca.cli.information_words import when
    from pdca.cli.schedule_words import day_cell
    from pdca.report.information import in_force

    columns: tuple[Column, ...] = (
        Column("plan_id", N_("Plan"), whole=True),
        Column("party_name", N_("Recipient"), show=_party),
        Column("method", N_("Method"), show=lambda row: method_named(row["method"])),
        Column("words", N_("When"), show=lambda row: in_a_row(row["words"])),
        Column("next_date", N_("Next"), whole=True, show=day_cell("next_date")),
        Column("plan_title", N_("Title of the plan"), show=lambda row: title({**row, "title": row["plan_title"]})),
    )
    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = [{**row, "words": when(row)} for row in in_force(connection) if plan_id in (None, row["plan_id"])]
    fields = (
        columns[0],
        Column("party_id", "Recipient"),
        Column("number", "Decision"),
        *columns[2:5],
        Column("by_itself", "By itself"),
        Column("although_restricted", "Although restricted"),
        Column("grace_days", "Grace days"),
        Column("decided_on", "Decided on"),
        Column("decided_by_name", "Decided by"),
        *columns[5:],
        *MARKS,
        Column("party_assumed", "Recipient is assumed"),
    )
    empty = _("No project group has decided whom it informs, and when.")
    emit_rows(context, "information", columns, fields, rows, empty=empty)


REPORTS: Final = (
    Column("report_id", N_("Report"), whole=True),
    Column("plan_id", N_("Plan"), whole=True),
    Column("due_date", N_("Date"), whole=True),
    Column("party_name", N_("Recipient"), show=_party),
    Column("method", N_("Method"), show=lambda row: method_named(row["method"])),
    Column("status", N_("Status"), show=lambda row: spoken(REPORT_STATUS, row["status"])),
)
NOT_GONE: Final = Column(
    "not_gone", N_("Not gone because"), show=lambda row: " ".join(one["need"] for one in row["not_gone"])
)
REPORT_FIELDS: Final = (
    *REPORTS[:2],
    Column("information_id", "Moment"),
    REPORTS[2],
    Column("party_id", "Recipient"),
    Column("audience", "Audience"),
    *REPORTS[4:],
    Column("since", "Since"),
    Column("prepared_at", "Prepared"),
    Column("approved_by", "Approved by"),
    Column("approved_at", "Approved"),
    Column("sent_at", "Handed over"),
    Column("hashes", "Hashes"),
    Column("not_gone", "Not gone because"),
    Column("restricted", "Restricted"),
    Column("assumed", "Assumed"),
    Column("party_assumed", "Recipient is assumed"),
)


@information.command(
    "reports", cls=ListCommand, short_help=N_("List the reports that were prepared, and where each stands.")
)
@of_plan_option
@click.option("--open", "only_open", is_flag=True, help=N_("Only those that have no receipt yet."))
@pass_context
def reports_(context: Context, plan_word: str | None, only_open: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List the reports."""
    from pdca.report.information import reports

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = [
            row
            for row in reports(connection, house.now(connection), plan_id)
            if not only_open or row["status"] not in ("informed", "replaced", "cancelled")
        ]
    columns = (*REPORTS, NOT_GONE) if any(row["not_gone"] for row in rows) else REPORTS
    emit_rows(context, "reports", columns, REPORT_FIELDS, rows, empty=_("There are no such reports."))
