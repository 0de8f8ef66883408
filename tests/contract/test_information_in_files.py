"""What was decided about informing others, and what follows from it, in files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused
from pdca.exchange.writing import yaml_text
from pdca.schedules.inform import SetInformation
from pdca.store.driver import Row
from pdca.store.reads import evaluations, information
from scheduler.sweep import run_once
from tests import seed
from tests.contract import edits
from tests.contract.informing import PARTNER, decided
from tests.contract.world import MOTIVE, PLAN, World


def test_a_plan_comes_out_and_into_an_empty_database_with_whom_it_informs(world: World, tmp_path: Path) -> None:
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-02", "2024-09-02", manner={"by_itself": True, "grace_days": 10})
    decided(world, "2024-09-02", method="letter", rules=("FREQ=MONTHLY;INTERVAL=4",))
    decided(world, "2024-05-06", party="council", method="meeting", manner={"although_restricted": True})
    world.by("sofie", SetInformation(PLAN, "council", None, None, MOTIVE))
    text = yaml_text(programme_document(world.reading), "found")
    other = seed.house(f"sqlite:///{tmp_path / 'other.db'}")
    other.apply(ImportDocument(read_document(text)))
    with other.reading() as connection:
        columns = ("stated_date", "due_date", "due_at", "status", "moved", "schedule_number", "method")

        def seen(rows: list[Row]) -> list[dict[str, Any]]:
            return sorted(({name: row[name] for name in columns} for row in rows), key=str)

        for party in (PARTNER, "council"):
            named = {"plan_id": PLAN, "party_id": party}
            assert seen(connection.all(information.MOMENTS, **named)) == seen(world.rows(information.MOMENTS, **named))
        kept = [
            {**row, "recorded_at": "", "decided_by": ""} for row in connection.all(information.DECISIONS, plan_id=PLAN)
        ]
        assert kept == [
            {**row, "recorded_at": "", "decided_by": ""} for row in world.rows(information.DECISIONS, plan_id=PLAN)
        ]
        pending = {row["deadline_id"] for row in connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN)}
        moments = connection.all(information.MOMENTS, plan_id=PLAN, party_id=PARTNER)
        assert {row["information_id"] for row in moments if row["status"] == "planned"} <= pending
        back = programme_document(connection)
    assert back["objectives"] == programme_document(world.reading)["objectives"]
    again = world.by_administrator(ImportDocument(read_document(text))).summary
    assert {"information_moment", "information_schedule", "deadline"}.isdisjoint({**again["added"], **again["changed"]})


def test_what_came_in_with_a_file_is_enforced(world: World, tmp_path: Path) -> None:
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-09-02")
    text = yaml_text(programme_document(world.reading), "found")
    clock = world.clock
    other = seed.house(f"sqlite:///{tmp_path / 'other.db'}", clock=clock)
    other.apply(ImportDocument(read_document(text)))
    world.go_to(date(2024, 9, 2))
    run_once(other)
    with other.reading() as connection:
        assert [row["status"] for row in connection.all(information.REPORTS, plan_id=PLAN)] == ["prepared"]


def test_an_edit_changes_neither_a_decision_nor_what_follows_from_it(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-02", "2024-09-02")
    before = world.dump()

    def refused(change: Callable[[dict[str, Any]], object]) -> set[str]:
        with pytest.raises(EditRefused) as failure:
            edits.edit(world, "sofie", change)
        return {problem.code for problem in failure.value.problems}

    assert refused(lambda plan: plan["information_schedules"][0].update(roll="none")) == {"edit-decision-fixed"}
    assert refused(lambda plan: plan["information"].pop(0)) == {"edit-information-decided"}
    assert refused(lambda plan: plan["information"][0].pop("schedule")) == {"edit-information-decided"}
    assert refused(lambda plan: plan["information"][0].update(cancelled=True)) == {"edit-information-decided"}
    after = world.dump()
    for table in ("information_moment", "information_schedule", "deadline"):
        assert after[table] == before[table]


def test_a_moment_without_a_decision_is_written_as_before(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-03")
    stated = {"to": "council", "date": "2024-10-01", "method": "nota"}
    edits.edit(world, "sofie", lambda plan: plan["information"].append(stated))
    [row] = world.rows(information.MOMENTS, plan_id=PLAN, party_id="council")
    assert (row["stated_date"], row["status"], row["due_at"]) == ("2024-10-01", None, None)
