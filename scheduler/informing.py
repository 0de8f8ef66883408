"""`pdca information send`: hand over a report that was approved, now."""

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, open_house
from pdca.i18n import N_, _
from scheduler.channels import from_settings
from scheduler.inform import hand_over_now


@click.command(
    "send",
    cls=Command,
    short_help=N_("Write or publish a report that was approved."),
    help=N_(
        "Hand over a report that was approved, without waiting for the scheduler: the letter is written as PDF and the "
        "page as HTML in the folder of the setting information.folder, and where and with which hash is kept as the "
        "receipt. A mail goes with `pdca notify deliver`."
    ),
)
@click.argument("report_word", metavar="REPORT")
@dry_run_option
@pass_context
def send(context: Context, report_word: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Hand over a report."""
    name = report_word.upper()
    house = open_house(context)
    settings = context.settings
    outcome = hand_over_now(
        house, name, settings.information_folder, lambda channel: from_settings(settings, channel), dry_run=dry_run
    )
    check(outcome, name, dry_run=dry_run)
    lines = [
        _("%(report)s, %(language)s: %(reference)s") % {"report": name, **one} for one in outcome.summary["receipts"]
    ]
    emit_done(context, "pdca.information-sent/1", outcome, lines, dry_run=dry_run)
