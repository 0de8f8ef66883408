"""How soon a command answers, beside what merely importing SQLModel takes, and beside a bare interpreter."""

import os
import pty
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.figures import Bound, Figure
from benchmarks.transition import REASON, plans_that_run
from pdca.exchange.document import read_document
from pdca.exchange.importer import ImportDocument
from tests import seed
from tests.unit.exchange.large import programme

PLANS: Final = 200
PROGRAM: Final = str(Path(sys.executable).with_name("pdca"))
BARE: Final = "a bare interpreter"
IMPORT: Final = "import sqlmodel"
REFERENCES: Final = {BARE: [sys.executable, "-c", "pass"], IMPORT: [sys.executable, "-c", "import sqlmodel"]}
AT_ONCE: Final = {"--help": ["--help"], "--version": ["--version"], "completion": []}
READING: Final = {
    "status": ["status"],
    "board": ["board"],
    "plan list": ["plan", "list"],
    "plan show": ["plan", "show", "P-001"],
    "audit log": ["audit", "log"],
}
PIPED: Final = Bound(0.25, most=True)
ON_A_TERMINAL: Final = Bound(0.4, most=True)
WRITING: Final = Bound(1.6, most=True)
REFUSED: Final = "plan advance (refused, and logged)"
ADVANCED: Final = "plan advance"
TO_AND_FRO: Final = ("suspend", "resume")
"""A plan that runs is suspended in one round, and resumed in the next."""

STATUS: Final = {REFUSED: 3}
WITHOUT_A_DATABASE: Final = Bound(5, most=True)


def run(rounds: int) -> list[Figure]:
    """Measure commands over a body of 200 plans with 2,000 activities."""
    with tempfile.TemporaryDirectory() as place:
        url, running = _a_body(Path(place)), f"sqlite:///{Path(place) / 'running.db'}"
        plans_that_run(running, 1, PLANS)
        return _measured(url, running, Path(place), rounds)


def _a_body(place: Path) -> str:
    url = f"sqlite:///{place / 'pdca.db'}"
    here = seed.house(url)
    here.apply(ImportDocument(read_document(programme(PLANS))))
    return url


def _measured(url: str, running: str, place: Path, rounds: int) -> list[Figure]:
    completing = {"_PDCA_COMPLETE": "bash_complete", "COMP_WORDS": "pdca plan ", "COMP_CWORD": "2"}
    commands: dict[str, tuple[Sequence[str], bool]] = {name: (words, False) for name, words in REFERENCES.items()}
    commands |= {name: ([PROGRAM, *words], False) for name, words in AT_ONCE.items()}
    commands |= {name: ([PROGRAM, *words], False) for name, words in READING.items()}
    commands |= {f"{name}, on a terminal": ([PROGRAM, *words], True) for name, words in READING.items()}
    advancing = [PROGRAM, "plan", "advance", "--reason", REASON, "--trigger"]
    commands[REFUSED] = ([*advancing, "start", "P-001"], False)
    commands[ADVANCED] = ([*advancing, "", "P-001", "--as", seed.LEAD.handle, "--database", running], False)
    # Whoever uses the program has it compiled; the first round, which is left out, does that.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    usual["PDCA_DATABASE"] = url
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, (words, terminal) in commands.items():
            environment = {**usual, **(completing if name == "completion" else {})}
            asked = [word or TO_AND_FRO[number % 2] for word in words]
            seconds, status = _timed(asked, environment, place, terminal=terminal)
            assert status == STATUS.get(name, 0), (asked, status)  # noqa: S101 - one that fails would be the quickest
            if number:
                taken[name].append(seconds)

    def figure(name: str, other: str, bound: Bound) -> Figure:
        pairs = zip(taken[name], taken[other], strict=True)
        ratio = statistics.median(mine / theirs for mine, theirs in pairs)
        return Figure("in the hand", name, other, ratio, bound, 1 / statistics.median(taken[other]))

    return [
        *(figure(name, BARE, WITHOUT_A_DATABASE) for name in AT_ONCE),
        *(figure(name, IMPORT, PIPED) for name in READING),
        *(figure(f"{name}, on a terminal", IMPORT, ON_A_TERMINAL) for name in READING),
        *(figure(name, IMPORT, WRITING) for name in (REFUSED, ADVANCED)),
    ]


def _timed(words: Sequence[str], environment: dict[str, str], place: Path, *, terminal: bool) -> tuple[float, int]:
    """Give the seconds that a command takes, and its exit status."""
    begun = time.perf_counter()
    if terminal:
        status = _on_a_terminal(words, environment, place)
    else:
        status = subprocess.run(words, env=environment, cwd=place, capture_output=True, check=False).returncode
    return time.perf_counter() - begun, status


def _on_a_terminal(words: Sequence[str], environment: dict[str, str], place: Path) -> int:
    """Run it with a terminal for output, and read what it says until it ends; nobody pages."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        words, env={**environment, "PAGER": "cat"}, cwd=place, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        try:
            while os.read(ours, 65_536):
                pass
        except OSError:
            pass  # The other end is closed: it has ended.
        status = process.wait()
    os.close(ours)
    return status
