"""The moments of a plan as its group decides them: dates and rules become evaluations, and what took place stays."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from pdca.errors import Refused, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.people.substitution import Substitute
from pdca.report.agenda import agenda
from pdca.schedules.calendar import Close
from pdca.schedules.decide import SetSchedule
from pdca.schedules.working_out import Wish
from pdca.store.driver import Row
from pdca.store.reads import evaluations, schedules
from tests.contract.decisions import YEARLY, decide, decided, named, of_schedule, wish
from tests.contract.world import MOTIVE, PLAN, World, codes, morning, nothing_but_the_refusal, untouched


def test_a_decision_is_kept_with_who_when_and_why_and_its_moments_are_evaluations(world: World) -> None:
    outcome = decided(world, "2025-06", rules=(YEARLY,), start=date(2024, 1, 15), roll="next", time=time(14))
    [row] = world.rows(schedules.OF_PLAN, plan_id=PLAN)
    assert row == {
        "plan_id": PLAN,
        "number": 1,
        "decided_on": "2024-01-08",
        "decided_by": world.person_id("sofie"),
        "recorded_at": "2024-01-08T08:00:00.000000Z",
        "reason": MOTIVE,
        "kind": "interim",
        "start": "2024-01-15",
        "until": "2027-12-31",
        "time": "14:00",
        "zone": "Europe/Brussels",
        "dates": '["2025-06"]',
        "rules": '["FREQ=YEARLY"]',
        "exceptions": None,
        "anchor": "series",
        "roll": "next",
    }
    assert of_schedule(world) == {
        "2024-01-15": "2024-01-15",
        "2025-01-15": "2025-01-15",
        "2025-06": "2025-06-30",
        "2026-01-15": "2026-01-15",
        "2027-01-15": "2027-01-15",
    }
    first = named(world, "2024-01-15")
    assert (first["due_at"], first["first_due_at"]) == ("2024-01-15T13:00:00.000000Z",) * 2
    assert world.deadlines()[first["evaluation_id"]] == "pending"
    assert [one["what"] for one in outcome.summary["moments"]] == ["made"] * 5
    event = world.last_event()
    assert (event["kind"], event["reason"]) == ("schedule.set", MOTIVE)


def test_the_moments_of_a_decision_are_enforced(world: World) -> None:
    decided(world, "2024-03-04")
    world.take("start")
    world.sweep_on(date(2024, 3, 4))
    assert named(world, "2024-03-04")["status"] == "open"


def test_a_closed_day_moves_a_moment_and_why_is_kept(world: World) -> None:
    decided(world, "2024-05-09", "2024-05-11", roll="previous")
    ascension, saturday = named(world, "2024-05-09"), named(world, "2024-05-11")
    assert (ascension["due_date"], saturday["due_date"]) == ("2024-05-08", "2024-05-10")
    assert '"kind":"holiday"' in ascension["moved"]
    assert "Hemelvaart" in ascension["moved"]
    assert saturday["moved"] == '{"reasons":[{"kind":"weekend"}]}'


def test_days_that_fall_together_are_one_evaluation_that_stands_for_both(world: World) -> None:
    decided(world, "2024-06-01", "2024-06-02", roll="next")
    assert of_schedule(world) == {"2024-06-01": "2024-06-03"}
    assert '"also":["2024-06-02"]' in named(world, "2024-06-01")["moved"]
    decided(world, "2024-06-01", "2024-06-02", roll="none")
    assert of_schedule(world) == {"2024-06-01": "2024-06-01", "2024-06-02": "2024-06-02"}
    decided(world, "2024-06-01", "2024-06-02", roll="next")
    assert of_schedule(world) == {"2024-06-01": "2024-06-03"}
    assert of_schedule(world, "cancelled") == {"2024-06-02": "2024-06-02"}


def test_a_changed_decision_cancels_moves_makes_and_keeps_the_old_one(world: World) -> None:
    decided(world, "2024-06-01", "2024-09-02", "2024-12-02", roll="next")
    kept, gone = named(world, "2024-09-02"), named(world, "2024-12-02")
    outcome = decided(world, "2024-06-01", "2024-09-02", "2025-03-03", roll="previous")
    assert {one["stated_date"]: one["what"] for one in outcome.summary["moments"]} == {
        "2024-06-01": "moved",
        "2024-09-02": "kept",
        "2024-12-02": "cancelled",
        "2025-03-03": "made",
    }
    assert of_schedule(world) == {"2024-06-01": "2024-05-31", "2024-09-02": "2024-09-02", "2025-03-03": "2025-03-03"}
    assert named(world, "2024-09-02") == {**kept, "schedule_number": 2}
    assert named(world, "2024-12-02") == {**gone, "status": "cancelled"}
    assert world.deadlines()[gone["evaluation_id"]] == "void"
    moved = named(world, "2024-06-01")
    assert world.waiting()[moved["evaluation_id"]] == morning(date(2024, 5, 31))
    assert [row["number"] for row in world.rows(schedules.OF_PLAN, plan_id=PLAN)] == [1, 2]


def test_a_cancelled_moment_that_is_decided_again_keeps_its_number(world: World) -> None:
    decided(world, "2024-06-03", "2024-09-02")
    first = named(world, "2024-09-02")
    decided(world, "2024-06-03")
    decided(world, "2024-06-03", "2024-09-02")
    assert named(world, "2024-09-02") == {**first, "schedule_number": 3}
    assert world.deadlines()[first["evaluation_id"]] == "pending"
    assert world.deadline(first["evaluation_id"])["done_at"] is None


def test_what_was_fixed_one_by_one_stays_and_a_moment_on_its_day_is_no_other(world: World) -> None:
    """The seeded plan has E-101 on 8 April 2024."""
    decided(world, "2024-04-06", "2024-06-03", roll="next")
    assert of_schedule(world) == {"2024-06-03": "2024-06-03"}
    assert world.evaluation("E-101")["moved"] == '{"also":["2024-04-06"]}'
    decided(world, "2024-06-03")
    assert world.evaluation("E-101")["moved"] is None
    decided(world, "2024-04-08", "2024-06-03")
    assert world.evaluation("E-101")["schedule_number"] == 3


def test_the_same_decision_again_changes_nothing(world: World) -> None:
    decided(world, "2024-06-03")
    before = world.dump()
    assert decided(world, "2024-06-03").events == ()
    assert world.dump() == before


# --- Who


@pytest.mark.parametrize(("by", "code"), [("anna", "not-in-project-group"), ("karel", "not-in-project-group")])
def test_only_the_project_group_decides(world: World, by: str, code: str) -> None:
    before = world.dump()
    assert codes(decide(world, "2024-06-03", by=by)) == [code]
    assert nothing_but_the_refusal(before, world.dump())
    assert world.last_event()["kind"] == "schedule.refused"


def test_an_administrator_does_not_fix_the_moments_of_a_plan_with_a_group(world: World) -> None:
    assert codes(world.by_administrator(SetSchedule(PLAN, wish("2024-06-03"), MOTIVE))) == ["moments-by-group"]


def test_a_member_decides_and_a_motive_is_needed(world: World) -> None:
    decided(world, "2024-06-03", by="marc")
    assert codes(world.by("sofie", SetSchedule(PLAN, wish("2024-07-01"), " "))) == ["no-motive"]


# --- What took place, and what an extension moved


def test_what_took_place_or_is_open_is_never_dated_again(world: World) -> None:
    decided(world, "2024-03-02", "2024-06-01", roll="next")
    world.take("start")
    world.sweep_on(date(2024, 3, 4))
    opened = named(world, "2024-03-02")
    assert opened["status"] == "open"
    decided(world, "2024-03-02", "2024-06-01", roll="previous", start=date(2024, 1, 8))
    assert named(world, "2024-03-02") == opened
    assert of_schedule(world) == {"2024-06-01": "2024-05-31"}


def test_an_extended_moment_keeps_its_extended_date(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03", time=time(14))
    identity = named(world, "2024-03-04")["evaluation_id"]
    world.by("sofie", RequestExtension(identity, date(2024, 3, 18), MOTIVE))
    assert world.by("karel", ApproveExtension(identity, MOTIVE)).refusal == ()
    extended = world.evaluation(identity)
    assert (extended["due_date"], extended["due_at"]) == ("2024-03-18", "2024-03-18T13:00:00.000000Z")
    decided(world, "2024-03-04", "2024-07-01")
    assert world.evaluation(identity) == extended
    assert of_schedule(world) == {"2024-03-04": "2024-03-18", "2024-07-01": "2024-07-01"}


def test_after_plan_a_decision_adds_and_brings_forward_and_neither_drops_nor_delays(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03")
    world.take("start")
    before = world.dump()
    later = decide(world, "2024-03-11", "2024-06-03")
    assert codes(later) == ["moment-held"]
    assert later.refusal[0].params["date"] == "2024-03-04"
    assert nothing_but_the_refusal(before, world.dump())
    dropped = decide(world, "2024-03-04")
    assert [(need.code, need.params["date"]) for need in dropped.refusal] == [("moment-held", "2024-06-03")]
    decided(world, "2024-02-26", "2024-03-01", "2024-06-03")
    assert of_schedule(world) == {d: d for d in ("2024-02-26", "2024-03-01", "2024-06-03")}


# --- What cannot be decided


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (wish("2024-01-05"), "date-passed"),
        (wish(rules=("FREQ=YEARLY;COUNT=1",), start=date(2023, 1, 9)), "nothing-ahead"),
        (wish(rules=("FREQ=HOURLY",)), "rule-within-a-day"),
        (wish("2024-06-03", until=date(2024, 3, 1)), "date-outside"),
        (wish("2099-06-03", until=None, start=date(2099, 1, 1)), "plan-period-over"),
        (wish("2024-06-03", zone="Europe/Brusel"), "unknown-zone"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_not_decided(world: World, chosen: Wish, code: str) -> None:
    before = world.dump()
    with pytest.raises(Usage) as failure:
        world.by("sofie", SetSchedule(PLAN, chosen, MOTIVE))
    assert failure.value.code == code
    assert world.dump() == before


def test_without_dates_and_rules_it_is_the_rhythm_of_the_level(world: World) -> None:
    decided(world, start=date(2024, 3, 1))
    assert [row["kind"] for row in world.rows(evaluations.OF_PLAN, plan_id=PLAN) if row["schedule_number"]] == [
        "yearly"
    ] * 4
    assert list(of_schedule(world)) == ["2024-03-01", "2025-03-01", "2026-03-01", "2027-03-01"]


def test_a_moment_of_a_suspended_plan_waits(world: World) -> None:
    world.take("start", "suspend")
    decided(world, "2024-03-04")
    assert world.deadlines()[named(world, "2024-03-04")["evaluation_id"]] == "held"


# --- Requests to move a moment that nobody approved yet


def waiting_for_more(world: World, *dates: str) -> Callable[[], list[Row]]:
    """Two moments by a decision, the last of which somebody asks to move to 30 September."""
    decided(world, *dates)
    evaluation = named(world, dates[-1])["evaluation_id"]
    world.by("marc", RequestExtension(evaluation, date(2024, 9, 30), MOTIVE))

    def asked() -> list[Row]:
        return [row for row in world.rows(evaluations.EXTENSIONS, evaluation_id=evaluation) if row["withdrawn_at"]]

    return asked


@pytest.mark.parametrize("other", ["2024-08-26", "2024-03-05"])
def test_a_decision_that_moves_or_cancels_a_moment_takes_back_the_request_to_move_it(world: World, other: str) -> None:
    asked = waiting_for_more(world, "2024-03-04", "2024-09-02")
    outcome = decided(world, "2024-03-04", other)
    assert "2024-09-30" in [one["withdrawn"] for one in outcome.summary["moments"]]
    [row] = asked()
    assert (row["withdrawn_by"], row["withdrawn_reason"]) == (world.person_id("sofie"), MOTIVE)
    event = world.last_event()
    assert "extension" in {change["table"] for change in event["changes"]}
    assert world.told(event["seq"])["karel"] == "chief"
    assert not [
        one for one in agenda(world.reading, world.clock.now(), None, None) if one["what"] == "approve_extension"
    ]
    with untouched(world, Refused, "no-extension-asked"):
        world.by("karel", ApproveExtension(row["evaluation_id"], MOTIVE))


def test_a_decision_that_keeps_a_moment_keeps_the_request_to_move_it(world: World) -> None:
    asked = waiting_for_more(world, "2024-03-04", "2024-09-02")
    decided(world, "2024-05-06", "2024-09-02")
    assert asked() == []


def test_a_closing_day_takes_a_request_back_only_when_it_asks_for_no_later_day_any_more(world: World) -> None:
    asked = waiting_for_more(world, "2024-09-02")
    world.by_administrator(Close((date(2024, 9, 2),), {}))
    assert named(world, "2024-09-02")["due_date"] == "2024-09-03"
    assert asked() == []
    world.by_administrator(Close(tuple(date(2024, 9, 3) + timedelta(days=n) for n in range(28)), {}))
    assert named(world, "2024-09-02")["due_date"] > "2024-09-30"
    assert [(row["to_date"], row["withdrawn_reason"]) for row in asked()] == [("2024-09-30", None)]


# --- What else follows


def test_a_decision_voids_what_was_approved_and_tells_people(world: World) -> None:
    world.approve("start")
    before = len(world.events())
    decided(world, "2024-06-03")
    assert [event["kind"] for event in world.events()[before:]] == ["schedule.set"]
    [approval] = [row for row in world.dump()["approval"] if row["voided_at"]]
    assert approval["voided_because"] == "schedule.set"
    assert world.told(world.plan()["version"]).items() >= {"marc": "group", "anna": "stakeholders"}.items()


def test_a_deputy_in_somebodys_stead_decides_on_behalf(world: World) -> None:
    assert codes(decide(world, "2024-06-03", by="lea")) == ["not-in-project-group"]
    substitute = Substitute("sofie", "lea", date(2024, 1, 8), date(2024, 1, 31), "Verlof.")
    world.by_administrator(substitute)
    decided(world, "2024-06-03", by="lea")
    assert world.last_event()["on_behalf_of"] == world.person_id("sofie")
