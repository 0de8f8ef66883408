"""Decisions about reminders, days of grace and ladder, in files: they come in with a plan that is new, and hold."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.evaluations.decide_reminding import DecideReminding
from pdca.exchange.document import check_document, read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused, ImportRefused
from pdca.exchange.workbook_in import read_workbook
from pdca.exchange.workbook_out import write_workbook
from pdca.exchange.writing import json_text, yaml_text
from pdca.house import House
from pdca.plans.reminding import Terms
from pdca.report.reminding import reminding_of
from pdca.store.reads import evaluations
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World
from workflows.method import LadderStep

FIRST: Final = Terms((30, 7), {"start": 5, "record": 21}, (LadderStep(0, "group"), LadderStep(3, "authority")))
NOBODY: Final = Terms(lead_days=())
DEADLINES: Final = ("kind", "due_at", "since", "status")


@pytest.fixture
def complete(world: World) -> World:
    """An installation that can be written out whole."""
    world.by_administrator(edits.complete_baseline())
    return world


def decide(world: World, given: Terms, *by_method: str) -> None:
    assert world.by("sofie", DecideReminding(PLAN, MOTIVE, given, by_method)).refusal == ()


def elsewhere(folder: Path) -> House:
    return seed.house(f"sqlite:///{folder / 'other.db'}")


def decisions(house: House) -> list[dict[str, Any]]:
    with house.reading() as connection:
        found = reminding_of(connection, PLAN)["decisions"]
    return [{name: one[name] for name in one if name not in {"recorded_at", "decided_by"}} for one in found]


@pytest.mark.parametrize("form", ["yaml", "json", "xlsx"])
def test_a_plan_comes_out_and_into_an_empty_database_with_every_decision(
    complete: World, tmp_path: Path, form: str
) -> None:
    decide(complete, FIRST)
    decide(complete, NOBODY, "grace_days")
    data = programme_document(complete.reading)
    if form == "xlsx":
        write_workbook(data, tmp_path / "zone.xlsx")
        document = check_document(read_workbook(tmp_path / "zone.xlsx"))
    else:
        document = read_document(json_text(data) if form == "json" else yaml_text(data, "found"), f"zone.{form}")
    other = elsewhere(tmp_path)
    other.apply(ImportDocument(document))
    assert decisions(other) == decisions(complete.house)
    with other.reading() as connection:
        assert programme_document(connection)["objectives"] == data["objectives"]
    again = complete.by_administrator(ImportDocument(document)).summary
    assert {"reminding", "deadline"}.isdisjoint({**again["added"], **again["changed"], **again["removed"]})


def test_the_last_decision_of_the_file_holds_for_the_deadlines_that_come_with_the_plan(
    complete: World, tmp_path: Path
) -> None:
    decide(complete, FIRST)
    other = elsewhere(tmp_path)
    other.apply(ImportDocument(read_document(yaml_text(programme_document(complete.reading), "found"))))
    with other.reading() as connection:
        found = connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN)

    def seen(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(({name: row[name] for name in DEADLINES} for row in rows), key=str)

    rows = seen(complete.rows(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN))
    assert {row["kind"] for row in rows} >= {"start", "reminder"}
    assert seen(found) == rows


def test_a_file_changes_no_decision_of_a_plan_that_is_there(complete: World) -> None:
    decide(complete, FIRST)
    before = complete.dump()

    def refused(change: Callable[[dict[str, Any]], object]) -> set[str]:
        with pytest.raises(EditRefused) as failure:
            edits.edit(complete, "sofie", change)
        assert all("pdca reminder set" in (problem.hint or "") for problem in failure.value.problems)
        return {problem.code for problem in failure.value.problems}

    fixed = {"edit-decision-fixed"}
    assert refused(lambda plan: plan["reminders"][0].update(days=[30])) == fixed
    assert refused(lambda plan: plan["reminders"][0].pop("ladder")) == fixed
    assert refused(lambda plan: plan.pop("reminders")) == fixed
    more = {"number": 2, "decided": "2024-01-05", "reason": MOTIVE, "days": [3]}
    assert refused(lambda plan: plan["reminders"].append(more)) == fixed
    with pytest.raises(ImportRefused):
        edits.edit(complete, "sofie", lambda plan: plan["reminders"][0].update(number=2))
    assert complete.dump()["reminding"] == before["reminding"]
    # What the group decided meanwhile is none of the business of who changes the plan otherwise.
    assert edits.edit(complete, "sofie", lambda plan: plan.update(group_by=date(2024, 3, 1).isoformat())).refusal == ()
