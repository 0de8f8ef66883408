"""A process that runs command lines of `pdca` in processes forked from itself, so that each costs no start-up time.

`tests.fault.processes` starts it (`python -m tests.fault.fork_server`) and talks to it: one JSON object per line, a
request on stdin, answers on stdout. What is forked is a process like any other: it can be stopped, limited and killed.
"""

import gc
import importlib
import json
import mmap
import os
import pkgutil
import resource
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pdca
import scheduler
import workflows
from pdca.cli.main import main
from pdca.clock import SystemClock
from tests.fault.phases import PHASES, Phases

_LEFT_OUT: Final = ("pdca.__main__", "pdca.store.migrations", "pdca.store.schema", "pdca.store.tables")
"""What only `init` needs, which takes longest to load."""

_LOADED_LATE: Final = ("structlog", "prometheus_client")
"""Libraries that the program loads where it needs them."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Where processes wait for each other: each tells `line` that it is there, and goes when `signal` says so."""

    line: tuple[int, int]
    signal: tuple[int, int]

    @classmethod
    def make(cls) -> "Gate":
        """Make one of two pipes."""
        return cls(os.pipe(), os.pipe())

    def wait(self) -> None:
        """Wait until it opens."""
        os.write(self.line[1], b".")
        os.read(self.signal[0], 1)

    def open_for(self, runners: int) -> None:
        """Open it once so many wait."""
        for _ in range(runners):
            os.read(self.line[0], 1)
        os.write(self.signal[1], b"." * runners)

    def close(self) -> None:
        """Give the pipes back."""
        for end in (*self.line, *self.signal):
            os.close(end)


class GateClock(SystemClock):
    """The machine's clock, whose first answer comes only when the gate opens: all have begun before any goes on."""

    def __init__(self, gate: Gate) -> None:
        self._gate: Gate | None = gate

    def now(self) -> datetime:
        instant = super().now()
        if self._gate is not None:
            self._gate.wait()
            self._gate = None
        return instant


def serve() -> None:
    """Answer requests until stdin ends."""
    _load()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    _say({"ready": True})
    for line in sys.stdin:
        _perform(json.loads(line))


def _load() -> None:
    for package in (pdca, scheduler, workflows):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(_LEFT_OUT):
                importlib.import_module(found.name)
    for name in _LOADED_LATE:
        importlib.import_module(name)
    # What was loaded stays shared with the forked processes.
    gc.freeze()


def _perform(request: Mapping[str, Any]) -> None:
    runners = request["runners"]
    if "ends" in request:
        _let_die(request)
        return
    gate = Gate.make() if len(runners) > 1 else None
    pids = []
    for runner in runners:
        pids.append(os.fork())
        if pids[-1] == 0:
            _become({**request, **runner}, gate)
    if gate is not None:
        gate.open_for(len(runners))
    after = request.get("stop_after")
    statuses = [_wait(pid) for pid in pids] if after is None else [_end(pids[0], after)]
    while signal.sigtimedwait({signal.SIGCHLD}, 0):
        pass
    if gate is not None:
        gate.close()
    _say({"statuses": statuses})


def _let_die(request: Mapping[str, Any]) -> None:
    """Run each runner to the end that is planned for it; tell how each ended and in which phase it was."""
    lives: list[tuple[int, mmap.mmap, tuple[int, int], Mapping[str, Any]]] = []
    for runner, end in zip(request["runners"], request["ends"], strict=True):
        memory, line = mmap.mmap(-1, 1), os.pipe()
        pid = os.fork()
        if pid == 0:
            for _, _, other, _ in lives:
                os.close(other[0])
                os.close(other[1])
            Phases(memory, line[1], end).watch()
            _become({**request, **runner}, None)
        lives.append((pid, memory, line, end))
    for pid, _memory, line, end in lives:
        os.close(line[1])
        if "statement" not in end:
            # Nothing to read means that it has ended by itself.
            if os.read(line[0], 1):
                time.sleep(end["seconds"])
            os.kill(pid, signal.SIGKILL)
        elif end["signal"] == signal.SIGSTOP:
            _hold(pid)
        os.close(line[0])
    statuses = [_wait(pid) for pid, *_ in lives]
    while signal.sigtimedwait({signal.SIGCHLD}, 0):
        pass
    _say({"statuses": statuses, "phases": [PHASES[memory[0]] for _, memory, *_ in lives]})


def _hold(pid: int) -> None:
    """Wait until the process halts itself, say so, and let it go on when told to."""
    _, status = os.waitpid(pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), "it has ended before it came to where it was to halt"
    _say({"stopped": True})
    sys.stdin.readline()
    os.kill(pid, signal.SIGCONT)


def _end(pid: int, after: float) -> int:
    """Kill the process after so many seconds, unless it ends before."""
    if signal.sigtimedwait({signal.SIGCHLD}, after) is None:
        # Held still, so that the test can look at what it was doing before it dies of it.
        os.kill(pid, signal.SIGSTOP)
        _, status = os.waitpid(pid, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.waitstatus_to_exitcode(status)
        _say({"stopped": True})
        sys.stdin.readline()
        os.kill(pid, signal.SIGKILL)
    return _wait(pid)


def _wait(pid: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _become(request: Mapping[str, Any], gate: Gate | None) -> None:
    status = 70
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.chdir(request["folder"])
        os.environ.update(request["environment"])
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - it lives as long as the process
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
        largest = request.get("largest_file")
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        status = main(request["arguments"], clock=None if gate is None else GateClock(gate))
        sys.stdout.flush()
    finally:
        os._exit(status)


def _say(words: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    assert Path("pyproject.toml").is_file(), "run it in the folder of the project"
    serve()
