"""The example holds what the method demands of a plan, marks what was filled in, and its people can work with it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pdca.exchange.activity_records import Activity
from pdca.exchange.document import Document, read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.plan_records import Plan
from pdca.exchange.records import Phenomenon, Sourced
from pdca.exchange.writing import json_text, yaml_text
from pdca.house import House
from pdca.store.driver import Statement
from scheduler import amend
from scheduler.cast import ProjectGroups
from scheduler.channels.file import FileChannel
from scheduler.simulation import play
from tests.property.exchange_meaning import meaning
from tests.unit.exchange import zone
from tests.unit.exchange.zone import events, rows

EXAMPLES = Path(__file__).parents[3] / "examples"
FIRST_DAY = datetime(2020, 1, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def example() -> Document:
    return read_document(EXAMPLES / "zone-zuid.yaml")


def plans(example: Document) -> Iterator[Plan]:
    return (placed.plan for placed in example.all_plans())


def activities(example: Document) -> Iterator[Activity]:
    return (activity for plan in plans(example) for activity in plan.activities)


def tree(phenomena: tuple[Phenomenon, ...]) -> Iterator[Phenomenon]:
    for phenomenon in phenomena:
        yield phenomenon
        yield from tree(phenomenon.phenomena)


def test_seven_objectives_were_retained_and_street_crime_went_to_daily_operations(example: Document) -> None:
    decided = {one.id: one.disposition for one in example.objectives}
    street = decided.pop("SC")
    assert street is not None
    assert (street.what, street.assumed, "seed" in street.source) == ("daily_operations", False, True)
    assert "dagelijkse werking" in street.motive
    assert "extra middelen en mankracht" in (street.evidence or "")
    assert [one and (one.what, one.assumed) for one in decided.values()] == [("retained", True)] * 7


def test_every_activity_has_means_and_a_rubric(example: Document) -> None:
    for activity in activities(example):
        assert any(line.planned is not None for line in activity.means), activity.title
        assert activity.rubric is not None


def test_every_indicator_of_a_plan_has_a_baseline_or_says_why_not(example: Document) -> None:
    measured = [indicator for plan in plans(example) for indicator in plan.indicators]
    assert all(indicator.baseline for indicator in measured)
    known = {indicator.id: {str(figure.value) for figure in indicator.series} for indicator in example.indicators}
    for indicator in measured:
        assert indicator.baseline is not None
        if indicator.baseline.value is not None:
            assert str(indicator.baseline.value) in known[indicator.id]
        else:
            assert indicator.baseline.assumed


def test_whatever_was_filled_in_is_marked(example: Document) -> None:
    filled: list[Sourced] = [line for activity in activities(example) for line in activity.means]
    filled += tree(example.phenomena)
    filled += [rubric for plan in plans(example) for rubric in plan.rubrics.values()]
    assert example.programme is not None
    filled += example.programme.approvals
    assert [record for record in filled if not record.assumed and not record.source] == []


def test_street_crime_is_a_tree_and_objectives_and_plans_name_what_they_work_on(example: Document) -> None:
    street = next(one for one in example.phenomena if one.id == "straatcriminaliteit")
    assert len(street.phenomena) >= 3
    assert sum(one.phenomenon is not None for one in example.objectives) == 7
    assert any(one.phenomenon for plan in plans(example) for one in plan.phenomena)


def test_the_programme_was_approved_at_the_end_of_march_for_a_period_that_had_begun(example: Document) -> None:
    assert example.programme is not None
    ministry = next(step for step in example.programme.approvals if step.party == "binnenlandse_zaken")
    assert ministry.date is not None
    assert ministry.effective is not None
    assert (ministry.date.text, ministry.effective.date < ministry.date.date) == ("2020-03", True)
    assert example.programme.status == "approved"


def test_groups_that_take_shape_in_the_course_of_2020_have_that_as_their_deadline(example: Document) -> None:
    assert sorted(plan.id for plan in plans(example) if plan.group_by) == [
        "AP-GAUW",
        "AP-IFG",
        "AP-MMM",
        "AP-RADICAL",
        "AP-VERKEER",
    ]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return zone.empty(f"sqlite:///{tmp_path / 'zone.db'}", FIRST_DAY)


def test_the_example_comes_back_from_the_database_and_changes_nothing(house: House, example: Document) -> None:
    house.apply(ImportDocument(example))
    before = events(house)
    with house.reading() as connection:
        data = programme_document(connection)
    for text in (yaml_text(data, "exported"), json_text(data)):
        again = read_document(text)
        assert meaning(again) == meaning(example)
        house.apply(ImportDocument(again))
    assert events(house) == before


def test_the_people_of_the_example_start_their_plans_once_somebody_else_approved_them(
    house: House, example: Document, tmp_path: Path
) -> None:
    current = amend.each_plan(example, amend.without_findings)
    house.apply(ImportDocument(current))
    with house.reading() as connection:
        known = known_in(connection)
    house.apply(ImportDocument(read_document(EXAMPLES / "zone-zuid-people.yaml", known=known)))
    until = datetime(2021, 3, 31, 21, tzinfo=UTC)
    play(house, until, FileChannel(tmp_path / "outbox", sender=None), ProjectGroups(example, current))
    states = {row["slug"]: row["state"] for row in rows(house, "plan")}
    started = {"AP-GAUW", "AP-IFG", "AP-VERKEER", "AP-FIETS", "AP-HRM", "AP-BOSPARK", "AP-RADICAL"}
    assert {slug for slug in states if states[slug] != "plan"} >= started
    assert states["AP-FIETS"] == "daily_operations"
    with house.reading() as connection:
        log = connection.all(Statement("log", "SELECT kind, plan_id FROM event ORDER BY event_id"))
    for plan in rows(house, "plan"):
        kinds = [one["kind"] for one in log if one["plan_id"] == plan["plan_id"]]
        if plan["slug"] in started:
            assert kinds.index("plan.approved") < kinds.index("plan.advanced")
    # One plan that lacks something is refused, mended, approved anew and then started.
    bospark = next(row["plan_id"] for row in rows(house, "plan") if row["slug"] == "AP-BOSPARK")
    kinds = [one["kind"] for one in log if one["plan_id"] == bospark]
    assert kinds[:7] == [
        "plan.created",
        "plan.predicted",
        "plan.approved",
        "plan.refused",
        "plan.updated",
        "plan.approved",
        "plan.advanced",
    ]
