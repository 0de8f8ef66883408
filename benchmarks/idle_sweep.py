"""What a sweep costs the database when nothing is due, among very many plans: on SQLite, and on PostgreSQL if there."""

import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from benchmarks.figures import Bound, Figure
from pdca.clock import FixedClock, monotonic
from pdca.house import House
from pdca.store.database import Database, locate
from pdca.store.driver import Connection, Row, Statement
from pdca.store.reads import evaluations
from scheduler.sweep import BATCH, SweepCounts, run_once
from tests import postgres
from tests.contract.counting import Counting
from tests.contract.world import morning
from tests.crowds import EVALUATED, multiply, one_that_runs
from workflows.instants import to_text

SWEEPS: Final = 200
BOUND: Final = 0.001
"""Seconds of database time that a sweep with nothing due may take."""

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
        figures = _measured("SQLite", f"sqlite:///{Path(folder) / 'pdca.db'}", plans)
    if postgres.programs() is None:
        _say("PostgreSQL: its server programs are not on this machine")
        return figures
    with postgres.running() as server, server.fresh_database() as name:
        return figures + _measured("PostgreSQL", server.url(name), plans)


def _measured(engine: str, url: str, plans: int) -> list[Figure]:
    one_that_runs(url)
    with locate(url).connect(writing=True) as connection:
        multiply(connection, plans - 1, TABLES)
    known, watch = locate(url), Stopwatch()
    database = TimedDatabase(known.url, known.dialect, known.path, watch=watch)
    house = House(database, source="scheduler", clock=FixedClock(BEFORE))
    seconds, whole = [], []
    for _ in range(SWEEPS):
        watch.seconds = 0
        begun = monotonic()
        assert run_once(house) == SweepCounts()  # noqa: S101 - nothing may be due
        whole.append(monotonic() - begun)
        seconds.append(watch.seconds)
    _say(
        f"{engine}, {plans:,} plans, nothing due, {SWEEPS} sweeps: database time of a sweep "
        f"{_ms(statistics.median(seconds))} (median), {_ms(max(seconds))} (longest); "
        f"with opening the connection {_ms(statistics.median(whole))}"
    )
    found = statistics.median(seconds)
    figures = [Figure(f"a sweep, nothing due, {engine}", "pdca", "1 ms", found / BOUND, Bound(1, most=True), 1 / BOUND)]
    if known.dialect == "postgresql":
        _say(f"  the server itself takes {_ms(_on_the_server(known))} of it to find out what is due (median)")
    return figures


def _on_the_server(database: Database) -> float:
    """Seconds that the server plans and runs the one statement that looks at deadlines, without the way to it."""
    asked = Statement("timed", f"EXPLAIN (ANALYZE, FORMAT JSON) {evaluations.DUE.sqlite}")
    with database.connect() as connection:
        found = [connection.value(asked, now=to_text(BEFORE), limit=BATCH)[0] for _ in range(SWEEPS)]
    return float(statistics.median(one["Planning Time"] + one["Execution Time"] for one in found)) / 1_000


def _ms(seconds: float) -> str:
    return f"{seconds * 1_000:.3f} ms"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
