"""`pdca simulate`: let time pass over a simulated database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path

import click

from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.house import open_house
from pdca.cli.output import emit_object
from pdca.cli.words import parse_day
from pdca.house import House, installation
from pdca.i18n import N_, _
from scheduler.channels.file import FileChannel
from scheduler.simulation import play
from workflows.schedule import due_instant


@click.command(
    "simulate",
    cls=Command,
    short_help=N_("Let time pass over a simulated database."),
    help=N_(
        "Let time pass over a simulated database until the end of a day: the real scheduler enforces what falls due "
        "and tells people (into a folder), and nobody answers."
    ),
)
@click.option("--until", required=True, metavar="DATE", help=N_("The last day of the simulation."))
@pass_context
def simulate(context: Context, until: str) -> None:
    """Let time pass."""
    house = open_house(context, "simulation")
    end = end_of_day(house, until)
    channel = FileChannel(Path(context.settings.notify_folder), sender=None)
    with progress_to(house, end) as progress:
        passed = play(house, end, channel, progress=progress)
    emit_object(
        context,
        "pdca.simulation/1",
        {**asdict(passed), "until": until},
        human=lambda: [
            _("Until %(until)s: %(enforced)s deadlines enforced, %(delivered)s messages delivered.")
            % {"until": until, "enforced": passed.enforced, "delivered": passed.delivered}
        ],
    )


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
    import sys

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
