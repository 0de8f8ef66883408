"""Figures, each a ratio against a bound that was promised: met, or short."""

from dataclasses import dataclass
from typing import Final

HEADINGS: Final = (
    "| bench | ours | beside | theirs a second | ratio | promised | |",
    "|---|---|---|--:|--:|--:|---|",
)
WHOLE: Final = 10
"""From here on a rate is told without decimals."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What was promised of a ratio: at least the value, or at `most`."""

    value: float
    most: bool = False

    def met(self, ratio: float) -> bool:
        """Tell whether a ratio keeps the promise."""
        return ratio <= self.value if self.most else ratio >= self.value


@dataclass(frozen=True, slots=True)
class Figure:
    """How `ours` stands beside `other`.

    `ratio` is ours to theirs: of rates where the bound is a least, of seconds where it is a most. `bound` is None where
    nothing was promised; `rate` is how often a second the other does it, None where that is not counted in time.
    """

    bench: str
    ours: str
    other: str
    ratio: float
    bound: Bound | None
    rate: float | None

    @property
    def verdict(self) -> str:
        """One word: met, or short; nothing where nothing was promised."""
        if self.bound is None:
            return ""
        return "met" if self.bound.met(self.ratio) else "SHORT"

    def line(self) -> str:
        """Write it as a row of the table."""
        promised = f"{'≤' if self.bound.most else '≥'} {self.bound.value:g}" if self.bound else ""
        cells = (self.bench, self.ours, self.other, _rate(self.rate), f"{self.ratio:.2f}", promised, self.verdict)
        return f"| {' | '.join(cells)} |"


def _rate(rate: float | None) -> str:
    if rate is None:
        return ""
    return f"{rate:,.0f}" if rate >= WHOLE else f"{rate:.2g}"
