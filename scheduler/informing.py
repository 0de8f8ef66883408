"""`pdca information send`: hand over a report that was approved, or all of them, now."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, open_house
from pdca.cli.output import emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import PartlySent, PdcaError, TryAgain, Usage
from pdca.i18n import N_, _, ngettext
from pdca.store.reads import information
from scheduler.channels import from_settings
from scheduler.inform import InformCounts, hand_over_now, run_once

_ALL: Final = "pdca.information-sent-all/1"


@click.command(
    "send",
    cls=Command,
    short_help=N_("Write or publish what was approved."),
    help=N_(
        "Hand over a report that was approved, without waiting for the scheduler: the letter is written as PDF and the "
        "page as HTML in the folder of the setting information.folder, and where and with which hash is kept as the "
        "receipt. With --all-approved every report that waits goes, as it would with the scheduler: for where none "
        "stays running, beside `pdca scheduler sweep` and `pdca notify deliver`, and with the right that these need. "
        "It then exits with 6 when some went and others could not, with 75 when none could. A mail goes with "
        "`pdca notify deliver`."
    ),
)
@click.argument("report_word", required=False, metavar="[REPORT]")
@click.option("--all-approved", is_flag=True, help=N_("Every report that was approved and not handed over yet."))
@dry_run_option
@pass_context
def send(
    context: Context,
    report_word: str | None,
    all_approved: bool,  # noqa: FBT001 - flags of the command line
    dry_run: bool,  # noqa: FBT001
) -> None:
    """Hand over a report, or all."""
    if (report_word is None) != all_approved:
        raise Usage(
            "which-report",
            _("Name the report, or say --all-approved."),
            hint=_("`pdca information reports --open` shows those that have not arrived."),
        )
    if report_word is None:
        _send_all(context, dry_run=dry_run)
    else:
        _send_one(context, report_word.upper(), dry_run=dry_run)


def _send_all(context: Context, *, dry_run: bool) -> None:
    house = open_house(context, "scheduler")
    if dry_run:
        with house.reading() as connection:
            house.scheduler(connection)
            names = [row["report_id"] for row in connection.all(information.TO_HAND_OVER)]
        waiting = {"reports": names, "dry_run": True}
        emit_object(context, _ALL, waiting, human=lambda: [_would_go(names), _(DRY_RUN)])
        return
    settings = context.settings
    counts = run_once(house, settings.information_folder, lambda channel: from_settings(settings, channel))
    view = {**asdict(counts), "dry_run": False}
    emit_object(context, _ALL, view, human=lambda: [_in_words(view)])
    if counts.failed:
        raise _failure_of(counts)


def _would_go(names: list[str]) -> str:
    if not names:
        return _("Nothing was approved that waits to be handed over.")
    return _("Would be handed over: %(reports)s.") % {"reports": ", ".join(names)}


def _in_words(view: Mapping[str, Any]) -> str:
    if not view["handed_over"] and not view["failed"]:
        return _("Nothing was approved that waits to be handed over.")
    count = view["handed_over"]
    return ngettext("%(count)s report was handed over.", "%(count)s reports were handed over.", count) % {
        "count": count
    }


def _failure_of(counts: InformCounts) -> PdcaError:
    hint = _("`pdca information reports --open` says why.")
    if counts.handed_over:
        words = _("Handed over: %(done)s; could not go: %(failed)s.")
        words %= {"done": counts.handed_over, "failed": counts.failed}
        return PartlySent("reports-partly-handed-over", words, hint=hint)
    words = _("Nothing could be handed over now; it is tried again the next time.")
    return TryAgain("no-report-handed-over", words, hint=hint)


def _send_one(context: Context, name: str, *, dry_run: bool) -> None:
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
