"""The page on reading a series says what the program does, and what two others do."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from pdca.indicators import limits, reading, signals
from tests.oracles import CONVENTIONS

PAGE = (Path(__file__).parents[2] / "docs/explanation/reading-a-series.md").read_text(encoding="utf-8")


def rows() -> list[list[str]]:
    _before, _mark, after = PAGE.partition("<!-- held: conventions -->")
    table, _mark, _after = after.partition("<!-- end -->")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().splitlines()]


def test_the_table_asks_what_the_programs_are_asked() -> None:
    heading, _line, *body = rows()
    assert [row[0] for row in body] == list(CONVENTIONS)
    assert heading[2:] == [f"{name} {version(name)}" for name in ("pycontrolcharts", "controlchartspy")]


@pytest.mark.parametrize("row", rows()[2:], ids=lambda row: str(row[0]))
def test_every_program_answers_as_the_table_says(row: list[str]) -> None:
    assert list(CONVENTIONS[row[0]]()) == row[1:]


def test_the_numbers_on_the_page_are_those_of_the_program() -> None:
    assert f"± {float(round(limits.LIMIT / limits.EXPECTED_RANGE, 2))} times the mean moving range" in PAGE
    assert f"2.66 is {limits.LIMIT}/{float(limits.EXPECTED_RANGE)} rounded" in PAGE
    assert f"own, {float(limits.RANGE_LIMIT)} times their mean" in PAGE
    assert f"| {reading.XMR_FROM} or more | XmR chart |" in PAGE
    assert f"From fewer than {reading.FEWEST_FOR_LIMITS} there are none" in PAGE
    assert re.search(rf"\| run \| {signals.RUN} or more .*\n\| trend \| {signals.TREND} or more", PAGE)
    assert limits.PLACES == 9
    assert "nine\ndecimals" in PAGE
