"""The demo as it ends in 2025, played once for all tests that look at it."""

import fcntl
import shutil
from datetime import time
from pathlib import Path

from pdca.exchange.importer import ImportDocument
from pdca.store.reads import people
from scheduler import amend
from scheduler.cast import ProjectGroups
from scheduler.channels.file import FileChannel
from scheduler.demo import LAST_DAY, ZONE, example, founded
from scheduler.simulation import play
from workflows.schedule import due_instant


def played_once(shared: Path) -> Path:
    """Give the demo's database, which lies in or beside the folder `shared` of this test worker."""
    folder = (shared.parent if shared.name.startswith("popen-") else shared) / "demo"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = folder / "finished.db"
        if not finished.exists():
            shutil.copyfile(_play(folder / "played"), folder / "copy.db")
            (folder / "copy.db").rename(finished)
        return finished


def _play(folder: Path) -> Path:
    house = founded(folder)
    published = example("zone-zuid.yaml")
    current = amend.each_plan(published, amend.without_findings)
    house.apply(ImportDocument(current))
    with house.reading() as connection:
        parties = {row["party_id"] for row in connection.all(people.PARTIES)}
    house.apply(ImportDocument(example("zone-zuid-people.yaml", parties)))
    until = due_instant(LAST_DAY, time(23, 59), ZONE)
    cast = ProjectGroups(published, current)
    play(house, until, FileChannel(folder / "outbox", sender=None), cast, folder=folder)
    assert house.database.path is not None
    assert not house.database.path.with_name(house.database.path.name + "-wal").exists()
    return house.database.path
