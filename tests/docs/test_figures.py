"""What the page on performance says was measured, was; what falls short says why."""

from pathlib import Path
from typing import Final

from benchmarks import page
from benchmarks.kept import read

KEPT: Final = read(Path(__file__).parents[2] / "docs" / "performance.json")


def test_every_figure_that_falls_short_has_a_reason() -> None:
    assert not page.unexplained(KEPT, page.reasons()), f"say why in {page.REASONS.name}"


def test_every_reason_is_of_something_that_was_measured() -> None:
    assert not page.astray(KEPT, page.reasons())
