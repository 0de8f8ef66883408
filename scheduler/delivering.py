"""`pdca notify deliver`: send what waits in the outbox, now."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import Block, Column, Heading, Table, emit_object
from pdca.cli.words import DRY_RUN
from pdca.errors import Failed, PartlySent, PdcaError, TryAgain
from pdca.i18n import N_, _, ngettext
from pdca.report.messages import due
from scheduler import withdraw
from scheduler.channels import from_settings
from scheduler.deliver import MOST, DeliveryCounts, run_until_done
from scheduler.inform import confirm

COLUMNS: Final = (
    Column("notification_id", N_("Message"), whole=True),
    Column("kind", N_("What")),
    Column("person", N_("Person"), whole=True),
    Column("person_name", N_("Recipient")),
)


@click.command(
    "deliver",
    cls=Command,
    short_help=N_("Send what waits to be sent."),
    help=N_(
        "Send what is due to be sent, each by its channel, and record what became of it. On PostgreSQL several "
        "deliverers share what waits; on SQLite one works at a time for each channel. Reports that do not go by mail "
        "are handed over by `pdca information send "
        "--all-approved`. Letters and pages that tell what may not be shown any more are taken out of their folder, "
        "and the site there is written anew. Exits with 6 when some messages went out and others did not, with 75 when "
        "none did and they are tried again later."
    ),
)
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="NUMBER", help=N_("At most so many by each channel; otherwise all.")
)
@dry_run_option
@pass_context
def deliver(context: Context, limit: int | None, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Deliver the outbox."""
    house = open_house(context, "scheduler")
    if dry_run:
        with house.reading() as connection:
            house.scheduler(connection)
            rows = due(connection, house.now(connection), limit or MOST)
        waiting = {"notifications": rows, "dry_run": True}
        emit_object(context, "pdca.delivery/1", waiting, human=lambda: _would_send(rows))
        return
    counts = run_until_done(house, lambda name: from_settings(context.settings, name), limit=limit or MOST)
    # Of a report of which every mail has left, that is noted; what may not be shown any more is taken back.
    confirm(house)
    withdraw.run_once(house, context.settings.information_folder)
    view = {**asdict(counts), "dry_run": False}
    emit_object(context, "pdca.delivery/1", view, human=lambda: [_in_words(view)])
    failure = failure_of(counts)
    if failure is not None:
        raise failure


def failure_of(counts: DeliveryCounts) -> PdcaError | None:
    """Give the error that tells that not everything went out; None when all did, or another deliverer is at it."""
    hint = _("`pdca notify list` says why.")
    unsent = counts.later + counts.dead
    if not unsent:
        return None
    numbers = {"sent": counts.sent, "later": counts.later, "dead": counts.dead}
    if counts.sent:
        words = _("Sent: %(sent)s; to be tried again: %(later)s; given up: %(dead)s.") % numbers
        return PartlySent("partly-sent", words, hint=hint)
    if counts.later:
        return TryAgain("nothing-sent", _("Nothing could be sent now; it is tried again later."), hint=hint)
    return Failed("given-up", _("Nothing could be sent; it was given up."), hint=hint)


def _in_words(view: Mapping[str, Any]) -> str:
    if not (view["sent"] or view["later"] or view["dead"]):
        if view["elsewhere"]:
            return _("Another deliverer is at work; nothing was done.")
        return _("Nothing was due to be sent.")
    words = ngettext("%(count)s message sent", "%(count)s messages sent", view["sent"]) % {"count": view["sent"]}
    if view["later"]:
        words += ", " + _("%(count)s to be tried again") % {"count": view["later"]}
    if view["dead"]:
        words += ", " + _("%(count)s given up") % {"count": view["dead"]}
    if view["elsewhere"]:
        words += ", " + _("another deliverer does the rest")
    return words + "."


def _would_send(rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return [_("Nothing was due to be sent."), _(DRY_RUN)]
    words = ngettext("%(count)s message would be sent:", "%(count)s messages would be sent:", len(rows))
    return [Heading(words % {"count": len(rows)}), Table(COLUMNS, rows), _(DRY_RUN)]
