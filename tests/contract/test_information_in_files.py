"""What was decided about informing others, and what follows from it, in files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused
from pdca.exchange.writing import yaml_text
from pdca.information.approve import ApproveReport
from pdca.schedules.inform import SetInformation
from pdca.store.driver import Row
from pdca.store.reads import evaluations, information
from scheduler.sweep import run_once
from tests import seed
from tests.contract import edits
from tests.contract.informing import PARTNER, decided, moment, moments, reports
from tests.contract.world import MOTIVE, PLAN, World, morning


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


STATED: Final = "2024-09-02"


def stated(world: World, method: str = "mail", day: str = STATED) -> None:
    """The group writes into the document of its plan that the partner is informed, without deciding how."""

    def with_moment(plan: dict[str, Any]) -> None:
        others = [one for one in plan.get("information", []) if one["to"] != PARTNER]
        plan["information"] = [*others, {"to": PARTNER, "date": day, "method": method}]

    edits.edit(world, "sofie", with_moment)


def test_a_moment_that_a_file_states_is_enforced_and_its_report_waits_for_approval(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    stated(world)
    assert moments(world) == {STATED: STATED}
    world.take("start")
    world.sweep_on(date(2024, 9, 2))
    [report] = reports(world)
    assert (report["status"], report["method"], report["schedule_number"]) == ("prepared", "mail", None)
    world.sweep_on(date(2024, 9, 9))
    assert world.last_event()["kind"] == "information.overdue"
    assert world.by("sofie", ApproveReport(report["report_id"])).refusal == ()
    assert reports(world)[-1]["status"] == "sent"
    assert world.verified().ok


def test_a_moment_in_other_words_or_past_is_kept_as_it_was_stated(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    for method, day in (("gesprek", STATED), ("mail", "2023-09-02")):
        stated(world, method, day)
        row = moment(world, day)
        assert (row["status"], row["due_at"]) == (None, None)


def test_what_a_file_states_moves_and_goes_with_the_file_until_its_report_is_there(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    stated(world)
    stated(world, day="2024-10-07")
    assert world.waiting()["information"] == morning(date(2024, 10, 7))
    stated(world, "gesprek", "2024-10-07")
    assert "information" not in world.waiting()
    stated(world, "letter")
    assert world.waiting()["information"] == morning(date(2024, 9, 2))
    world.take("start")
    world.sweep_on(date(2024, 9, 2))
    before = world.dump()
    with pytest.raises(EditRefused) as failure:
        stated(world, day="2024-10-14")
    assert {one.code for one in failure.value.problems} == {"edit-information-decided"}
    after = world.dump()
    for table in ("information_moment", "information_report", "deadline"):
        assert after[table] == before[table]


def test_a_decision_takes_the_place_of_what_a_file_stated_for_the_party(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    stated(world)
    decided(world, "2024-10-07", method="letter")
    assert moments(world) == {"2024-10-07": "2024-10-07"}
    assert moments(world, status="cancelled") == {STATED: STATED}
    assert world.waiting()["information"] == morning(date(2024, 10, 7))


def test_a_moment_that_a_file_states_comes_in_elsewhere_as_it_was(world: World, tmp_path: Path) -> None:
    world.by_administrator(edits.complete_baseline())
    stated(world)
    text = yaml_text(programme_document(world.reading), "found")
    other = seed.house(f"sqlite:///{tmp_path / 'other.db'}", clock=world.clock)
    other.apply(ImportDocument(read_document(text)))
    world.go_to(date(2024, 9, 2))
    run_once(other)
    with other.reading() as connection:
        assert [row["status"] for row in connection.all(information.REPORTS, plan_id=PLAN)] == ["prepared"]
