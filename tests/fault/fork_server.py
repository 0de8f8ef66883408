"""A process that runs command lines of `pdca` in processes forked from itself, so that each costs no start-up time.

`tests.fault.processes` starts it (`python -m tests.fault.fork_server`) and talks to it: one JSON object per line, a
request on stdin, answers on stdout. What is forked is a process like any other: it can be stopped, limited and killed.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TextIO

import click

from pdca.cli.main import COMMANDS, main, root
from pdca.clock import SystemClock

_READ_ON_DEMAND: Final = (
    "pdca.audit.verify",
    "pdca.evaluations.enforce",
    "pdca.evaluations.extend",
    "pdca.evaluations.record",
    "pdca.log",
    "pdca.plans.advance",
    "pdca.store.postgres",
    "pdca.store.sqlite",
    "pdca.store.verifying",
    "scheduler.channels.file",
    "scheduler.daemon",
    "scheduler.deliver",
    "scheduler.heartbeat",
    "scheduler.seal",
    "scheduler.sweep",
    "structlog",
)


class GateClock(SystemClock):
    """The machine's clock, whose first answer is given only when the gate opens: both runners stand at the line."""

    def __init__(self, at_the_line: int, gate: int) -> None:
        self._line: int | None = at_the_line
        self._gate = gate

    def now(self) -> Any:  # noqa: ANN401 - the base class says what it is
        instant = super().now()
        if self._line is not None:
            os.write(self._line, b".")
            os.read(self._gate, 1)
            self._line = None
        return instant


def serve() -> None:
    """Answer requests until stdin ends."""
    _load()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    _say(sys.stdout, {"ready": True})
    for line in sys.stdin:
        _perform(json.loads(line))


def _load() -> None:
    with root.make_context("pdca", [], resilient_parsing=True) as context:
        for name in COMMANDS:
            with contextlib.suppress(ImportError):
                found = root.get_command(context, name)
                assert isinstance(found, click.Command)
    for name in _READ_ON_DEMAND:
        importlib.import_module(name)


def _perform(request: Mapping[str, Any]) -> None:
    line_read, line_write = os.pipe()
    gate_read, gate_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become(request, line_write, gate_read)
    os.close(line_write)
    os.close(gate_read)
    _say(sys.stdout, {"pid": pid})
    if request.get("gate"):
        os.read(line_read, 1)
        _say(sys.stdout, {"at_the_line": True})
        sys.stdin.readline()
        os.write(gate_write, b".")
    after = request.get("stop_after")
    if after is not None and signal.sigtimedwait({signal.SIGCHLD}, after) is None:
        # Held still, so that the test can look at what it was doing before it dies of it.
        os.kill(pid, signal.SIGSTOP)
        _, status = os.waitpid(pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            _say(sys.stdout, {"stopped": True})
            sys.stdin.readline()
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
    else:
        _, status = os.waitpid(pid, 0)
    signal.sigtimedwait({signal.SIGCHLD}, 0)
    os.close(line_read)
    os.close(gate_write)
    _say(sys.stdout, {"status": os.waitstatus_to_exitcode(status)})


def _become(request: Mapping[str, Any], line: int, gate: int) -> None:
    status = 70
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        os.chdir(request["folder"])
        os.environ.update(request["environment"])
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: PTH123, SIM115 - it lives as long as the process
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: PTH123, SIM115
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: PTH123, SIM115
        largest = request.get("largest_file")
        if largest is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
        clock = GateClock(line, gate) if request.get("gate") else None
        status = main(request["arguments"], clock=clock)
        sys.stdout.flush()
    finally:
        os._exit(status)


def _say(stream: TextIO, words: Mapping[str, Any]) -> None:
    stream.write(json.dumps(words) + "\n")
    stream.flush()


if __name__ == "__main__":
    assert Path("pyproject.toml").is_file(), "run it in the folder of the project"
    serve()
