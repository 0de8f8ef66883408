"""`pdca plan ask-approval`: tell those who may approve a step of a plan that it waits for them."""

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.i18n import N_, _


@click.command(
    "ask-approval",
    cls=Command,
    short_help=N_("Ask that a step of a plan be approved."),
    help=N_(
        "Ask that a step of a plan be approved, as the plan is now. Who heads the organisation is told, and whoever is "
        "named with --of. Who leads the plan or belongs to its project group asks."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--for", "purpose", metavar="TRIGGER", required=True, help=N_("The step, such as start."))
@click.option("--of", "people", metavar="PERSON", multiple=True, help=N_("Somebody who is asked besides."))
@reason_required
@dry_run_option
@pass_context
def ask_approval(
    context: Context,
    plan_word: str,
    purpose: str,
    people: tuple[str, ...],
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Ask for approval."""
    from pdca.plans.ask_approval import AskApproval

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
    outcome = house.apply(AskApproval(plan_id, purpose, reason, people), dry_run=dry_run)
    check(outcome, plan_id, dry_run=dry_run)
    lines = [_("%(plan)s: approval of “%(purpose)s” is asked, for the plan as it is now.") % outcome.summary]
    emit_done(context, "pdca.approval-asked/1", outcome, lines, dry_run=dry_run)
