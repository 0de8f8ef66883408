"""SIGKILL in every phase of a sweep, counted by the phase in which the process was when it died.

Half of those that die do so between two words to the database, at a place that is drawn; the others at any moment, from
outside, shortly after they have entered the phase. Whoever is started next goes on: nothing is lost, nothing double.
"""

import shutil
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from tests import postgres
from tests.fault.chance import dice
from tests.fault.crowd import AS_IT_FELL_DUE, PLANS, assert_sound, gather_crowd, result_of
from tests.fault.phases import IDLE, PHASES
from tests.fault.processes import ForkServer, until
from tests.fault.test_kill import finished, left, pretending, swept

FEW: Final = 4
"""Of each phase, in the size that every run of the tests has."""

KILLS: Final = 2_000
OF_EACH: Final = 100
"""Together, and of each phase, under the marker soak."""

DAEMONS: Final = 3
LONGEST_DELAY_SECONDS: Final = 0.002
MOST_ENTRIES: Final = 5
MOST_STATEMENTS: Final = 4
AMID_WORK: Final = tuple(phase for phase in PHASES if phase != "heartbeat")
AT_THE_END: Final = (IDLE, "select", "heartbeat")
"""What is left of a sweep when nothing is due, in which so many more die on each database."""

AT_THE_END_OF_EACH: Final = 9


class Deaths:
    """How many died in which phase, and what the next ones are to die of."""

    def __init__(self, name: str, of_each: int, together: int) -> None:
        self.count: Counter[str] = Counter()
        self._chance = dice(name)
        self._of_each = of_each
        self._together = together
        self._began = time.monotonic()

    @property
    def enough(self) -> bool:
        return self.count.total() >= self._together and not self._wanting()

    def next(self, due: int) -> dict[str, Any]:
        phases = AMID_WORK if due else AT_THE_END
        wanting = self._wanting()
        phase = self._chance.choice([one for one in phases if one in wanting] or phases)
        # A sweep that selects a second time, or ends, has done everything.
        entry = 1 if phase in AT_THE_END else self._chance.randint(1, MOST_ENTRIES)
        if self._chance.random() < 0.5:
            return {"phase": phase, "entry": entry, "seconds": self._chance.uniform(0, LONGEST_DELAY_SECONDS)}
        return {"phase": phase, "entry": entry, "statement": self._chance.randrange(MOST_STATEMENTS)}

    def until_nothing_is_left(self, server: ForkServer, url: str, folder: Path, workers: int) -> None:
        """Kill sweeps and daemons, so many at a time, until all is enforced; then let one finish."""
        settings = {**AS_IT_FELL_DUE, "PDCA_DATABASE": url}
        at_the_end = 0
        while not self.enough and at_the_end < AT_THE_END_OF_EACH:
            due = left(url)
            lines = [("scheduler", self._chance.choice(("sweep", "run")) if workers == 1 else "run")] * workers
            ends = [self.next(due) for _ in lines]
            for died in server.die(lines, ends, environment=settings, folder=folder):
                if died.killed:
                    self.count[died.phase] += 1
                    at_the_end += not due
                else:
                    assert died.ended.status == 0, died.ended.err
        until("a sweep that leaves nothing", lambda: finished(server, settings, folder) and not left(url))

    def tell(self, databases: int) -> None:
        """Put on record how it stands; with `-s` a long run can be followed by it."""
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


def kill_on_postgresql(
    server: postgres.Server, forked: ForkServer, folder: Path, deaths: Deaths, plans: int = 18
) -> None:
    with server.fresh_database() as template:
        gather_crowd(server.url(template), plans=plans)
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
    deaths = Deaths("kills of three daemons by phase", OF_EACH, KILLS)
    kill_on_postgresql(postgres_server, forked, tmp_path, deaths, PLANS)
