"""`pdca information prepare | approve | receipt | report`: a report from when it is prepared until it is received."""

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, open_house
from pdca.cli.output import emit_object
from pdca.cli.words import parse_day
from pdca.i18n import N_, _


@click.command(
    "prepare",
    cls=Command,
    short_help=N_("Prepare the report of a moment now, or anew."),
    help=N_(
        "Prepare the report of a moment of information before its day, or anew when what was prepared is not to be "
        "sent: its facts and its pages are frozen as they are now. Somebody else of the project group approves it."
    ),
)
@click.argument("moment", metavar="MOMENT")
@dry_run_option
@pass_context
def prepare(context: Context, moment: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Prepare a report."""
    from pdca.information.prepare import PrepareReport

    name = moment.upper()
    outcome = check(open_house(context).apply(PrepareReport(name), dry_run=dry_run), name, dry_run=dry_run)
    lines = [_("%(report)s is prepared for %(information)s.") % outcome.summary]
    if outcome.summary["status"] == "prepared":
        lines.append(_("It is approved with `pdca information approve %(report)s`.") % outcome.summary)
    emit_done(context, "pdca.information-prepared/1", outcome, lines, dry_run=dry_run)


@click.command(
    "approve",
    cls=Command,
    short_help=N_("Approve a report; a mail then goes."),
    help=N_(
        "Approve a report as it was prepared, as one of the project group; who prepared it by hand does not. A mail is "
        "then handed to the outbox, a letter or a page written by the scheduler or by `pdca information send`, and "
        "what is presented at a meeting is recorded with `pdca information receipt`."
    ),
)
@click.argument("report_word", metavar="REPORT")
@click.option("--reason", help=N_("Why, where that has to be said."))
@dry_run_option
@pass_context
def approve(
    context: Context,
    report_word: str,
    reason: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Approve a report."""
    from pdca.information.approve import ApproveReport

    name = report_word.upper()
    outcome = check(open_house(context).apply(ApproveReport(name, reason), dry_run=dry_run), name, dry_run=dry_run)
    texts = {
        "mail": _("The mail waits to be sent: `pdca notify deliver`."),
        "letter": _("The letter is written by the scheduler, or now by `pdca information send %(report)s`."),
        "meeting": _(
            "Once it was presented: `pdca information receipt %(report)s --on DATE --received-by WHO --reference …`."
        ),
        "web": _("The page is written by the scheduler, or now by `pdca information send %(report)s`."),
        "webhook": _("It is handed over by the scheduler, or now by `pdca information send %(report)s`."),
    }
    lines = [_("%(report)s is approved.") % outcome.summary, texts[outcome.summary["method"]] % outcome.summary]
    emit_done(context, "pdca.information-approved/1", outcome, lines, dry_run=dry_run)


@click.command(
    "receipt",
    cls=Command,
    short_help=N_("Record that a letter was posted or a meeting held."),
    help=N_(
        "Record what was done by hand with a report that was handed over: on which day the letter was posted and to "
        "whom, with its postal number, or the report was presented, to whom, and where that stands in the minutes. "
        "With it the recipient counts as informed."
    ),
)
@click.argument("report_word", metavar="REPORT")
@click.option("--on", "on_", metavar="DATE", required=True, help=N_("The day on which it was posted or presented."))
@click.option("--reference", required=True, help=N_("What proves it: the postal number, or the place in the minutes."))
@click.option(
    "--received-by",
    metavar="WHO",
    required=True,
    help=N_("Who received it: to whom the letter was addressed, or who heard the report at the meeting."),
)
@click.option("--language", help=N_("In which language it went, such as fr; otherwise in that of its letter."))
@dry_run_option
@pass_context
def receipt(
    context: Context,
    report_word: str,
    on_: str,
    reference: str,
    received_by: str,
    language: str | None,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record a receipt."""
    from pdca.information.receive import RecordReceipt

    day = parse_day("--on", on_)
    name = report_word.upper()
    command = RecordReceipt(name, day, reference, received_by, language)
    outcome = check(open_house(context).apply(command, dry_run=dry_run), name, dry_run=dry_run)
    lines = [_("%(report)s: the receipt is recorded (%(reference)s).") % outcome.summary]
    emit_done(context, "pdca.information-receipt/1", outcome, lines, dry_run=dry_run)


@click.command(
    "report",
    cls=Command,
    short_help=N_("Show a report: its hash, approval, receipts, reactions."),
    help=N_(
        "Show where a report stands: for whom it was prepared and when, the hash of each page, who approved it, "
        "by which mails or letters it went with what receipt, and what was said back. With --page the page "
        "itself is written, as it was frozen; when it is not that any more, as its hash says, it is refused."
    ),
)
@click.argument("report_word", metavar="REPORT")
@click.option("--page", metavar="LANGUAGE", help=N_("Write the page in this language, as HTML, and nothing else."))
@pass_context
def report(context: Context, report_word: str, page: str | None) -> None:
    """Show a report."""
    from pdca.cli.information_words import report_page
    from pdca.information.finding import report_unknown
    from pdca.information.hand_over import page_of
    from pdca.report.information import report as view_of

    name = report_word.upper()
    house = open_house(context)
    with house.reading() as connection:
        view = view_of(connection, name, house.now(connection))
        if view is None:
            raise report_unknown(name)
        html = page_of(connection, name, page) if page is not None else None
    if html is not None:
        click.echo(html, nl=False)
        return
    emit_object(context, "pdca.information-report/1", view, human=lambda: report_page(view))
