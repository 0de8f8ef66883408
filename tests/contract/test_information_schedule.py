"""When and how others are informed of a plan, as its project group decides it (clauses 14, 21-23)."""

from datetime import date, time

import pytest

from pdca.errors import NotFound, Usage
from pdca.schedules.calendar import Close
from pdca.schedules.inform import SetInformation
from pdca.schedules.manner import Manner
from pdca.store.reads import information
from tests.contract import edits
from tests.contract.decisions import YEARLY, wish
from tests.contract.informing import DAY, PARTNER, decide, decided, moment, moments
from tests.contract.world import MOTIVE, PLAN, World, codes, morning, nothing_but_the_refusal, untouched
from workflows.instants import to_text


def test_a_decision_is_kept_with_who_when_and_why_and_its_moments_wait(world: World) -> None:
    outcome = decided(
        world, "2025-06", rules=(YEARLY,), start=date(2024, 1, 15), time=time(14), manner={"by_itself": True}
    )
    [row] = world.rows(information.DECISIONS, plan_id=PLAN)
    assert row == {
        "plan_id": PLAN,
        "number": 1,
        "party_id": PARTNER,
        "method": "mail",
        "by_itself": 1,
        "although_restricted": 0,
        "grace_days": 7,
        "decided_on": "2024-01-08",
        "decided_by": world.person_id("sofie"),
        "recorded_at": "2024-01-08T08:00:00.000000Z",
        "reason": MOTIVE,
        "start": "2024-01-15",
        "until": "2027-12-31",
        "time": "14:00",
        "zone": "Europe/Brussels",
        "dates": '["2025-06"]',
        "rules": '["FREQ=YEARLY"]',
        "exceptions": None,
        "roll": "next",
    }
    assert moments(world) == {
        "2024-01-15": "2024-01-15",
        "2025-01-15": "2025-01-15",
        "2025-06": "2025-06-30",
        "2026-01-15": "2026-01-15",
        "2027-01-15": "2027-01-15",
    }
    first = moment(world, "2024-01-15")
    assert (first["due_at"], first["schedule_number"]) == ("2024-01-15T13:00:00.000000Z", 1)
    waiting = world.deadline(first["information_id"])
    assert (waiting["kind"], waiting["due_at"], waiting["status"]) == ("information", first["due_at"], "pending")
    assert [one["what"] for one in outcome.summary["moments"]] == ["made"] * 5
    event = world.last_event()
    assert (event["kind"], event["reason"]) == ("information.set", MOTIVE)
    assert world.told(event["seq"]) == {"marc": "group", "lea": "approver"}


def test_another_decision_stands_beside_those_before_and_moves_what_is_to_come(world: World) -> None:
    decided(world, "2024-03-04", "2024-09-02")
    decided(world, "2024-09-02", "2024-10-07", method="letter")
    assert [row["method"] for row in world.rows(information.DECISIONS, plan_id=PLAN)] == ["mail", "letter"]
    assert moments(world, status="cancelled") == {"2024-03-04": "2024-03-04"}
    assert moments(world) == {"2024-09-02": "2024-09-02", "2024-10-07": "2024-10-07"}
    assert moment(world, "2024-09-02")["method"] == '"letter"'
    assert world.deadlines()[moment(world, "2024-03-04")["information_id"]] == "void"
    decided(world, "2024-03-04", "2024-09-02")
    assert world.deadlines()[moment(world, "2024-03-04")["information_id"]] == "pending"


def test_each_party_has_its_own_decision(world: World) -> None:
    decided(world, "2024-03-04")
    decided(world, "2024-04-01", party="council", method="meeting", roll="none")
    assert moments(world) == {"2024-03-04": "2024-03-04"}
    assert moments(world, "council") == {"2024-04-01": "2024-04-01"}


def test_the_same_decision_again_changes_nothing(world: World) -> None:
    decided(world, "2024-03-04")
    before = world.dump()
    outcome = decided(world, "2024-03-04")
    assert (outcome.events, outcome.summary["number"]) == ((), 1)
    assert world.dump() == before


def test_a_moment_that_a_file_states_is_taken_up_by_a_decision_for_its_day(world: World) -> None:
    stated = world.rows(information.MOMENTS, plan_id=PLAN, party_id=PARTNER)[0]
    assert stated["status"] is None
    decided(world, stated["stated_date"], roll="none", until=date(2028, 12, 31))
    taken = moment(world, stated["stated_date"])
    assert taken["information_id"] == stated["information_id"]
    assert (taken["status"], taken["method"], taken["schedule_number"]) == ("planned", '"mail"', 1)


def test_a_party_is_informed_no_longer_once_the_group_decides_so(world: World) -> None:
    decided(world, "2024-03-04")
    world.by("sofie", SetInformation(PLAN, PARTNER, None, None, MOTIVE))
    assert moments(world) == {}
    assert world.deadlines()[moment(world, "2024-03-04")["information_id"]] == "void"
    assert world.last_event()["kind"] == "information.set"


def test_a_closed_day_moves_a_moment_and_so_does_one_that_is_closed_later(world: World) -> None:
    decided(world, "2024-05-11", "2024-03-04")
    assert moment(world, "2024-05-11")["due_date"] == "2024-05-13"
    world.by_administrator(Close((DAY,), {"nl": "Brugdag"}))
    moved = moment(world, "2024-03-04")
    assert (moved["due_date"], moved["due_at"]) == ("2024-03-05", to_text(morning(date(2024, 3, 5))))
    assert "Brugdag" in moved["moved"]
    assert world.deadline(moved["information_id"])["due_at"] == moved["due_at"]
    assert world.last_event()["kind"] == "information.rerolled"


@pytest.mark.parametrize(("by", "code"), [("lea", "not-in-project-group"), ("anna", "not-in-project-group")])
def test_only_the_project_group_decides(world: World, by: str, code: str) -> None:
    before = world.dump()
    outcome = decide(world, "2024-03-04", by=by)
    assert codes(outcome) == [code]
    assert nothing_but_the_refusal(before, world.dump())


def test_an_administrator_does_not_decide_for_the_group(world: World) -> None:
    command = SetInformation(PLAN, PARTNER, Manner("mail"), wish("2024-03-04"), MOTIVE)
    assert codes(world.by_administrator(command)) == ["moments-by-group"]


def test_a_decision_needs_its_reason(world: World) -> None:
    command = SetInformation(PLAN, PARTNER, Manner("mail"), wish("2024-03-04"), " ")
    assert codes(world.by("sofie", command)) == ["no-motive"]


def test_a_restricted_plan_informs_a_partner_only_where_the_group_says_so_for_it(world: World) -> None:
    world.by("sofie", edits.plan(restricted=1))
    assert codes(decide(world, "2024-03-04")) == ["plan-restricted"]
    decided(world, "2024-03-04", party="council")
    decided(world, "2024-03-04", manner={"although_restricted": True})
    assert moments(world) == {"2024-03-04": "2024-03-04"}


def test_what_cannot_be_decided_is_an_error(world: World) -> None:
    with untouched(world, Usage, "no-moment"):
        decide(world)
    with untouched(world, Usage, "date-passed"):
        decide(world, "2024-01-02")
    with untouched(world, Usage, "party-not-outside"):
        decide(world, "2024-03-04", party="investigation")
    with untouched(world, NotFound, "party-unknown"):
        decide(world, "2024-03-04", party="nobody")
    with untouched(world, Usage, "not-informed"):
        world.by("sofie", SetInformation(PLAN, PARTNER, None, None, MOTIVE))


def test_a_plan_that_ends_informs_nobody_any_more(world: World) -> None:
    decided(world, "2024-12-02")
    world.take("start", "evaluate", "record", "conclude", "close")
    assert moments(world, status="cancelled") == {"2024-12-02": "2024-12-02"}
    assert world.deadlines()[moment(world, "2024-12-02")["information_id"]] == "void"
