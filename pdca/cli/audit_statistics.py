"""`pdca audit statistics`: what the log adds up to, per plan and altogether."""

from functools import partial
from typing import Final

import click

from pdca.cli.cells import MARKS, Row
from pdca.cli.context import Context
from pdca.cli.frame import ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.log_choice import period, period_options
from pdca.cli.naming import shows_table
from pdca.cli.output import Column
from pdca.cli.words import title
from pdca.i18n import N_, _
from pdca.words import amount

DAY: Final = 86_400
LASTS: Final = "+"
"""Stands behind the time in the phase in which a plan still is."""


def days(seconds: int) -> str:
    """Say seconds in days, to the tenth."""
    return amount(f"{seconds / DAY:.1f}")


def _time(phase: str, row: Row) -> str:
    seconds = row[f"{phase}_seconds"]
    if row["in_phase"] == phase:
        return f"{days(seconds)} {LASTS}"
    return days(seconds) if seconds else ""


def _phase(phase: str, heading: str) -> Column:
    return Column(f"{phase}_seconds", heading, whole=True, right=True, show=partial(_time, phase))


COUNTS: Final = (
    Column("transitions", N_("Steps"), right=True),
    Column("in_time", N_("Held in time"), right=True),
    Column("late", N_("Held late"), right=True),
    Column("missed", N_("Missed"), right=True),
    Column("extended", N_("Put off"), right=True),
    Column("extensions", N_("Times put off"), right=True),
    Column("exceptions", N_("Exceptions"), right=True),
    Column("refused", N_("Refused"), right=True),
)
PHASES: Final = (
    _phase("plan", N_("Plan (days)")),
    _phase("do", N_("Do (days)")),
    _phase("check", N_("Check (days)")),
    _phase("adjust", N_("Adjust (days)")),
    _phase("suspended", N_("At rest (days)")),
)
COLUMNS: Final = (
    Column("plan", N_("Plan"), whole=True, show=lambda row: row["plan"] or _("All")),
    *PHASES,
    *COUNTS,
    Column("title", N_("Title"), show=lambda row: title(row) if row["plan"] else ""),
)
FIELDS: Final = (Column("plan", "Plan"), *PHASES, Column("in_phase", "Phase that lasts"), *COUNTS, *MARKS)


@click.command(
    "statistics",
    cls=ListCommand,
    short_help=N_("Count over the log: time per phase, evaluations in time, put off, exceptions, refusals."),
    help=N_(
        "Count over the log, per plan and in the last line altogether: how long it was in Plan, Do, Check, Adjust and "
        "at rest, how many steps it took, how many evaluations were recorded in time, recorded late or missed, how "
        "many were put off and how often, what was allowed as an exception, and what was refused. A plan is counted "
        "until now in the phase in which it still is, which is marked. With --json exceptions have their reasons."
    ),
)
@of_plan_option
@period_options
@pass_context
def statistics(context: Context, plan_word: str | None, since: str | None, until: str | None) -> None:
    """Count over the log."""
    from pdca.report.log_statistics import statistics as counted

    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        first, end = period(connection, since, until)
        rows = counted(connection, house.now(connection), first, end, plan_id)
    emit_rows(context, "statistics", COLUMNS, FIELDS, rows)
    if shows_table(context) and any(row["in_phase"] for row in rows):
        context.note(_("+ still there: counted until now, or until the end of the period"))
