"""An audit of a very long log beside hashlib alone, the memory that it takes, and the proof of one event; on SQLite."""

import tempfile
from pathlib import Path
from typing import Final

from benchmarks.contest import Contestant, contest
from benchmarks.figures import Bound, Figure
from benchmarks.weighed import most_memory
from pdca.proving import latest_note, prove_event
from pdca.store.database import locate
from tests.contract.counting import Rows
from tests.fault import long_log

TREE: Final = "hashing and tree, read from the database"
TREE_SHARED: Final = f"{TREE}, two processes"
WHOLE: Final = "all of `pdca audit verify`"
WHOLE_SHARED: Final = f"{WHOLE}, two processes"
ALONE: Final = "hashlib, leaves and tree of the same bytes in memory"
PROOF: Final = "proving it"
OPENING: Final = "opening the database"
PROOFS: Final = 100
"""Proofs in a round."""

HASHED: Final = Bound(0.25)
HASHED_BY_TWO: Final = Bound(0.45)
FLAT: Final = Bound(1.1, most=True)
FEW: Final = Bound(1, most=True)
SHORTEST: Final = 1_000
"""Events of the shortest log that is made."""


def run(rounds: int, events: int) -> list[Figure]:
    """Measure with a log of so many events; the memory also with a tenth and a hundredth of them."""
    with tempfile.TemporaryDirectory() as folder:
        lengths = sorted({max(SHORTEST, events // part) for part in (100, 10, 1)})
        urls = {length: _a_log(Path(folder), length) for length in lengths}
        longest = lengths[-1]
        return [
            *_hashing(urls[longest], longest, rounds),
            *_memory(urls),
            *_proofs(urls[longest], longest, rounds),
        ]


def _a_log(folder: Path, events: int) -> str:
    path = folder / f"{events}.db"
    long_log.make(path, events)
    return f"sqlite:///{path}"


def _ours(name: str, act: str, url: str, processes: int = 1) -> Contestant:
    task = {"url": url, "act": act, "processes": processes}
    return Contestant(name, "ours", "benchmarks.contestants.audit", task)


def _hashing(url: str, events: int, rounds: int) -> list[Figure]:
    contestants = [
        _ours(TREE, "tree", url),
        _ours(TREE_SHARED, "tree", url, processes=2),
        _ours(WHOLE, "whole", url),
        _ours(WHOLE_SHARED, "whole", url, processes=2),
        Contestant(ALONE, "limit", "benchmarks.contestants.hashes", {"url": url}),
    ]
    result = contest(contestants, events, rounds)
    return [
        Figure("an audit", name, ALONE, result.ratio(name, ALONE), bound, result.rate(ALONE))
        for name, bound in ((TREE, HASHED), (TREE_SHARED, HASHED_BY_TWO), (WHOLE, None), (WHOLE_SHARED, None))
    ]


def _memory(urls: dict[int, str]) -> list[Figure]:
    taken = {
        events: most_memory(["audit", "verify", "--json", "--database", url]) for events, url in sorted(urls.items())
    }
    (first, least), *longer = taken.items()
    return [
        Figure("memory of an audit", f"{events:,} events", f"{first:,} events", most / least, FLAT, None)
        for events, most in longer
    ]


def _proofs(url: str, events: int, rounds: int) -> list[Figure]:
    result = contest([_ours(PROOF, "prove", url), _ours(OPENING, "look", url)], PROOFS, rounds)
    # The checkpoint, the event, and the hashes beside its way up; on the right edge one of those is of several.
    few = 2 + 2 * events.bit_length()
    several = (1, 2, events // 3, events // 2, events - 1, events)
    most = max(rows_read(url, event_id) for event_id in several)
    return [
        Figure("a proof", PROOF, OPENING, 1 / result.ratio(PROOF, OPENING), None, result.rate(OPENING)),
        Figure("a proof", f"{most} rows read", f"{few} of {events:,} events", most / few, FEW, None),
    ]


def rows_read(url: str, event_id: int) -> int:
    """Count the rows that are read to prove an event."""
    with locate(url).connect() as connection:
        counting = Rows(connection)
        prove_event(counting, event_id, latest_note(counting))
    return counting.rows
