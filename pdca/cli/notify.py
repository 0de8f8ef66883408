"""`pdca notify`: the messages that people get."""

from contextlib import closing
from typing import Final

import click

from pdca.cli.cells import MARKS
from pdca.cli.context import Context
from pdca.cli.event_words import NOTICES
from pdca.cli.frame import Group, ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.naming import explain_mark, shows_table
from pdca.cli.output import Column, Row, emit_list
from pdca.i18n import N_, _
from pdca.report.messages import listed
from pdca.words import marked, spoken
from workflows.instants import to_the_minute

STATUS: Final = {"pending": N_("waiting"), "sent": N_("sent"), "dead": N_("given up"), "lapsed": N_("lapsed")}
ROLE: Final = {
    "lead": N_("leads the plan"),
    "group": N_("in the project group"),
    "stakeholders": N_("stakeholder"),
    "chief": N_("head of the organisation"),
    "authority": N_("authority"),
    "approver": N_("approved it"),
    "owner": N_("has to follow it up"),
    "asked": N_("is asked to approve it"),
    "informed": N_("is informed of the progress made"),
    "administrator": N_("administers the installation"),
}

notify = Group(
    "notify",
    short_help=N_("List, show and deliver notifications; choose and try their channels."),
    lazy={
        "list": ("pdca.cli.notify:list_", N_("List the messages with what became of them.")),
        "show": ("pdca.cli.notify_change:show", N_("Show one message: headers, text, and what became of it.")),
        "deliver": ("scheduler.delivering:deliver", N_("Send what waits to be sent.")),
        "retry": ("pdca.cli.notify_change:retry", N_("Let messages that were given up be sent again.")),
        "test": ("scheduler.trial:test", N_("Send a message that tries the channels out.")),
        "channels": ("pdca.cli.notify_change:channels", N_("Show, or choose, by which channels people are told.")),
    },
)


def _recipient(row: Row) -> str:
    return f"{marked(row['person_name'], row['assumed'])} ({spoken(ROLE, row['why'])})"


def _when(row: Row) -> str:
    return to_the_minute(row["sent_at"] or row["next_attempt_at"] or row["created_at"])


COLUMNS: Final = (
    Column("notification_id", N_("Message"), whole=True),
    Column("kind", N_("What"), show=lambda row: spoken(NOTICES, row["kind"])),
    Column("person_name", N_("Recipient"), show=_recipient),
    Column("status", N_("Status"), show=lambda row: spoken(STATUS, row["status"])),
    Column("at", N_("When"), whole=True, show=_when),
    Column("last_error", N_("Error")),
)
FIELDS: Final = (
    Column("notification_id", "Message"),
    Column("kind", "What"),
    Column("plan", "Plan"),
    Column("evaluation", "Evaluation"),
    Column("person", "Person"),
    Column("person_name", "To"),
    Column("why", "As"),
    Column("status", "Status"),
    Column("created_at", "Made"),
    Column("sent_at", "Sent"),
    Column("next_attempt_at", "Next attempt"),
    Column("channel", "Channel"),
    Column("attempts", "Attempts"),
    Column("last_error", "Error"),
    Column("sha256", "SHA-256"),
    Column("digest", "Sent together as"),
    *MARKS,
)


@click.command(
    "list",
    cls=ListCommand,
    short_help=N_("List the messages with what became of them."),
    help=N_(
        "List the messages, oldest first, with what became of them. A message that was given up stays in the list: its "
        "error says why."
    ),
)
@click.option("--status", type=click.Choice(tuple(STATUS)), help=N_("Only those with this status."))
@click.option("--plan", "plan_word", metavar="PLAN", help=N_("Only those about this plan."))
@pass_context
def list_(context: Context, status: str | None, plan_word: str | None) -> None:
    """List the messages."""
    with open_house(context).reading() as connection, closing(listed(connection, status)) as every:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = (row for row in every if plan_id in (None, row["plan"]))
        if shows_table(context):
            shown = list(rows)
            emit_list(context, "notifications", COLUMNS, shown, empty=_("There are no such messages."))
            explain_mark(context, shown)
        else:
            emit_list(context, "notifications", FIELDS, rows)
