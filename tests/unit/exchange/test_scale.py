"""A national zone's worth of plans: taken in with a bounded number of statements, and written out again the same."""

import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from pdca.engine import Outcome, apply
from pdca.exchange.document import read_document
from pdca.exchange.editing import EditPlan
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.writing import yaml_text
from pdca.house import House
from tests.contract.counting import Counting
from tests.unit.exchange import large, zone

PLANS = 200


@pytest.fixture(scope="module")
def text() -> str:
    return large.programme(PLANS)


def counted(house: House, command: ImportDocument | EditPlan) -> tuple[Outcome, Counter[str]]:
    with house.writing() as uow:
        counting = Counting(uow.connection)
        outcome = apply(replace(uow, connection=counting), command, house.actor(uow.connection))
    return outcome, counting.counted


def test_two_hundred_plans_are_taken_in_with_a_statement_for_each_row_and_come_back_the_same(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = zone.empty(f"sqlite:///{tmp_path / 'zone.db'}")
    begun = time.perf_counter()
    document = read_document(text)
    read = time.perf_counter()
    outcome, first = counted(house, ImportDocument(document))
    taken_in = time.perf_counter()
    with house.reading() as connection:
        data = programme_document(connection)
    written = yaml_text(data, "made for a test")
    written_out = time.perf_counter()
    with capsys.disabled():
        print(  # noqa: T201 - how long it took is worth knowing, and no reason to fail
            f"\n{PLANS} plans, {PLANS * large.ACTIVITIES} activities: read {read - begun:.1f} s, "
            f"imported {taken_in - read:.1f} s ({dict(first)}), exported {written_out - taken_in:.1f} s"
        )
    rows, events = sum(outcome.summary["added"].values()), len(outcome.events)
    assert events == PLANS + 1
    # Nothing is looked up for each row; what each event costs besides its rows is its place in the log and its tree.
    assert first["read"] <= 40 + 3 * events
    assert first["write"] <= rows + 8 * events
    assert rows >= PLANS * (large.ACTIVITIES * 3 + 15)

    same = read_document(written)
    assert (same.objectives, same.parties, same.phenomena, same.indicators) == (
        document.objectives,
        document.parties,
        document.phenomena,
        document.indicators,
    )
    again, second = counted(house, ImportDocument(same))
    assert (again.events, second["write"]) == ((), 0)
    assert second["read"] <= 40 + PLANS
    with house.reading() as connection:
        assert programme_document(connection) == data


def test_editing_one_plan_of_many_reads_that_plan_only(text: str, tmp_path: Path) -> None:
    house = zone.empty(f"sqlite:///{tmp_path / 'zone.db'}")
    house.apply(ImportDocument(read_document(text)))
    data = zone.written(house, "P-100")
    data["plan"]["activities"][3]["title"] = "anders"
    outcome, statements = counted(house, EditPlan("P-100", zone.placed(house, data)))
    assert outcome.summary["changed"] == {"activity": 1}
    assert statements["read"] <= 30
