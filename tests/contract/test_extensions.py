"""Moving an evaluation: asked for with a reason, approved by somebody else before the old date, the first date kept."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pdca.engine import Outcome
from pdca.errors import PdcaError, Refused, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension, WithdrawExtension
from pdca.exchange.importer import ImportDocument
from pdca.people.substitution import Substitute
from pdca.report.agenda import agenda
from pdca.report.figures import figures
from pdca.report.plans import whole
from pdca.report.upcoming import upcoming
from pdca.store.reads import evaluations, plans
from pdca.store.rows import insert, update, write
from pdca.store.unit_of_work import unit_of_work
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract.world import MOMENTS, World, codes, morning, nothing_but_the_refusal, untouched
from workflows import definition as definitions
from workflows.instants import to_text
from workflows.shelves import look_in

ZVP = definitions.load("zvp")
SHIPPED = Path(definitions.__file__).parent / "definitions"

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
        "requested_by": world.person_id(by),
        "requested_at": to_text(ASKED),
        "approved_by": None,
        "approved_at": None,
        "withdrawn_by": None,
        "withdrawn_at": None,
        "withdrawn_reason": None,
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
    assert (asked["approved_by"], asked["approved_at"]) == (
        world.person_id("karel"),
        to_text(ASKED + timedelta(days=1)),
    )
    event = world.last_event()
    assert (event["kind"], event["evaluation"], event["reason"]) == ("evaluation.extended", "E-101", "Akkoord.")
    assert world.told(event["seq"]) == {"sofie": "lead", "marc": "group", "anna": "stakeholders"}
    assert world.sweep_on(MOMENTS[0]) == SweepCounts()
    # The reminders of the date it was moved to lapse, because nothing ran when they were due.
    assert world.sweep_on(LATER) == SweepCounts(enforced=2, late=1)
    assert (world.last_event()["key"], world.plan()["state"]) == ("E-101#0", "check")


def test_what_is_to_come_names_the_day_to_which_a_date_was_moved(world: World) -> None:
    world.take("start")
    world.go_to(ASKED)
    ask(world)
    approve(world)
    row = next(row for row in upcoming(world.reading, ASKED, None, "P-001") if row["evaluation"] == "E-101")
    assert row["by"] == to_text(morning(LATER))


def test_nobody_approves_a_request_of_his_own(world: World) -> None:
    ask(world, "marc")
    before = world.dump()
    assert codes(approve(world, "marc")) == ["extension-own-request"]
    assert nothing_but_the_refusal(before, world.dump())
    assert codes(seed.by_scheduler(world.house, ApproveExtension("E-101", "x"))) == ["approver-not-concerned"]
    assert codes(approve(world, "marc")) == ["extension-own-request"]
    event = world.last_event()
    assert (event["kind"], event["trigger"]) == ("evaluation.refused", "approve_extension")
    assert (event["evaluation"], event["refused"]) == ("E-101", ["extension-own-request"])


@pytest.mark.parametrize("by", ["sofie", "karel", "lea"])
def test_the_lead_the_chief_or_an_authority_approves(world: World, by: str) -> None:
    ask(world, "marc")
    assert approve(world, by).refusal == ()
    assert world.evaluation("E-101")["due_date"] == LATER.isoformat()


def test_a_member_of_the_group_or_an_administrator_approves(world: World) -> None:
    ask(world)
    assert approve(world, "marc").refusal == ()
    ask(world, to=LATER + timedelta(days=1))
    assert world.by_administrator(ApproveExtension("E-101", "Akkoord.")).refusal == ()


def test_who_has_nothing_to_do_with_the_plan_does_not_approve(world: World) -> None:
    """A partner is informed of the plan, and that is not enough to put its evaluation off."""
    ask(world)
    before = world.dump()
    assert codes(approve(world, "anna")) == ["approver-not-concerned"]
    assert nothing_but_the_refusal(before, world.dump())
    event = world.last_event()
    assert (event["kind"], event["trigger"]) == ("evaluation.refused", "approve_extension")
    assert event["refused"] == ["approver-not-concerned"]


# --- How far


def test_a_date_moves_up_to_the_day_before_the_next_evaluation_and_no_further(world: World) -> None:
    world.by_administrator(seed.Moment("P-001", "E-110", date(2024, 6, 10)))
    before = world.dump()
    for day in (date(2024, 6, 10), date(2024, 6, 11)):
        [need] = ask(world, to=day).refusal
        assert (need.code, need.params["next"], need.params["last"]) == (
            "extension-reaches-next",
            "E-110",
            "2024-06-09",
        )
        assert "2024-06-09" in need.words("en")
    assert world.dump()["extension"] == before["extension"] == []
    event = world.last_event()
    assert (event["kind"], event["trigger"], event["refused"]) == (
        "evaluation.refused",
        "extend",
        ["extension-reaches-next"],
    )
    assert ask(world, to=date(2024, 6, 9)).refusal == ()
    assert approve(world).refusal == ()


def test_no_extension_leads_further_than_the_method_allows_from_the_first_date(world: World) -> None:
    """Half a year after the first date, however often it is moved."""
    assert ZVP.evaluation.extension_days == 180
    last = MOMENTS[2] + timedelta(days=180)
    for day in (MOMENTS[2] + timedelta(days=100), last):
        assert ask(world, to=day, evaluation_id="E-103").refusal == ()
        assert approve(world, evaluation_id="E-103").refusal == ()
    [need] = ask(world, to=last + timedelta(days=1), evaluation_id="E-103").refusal
    assert (need.code, need.params["last"]) == ("extension-too-long", last.isoformat())
    assert need.params["first"] == MOMENTS[2].isoformat()
    assert last.isoformat() in need.words("en")
    assert world.last_event()["refused"] == ["extension-too-long"]
    assert world.evaluation("E-103")["due_date"] == last.isoformat()


def test_both_bounds_are_named_at_once_also_for_the_end_of_time(world: World) -> None:
    assert codes(ask(world, to=date.max)) == ["extension-reaches-next", "extension-too-long"]


def test_a_method_that_sets_no_bound_allows_any_date_up_to_the_next(world: World, tmp_path: Path) -> None:
    shipped = (SHIPPED / "zvp.toml").read_text(encoding="utf-8")
    (tmp_path / "free.toml").write_text(
        shipped.replace('id = "zvp"', 'id = "free"').replace("extension_days = 180\n", ""), encoding="utf-8"
    )
    look_in(tmp_path)
    try:
        taken = world.by_administrator(ImportDocument(seed.document(method="free")))
        [evaluation] = world.rows(evaluations.OF_PLAN, plan_id=taken.summary["plans"]["AP-1"])
        assert ask(world, to=date(2090, 1, 1), evaluation_id=evaluation["evaluation_id"]).refusal == ()
    finally:
        look_in()


def test_a_request_that_an_evaluation_planned_since_stands_in_the_way_of_is_not_approved_and_blocks_nobody(
    world: World,
) -> None:
    ask(world)
    world.by_administrator(seed.Moment("P-001", "E-110", date(2024, 5, 1)))
    assert codes(approve(world)) == ["extension-reaches-next"]
    assert world.evaluation("E-101")["due_date"] == "2024-04-08"
    assert ask(world, to=date(2024, 4, 30)).refusal == ()
    assert approve(world).refusal == ()
    assert world.evaluation("E-101")["due_date"] == "2024-04-30"
    assert [row["approved_at"] is None for row in world.dump()["extension"]] == [True, False]


def test_the_database_too_refuses_one_person_who_asks_and_approves(world: World) -> None:
    ask(world, "marc")
    forged = update("extension", {"evaluation_id": "E-101", "number": 1}, approved_by=world.person_id("marc"))
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
    with untouched(world, Usage, "extension-not-later"):
        ask(world, to=day)


def test_there_is_nothing_to_approve_when_nobody_asked(world: World) -> None:
    with untouched(world, Refused, "no-extension-asked"):
        approve(world)


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


# --- Withdrawn


@pytest.mark.parametrize("by", ["marc", "sofie"])
def test_who_asked_or_the_lead_withdraws_a_request_and_another_can_be_made(world: World, by: str) -> None:
    world.go_to(ASKED)
    ask(world, "marc")
    world.go_to(ASKED + timedelta(days=1))
    outcome = world.by(by, WithdrawExtension("E-101", "De cijfers zijn er toch."))
    assert outcome.summary["to_date"] == "2024-05-13"
    [row] = world.dump()["extension"]
    assert (row["withdrawn_by"], row["withdrawn_at"], row["withdrawn_reason"]) == (
        world.person_id(by),
        to_text(ASKED + timedelta(days=1)),
        "De cijfers zijn er toch.",
    )
    assert (world.evaluation("E-101")["due_date"], world.waiting()["E-101"]) == ("2024-04-08", morning(MOMENTS[0]))
    event = world.last_event()
    assert (event["kind"], event["reason"]) == ("evaluation.extension_withdrawn", "De cijfers zijn er toch.")
    others = {"sofie": "lead", "marc": "group", "karel": "chief"}
    assert world.told(event["seq"]) == {handle: role for handle, role in others.items() if handle != by}
    assert not [
        one for one in agenda(world.reading, world.clock.now(), None, None) if one["what"] == "approve_extension"
    ]
    with untouched(world, Refused, "no-extension-asked"):
        approve(world)
    ask(world, to=LATER + timedelta(days=1))
    approve(world)
    assert [row["number"] for row in world.dump()["extension"] if row["approved_at"]] == [2]
    assert world.evaluation("E-101")["due_date"] == "2024-05-14"


def test_the_substitute_of_who_asked_withdraws_it_in_the_name_of_that_person(world: World) -> None:
    ask(world, "marc")
    world.by_administrator(Substitute("marc", "karel", date(2024, 1, 1), date(2024, 12, 31), "Verlof."))
    assert world.by("karel", WithdrawExtension("E-101", WHY)).refusal == ()
    assert world.last_event()["on_behalf_of"] == world.person_id("marc")


@pytest.mark.parametrize("by", ["karel", "anna", "lea"])
def test_nobody_else_withdraws_a_request(world: World, by: str) -> None:
    ask(world, "marc")
    before = world.dump()
    assert codes(world.by(by, WithdrawExtension("E-101", WHY))) == ["withdrawal-not-allowed"]
    assert nothing_but_the_refusal(before, world.dump())
    assert world.last_event()["trigger"] == "withdraw_extension"


def test_a_request_is_withdrawn_with_a_reason_and_only_while_it_waits(world: World) -> None:
    with untouched(world, Refused, "no-extension-asked"):
        world.by("sofie", WithdrawExtension("E-101", WHY))
    ask(world, "sofie")
    assert codes(world.by("sofie", WithdrawExtension("E-101", " "))) == ["no-motive"]
    approve(world)
    with untouched(world, Refused, "no-extension-asked"):
        world.by("sofie", WithdrawExtension("E-101", WHY))


def test_how_often_a_date_was_moved_is_counted_beside_the_first_date(world: World) -> None:
    for day in (LATER, LATER + timedelta(days=7)):
        ask(world) if day == LATER else ask(world, to=day)
        approve(world)
    ask(world, to=LATER + timedelta(days=14))
    [row] = [one for one in world.rows(evaluations.ALL) if one["evaluation_id"] == "E-101"]
    assert (row["extensions"], row["first_due_at"]) == (2, to_text(morning(MOMENTS[0])))
    shown = whole(world.reading, "P-001", world.clock.now())["evaluations"]
    assert [one["extensions"] for one in shown] == [2, 0, 0]
    assert [one["extensions"] for one in world.rows(plans.PLANS)] == [2]
    counted = figures(world.reading)["evaluations"]
    assert (counted["extended"], counted["extensions"]) == (1, 2)
