"""`pdca plan approvals`: what was approved of a plan, and what became of it."""

import click

from pdca.cli.approval_words import COLUMNS, FIELDS
from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows
from pdca.i18n import N_, _


@click.command(
    "approvals",
    cls=ListCommand,
    short_help=N_("List who approved what of a plan, and what became of it."),
    help=N_(
        "List the approvals of a plan and what became of each: it holds, it was used by the step that it was for, or "
        "it is void because the plan was changed. An approval is for exactly one content, whose SHA-256 stands with "
        "it; of one that was used it is said when the plan was changed since, and by which event."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@pass_context
def approvals(context: Context, plan_word: str) -> None:
    """List the approvals of a plan."""
    from pdca.report.approvals import approvals_of
    from pdca.store.reads import plans

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        rows = approvals_of(connection, connection.one(plans.PLAN, plan_id=plan_id) or {}, house.now(connection))
    empty = _("Nobody has approved anything of %(plan)s yet.") % {"plan": plan_id}
    emit_rows(context, "approvals", COLUMNS, FIELDS, rows, empty=empty)
