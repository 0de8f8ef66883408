"""Thirty simulated years, again and again: whatever the clock, the daemons and the people do, every date is kept once.

A seed that fails is printed, and comes back with `PDCA_TEST_SEED=… ./dev test tests/fault/test_years.py`.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, time, timedelta
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pytest

from tests.fault.chance import VARIABLE, seeds
from tests.fault.years import INTERVAL, Life, Told, first_instant, furnish, live_through
from tests.postgres import Server
from workflows.instants import to_text

FEW: Final = 4
MANY: Final = 1_000
ON_A_SERVER: Final = 25
CHUNK: Final = 10


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The body that every seed begins with."""
    path = tmp_path_factory.mktemp("body") / "pdca.db"
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: a thousand databases are made and thrown away in it."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


def lived(number: int, template: Path, folder: Path) -> Told | str:
    """Play one seed on a copy of the body."""
    return played(number, partial(live_through, number, template, folder))


def played(number: int, live: Callable[[], Told]) -> Told | str:
    """Play one seed; what does not hold is said in words, so that the others go on."""
    try:
        return live()
    except Exception as error:  # noqa: BLE001 - whatever it is, the seed has to be known
        return f"{VARIABLE}={number} ./dev test tests/fault/test_years.py\n    {type(error).__name__}: {error}"


def summed(found: list[Told | str]) -> Told:
    """Give what all came to, once none has failed."""
    failed = [one for one in found if isinstance(one, str)]
    assert not failed, "\n".join(["to repeat what failed:", *failed[:20]])
    told = [one for one in found if isinstance(one, Told)]
    total = Told(
        sum(one.enforced for one in told),
        sum(one.deaths for one in told),
        sum(one.overtaken for one in told),
        max(one.latest for one in told),
    )
    print(f"{len(told)} seeds of 30 years: {total}")  # noqa: T201 - part of the record
    return total


def test_whatever_the_seed_every_date_is_kept_once_and_in_time(body: Path, quick_folder: Path) -> None:
    total = summed([lived(number, body, quick_folder) for number in seeds(FEW)])
    assert total.enforced
    assert total.latest <= 2 * INTERVAL


@pytest.mark.soak
def test_a_thousand_seeds_of_thirty_years(body: Path, quick_folder: Path) -> None:
    numbers = seeds(MANY)
    # Not forked: the process that runs the tests may have threads.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        found = list(pool.map(lived, numbers, repeat(body), repeat(quick_folder), chunksize=CHUNK))
    total = summed(found)
    if len(numbers) == MANY:
        assert total.deaths > MANY
        assert total.overtaken > MANY
        assert total.latest > timedelta()


@pytest.mark.soak
@pytest.mark.postgres
def test_seeds_of_thirty_years_on_postgresql(postgres_server: Server) -> None:
    found = []
    with postgres_server.fresh_database() as template:
        furnish(postgres_server.url(template))
        for number in seeds(ON_A_SERVER):
            with postgres_server.fresh_database(template) as name:
                found.append(played(number, Life(number, postgres_server.url(name)).live))
    assert summed(found).enforced


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (date(2024, 3, 31), time(2, 30), "Europe/Brussels", "2024-03-31T01:00:00.000000Z"),
        (date(2024, 10, 27), time(2, 30), "Europe/Brussels", "2024-10-27T00:30:00.000000Z"),
        (date(2024, 10, 6), time(2, 30), "Australia/Sydney", "2024-10-05T16:00:00.000000Z"),
        (date(2024, 2, 29), time(23, 59), "Asia/Kolkata", "2024-02-29T18:29:00.000000Z"),
    ],
)
def test_the_instants_that_the_years_expect_are_those_of_the_page(day: date, at: time, zone: str, instant: str) -> None:
    assert to_text(first_instant(day, at, zone)) == instant
