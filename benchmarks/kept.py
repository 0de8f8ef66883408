"""Figures kept in a file from one run to the next, page by page; all of them from one machine."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.figures import Bound, Figure


class AnotherMachine(Exception):
    """Figures of two machines are not put side by side."""


@dataclass(frozen=True, slots=True)
class Run:
    """One page as it was measured: by which command, on which day, of which commit; None when it ran uncommitted."""

    command: str
    on: str
    commit: str | None
    figures: Sequence[Figure]


@dataclass(frozen=True, slots=True)
class Kept:
    """The last run of each page, and the machine that all of them ran on."""

    machine: Mapping[str, str]
    pages: Mapping[str, Run] = field(default_factory=dict)

    def with_run(self, page: str, run: Run) -> "Kept":
        """Put a run in the place of the one before of that page."""
        return Kept(self.machine, {**self.pages, page: run})

    def write(self, path: Path) -> None:
        """Write all of it, each figure with its verdict."""
        pages = {
            page: {**asdict(run), "figures": [_written(one) for one in run.figures]}
            for page, run in sorted(self.pages.items())
        }
        content = {"machine": dict(self.machine), "pages": pages}
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read(path: Path) -> Kept:
    """Read what was kept."""
    content = json.loads(path.read_text(encoding="utf-8"))
    pages = {
        page: Run(run["command"], run["on"], run["commit"], [_read(one) for one in run["figures"]])
        for page, run in content["pages"].items()
    }
    return Kept(content["machine"], pages)


def read_for(path: Path, machine: Mapping[str, str]) -> Kept:
    """Read what was kept, to add to it; raises AnotherMachine when it is not of this machine."""
    if not path.exists():
        return Kept(machine)
    kept = read(path)
    if kept.machine != machine:
        differs = {name for name in {*machine, *kept.machine} if machine.get(name) != kept.machine.get(name)}
        raise AnotherMachine(
            f"{path} holds figures of another machine ({', '.join(sorted(differs))}): name another file"
        )
    return kept


def _written(figure: Figure) -> dict[str, Any]:
    return {**asdict(figure), "verdict": figure.verdict}


def _read(content: Mapping[str, Any]) -> Figure:
    bound = content["bound"]
    return Figure(
        content["bench"],
        content["ours"],
        content["other"],
        content["ratio"],
        None if bound is None else Bound(**bound),
        content["rate"],
    )
