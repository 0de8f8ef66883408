"""What the scheduler does by itself: every deadline in time, rung by rung, late when it was down, and exactly once."""

import json
import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Final

import pytest

from pdca.clock import FixedClock
from pdca.errors import PdcaError
from pdca.store.driver import Row, Statement
from pdca.store.eventlog import INSERT_EVENT
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from scheduler.sweep import SweepCounts, next_due, run_once
from tests.contract.world import MOMENTS, PLAN, RUNGS, World, crowd, morning
from workflows.instants import from_text, to_text

MICROSECOND: Final = timedelta(microseconds=1)
_NOTICES: Final = Statement(
    "notices_of", "SELECT parameters FROM notification WHERE stream = :plan_id AND seq = :seq ORDER BY notification_id"
)
ALL_EVALUATIONS: Final = Statement("all_evaluations", "SELECT * FROM evaluation ORDER BY evaluation_id")


def parameters(world: World, seq: int) -> Row:
    """What the first message of an event says."""
    return dict(from_json(world.rows(_NOTICES, plan_id=PLAN, seq=seq)[0]["parameters"]))


@pytest.mark.parametrize(
    ("way", "what", "kind", "deadline", "since"),
    [
        ((), "start", "plan.overdue", "P-001/start/1", date(2024, 2, 7)),
        (("start", "evaluate"), "record", "evaluation.overdue", "P-001/record/3", date(2024, 1, 22)),
        (("start", "evaluate", "record"), "decide", "plan.overdue", "P-001/decide/4", date(2024, 2, 7)),
        (("start", "evaluate", "record", "conclude"), "decide", "plan.overdue", "P-001/decide/5", date(2024, 2, 7)),
    ],
)
def test_a_phase_that_lasts_too_long_climbs_the_ladder_rung_by_rung(
    world: World, way: tuple[str, ...], what: str, kind: str, deadline: str, since: date
) -> None:
    world.take(*way)
    evaluation = "E-101" if what == "record" else None
    for number, (days, handle, role) in enumerate(RUNGS):
        due = morning(since) + timedelta(days=days)
        before = len(world.events())
        assert world.sweep_on(due - MICROSECOND) == SweepCounts()
        assert world.sweep_on(due) == SweepCounts(enforced=1)
        event = world.last_event()
        assert len(world.events()) == before + 1
        assert (event["kind"], event["key"], event["actor"]) == (kind, f"{deadline}#{number}", "scheduler")
        assert (event["at"], event["due_at"], event["evaluation"]) == (to_text(due), to_text(due), evaluation)
        assert world.told(event["seq"]) == {handle: role}
        told = parameters(world, event["seq"])
        assert (told["what"], told["step"], told["since"]) == (what, number + 1, to_text(morning(since)))
        assert world.deadline(deadline)["step"] == number + 1
        assert from_text(world.deadline(deadline)["since"]) == morning(since)


def test_whom_the_whole_ladder_was_told_of_stays_overdue_in_every_report_until_somebody_acts(world: World) -> None:
    world.climb(date(2024, 2, 7))
    row = world.deadline("P-001/start/1")
    assert (row["status"], row["step"], row["done_at"]) == ("overdue", 4, None)
    assert overdue_since(world) == to_text(morning(date(2024, 2, 7)))
    assert "P-001/start/1" in [live["deadline_id"] for live in world.rows(evaluations.LIVE)]
    world.go_to(date(2024, 4, 1))
    assert world.sweep() == SweepCounts()
    world.take("start")
    assert (world.deadline("P-001/start/1")["status"], overdue_since(world)) == ("void", None)


def overdue_since(world: World) -> str | None:
    """Since when the list of plans says that the plan is overdue."""
    since: str | None = next(row["overdue_since"] for row in world.rows(plans.PLANS) if row["plan_id"] == PLAN)
    return since


def test_the_evaluation_says_since_when_its_recording_is_overdue(world: World) -> None:
    world.take("start", "evaluate")
    world.sweep_on(date(2024, 1, 22))
    first = to_text(morning(date(2024, 1, 22)))
    assert world.evaluation("E-101")["overdue_at"] == first
    world.sweep_on(date(2024, 1, 29))
    assert world.evaluation("E-101")["overdue_at"] == first


@pytest.mark.parametrize(
    ("way", "step", "ended"),
    [
        ((), "start", "P-001/start/1"),
        (("start", "evaluate"), "record", "P-001/record/3"),
        (("start", "evaluate", "record"), "conclude", "P-001/decide/4"),
        (("start", "evaluate", "record", "conclude"), "replan", "P-001/decide/5"),
    ],
)
def test_the_ladder_ends_when_somebody_acts(world: World, way: tuple[str, ...], step: str, ended: str) -> None:
    world.take(*way)
    assert world.sweep_on(date(2024, 2, 8)).enforced
    world.take(step)
    assert world.deadline(ended)["status"] == "void"
    events = len(world.events())
    world.sweep_on(date(2024, 2, 20))
    later = [event for event in world.events()[events:] if (event["key"] or "").startswith(ended)]
    assert later == []


def test_a_due_evaluation_opens_and_everybody_it_concerns_is_told(world: World) -> None:
    world.take("start")
    assert world.sweep_on(morning(MOMENTS[0]) - MICROSECOND) == SweepCounts()
    assert world.sweep_on(MOMENTS[0]) == SweepCounts(enforced=1)
    now = to_text(morning(MOMENTS[0]))
    event = world.last_event()
    assert (event["kind"], event["trigger"], event["from"], event["to"]) == ("plan.advanced", "evaluate", "do", "check")
    assert (event["actor"], event["key"], event["evaluation"]) == ("scheduler", "E-101#0", "E-101")
    assert (event["at"], event["due_at"], event["reason"]) == (now, now, None)
    moment = world.evaluation("E-101")
    assert (moment["status"], moment["opened_at"], moment["cycle"]) == ("open", now, 1)
    assert world.told(event["seq"]) == {"sofie": "lead", "marc": "group", "anna": "stakeholders"}
    assert world.deadline("E-101")["status"] == "done"
    assert world.waiting()["record"] == morning(date(2024, 4, 22))


def test_an_evaluation_of_a_plan_that_has_not_started_is_missed_and_escalated_until_it_starts(world: World) -> None:
    world.climb(date(2024, 2, 7))
    assert world.sweep_on(MOMENTS[0]) == SweepCounts(enforced=1)
    missed = world.last_event()
    assert (missed["kind"], missed["key"], missed["evaluation"]) == ("evaluation.missed", "E-101#0", "E-101")
    assert world.told(missed["seq"]) == {"sofie": "lead", "marc": "group"}
    assert parameters(world, missed["seq"])["because"] == "not_started"
    moment = world.evaluation("E-101")
    assert (moment["status"], moment["missed_because"], moment["opened_at"]) == ("missed", "not_started", None)
    assert world.deadline("E-101")["status"] == "done"
    assert world.plan()["state"] == "plan"
    deadline = f"P-001/missed/{missed['seq']}"
    for number, (days, handle, role) in list(enumerate(RUNGS))[1:3]:
        due = morning(MOMENTS[0]) + timedelta(days=days)
        assert world.sweep_on(due - MICROSECOND) == SweepCounts()
        assert world.sweep_on(due) == SweepCounts(enforced=1)
        event = world.last_event()
        assert (event["kind"], event["key"]) == ("evaluation.overdue", f"{deadline}#{number}")
        assert world.told(event["seq"]) == {handle: role}
        assert parameters(world, event["seq"])["what"] == "missed"
    world.take("start")
    assert world.deadline(deadline)["status"] == "void"
    assert world.sweep_on(date(2024, 6, 1)) == SweepCounts()


@pytest.mark.parametrize("way", [("start", "evaluate"), ("start", "evaluate", "record", "conclude")])
def test_an_evaluation_is_missed_when_the_previous_one_is_not_concluded(world: World, way: tuple[str, ...]) -> None:
    world.take(*way)
    world.sweep_on(MOMENTS[1] - timedelta(days=1))
    assert world.sweep_on(MOMENTS[1]) == SweepCounts(enforced=1)
    moment = world.evaluation("E-102")
    assert (moment["status"], moment["missed_because"]) == ("missed", "previous_not_concluded")
    missed = next(event for event in world.events() if event["key"] == "E-102#0")
    assert missed["kind"] == "evaluation.missed"
    assert world.deadline(f"P-001/missed/{missed['seq']}")["status"] == "pending"
    world.take("record" if way[-1] == "evaluate" else "replan")
    assert world.deadline(f"P-001/missed/{missed['seq']}")["status"] == "void"


def test_what_fell_due_while_nobody_swept_is_enforced_once_with_both_instants(world: World) -> None:
    world.take("start")
    back = morning(MOMENTS[0]) + timedelta(hours=9)
    assert world.sweep_on(back) == SweepCounts(enforced=1, late=1)
    event = world.last_event()
    assert (event["at"], event["due_at"]) == (to_text(back), to_text(morning(MOMENTS[0])))
    assert world.evaluation("E-101")["opened_at"] == to_text(back)
    assert world.waiting()["record"] == morning(date(2024, 4, 22))
    assert world.sweep() == SweepCounts()


@pytest.mark.parametrize(("after", "late"), [(timedelta(minutes=2), 0), (timedelta(minutes=2, microseconds=1), 1)])
def test_an_enforcement_counts_as_late_after_two_minutes(world: World, after: timedelta, late: int) -> None:
    world.take("start")
    assert world.sweep_on(morning(MOMENTS[0]) + after) == SweepCounts(enforced=1, late=late)


def test_after_a_month_of_downtime_the_ladder_begins_late_and_leaves_everybody_the_time_to_act(world: World) -> None:
    back = datetime(2024, 3, 8, 12, tzinfo=UTC)
    assert world.sweep_on(back) == SweepCounts(enforced=1, late=1)
    assert world.sweep() == SweepCounts()
    for days, _, _ in RUNGS[1:]:
        assert world.sweep_on(back + timedelta(days=days) - MICROSECOND) == SweepCounts()
        assert world.sweep_on(back + timedelta(days=days)) == SweepCounts(enforced=1)
    climbed = [event for event in world.events() if event["kind"] == "plan.overdue"]
    assert [world.told(event["seq"]) for event in climbed] == [{handle: role} for _, handle, role in RUNGS]
    assert [event["due_at"] for event in climbed] == [
        to_text(morning(date(2024, 2, 7))),
        *(to_text(back + timedelta(days=days)) for days, _, _ in RUNGS[1:]),
    ]
    assert {parameters(world, event["seq"])["since"] for event in climbed} == {to_text(morning(date(2024, 2, 7)))}


def test_after_a_year_of_downtime_what_fell_due_meanwhile_is_one_evaluation_with_the_one_that_opens_late(
    world: World,
) -> None:
    """Nobody could conclude what was not opened: the log has all three dates, and one ladder runs."""
    world.take("start")
    back = morning(MOMENTS[2]) - timedelta(days=1)
    counts = world.sweep_on(back)
    assert counts == SweepCounts(enforced=2, late=2)
    opened, together = world.events()[-2:]
    assert (opened["key"], opened["at"], opened["due_at"]) == ("E-101#0", to_text(back), to_text(morning(MOMENTS[0])))
    assert world.evaluation("E-101")["status"] == "open"
    assert (together["kind"], together["key"]) == ("evaluation.missed", "E-102#0")
    assert (together["at"], together["due_at"]) == (to_text(back), to_text(morning(MOMENTS[1])))
    moment = world.evaluation("E-102")
    assert (moment["status"], moment["missed_because"]) == ("missed", "one_with_previous")
    assert world.told(together["seq"]) == {"sofie": "lead", "marc": "group"}
    assert [kind for kind in world.waiting() if not kind.startswith("E-")] == ["record"]
    # The next date was still to come: from here on it is the group that has to keep it.
    assert world.sweep_on(MOMENTS[2]).enforced == 1
    assert world.evaluation("E-103")["missed_because"] == "previous_not_concluded"


def test_what_fell_due_after_the_late_one_was_opened_is_missed_by_the_group(world: World) -> None:
    world.take("start")
    world.sweep_on(morning(MOMENTS[1]) - MICROSECOND)
    assert world.sweep_on(MOMENTS[1]).enforced
    assert world.evaluation("E-102")["missed_because"] == "previous_not_concluded"


def test_what_a_plan_that_was_never_started_should_have_evaluated_is_missed_however_late_it_is_seen(
    world: World,
) -> None:
    world.sweep_on(morning(MOMENTS[1]) + timedelta(days=30))
    reasons = {world.evaluation(name)["missed_because"] for name in ("E-101", "E-102")}
    assert reasons == {"not_started"}


def test_nothing_due_is_nothing_done(world: World) -> None:
    before = world.dump()
    assert world.sweep() == SweepCounts()
    assert world.dump() == before


def test_the_next_instant_at_which_something_falls_due_is_known(world: World) -> None:
    assert next_due(world.reading) == morning(date(2024, 2, 7))
    world.take("start")
    assert next_due(world.reading) == morning(MOMENTS[0])
    world.take("evaluate", "record", "conclude", "close")
    assert next_due(world.reading) is None


def test_a_sweep_that_is_told_to_stop_leaves_the_rest_due(world: World) -> None:
    crowd(world, 4)
    world.go_to(MOMENTS[0])
    answers = iter([False, False, True])
    assert run_once(world.house, stopping=lambda: next(answers)).enforced == 2
    assert world.sweep().enforced + 2 == EXPECTED_OF_EACH * 5


EXPECTED_OF_EACH: Final = 2
"""Of a plan that nobody started, on its evaluation date: the first rung of its start, and an evaluation missed."""


def test_one_key_stands_in_the_log_once_whoever_writes_it(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    row = next(row for row in world.dump()["event"] if row["event_key"] == "P-001/start/1#0")
    forged = {**row, "event_id": 9_999, "seq": 9_999}
    with world.house.database.connect(writing=True) as connection, pytest.raises(PdcaError) as failure:
        connection.run(INSERT_EVENT, **forged)
    assert failure.value.code in ("integrity", "changed-meanwhile")
    assert world.keys() == ["P-001/start/1#0"]


# --- Several sweeps at once


def test_two_sweeps_in_two_threads_enforce_each_deadline_exactly_once(world: World) -> None:
    names = crowd(world, 9)
    house = replace(world.house, clock=FixedClock(morning(MOMENTS[0])))
    barrier = Barrier(2)

    def sweep() -> SweepCounts:
        barrier.wait()
        return run_once(house)

    world.go_to(MOMENTS[0])
    with ThreadPoolExecutor(2) as pool:
        counts = [task.result() for task in [pool.submit(sweep) for _ in range(2)]]
    everything_was_enforced_once(world, names, [count.enforced for count in counts])


def test_two_sweeps_in_two_processes_enforce_each_deadline_exactly_once(world: World) -> None:
    names = crowd(world, 9)
    world.go_to(MOMENTS[0])
    when = to_text(morning(MOMENTS[0]))
    command = [sys.executable, "-m", "pdca", "scheduler", "sweep", "--json", "--database", world.house.database.url]
    environment = {**os.environ, "PDCA_NOW": when}
    processes = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    everything_was_enforced_once(world, names, [json.loads(one)["enforced"] for one in said])


def everything_was_enforced_once(world: World, names: list[str], enforced: list[int]) -> None:
    # What a worker passed over because the other had the plan is done by the next sweep.
    total = sum(enforced) + world.sweep().enforced
    assert total == EXPECTED_OF_EACH * (len(names) + 1)
    keys = Counter(world.keys())
    assert len(keys) == total
    assert set(keys.values()) == {1}
    first = [row["status"] for row in world.rows(ALL_EVALUATIONS) if row["due_at"] == to_text(morning(MOMENTS[0]))]
    assert first == ["missed"] * (len(names) + 1)


def test_on_postgresql_a_worker_passes_over_a_plan_that_another_has_and_does_the_rest(postgres_world: World) -> None:
    world = postgres_world
    crowd(world, 1)
    world.go_to(date(2024, 2, 7))
    with world.house.database.connect(writing=True) as other:
        other.begin()
        assert other.one(plans.LOCK_PLAN, plan_id=PLAN)
        assert world.sweep() == SweepCounts(enforced=1, left_to_others=1)
        other.rollback()
    assert world.sweep() == SweepCounts(enforced=1)


def test_on_postgresql_who_keeps_a_row_that_one_plan_needs_keeps_no_other_plan_from_being_enforced(
    postgres_world: World,
) -> None:
    """They share a transaction, which is undone when it has waited too long; then each is by itself.

    Whoever has the row does nothing with it, so that the server ends that one meanwhile.
    """
    world = postgres_world
    crowd(world, 2)
    world.go_to(date(2024, 2, 7))
    with world.house.database.connect(writing=True) as other:
        other.begin()
        text = "SELECT deadline_id FROM deadline WHERE deadline_id = 'P-002/start/1'"
        assert other.one(Statement("somebody has it", text, lock="wait"))
        assert world.sweep() == SweepCounts(enforced=3)


@pytest.mark.parametrize("let_go", [1, 2, 3])
def test_on_postgresql_what_fell_due_first_for_a_plan_is_enforced_first_whoever_let_it_go_meanwhile(
    postgres_world: World, let_go: int
) -> None:
    """The other worker has the plan when the sweep comes to the first evaluation, and dies before the second."""
    world = postgres_world
    world.take("start")
    world.go_to(MOMENTS[1])
    looks = 0
    with world.house.database.connect(writing=True) as other:
        other.begin()
        assert other.one(plans.LOCK_PLAN, plan_id=PLAN)

        def dies_meanwhile() -> bool:
            nonlocal looks
            looks += 1
            if looks == let_go:
                other.rollback()
            return False

        run_once(world.house, dies_meanwhile)
        other.rollback()
    while world.sweep().enforced:
        pass
    statuses = [(row["status"], row["missed_because"]) for row in world.rows(ALL_EVALUATIONS)]
    assert statuses[:2] == [("open", None), ("missed", "one_with_previous")]
