"""`pdca activity decide`: what Adjust makes of an activity."""

import click

from pdca.cli.activity import find_activity
from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import check, open_house
from pdca.i18n import N_, _
from pdca.words import ACTIVITY_DECISIONS, spoken


@click.command(
    "decide",
    cls=Command,
    short_help=N_("Decide in Adjust what becomes of an activity, and why."),
    help=N_(
        "Decide in Adjust, as one of the project group, what becomes of an activity: adopt it as it is, adapt it, or "
        "abandon it. An abandoned one is dropped. Deciding again in the same cycle takes the place of what was decided."
    ),
)
@click.argument("word", metavar="ACTIVITY")
@click.argument("decision", metavar="DECISION", type=click.Choice(tuple(ACTIVITY_DECISIONS)))
@reason_required
@dry_run_option
@pass_context
def decide(
    context: Context,
    word: str,
    decision: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Decide over an activity."""
    from pdca.cycles.decide import DecideActivity

    house = open_house(context)
    with house.reading() as connection:
        identity = find_activity(connection, word)
    command = DecideActivity(identity.partition("/")[0], identity, decision, reason)
    outcome = check(house.apply(command, dry_run=dry_run), identity, dry_run=dry_run)
    words = {"activity": identity, "decision": spoken(ACTIVITY_DECISIONS, decision)}
    lines = [_("%(activity)s is %(decision)s.") % words]
    emit_done(context, "pdca.activity-decided/1", outcome, lines, dry_run=dry_run)
