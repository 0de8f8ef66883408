"""What the fault tests share: fork servers, a crowd of due deadlines, and the demo as it ends in 2025."""

import fcntl
import shutil
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest

from pdca.exchange.importer import ImportDocument
from pdca.store.reads import people
from scheduler import amend
from scheduler.cast import ProjectGroups
from scheduler.channels.file import FileChannel
from scheduler.demo import LAST_DAY, ZONE, example, founded
from scheduler.simulation import play
from tests.fault.crowd import gather_crowd
from tests.fault.processes import ForkServer, fork_server, heeding_rights
from workflows.schedule import due_instant


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A server whose processes are as whoever runs the tests."""
    with fork_server(tmp_path_factory.mktemp("forked")) as server:
        yield server


@pytest.fixture(scope="session")
def without_privilege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A server whose processes heed the rights of files, also when root runs the tests."""
    with fork_server(tmp_path_factory.mktemp("without-privilege"), heeding_rights()) as server:
        yield server


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database in which much is due at `crowd.ALL_DUE`; to be copied, not changed."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.db"
    gather_crowd(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database at the end of its six years, played once for all workers; to be copied, not changed."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if shared.name.startswith("popen-") else shared) / "fault-demo"
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
    play(house, until, FileChannel(folder / "outbox", sender=None), ProjectGroups(published, current))
    assert house.database.path is not None
    assert not house.database.path.with_name(house.database.path.name + "-wal").exists()
    return house.database.path
