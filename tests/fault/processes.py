"""Real processes for the fault tests: forked command lines, the daemon as started by hand, and waiting for what they do."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Any, Final, TypeVar

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
        """Run a command line to its end."""
        out, err = self._ask(arguments, environment, folder, largest_file=largest_file)
        return self._ended(self._answer(), out, err)

    def kill(
        self,
        *arguments: str,
        environment: Mapping[str, str],
        folder: Path,
        after: float,
        probe: Callable[[], Any],
    ) -> Stopped:
        """Start a command line, hold it after so many seconds, look at it with `probe`, and SIGKILL it."""
        out, err = self._ask(arguments, environment, folder, stop_after=after)
        answer = self._answer()
        if "status" in answer:
            return Stopped(killed=False, seen=None, ended=self._ended(answer, out, err))
        seen = probe()
        self._go_on()
        return Stopped(killed=True, seen=seen, ended=self._ended(self._answer(), out, err))

    def at_the_line(self, *arguments: str, environment: Mapping[str, str], folder: Path) -> Callable[[], Callable[[], Ended]]:
        """Start a command line up to where it has read the clock; calling the result lets it run, then that ends it."""
        out, err = self._ask(arguments, environment, folder, gate=True)
        assert self._answer() == {"at_the_line": True}

        def go() -> Callable[[], Ended]:
            self._go_on()
            return lambda: self._ended(self._answer(), out, err)

        return go

    def _ask(
        self, arguments: Sequence[str], environment: Mapping[str, str] | None, folder: Path | None, **more: Any  # noqa: ANN401 - what JSON holds
    ) -> tuple[Path, Path]:
        number = next(self._numbers)
        out, err = (self._folder / f"{number}.{name}" for name in ("out", "err"))
        request = {
            "arguments": arguments,
            "environment": dict(environment or {}),
            "folder": str(folder or self._folder),
            "out": str(out),
            "err": str(err),
            **more,
        }
        self._write(json.dumps(request))
        self._answer()
        return out, err

    def _ended(self, answer: Mapping[str, Any], out: Path, err: Path) -> Ended:
        ended = Ended(answer["status"], out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))
        out.unlink()
        err.unlink()
        return ended

    def _go_on(self) -> None:
        self._write("")

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
    _seen: int = field(default=0)

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
            return next((line for line in self.lines()[after:] if wanted.items() <= line.items()), None)

        try:
            return until(f"the line {event} {fields}", look)
        except AssertionError as error:
            message = f"{error}; it said:\n{self.text()}"
            raise AssertionError(message) from None

    def end(self, number: int) -> int:
        """Send a signal and wait for the exit status."""
        self.process.send_signal(number)
        return self.status()

    def status(self) -> int:
        """Wait for the exit status."""
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def daemon(
    folder: Path, environment: Mapping[str, str], *, prefix: Sequence[str] = (), name: str = "daemon"
) -> Iterator[DaemonProcess]:
    """Run `python -m pdca scheduler run` in `folder`; kill it at the end if it still runs."""
    file = folder / f"{name}.log"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "PDCA_LOG_FORMAT": "json", **environment}
    with (
        file.open("wb") as log,
        subprocess.Popen(
            [*prefix, sys.executable, "-m", "pdca", "scheduler", "run"],
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


def closed(stream: IO[str] | None) -> None:
    """Close a stream that may not be there."""
    if stream is not None:
        stream.close()
