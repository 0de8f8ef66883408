"""The sealer: gives logged events their place in the tree. On SQLite the event's own transaction has done so."""

from dataclasses import dataclass

from pdca.house import House
from pdca.store import eventlog
from pdca.store.unit_of_work import unit_of_work

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class SealCounts:
    """How many events got their leaf."""

    sealed: int = 0


def run_once(house: House) -> SealCounts:
    """Seal every event without a leaf; several sealers at once do no harm, one of them works."""
    sealed = 0
    with house.noting_refusals("seal"), house.database.connect(writing=True) as connection:
        if connection.dialect == "sqlite":
            return SealCounts()
        house.scheduler(connection)
        while True:
            with unit_of_work(connection, house.clock_of(connection)) as uow:
                done = eventlog.seal(uow.connection, BATCH)
            sealed += done
            if done < BATCH:
                return SealCounts(sealed)
