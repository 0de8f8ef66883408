"""`pdca evaluation acknowledge` and `pdca plan acknowledge`: taking up what is overdue, so that nobody else is told."""

from typing import TYPE_CHECKING

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.words import parse_day
from pdca.i18n import N_, _

if TYPE_CHECKING:
    from pdca.evaluations.acknowledge import Acknowledge

_until_option = click.option(
    "--until", metavar="DATE", help=N_("Until this day; the ladder goes on then if it is not done. Otherwise for good.")
)


@click.command(
    "acknowledge",
    cls=Command,
    short_help=N_("Take up an overdue evaluation, so that nobody else is told of it."),
    help=N_(
        "Say that an evaluation that is overdue, or was missed, is taken up. It stays overdue in every report, with "
        "who took it up; the ladder stops for good, or with --until until that day. Who belongs to the project group "
        "or was told of it does this."
    ),
)
@click.argument("evaluation_id", metavar="EVALUATION")
@_until_option
@reason_required
@dry_run_option
@pass_context
def of_evaluation(
    context: Context,
    evaluation_id: str,
    until: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Take up an evaluation."""
    from pdca.evaluations.acknowledge import Acknowledge
    from pdca.evaluations.find import find

    day = parse_day("--until", until)
    with open_house(context).reading() as connection:
        row = find(connection, evaluation_id)
    command = Acknowledge(row["plan_id"], reason, day, row["evaluation_id"])
    _taken_up(context, command, row["evaluation_id"], until, dry_run=dry_run)


@click.command(
    "acknowledge",
    cls=Command,
    short_help=N_("Take up what is overdue of a plan, so that nobody else is told of it."),
    help=N_(
        "Say that what is overdue of a plan is taken up: its start, the decision after an evaluation, its group, a "
        "follow-up, or to look at it again. It stays overdue in every report, with who took it up; the ladder stops "
        "for good, or with --until until that day. Who belongs to the project group or was told of it does this. An "
        "evaluation is taken up with `pdca evaluation acknowledge`."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@_until_option
@reason_required
@dry_run_option
@pass_context
def of_plan(
    context: Context,
    plan_word: str,
    until: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Take up what is overdue of a plan."""
    from pdca.evaluations.acknowledge import Acknowledge

    day = parse_day("--until", until)
    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word)
    _taken_up(context, Acknowledge(plan_id, reason, day), plan_id, until, dry_run=dry_run)


def _taken_up(context: Context, command: "Acknowledge", subject: str, until: str | None, *, dry_run: bool) -> None:
    outcome = check(open_house(context).apply(command, dry_run=dry_run), subject, dry_run=dry_run)
    words = {"subject": subject, "until": until}
    if until is None:
        line = _("%(subject)s is taken up: it stays overdue, and nobody else is told.") % words
    elif any(one["next_at"] for one in outcome.summary["acknowledged"]):
        line = _("%(subject)s is taken up until %(until)s; the ladder goes on then if it is not done.") % words
    else:
        line = (
            _("%(subject)s is taken up until %(until)s; the whole ladder has been told, so nobody is told then.")
            % words
        )
    emit_done(context, "pdca.acknowledged/1", outcome, [line], dry_run=dry_run)
