"""`pdca plan history`: what happened to a plan."""

import click

from pdca import methods
from pdca.cli.context import Context
from pdca.cli.event_words import KINDS
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Column, Row
from pdca.cli.words import BEHALF, behalf
from pdca.i18n import N_, _, localized
from pdca.store.driver import Connection
from pdca.store.reads import plans as statements
from pdca.words import marked, spoken
from workflows.instants import to_the_minute
from workflows.method import Localized

HISTORY_COLUMNS = (
    Column("event", N_("Event"), whole=True, right=True),
    Column("at", N_("When"), whole=True, show=lambda row: to_the_minute(row["at"])),
    Column("kind", N_("What"), show=lambda row: spoken(KINDS, row["kind"]) if row["kind"] in KINDS else row["kind"]),
    Column("from", N_("From state"), show=lambda row: localized(row["from_label"])),
    Column("to", N_("To state"), show=lambda row: localized(row["to_label"])),
    Column("actor_name", N_("Who"), show=lambda row: _who(row) + behalf(row)),
    Column("reason", N_("Why")),
)
HISTORY_FIELDS = (*HISTORY_COLUMNS, *BEHALF, Column("actor_assumed", "Who is assumed"))


@click.command("history", cls=ListCommand, short_help=N_("Show what happened to a plan, from the log."))
@click.argument("plan_word", metavar="PLAN")
@pass_context
def history(context: Context, plan_word: str) -> None:
    """Show what happened to a plan."""
    from pdca.report.log import events_of_plan

    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word)
        labels = _labels(connection, plan_id)
        rows = [
            {**event, **{f"{end}_label": labels.get(event[end], {"en": event[end] or ""}) for end in ("from", "to")}}
            for event in events_of_plan(connection, plan_id)
        ]
    emit_rows(context, "events", HISTORY_COLUMNS, HISTORY_FIELDS, rows)


def _who(row: Row) -> str:
    return _("the scheduler") if row["actor"] == "scheduler" else marked(row["actor_name"], row["actor_assumed"])


def _labels(connection: Connection, plan_id: str) -> dict[str, Localized]:
    """Give what the method of a plan calls each state; one of an earlier version may not be among them."""
    row = connection.one(statements.PLAN, plan_id=plan_id) or {}
    return {one.id: one.label for one in methods.of_plan(connection, row).states}
