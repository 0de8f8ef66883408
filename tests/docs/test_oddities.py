"""The table of oddities names every one that was filed, each with a test that there is and commands that there are."""

import re
from pathlib import Path
from typing import Final

import pytest

from tests.acceptance import test_edge_cases
from tests.docs.test_commands_named import resolved

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "oddities.md"
FILED: Final = [f"E{number:02}" for number in range(1, 34)]
ROWS: Final = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| E\d", line)
]


def test_the_table_has_every_oddity_that_was_filed_once_and_in_order() -> None:
    assert [row[0] for row in ROWS] == FILED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_an_oddity_has_a_test_that_is_named_after_it(row: list[str]) -> None:
    name = row[3].strip("`")
    assert name.startswith(f"test_{row[0].lower()}_")
    assert callable(getattr(test_edge_cases, name))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_commands_that_are_named_for_it_exist(row: list[str]) -> None:
    for line in re.findall(r"`pdca ([^`]+)`", row[2]):
        _command, words, _names = resolved(line)
        assert not words


def test_every_test_of_an_oddity_stands_in_the_table() -> None:
    there = {name for name in vars(test_edge_cases) if re.match(r"test_e\d", name)}
    assert there == {row[3].strip("`") for row in ROWS}
