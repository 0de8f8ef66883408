"""SIGKILL at random moments: of the sweep, of the daemon, and of the deliverer. Whoever is started next goes on."""

import hashlib
import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from functools import partial
from pathlib import Path
from typing import Final

import psycopg
import pytest

from pdca.house import House
from pdca.notify.mail import file_name
from pdca.store.database import locate
from pdca.store.reads import evaluations, notifications
from scheduler import seal, sweep
from tests import postgres
from tests.fault.chance import dice
from tests.fault.crowd import (
    ALL_DUE,
    AS_IT_FELL_DUE,
    EVALUATIONS,
    NOTICES,
    Result,
    assert_sound,
    gather_crowd,
    result_of,
)
from tests.fault.processes import ForkServer, until
from workflows.instants import to_text

KILLS: Final = 200
KILLS_ON_POSTGRESQL: Final = 30
KILLS_OF_THE_DELIVERER: Final = 40
KILLS_OF_INIT: Final = 10
LONGEST_DELIVERY_SECONDS: Final = 0.25
OPENED: Final = "evaluation.opened"
FIRST_LIFE_SECONDS: Final = 0.08
LONGER, SHORTER = 1.2, 0.8
MUCH: Final = 12
"""How the longest life changes after a process that enforced nothing, and after one that enforced as much as this: so
on a machine of any speed, and under any load, some die before they have opened the database, others amid the work."""


def writing(path: Path) -> bool:
    """Tell whether somebody has a writing transaction open, without keeping anybody from anything."""
    with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=0, isolation_level=None)) as probe:
        try:
            probe.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        probe.execute("ROLLBACK")
        return False


def pretending(url: str) -> House:
    return House(locate(url), source="scheduler", pretended_now=ALL_DUE)


def swept(url: str) -> Result:
    """Sweep to the end without being disturbed."""
    house = pretending(url)
    while sweep.run_once(house).enforced:
        pass
    seal.run_once(house)
    with house.reading() as connection:
        assert_sound(connection)
        return result_of(connection)


def left(url: str) -> int:
    """Count what is due and not enforced."""
    with pretending(url).reading() as connection:
        return int(connection.value(evaluations.COUNT_DUE, now=to_text(ALL_DUE)))


@dataclass
class Deaths:
    """How the processes died that were killed."""

    chance: random.Random
    wanted: int
    longest: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("sweep", "run"), FIRST_LIFE_SECONDS))
    count: Counter[str] = field(default_factory=Counter)

    @property
    def enough(self) -> bool:
        return self.count.total() >= self.wanted

    def until_nothing_is_left(self, server: ForkServer, url: str, folder: Path, probe: Callable[[], bool]) -> None:
        """Kill sweeps and daemons on one database until all is enforced, or enough have died; then let one finish."""
        settings = {**AS_IT_FELL_DUE, "PDCA_DATABASE": url}
        due = left(url)
        while due and not self.enough:
            verb = self.chance.choice(tuple(self.longest))
            after = self.chance.uniform(0, self.longest[verb])
            stopped = server.kill("scheduler", verb, environment=settings, folder=folder, after=after, probe=probe)
            if stopped.killed:
                self.count[f"{verb}, {'in a transaction' if stopped.seen else 'between transactions'}"] += 1
            else:
                assert stopped.ended.status == 0, stopped.ended.err
            before, due = due, left(url)
            self.longest[verb] *= LONGER if due == before else SHORTER if before - due > MUCH else 1
        # On PostgreSQL the plan of one that was killed is passed over until the server has noticed.
        until("a sweep that leaves nothing", lambda: finished(server, settings, folder) and not left(url))

    def tell(self, databases: int) -> None:
        print(f"{self.count.total()} kills over {databases} databases: {dict(self.count)}")  # noqa: T201 - the record
        assert sum(number for how, number in self.count.items() if "in a" in how) >= self.wanted // 10


def finished(server: ForkServer, settings: Mapping[str, str], folder: Path) -> bool:
    ended = server.run("scheduler", "sweep", environment=settings, folder=folder)
    assert ended.status == 0, ended.err
    return True


def test_the_crowd_has_every_kind_of_deadline_and_is_told_by_role(crowd: Path, tmp_path: Path) -> None:
    shutil.copyfile(crowd, tmp_path / "pdca.db")
    url = f"sqlite:///{tmp_path / 'pdca.db'}"
    with pretending(url).reading() as connection:
        before = result_of(connection)
    after = swept(url)
    assert {
        kind for _, kind, status, _, due in before.deadlines if status == "pending" and due <= to_text(ALL_DUE)
    } == {
        "evaluation",
        "start",
        "record",
        "decide",
        "missed",
        "watch",
    }
    new = [
        told for key, (kind, told) in after.enforced.items() if kind == "plan.advanced" and key not in before.enforced
    ]
    assert new == [(("U-002", OPENED, "lead"), ("U-003", OPENED, "group"), ("U-004", OPENED, "stakeholders"))] * 12


def test_200_kills_of_the_sweep_and_the_daemon_lose_nothing_and_do_nothing_twice(
    crowd: Path, forked: ForkServer, tmp_path: Path
) -> None:
    shutil.copyfile(crowd, tmp_path / "undisturbed.db")
    expected = swept(f"sqlite:///{tmp_path / 'undisturbed.db'}")
    deaths = Deaths(dice("kills of the sweep"), KILLS)
    databases = 0
    while not deaths.enough:
        databases += 1
        folder = tmp_path / str(databases)
        folder.mkdir()
        path = folder / "pdca.db"
        shutil.copyfile(crowd, path)
        url = f"sqlite:///{path}"
        deaths.until_nothing_is_left(forked, url, folder, partial(writing, path))
        with pretending(url).reading() as connection:
            assert_sound(connection)
            assert result_of(connection) == expected
        with closing(sqlite3.connect(path)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
    deaths.tell(databases)


@pytest.mark.postgres
def test_kills_lose_nothing_and_do_nothing_twice_on_postgresql(
    postgres_server: postgres.Server, forked: ForkServer, tmp_path: Path
) -> None:
    with postgres_server.fresh_database() as template:
        gather_crowd(postgres_server.url(template), plans=18)
        with postgres_server.fresh_database(template) as name:
            expected = swept(postgres_server.url(name))
        deaths = Deaths(dice("kills on PostgreSQL"), KILLS_ON_POSTGRESQL)
        databases = 0
        while not deaths.enough:
            databases += 1
            with postgres_server.fresh_database(template) as name:
                url = postgres_server.url(name)
                with psycopg.connect(url, autocommit=True) as probe:
                    deaths.until_nothing_is_left(forked, url, tmp_path, partial(in_transaction, probe))
                seal.run_once(pretending(url))
                with pretending(url).reading() as connection:
                    assert_sound(connection)
                    assert result_of(connection) == expected
        deaths.tell(databases)


def test_kills_of_the_deliverer_lose_no_message_and_repeat_one_under_the_same_message_id(
    crowd: Path, forked: ForkServer, tmp_path: Path
) -> None:
    chance = dice("kills of the deliverer")
    full = tmp_path / "full.db"
    shutil.copyfile(crowd, full)
    swept(f"sqlite:///{full}")
    kills = rounds = 0
    while kills < KILLS_OF_THE_DELIVERER:
        rounds += 1
        folder = tmp_path / str(rounds)
        (folder / "outbox").mkdir(parents=True)
        shutil.copyfile(full, folder / "pdca.db")
        kills += kills_until_nothing_waits(forked, folder, chance, KILLS_OF_THE_DELIVERER - kills)


def kills_until_nothing_waits(forked: ForkServer, folder: Path, chance: random.Random, wanted: int) -> int:
    """Kill deliverers of one outbox, as many as are wanted or until all is handed over; count them."""
    url, outbox = f"sqlite:///{folder / 'pdca.db'}", folder / "outbox"
    seen: dict[str, tuple[str, int]] = {}
    kills = repeats = 0
    patience = 0.2
    while waiting(url):
        deadly = kills < wanted
        patience *= 1 if deadly else 1.5
        stopped = forked.kill(
            "scheduler",
            "run",
            environment={**AS_IT_FELL_DUE, "PDCA_DATABASE": url},
            folder=folder,
            after=chance.uniform(0, LONGEST_DELIVERY_SECONDS) if deadly else patience,
            probe=lambda: None,
        )
        kills += stopped.killed
        for file in outbox.glob("*.eml"):
            message_id = str(message_from_bytes(file.read_bytes())["Message-ID"])
            before = seen.get(file.name, (message_id, 0))
            assert before[0] == message_id, f"{file.name} was repeated as another message"
            repeats += before[1] not in (0, file.stat().st_ino)
            seen[file.name] = (message_id, file.stat().st_ino)
    with pretending(url).reading() as connection:
        every = connection.all(NOTICES)
        evaluations = {row["evaluation_id"]: row["status"] for row in connection.all(EVALUATIONS)}
        assert_sound(connection)
    rows = [row for row in every if row["status"] != "lapsed"]
    # Nobody is told that an evaluation opened which is over by now.
    over = {(row["kind"], evaluations[row["evaluation_id"]]) for row in every if row["status"] == "lapsed"}
    assert over <= {("evaluation.opened", "recorded"), ("evaluation.opened", "missed")}
    # What is told to one person together goes out under the id of the first of it.
    letters = {row["notification_id"]: file_name(row["digest"] or row["notification_id"]) for row in rows}
    assert seen.keys() == set(letters.values())
    assert len({message_id for message_id, _ in seen.values()}) == len(seen)
    assert {row["status"] for row in rows} == {"sent"}
    for row in rows:
        content = (outbox / letters[row["notification_id"]]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert not list(outbox.glob(".*")), "something half written was left"
    print(f"{kills} kills, {len(rows)} messages, {repeats} seen to be repeated")  # noqa: T201 - part of the record
    return kills


def test_a_founding_that_is_killed_leaves_a_whole_database_or_none(forked: ForkServer, tmp_path: Path) -> None:
    chance = dice("kills of init")
    line = ("init", "--name", "Zone")
    begun = time.monotonic()
    assert forked.run(*line, environment={"PDCA_DATABASE": f"sqlite:///{tmp_path / 'first.db'}"}).status == 0
    takes = time.monotonic() - begun
    outcomes: Counter[str] = Counter()
    folder = tmp_path / "zone"
    folder.mkdir()
    path = folder / "pdca.db"
    settings = {"PDCA_DATABASE": f"sqlite:///{path}"}
    for _ in range(KILLS_OF_INIT):
        after = chance.uniform(takes * 0.15, takes * 0.9)
        stopped = forked.kill(*line, environment=settings, folder=folder, after=after, probe=lambda: None)
        outcomes[f"{'killed' if stopped.killed else 'ended'}, {'whole' if path.exists() else 'none'}"] += 1
        if path.exists():
            assert forked.run("audit", "verify", environment=settings, folder=folder).status == 0
            path.unlink()
    assert forked.run(*line, environment=settings, folder=folder).status == 0
    assert forked.run("audit", "verify", environment=settings, folder=folder).status == 0
    print(f"{KILLS_OF_INIT} foundings: {dict(outcomes)}")  # noqa: T201 - part of the record
    assert outcomes["killed, none"]


def waiting(url: str) -> bool:
    with pretending(url).reading() as connection:
        return bool(connection.value(notifications.WAITING))


def in_transaction(probe: "psycopg.Connection[tuple[int]]") -> bool:
    found = probe.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND backend_type = 'client backend' AND xact_start IS NOT NULL"
    ).fetchone()
    return found is not None and found[0] > 0
