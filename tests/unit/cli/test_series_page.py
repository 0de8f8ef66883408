"""The steps of a plan under the chart of what measures it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pdca.exchange.one_record import record_of
from pdca.exchange.records import Measurement
from pdca.indicators.figures import RecordFigures
from tests.contract.world import World, opened_in
from tests.unit.cli.running import run, run_on_terminal

FIGURES = {"2021": 48, "2022": 52, "2023": 50}


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A zone whose plan has started, with figures from before, as the database of the command line."""
    with opened_in(tmp_path, monkeypatch) as here:
        made = [record_of(Measurement, {"period": year, "value": value}, "nl", "-") for year, value in FIGURES.items()]
        here.by("marc", RecordFigures({"thefts": tuple(made)}))
        here.take("start", "suspend")
        yield here


@pytest.mark.usefixtures("zone")
def test_each_step_is_marked_and_told_with_its_day() -> None:
    page = run("indicator", "show", "thefts", "--lang", "nl").out
    assert "─ mediaan  ○ nulmeting  ● cijfer\n1 2024-01-08 P-001 P→D\n1 2024-01-08 P-001 D→Opgeschort" in page
    assert "nulmeting 40\n" in page
    steps = run("indicator", "show", "thefts", "--json").json["reading"]["steps"]
    assert [(one["from"], one["to"]) for one in steps] == [("plan", "do"), ("do", "suspended")]


@pytest.mark.usefixtures("zone")
def test_as_of_a_day_before_a_plan_was_there_no_baseline_of_it_is_shown() -> None:
    assert [one["plan_id"] for one in run("indicator", "show", "thefts", "--json").json["plans"]] == ["P-001"]
    then = run("indicator", "show", "thefts", "--as-of", "2020-01-01")
    assert "P-001" not in then.out
    assert "baseline" not in then.out


def test_of_two_figures_the_steps_stand_under_a_sparkline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened_in(tmp_path, monkeypatch) as here:
        for year, value in (("2023", 50), ("2024", 40)):
            figure = record_of(Measurement, {"period": year, "value": value}, "nl", "-")
            here.by("marc", RecordFigures({"thefts": (figure,)}))
        assert "█▁" not in run("indicator", "show", "thefts").out
        here.take("start")
    assert "\n█▁\n 1\n1 2024-01-08 P-001 P→D\n" in run("indicator", "show", "thefts").out + "\n"


@pytest.mark.usefixtures("zone")
def test_a_step_is_written_in_what_the_terminal_can_show() -> None:
    page = run_on_terminal("indicator", "show", "thefts", columns=60, changes={"LC_ALL": "C"}).out
    assert "1 2024-01-08 P-001 P->D" in page
