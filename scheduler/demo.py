"""`pdca demo`: six years of a police zone, played with the real scheduler in a folder of its own."""

import shutil
from collections.abc import Collection
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import click

from pdca.audit.verify import verify
from pdca.cli.board import draw
from pdca.cli.context import Context
from pdca.cli.frame import Command, pass_context
from pdca.cli.output import Block, Table, emit_object
from pdca.cli.plan_list import LIST_COLUMNS
from pdca.cli.table import Screen
from pdca.clock import VirtualClock
from pdca.errors import Conflict, Failed
from pdca.exchange.document import Document, read_document
from pdca.exchange.importer import ImportDocument
from pdca.house import House
from pdca.i18n import N_, _
from pdca.installation import CreateInstallation, found
from pdca.key_change import change_key
from pdca.report.board import piles
from pdca.report.figures import figures
from pdca.report.plans import listed
from pdca.settings_groups import Audit
from pdca.store.database import locate
from pdca.store.jsontext import to_json
from pdca.store.reads import people
from pdca.store.verifying import StoredLog
from scheduler import amend, checkpoints
from scheduler.cast import ProjectGroups
from scheduler.channels.file import FileChannel
from scheduler.simulate import progress_to
from scheduler.simulation import play
from workflows.schedule import due_instant

FOLDER: Final = "demo-out"
DATABASE: Final = "zone-zuid.db"
FIRST_DAY: Final = datetime(2020, 1, 2, 8, tzinfo=UTC)
KEY: Final = "log.key"
MINUTES_OF_A_DAY: Final = 24 * 60
LAST_DAY: Final = date(2025, 12, 31)
ZONE: Final = "Europe/Brussels"


@click.command(
    "demo",
    cls=Command,
    short_help=N_("Play six years of a police zone in a folder demo-out."),
    help=N_(
        "Found a simulated installation in the folder demo-out, take in the example zone, and play 2020 to 2025 with "
        "the real scheduler and a scripted project group: some evaluations in time, some late, one extended, one plan "
        "handed to daily operations. Then show the board and verify the log. A folder left by an earlier demo is "
        "played anew."
    ),
)
@pass_context
def demo(context: Context) -> None:
    """Play the demo."""
    folder = Path(FOLDER)
    clear(folder)
    house = founded(folder)
    published = example("zone-zuid.yaml")
    current = amend.each_plan(published, amend.without_findings)
    house.apply(ImportDocument(current))
    with house.reading() as connection:
        parties = {row["party_id"] for row in connection.all(people.PARTIES)}
    house.apply(ImportDocument(example("zone-zuid-people.yaml", parties)))
    cast = ProjectGroups(published, current)
    until = due_instant(LAST_DAY, time(23, 59), ZONE)
    channel = FileChannel(folder / "outbox", sender=None)
    with progress_to(house, until) as progress:
        passed = play(
            house, until, channel, cast, progress, lambda here: checkpoints.run_once(here, signed_by(folder)), folder
        )
    with house.reading() as connection:
        plans = listed(connection)
        by_state = piles(connection, plans)
        view = {**asdict(passed), **figures(connection), "database": str(folder / DATABASE)}
        report = verify(StoredLog(connection))
    view |= {"verified": report.ok, "root": report.root}
    screen = Screen.of_stdout(context.environ)
    if screen.terminal and not context.json:
        draw(by_state, screen)
        listing: tuple[Block, ...] = ()
    else:
        listing = (Table(LIST_COLUMNS, plans),)
    emit_object(context, "pdca.demo/1", view, human=lambda: [*listing, *_human(view, report.summary())])
    if not report.ok:
        raise Failed("log-does-not-fit", report.summary(), hint=_("`pdca audit verify` names what does not fit."))


def clear(folder: Path) -> None:
    """Take away what an earlier demo left; raises Conflict for a folder that holds anything else."""
    if not folder.exists():
        return
    if not (folder / DATABASE).is_file() and any(folder.iterdir()):
        raise Conflict(
            "folder-in-the-way",
            _("The folder %(folder)s is not one that a demo left, so nothing in it was touched.") % {"folder": folder},
            hint=_("Move it away, or run the demo in another folder."),
        )
    shutil.rmtree(folder)


def founded(folder: Path) -> House:
    """Found the simulated installation on the first day."""
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise Failed(
            "folder-not-made",
            _("The folder %(folder)s cannot be made: %(reason)s.") % {"folder": folder, "reason": error.strerror},
            hint=_("Run the demo in a folder you may write to."),
        ) from error
    clock = VirtualClock(FIRST_DAY)
    house = House(locate(f"sqlite:///{folder / DATABASE}"), source="simulation", clock=clock)
    login = house.operating_system_login()
    founding = CreateInstallation(
        organisation_id="demo",
        name=to_json({"nl": "Politiezone Zuid"}),
        zone=ZONE,
        language="nl",
        country="BE",
        simulated=True,
        administrator_login=login,
        administrator_name=login,
    )
    found(house.database, founding, clock)
    change_key(house, folder / KEY, {}, "The first key.")
    return house


def signed_by(folder: Path) -> Audit:
    """Say how the demo signs its log: at most once a day, by the key in its folder."""
    return Audit(folder / KEY, MINUTES_OF_A_DAY, None)


def example(name: str, parties: Collection[str] | None = None) -> Document:
    """Read an example that comes with the program: in its package, or beside it in a checkout."""
    here = Path(__file__).parent
    folders = (here / "examples", here.parent / "examples")
    path = next((folder / name for folder in folders if (folder / name).is_file()), None)
    if path is None:
        raise Failed(
            "example-missing",
            _("The example %(name)s did not come with this installation.") % {"name": name},
            hint=_("Install it again."),
        )
    return read_document(path, name, known_parties=parties)


def _human(view: dict[str, Any], verdict: str) -> list[Block]:
    evaluations = view["evaluations"]
    return [
        "",
        _("Six years in %(instants)s steps: %(transitions)s transitions, %(refused)s attempts refused by the rules.")
        % view,
        _(
            "Evaluations: %(in_time)s recorded in time, %(late)s late and escalated, %(missed)s missed, "
            "%(extended)s extended, %(open)s open."
        )
        % evaluations,
        _(
            "Information: %(prepared)s reports prepared, %(sent)s sent, %(late)s late and escalated; "
            "%(reactions)s reactions of partners, %(answered)s answered."
        )
        % view["information"],
        _("%(delivered)s messages delivered into %(folder)s.") % {**view, "folder": f"{FOLDER}/outbox"},
        _("The log: %(verdict)s") % {"verdict": verdict},
        _("The database is %(database)s; look around with:") % view,
        f"  pdca --database sqlite:///{view['database']} board",
        f"  pdca --database sqlite:///{view['database']} plan show P-001",
        f"  pdca --database sqlite:///{view['database']} audit log --plan P-001",
    ]
