"""The demo as it ends in 2025, played once for all tests that look at it."""

import fcntl
import shutil
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from pdca.exchange.importer import ImportDocument
from pdca.store.reads import people
from pdca.store.sqlite import SqliteConnection
from scheduler import amend
from scheduler.cast import ProjectGroups
from scheduler.channels.file import FileChannel
from scheduler.demo import LAST_DAY, ZONE, example, founded
from scheduler.simulation import play
from workflows.schedule import due_instant

FILLED: Final = date(2022, 3, 2)
"""From then on there are rows in every table in which the demo ends with some."""


def played_once(shared: Path) -> Path:
    """Give the demo's database, which lies in or beside the folder `shared` of this test worker."""
    folder = (shared.parent if shared.name.startswith("popen-") else shared) / "demo"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = folder / "finished.db"
        if not finished.exists():
            shutil.copyfile(_play(folder / "played", _early(finished)), folder / "copy.db")
            (folder / "copy.db").rename(finished)
        return finished


def played_early(shared: Path) -> Path:
    """Give the same database as it stood on the day `FILLED`, with a quarter of the events."""
    return _early(played_once(shared))


def _early(finished: Path) -> Path:
    return finished.with_name("early.db")


def _play(folder: Path, early: Path) -> Path:
    house = founded(folder)
    published = example("zone-zuid.yaml")
    current = amend.each_plan(published, amend.without_findings)
    house.apply(ImportDocument(current))
    with house.reading() as connection:
        parties = {row["party_id"] for row in connection.all(people.PARTIES)}
    house.apply(ImportDocument(example("zone-zuid-people.yaml", parties)))
    until = due_instant(LAST_DAY, time(23, 59), ZONE)
    cast = ProjectGroups(published, current)
    filled = due_instant(FILLED, time(0), ZONE)

    def copy_early(now: datetime) -> None:
        if now >= filled and not early.exists():
            with closing(house.database.connect()) as connection:
                assert isinstance(connection, SqliteConnection)
                connection.copy_to(early)

    play(house, until, FileChannel(folder / "outbox", sender=None), cast, copy_early, folder=folder)
    assert house.database.path is not None
    assert not Path(house.database.path + "-wal").exists()
    return Path(house.database.path)
