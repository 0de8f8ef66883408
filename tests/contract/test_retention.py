"""Retaining objectives: a decision over candidates, with its motive; what was not retained stays (clauses 3, 32)."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from pdca.errors import NotFound, PdcaError, Refused, Usage
from pdca.people.substitution import Substitute
from pdca.programme.retain import Retain
from pdca.report.programme import objectives
from pdca.store.rows import update
from tests import seed
from tests.contract.world import World, codes, untouched

DAILY: Final = Retain(
    "SD1",
    "daily_operations",
    "Dankzij goed dagelijks werk sterk gedaald.",
    "evaluatie 2014-2019",
    "2019-12",
    "council",
    "straatcriminaliteit",
)
RETAINED: Final = Retain("SD1", "retained", "Een prioriteit van het beeld.", None, "2023-12-18", "council")


def view(world: World, objective: str) -> dict[str, Any]:
    return next(one for one in objectives(world.reading) if one["objective_id"] == objective)


def test_clause_3_a_decision_keeps_motive_evidence_date_and_who_decided(world: World) -> None:
    assert world.by_administrator(DAILY).summary == {
        "objective": "SD1",
        "before": "retained",
        "disposition": "daily_operations",
        "number": 1,
    }
    one = view(world, "SD1")
    assert one["disposition"] == "daily_operations"
    [decision] = one["decisions"]
    expected = {
        "motive": DAILY.motive,
        "evidence": DAILY.evidence,
        "decided_on": "2019-12",
        "decided_by": "council",
        "watch": "straatcriminaliteit",
        "recorded_by": "U-001",
    }
    assert expected.items() <= decision.items()


def test_clause_32_what_was_not_retained_stays_listed_and_can_return(world: World) -> None:
    world.by_administrator(DAILY)
    world.by_administrator(RETAINED)
    one = view(world, "SD1")
    assert one["disposition"] == "retained"
    assert [decision["disposition"] for decision in one["decisions"]] == ["daily_operations", "retained"]
    assert world.dump()["event"][-1]["kind"] == "objective.decided"


@pytest.mark.parametrize("day", ["2019-11", "2019-11-30", "2018"])
def test_a_decision_dated_before_the_last_one_is_refused(world: World, day: str) -> None:
    world.by_administrator(DAILY)
    before = world.dump()
    with pytest.raises(Usage) as failure:
        world.by_administrator(replace(RETAINED, decided_on=day))
    assert failure.value.code == "decision-before-last"
    assert failure.value.hint == "The latest decision holds; `pdca objective show SD1` shows them all."
    assert world.dump() == before


@pytest.mark.parametrize("day", ["2019", "2019-12", "2019-12-01"])
def test_a_decision_that_may_be_later_than_the_last_one_holds(world: World, day: str) -> None:
    world.by_administrator(DAILY)
    world.by_administrator(replace(RETAINED, decided_on=day))
    assert view(world, "SD1")["disposition"] == "retained"


def test_a_plan_starts_only_under_an_objective_that_was_retained_itself_or_above_it(world: World) -> None:
    world.by_administrator(replace(DAILY, disposition="dropped"))
    assert codes(world.advance("start")) == ["objective-not-retained"]
    world.by_administrator(replace(RETAINED, objective="OD1.1"))
    assert codes(world.advance("start")) == []


def test_retaining_what_is_above_is_enough_where_nothing_was_decided_below(world: World) -> None:
    assert view(world, "OD1.1")["disposition"] == "candidate"
    world.by_administrator(RETAINED)
    assert codes(world.advance("start")) == []


@pytest.mark.parametrize("disposition", ["daily_operations", "point_of_attention", "dropped"])
def test_what_was_not_retained_under_a_retained_objective_starts_no_plan(world: World, disposition: str) -> None:
    world.by_administrator(RETAINED)
    world.by_administrator(replace(DAILY, objective="OD1.1", disposition=disposition))
    assert codes(world.advance("start")) == ["objective-not-retained"]
    world.by_administrator(replace(RETAINED, objective="OD1.1"))
    assert codes(world.advance("start")) == []


def test_an_objective_that_a_retained_one_stands_under_is_not_retained_by_it(world: World) -> None:
    world.by_administrator(DAILY)
    world.by_administrator(replace(RETAINED, objective="OD1.1"))
    world.by_administrator(seed.Plant([update("plan", {"plan_id": "P-001"}, objective_id="SD1")]))
    assert "objective-not-retained" in codes(world.advance("start"))


@pytest.mark.parametrize("handle", ["karel", "lea"])
def test_who_heads_the_body_or_answers_for_it_decides_and_so_does_who_acts_for_them(world: World, handle: str) -> None:
    world.by(handle, RETAINED)
    day = seed.START.date()
    world.by_administrator(Substitute(handle, "marc", day, day, "Verlof."))
    world.by("marc", RETAINED)
    ids = {row["handle"]: row["person_id"] for row in world.dump()["person"]}
    assert f'"on_behalf_of":"{ids[handle]}"' in bytes(world.dump()["event"][-1]["body"]).decode()


@pytest.mark.parametrize("handle", ["sofie", "marc", "anna"])
def test_nobody_else_decides(world: World, handle: str) -> None:
    with untouched(world, Refused, "not-in-charge"):
        world.by(handle, RETAINED)


@pytest.mark.parametrize(
    ("command", "kind", "code"),
    [
        (replace(RETAINED, objective="SD9"), NotFound, "objective-unknown"),
        (replace(RETAINED, disposition="candidate"), Usage, "disposition-unknown"),
        (replace(RETAINED, motive=" "), Usage, "motive-missing"),
        (replace(RETAINED, decided_by=""), Usage, "decided-by-missing"),
        (replace(RETAINED, decided_on="soon"), Usage, "date-unreadable"),
        (replace(RETAINED, decided_on="2024-01-09"), Usage, "date-to-come"),
        (replace(RETAINED, decided_on="2024-02"), Usage, "date-to-come"),
        (replace(DAILY, watch=None), Usage, "watch-missing"),
        (replace(DAILY, watch=" "), Usage, "watch-missing"),
    ],
)
def test_a_decision_that_does_not_fit_is_an_error_that_leaves_no_trace(
    world: World, command: Retain, kind: type[PdcaError], code: str
) -> None:
    with untouched(world, kind, code):
        world.by_administrator(command)


def test_a_decision_of_this_month_may_be_stated_without_its_day(world: World) -> None:
    assert date(2024, 1, 8) == seed.START.date()
    world.by_administrator(replace(RETAINED, decided_on="2024-01"))
    assert view(world, "SD1")["disposition"] == "retained"
