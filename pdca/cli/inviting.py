"""`pdca person invitations`: whether somebody is invited to evaluations by mail."""

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context
from pdca.cli.given import dry_run_told, what_came
from pdca.cli.house import open_house
from pdca.cli.output import emit_object
from pdca.i18n import N_, _


@click.command(
    "invitations",
    cls=Command,
    short_help=N_("Let a person be invited to evaluations by mail, or not any more."),
    help=N_(
        "Let a person be invited, by messages that calendar programs understand, to the evaluations of the plans that "
        "he or she works on: when one is planned, again when it moves, and with a cancellation when it does not take "
        "place or is not for this person any more. Nobody is invited without wanting it; only the person and "
        "administrators say so."
    ),
)
@click.argument("who", metavar="PERSON")
@click.argument("wish", metavar="yes|no", type=click.Choice(("yes", "no")))
@dry_run_option
@pass_context
def invitations(
    context: Context,
    who: str,
    wish: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Record whether somebody wants to be invited."""
    from pdca.people.invitations import SetInvitations

    outcome = open_house(context).apply(SetInvitations(who, wish == "yes"), dry_run=dry_run)
    view = {**outcome.summary, **what_came(outcome, dry_run=dry_run)}
    words = (
        _("%(person)s is invited to evaluations from now on; the scheduler sends the invitations.")
        if outcome.summary["wanted"]
        else _("%(person)s is not invited to evaluations any more.")
    ) % outcome.summary
    emit_object(context, "pdca.invitations-set/1", view, human=lambda: [words, *dry_run_told(dry_run=dry_run)])
