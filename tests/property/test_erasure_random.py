"""Whatever is erased in whatever order, the log and the tables fit; and whatever is tampered with then is found."""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdca.clock import VirtualClock
from pdca.erasure.erase import erase_past_term
from pdca.erasure.kinds import KINDS
from pdca.erasure.person import ErasePerson
from pdca.erasure.rules import DecideTerm
from pdca.erasure.value import EraseValue
from pdca.errors import NotFound, Refused, Usage
from pdca.house import House
from pdca.people.substitution import Substitute
from pdca.store.database import locate
from tests import seed
from tests.contract.world import MOMENTS, World, furnish, morning, opened
from tests.fault.tampers import OF_THE_LOG, insider, of_the_tables, private_moved

HANDLES: Final = ("sofie", "marc", "anna", "karel", "lea")
WHY: Final = "Gevraagd op papier."


@dataclass(frozen=True, slots=True)
class Rule:
    """That a kind is erased a month after what it runs from, applied years later."""

    kind: str


YEARS: Final = 3
STEPS: Final = st.lists(
    st.sampled_from(HANDLES) | st.integers(0, 10_000) | st.sampled_from(sorted(KINDS)).map(Rule), min_size=1, max_size=6
)
"""What is erased, in order: a person, one of the values of the log by its number, or a kind by a rule."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation in which people did things, were told of others, and were written about."""
    path = tmp_path_factory.mktemp("erasure") / "pdca.db"
    furnish(f"sqlite:///{path}")
    with opened(f"sqlite:///{path}") as world:
        world.take("start")
        world.by(
            "karel", Substitute("karel", "marc", date(2024, 1, 8), date(2024, 6, 8), "Met Sofie Peeters geregeld.")
        )
        world.sweep_on(morning(MOMENTS[0]))
        world.take("record", "conclude", "close")
    return path


@contextmanager
def copy_of(lived: Path, folder: Path) -> Iterator[World]:
    """Open a copy of it as whoever may tamper with it afterwards."""
    for left in folder.glob("pdca.db*"):
        left.unlink()
    shutil.copyfile(lived, folder / "pdca.db")
    database, clock = locate(f"sqlite:///{folder / 'pdca.db'}"), VirtualClock(seed.START)
    with database.connect() as reading:
        world = World(House(database, clock=clock), clock, reading)
        world.go_to(morning(MOMENTS[0]))
        yield world


def erase(world: World, step: str | int | Rule) -> None:
    """Erase a person, a value or a kind; what is gone, or cannot be erased by itself, is refused."""
    if isinstance(step, Rule):
        world.go_to(max(world.clock.now(), morning(MOMENTS[0]) + timedelta(days=365 * YEARS)))
        with suppress(Usage):
            world.by_administrator(DecideTerm(step.kind, 1, "De wet.", WHY))
        erase_past_term(world.house, Path("nowhere"))
        return
    values = [
        (row["event_id"], digest) for row in world.dump()["event_private"] for digest in json.loads(row["payload"])
    ]
    command = (
        ErasePerson(step, "art-17", WHY)
        if isinstance(step, str)
        else EraseValue(*values[step % len(values)], "mistake", WHY)
    )
    # Somebody is erased twice, a name cannot be taken away by itself.
    with suppress(NotFound, Refused):
        world.by_administrator(command)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, number=st.integers(0, 2**32))
def test_random_erasures_fit_and_every_tamper_after_them_is_found(
    lived: Path, tmp_path: Path, steps: list[str | int | Rule], number: int
) -> None:
    path = tmp_path / "pdca.db"
    with copy_of(lived, tmp_path) as world:
        for step in steps:
            erase(world, step)
            report = world.verified()
            assert report.ok, report.findings[:5]
            assert report.erased == len(world.dump()["erased_value"])
    erased = tmp_path / "erased.db"
    shutil.copyfile(path, erased)
    chance = random.Random(number)  # noqa: S311 - no secret
    # Two parts of which nothing is left are the same, whichever way round.
    tampers = [one for one in (*OF_THE_LOG, *of_the_tables(path)) if one is not private_moved]
    for tamper in chance.sample(tampers, 6):
        with copy_of(erased, tmp_path) as world:
            with insider(path) as raw:
                expected = tamper(raw, chance)
            found = world.verified().findings
        fits = [one for one in found if one.code in expected.codes and expected.where in (None, one.where)]
        assert fits, f"{tamper.__name__}: {expected}, {found[:3]}"
