"""A log of any length: verified in memory that stays as it is, one event proven without reading the others."""

import cProfile
import gc
import os
import pstats
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from benchmarks.weighed import most_memory
from pdca.audit import rebuilt_tree, stretch
from pdca.audit.findings import Findings
from pdca.audit.rebuilt_tree import RebuiltTree
from pdca.audit.verify import verify
from pdca.proving import latest_note, prove_event
from pdca.store.database import locate
from pdca.store.sqlite import SqliteConnection
from pdca.store.verifying import StoredLog
from tests.contract.counting import Rows
from tests.fault import long_log

SHORT, LONG = 2_000, 8_000
"""The shorter is so long that Python has put aside as many tuples of each size as it ever keeps for later: 2,000."""

LONGEST: Final = (10_000, 100_000, 1_000_000)
MEASURED: Final = 100_000
"""The length of which it is said how long the hashing takes."""

FLAT: Final = 1.1
"""How much more memory the longest log may take than the shortest."""

STEPS_OF_A_STATEMENT: Final = 60
"""Steps of SQLite's engine that a statement may take which goes by keys only."""

RUNS: Final = 7
KEPT: Final = os.environ.get("PDCA_LONG_LOGS")
"""A folder in which the logs are kept from one run to the next. The tests take every PDCA_ variable away later."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a proof took: statements, rows, and steps of SQLite's engine."""

    statements: int
    rows: int
    steps: int


def proven(path: Path, event_id: int) -> Read:
    """Prove an event and say what was read for it."""
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with locate(f"sqlite:///{path}").connect() as connection:
        assert isinstance(connection, SqliteConnection)
        connection._raw.set_progress_handler(step, 1)  # noqa: SLF001 - the only way to count
        counting = Rows(connection)
        prove_event(counting, event_id, latest_note(counting))
    return Read(len(counting.names), counting.rows, steps)


def assert_read_by_keys(path: Path, events: int) -> list[Read]:
    """Prove the first event, the last, and some in between: each by a few rows, each of those by its key."""
    several = [proven(path, event_id) for event_id in (1, 2, events // 3, events // 2, events - 1, events)]
    for one in several:
        # The checkpoint, the event, and the hashes beside its way up; on the right edge one of those is of several.
        assert one.rows <= one.statements <= 2 + 2 * events.bit_length()
        assert one.steps < one.statements * STEPS_OF_A_STATEMENT
    return several


def verified(log: StoredLog) -> None:
    """Verify the whole."""
    assert verify(log).ok


def rebuilt(log: StoredLog) -> None:
    """Do nothing but build the tree again."""
    findings = Findings(limit=1)
    tree = RebuiltTree(findings, log)
    for row in log.events():
        assert isinstance(row.leaf_hash, bytes)
        tree.take(row.leaf_index, row.event_id, row.leaf_hash, row.leaf_hash)
    tree.finish()
    assert findings.total == 0


def peak(path: Path, work: Callable[[StoredLog], None]) -> int:
    """Give the most bytes that Python's objects took while a log was worked on."""
    with locate(f"sqlite:///{path}").connect() as connection:
        # What other tests left in the process would keep the collector away from what is thrown away here.
        gc.collect()
        gc.freeze()
        tracemalloc.start()
        try:
            work(StoredLog(connection))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gc.unfreeze()


def test_a_log_four_times_as_long_takes_no_more_memory_and_no_more_reading_for_a_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that both are long beside it.
    monkeypatch.setattr(rebuilt_tree, "READ_AT_ONCE", 16)
    monkeypatch.setattr(stretch, "STRETCH", 16)
    peaks: dict[str, list[int]] = {}
    for events in (SHORT, LONG):
        path = tmp_path / f"{events}.db"
        long_log.make(path, events)
        assert_read_by_keys(path, events)
        for work in (verified, rebuilt):
            peaks.setdefault(work.__name__, []).append(peak(path, work))
    print(f"peaks of memory, in bytes: {peaks}")  # noqa: T201 - part of the record
    # A hash takes 32 bytes, so nobody kept even those.
    for short, long in peaks.values():
        assert long - short < (LONG - SHORT) * 8


# --- the figures, of logs that take minutes to make


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, Path]]:
    """A database of each length."""
    folder = Path(KEPT) if KEPT else tmp_path_factory.mktemp("long-logs")
    paths = {events: folder / f"{events}.db" for events in LONGEST}
    for events, path in paths.items():
        if not path.exists():
            long_log.make(path, events)
    yield paths
    if not KEPT:
        for path in paths.values():
            path.unlink()


@pytest.mark.soak
def test_a_million_events_are_verified_in_the_memory_of_ten_thousand(logs: dict[int, Path]) -> None:
    used = {}
    for events, path in logs.items():
        used[events] = most_memory(["audit", "verify", "--json", "--database", f"sqlite:///{path}"])
        print(f"{events:,} events verified: {used[events]:,} KiB at most")  # noqa: T201 - the record
    assert used[LONGEST[-1]] < used[LONGEST[0]] * FLAT


@pytest.mark.soak
def test_the_hashing_of_a_hundred_thousand_events_is_measured(logs: dict[int, Path]) -> None:
    # By the processor's time, so that it does not matter who else is at work.
    profile = cProfile.Profile(time.process_time)
    with locate(f"sqlite:///{logs[MEASURED]}").connect() as connection:
        report = profile.runcall(verify, StoredLog(connection))
    assert report.ok
    found = pstats.Stats(profile).get_stats_profile()
    profiles = found.func_profiles.items()
    several = {name: one for name, one in profiles if "sha256" in name or "HASH" in name}
    for name, one in several.items():
        print(f"{name}: {one.ncalls} calls, {one.tottime:.2f} s")  # noqa: T201 - the record
    seconds = sum(one.tottime for one in several.values())
    print(f"{report.events:,} events: {seconds:.2f} s of {found.total_tt:.1f} s are hashing, profiled")  # noqa: T201 - the record
    # Each body once, and one node for every leaf but those of the peaks; two commitments of each event; and the roots
    # of the stretches, and that which a checkpoint speaks of.
    assert sum(int(one.ncalls) for name, one in several.items() if "openssl_sha256" in name) < 4.1 * report.events


@pytest.mark.soak
def test_a_proof_of_one_event_reads_as_little_of_a_million_as_of_ten_thousand(logs: dict[int, Path]) -> None:
    for events, path in logs.items():
        most = max(assert_read_by_keys(path, events), key=lambda one: one.rows)
        print(f"{events:,} events: at most {most.rows} rows, {most.steps:,} steps of SQLite for a proof")  # noqa: T201 - the record
        url = f"sqlite:///{path}"
        for line in (("--version",), ("audit", "key", "list"), ("audit", "proof", str(events // 3))):
            told = f"{' '.join(line[:3])}: {cold(line, url) * 1_000:.0f} ms of the processor's time"
            print(f"  {told}, in the middle of {RUNS}")  # noqa: T201 - the record


def cold(line: Sequence[str], url: str) -> float:
    """Run a command line in processes of its own, and give the middle of the processor's seconds that each took."""
    took = []
    for _ in range(RUNS):
        with subprocess.Popen(
            [sys.executable, "-m", "pdca", *line],
            env={**os.environ, "PDCA_DATABASE": url},
            stdout=subprocess.DEVNULL,
        ) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        took.append(used.ru_utime + used.ru_stime)
    return statistics.median(took)
