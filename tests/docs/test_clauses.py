"""The table of clauses names every clause that is answered once, tests that there are, and commands that there are."""

import re
from pathlib import Path
from typing import Final

import pytest

from pdca.cli.frame import Group
from tests.acceptance import test_clauses
from tests.docs.test_commands_named import resolved

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "clauses.md"
CLAUSES: Final = (*range(1, 20), *range(24, 37))
ROWS: Final = [
    [cell.strip() for cell in line.strip("|\n").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def test_the_table_has_every_clause_that_is_answered_once_and_in_order() -> None:
    assert [int(row[0]) for row in ROWS] == list(CLAUSES)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_clause_has_a_test_that_is_named_after_it(row: list[str]) -> None:
    name = row[3].strip("`")
    assert name.startswith(f"test_clause_{int(row[0]):02}_")
    assert callable(getattr(test_clauses, name))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_clause_is_answered_by_commands_that_there_are(row: list[str]) -> None:
    lines = re.findall(r"`pdca ([^`]+)`", row[2])
    assert lines
    for line in lines:
        command, words, _names = resolved(line)
        assert not isinstance(command, Group)
        assert not words


def test_every_test_of_a_clause_stands_in_the_table() -> None:
    there = {name for name in vars(test_clauses) if name.startswith("test_clause_")}
    assert there == {row[3].strip("`") for row in ROWS}
