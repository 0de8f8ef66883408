"""What a sweep costs the database when nothing is due, among very many plans: on SQLite, and on PostgreSQL if there.

What was promised is database time. A server counts its own: the time in which it works at our statements, without what
passes on the way to it and back. On SQLite the database is in the process, and all that passes from asking to the last
row is taken for it, which is no less. Beside it stands, without a bound, the whole sweep by the watch on the wall,
from opening the connection to closing it.
"""

import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.figures import Bound, Figure
from pdca.clock import FixedClock, monotonic, pause
from pdca.house import House
from pdca.store.database import Database, locate
from pdca.store.driver import Connection, Row, Statement
from scheduler.sweep import SweepCounts, run_once
from tests import postgres
from tests.contract.counting import Counting
from tests.contract.world import morning
from tests.crowds import EVALUATED, multiply, one_that_runs

SWEEPS: Final = 200
BOUND: Final = 0.001
"""Seconds of database time that a sweep with nothing due may take."""

WHOLE: Final = "pdca, the whole sweep"
IN_PROCESS: Final = "pdca, from asking to the last row"
ON_SERVER: Final = "pdca, as the server counts its work"

ENDED: Final = "SELECT count(*) = 0 AS ended FROM pg_stat_activity WHERE datname = :name"
WORKED: Final = "SELECT active_time / 1000 AS seconds FROM pg_stat_database WHERE datname = :name"
LOOK_AGAIN_SECONDS: Final = 0.01

BEFORE: Final = morning(EVALUATED) - timedelta(days=1)
TABLES: Final = ("plan", "evaluation", "deadline")


@dataclass
class Stopwatch:
    """Seconds spent in the database, of one sweep."""

    seconds: float = 0


@dataclass(eq=False)
class Timed(Counting):
    """A connection that adds up the time from asking to the last row."""

    watch: Stopwatch = field(default_factory=Stopwatch)

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        """Ask, and look at the watch."""
        begun = monotonic()
        rows = super().all(statement, **parameters)
        self.watch.seconds += monotonic() - begun
        return rows


@dataclass(frozen=True)
class TimedDatabase(Database):
    """A database whose answers are timed."""

    watch: Stopwatch = field(default_factory=Stopwatch)

    def connect(self, *, writing: bool = False) -> Connection:
        """Open a connection; that is not timed, a daemon may keep one open."""
        return Timed(super().connect(writing=writing), watch=self.watch)


def run(plans: int) -> list[Figure]:
    """Measure on each engine there is."""
    with tempfile.TemporaryDirectory() as folder:
        figures = on_sqlite(f"sqlite:///{Path(folder) / 'pdca.db'}", plans)
    if postgres.programs() is None:
        sys.stderr.write("PostgreSQL: its server programs are not on this machine\n")
        return figures
    with postgres.running() as server, server.fresh_database() as name:
        return figures + on_postgresql(server, name, plans)


def on_sqlite(url: str, plans: int) -> list[Figure]:
    """Sweep many times; the median of what each spent in the database counts."""
    known, watch = _crowded(url, plans), Stopwatch()
    database = TimedDatabase(known.url, known.dialect, known.path, watch=watch)
    seconds, whole = [], []
    for _ in range(SWEEPS):
        watch.seconds = 0
        whole.append(seconds_of_a_sweep(database))
        seconds.append(watch.seconds)
    return _figures("SQLite", (IN_PROCESS, statistics.median(seconds)), whole)


def on_postgresql(server: postgres.Server, name: str, plans: int) -> list[Figure]:
    """Sweep many times; a server tells only of all sessions of a database together, so all of them are divided."""
    database = _crowded(server.url(name), plans)
    seconds_of_a_sweep(database)
    with locate(server.url("postgres")).connect_any_schema(writing=False) as beside:
        before = server_seconds(beside, name)
        whole = [seconds_of_a_sweep(database) for _ in range(SWEEPS)]
        worked = server_seconds(beside, name) - before
    return _figures("PostgreSQL", (ON_SERVER, worked / SWEEPS), whole)


def server_seconds(beside: Connection, name: str) -> float:
    """Seconds that the server has worked at statements of the database of this name: parsing, planning, running.

    Letting somebody in is not among them. A session tells at its end, so there may be none; `beside` is connected to
    another database.
    """
    while not beside.value(Statement("ended", ENDED), name=name):
        pause(LOOK_AGAIN_SECONDS)
    return float(beside.value(Statement("worked", WORKED), name=name))


def seconds_of_a_sweep(database: Database) -> float:
    """Sweep on a connection of its own, as a daemon does, and give the seconds until it is closed."""
    house = House(database, source="scheduler", clock=FixedClock(BEFORE))
    begun = monotonic()
    assert run_once(house) == SweepCounts()  # noqa: S101 - nothing may be due
    return monotonic() - begun


def _crowded(url: str, plans: int) -> Database:
    one_that_runs(url)
    database = locate(url)
    with database.connect(writing=True) as connection:
        multiply(connection, plans - 1, TABLES)
    return database


def _figures(engine: str, in_database: tuple[str, float], whole: list[float]) -> list[Figure]:
    """Give the database time of a sweep beside what was promised, and the median of the whole sweep."""
    bench = f"a sweep, nothing due, {engine}"
    (words, seconds), of_all = in_database, statistics.median(whole)
    return [
        Figure(bench, words, "1 ms", seconds / BOUND, Bound(1, most=True), 1 / BOUND),
        Figure(bench, WHOLE, "1 ms", of_all / BOUND, None, 1 / BOUND),
    ]
