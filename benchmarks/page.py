"""Why figures fall short, and the figures as `docs/performance.md` shows them, made from those that were kept.

`.venv/bin/python -m tests.docs.generate` puts them into the page.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.figures import HEADINGS, Figure
from benchmarks.kept import Kept, Run

REASONS: Final = Path(__file__).with_name("reasons.toml")
UNEXPLAINED: Final = "nobody has said why yet."
_SIZE: Final = re.compile(r"\d[\d,]*")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why figures of a bench fall short: of each of `ours` beside each of `others`.

    `bench` has N for every size, for it is true of all of them.
    """

    bench: str
    ours: Sequence[str]
    others: Sequence[str]
    text: str

    def of(self, figure: Figure) -> bool:
        """Tell whether it speaks of a figure."""
        sizeless = _SIZE.sub("N", figure.bench)
        return sizeless == self.bench and figure.ours in self.ours and figure.other in self.others


def reasons(path: Path = REASONS) -> list[Reason]:
    """Read the reasons."""
    return [Reason(**one) for one in tomllib.loads(path.read_text(encoding="utf-8"))["reason"]]


def unexplained(kept: Kept, known: Sequence[Reason]) -> list[Figure]:
    """Give the figures that are short and for which no reason is given."""
    return [one for one in _short(_figures(kept)) if not any(reason.of(one) for reason in known)]


def astray(kept: Kept, known: Sequence[Reason]) -> list[tuple[Reason, str, str]]:
    """Give the reasons that name what was not measured, with ours and the other of that."""
    figures = list(_figures(kept))
    return [
        (reason, ours, other)
        for reason in known
        for ours in reason.ours
        for other in reason.others
        if not any((one.ours, one.other) == (ours, other) and reason.of(one) for one in figures)
    ]


def explained(figures: Iterable[Figure], known: Sequence[Reason]) -> list[str]:
    """Say in a line for each figure that is short why it is; that nobody has said so yet, where that is so."""
    lines = []
    for one in _short(figures):
        told = [reason.text for reason in known if reason.of(one)]
        lines.append(f"- Short in {one.bench}: {one.ours} beside {one.other}: {' '.join(told) or UNEXPLAINED}")
    return lines


def figures_as_page(kept: Kept, known: Sequence[Reason]) -> str:
    """Write the machine, and a section with its table for each page of the bench."""
    machine = "; ".join(f"{name}: {value}" for name, value in kept.machine.items())
    return "\n\n".join([f"Measured on: {machine}.", *(_section(page, run, known) for page, run in kept.pages.items())])


def _section(page: str, run: Run, known: Sequence[Reason]) -> str:
    made = f"commit {run.commit[:12]}" if run.commit else "what stands in no commit"
    rows = "\n".join([*HEADINGS, *(one.line() for one in run.figures)])
    why = "\n".join(explained(run.figures, known))
    return "\n\n".join(filter(None, [f"### {page}", f"`{run.command}`, {run.on}, {made}:", rows, why]))


def _short(figures: Iterable[Figure]) -> Iterator[Figure]:
    return (one for one in figures if one.verdict == "SHORT")


def _figures(kept: Kept) -> Iterator[Figure]:
    return (one for run in kept.pages.values() for one in run.figures)
