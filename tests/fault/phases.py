"""Where a sweep is when it dies: marks the phases of a process of the fork server, and ends or halts it in one.

The program knows nothing of it: a forked process has the functions that make up a phase put into a wrapper before it
begins. The phase stands in memory that the fork server shares, so that it can be read of a process that is dead.
"""

import mmap
import os
import threading
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from pdca import engine
from pdca.evaluations import enforce
from pdca.store import eventlog
from pdca.store.driver import Connection
from pdca.store.postgres import PostgresConnection
from pdca.store.sqlite import SqliteConnection
from scheduler import heartbeat
from scheduler.daemon import Daemon
from scheduler.sweep import _Sweep

IDLE: Final = "idle"
PHASES: Final = (
    IDLE,
    "select",
    "begin",
    "lock",
    "facts",
    "outbox",
    "write",
    "event",
    "commit",
    "after commit",
    "heartbeat",
)
"""Idle is a process that has not begun its sweep, or has ended it; after commit lasts until the next begins."""


class Phases:
    """Marks the phases of this process in `memory`; at the end that `plan` names, a signal is sent to it.

    A plan has `phase`, `entry` (the how manieth), `statement` (so many words to the database later, but inside the
    phase) and `signal`; without `statement` it writes to the pipe `line` on entering, and somebody else ends it.
    """

    def __init__(self, memory: mmap.mmap, line: int, plan: Mapping[str, Any]) -> None:
        self._memory = memory
        self._line = line
        self._phase: str = plan["phase"]
        self._entries: int = plan["entry"]
        self._statements: int | None = plan.get("statement")
        self._signal: int = plan["signal"]
        self._here = threading.local()
        self._armed = False

    def watch(self) -> None:
        """Wrap what makes up the phases, in this process only."""
        self._during(_Sweep, "run", None)
        self._during(_Sweep, "_not_left", "select")
        self._during(enforce, "lock", "lock")
        self._during(enforce, "gather", "facts")
        self._during(enforce, "gathered", "facts")
        self._during(engine, "enqueue", "outbox")
        self._during(engine.Desk, "_write", "write")
        self._during(eventlog, "append", "event")
        self._during(heartbeat, "beat", "heartbeat", anywhere=True)
        for kind in (SqliteConnection, PostgresConnection):
            self._during(kind, "begin", "begin")
            self._during(kind, "commit", "commit", afterwards="after commit")
            self._counting(kind)
        self._at_the_end(Daemon, "_arm")

    def _during(
        self, place: object, name: str, phase: str | None, *, afterwards: str | None = None, anywhere: bool = False
    ) -> None:
        act = getattr(place, name)

        @wraps(act)
        def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
            if phase is None:
                self._pass_by(IDLE)
                self._here.sweeping = True
                try:
                    return act(*arguments, **named)
                finally:
                    self._here.sweeping = False
                    self._mark(IDLE)
                    self._pass_by(IDLE)
            if getattr(self._here, "beating", False) or not (anywhere or getattr(self._here, "sweeping", False)):
                return act(*arguments, **named)
            before = self._memory[0]
            self._here.beating = anywhere
            self._mark(phase)
            try:
                self._enter(phase)
                done = act(*arguments, **named)
                self._leave(phase)
                return done
            finally:
                self._here.beating = False
                self._mark(afterwards or PHASES[before])
                if afterwards:
                    self._pass_by(afterwards)

        setattr(place, name, wrapped)

    def _counting(self, kind: type[Connection]) -> None:
        for name in ("all", "run", "_command" if kind is PostgresConnection else "commit"):
            self._counted(kind, name)

    def _counted(self, kind: type[Connection], name: str) -> None:
        act: Callable[..., Any] = getattr(kind, name)

        @wraps(act)
        def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
            if self._armed and PHASES[self._memory[0]] == self._phase:
                self._come_closer()
            return act(*arguments, **named)

        setattr(kind, name, wrapped)

    def _at_the_end(self, kind: type[Daemon], name: str) -> None:
        act: Callable[..., Any] = getattr(kind, name)

        @wraps(act)
        def wrapped(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it is
            act(*arguments, **named)
            self._strike()

        setattr(kind, name, wrapped)

    def _mark(self, phase: str) -> None:
        self._memory[0] = PHASES.index(phase)

    def _pass_by(self, phase: str) -> None:
        self._enter(phase)
        self._leave(phase)

    def _enter(self, phase: str) -> None:
        if phase != self._phase:
            return
        self._entries -= 1
        if self._entries:
            return
        if self._statements is None:
            os.write(self._line, b".")
            return
        self._armed = True
        self._come_closer()

    def _leave(self, phase: str) -> None:
        if self._armed and phase == self._phase:
            self._strike()

    def _come_closer(self) -> None:
        if not self._statements:
            self._strike()
        else:
            self._statements -= 1

    def _strike(self) -> None:
        self._armed = False
        os.kill(os.getpid(), self._signal)
