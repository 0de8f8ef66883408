"""What grows with how many plans there are: commands that read, a sweep with nothing due, and the file; on SQLite.

Each is put beside the same with the fewest plans, so that a ratio says how much of it grows.
"""

import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure
from benchmarks.hand import PROGRAM
from pdca.clock import FixedClock, monotonic
from pdca.exchange.document import read_document
from pdca.exchange.importer import ImportDocument
from pdca.house import House
from scheduler.sweep import SweepCounts, run_once
from tests import seed
from tests.unit.exchange.large import programme

SIZES: Final = (200, 2_000, 20_000)
IN_A_FILE: Final = 500
"""Plans that are taken in together."""

READING: Final = {
    "status": ["status"],
    "board": ["board"],
    "plan list": ["plan", "list"],
    "plan show": ["plan", "show", "P-001"],
    "audit log --last 20": ["audit", "log", "--last", "20"],
}
SWEEP: Final = "a sweep, nothing due"
FILE: Final = "bytes of the database for a plan"


def run(rounds: int, sizes: Sequence[int] = SIZES) -> list[Figure]:
    """Measure with so many plans each; nothing was promised of it."""
    with tempfile.TemporaryDirectory() as folder:
        houses = {plans: a_body(Path(folder), plans) for plans in sizes}
        taken: dict[tuple[str, int], list[float]] = {}
        for number in range(rounds + 1):
            for plans, house in houses.items():
                for name, seconds in _seconds(house, Path(folder)).items():
                    # The first round warms up.
                    if number:
                        taken.setdefault((name, plans), []).append(seconds)
        seconds_each = {what: statistics.median(several) for what, several in taken.items()}
        bytes_each = {(FILE, plans): _size(house) / plans for plans, house in houses.items()}
    return [*_figures(seconds_each, sizes, timed=True), *_figures(bytes_each, sizes, timed=False)]


def _figures(found: Mapping[tuple[str, int], float], sizes: Sequence[int], *, timed: bool) -> list[Figure]:
    first, *more = sizes
    return [
        Figure(
            "growth",
            f"{name}, {plans:,} plans",
            f"{name}, {first:,} plans",
            found[name, plans] / found[name, first],
            None,
            1 / found[name, first] if timed else None,
        )
        for name in dict.fromkeys(name for name, _plans in found)
        for plans in more
    ]


def a_body(folder: Path, plans: int) -> House:
    """Make a body with so many plans, on the day before anything of them is due."""
    house = seed.house(f"sqlite:///{folder / f'{plans}.db'}")
    quick = replace(house, database=replace(house.database, lasting=False))
    for first in range(0, plans, IN_A_FILE):
        quick.apply(ImportDocument(read_document(programme(min(IN_A_FILE, plans - first), first=first))))
    return replace(house, source="scheduler", clock=FixedClock(seed.START))


def _seconds(house: House, place: Path) -> dict[str, float]:
    found = {}
    for name, words in READING.items():
        begun = monotonic()
        subprocess.run([PROGRAM, *words, "--database", house.database.url], cwd=place, capture_output=True, check=True)
        found[name] = monotonic() - begun
    begun = monotonic()
    assert run_once(house) == SweepCounts()  # noqa: S101 - nothing may be due
    return {**found, SWEEP: monotonic() - begun}


def _size(house: House) -> int:
    assert house.database.path is not None  # noqa: S101 - it is on SQLite
    return Path(house.database.path).stat().st_size
