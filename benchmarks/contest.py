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
    """One that takes part: `module` is run with the task, by our interpreter or by the one that knows the peers."""

    name: str
    role: Role
    module: str
    task: Mapping[str, Any] = field(default_factory=dict)

    @property
    def python(self) -> str:
        """The interpreter that runs it."""
        return str(PEERS) if self.role == "peer" else sys.executable


@dataclass(frozen=True, slots=True)
class Result:
    """The seconds that each contestant took for each round of so many pieces of work."""

    count: int
    seconds: Mapping[str, Sequence[float]]

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
    with ExitStack() as stack:
        running = {one.name: stack.enter_context(_running(one, count)) for one in contestants}
        for number in range(rounds + 1):
            turn = number % len(contestants)
            for one in (*contestants[turn:], *contestants[:turn]):
                taken = running[one.name].round(number)
                if number:
                    seconds[one.name].append(taken)
    return Result(count, seconds)


@contextmanager
def _running(one: Contestant, count: int) -> "Iterator[_Running]":
    command = [one.python, "-m", one.module, json.dumps({**one.task, "count": count})]
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

    def round(self, number: int) -> float:
        """Let it do one round, and give the seconds it took."""
        assert self.process.stdin is not None  # noqa: S101 - it was opened so
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        return float(self.answer()["seconds"])

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
