"""Decisions about moments, what follows from them and the working days of the body, in files."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused
from pdca.exchange.writing import yaml_text
from pdca.schedules.calendar import Close, SetWorkingDays
from pdca.store.driver import Row
from pdca.store.reads import evaluations, schedules
from tests import seed
from tests.contract import edits
from tests.contract.decisions import decided, of_schedule
from tests.contract.world import PLAN, World


def test_a_plan_comes_out_and_into_an_empty_database_with_its_decisions_and_moments(
    world: World, tmp_path: Path
) -> None:
    """Also what was cancelled, what moved and why, and the working days of the body."""
    world.by_administrator(SetWorkingDays(subdivision="Flemish", weekdays=("MO", "TU", "WE", "TH", "FR", "SA")))
    world.by_administrator(Close((date(2024, 9, 2),), {"nl": "Brugdag", "fr": "Pont"}))
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-02", "2024-09-02", "2024-12", roll="next")
    decided(world, "2024-06-02", "2024-09-02", rules=("FREQ=MONTHLY;INTERVAL=4",), roll="next", time=time(14))
    text = yaml_text(programme_document(world.reading), "found")
    other = seed.house(f"sqlite:///{tmp_path / 'other.db'}")
    other.apply(ImportDocument(read_document(text)))
    with other.reading() as connection:
        back = programme_document(connection)
        columns = ("kind", "stated_date", "due_date", "due_at", "first_due_at", "status", "moved", "schedule_number")

        def seen(rows: list[Row]) -> list[dict[str, Any]]:
            return sorted(({name: row[name] for name in columns} for row in rows), key=str)

        assert seen(connection.all(evaluations.OF_PLAN, plan_id=PLAN)) == seen(
            world.rows(evaluations.OF_PLAN, plan_id=PLAN)
        )
        kept = [{**row, "recorded_at": "", "decided_by": ""} for row in connection.all(schedules.OF_PLAN, plan_id=PLAN)]
        assert kept == [
            {**row, "recorded_at": "", "decided_by": ""} for row in world.rows(schedules.OF_PLAN, plan_id=PLAN)
        ]
        pending = {row["deadline_id"] for row in connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN)}
        planned = [row for row in connection.all(evaluations.OF_PLAN, plan_id=PLAN) if row["status"] == "planned"]
        assert {row["evaluation_id"] for row in planned} <= pending
    own = programme_document(world.reading)
    assert {name: back[name] for name in ("organisation", "objectives")} == {
        name: own[name] for name in ("organisation", "objectives")
    }
    again = world.by_administrator(ImportDocument(read_document(text))).summary
    assert {"evaluation", "schedule", "closing_day", "deadline"}.isdisjoint({**again["added"], **again["changed"]})


def test_an_edit_changes_neither_a_decision_nor_what_follows_from_it(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-02", "2024-09-02", roll="next")
    before = world.dump()

    def refused(change: Callable[[dict[str, Any]], object]) -> set[str]:
        with pytest.raises(EditRefused) as failure:
            edits.edit(world, "sofie", change)
        return {problem.code for problem in failure.value.problems}

    assert refused(lambda plan: plan["schedules"][0].update(roll="none")) == {"edit-decision-fixed"}
    assert refused(
        lambda plan: plan.pop("schedules") and [one.pop("schedule", None) for one in plan["evaluations"]]
    ) == {
        "edit-decision-fixed",
        "edit-evaluation-decided",
    }
    assert refused(lambda plan: plan["evaluations"].pop(2)) == {"edit-evaluation-fixed"}
    assert refused(lambda plan: plan["evaluations"][1].update(falls="2024-06-05")) == {"edit-evaluation-decided"}
    after = world.dump()
    assert [after[name] for name in ("evaluation", "schedule")] == [before[name] for name in ("evaluation", "schedule")]


def test_closing_days_of_a_file_move_the_moments_of_plans_that_are_there(world: World) -> None:
    decided(world, "2024-06-03", roll="next")
    text = programme_document(world.reading)
    file = {"pdca": 1, "language": "nl", "organisation": text["organisation"], "programme": text["programme"]}
    file["organisation"]["closing_days"] = [{"day": "2024-06-03", "name": "Brugdag"}]
    world.by_administrator(ImportDocument(read_document(yaml_text(file, "closing"))))
    assert of_schedule(world) == {"2024-06-03": "2024-06-04"}


def test_a_file_that_names_no_country_leaves_the_holidays_as_they_are(world: World) -> None:
    world.by_administrator(SetWorkingDays(country="BE"))
    decided(world, "2024-05-09", roll="next")
    text = programme_document(world.reading)
    file = {"pdca": 1, "language": "nl", "organisation": text["organisation"], "programme": text["programme"]}
    assert file["organisation"].pop("country") == "BE"
    before = len(world.events())
    world.by_administrator(ImportDocument(read_document(yaml_text(file, "abroad"))))
    assert world.events()[before:] == []
    assert (world.dump()["installation"][0]["country"], of_schedule(world)) == ("BE", {"2024-05-09": "2024-05-10"})
