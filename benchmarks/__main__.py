"""Run the benchmarks that are named, or all; print what was promised as met or short, and write it as JSON."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from benchmarks import delivery, due_sweep, hand, idle_sweep, parts, transition, transition_postgresql
from benchmarks.contest import ROUNDS
from benchmarks.figures import HEADINGS, Figure
from benchmarks.machine import described


@dataclass(frozen=True, slots=True)
class Asked:
    """How much is measured: so many rounds; so many plans, of them due, and messages, where size is what matters."""

    rounds: int
    plans: int
    due: int
    messages: int


PAGES: Final[dict[str, Callable[[Asked], list[Figure]]]] = {
    "transition": lambda asked: transition.run(asked.rounds),
    "transition-postgresql": lambda asked: transition_postgresql.run(asked.rounds),
    "parts": lambda asked: parts.run(asked.rounds),
    "hand": lambda asked: hand.run(asked.rounds),
    "idle-sweep": lambda asked: idle_sweep.run(asked.plans),
    "due-sweep": lambda asked: due_sweep.run(asked.rounds, due_sweep.Size(asked.due, asked.plans)),
    "delivery": lambda asked: delivery.run(asked.rounds, asked.messages),
}


def main() -> None:
    """Read what is asked for, and measure it."""
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("page", nargs="*", choices=[*PAGES, []], help="what to measure; all when none is named")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each contestant has its turn")
    parser.add_argument("--plans", type=int, default=1_000_000, help="how many plans there are in the sweeps")
    parser.add_argument("--due", type=int, default=10_000, help="how many of them are due in due-sweep")
    parser.add_argument("--messages", type=int, default=5_000, help="how many messages wait in delivery")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file as well")
    given = parser.parse_args()
    asked = Asked(given.rounds, given.plans, given.due, given.messages)
    figures: list[Figure] = []
    machine = described()
    sys.stdout.write("\n".join([*(f"{name}: {value}" for name, value in machine.items()), "", *HEADINGS]) + "\n")
    for name in given.page or PAGES:
        for figure in PAGES[name](asked):
            sys.stdout.write(figure.line() + "\n")
            sys.stdout.flush()
            figures.append(figure)
    if given.json:
        content = {"machine": machine, "figures": [{**asdict(one), "verdict": one.verdict} for one in figures]}
        given.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
