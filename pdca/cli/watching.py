"""`pdca plan watch`: what was found when a plan in daily operations was looked at again."""

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.words import parse_day
from pdca.i18n import N_, _


@click.command(
    "watch",
    cls=Command,
    short_help=N_("Say that a plan in daily operations was looked at, and when it is again."),
    help=N_(
        "Say, as who leads the plan, what was found when a plan in daily operations was looked at, and on which day it "
        "is looked at again. Where all is not well, `pdca plan advance PLAN --trigger reopen` takes it up again."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--again", required=True, metavar="DATE", help=N_("When it is looked at again."))
@click.option("--found", required=True, metavar="TEXT", help=N_("What was found; it is kept in the log."))
@dry_run_option
@pass_context
def watch(context: Context, plan_word: str, again: str, found: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Look again at a plan."""
    from pdca.plans.watch import LookAgain

    day = parse_day("--again", again)
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
    outcome = check(house.apply(LookAgain(plan_id, day, found), dry_run=dry_run), plan_id, dry_run=dry_run)
    lines = [_("%(plan)s was looked at, and is again on %(again)s.") % outcome.summary]
    emit_done(context, "pdca.watched/1", outcome, lines, dry_run=dry_run)
