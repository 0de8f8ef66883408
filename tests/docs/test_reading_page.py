"""The page on reading a series says what the program does, and what two others do."""

import re
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

import pytest

from pdca.indicators import limits, reading, signals
from pdca.indicators.chart import chart
from pdca.indicators.layout import UNICODE
from pdca.indicators.series import Baseline, Mark, Point, Series
from pdca.indicators.sparkline import sparkline
from pdca.indicators.target import Target
from pdca.indicators.told import told
from tests.oracles import CONVENTIONS

PAGE = (Path(__file__).parents[2] / "docs/explanation/reading-a-series.md").read_text(encoding="utf-8")


def held(name: str) -> str:
    _before, _mark, after = PAGE.partition(f"<!-- held: {name} -->")
    return after.partition("<!-- end -->")[0].strip()


def rows() -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in held("conventions").splitlines()]


def drawn() -> str:
    """Draw the example: a year of baseline, a plan that starts, a month that was not counted, an evaluation."""
    values = [52, 48, 55, 50, 47, 53, 51, 49, 54, 50, 52, 48, 51, 49, None, 46, 45, 44, 46, 43, 45]
    points = tuple(
        Point(f"{2024 + at // 12}-{at % 12 + 1:02d}", date(2024 + at // 12, at % 12 + 1, 28), value, missing)
        for at, figure in enumerate(values)
        for value, missing in [(None, "not counted") if figure is None else (Decimal(figure), "")]
    )
    marks = Mark(date(2025, 1, 6), "start: plan → do"), Mark(date(2025, 6, 20), "evaluation E-001")
    series = Series(points, (Baseline(until=date(2025, 1, 6)),), marks=marks, lowest=Decimal(0))
    short = sparkline(series, 40, UNICODE)
    found = reading.read(series)
    target = Target("down", operator="<", value=Decimal(50))
    return "\n".join(
        [short.line, short.marks, "", *chart(series, found, 72, UNICODE), "", *told(series, found, target)]
    )


def test_the_table_asks_what_the_programs_are_asked() -> None:
    heading, _line, *body = rows()
    assert [row[0] for row in body] == list(CONVENTIONS)
    assert heading[2:] == [f"{name} {version(name)}" for name in ("pycontrolcharts", "controlchartspy")]


@pytest.mark.parametrize("row", rows()[2:], ids=lambda row: str(row[0]))
def test_every_program_answers_as_the_table_says(row: list[str]) -> None:
    assert list(CONVENTIONS[row[0]]()) == row[1:]


def test_the_example_is_what_the_program_draws() -> None:
    assert held("drawing") == f"```text\n{drawn()}\n```"


def test_the_numbers_on_the_page_are_those_of_the_program() -> None:
    page = " ".join(PAGE.split())
    assert f"± {float(round(limits.LIMIT / limits.EXPECTED_RANGE, 2))} times the mean moving range" in page
    assert f"2.66 is {limits.LIMIT}/{float(limits.EXPECTED_RANGE)} rounded" in page
    assert f"own, {float(limits.RANGE_LIMIT)} times their mean" in page
    assert f"| {reading.XMR_FROM} or more | XmR chart |" in PAGE
    assert f"From fewer than {reading.FEWEST_FOR_LIMITS} there are none" in page
    assert re.search(rf"\| run \| {signals.RUN} or more .*\n\| trend \| {signals.TREND} or more", PAGE)
    assert limits.PLACES == 9
    assert "nine decimals" in page
