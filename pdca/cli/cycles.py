"""`pdca plan predict` and `pdca plan cycles`: what a cycle is expected to bring about, and what each came to."""

from typing import Final

import click

from pdca.cli.cells import Column, Row
from pdca.cli.context import Context
from pdca.cli.frame import Command, ListCommand, dry_run_option, pass_context
from pdca.cli.given import emit_done
from pdca.cli.house import check, find_plan, open_house
from pdca.cli.naming import shows_table
from pdca.cli.output import emit_list
from pdca.cli.words import day
from pdca.i18n import N_, _, localized
from pdca.words import ACTIVITY_DECISIONS, FOLLOW_UP_STATUS, VERDICTS, spoken


@click.command(
    "predict",
    cls=Command,
    short_help=N_("Write what the next cycle of a plan is expected to bring about."),
    help=N_(
        "Write what a cycle is expected to bring about, as one of the project group, before the cycle begins: in Plan, "
        "or in Adjust for the cycle that follows. Once it has begun the prediction is locked, and the evaluation shows "
        "it beside the result."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--text", required=True, help=N_("What is expected, and by when."))
@dry_run_option
@pass_context
def predict(context: Context, plan_word: str, text: str, dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Write a prediction."""
    from pdca.cycles.predict import Predict

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word)
    outcome = check(house.apply(Predict(plan_id, text), dry_run=dry_run), plan_id, dry_run=dry_run)
    lines = [
        _("The prediction for cycle %(cycle)s of %(plan)s is written.") % outcome.summary
        if outcome.events
        else _("Everything was so already; nothing was changed.")
    ]
    emit_done(context, "pdca.predicted/1", outcome, lines, dry_run=dry_run)


def _evaluations(row: Row) -> str:
    return ", ".join(one["evaluation_id"] for one in row["evaluations"])


def _verdict(row: Row) -> str:
    """The verdict of the cycle; where it was evaluated more than once, each with its evaluation."""
    judged = [one for one in row["evaluations"] if one["verdict"]]
    if len(judged) > 1:
        return ", ".join(f"{one['evaluation_id']} {spoken(VERDICTS, one['verdict'])}" for one in judged)
    return ", ".join(spoken(VERDICTS, one["verdict"]) for one in judged)


def _decision(row: Row) -> str:
    words = localized(row["decision_label"]) if row["decision_label"] else row["decision"] or ""
    return _("%(step)s: %(reason)s") % {"step": words, "reason": row["motive"]} if row["motive"] else words


def _activities(row: Row) -> str:
    return ", ".join(
        f"{one['activity_id'].partition('/')[2]} {spoken(ACTIVITY_DECISIONS, one['decision'])}"
        for one in row["activities"]
    )


def _left(row: Row) -> str:
    return ", ".join(
        f"{one['follow_up_id'].partition('/')[2]} {spoken(FOLLOW_UP_STATUS, one['status'])}"
        for one in row["follow_ups"]
    )


COLUMNS: Final = (
    Column("cycle", N_("Cycle"), right=True),
    Column("started_at", N_("Started"), whole=True, show=lambda row: day(row["started_at"], row["zone"])),
    Column("recorded_at", N_("Evaluated"), whole=True, show=lambda row: day(row["recorded_at"], row["zone"])),
    Column("evaluation_id", N_("Evaluation"), whole=True, show=_evaluations),
    Column("verdict", N_("Verdict"), show=_verdict),
    Column("decision", N_("Decision"), show=_decision),
    Column("activities", N_("Activities"), show=_activities),
    Column("follow_ups", N_("Follow-ups"), show=_left),
)
FIELDS: Final = (
    Column("cycle", "Cycle"),
    Column("prediction", "Prediction"),
    Column("started_at", "Started"),
    Column("evaluation_id", "Evaluation"),
    Column("recorded_at", "Evaluated"),
    Column("verdict", "Verdict"),
    Column("lessons", "Lessons"),
    Column("evaluations", "All evaluations", show=_verdict),
    Column("decision", "Decision"),
    Column("decided_at", "Decided"),
    Column("motive", "Motive"),
    Column("activities", "Activities", show=_activities),
    Column("follow_ups", "Follow-ups", show=_left),
)


@click.command(
    "cycles",
    cls=ListCommand,
    short_help=N_("Show the cycles of a plan: evaluated, judged, decided, and what was left to follow up."),
    help=N_(
        "Show one line for each cycle of a plan: when it started and was evaluated, the verdict, what was decided and "
        "why, what became of the activities, and what was left to follow up."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@pass_context
def cycles(context: Context, plan_word: str) -> None:
    """Show the cycles of a plan."""
    from pdca.report.cycles import listed

    with open_house(context).reading() as connection:
        rows = listed(connection, find_plan(connection, plan_word))
    emit_list(context, "cycles", COLUMNS if shows_table(context) else FIELDS, rows)
