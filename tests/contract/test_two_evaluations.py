"""A cycle that is evaluated twice: a method may let a plan go on from Check, and is not asked for Adjust every time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from pdca.cycles.predict import Predict
from pdca.evaluations.snapshot import verified
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.exchange.one_record import record_of
from pdca.exchange.records import Measurement
from pdca.indicators.figures import RecordFigures
from pdca.report.cycles import listed
from pdca.report.evaluation import whole
from pdca.store.reads import evaluations
from tests import own_method, seed
from tests.contract.world import MOMENTS, World, codes, recording
from workflows import shelves

PLAN: Final = "P-002"
GO_ON: Final = """\
[[transitions]]
trigger = "go_on"
from = ["check"]
to = "do"
who = ["lead"]
guards = ["evaluation_recorded"]
label = { nl = "Verder", fr = "Poursuivre", en = "Go on" }

"""
REPLAN: Final = '[[transitions]]\ntrigger = "replan"'


@pytest.fixture
def twice(world: World, tmp_path: Path) -> Iterator[World]:
    """The installation with a plan of which the first evaluation is recorded, and which went on without Adjust."""
    shelves.look_in(own_method.shelved(tmp_path / "methods", own_method.version(1, (REPLAN, GO_ON + REPLAN))))
    document = seed.document(
        method=own_method.ID,
        evaluations=[day.isoformat() for day in MOMENTS],
        known=known_in(world.reading),
    )
    replace(world.house, source="import").apply(ImportDocument(document))
    world.by("sofie", Predict(PLAN, "Een kwart minder."))
    world.approve("start", plan_id=PLAN)
    assert codes(world.advance("start", plan_id=PLAN)) == []
    world.sweep_on(MOMENTS[0])
    assert "evaluation-not-recorded" in codes(world.advance("go_on", plan_id=PLAN))
    first = world.open_evaluation(PLAN)
    assert codes(world.by("marc", recording(first, verdict="inconclusive", lessons="Langer wachten."))) == []
    assert codes(world.advance("go_on", plan_id=PLAN)) == []
    yield world
    shelves.look_in()


def test_a_plan_that_goes_on_from_check_stays_in_its_cycle_and_waits_for_no_decision(twice: World) -> None:
    plan = twice.plan(PLAN)
    assert (plan["state"], plan["cycle"]) == ("do", 1)
    rows = twice.rows(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN)
    assert {row["kind"] for row in rows} == {"evaluation", "reminder"}
    assert codes(twice.by("sofie", Predict(PLAN, "Achteraf."))) == ["prediction-locked"]


def test_both_evaluations_of_a_cycle_stand_in_it_each_with_its_own_record(twice: World) -> None:
    [first] = named(twice)
    before = whole(twice.reading, first)
    period = f"{twice.clock.now():%Y-%m}"
    twice.sweep_on(MOMENTS[1])
    second = twice.open_evaluation(PLAN)
    assert "evaluation-not-recorded" in codes(twice.advance("conclude", plan_id=PLAN))
    figure = record_of(Measurement, {"period": period, "value": 9}, "nl", "a test")
    twice.by("marc", RecordFigures({"thefts": [figure]}))
    assert codes(twice.by("marc", recording(second, results={}))) == []
    [cycle] = listed(twice.reading, PLAN)
    assert [(one["evaluation_id"], one["verdict"]) for one in cycle["evaluations"]] == [
        (first, "inconclusive"),
        (second, "effective"),
    ]
    assert (cycle["evaluation_id"], cycle["verdict"], cycle["started_at"] is not None) == (second, "effective", True)
    page = whole(twice.reading, second)
    assert (page["cycle"], page["prediction"]) == (1, "Een kwart minder.")
    # The figure is about a month that ended after the first evaluation, in the same cycle.
    assert (page["results"][0]["value"], page["results"][0]["source"]) == ("9", "known_figure")
    assert whole(twice.reading, first) == before
    assert all(one.ok for one in verified(twice.reading))
    assert codes(twice.advance("conclude", plan_id=PLAN)) == []


def named(world: World) -> list[str]:
    [cycle] = listed(world.reading, PLAN)
    return [one["evaluation_id"] for one in cycle["evaluations"]]
