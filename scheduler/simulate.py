"""`pdca simulate`: let time pass over a simulated database, or foretell on a copy what a real one has to come."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path
from typing import ClassVar, Final

import click

from pdca.cli.cells import flat
from pdca.cli.context import FORMATS, Context
from pdca.cli.frame import ListCommand, dry_run_option, pass_context
from pdca.cli.house import open_house
from pdca.cli.naming import explain_mark, shows_table
from pdca.cli.output import emit_list, emit_object
from pdca.cli.table import Screen, show
from pdca.cli.words import parse_day
from pdca.errors import Usage
from pdca.house import House, installation
from pdca.i18n import N_, _
from pdca.store.jsontext import from_json
from scheduler import forecast_page as page
from scheduler.channels.file import FileChannel
from scheduler.forecast import foretell
from scheduler.simulation import play
from workflows.schedule import due_instant

MONTHS: Final = "months"
CALENDAR: Final = "ics"


class _ForecastCommand(ListCommand):
    """A list that can be had as months and as a calendar, too."""

    formats: ClassVar[Sequence[str]] = (*FORMATS, MONTHS, CALENDAR)


@click.command(
    "simulate",
    cls=_ForecastCommand,
    short_help=N_("Let time pass in a simulation; foretell a real database."),
    help=N_(
        "Let time pass until the end of a day: the real scheduler enforces what falls due and tells people, and nobody "
        "answers. A simulated database lives on until that day, and its messages go into a folder. Of a real one, and "
        "with --dry-run, only a copy does: that tells what falls due, who is asked, and on which days dates pile up; "
        "nothing is changed and nothing is sent. --format months draws the months, --format ics writes a calendar."
    ),
)
@click.option("--until", required=True, metavar="DATE", help=N_("The last day of the simulation."))
@click.option(
    "--advance",
    is_flag=True,
    help=N_("On a copy, assume that everybody acts at once, as far as the rules allow; otherwise nobody acts."),
)
@dry_run_option
@pass_context
def simulate(context: Context, until: str, advance: bool, dry_run: bool) -> None:  # noqa: FBT001 - flags of the command line
    """Let time pass, or foretell."""
    house = open_house(context, "simulation")
    end = end_of_day(house, until)
    with house.reading() as connection:
        body = installation(connection)
    if dry_run or not body["simulated"]:
        _foretell(context, house, end, until, flat(from_json(body["name"])), in_time=advance)
        return
    if advance or context.options.format not in (None, "table", "json"):
        raise Usage(
            "forecast-only",
            _("--advance and lists are for a forecast, which is made on a copy."),
            hint=_("Say --dry-run; without it a simulated database itself lives on until that day."),
        )
    _live_on(context, house, end, until)


def _live_on(context: Context, house: House, end: datetime, until: str) -> None:
    channel = FileChannel(Path(context.settings.notify_folder), sender=None)
    with progress_to(house, end) as progress:
        passed = play(house, end, channel, progress=progress, folder=context.settings.information_folder)
    emit_object(
        context,
        "pdca.simulation/1",
        {**asdict(passed), "until": until},
        human=lambda: [
            _("Until %(until)s: %(enforced)s deadlines enforced, %(delivered)s messages delivered.")
            % {"until": until, "enforced": passed.enforced, "delivered": passed.delivered}
        ],
    )


def _foretell(context: Context, house: House, end: datetime, until: str, name: str, *, in_time: bool) -> None:
    with progress_to(house, end) as progress:
        forecast = foretell(house, end, in_time=in_time, progress=progress)
    assumption = page.IN_TIME if in_time else page.NOBODY_ACTS
    form = context.options.format
    screen = Screen.of_stdout(context.environ)
    if form == CALENDAR:
        sys.stdout.write(page.as_calendar(forecast, name, assumption))
    elif form == MONTHS:
        show([*page.months(forecast), *page.summary(forecast, until, assumption)], screen)
    elif shows_table(context):
        show(page.blocks(forecast, until, assumption), screen)
        explain_mark(context, (*forecast.rows, *forecast.held))
    else:
        more = page.described(forecast, until, assumption)
        rows = [{**row, "assumption": assumption} for row in forecast.rows]
        emit_list(context, "forecast", page.FIELDS, rows, more=more)


def end_of_day(house: House, text: str) -> datetime:
    """Give the last minute of a local day of the installation as an instant."""
    day = parse_day("--until", text)
    with house.reading() as connection:
        zone = installation(connection)["zone"]
    assert day is not None  # noqa: S101 - the option is required
    return due_instant(day, time(23, 59), zone)


@contextmanager
def progress_to(house: House, end: datetime) -> Iterator[Callable[[datetime], None]]:
    """Show a progress bar on a terminal while time passes to `end`; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    with house.reading() as connection:
        start = house.now(connection)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{start:%Y-%m-%d}", total=max((end - start).total_seconds(), 1))

        def show(now: datetime) -> None:
            bar.update(task, completed=(now - start).total_seconds(), description=f"{now:%Y-%m-%d}")

        yield show
