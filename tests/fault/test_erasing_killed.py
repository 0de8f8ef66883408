"""SIGKILL in the middle of erasing: the log fits, `audit verify` says what is left to do, and that finishes it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from pdca.store.database import locate
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_until_done
from tests.contract.left_behind import found_in_bytes
from tests.contract.world import World, furnish, opened
from tests.fault.chance import dice
from tests.fault.processes import ROOT, Ended, ForkServer

KILLS: Final = 20
ERASE: Final = ("person", "erase", "sofie", "--reason", "Op papier gevraagd.", "--yes")
FINISH: Final = ("retention", "apply", "--yes")
NEEDLES: Final = (b"Sofie Peeters", b"sofie@zone.example")
DYING: Final = """
import os, signal, sys
from importlib import import_module
place, name, moment = sys.argv[1:4]
module, _, kind = place.partition(":")
owner = getattr(import_module(module), kind) if kind else import_module(module)
act = getattr(owner, name)
def dying(*arguments, **named):
    if moment == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    act(*arguments, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(owner, name, dying)
from pdca.cli.main import main
sys.exit(main(sys.argv[4:]))
"""
CONNECTIONS: Final = {
    "sqlite": "pdca.store.sqlite:SqliteConnection",
    "postgresql": "pdca.store.postgres:PostgresConnection",
}


@contextmanager
def told(url: str, folder: Path) -> Iterator[World]:
    """An installation whose messages were written as files."""
    with opened(url) as world:
        world.take("start")
        assert run_until_done(world.house, lambda _name: FileChannel(folder / "outbox")).done
        yield world


def ran(folder: Path, url: str, *words: str) -> Ended:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PDCA_DATABASE": url},
        capture_output=True,
        text=True,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def pdca(folder: Path, url: str, *words: str) -> Ended:
    return ran(folder, url, "-m", "pdca", *words)


@pytest.mark.parametrize("finish", [ERASE, FINISH], ids=["the same command", "retention apply"])
@pytest.mark.parametrize(("name", "moment"), [("commit", "after"), ("scrub", "before"), ("scrub", "after")])
def test_killed_once_it_is_erased_verify_says_what_overwrites_the_bytes_and_that_does(
    database_url: str, tmp_path: Path, name: str, moment: str, finish: tuple[str, ...]
) -> None:
    furnish(database_url)
    with told(database_url, tmp_path) as world:
        place = CONNECTIONS[world.reading.dialect]
    assert ran(tmp_path, database_url, "-c", DYING, place, name, moment, *ERASE).status == -signal.SIGKILL
    verified = pdca(tmp_path, database_url, "audit", "verify", "--json").json
    assert verified["ok"]
    assert verified["unscrubbed"] is not None
    told_so = pdca(tmp_path, database_url, "audit", "verify")
    assert (told_so.status, "pdca retention apply --yes" in told_so.err) == (0, True)
    finished = pdca(tmp_path, database_url, *finish)
    # Who was erased is known by no name any more, and that is what the same command says.
    assert (finished.status, "overwritten now" in finished.err) == ((4, True) if finish is ERASE else (0, False))
    assert pdca(tmp_path, database_url, "audit", "verify", "--json").json["unscrubbed"] is None
    with opened(database_url) as world:
        assert found_in_bytes(world, NEEDLES, tmp_path / "outbox") == set()


@pytest.mark.parametrize(
    ("place", "name", "moment"),
    [
        ("pdca.store.eventlog", "erase", "after"),
        ("pdca.erasure.erase", "unlink", "before"),
        ("pdca.erasure.erase", "unlink", "after"),
        ("", "commit", "before"),
    ],
)
def test_killed_before_it_is_erased_nothing_is_and_the_same_command_does_all(
    database_url: str, tmp_path: Path, place: str, name: str, moment: str
) -> None:
    furnish(database_url)
    with told(database_url, tmp_path) as world:
        where = place or CONNECTIONS[world.reading.dialect]
    with opened(database_url) as world:
        before = world.dump()
    assert ran(tmp_path, database_url, "-c", DYING, where, name, moment, *ERASE).status == -signal.SIGKILL
    with opened(database_url) as world:
        assert world.dump() == before
    verified = pdca(tmp_path, database_url, "audit", "verify", "--json").json
    assert (verified["ok"], verified["erased"], verified["unscrubbed"]) == (True, 0, None)
    assert pdca(tmp_path, database_url, *ERASE).status == 0
    with opened(database_url) as world:
        assert found_in_bytes(world, NEEDLES, tmp_path / "outbox") == set()


def seconds_undisturbed(forked: ForkServer, seeded: Path, tmp_path: Path) -> float:
    """Tell how long erasing takes on this machine as it is now: a kill has to fall before its end."""
    folder = tmp_path / "undisturbed"
    folder.mkdir()
    shutil.copyfile(seeded, folder / "pdca.db")
    shutil.copytree(tmp_path / "outbox", folder / "outbox")
    began = time.monotonic()
    forked.run(*ERASE, environment={"PDCA_DATABASE": f"sqlite:///{folder / 'pdca.db'}"}, folder=folder)
    return time.monotonic() - began


def test_killed_at_any_moment_it_is_finished_by_the_same_command(forked: ForkServer, tmp_path: Path) -> None:
    seeded = tmp_path / "seeded.db"
    furnish(f"sqlite:///{seeded}")
    with told(f"sqlite:///{seeded}", tmp_path):
        pass
    chance = dice("kills of erasing")
    longest = seconds_undisturbed(forked, seeded, tmp_path)
    outcomes: Counter[str] = Counter()
    for number in range(KILLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        shutil.copyfile(seeded, folder / "pdca.db")
        shutil.copytree(tmp_path / "outbox", folder / "outbox")
        settings = {"PDCA_DATABASE": f"sqlite:///{folder / 'pdca.db'}"}
        after = chance.uniform(0, longest)
        stopped = forked.kill(*ERASE, environment=settings, folder=folder, after=after, probe=lambda: None)
        verified = forked.run("audit", "verify", "--json", environment=settings, folder=folder).json
        assert verified["ok"]
        how = "ended" if not stopped.killed else "not erased" if not verified["erased"] else "erased"
        outcomes[f"{how}, bytes left: {verified['unscrubbed'] is not None}"] += 1
        assert forked.run(*ERASE, environment=settings, folder=folder).status in (0, 4)
        with opened(settings["PDCA_DATABASE"]) as world:
            assert found_in_bytes(world, NEEDLES, folder / "outbox") == set()
    print(f"{KILLS} kills: {dict(outcomes)}")  # noqa: T201 - part of the record
    assert any("not erased" in how for how in outcomes)


def test_the_path_of_each_kind_of_connection_is_that_of_its_class(database_url: str) -> None:
    furnish(database_url)
    with locate(database_url).connect() as connection:
        kind = type(connection)
        assert f"{kind.__module__}:{kind.__name__}" == CONNECTIONS[connection.dialect]
