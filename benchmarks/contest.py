"""Contestants that do the same work in turn, round by round, so that what disturbs the machine disturbs all alike."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Literal

ROOT: Final = Path(__file__).resolve().parent.parent
PEERS: Final = ROOT / ".venv-peers" / "bin" / "python"
"""The interpreter that knows the peers; `./dev bench` makes its environment."""

ROUNDS: Final = 5
Role = Literal["ours", "limit", "peer"]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One that takes part: `module` is run with the task, by our interpreter or by the one that knows the peers.

    One that is too slow for all of the work does one piece of it in so many as `part` says, and is judged by its rate.
    The work is shared by as many processes as `at_once` says; each is told its `share`, from 0, `of` how many.
    """

    name: str
    role: Role
    module: str
    task: Mapping[str, Any] = field(default_factory=dict)
    part: int = 1
    at_once: int = 1

    @property
    def python(self) -> str:
        """The interpreter that runs it."""
        return str(PEERS) if self.role == "peer" else sys.executable


@dataclass(frozen=True, slots=True)
class Result:
    """The seconds that each contestant took, or would have taken, for each round of so many pieces of work."""

    count: int
    seconds: Mapping[str, Sequence[float]]
    peak_kib: Mapping[str, int] = field(default_factory=dict)
    """The most memory that a process of each has had."""

    def rate(self, name: str) -> float:
        """How many pieces a second, of the median round."""
        return self.count / statistics.median(self.seconds[name])

    def ratio(self, name: str, other: str) -> float:
        """How much faster the one is than the other: the median of the ratios within each round."""
        pairs = zip(self.seconds[name], self.seconds[other], strict=True)
        return statistics.median(theirs / mine for mine, theirs in pairs)


def contest(contestants: Sequence[Contestant], count: int, rounds: int = ROUNDS) -> Result:
    """Let them do `count` pieces of work in each of so many rounds, in turn; the first round warms up and is left out.

    Raises RuntimeError with what it wrote to its errors when a contestant ends.
    """
    seconds: dict[str, list[float]] = {one.name: [] for one in contestants}
    peaks: dict[str, int] = {}
    with ExitStack() as stack:
        running = {
            one.name: [stack.enter_context(_running(one, count, share)) for share in range(one.at_once)]
            for one in contestants
        }
        for number in range(rounds + 1):
            turn = number % len(contestants)
            for one in (*contestants[turn:], *contestants[:turn]):
                answers = _round(running[one.name], number)
                peaks[one.name] = max(answer["peak_kib"] for answer in answers)
                if number:
                    seconds[one.name].append(max(answer["seconds"] for answer in answers) * one.part)
    return Result(count, seconds, peaks)


def _round(processes: "Sequence[_Running]", number: int) -> list[dict[str, Any]]:
    """Let them do one round side by side, and give what each answers."""
    for process in processes:
        process.begin(number)
    return [process.answer() for process in processes]


@contextmanager
def _running(one: Contestant, count: int, share: int) -> "Iterator[_Running]":
    task = {**one.task, "count": count // one.part, "share": share, "of": one.at_once}
    command = [one.python, "-m", one.module, json.dumps(task)]
    pipe = subprocess.PIPE
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=errors, text=True, cwd=ROOT) as process,
    ):
        running = _Running(one.name, process, errors)
        try:
            running.answer()
            yield running
        finally:
            process.kill()


@dataclass(frozen=True, slots=True)
class _Running:
    name: str
    process: "subprocess.Popen[str]"
    errors: IO[str]

    def begin(self, number: int) -> None:
        """Let it do one round."""
        assert self.process.stdin is not None  # noqa: S101 - it was opened so
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Read one line of what it says."""
        assert self.process.stdout is not None  # noqa: S101 - it was opened so
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            message = f"{self.name} has ended: {self.errors.read()[-2_000:]}"
            raise RuntimeError(message)
        found: dict[str, Any] = json.loads(line)
        return found
