"""Reminders before an evaluation: once for each lead time, only the last of those missed, never of what is done."""

from datetime import date, timedelta
from typing import Final

import pytest

from pdca.errors import Usage
from pdca.evaluations.decide_reminding import DecideReminding
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.exchange.importer import ImportDocument
from pdca.exchange.known import known_in
from pdca.people.substitution import Substitute
from pdca.plans.reminding import Terms
from pdca.store.driver import Statement
from pdca.store.jsontext import from_json
from pdca.store.reads import plans
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract import edits
from tests.contract.reminding import before, decide, sent
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, morning, untouched
from workflows.instants import from_text
from workflows.method import LadderStep

REMINDER: Final = "P-001/reminder/E-101"
DECISIONS: Final = Statement("every_reminding", "SELECT * FROM reminding ORDER BY plan_id, number")


def reminded(world: World) -> list[str]:
    """Who was reminded, message by message."""
    return [row["handle"] for row in sent(world)]


# --- When, and how often


def test_who_has_to_prepare_it_is_reminded_at_each_lead_time_and_once(world: World) -> None:
    world.take("start")
    decide(world, 30, 7, 1)
    for number, days in enumerate((30, 7, 1), start=1):
        assert world.sweep_on(before(days) - timedelta(microseconds=1)) == SweepCounts()
        assert world.sweep_on(before(days)) == SweepCounts(enforced=1)
        assert world.sweep() == SweepCounts()
        event = world.last_event()
        assert (event["kind"], event["evaluation"], event["actor"]) == ("evaluation.reminded", "E-101", "scheduler")
        assert world.told(event["seq"]) == {"sofie": "lead", "marc": "group"}
        assert len(sent(world)) == 2 * number
    assert world.deadlines()[REMINDER] == "done"
    assert world.sweep_on(MOMENTS[0]) == SweepCounts(enforced=1)
    assert len(sent(world)) == 6


def test_after_a_stop_only_the_last_reminder_that_was_missed_is_sent(world: World) -> None:
    world.take("start")
    decide(world, 30, 14, 7, 1)
    assert world.sweep_on(before(7) + timedelta(days=2)) == SweepCounts(enforced=1, late=1)
    assert reminded(world) == ["sofie", "marc"]
    event = world.last_event()
    assert (from_text(event["due_at"]), from_text(event["at"])) == (before(30), before(5))
    assert from_text(world.deadline(REMINDER)["due_at"]) == before(1)


def test_of_what_falls_due_already_nobody_is_reminded_and_the_log_says_so(world: World) -> None:
    world.take("start")
    decide(world, 30, 7)
    assert world.sweep_on(MOMENTS[0]) == SweepCounts(enforced=2, late=1)
    assert sent(world) == []
    assert [event["kind"] for event in world.events()[-2:]] == ["evaluation.reminder_lapsed", "plan.advanced"]
    assert world.deadlines()[REMINDER] == "void"


def test_reminders_that_lie_before_the_day_of_the_decision_are_not_sent(world: World) -> None:
    world.take("start")
    world.go_to(before(10))
    decide(world, 30, 7)
    assert world.sweep() == SweepCounts()
    assert from_text(world.deadline(REMINDER)["due_at"]) == before(7)


# --- Of what is done nobody is reminded


def test_an_evaluation_that_was_opened_early_is_not_reminded_of(world: World) -> None:
    world.take("start")
    decide(world, 30, 7)
    world.take("evaluate")
    assert world.deadlines()[REMINDER] == "void"
    world.sweep_on(before(7))
    assert "E-101" not in {row["evaluation_id"] for row in sent(world)}


def test_the_evaluations_of_a_plan_that_was_closed_are_not_reminded_of(world: World) -> None:
    decide(world, 30, 7)
    world.take("start", "evaluate", "record", "conclude", "close")
    assert {status for name, status in world.deadlines().items() if "/reminder/" in name} == {"void"}


def test_while_a_plan_is_suspended_nobody_is_reminded_and_afterwards_of_the_last_that_was_missed(world: World) -> None:
    world.take("start")
    decide(world, 30, 14, 7, 1)
    world.take("suspend")
    assert world.deadlines()[REMINDER] == "held"
    assert world.sweep_on(before(10)) == SweepCounts()
    world.take("resume")
    assert world.sweep() == SweepCounts(enforced=1)
    assert reminded(world) == ["sofie", "marc"]
    assert from_text(world.deadline(REMINDER)["due_at"]) == before(7)


def test_a_decision_while_a_plan_is_suspended_does_not_set_its_reminders_going(world: World) -> None:
    world.take("start", "suspend")
    decide(world, 30)
    assert world.deadlines()[REMINDER] == "held"


def test_what_moves_to_another_date_is_reminded_of_before_that_one_too(world: World) -> None:
    world.take("start")
    decide(world, 30, 7)
    world.sweep_on(before(7))
    assert world.deadlines()[REMINDER] == "done"
    later = date(2024, 6, 3)
    world.by("marc", RequestExtension("E-101", later, MOTIVE))
    world.by("sofie", ApproveExtension("E-101", MOTIVE))
    assert world.sweep_on(before(30, later)) == SweepCounts(enforced=1)
    assert world.sweep_on(before(7, later)) == SweepCounts(enforced=1)
    assert len(sent(world)) == 6


def test_what_a_file_brings_moves_or_takes_away_takes_its_reminder_along(world: World) -> None:
    world.by_administrator(ImportDocument(seed.document(known=known_in(world.reading))))
    plan_id = next(row["plan_id"] for row in world.rows(plans.PLANS) if row["slug"] == "AP-1")
    [name] = [name for name in world.deadlines(plan_id) if "/reminder/" in name]
    assert from_text(world.deadline(name, plan_id)["due_at"]) == before(30)
    later = date(2024, 6, 10)
    moved = edits.edit(world, "sofie", lambda plan: plan["evaluations"][0].update(date=later.isoformat()), plan_id)
    assert moved.refusal == ()
    assert from_text(world.deadline(name, plan_id)["due_at"]) == before(30, later)
    assert edits.edit(world, "sofie", lambda plan: plan.pop("evaluations"), plan_id).refusal == ()
    row = world.deadline(name, plan_id)
    assert (row["status"], row["evaluation_id"]) == ("void", None)


# --- What a reminder says


@pytest.mark.parametrize(
    ("way", "because"),
    [((), "not_started"), (("start",), None), (("start", "evaluate", "record"), "previous_not_concluded")],
)
def test_a_reminder_says_what_stands_in_the_way_of_the_evaluation(
    world: World, way: tuple[str, ...], because: str | None
) -> None:
    world.take(*way)
    decide(world, 30)
    number = 1 if "evaluate" in way else 0
    world.sweep_on(before(30, MOMENTS[number]))
    [one, *_] = [row for row in sent(world) if row["evaluation_id"] == f"E-10{number + 1}"]
    assert from_json(one["parameters"]).get("because") == because


def test_a_substitute_gets_the_reminder_and_the_news_of_what_is_overdue(world: World) -> None:
    decide(world, 30)
    world.go_to(before(31))
    world.by_administrator(
        Substitute("sofie", "anna", before(31).date(), before(0).date() + timedelta(days=60), "Verlof.")
    )
    world.sweep_on(before(30))
    assert "anna" in reminded(world)
    world.sweep_on(MOMENTS[0])
    assert "anna" in world.told(world.last_event()["seq"])


# --- Decisions


def test_a_decision_is_kept_beside_the_earlier_ones_and_says_who_decided_when_and_why(world: World) -> None:
    decide(world, 30)
    world.by("marc", DecideReminding(PLAN, "Te veel mails.", Terms((7,)), decided_on=date(2024, 1, 5)))
    rows = world.rows(DECISIONS)
    assert [(row["number"], row["decided_on"], row["lead_days"], row["reason"]) for row in rows] == [
        (1, "2024-01-08", "[30]", MOTIVE),
        (2, "2024-01-05", "[7]", "Te veel mails."),
    ]
    assert [row["decided_by"] for row in rows] == [world.person_id("sofie"), world.person_id("marc")]
    assert world.last_event()["kind"] == "plan.reminding_decided"


def test_who_is_not_in_the_group_decides_nothing_and_learns_all_that_is_missing(world: World) -> None:
    outcome = world.by("karel", DecideReminding(PLAN, " ", Terms((7,))))
    assert [need.code for need in outcome.refusal] == ["not-in-project-group", "no-motive"]
    assert world.rows(DECISIONS) == []
    assert world.last_event()["refused"] == ["not-in-project-group", "no-motive"]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (Terms((0,)), "lead-time"),
        (Terms((7, 7)), "lead-time-twice"),
        (Terms(grace_days={"lunch": 1}), "grace-unknown"),
        (Terms(grace_days={"record": 367}), "grace-days"),
        (Terms(ladder=()), "ladder-start"),
        (Terms(ladder=(LadderStep(3, "lead"),)), "ladder-start"),
        (Terms(ladder=(LadderStep(0, "lead"), LadderStep(0, "chief"))), "ladder-order"),
        (Terms(ladder=(LadderStep(0, "press"),)), "unknown-recipient"),
        (Terms(), "reminding-same"),
    ],
)
def test_what_cannot_be_decided_is_an_error_and_nothing_is_written(world: World, terms: Terms, code: str) -> None:
    with untouched(world, Usage, code):
        world.by("sofie", DecideReminding(PLAN, MOTIVE, terms))


def test_what_runs_gets_the_days_of_grace_that_hold_now(world: World) -> None:
    world.take("start", "evaluate")
    assert world.waiting()["record"] == morning(date(2024, 1, 22))
    decide(world, grace_days={"record": 21})
    assert world.waiting()["record"] == morning(date(2024, 1, 29))
    world.record("E-101")
    assert world.waiting()["decide"] == morning(date(2024, 2, 7))
    decide(world, grace_days={"decide": 3})
    assert world.waiting()["decide"] == morning(date(2024, 1, 11))
    world.by("sofie", DecideReminding(PLAN, MOTIVE, by_method=("grace_days",)))
    assert world.waiting()["decide"] == morning(date(2024, 2, 7))


def test_a_phase_that_begins_after_the_decision_has_the_days_of_grace_decided(world: World) -> None:
    decide(world, grace_days={"record": 3})
    world.take("start", "evaluate")
    assert world.waiting()["record"] == morning(date(2024, 1, 11))


def test_grace_that_is_shortened_into_the_past_makes_something_overdue_now_and_not_before(world: World) -> None:
    world.take("start", "evaluate")
    world.go_to(date(2024, 1, 18))
    decide(world, grace_days={"record": 1})
    assert world.sweep() == SweepCounts(enforced=1)
    assert world.last_event()["due_at"] == world.last_event()["at"]


def test_another_ladder_holds_for_what_is_overdue_already_and_each_is_told_once(world: World) -> None:
    """Told: the lead (0) and the group (7); by the ladder decided on, the authority is told 10 days after the start."""
    world.sweep_on(date(2024, 2, 7))
    world.sweep_on(date(2024, 2, 14))
    decide(world, ladder=(LadderStep(0, "lead"), LadderStep(10, "authority")))
    assert world.sweep_on(morning(date(2024, 2, 17)) - timedelta(microseconds=1)) == SweepCounts()
    assert world.sweep_on(date(2024, 2, 17)) == SweepCounts(enforced=1)
    assert world.told(world.last_event()["seq"]) == {"lea": "authority"}
    assert world.deadline("P-001/start/1")["status"] == "overdue"
    assert len(world.keys()) == len(set(world.keys())) == 3


def test_with_the_ladder_of_the_method_again_it_goes_on_where_it_stood(world: World) -> None:
    decide(world, ladder=(LadderStep(0, "chief"),))
    world.sweep_on(date(2024, 2, 7))
    assert world.told(world.last_event()["seq"]) == {"karel": "chief"}
    assert world.deadline("P-001/start/1")["status"] == "overdue"
    world.by("sofie", DecideReminding(PLAN, MOTIVE, by_method=("ladder",)))
    assert world.waiting()["start"] == morning(date(2024, 2, 14))
    world.sweep_on(date(2024, 2, 14))
    assert world.told(world.last_event()["seq"]) == {"marc": "group"}


def test_a_missed_evaluation_is_told_by_the_ladder_decided_on(world: World) -> None:
    decide(world, ladder=(LadderStep(0, "chief"), LadderStep(2, "authority")))
    world.sweep_on(MOMENTS[0])
    [missed] = [event for event in world.events() if event["kind"] == "evaluation.missed"]
    assert world.told(missed["seq"]) == {"karel": "chief", "marc": "group"}
