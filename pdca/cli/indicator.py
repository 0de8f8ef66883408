"""`pdca indicator`: what is measured, what is aimed at, and every figure as it was known."""

from datetime import time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import click

from pdca.cli.cells import flat
from pdca.cli.context import Context
from pdca.cli.finding import find_indicator
from pdca.cli.frame import Command, Group, ListCommand, pass_context
from pdca.cli.house import find_plan, open_house
from pdca.cli.listing import emit_rows, of_plan_option
from pdca.cli.naming import shows_table
from pdca.cli.output import Column, Row, emit_object
from pdca.cli.table import Screen
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.house import installation
from pdca.i18n import N_, _, localized
from pdca.indicators.find import find_row
from pdca.report.indicators import listed, whole
from pdca.report.readings import reading_of, recorded_of, shapes
from pdca.words import amount, marked
from workflows.schedule import due_instant

indicator = Group(
    "indicator",
    short_help=N_("Show indicators with their targets and figures, and record them."),
    lazy={
        "add": ("pdca.cli.indicator_change:add", N_("Add an indicator.")),
        "set": ("pdca.cli.indicator_change:set_", N_("Change what is said of an indicator.")),
        "tie": ("pdca.cli.indicator_change:tie", N_("Measure a plan by an indicator, from a baseline.")),
        "rebase": ("pdca.cli.indicator_change:rebase", N_("Measure a plan from another baseline, in Adjust.")),
        "target": ("pdca.cli.indicator_target:target", N_("Set a target; adjust or correct one.")),
        "record": ("pdca.cli.indicator_figures:record", N_("Record a figure, or why there is none.")),
        "retain": ("pdca.cli.indicator_figures:retain", N_("Say which of several figures about a period holds.")),
        "break": ("pdca.cli.indicator_figures:break_", N_("Mark from when on it is counted in another way.")),
        "import": ("pdca.cli.indicator_figures:import_", N_("Take in a file of figures.")),
    },
)


def _last(row: Row) -> str:
    if row["last"] is None:
        return _("not measured")
    approximate = "≈ " if row["last"]["approximate"] else ""
    text = f"{approximate}{amount(row['last']['value'])} {flat(row['unit'], words=True)} ({row['last']['period']})"
    late = _("out of date")
    return f"{text} ({late})" if row["stale"] else text


def _last_cells(row: Row) -> Row:
    last = row["last"] or dict.fromkeys(("period", "value", "approximate"))
    return {f"last_{name}": value for name, value in last.items()}


COLUMNS: Final = (
    Column("indicator_id", N_("Indicator"), whole=True),
    Column("title", N_("Title"), show=lambda row: marked(localized(row["title"]), row["assumed"])),
    Column("last", N_("Last figure"), show=_last),
    Column("shape", N_("Course"), whole=True),
    Column("targets", N_("Targets"), right=True),
    Column("plans", N_("Plans")),
)
FIELDS: Final = (
    *(Column(name, name) for name in ("indicator_id", "kind", "unit", "system", "rhythm")),
    *(Column(name, name) for name in ("last_period", "last_value", "last_approximate", "stale")),
    *(Column(name, name) for name in ("next_due", "targets", "plans", "title", "assumed")),
)


@indicator.command("list", cls=ListCommand, short_help=N_("List the indicators, each with its last figure."))
@of_plan_option
@click.option("--stale", "only_stale", is_flag=True, help=N_("Only those whose next figure is overdue."))
@pass_context
def list_(context: Context, plan_word: str | None, only_stale: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List the indicators."""
    house = open_house(context)
    with house.reading() as connection:
        plan_id = find_plan(connection, plan_word) if plan_word else None
        rows = [
            row
            for row in listed(connection, house.now(connection))
            if (plan_id is None or plan_id in row["plans"]) and (row["stale"] or not only_stale)
        ]
        rows = [{**row, **_last_cells(row)} for row in rows]
        if shows_table(context):
            from pdca.cli.series_shape import shape

            series = shapes(connection, house.now(connection))
            rows = [{**row, "shape": shape(series[row["indicator_id"]])} for row in rows]
    emit_rows(context, "indicators", COLUMNS, FIELDS, rows, empty=_("There are no such indicators."))


@indicator.command(
    "show",
    cls=Command,
    short_help=N_("Show an indicator with its targets and every figure."),
    help=N_(
        "Show an indicator: what is counted, the plans it measures, every target with how it stands, and every figure, "
        "also those that are missing, with the reason. Changes are computed. Then what the figures say, in words and "
        "in a chart: variation and assurance, apart. With --as-of, the targets and figures that were known at the end "
        "of that day: since they were published, where that is said, otherwise since they "
        "were recorded."
    ),
)
@click.argument("word", metavar="INDICATOR")
@click.option("--as-of", "as_of", metavar="DATE", help=N_("What was known at the end of this day."))
@pass_context
def show(context: Context, word: str, as_of: str | None) -> None:
    """Show one indicator."""
    from pdca.cli.indicator_page import page
    from pdca.cli.series_page import said

    asked = parse_day("--as-of", as_of)
    house = open_house(context)
    with house.reading() as connection:
        zone = installation(connection)["zone"]
        now = house.now(connection)
        today = now.astimezone(ZoneInfo(zone)).date()
        if asked is not None and asked > today:
            raise Usage(
                "date-to-come",
                _("%(day)s is still to come.") % {"day": asked},
                hint=_("Give a day that has been, or today."),
            )
        day = asked or today
        ended = due_instant(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
        at = now if asked is None else min(now, ended)
        name = find_indicator(connection, word)
        view = whole(connection, name, at, day, as_known=asked is not None)
        recorded = recorded_of(connection, find_row(connection, name), at, steps=True)
    view = {**view, "as_of": asked.isoformat() if asked else None, "reading": reading_of(recorded)}
    screen = Screen.of_stdout(context.environ)
    emit_object(context, "pdca.indicator/1", view, human=lambda: page(view, said(recorded, screen)))
