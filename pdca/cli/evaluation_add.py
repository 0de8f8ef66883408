"""`pdca evaluation add`: one more moment, as when a recorded evaluation has to be followed by another."""

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, dry_run_option, pass_context, reason_required
from pdca.cli.house import open_house
from pdca.cli.plan_document import Written, emit_rewritten, rewrite_plan
from pdca.cli.words import parse_day
from pdca.i18n import N_, _
from pdca.shapes import check_reason
from pdca.store.reads import evaluations
from pdca.words import EVALUATION_KIND

AD_HOC = "ad_hoc"


@click.command(
    "add",
    cls=Command,
    short_help=N_("Fix one more evaluation of a plan, on a day of its own."),
    help=N_(
        "Fix one more evaluation of a plan, as one of its project group. So a recorded evaluation that was wrong, and "
        "cannot be edited, is followed by another."
    ),
)
@click.argument("plan_word", metavar="PLAN")
@click.option("--date", "on", required=True, metavar="DATE", help=N_("The day of the evaluation."))
@click.option(
    "--kind",
    type=click.Choice(tuple(EVALUATION_KIND)),
    default=AD_HOC,
    help=N_("What kind of evaluation it is; otherwise ad_hoc."),
)
@reason_required
@dry_run_option
@pass_context
def add(
    context: Context,
    plan_word: str,
    on: str,
    kind: str,
    reason: str,
    dry_run: bool,  # noqa: FBT001 - a flag of the command line
) -> None:
    """Fix one more evaluation."""
    day = parse_day("--date", on)
    check_reason(reason)

    def change(written: Written) -> None:
        written.plan.setdefault("evaluations", []).append({"date": day.isoformat(), "kind": kind})

    house = open_house(context)
    found = rewrite_plan(house, plan_word, change, reason=reason, dry_run=dry_run)
    plan_id = found.outcome.summary["plan"]
    identity = None
    if not dry_run:
        with house.reading() as connection:
            moments = connection.all(evaluations.OF_PLAN, plan_id=plan_id)
        identity = next(
            row["evaluation_id"] for row in moments if (row["stated_date"], row["kind"]) == (day.isoformat(), kind)
        )
    line = _("%(plan)s is evaluated on %(date)s.") % {"plan": plan_id, "date": day.isoformat()}
    view = {"evaluation": identity, "date": day.isoformat(), "kind": kind}
    emit_rewritten(context, "pdca.evaluation-added/1", found, view, line, dry_run=dry_run)
