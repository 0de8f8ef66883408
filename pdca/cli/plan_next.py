"""`pdca plan next`: what is to be done first, for a person, a plan, or everybody."""

import click

from pdca.cli.cells import MARKS
from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows
from pdca.cli.output import Column
from pdca.cli.words import TAKEN_UP, by_when, taken_up, title, what
from pdca.errors import Usage
from pdca.i18n import N_, _

NEXT_COLUMNS = (
    Column("plan", N_("Plan"), whole=True, show=lambda row: row["plan"] or row["subject"]),
    Column("by", N_("By when"), whole=True, show=by_when),
    Column("what", N_("What"), show=what),
    Column("subject", N_("About"), whole=True),
    Column("late", N_("Overdue"), show=lambda row: _("yes") + taken_up(row) if row["late"] else ""),
    Column("title", N_("Title"), show=title),
    Column("needs", N_("Missing"), right=True, show=lambda row: str(row["needs"] or "")),
    Column("command", N_("Command"), whole=True),
)
NEXT_FIELDS = (
    *NEXT_COLUMNS,
    Column("first_by", "By when at first", whole=True),
    *MARKS,
    *TAKEN_UP,
    Column("waits_for", "Waits for", whole=True),
    Column("not_gone", "Not gone because"),
)


@click.command(
    "next",
    cls=ListCommand,
    short_help=N_("Say what is to be done next and by when, for you or for a plan."),
    help=N_(
        "Say what is to be done first and by when, with the command that does it: deadlines of plans, steps and dates "
        "that wait for your approval, partners who wait for an answer, activities whose end is past, a programme that "
        "the authorities must have. For you, for a plan, or with --all for everybody. What has no date comes last."
    ),
)
@click.argument("plan_word", metavar="PLAN", required=False)
@click.option("--all", "everybody", is_flag=True, help=N_("For everybody, not only for your own plans."))
@pass_context
def next_(context: Context, plan_word: str | None, everybody: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Say what is next."""
    from pdca.report.agenda import agenda

    if everybody and plan_word:
        raise Usage(
            "plan-or-all",
            _("Say either a plan or --all."),
            hint=_("What is next for a plan is the same for everybody."),
        )
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        actor = None if everybody or plan_id else house.actor(connection)
        rows = agenda(connection, house.now(connection), actor, plan_id)
    emit_rows(context, "next", NEXT_COLUMNS, NEXT_FIELDS, rows, empty=_("Nothing is waiting for you."))
