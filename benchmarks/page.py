"""The figures as `docs/performance.md` shows them, made from those that were kept; each SHORT with its reason.

`.venv/bin/python -m tests.docs.generate` puts them into the page.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.figures import HEADINGS, Figure
from benchmarks.kept import Kept, Run

REASONS: Final = Path(__file__).with_name("reasons.toml")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why figures of a bench fall short: of each of `ours` beside `other`."""

    bench: str
    ours: Sequence[str]
    other: str
    text: str

    def of(self, figure: Figure) -> bool:
        """Tell whether it speaks of a figure."""
        return figure.bench == self.bench and figure.ours in self.ours and figure.other == self.other


def reasons(path: Path = REASONS) -> list[Reason]:
    """Read the reasons."""
    return [Reason(**one) for one in tomllib.loads(path.read_text(encoding="utf-8"))["reason"]]


def unexplained(kept: Kept, known: Sequence[Reason]) -> list[Figure]:
    """Give the figures that are short and for which no reason is given."""
    return [one for one in _figures(kept) if one.verdict == "SHORT" and not any(reason.of(one) for reason in known)]


def astray(kept: Kept, known: Sequence[Reason]) -> list[tuple[Reason, str]]:
    """Give the reasons that name what was not measured, with that."""
    figures = list(_figures(kept))
    return [
        (reason, ours)
        for reason in known
        for ours in reason.ours
        if not any(one.ours == ours and reason.of(one) for one in figures)
    ]


def figures_as_page(kept: Kept, known: Sequence[Reason]) -> str:
    """Write the machine, and a section with its table for each page of the bench."""
    machine = "; ".join(f"{name}: {value}" for name, value in kept.machine.items())
    return "\n\n".join([f"Measured on: {machine}.", *(_section(page, run, known) for page, run in kept.pages.items())])


def _section(page: str, run: Run, known: Sequence[Reason]) -> str:
    made = f"commit {run.commit[:12]}" if run.commit else "what stands in no commit"
    rows = "\n".join([*HEADINGS, *(one.line() for one in run.figures)])
    return "\n\n".join([f"### {page}", f"`{run.command}`, {run.on}, {made}:", rows, *_explained(run, known)])


def _explained(run: Run, known: Sequence[Reason]) -> Iterator[str]:
    short = [one for one in run.figures if one.verdict == "SHORT"]
    told = [(reason, [one.ours for one in short if reason.of(one)]) for reason in known]
    lines = [
        f"- Short in {reason.bench}: {', '.join(ours)} beside {reason.other}: {reason.text}"
        for reason, ours in told
        if ours
    ]
    if lines:
        yield "\n".join(lines)


def _figures(kept: Kept) -> Iterator[Figure]:
    return (one for run in kept.pages.values() for one in run.figures)
