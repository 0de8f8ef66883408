"""`pdca followup`: what one cycle leaves to a later one, which answers it."""

from typing import TYPE_CHECKING, Final

import click

from pdca.cli.cells import Column, Row
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.party import find_party
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.i18n import N_, _, localized
from pdca.words import FOLLOW_UP_STATUS, marked, spoken

if TYPE_CHECKING:
    from pdca.cycles.follow_up import Answer

followup = Group("followup", short_help=N_("List, raise and answer what a later cycle has to follow up."))


def _owner(row: Row) -> str:
    return marked(localized(row["owner_name"]), row["owner_assumed"])


COLUMNS: Final = (
    Column("follow_up_id", N_("Follow-up"), whole=True),
    Column("due_date", N_("Due"), whole=True),
    Column("status", N_("Status"), show=lambda row: spoken(FOLLOW_UP_STATUS, row["status"])),
    Column("owner_name", N_("Owner"), show=_owner),
    Column("title", N_("What is to be done")),
    Column("answer", N_("Answer")),
)
FIELDS: Final = (
    Column("follow_up_id", "Follow-up"),
    Column("plan_id", "Plan"),
    Column("raised_in", "Raised in cycle"),
    Column("cycle", "Cycle"),
    Column("due_date", "Due"),
    Column("status", "Status"),
    Column("owner_id", "Owner"),
    Column("title", "What is to be done"),
    Column("answer", "Answer"),
    Column("raised_at", "Raised"),
    Column("answered_at", "Answered"),
    Column("restricted", "Restricted"),
    Column("owner_assumed", "Owner is assumed"),
)


@followup.command("list", cls=ListCommand, short_help=N_("List what was left to be followed up, and what came of it."))
@of_plan_option
@click.option("--open", "only_open", is_flag=True, help=N_("Only those that are not answered."))
@pass_context
def list_(context: Context, plan_word: str | None, only_open: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List the follow-ups."""
    from pdca.report.cycles import follow_ups

    with open_house(context).reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = [
            row
            for row in follow_ups(connection)
            if plan_id in (None, row["plan_id"]) and (row["status"] == "open" or not only_open)
        ]
    emit_rows(context, "follow_ups", COLUMNS, FIELDS, rows, empty=_("There are no such follow-ups."))


@followup.command(
    "add",
    cls=Command,
    short_help=N_("Leave an action to the next cycle, with an owner and a day."),
    help=N_(
        "Leave an action to the next cycle of a plan, with who answers for it and by when. The evaluation of the next "
        "cycle is not concluded before it is answered. The project group does this."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--title", required=True, help=N_("What is to be done."))
@click.option("--owner", required=True, metavar="PARTY", help=N_("Who answers for it: a function or a stakeholder."))
@click.option("--due", required=True, metavar="DATE", help=N_("By when it is to be done."))
@dry_run_option
@pass_context
def add(
    context: Context,
    plan_word: str,
    title: str,
    owner: str,
    due: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Leave an action to the next cycle."""
    from pdca.cycles.follow_up import RaiseFollowUp

    day = parse_day("--due", due)
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
        party = str(find_party(connection, owner)["party_id"])
    command = RaiseFollowUp(plan_id, title, party, day)
    outcome = check(house.apply(command, dry_run=dry_run), plan_id, dry_run=dry_run)
    lines = [_("%(follow_up)s is to be answered before the next evaluation is concluded.") % outcome.summary]
    emit_done(context, "pdca.follow-up/1", outcome, lines, dry_run=dry_run)


_ANSWERS: Final[tuple["Answer", ...]] = ("done", "dropped", "carried")


@followup.command(
    "answer",
    cls=Command,
    short_help=N_("Say that a follow-up was done, is dropped or is carried over, and why."),
    help=N_(
        "Say what became of a follow-up, and why: --done, --dropped, or --carried to this cycle with another day in "
        "--due; the cycle after it then has to answer it."
    ),
)
@click.argument("follow_up_id", metavar="FOLLOW-UP")
@click.option("--done", is_flag=True, help=N_("It was done."))
@click.option("--dropped", is_flag=True, help=N_("It is not done any more."))
@click.option("--carried", is_flag=True, help=N_("It is carried over, to the day in --due."))
@click.option("--due", metavar="DATE", help=N_("With --carried: by when it is to be done now."))
@click.option("--reason", required=True, help=N_("What came of it, or why not."))
@dry_run_option
@pass_context
def answer_(
    context: Context,
    /,
    follow_up_id: str,
    due: str | None,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
    **said: bool,
) -> None:
    """Answer a follow-up."""
    from pdca.cycles.follow_up import AnswerFollowUp

    day = parse_day("--due", due)
    answers = [one for one in _ANSWERS if said[one]]
    if len(answers) != 1 or (day is not None and answers != ["carried"]):
        raise Usage(
            "answer-unclear",
            _("Say one of --done, --dropped, and --carried with --due DATE."),
            hint=_("`pdca followup list --open` lists those that wait for an answer."),
        )
    [answer] = answers
    command = AnswerFollowUp(follow_up_id.upper(), answer, reason, day)
    outcome = check(open_house(context).apply(command, dry_run=dry_run), command.follow_up_id, dry_run=dry_run)
    lines = [
        _("%(follow_up)s is carried over to this cycle.") % outcome.summary
        if answer == "carried"
        else _("%(follow_up)s is answered.") % outcome.summary
    ]
    emit_done(context, "pdca.follow-up-answered/1", outcome, lines, dry_run=dry_run)
