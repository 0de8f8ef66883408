"""`pdca evaluation`: the moments at which plans are evaluated, and what was found."""

import click

from pdca.cli.cells import MARKS, marked, spoken
from pdca.cli.context import Context
from pdca.cli.frame import Command, Group, ListCommand, dry_run_option, pass_context, reason_required
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.output import Column, Row
from pdca.cli.words import (
    BECAUSE,
    EVALUATION_STATUS,
    OVERDUE,
    TAKEN_UP,
    VERDICTS,
    kind_of_evaluation,
    moved,
    parse_day,
    taken_up,
    title,
)
from pdca.errors import Usage
from pdca.i18n import N_, _
from pdca.plans.acknowledgements import in_force
from pdca.report.plans import opened
from pdca.report.reminding import taken_up_now
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations as statements
from workflows.instants import to_text

evaluation = Group(
    "evaluation",
    short_help=N_("List, record and show evaluations."),
    lazy={
        "acknowledge": (
            "pdca.cli.acknowledging:of_evaluation",
            N_("Take up an overdue evaluation, so that nobody else is told of it."),
        ),
        "add": ("pdca.cli.evaluation_add:add", N_("Fix one more evaluation of a plan, on a day of its own.")),
        "record": (
            "pdca.cli.evaluation_record:record",
            N_("Record what an open evaluation found; it cannot be edited afterwards."),
        ),
        "show": ("pdca.cli.evaluation_show:show", N_("Show the whole record of an evaluation on one page.")),
        "verify": (
            "pdca.cli.evaluation_show:verify",
            N_("Check that what was frozen with every recorded evaluation still is what it was."),
        ),
    },
)


def _status(row: Row) -> str:
    words = spoken(EVALUATION_STATUS, row["status"])
    if row["missed_because"]:
        words += f" ({spoken(BECAUSE, row['missed_because'])})"
    if row["overdue_at"] and row["status"] == "open":
        words += f" ({_(OVERDUE)})"
    return f"{words}{taken_up(row)}"


def _due(row: Row) -> str:
    date = marked(row["due_date"], row["assumed"])
    if row["extensions"]:
        date += f" ({moved(row)})"
    return date


def _title(row: Row) -> str:
    return title({"title": row["plan_title"], "restricted": row["restricted"], "assumed": row["plan_assumed"]})


COLUMNS = (
    Column("evaluation_id", N_("Evaluation"), whole=True),
    Column("plan_id", N_("Plan"), whole=True),
    Column("due_date", N_("Date"), whole=True, show=_due),
    Column("kind", N_("Kind"), show=kind_of_evaluation),
    Column("status", N_("Status"), show=_status),
    Column("verdict", N_("Verdict"), show=lambda row: spoken(VERDICTS, row["verdict"]) if row["verdict"] else ""),
    Column("plan_title", N_("Title of the plan"), show=_title),
)
FIELDS = (
    *COLUMNS,
    Column("first_due_at", "First date", whole=True),
    Column("extensions", "Extensions"),
    *MARKS,
    Column("plan_assumed", "Plan is assumed"),
    *TAKEN_UP,
)


@evaluation.command("list", cls=ListCommand, short_help=N_("List the evaluations, by date."))
@of_plan_option
@click.option("--status", type=click.Choice(tuple(EVALUATION_STATUS)), help=N_("Only those with this status."))
@pass_context
def list_(context: Context, plan_word: str | None, status: str | None) -> None:
    """List the evaluations."""
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        words, now = taken_up_now(connection), to_text(house.now(connection))
        rows = [
            {
                **opened(row),
                "plan_title": from_json(row["plan_title"]),
                **in_force(words.get(row["evaluation_id"]), now),
            }
            for row in connection.all(statements.ALL)
            if plan_id in (None, row["plan_id"]) and status in (None, row["status"])
        ]
    emit_rows(context, "evaluations", COLUMNS, FIELDS, rows, empty=_("There are no such evaluations."))


@evaluation.command(
    "extend",
    cls=Command,
    short_help=N_("Ask to move an evaluation to a later date, withdraw that, or approve it as somebody else."),
    help=N_(
        "Ask to move a planned evaluation to a later date (--to and --reason); somebody else approves it (--approve "
        "and --reason) before the old date has passed. Who asked, or the project leader, can withdraw what was not "
        "approved yet (--withdraw and --reason). The first date stays visible."
    ),
)
@click.argument("evaluation_id", metavar="EVALUATION")
@click.option("--to", "to_date", metavar="DATE", help=N_("The date to move it to."))
@click.option("--approve", is_flag=True, help=N_("Approve the request of somebody else."))
@click.option("--withdraw", is_flag=True, help=N_("Withdraw the request that waits for approval."))
@reason_required
@dry_run_option
@pass_context
def extend(
    context: Context,
    evaluation_id: str,
    to_date: str | None,
    approve: bool,  # noqa: FBT001 - a flag of the command line
    withdraw: bool,  # noqa: FBT001 - a flag of the command line
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Ask for an extension, approve one, or withdraw it."""
    from pdca.evaluations.extend import ApproveExtension, RequestExtension, WithdrawExtension

    day = parse_day("--to", to_date)
    if sum((day is not None, approve, withdraw)) != 1:
        raise Usage("date-or-approval", _("Say either --to DATE, --approve or --withdraw."))
    identity = evaluation_id.upper()
    command: ApproveExtension | RequestExtension | WithdrawExtension
    if day is not None:
        command = RequestExtension(identity, day, reason)
        template = _("Asked to move %(evaluation)s to %(date)s; somebody else approves it with --approve.")
    elif approve:
        command = ApproveExtension(identity, reason)
        template = _("%(evaluation)s is moved to %(date)s; its first date stays visible.")
    else:
        command = WithdrawExtension(identity, reason)
        template = _("The request to move %(evaluation)s to %(date)s is withdrawn.")
    outcome = check(open_house(context).apply(command, dry_run=dry_run), identity, dry_run=dry_run)
    words = template % {"evaluation": identity, "date": outcome.summary["to_date"]}
    more = {"approved": approve, "withdrawn": withdraw}
    emit_done(context, "pdca.extension/1", outcome, [words], dry_run=dry_run, more=more)
