"""Real processes for the fault tests: forked command lines, a daemon, and waiting for what they do."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final, TypeVar

ROOT: Final = Path(__file__).parents[2]
PATIENCE_SECONDS: Final = 30.0
T = TypeVar("T")


def until(what: str, look: Callable[[], T | None], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Look again and again until there is something, and give it; fail when there is nothing after so long."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            message = f"waited {seconds} s in vain for {what}"
            raise AssertionError(message)
        time.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command line ended. `status` is negative for one that a signal ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever it is
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Stopped:
    """How a process that was to be killed fared: `killed` False when it had ended before; `seen` what the probe saw."""

    killed: bool
    seen: Any
    ended: Ended


@dataclass(frozen=True, slots=True)
class Died:
    """How a process ended that was to die in a phase, and the phase in which it was at the end."""

    phase: str
    ended: Ended

    @property
    def killed(self) -> bool:
        return self.ended.status == -signal.SIGKILL


class ForkServer:
    """Runs command lines one at a time, each in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path) -> None:
        self._process = process
        self._folder = folder
        self._numbers = count(1)
        self._answer()

    def run(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        largest_file: int | None = None,
    ) -> Ended:
        """Run a command line to its end. No file may grow beyond `largest_file` bytes."""
        runners = self._ask([arguments], environment, folder, largest_file=largest_file)
        return self._ended(self._answer(), runners)[0]

    def together(
        self,
        lines: Sequence[Sequence[str]],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
    ) -> list[Ended]:
        """Run several command lines at once: each has read the clock before any of them goes on."""
        assert len(lines) > 1
        runners = self._ask(lines, environment, folder)
        return self._ended(self._answer(), runners)

    def kill(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        folder: Path,
        after: float,
        probe: Callable[[], Any],
    ) -> Stopped:
        """Start a command line, hold it after so many seconds, look at it with `probe`, and SIGKILL it."""
        runners = self._ask([arguments], environment, folder, stop_after=after)
        answer = self._answer()
        if "statuses" in answer:
            return Stopped(killed=False, seen=None, ended=self._ended(answer, runners)[0])
        seen = probe()
        self._write("")
        return Stopped(killed=True, seen=seen, ended=self._ended(self._answer(), runners)[0])

    def die(
        self,
        lines: Sequence[Sequence[str]],
        ends: Sequence[Mapping[str, Any]],
        *,
        environment: Mapping[str, str],
        folder: Path,
    ) -> list[Died]:
        """Run command lines at once, each until SIGKILL ends it as planned (see `tests.fault.phases`)."""
        runners = self._ask(lines, environment, folder, ends=[{"signal": signal.SIGKILL, **end} for end in ends])
        answer = self._answer()
        return [Died(*one) for one in zip(answer["phases"], self._ended(answer, runners), strict=True)]

    @contextmanager
    def halted(
        self, *arguments: str, phase: str, environment: Mapping[str, str], folder: Path
    ) -> Iterator[list[Ended]]:
        """Run a command line until it halts in a phase; after the block it goes on, and how it ended is in the list."""
        end = {"phase": phase, "entry": 1, "statement": 0, "signal": signal.SIGSTOP}
        runners = self._ask([arguments], environment, folder, ends=[end])
        assert self._answer() == {"stopped": True}
        ended: list[Ended] = []
        try:
            yield ended
        finally:
            self._write("")
            ended += self._ended(self._answer(), runners)

    def _ask(
        self,
        lines: Sequence[Sequence[str]],
        environment: Mapping[str, str] | None,
        folder: Path | None,
        **more: Any,  # noqa: ANN401 - what JSON holds
    ) -> list[dict[str, Any]]:
        runners = []
        for line in lines:
            number = next(self._numbers)
            out, err = (self._folder / f"{number}.{name}" for name in ("out", "err"))
            # A process may die before it has opened them.
            out.touch()
            err.touch()
            runners.append({"arguments": line, "out": str(out), "err": str(err)})
        where = str(folder or self._folder)
        self._write(json.dumps({"runners": runners, "environment": dict(environment or {}), "folder": where, **more}))
        return runners

    def _ended(self, answer: Mapping[str, Any], runners: Sequence[Mapping[str, Any]]) -> list[Ended]:
        ended = []
        for status, runner in zip(answer["statuses"], runners, strict=True):
            texts = [Path(runner[name]).read_text(encoding="utf-8") for name in ("out", "err")]
            ended.append(Ended(status, *texts))
            for name in ("out", "err"):
                Path(runner[name]).unlink()
        return ended

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _answer(self) -> Mapping[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server has died"
        answer: Mapping[str, Any] = json.loads(line)
        return answer


@contextmanager
def fork_server(folder: Path, prefix: Sequence[str] = ()) -> Iterator[ForkServer]:
    """Run a fork server whose processes leave their words in `folder`; `prefix` is a program that starts it."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [*prefix, sys.executable, "-m", "tests.fault.fork_server"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield ForkServer(process, folder)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE_SECONDS)


def heeding_rights() -> list[str]:
    """Give the program by which root, too, is held by the rights of files; empty for anybody else."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    assert setpriv, "run by root, these tests need setpriv (util-linux)"
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]


@dataclass
class DaemonProcess:
    """A real `pdca scheduler run`, and the lines it logs."""

    process: "subprocess.Popen[bytes]"
    file: Path

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self.process.pid

    def lines(self) -> list[dict[str, Any]]:
        """Give the JSON lines logged so far."""
        return [json.loads(line) for line in self.text().splitlines() if line.startswith("{")]

    def text(self) -> str:
        """Give everything written so far."""
        return self.file.read_text(encoding="utf-8")

    def waits_for(self, event: str, *, after: int = 0, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - what JSON holds
        """Wait for a line with this event and fields, among those after the first `after` lines."""

        def look() -> dict[str, Any] | None:
            wanted = {"event": event, **fields}
            ended = self.process.poll() is not None
            found = next((line for line in self.lines()[after:] if wanted.items() <= line.items()), None)
            assert found or not ended, "it has ended"
            return found

        try:
            return until(f"the line {event} {fields}", look)
        except AssertionError as error:
            message = f"{error}; it said:\n{self.text()}"
            raise AssertionError(message) from None

    def freeze(self) -> None:
        """Stop the process and wait until each of its threads stands still: until then one may run on."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)

    def end(self, number: int) -> int:
        """Send a signal and wait for the exit status."""
        self.process.send_signal(number)
        return self.status()

    def status(self) -> int:
        """Wait for the exit status."""
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def daemon(
    folder: Path,
    environment: Mapping[str, str],
    *,
    prefix: Sequence[str] = (),
    name: str = "daemon",
    program: Sequence[str] = ("pdca",),
) -> Iterator[DaemonProcess]:
    """Run `python -m pdca scheduler run` in `folder`; kill it at the end if it still runs."""
    file = folder / f"{name}.log"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PDCA_LOG_FORMAT": "json", **environment}
    with (
        file.open("wb") as log,
        subprocess.Popen(
            [*prefix, sys.executable, "-m", *program, "scheduler", "run"],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            yield DaemonProcess(process, file)
        finally:
            if process.poll() is None:
                process.kill()
