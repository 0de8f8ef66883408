"""A table of clauses or oddities names every one once, each with a test that there is and commands that there are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from pdca.cli.frame import Group
from tests.docs.command_lines import resolved

ROOT: Final = Path(__file__).parents[2]
ACCEPTANCE: Final = ROOT / "tests" / "acceptance"


@dataclass(frozen=True, slots=True)
class Table:
    """A page whose rows are an id, what it is about, what answers to it, and its test, which is named `test` and so on.

    `answered` tells whether every row has to name a command.
    """

    page: str
    ids: Sequence[str]
    test: str
    answered: bool

    def text(self) -> str:
        return (ROOT / "docs" / "reference" / self.page).read_text(encoding="utf-8")

    def rows(self) -> list[list[str]]:
        return [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in self.text().splitlines()
            if re.match(r"\| E?\d", line)
        ]

    def tests(self) -> list[tuple[str, str]]:
        """Every acceptance test that is named so, after the file that it stands in."""
        return [
            (file.name, name)
            for file in sorted(ACCEPTANCE.glob("test_*.py"))
            for name in re.findall(rf"(?m)^def ({self.test}\d+_\w+)", file.read_text(encoding="utf-8"))
        ]


TABLES: Final = (
    Table("clauses.md", [str(number) for number in range(1, 37)], "test_clause_", answered=True),
    Table("oddities.md", [f"E{number:02}" for number in range(1, 34)], "test_e", answered=False),
)

each_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.page)
each_row = pytest.mark.parametrize(
    ("table", "row"),
    [pytest.param(table, row, id=f"{table.page}-{row[0]}") for table in TABLES for row in table.rows()],
)


@each_table
def test_a_table_has_every_one_once_and_in_order(table: Table) -> None:
    assert [row[0] for row in table.rows()] == table.ids


@each_row
def test_a_row_has_a_test_that_is_named_after_it(table: Table, row: list[str]) -> None:
    name = row[3].strip("`")
    assert name.startswith(f"{table.test}{int(row[0].removeprefix('E')):02}_")
    assert name in {name for _file, name in table.tests()}


@each_row
def test_a_row_is_answered_by_commands_that_there_are(table: Table, row: list[str]) -> None:
    lines = re.findall(r"`pdca ([^`]+)`", row[2])
    assert lines or not table.answered
    for line in lines:
        command, words, _names = resolved(line)
        assert not isinstance(command, Group)
        assert not words


@each_table
def test_every_test_that_is_named_so_stands_in_the_table_once(table: Table) -> None:
    assert sorted(name for _file, name in table.tests()) == sorted(row[3].strip("`") for row in table.rows())


@each_table
def test_a_page_links_to_the_files_in_which_its_tests_stand(table: Table) -> None:
    linked = re.findall(r"\]\(\.\./\.\./tests/acceptance/(\w+\.py)\)", table.text())
    assert sorted(linked) == sorted({file for file, _name in table.tests()})
