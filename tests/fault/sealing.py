"""Processes that write to one log and processes that seal it, all at once, on PostgreSQL."""

import multiprocessing
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier, Event
from typing import Final

from pdca.clock import monotonic
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.house import House
from pdca.people.commands import lock_installation
from pdca.plans.advance import lock_plan
from pdca.store.database import locate
from scheduler import seal

SMALL_BATCH: Final = 5
"""So few events that sealers come upon each other, and upon writers, all the time."""

_SPAWN: Final = multiprocessing.get_context("spawn")
_BEGUN: Final[list[Barrier]] = []
_DONE: Final[list[Event]] = []
"""What all processes share; each is given it when it starts, for it cannot be handed over later."""


@dataclass(frozen=True, slots=True)
class Say:
    """Append events that change nothing to streams of plans, perhaps to the installation's too, in one transaction."""

    plans: Sequence[str]
    installation: bool

    def perform(self, desk: Desk) -> Outcome:
        for plan_id in self.plans:
            desk.record(Stream.of_plan(lock_plan(desk, plan_id)), Draft(kind="test.said", reason=plan_id))
        if self.installation:
            desk.record(Stream.of_installation(lock_installation(desk)), Draft(kind="test.said"))
        return desk.done()


@contextmanager
def at_work(url: str, plans: Sequence[Sequence[str]], sealers: int, **until: float) -> "Iterator[Work]":
    """Start a writer for each group of plans and so many sealers; `until` is `events` (by each writer) or `seconds`."""
    workers = len(plans) + sealers
    done = _SPAWN.Event()
    with ProcessPoolExecutor(workers, _SPAWN, _share, (_SPAWN.Barrier(workers), done)) as pool:
        work = Work(
            [pool.submit(_write, url, number, group, **until) for number, group in enumerate(plans)],
            [pool.submit(_seal, url) for _ in range(sealers)],
        )
        try:
            yield work
        finally:
            done.set()


@dataclass(frozen=True, slots=True)
class Work:
    """What is under way: of a writer the ids of its events come back, of a sealer how many it sealed in each run."""

    writers: "Sequence[Future[list[int]]]"
    sealers: "Sequence[Future[list[int]]]"

    @property
    def writing(self) -> bool:
        """Whether a writer is still at it."""
        return not all(one.done() for one in self.writers)


def _share(begun: Barrier, done: Event) -> None:
    _BEGUN.append(begun)
    _DONE.append(done)


def _write(url: str, number: int, plans: Sequence[str], events: float = 0, seconds: float = 0) -> list[int]:
    house, chance = House(locate(url)), random.Random(number)  # noqa: S311 - nobody has to be kept from guessing it
    written: list[int] = []
    _BEGUN[0].wait()
    end = monotonic() + seconds
    while len(written) < events or (seconds and monotonic() < end):
        # Always in the order of their names, so that two never wait for each other.
        some = sorted(chance.sample(list(plans), chance.randint(1, len(plans))))
        written += house.apply(Say(some, installation=chance.random() < 0.3)).events
    return written


def _seal(url: str) -> list[int]:
    vars(seal)["BATCH"] = SMALL_BATCH
    house, sealed = House(locate(url)), [0]
    _BEGUN[0].wait()
    while not _DONE[0].is_set():
        sealed.append(seal.run_once(house).sealed)
    return sealed
