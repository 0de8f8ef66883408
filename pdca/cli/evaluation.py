"""`pdca evaluation`: the moments at which plans are evaluated, and what was found."""

import click

from pdca.cli.cells import MARKS
from pdca.cli.context import Context
from pdca.cli.frame import Group, ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.output import Column, Row
from pdca.cli.words import TAKEN_UP, moved, taken_up, title
from pdca.i18n import N_, _
from pdca.plans.acknowledgements import in_force
from pdca.report.plans import opened
from pdca.report.reminding import taken_up_now
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations as statements
from pdca.words import BECAUSE, EVALUATION_STATUS, OVERDUE, VERDICTS, kind_of_evaluation, marked, spoken
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
        "extend": (
            "pdca.cli.extending:of_evaluation",
            N_("Ask to move an evaluation to a later date, withdraw that, or approve it as somebody else."),
        ),
        "record": (
            "pdca.cli.evaluation_record:record",
            N_("Record what an open evaluation found; it cannot be edited afterwards."),
        ),
        "release": (
            "pdca.cli.withholding:release_part",
            N_("Withhold a part of a plan's evaluations from nobody any more."),
        ),
        "show": ("pdca.cli.evaluation_show:show", N_("Show the whole record of an evaluation on one page.")),
        "verify": (
            "pdca.cli.evaluation_show:verify",
            N_("Check that what was frozen with every recorded evaluation still is what it was."),
        ),
        "withhold": (
            "pdca.cli.withholding:withhold_part",
            N_("Withhold a part of a plan's evaluations from partners, the public, or both."),
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
