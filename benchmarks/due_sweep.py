"""A sweep over what is due among very many plans: ours, the limit, and what a user would pick instead.

In each round another group of plans falls due, so that all rounds are on the same database.
"""

import pickle
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.contest import Contestant, Result, contest
from benchmarks.contestants.replay_batches import Batch
from benchmarks.figures import Bound, Figure
from benchmarks.recorded import Notebook, RecordedDatabase
from benchmarks.transition import copied
from pdca.clock import FixedClock
from pdca.house import House
from pdca.store.database import Database, locate
from scheduler.sweep import run_once
from tests import postgres
from tests.contract.world import morning
from tests.crowds import EVALUATED, multiply, one_after_another, one_that_runs
from workflows.instants import to_text

AT: Final = morning(EVALUATED)
OURS: Final = "pdca"
LIMIT: Final = "bare driver, the same rows in batches"
JOB_STORE: Final = "APScheduler, its own job store"
NAIVE: Final = "SQLModel and a Machine per plan, one in ten"
NAIVE_PART: Final = 10
"""Of so many that are due, the naive loop does one: it would take minutes, and its rate is the same."""

BATCH: Final = 500
"""So many enforcements the limit writes in one transaction."""

GROWTH: Final = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Size:
    """So many `due` in each round, among so many `plans`."""

    due: int
    plans: int

    def __str__(self) -> str:
        """In words."""
        return f"{self.due:,} due among {self.plans:,} plans"

    @property
    def groups(self) -> int:
        """How many groups the plans fall due in."""
        return self.plans // self.due


def run(rounds: int, size: Size) -> list[Figure]:
    """Measure beside the limit and the peers, and how the cost grows; on PostgreSQL beside the limit, if it is there.

    On PostgreSQL, and for the growth, with a tenth of what is due.
    """
    figures = on_sqlite(rounds, size) + growth(rounds, size.due // 10, size.plans)
    if postgres.programs() is None:
        sys.stderr.write("PostgreSQL: its server programs are not on this machine\n")
        return figures
    return figures + on_postgresql(rounds, Size(size.due // 10, size.plans // 10))


def on_sqlite(rounds: int, size: Size) -> list[Figure]:
    """Measure beside the limit and the peers."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        template = place / "template.db"
        a_body(f"sqlite:///{template}", size)
        recorded = written(locate(copied(template, place / "recording.db")), place, rounds, size)
        urls = [copied(template, place / name) for name in ("ours.db", "limit.db")]
        result = contest([*_ours_and_limit(urls, recorded), *_peers(place, size)], size.due, rounds)
    bounds = {LIMIT: Bound(0.4), JOB_STORE: Bound(5), NAIVE: Bound(30)}
    return _figures(f"a sweep, {size}, SQLite", result, bounds)


def on_postgresql(rounds: int, size: Size) -> list[Figure]:
    """Measure beside the limit."""
    with postgres.running() as server, server.fresh_database() as template, tempfile.TemporaryDirectory() as folder:
        a_body(server.url(template), size)
        with server.fresh_database(template) as recording:
            recorded = written(locate(server.url(recording)), Path(folder), rounds, size)
        with server.fresh_database(template) as ours, server.fresh_database(template) as limit:
            contestants = _ours_and_limit([server.url(ours), server.url(limit)], recorded)
            result = contest(contestants, size.due, rounds)
    return _figures(f"a sweep, {size}, PostgreSQL", result, {LIMIT: Bound(0.4)})


def growth(rounds: int, due: int, most: int) -> list[Figure]:
    """Measure the same number of due evaluations among ever more plans, each beside the fewest."""
    sizes = [Size(due, plans) for plans in GROWTH if due * (rounds + 1) <= plans <= most]
    with tempfile.TemporaryDirectory() as folder:
        contestants = []
        for size in sizes:
            url = f"sqlite:///{Path(folder) / str(size.plans)}.db"
            a_body(url, size)
            contestants.append(_sweeping(str(size), url))
        result = contest(contestants, due, rounds) if contestants else None
    if result is None:
        return []
    fewest = str(sizes[0])
    return [
        Figure("a sweep, as plans grow", name, fewest, result.ratio(name, fewest), Bound(0.8), result.rate(fewest))
        for name in map(str, sizes[1:])
    ]


def a_body(url: str, size: Size) -> None:
    """Make a body of plans that run, of which one group after another is due to be evaluated from `AT` on."""
    one_that_runs(url)
    database = replace(locate(url), lasting=False)
    with database.connect(writing=True) as connection:
        multiply(connection, size.plans - 1)
        one_after_another(connection, AT, size.groups)


def written(database: Database, place: Path, rounds: int, size: Size) -> Path:
    """Sweep each round once, and give the folder with what was written, a file of batches for each round."""
    notebook = Notebook()
    recording = RecordedDatabase(database.url, database.dialect, database.path, lasting=False, notebook=notebook)
    folder = place / "recorded"
    folder.mkdir()
    many = reads = 0
    for number in range(rounds + 1):
        notebook.begin_anew()
        clock = FixedClock(AT + timedelta(microseconds=number))
        counts = run_once(House(recording, source="scheduler", clock=clock))
        assert counts.enforced == size.due, counts  # noqa: S101 - without it nothing is measured
        rows = [row for transaction in notebook.transactions for row in transaction]
        many += len(rows)
        reads += notebook.reads
        (folder / f"{number}.pickle").write_bytes(pickle.dumps(list(_batches(rows, -(-size.due // BATCH)))))
    enforced = size.due * (rounds + 1)
    sys.stderr.write(
        f"{database.dialect}, {size}: an enforcement reads {reads / enforced:.2f} times and writes "
        f"{many / enforced:.2f} rows, in {len(notebook.transactions):,} transactions for all of a sweep\n"
    )
    return folder


def _batches(rows: Sequence[tuple[str, dict[str, object]]], many: int) -> Iterator[Batch]:
    """Divide what was written into so many batches, in each of which a statement stands once with all of its rows."""
    length = -(-len(rows) // many)
    for first in range(0, len(rows), length):
        gathered: dict[str, list[dict[str, object]]] = {}
        for text, parameters in rows[first : first + length]:
            gathered.setdefault(text, []).append(parameters)
        yield list(gathered.items())


def _sweeping(name: str, url: str) -> Contestant:
    return Contestant(name, "ours", "benchmarks.contestants.sweep", {"url": url, "first": to_text(AT)})


def _ours_and_limit(urls: Sequence[str], recorded: Path) -> list[Contestant]:
    ours, limit = urls
    replay: dict[str, Any] = {"url": limit, "recorded": str(recorded)}
    return [
        _sweeping(OURS, ours),
        Contestant(LIMIT, "limit", "benchmarks.contestants.replay_batches", replay),
    ]


def _peers(place: Path, size: Size) -> list[Contestant]:
    jobs = {"file": str(place / "jobs.db")}
    naive = {"file": str(place / "naive.db"), "plans": size.plans}
    return [
        Contestant(JOB_STORE, "peer", "benchmarks.peers.job_store", jobs),
        Contestant(NAIVE, "peer", "benchmarks.peers.naive_sweep", naive, part=NAIVE_PART),
    ]


def _figures(bench: str, result: Result, bounds: dict[str, Bound]) -> list[Figure]:
    sys.stderr.write(f"{bench}: {result.rate(OURS):,.0f} a second, {result.peak_kib[OURS] / 1024:,.0f} MiB at most\n")
    return [
        Figure(bench, OURS, name, result.ratio(OURS, name), bound, result.rate(name)) for name, bound in bounds.items()
    ]
