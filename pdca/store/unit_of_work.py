"""One transaction with one frozen `now`: what a command reads and writes happens at a single instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from pdca.clock import Clock, SystemClock
from pdca.store.driver import Connection, Statement
from workflows.instants import from_text, to_text

# Daemons on several hosts agree on the time because they ask the one database.
_DATABASE_TIME = Statement(
    "database_time",
    "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS now",
)


@dataclass(slots=True)
class UnitOfWork:
    """An open writing transaction and its instant; with `keep` false it is undone at the end (a dry run).

    `now_text` is the instant as it is stored.
    """

    connection: Connection
    now: datetime
    keep: bool = True
    now_text: str = field(init=False)

    def __post_init__(self) -> None:
        """Write the instant once: nearly every row of a transaction bears it."""
        self.now_text = to_text(self.now)


@contextmanager
def unit_of_work(connection: Connection, clock: Clock) -> Iterator[UnitOfWork]:
    """Begin, freeze `now` once the lock is held, and commit; on any error everything is undone."""
    connection.begin()
    try:
        uow = UnitOfWork(connection, current_instant(connection, clock))
        yield uow
        if uow.keep:
            connection.commit()
        else:
            connection.rollback()
    except BaseException:
        connection.rollback()
        raise


def current_instant(connection: Connection, clock: Clock) -> datetime:
    """Read the time: the database's own where hosts share one, otherwise the clock's."""
    if connection.dialect == "postgresql" and isinstance(clock, SystemClock):
        return from_text(connection.value(_DATABASE_TIME))
    return clock.now()
