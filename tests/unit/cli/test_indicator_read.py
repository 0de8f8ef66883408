"""What a series of figures says, in words and drawn, on its page, in the list and at its plan."""

import re
from typing import Final

import pytest

from tests.unit.cli.indicators import done, shown
from tests.unit.cli.running import run, run_on_terminal

pytestmark = pytest.mark.usefixtures("zone_at_start", "figures_published")

COUNTED: Final = (52, 48, 55, 50, 47, 53, 51, 49, 54, 50, 52, 48, 51, None, 20)


def counted_every_month() -> None:
    """Record more than a year of months, of which one is missing, beside the year that is there."""
    for at, value in enumerate(COUNTED):
        period = f"{2025 + at // 12}-{at % 12 + 1:02d}"
        done("record", "drug_feiten", period, *(("--missing", "broken") if value is None else (f"{value}000",)))


def test_a_series_is_read_in_words_and_drawn_with_the_separators_of_the_language() -> None:
    counted_every_month()
    page = run("indicator", "show", "drug_feiten").out
    assert "Variation: special cause, lower\n  below the lower limit: 2026-03\n" in page
    assert "Assurance: cannot be told: the target names no figure that limits could be held against" in page
    assert "All figures are held against target 1: no direction is better" in page
    assert "Left out, as their periods are not as long as those of most: 2024" in page
    assert "XmR chart: mean 48,571.4" in page
    assert "48,571.4┤" in page
    assert "─ mean  ╌ limit  ● figure  ◆ signal" in page
    dutch = run("indicator", "show", "drug_feiten", "--lang", "nl").out
    assert "48.571,4┤" in dutch
    assert "─ gemiddelde  ╌ grens  ● cijfer  ◆ signaal" in dutch
    reading = shown("drug_feiten")["reading"]
    assert (reading["variation"], reading["target"], reading["left_out"]) == ("lower", 1, ["2024"])
    assert reading["stretches"][0]["figures"] == 14


def test_a_series_is_read_as_it_was_known() -> None:
    counted_every_month()
    assert shown("drug_feiten", "--as-of", "2026-11-01")["reading"]["left_out"] == []
    assert "XmR" not in run("indicator", "show", "drug_feiten", "--as-of", "2026-11-01").out


def test_without_a_figure_nothing_is_read_and_of_few_nothing_is_drawn() -> None:
    assert shown("ifg_feiten")["reading"] is None
    assert "What the figures say" not in run("indicator", "show", "ifg_feiten").out
    two = run("indicator", "show", "zp_acties").out
    assert "Variation: too few figures to say" in two
    assert "┤" not in two
    assert "median" not in run("indicator", "show", "zp_horeca").out


def test_a_chart_fits_its_terminal_and_is_written_in_what_that_can_show() -> None:
    counted_every_month()
    narrow = run_on_terminal("indicator", "show", "drug_feiten", columns=40).out
    chart = [line for line in narrow.splitlines() if "┤" in line]
    assert len(chart) == 9
    assert max(map(len, chart)) <= 40
    plain = run_on_terminal("indicator", "show", "drug_feiten", columns=40, changes={"LC_ALL": "C"}).out
    assert "48,571.4|" in plain
    assert plain.isascii()


def test_a_list_for_people_has_the_shape_of_each_series_and_no_other_form_has() -> None:
    table = run("indicator", "list", "--format", "table").out
    assert next(line for line in table.splitlines() if line.startswith("zp_acties")).count("▁█") == 1
    assert "█┆▁" in next(line for line in table.splitlines() if line.startswith("zp_pv_gas"))
    assert "▁" not in run("indicator", "list").out
    assert all("shape" not in row for row in run("indicator", "list", "--json").json["indicators"])


def test_a_plan_has_a_line_for_each_of_its_indicators() -> None:
    page = run("plan", "show", "P-002").out
    line = next(line for line in page.splitlines() if line.startswith("zp_acties"))
    assert re.split(r" {2,}", line)[2:] == ["▁█", "661 acties (2024-06-15/2024-09-15)", ">= 600 ~: met"]
    view = run("plan", "show", "P-002", "--json").json
    targets = {one["indicator_id"]: one["target"] for one in view["indicators"]}
    assert (targets["zp_acties"]["number"], targets["zp_acties"]["judgement"]) == (1, "met")
