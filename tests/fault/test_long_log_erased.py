"""Erasing from a log of any length keeps others from writing only while it erases, not while it reads."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.clock import FixedClock
from pdca.erasure.apply_rules import ApplyRules
from pdca.erasure.erase import erase_past_term
from pdca.erasure.rules import DecideTerm
from pdca.house import House
from pdca.people.commands import EndAppointment
from pdca.store.database import locate
from pdca.store.driver import Connection
from tests import seed
from tests.contract.counting import Counting
from tests.contract.overlooking import watched
from tests.fault import long_log

LENGTHS: Final = (10_000, 100_000)
LEFT: Final = (("anna", "transport"), ("marc", "investigation"), ("lea", "council"))
DAY: Final = date(2024, 1, 9)

SHARE: Final = 0.01
"""What part of the time that erasing from the longest log takes may be spent inside of the transaction."""


@dataclass(eq=False)
class Timed(Counting):
    """A connection that adds up the processor's time for which it keeps others from writing."""

    seconds: list[float] = field(default_factory=list)
    began: float | None = None

    def begin(self) -> None:
        super().begin()
        self.began = time.process_time()

    def commit(self) -> None:
        super().commit()
        self._ended()

    def rollback(self) -> None:
        super().rollback()
        self._ended()

    def _ended(self) -> None:
        if self.began is not None:
            self.seconds.append(time.process_time() - self.began)
            self.began = None

    def scrub(self, tables: Iterable[str]) -> bool:
        return self.inner.scrub(tables)


def erased(house: House, *, before: bool) -> tuple[dict[str, Any], float, float]:
    """Erase what is past its term, in a dry run: what it came to, all it took, and how much of that inside."""
    inside: list[float] = []

    def watch(connection: Connection, writing: bool) -> Connection:
        return Timed(connection, seconds=inside) if writing else connection

    began = time.process_time()
    here = watched(house, watch)
    outcome = erase_past_term(here, Path("nowhere"), dry_run=True) if before else here.apply(ApplyRules(), dry_run=True)
    return dict(outcome.summary), time.process_time() - began, sum(inside)


@pytest.mark.soak
def test_the_longer_a_log_the_smaller_the_part_of_erasing_in_which_others_are_kept_from_writing(tmp_path: Path) -> None:
    shares = []
    for events in LENGTHS:
        path = tmp_path / f"{events}.db"
        long_log.make(path, events)
        # Simulated time goes on where the last event left it.
        house = House(locate(f"sqlite:///{path}"), clock=FixedClock(seed.START + timedelta(days=400)))
        for who, party in LEFT:
            house.apply(EndAppointment(who, party, DAY))
        house.apply(DecideTerm("people", 6, "De wet.", "Beslist."))
        found, _all, inside_only = erased(house, before=False)
        same, everything, inside = erased(house, before=True)
        assert same == found
        shares.append(inside / everything)
        told = f"{everything:.1f} s of the processor's time, {inside:.3f} s ({shares[-1]:.2%}) inside the transaction"
        print(f"{events:,} events, {len(LEFT)} people: {told}; all read inside: {inside_only:.1f} s")  # noqa: T201 - the record
    assert shares[-1] < min(SHARE, shares[0])
