"""Counting over the log: what is told of a plan is what its events say, and nothing is counted beyond now."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.exchange.importer import ImportDocument
from pdca.plans.migrate import Migrate
from tests import own_method, seed
from tests.contract.world import World, opened_in
from tests.unit.cli.running import run, run_on_terminal
from workflows import shelves
from workflows.instants import from_text, to_text

PHASES: Final = ("plan", "do", "check", "adjust", "suspended")
SUMMED: Final = ("transitions", "in_time", "late", "missed", "extended", "extensions", "exceptions", "refused")
START: Final = datetime(2020, 1, 2, 8, tzinfo=UTC)


def rows(*arguments: str) -> list[dict[str, Any]]:
    ran = run("audit", "statistics", *arguments, "--json")
    assert ran.status == 0, ran.err
    assert ran.json["schema"] == "pdca.statistics/1"
    found: list[dict[str, Any]] = ran.json["statistics"]
    return found


def total(of: Iterable[dict[str, Any]], name: str) -> int:
    return sum(int(row[name]) for row in of)


@pytest.fixture
def six_years(demo: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{demo}")
    return rows()


def events(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = run("audit", "log", *arguments, "--json").json["events"]
    return found


def test_each_number_is_what_the_events_of_the_plan_add_up_to(six_years: list[dict[str, Any]]) -> None:
    *of_plans, altogether = six_years
    every = events()
    for row in of_plans:
        of_it = [event for event in every if event["plan"] == row["plan"]]
        kinds = [event["kind"] for event in of_it]
        overdue = {event["evaluation"] for event in of_it if event["kind"] == "evaluation.overdue"}
        recorded = [event["evaluation"] for event in of_it if event["kind"] == "evaluation.recorded"]
        assert row["transitions"] == kinds.count("plan.advanced")
        assert (row["late"], row["missed"]) == (
            sum(one in overdue for one in recorded),
            kinds.count("evaluation.missed"),
        )
        assert row["in_time"] == len(recorded) - row["late"]
        assert row["extensions"] == kinds.count("evaluation.extended")
        assert row["refused"] == sum(event["refused"] is not None for event in of_it)
    assert {name: altogether[name] for name in SUMMED} == {name: total(of_plans, name) for name in SUMMED}
    # As the demo itself counts them.
    assert [altogether[name] for name in ("transitions", "in_time", "late", "missed", "extended")] == [109, 25, 7, 1, 1]


@pytest.fixture
def checking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A plan of which an evaluation waits to be recorded since the eighth of January, within some weeks."""
    with opened_in(tmp_path, monkeypatch) as here:
        here.take("start", "evaluate")
        yield here


@pytest.mark.parametrize("swept", [True, False])
@pytest.mark.parametrize(("day", "late"), [(date(2024, 1, 16), 0), (date(2024, 2, 2), 1)])
def test_what_was_recorded_after_its_time_is_late_also_when_no_scheduler_ran(
    checking: World, day: date, late: int, *, swept: bool
) -> None:
    checking.go_to(day)
    if swept:
        checking.sweep()
    checking.take("record")
    recorded = [row for row in checking.dump()["evaluation"] if row["status"] == "recorded"]
    assert [row["overdue_at"] is not None for row in recorded] == [bool(late)]
    for row in rows():
        assert (row["late"], row["in_time"]) == (late, 1 - late)


def test_the_phases_of_a_plan_are_all_the_time_it_ran(six_years: list[dict[str, Any]]) -> None:
    now = max(from_text(event["at"]) for event in events())
    for row in six_years[:-1]:
        spent = sum(row[f"{phase}_seconds"] for phase in PHASES)
        ended = run("plan", "lifecycle", row["plan"], "--json").json["states"]
        over = sum(state["seconds"] for state in ended if state["ended"])
        first = min(from_text(event["at"]) for event in events("--plan", row["plan"], "--kind", "plan.created"))
        assert abs(spent + over - (now - first).total_seconds()) <= len(PHASES)
        assert (row["in_phase"] is None) == any(state["ended"] and state["since"] for state in ended)


def test_time_in_a_state_that_the_present_method_calls_otherwise_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan is moved ten days after it began, to a method in which the state it stands in has another name."""
    renamed = (('"plan"', '"begin"'), ('phase = "begin"', 'phase = "plan"'), ('kind = "begin"', 'kind = "plan"'))
    began = seed.START
    with opened_in(tmp_path, monkeypatch) as here:
        plan = here.by_administrator(ImportDocument(seed.document())).summary["plans"]["AP-1"]
        shelves.look_in(own_method.shelved(tmp_path / "methods", own_method.version(1, *renamed)))
        here.go_to(began + timedelta(days=10))
        moved = here.by("sofie", Migrate(plan, 1, "Zo.", method=own_method.ID, states={"plan": "begin"}))
        shelves.look_in()
        assert moved.refusal == ()
        monkeypatch.setenv("PDCA_NOW", to_text(began + timedelta(days=13)))
        [row] = rows("--plan", plan)
        [earlier] = rows("--plan", plan, "--until", "2024-01-12T08:00:00Z")
    assert (row["in_phase"], row["plan_seconds"]) == ("plan", 13 * 86_400)
    assert (earlier["in_phase"], earlier["plan_seconds"]) == ("plan", 4 * 86_400)


def test_years_add_up_to_the_whole(six_years: list[dict[str, Any]]) -> None:
    years = [rows("--since", f"{year}-01-01", "--until", f"{year + 1}-01-01") for year in range(2020, 2026)]
    for place, row in enumerate(six_years):
        for name in SUMMED:
            if name != "extended":
                assert row[name] == sum(year[place][name] for year in years), name
        for phase in PHASES:
            parts = sum(year[place][f"{phase}_seconds"] for year in years)
            assert abs(row[f"{phase}_seconds"] - parts) <= len(years) * len(six_years)


@pytest.mark.usefixtures("neglected_zone")
def test_what_lasts_is_counted_until_now_or_the_end_of_the_period_and_marked() -> None:
    [row] = rows("--plan", "P-003")
    assert (row["in_phase"], row["do_seconds"], row["transitions"]) == ("plan", 0, 0)
    [earlier] = rows("--plan", "P-003", "--until", "2020-01-12T08:00:00Z")
    assert (earlier["in_phase"], earlier["plan_seconds"]) == ("plan", 10 * 86_400)
    [within] = rows("--plan", "P-003", "--since", "2020-01-10T08:00:00Z", "--until", "2020-01-12T08:00:00Z")
    assert within["plan_seconds"] == 2 * 86_400
    [to_come] = rows("--plan", "P-003", "--until", "2099-01-01")
    assert to_come["plan_seconds"] == row["plan_seconds"]
    [before] = rows("--plan", "P-003", "--until", "2019-12-31")
    assert (before["in_phase"], before["plan_seconds"]) == (None, 0)
    shown = run_on_terminal("audit", "statistics", "--until", "2020-01-12T08:00:00Z", columns=250).out
    assert "10.0 +" in shown
    assert "+ still there: counted until now, or until the end of the period" in shown


@pytest.mark.usefixtures("neglected_zone")
def test_an_exception_is_counted_with_its_reason_and_a_refusal_of_no_plan_in_all_of_them() -> None:
    overdue = events("--kind", "plan.overdue")[0]
    taken = run("plan", "acknowledge", overdue["plan"], "--reason", "Next week.", "--as", "adelheid")
    assert taken.status == 0, taken.err
    assert run("person", "appoint", "dorus", "chief", "--as", "claudine").status == 3
    *of_plans, altogether = rows()
    [excepted] = [row for row in of_plans if row["exceptions"]]
    assert (excepted["plan"], excepted["exceptions"]) == (overdue["plan"], 1)
    [reason] = excepted["reasons"]
    assert (reason["kind"], reason["reason"]) == ("deadline.acknowledged", "Next week.")
    assert altogether["reasons"] == [reason]
    assert (altogether["refused"], total(of_plans, "refused")) == (1, 0)


def test_a_table_of_a_program_has_seconds_and_the_last_line_is_of_all(six_years: list[dict[str, Any]]) -> None:
    found = list(csv.DictReader(io.StringIO(run("audit", "statistics", "--format", "csv").out, newline="")))
    assert [row["plan"] for row in found] == [row["plan"] or "" for row in six_years]
    assert [int(row["do_seconds"]) for row in found] == [row["do_seconds"] for row in six_years]
