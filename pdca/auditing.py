"""Verifying a long log by several processes: each reads stretches of it, and says what they come to.

A helper only ever says that nothing is amiss in a stretch. Where it does not, because something is, because it met an
error or because it is no longer there, the verifier looks at the events of that stretch itself: so what is found does
not depend on the helpers, and no stretch goes unread. All read the same snapshot.

Helpers are forked before the database is opened: a connection must not be carried over into another process
(sqlite.org/howtocorrupt.html), and a process that has none and runs no thread may be copied as it is.
"""

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection as Line
from multiprocessing.process import BaseProcess
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

from pdca.audit.reader import Reader
from pdca.audit.stretch import Stretch
from pdca.store.database import Database
from pdca.store.driver import Connection
from pdca.store.verifying import StoredLog

Told = TypeVar("Told")
Look = Callable[[Reader], Callable[[Stretch], Told | None]]
"""Makes of a log what says something of each stretch of it, or None."""

MOST: Final = 4
"""Processes at most: what remains for one alone, to put the parts together, keeps more of them waiting."""

_OPENED: Final = "opened"
"""The answer of a helper that has the snapshot."""

_GONE: Final = (EOFError, OSError)
"""What is met on the line to a process that is no longer there."""


def helpers_here() -> int:
    """Say how many helpers a long log is worth on this machine."""
    # Where the system does not say on how many processors we may run, one is enough.
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return min(MOST, processors) - 1


class Helpers(Generic[Told]):
    """So many processes beside this one, which look at their share of the stretches; from `with` until its end.

    To be entered while no connection is open and no thread runs. What a helper says of a stretch waits until it is
    asked for, and the helper with it: so memory does not grow with the log.
    """

    def __init__(self, database: Database, count: int, look: "Look[Told]") -> None:
        self._database = database
        self._count = count
        self._look = look
        self._helpers: list[_Helper] = []

    def __enter__(self) -> Self:
        context = get_context("fork")
        # The machine may let us have no more of them.
        with suppress(OSError):
            for _ in range(self._count):
                ours, theirs = context.Pipe()
                inherited = [ours, *(helper.line for helper in self._helpers)]
                process = context.Process(target=_help, args=(theirs, inherited, self._database, self._look))
                process.daemon = True
                self._begin(_Helper(process, ours), theirs)
        return self

    def _begin(self, helper: "_Helper", theirs: Line) -> None:
        # Until it says that it does not listen to them, no interruption may come upon it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            helper.process.start()
        except OSError:
            helper.line.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()
        self._helpers.append(helper)

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def open(self, connection: Connection) -> StoredLog:
        """Open the log here and at the helpers, at one snapshot; where they cannot have it they are left out."""

        def begin() -> None:
            if self._helpers and not connection.snapshot_beside(self._open_at):
                self._dismiss()
            elif not self._helpers:
                connection.snapshot()

        return StoredLog(connection, begin)

    def parts(self, reader: Reader, stretches: Iterable[Stretch]) -> Iterator[Told | None]:
        """Say of each stretch, in their order, what it comes to; every one in so many is looked at here."""
        every = list(stretches)
        sharing = len(self._helpers) + 1
        for share, helper in enumerate(self._helpers, start=1):
            helper.send(every[share::sharing])
        look = self._look(reader)
        for number, stretch in enumerate(every):
            share = number % sharing
            yield self._helpers[share - 1].receive() if share else look(stretch)

    def _open_at(self, snapshot: str) -> bool:
        for helper in self._helpers:
            helper.send(snapshot)
        # Each answer is taken, for it must not be taken for the answer to what is asked later.
        opened = [helper.receive() for helper in self._helpers]
        return opened == [_OPENED] * len(opened)

    def _dismiss(self) -> None:
        for process, line in self._helpers:
            process.kill()
            line.close()
            process.join()
        self._helpers.clear()


class _Helper(NamedTuple):
    """A process, and the line to it; of one that is no longer there nothing is ever received but None."""

    process: BaseProcess
    line: Line

    def send(self, what: object) -> None:
        with suppress(*_GONE):
            self.line.send(what)

    def receive(self) -> Any:  # noqa: ANN401 - what a helper says
        with suppress(*_GONE):
            return self.line.recv()
        return None


def _help(line: Line, inherited: Sequence[Line], database: Database, look: "Look[object]") -> None:
    """Be a helper: open the snapshots that are named, then look at the stretches that are listed."""
    # Whoever interrupts the verification interrupts the process that has the helpers, and that ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for other in inherited:
        other.close()
    # Whatever goes wrong here goes wrong again where the stretch is looked at instead, and is told there.
    with suppress(Exception), database.connect() as connection:
        log = StoredLog(connection, partial(connection.snapshot_of, line.recv()))
        line.send(_OPENED)
        while isinstance(asked := line.recv(), str):
            connection.snapshot_of(asked)
            line.send(_OPENED)
        told = look(log)
        for stretch in asked:
            line.send(told(stretch))
