"""Run the benchmarks that are named, or all; print what was promised as met or short, and why, and write it as JSON."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks import (
    audit,
    body,
    delivery,
    due_sweep,
    growth,
    hand,
    idle_sweep,
    parts,
    transition,
    transition_postgresql,
)
from benchmarks.contest import ROUNDS
from benchmarks.figures import HEADINGS, Figure
from benchmarks.kept import AnotherMachine, Kept, Run, read_for
from benchmarks.machine import commit, described
from benchmarks.page import explained, reasons
from pdca.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is measured: so many rounds, and where size is what matters so many plans, of them due, and so on."""

    rounds: int
    plans: int
    due: int
    messages: int
    events: int


PAGES: Final[dict[str, Callable[[Asked], list[Figure]]]] = {
    "transition": lambda asked: transition.run(asked.rounds),
    "transition-postgresql": lambda asked: transition_postgresql.run(asked.rounds),
    "parts": lambda asked: parts.run(asked.rounds),
    "hand": lambda asked: hand.run(asked.rounds),
    "idle-sweep": lambda asked: idle_sweep.run(asked.plans),
    "due-sweep": lambda asked: due_sweep.run(asked.rounds, due_sweep.Size(asked.due, asked.plans)),
    "delivery": lambda asked: delivery.run(asked.rounds, asked.messages),
    "body": lambda asked: body.run(asked.rounds),
    "growth": lambda asked: growth.run(asked.rounds),
    "audit": lambda asked: audit.run(asked.rounds, asked.events),
}


def main() -> None:
    """Read what is asked for, and measure it."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("page", nargs="*", choices=[*PAGES, []], help="what to measure; all when none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each contestant has its turn")
    parser.add_argument("--plans", type=int, default=1_000_000, help="how many plans there are in the sweeps")
    parser.add_argument("--due", type=int, default=10_000, help="how many of them are due in due-sweep")
    parser.add_argument("--messages", type=int, default=5_000, help="how many messages wait in delivery")
    parser.add_argument("--events", type=int, default=1_000_000, help="how many events the longest log of audit has")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures in this file, with those it has")
    given = parser.parse_args()
    machine = described()
    try:
        kept = read_for(given.json, machine) if given.json else Kept(machine)
    except AnotherMachine as error:
        parser.error(str(error))
    sys.stdout.write("\n".join([*(f"{name}: {value}" for name, value in machine.items()), "", *HEADINGS]) + "\n")
    asked = Asked(given.rounds, given.plans, given.due, given.messages, given.events)
    told = [f"--{name} {value}" for name, value in asdict(asked).items() if value != parser.get_default(name)]
    measured: list[Figure] = []
    for name in given.page or PAGES:
        run = _measured(name, asked, " ".join(["./dev bench", name, *told]))
        measured += run.figures
        kept = kept.with_run(name, run)
        if given.json:
            kept.write(given.json)
    sys.stdout.write("".join(f"{line}\n" for line in ["", *explained(measured, reasons())]))


def _measured(page: str, asked: Asked, command: str) -> Run:
    on, made = SystemClock().now().date().isoformat(), commit()
    figures = PAGES[page](asked)
    sys.stdout.write("".join(f"{figure.line()}\n" for figure in figures))
    sys.stdout.flush()
    return Run(command, on, made, figures)


if __name__ == "__main__":
    main()
