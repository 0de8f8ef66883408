"""SIGKILL in every phase of a sweep, counted by the phase in which the process was when it died.

Half of those that die do so between two words to the database, at a place that is drawn; the others at any moment, from
outside, shortly after they have entered the phase. Whoever is started next goes on: nothing is lost, nothing double.
"""

import random
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from tests import postgres
from tests.fault.chance import dice
from tests.fault.crowd import AS_IT_FELL_DUE, assert_sound, gather_crowd, result_of
from tests.fault.phases import IDLE, PHASES
from tests.fault.processes import ForkServer, until
from tests.fault.test_kill import finished, left, pretending, swept

FEW: Final = 4
"""Of each phase, in the size that every run of the tests has."""

KILLS, OF_EACH: Final = 2_000, 100
"""Together and of each phase, under the marker soak."""

DAEMONS: Final = 3
LONGEST_DELAY_SECONDS: Final = 0.002
MOST_ENTRIES: Final = 5
MOST_STATEMENTS: Final = 4
ONCE_IN_A_SWEEP: Final = frozenset({"select", "heartbeat", IDLE})


class Deaths:
    """How many died in which phase, and what the next ones are to die of."""

    def __init__(self, name: str, of_each: int, together: int) -> None:
        self.count: Counter[str] = Counter()
        self._chance: random.Random = dice(name)
        self._of_each = of_each
        self._together = together
        self._began = time.monotonic()

    @property
    def enough(self) -> bool:
        return self.count.total() >= self._together and not self._wanting()

    def next(self) -> dict[str, Any]:
        phase = self._chance.choice(self._wanting() or PHASES)
        entry = 1 if phase in ONCE_IN_A_SWEEP else self._chance.randint(1, MOST_ENTRIES)
        if phase == IDLE:
            # Killed from outside at any moment after it has begun to select, or by itself when its sweep has ended.
            return {"phase": phase, "entry": entry, "statement": 0}
        if self._chance.random() < 0.5:
            return {"phase": phase, "entry": entry, "seconds": self._chance.uniform(0, LONGEST_DELAY_SECONDS)}
        return {"phase": phase, "entry": entry, "statement": self._chance.randrange(MOST_STATEMENTS)}

    def verb(self) -> str:
        return self._chance.choice(("sweep", "run"))

    def until_nothing_is_left(self, server: ForkServer, url: str, folder: Path, workers: int) -> None:
        """Kill sweeps and daemons, so many at a time, until all is enforced; then let one finish."""
        settings: Mapping[str, str] = {**AS_IT_FELL_DUE, "PDCA_DATABASE": url}
        while not self.enough:
            before = left(url)
            lines = [("scheduler", self.verb() if workers == 1 else "run") for _ in range(workers)]
            for died in server.die(lines, [self.next() for _ in lines], environment=settings, folder=folder):
                if died.killed:
                    self.count[died.phase] += 1
                else:
                    assert died.ended.status == 0, died.ended.err
            if not before:
                break
        until("a sweep that leaves nothing", lambda: finished(server, settings, folder) and not left(url))

    def tell(self, databases: int) -> None:
        took = time.monotonic() - self._began
        counted = ", ".join(f"{phase} {self.count[phase]}" for phase in PHASES)
        print(f"{self.count.total()} kills over {databases} databases in {took:.0f} s: {counted}")  # noqa: T201 - the record

    def _wanting(self) -> list[str]:
        return [phase for phase in PHASES if self.count[phase] < self._of_each]


def kill_on_sqlite(crowd: Path, forked: ForkServer, folder: Path, deaths: Deaths) -> None:
    shutil.copyfile(crowd, folder / "undisturbed.db")
    expected = swept(f"sqlite:///{folder / 'undisturbed.db'}")
    databases = 0
    while not deaths.enough:
        databases += 1
        path = folder / "pdca.db"
        for left_over in folder.glob("pdca.db*"):
            left_over.unlink()
        shutil.copyfile(crowd, path)
        url = f"sqlite:///{path}"
        deaths.until_nothing_is_left(forked, url, folder, 1)
        with pretending(url).reading() as connection:
            assert_sound(connection)
            assert result_of(connection) == expected
        with closing(sqlite3.connect(path)) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    deaths.tell(databases)


def kill_on_postgresql(server: postgres.Server, forked: ForkServer, folder: Path, deaths: Deaths) -> None:
    with server.fresh_database() as template:
        gather_crowd(server.url(template), plans=18)
        with server.fresh_database(template) as name:
            expected = swept(server.url(name))
        databases = 0
        while not deaths.enough:
            databases += 1
            with server.fresh_database(template) as name:
                url = server.url(name)
                deaths.until_nothing_is_left(forked, url, folder, DAEMONS)
                house = pretending(url)
                assert swept(url) == expected
                with house.reading() as connection:
                    assert result_of(connection) == expected
    deaths.tell(databases)


def test_kills_in_every_phase_of_a_sweep_lose_nothing_and_do_nothing_twice(
    crowd: Path, forked: ForkServer, tmp_path: Path
) -> None:
    kill_on_sqlite(crowd, forked, tmp_path, Deaths("kills by phase", FEW, FEW * len(PHASES)))


@pytest.mark.postgres
def test_kills_in_every_phase_of_three_daemons_lose_nothing_and_do_nothing_twice(
    postgres_server: postgres.Server, forked: ForkServer, tmp_path: Path
) -> None:
    deaths = Deaths("kills of three daemons by phase", FEW, FEW * len(PHASES))
    kill_on_postgresql(postgres_server, forked, tmp_path, deaths)


@pytest.mark.soak
def test_2000_kills_at_least_100_in_every_phase(crowd: Path, forked: ForkServer, tmp_path: Path) -> None:
    kill_on_sqlite(crowd, forked, tmp_path, Deaths("kills by phase", OF_EACH, KILLS))


@pytest.mark.soak
@pytest.mark.postgres
def test_2000_kills_of_three_daemons_at_least_100_in_every_phase(
    postgres_server: postgres.Server, forked: ForkServer, tmp_path: Path
) -> None:
    kill_on_postgresql(postgres_server, forked, tmp_path, Deaths("kills of three daemons by phase", OF_EACH, KILLS))
