"""Moving an evaluation: asked for with a reason, approved by somebody else before the old date, the first date kept."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pdca.engine import Outcome
from pdca.errors import PdcaError, Refused, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.store.rows import insert, update, write
from pdca.store.unit_of_work import unit_of_work
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract.test_lifecycle import codes, the
from tests.contract.world import MOMENTS, World, morning, nothing_but_the_refusal
from workflows.instants import to_text

LATER = date(2024, 5, 13)
WHY = "De cijfers komen pas in mei."
ASKED = datetime(2024, 2, 1, 10, tzinfo=UTC)


def ask(world: World, by: str = "sofie", to: date = LATER, evaluation_id: str = "E-101") -> Outcome:
    return world.by(by, RequestExtension(evaluation_id, to, WHY))


def approve(world: World, by: str = "karel", evaluation_id: str = "E-101") -> Outcome:
    return world.by(by, ApproveExtension(evaluation_id, "Akkoord."))


@pytest.mark.parametrize("by", ["sofie", "marc"])
def test_the_project_group_asks_and_nothing_moves_yet(world: World, by: str) -> None:
    world.go_to(ASKED)
    ask(world, by)
    [row] = world.dump()["extension"]
    assert row == {
        "evaluation_id": "E-101",
        "number": 1,
        "from_date": "2024-04-08",
        "to_date": "2024-05-13",
        "reason": WHY,
        "requested_by": the(by, world),
        "requested_at": to_text(ASKED),
        "approved_by": None,
        "approved_at": None,
    }
    assert world.evaluation("E-101")["due_date"] == "2024-04-08"
    assert world.waiting()["E-101"] == morning(MOMENTS[0])
    event = world.last_event()
    assert (event["kind"], event["evaluation"], event["reason"]) == ("evaluation.extension_requested", "E-101", WHY)
    others = {"sofie": "lead", "marc": "group", "karel": "chief"}
    assert world.told(event["seq"]) == {handle: role for handle, role in others.items() if handle != by}


def test_once_another_approves_the_date_and_its_deadline_move_and_the_first_date_stays_visible(world: World) -> None:
    world.take("start")
    world.go_to(ASKED)
    ask(world)
    world.go_to(ASKED + timedelta(days=1))
    approve(world)
    row = world.evaluation("E-101")
    assert (row["due_date"], row["due_at"]) == ("2024-05-13", to_text(morning(LATER)))
    assert (row["first_due_at"], row["stated_date"]) == (to_text(morning(MOMENTS[0])), "2024-04-08")
    [asked] = world.dump()["extension"]
    assert (asked["approved_by"], asked["approved_at"]) == (the("karel", world), to_text(ASKED + timedelta(days=1)))
    event = world.last_event()
    assert (event["kind"], event["evaluation"], event["reason"]) == ("evaluation.extended", "E-101", "Akkoord.")
    assert world.told(event["seq"]) == {"sofie": "lead", "marc": "group", "anna": "stakeholders"}
    assert world.sweep_on(MOMENTS[0]) == SweepCounts()
    assert world.sweep_on(LATER) == SweepCounts(enforced=1)
    assert (world.last_event()["key"], world.plan()["state"]) == ("E-101#0", "check")


def test_nobody_approves_a_request_of_his_own(world: World) -> None:
    ask(world, "marc")
    before = world.dump()
    assert codes(approve(world, "marc")) == ["extension-own-request"]
    assert nothing_but_the_refusal(before, world.dump())
    assert codes(seed.by_scheduler(world.house, ApproveExtension("E-101", "x"))) == ["extension-own-request"]
    event = world.last_event()
    assert (event["kind"], event["trigger"]) == ("evaluation.refused", "approve_extension")
    assert (event["evaluation"], event["refused"]) == ("E-101", ["extension-own-request"])


def test_the_database_too_refuses_one_person_who_asks_and_approves(world: World) -> None:
    ask(world, "marc")
    forged = update("extension", {"evaluation_id": "E-101", "number": 1}, approved_by=the("marc", world))
    with (
        world.house.database.connect(writing=True) as connection,
        pytest.raises(PdcaError) as failure,
        unit_of_work(connection, world.clock) as uow,
    ):
        write(uow.connection, forged)
    assert failure.value.code == "integrity"


@pytest.mark.parametrize("by", ["anna", "karel", "lea"])
def test_whoever_is_not_in_the_project_group_does_not_ask(world: World, by: str) -> None:
    before = world.dump()
    assert codes(ask(world, by)) == ["not-in-project-group"]
    assert nothing_but_the_refusal(before, world.dump())
    assert world.last_event()["trigger"] == "extend"


def test_a_second_request_waits_for_the_first(world: World) -> None:
    ask(world)
    assert codes(ask(world, "marc", LATER + timedelta(days=7))) == ["extension-waiting"]
    approve(world)
    assert ask(world, "marc", LATER + timedelta(days=7)).refusal == ()
    approve(world, "lea")
    assert [row["number"] for row in world.dump()["extension"]] == [1, 2]
    assert world.evaluation("E-101")["first_due_at"] == to_text(morning(MOMENTS[0]))
    assert world.waiting()["E-101"] == morning(LATER + timedelta(days=7))


def test_a_date_that_has_passed_does_not_move_any_more(world: World) -> None:
    ask(world)
    world.go_to(MOMENTS[0])
    assert codes(approve(world)) == ["evaluation-date-passed"]
    assert codes(ask(world, "anna")) == ["evaluation-date-passed", "not-in-project-group", "extension-waiting"]
    assert world.evaluation("E-101")["due_at"] == to_text(morning(MOMENTS[0]))


@pytest.mark.parametrize("way", [("start", "evaluate"), ("start", "evaluate", "record")])
def test_an_evaluation_that_was_opened_does_not_move_any_more(world: World, way: tuple[str, ...]) -> None:
    ask(world)
    world.take(*way)
    assert codes(approve(world)) == ["evaluation-date-passed"]
    assert codes(ask(world, to=date(2024, 6, 1))) == ["evaluation-date-passed", "extension-waiting"]


@pytest.mark.parametrize("day", [MOMENTS[0], MOMENTS[0] - timedelta(days=1)])
def test_an_extension_moves_a_date_forward_only(world: World, day: date) -> None:
    before = world.dump()
    with pytest.raises(Usage) as failure:
        ask(world, to=day)
    assert failure.value.code == "extension-not-later"
    assert world.dump() == before


def test_there_is_nothing_to_approve_when_nobody_asked(world: World) -> None:
    before = world.dump()
    with pytest.raises(Refused) as failure:
        approve(world)
    assert failure.value.code == "no-extension-asked"
    assert world.dump() == before


def test_an_extension_granted_in_suspension_counts_when_the_plan_resumes(world: World) -> None:
    world.take("start", "suspend")
    ask(world)
    approve(world)
    assert world.deadlines()["E-101"] == "held"
    world.take("resume")
    assert world.waiting()["E-101"] == morning(LATER)


def test_a_request_without_a_motive_is_not_a_request(world: World) -> None:
    before = world.dump()
    outcome = world.by("sofie", RequestExtension("E-101", LATER, " "))
    assert codes(outcome) == ["no-motive"]
    assert nothing_but_the_refusal(before, world.dump())
    ask(world)
    assert codes(world.by("karel", ApproveExtension("E-101", ""))) == ["no-motive"]


def test_the_rows_of_a_request_are_the_rows_of_its_event(world: World) -> None:
    ask(world)
    row = world.dump()["extension"][0]
    changes = [change for change in world.last_event()["changes"] if change["table"] == "extension"]
    key = {"evaluation_id": "E-101", "number": 1}
    assert [change["key"] for change in changes] == [key]
    assert changes[0]["op"] == insert("extension", key).op
    assert changes[0]["set"]["to_date"] == row["to_date"]
    assert set(changes[0]["set"]["reason"]) == {"~"}
