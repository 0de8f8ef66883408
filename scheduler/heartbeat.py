"""The heartbeat in the database: how anybody can see since when no scheduler has run. Not part of the log."""

import os
import socket
import threading

from pdca.house import House
from pdca.store.reads import heartbeats
from pdca.store.unit_of_work import unit_of_work
from workflows.instants import to_text


def worker_name() -> str:
    """Name this process among all that sweep the database."""
    return f"{socket.gethostname()}:{os.getpid()}"


def try_to_write(house: House) -> None:
    """See that something can be recorded before anything is done that must be; raises PdcaError when it cannot."""
    with house.writing() as uow:
        name = f"trial of {worker_name()}:{threading.get_ident()}"
        uow.connection.run(heartbeats.TRY, worker=name, now=uow.now_text)
        uow.connection.run(heartbeats.TRIED, worker=name)


def beat(house: House, *, started_at: str, swept: bool, stopped: bool = False, error: str | None = None) -> None:
    """Say that this worker lives, whether it has just swept, and what went wrong last."""
    with (
        house.database.connect(writing=True) as connection,
        unit_of_work(connection, house.clock_of(connection)) as uow,
    ):
        now = to_text(uow.now)
        uow.connection.run(
            heartbeats.BEAT,
            worker=worker_name(),
            host=socket.gethostname(),
            process=os.getpid(),
            started_at=started_at,
            beat_at=now,
            swept_at=now if swept else None,
            stopped_at=now if stopped else None,
            error=error,
        )
