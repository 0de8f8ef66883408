"""The day by which a programme is to be evaluated is kept as those of plans are: told up the ladder, until recorded."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, Final

import pytest

from pdca.clock import FixedClock
from pdca.errors import PdcaError
from pdca.evaluations.set_aside import SetAside
from pdca.house import installation
from pdca.programme.day import SetEvaluationDay
from pdca.programme.enforce import EnforceProgrammeDeadline
from pdca.programme.evaluation import AddEvaluation, RecordProgrammeEvaluation
from pdca.programme.moments import ladder
from pdca.programme.theme import SetTheme
from pdca.report.agenda import agenda
from pdca.report.programme import programmes
from pdca.report.programme_evaluations import evaluations as listed
from pdca.report.status import status
from pdca.store.driver import Row, Statement
from pdca.store.reads import evaluations, programme_evaluations
from pdca.store.rows import insert, write
from pdca.store.unit_of_work import unit_of_work
from scheduler import deliver
from scheduler.channels.file import FileChannel
from scheduler.retry import take_up
from scheduler.sweep import SweepCounts, run_once
from tests import seed
from tests.contract.world import MOTIVE, World, codes, morning
from workflows import definition as definitions
from workflows.instants import to_text
from workflows.method import LadderStep

YEARLY: Final = "zvp-test/yearly-2024"
BY: Final = date(2025, 2, 28)
PREPARED: Final = AddEvaluation("zvp-test", "yearly", "2024", "2025-02")
STREAM: Final = "installation"
_DEADLINES: Final = Statement(
    "every_deadline_of_programmes", "SELECT * FROM deadline WHERE programme_id IS NOT NULL ORDER BY deadline_id"
)


@pytest.fixture
def prepared(world: World) -> World:
    """A programme whose yearly evaluation is to be held by the end of February; its plan rests."""
    world.take("suspend")
    world.by_administrator(PREPARED)
    return world


def deadline(world: World) -> Row:
    return world.rows(_DEADLINES)[-1]


def last_event(world: World) -> dict[str, Any]:
    rows = [row for row in world.dump()["event"] if row["stream"] == STREAM]
    body: dict[str, Any] = json.loads(rows[-1]["body"])
    return body


def record(world: World) -> None:
    text = {"nl": "Rustig jaar."}
    world.by("karel", SetTheme(YEARLY, "SD1", decision="continue", texts={"finding": text}))
    world.by("karel", RecordProgrammeEvaluation(YEARLY, "2025-02-20", "council"))


def test_whoever_heads_the_body_is_told_on_the_day_and_the_authority_two_weeks_later(prepared: World) -> None:
    assert prepared.sweep_on(morning(BY) - timedelta(microseconds=1)).enforced == 0
    assert prepared.sweep_on(BY) == SweepCounts(enforced=1)
    first = last_event(prepared)
    name = deadline(prepared)["deadline_id"]
    assert (first["kind"], first["evaluation"], first["key"]) == ("programme.evaluation_due", YEARLY, f"{name}#0")
    assert (first["at"], first["due_at"]) == (to_text(morning(BY)), to_text(morning(BY)))
    assert prepared.told(first["seq"], STREAM) == {"karel": "chief"}
    assert prepared.sweep() == SweepCounts()
    assert prepared.sweep_on(BY + timedelta(days=14)).enforced == 1
    second = last_event(prepared)
    assert (second["kind"], second["key"]) == ("programme.evaluation_overdue", f"{name}#1")
    assert prepared.told(second["seq"], STREAM) == {"lea": "authority"}
    assert (deadline(prepared)["status"], deadline(prepared)["step"]) == ("overdue", 2)
    assert prepared.sweep_on(BY + timedelta(days=90)) == SweepCounts()


def test_who_was_not_told_yet_that_it_is_due_or_overdue_is_not_told_once_it_is_recorded(
    prepared: World, tmp_path: Path
) -> None:
    prepared.sweep_on(BY)
    prepared.sweep_on(BY + timedelta(days=14))
    record(prepared)
    deliver.run_once(prepared.house, FileChannel(tmp_path / "out"))
    became = {row["kind"]: row["status"] for row in prepared.dump()["notification"] if row["stream"] == STREAM}
    assert became["programme.evaluation_overdue"] == "lapsed"
    assert became["programme.evaluation_due"] == "lapsed"


def test_recording_it_ends_the_deadline_before_or_after_it_fell_due(prepared: World) -> None:
    prepared.go_to(date(2025, 2, 20))
    record(prepared)
    assert deadline(prepared)["status"] == "void"
    assert prepared.sweep_on(BY) == SweepCounts()


def test_an_earlier_day_is_set_with_a_motive_before_the_old_one_has_passed(prepared: World) -> None:
    before = deadline(prepared)
    outcome = prepared.by("karel", SetEvaluationDay(YEARLY, "2025-01", "De raad komt al in januari samen."))
    assert outcome.summary == {"evaluation": YEARLY, "due": "2025-01", "before": "2025-02"}
    event = last_event(prepared)
    assert (event["kind"], event["evaluation"]) == ("programme.evaluation_moved", YEARLY)
    assert event["reason"] is not None
    statuses = {row["deadline_id"]: row["status"] for row in prepared.rows(_DEADLINES)}
    assert statuses.pop(before["deadline_id"]) == "void"
    assert [*statuses.values()] == ["pending"]
    assert prepared.sweep_on(date(2025, 1, 31)).enforced == 1
    late = prepared.by("karel", SetEvaluationDay(YEARLY, "2025-02", MOTIVE))
    assert codes(late) == ["programme-evaluation-overdue", "programme-evaluation-put-off"]
    [row] = prepared.rows(programme_evaluations.EVALUATION, evaluation_id=YEARLY)
    assert row["due_on"] == "2025-01"


@pytest.mark.parametrize(
    ("by", "due", "reason", "code"),
    [
        ("karel", "2024-01-02", MOTIVE, "programme-evaluation-day-passed"),
        ("karel", "morgen", MOTIVE, "date-unreadable"),
        ("sofie", "2025-04", MOTIVE, "not-in-charge"),
    ],
)
def test_a_day_that_has_passed_or_is_none_and_somebody_not_in_charge_are_refused(
    prepared: World, by: str, due: str, reason: str, code: str
) -> None:
    before = deadline(prepared)
    with pytest.raises(PdcaError) as refused:
        prepared.by(by, SetEvaluationDay(YEARLY, due, reason))
    assert refused.value.code == code
    assert deadline(prepared) == before


def test_another_day_needs_a_motive_and_an_evaluation_that_is_not_recorded(prepared: World) -> None:
    assert codes(prepared.by("karel", SetEvaluationDay(YEARLY, "2025-01", " "))) == ["no-motive"]
    events = len(prepared.dump()["event"])
    assert prepared.by("karel", SetEvaluationDay(YEARLY, "2025-02", MOTIVE)).events == ()
    assert len(prepared.dump()["event"]) == events
    record_on = morning(date(2025, 2, 21))
    prepared.go_to(record_on)
    record(prepared)
    assert codes(prepared.by("karel", SetEvaluationDay(YEARLY, "2025-04", MOTIVE))) == ["programme-evaluation-recorded"]


def test_recording_it_late_ends_the_ladder(prepared: World) -> None:
    prepared.sweep_on(BY)
    record(prepared)
    assert deadline(prepared)["status"] == "void"
    assert prepared.sweep_on(BY + timedelta(days=14)) == SweepCounts()
    [one] = [view for view in listed(prepared.reading) if view["evaluation_id"] == YEARLY]
    assert (one["status"], one["overdue_since"]) == ("recorded", None)


def test_after_months_of_downtime_it_is_told_once_with_both_instants_and_the_authority_has_its_two_weeks(
    prepared: World,
) -> None:
    back = morning(date(2025, 6, 2)) + timedelta(hours=3)
    assert prepared.sweep_on(back) == SweepCounts(enforced=1, late=1)
    event = last_event(prepared)
    assert (event["at"], event["due_at"]) == (to_text(back), to_text(morning(BY)))
    assert prepared.sweep_on(back + timedelta(days=14) - timedelta(microseconds=1)) == SweepCounts()
    assert prepared.sweep_on(back + timedelta(days=14)).enforced == 1


def test_two_sweeps_at_once_enforce_it_exactly_once(prepared: World) -> None:
    prepared.by_administrator(AddEvaluation("zvp-test", "final", due_on="2025-02"))
    prepared.go_to(BY)
    house = replace(prepared.house, clock=FixedClock(morning(BY)))
    barrier = Barrier(2)

    def sweep() -> SweepCounts:
        barrier.wait()
        return run_once(house)

    with ThreadPoolExecutor(2) as pool:
        counts = [task.result() for task in [pool.submit(sweep) for _ in range(2)]]
    # One that found the other at work leaves what is due to the next sweep.
    enforced = sum(count.enforced for count in counts) + prepared.sweep().enforced
    found = prepared.keys()
    keys = [key for key in found if key.startswith("zvp-test/")]
    assert enforced == len(keys) == len(set(keys)) == 2


def test_it_shows_wherever_somebody_looks_for_what_is_due(prepared: World) -> None:
    now = prepared.clock.now()
    [row] = [one for one in agenda(prepared.reading, now, None, None) if one["what"] == "programme_evaluation"]
    assert (row["subject"], row["plan"], row["late"], row["by"]) == (YEARLY, None, False, to_text(morning(BY)))
    assert row["command"] == f"pdca programme evaluation show {YEARLY}"
    body = installation(prepared.reading)
    assert not [one for one in status(prepared.reading, body, now)["overdue"] if one["subject"] == YEARLY]
    prepared.sweep_on(BY)
    now = prepared.clock.now()
    [late] = [one for one in status(prepared.reading, body, now)["overdue"] if one["subject"] == YEARLY]
    assert (late["late"], late["lead"]) == (True, None)
    [one] = [view for view in listed(prepared.reading) if view["evaluation_id"] == YEARLY]
    assert one["overdue_since"] == to_text(morning(BY))
    [shown] = programmes(prepared.reading)[0]["evaluations"]
    assert shown["overdue_since"] == to_text(morning(BY))
    assert not [one for one in agenda(prepared.reading, now, None, "P-001") if one["what"] == "programme_evaluation"]


def test_it_shows_beside_what_plans_have_to_come(world: World) -> None:
    world.by_administrator(PREPARED)
    now = world.clock.now()
    shown = [one["what"] for one in status(world.reading, installation(world.reading), now)["next"]]
    assert {"start", "programme_evaluation"} <= {*shown}
    assert {"start", "programme_evaluation"} <= {one["what"] for one in agenda(world.reading, now, None, None)}


@pytest.mark.parametrize(("handle", "shown"), [("karel", True), ("lea", True), ("sofie", False), ("anna", False)])
def test_it_is_next_for_who_is_in_charge_only(prepared: World, handle: str, shown: bool) -> None:
    actor = replace(prepared.house, as_person=handle).actor(prepared.reading)
    rows = agenda(prepared.reading, prepared.clock.now(), actor, None)
    assert bool([one for one in rows if one["what"] == "programme_evaluation"]) is shown


def test_a_day_that_is_past_already_is_enforced_at_once_and_is_not_late(world: World) -> None:
    world.by_administrator(AddEvaluation("zvp-test", "mid_term", due_on="2023-12"))
    assert deadline(world)["since"] == to_text(morning(date(2023, 12, 31)))
    assert world.sweep() == SweepCounts(enforced=1)


def test_what_is_held_by_no_day_has_no_deadline(world: World) -> None:
    world.by_administrator(AddEvaluation("zvp-test", "final"))
    assert world.rows(_DEADLINES) == []


def test_what_cannot_be_enforced_is_set_aside_told_to_the_administrators_and_taken_up_again(prepared: World) -> None:
    name = deadline(prepared)["deadline_id"]
    prepared.go_to(BY)
    seed.by_scheduler(prepared.house, SetAside(name, None, "KeyError: 'nowhere'"))
    event = last_event(prepared)
    assert event["kind"] == "deadline.set_aside"
    assert list(prepared.told(event["seq"], STREAM).values()) == ["administrator"]
    assert prepared.sweep() == SweepCounts()
    [aside] = prepared.rows(evaluations.SET_ASIDE)
    assert (aside["deadline_id"], aside["plan_id"], aside["zone"]) == (name, None, seed.ZONE)
    [view] = status(prepared.reading, installation(prepared.reading), prepared.clock.now())["set_aside"]
    assert (view["programme"], view["evaluation"]) == ("zvp-test", YEARLY)
    assert take_up(prepared.house, (), "Mended") == [name]
    assert last_event(prepared)["kind"] == "deadline.taken_up"
    assert prepared.sweep() == SweepCounts(enforced=1)


def test_enforcing_what_is_not_due_or_is_done_does_nothing(prepared: World) -> None:
    name = deadline(prepared)["deadline_id"]
    command = EnforceProgrammeDeadline(name, "zvp-test")
    before = prepared.dump()
    assert seed.by_scheduler(prepared.house, command).events == ()
    assert prepared.dump() == before
    prepared.sweep_on(BY)
    before = prepared.dump()
    assert seed.by_scheduler(prepared.house, command).events == ()
    assert prepared.dump() == before


def test_a_deadline_is_of_a_plan_or_of_a_programme_and_never_of_both_or_of_none(world: World) -> None:
    due = to_text(datetime.fromisoformat("2025-01-01T00:00:00Z"))
    rest = {"kind": "programme_evaluation", "since": due, "due_at": due, "step": 0, "status": "pending"}
    for owner in ({}, {"plan_id": "P-001", "programme_id": "zvp-test"}):
        with (
            world.house.database.connect(writing=True) as connection,
            pytest.raises(PdcaError) as failure,
            unit_of_work(connection, world.clock) as uow,
        ):
            write(uow.connection, insert("deadline", {"deadline_id": "x/1"}, **rest, **owner))
        assert failure.value.code == "integrity"


def test_the_ladder_of_a_programme_begins_with_who_heads_the_body_whatever_the_method() -> None:
    zvp = definitions.load("zvp")
    assert ladder(zvp) == (LadderStep(0, "chief"), LadderStep(14, "authority"))
    for rungs, expected in (
        ((), (LadderStep(0, "chief"),)),
        ((LadderStep(3, "authority"),), (LadderStep(0, "chief"), LadderStep(3, "authority"))),
        ((LadderStep(0, "lead"),), (LadderStep(0, "chief"),)),
    ):
        assert ladder(replace(zvp, ladder=rungs)) == expected
