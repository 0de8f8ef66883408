"""`pdca plan list`: every plan with its state and its next evaluation."""

import click

from pdca import methods
from pdca.cli.cells import MARKS
from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Column
from pdca.cli.words import day, state, title
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.report import plans as views
from pdca.store.driver import Connection
from pdca.store.reads import plans as statements

LIST_COLUMNS = (
    Column("plan_id", N_("Plan"), whole=True),
    Column("slug", N_("Slug"), whole=True),
    Column("state", N_("State"), show=state),
    Column("cycle", N_("Cycle"), right=True),
    Column("lead_id", N_("Lead")),
    Column("next_due_at", N_("Next evaluation"), whole=True, show=lambda row: day(row["next_due_at"], row["zone"])),
    Column("overdue_since", N_("Overdue since"), whole=True, show=lambda row: day(row["overdue_since"], row["zone"])),
    Column("title", N_("Title"), show=title),
)
LIST_FIELDS = (*LIST_COLUMNS, Column("extensions", "Extensions"), *MARKS)


@click.command("list", cls=ListCommand, short_help=N_("List every plan with its state and its next evaluation."))
@click.option("--state", "wanted", metavar="STATE", help=N_("Only plans in this state."))
@pass_context
def list_(context: Context, wanted: str | None) -> None:
    """List every plan."""
    with open_house(context).reading() as connection:
        every = views.listed(connection)
        if wanted is not None:
            _check_state(connection, every, wanted)
    rows = [row for row in every if wanted in (None, row["state"])]
    emit_rows(
        context,
        "plans",
        LIST_COLUMNS,
        LIST_FIELDS,
        rows,
        empty=_("There are no plans yet. Make one with `pdca plan new`, or take some in with `pdca import`."),
    )


def _check_state(connection: Connection, listed: list[views.View], wanted: str) -> None:
    """Refuse a state that no method of a plan or a programme has: an empty list would say that no plan is in it."""
    worked_by = [*listed, *connection.all(statements.PROGRAMMES)]
    states = dict.fromkeys(state for row in worked_by for state in methods.of_plan(connection, row).state_by_id)
    if wanted not in states:
        raise Usage(
            "state-unknown",
            _("“%(state)s” is no state of any plan here.") % {"state": wanted},
            hint=_("The states are: %(states)s.") % {"states": ", ".join(states)} if states else None,
        )
