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
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight, NotFound, PdcaError, Unusable
from pdca.evaluations.enforce import EnforceDeadline, SetAside
from pdca.plans.advance import lock_plan
from pdca.report.upcoming import upcoming
from pdca.store.driver import Row, Statement
from pdca.store.eventlog import INSERT_EVENT
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from scheduler.retry import take_up
from scheduler.sweep import SweepCounts, next_due, run_once
from tests import seed
from tests.contract.world import MOMENTS, PLAN, RUNGS, World, morning
from workflows.instants import from_text, to_text

MICROSECOND: Final = timedelta(microseconds=1)
_NOTICES: Final = Statement(
    "notices_of", "SELECT parameters FROM notification WHERE stream = :plan_id AND seq = :seq ORDER BY notification_id"
)
_BY_KEY: Final = Statement("events_by_key", "SELECT event_key FROM event WHERE event_key IS NOT NULL ORDER BY event_id")
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


def crowd(world: World, number: int) -> list[str]:
    """Plant more plans with an evaluation on the same day as the first."""
    names = [f"P-{position:03d}" for position in range(2, number + 2)]
    for name in names:
        seed.plan(world.house, name, people=(), evaluations=MOMENTS[:1])
    return names


# --- Poison


@pytest.fixture
def poisoned(world: World) -> World:
    """A plan P-002 in a state that its method does not have, between two sound ones."""
    crowd(world, 2)
    world.by_administrator(Tampered("P-002", (update("plan", {"plan_id": "P-002"}, state="nowhere"),)))
    return world


class Tampered:
    """Write rows in the stream of a plan, as a fault of the program would."""

    def __init__(self, plan_id: str, changes: tuple[Change, ...]) -> None:
        self.plan_id, self.changes = plan_id, changes

    def perform(self, desk: Desk) -> Outcome:
        desk.record(Stream.of_plan(lock_plan(desk, self.plan_id)), Draft(kind="test.tampered", changes=self.changes))
        return desk.done()


def test_a_deadline_that_cannot_be_enforced_is_set_aside_with_its_error_and_the_others_are_done(
    poisoned: World,
) -> None:
    poisoned.go_to(MOMENTS[0])
    assert poisoned.sweep() == SweepCounts(enforced=5, late=3, set_aside=1)
    moment = next(row for row in poisoned.dump()["evaluation"] if row["plan_id"] == "P-002")
    row = poisoned.deadline(moment["evaluation_id"], "P-002")
    assert row["status"] == "set_aside"
    assert "KeyError: 'nowhere'" in row["error"]
    event = poisoned.last_event("P-002")
    assert (event["kind"], event["reason"], event["key"]) == ("deadline.set_aside", row["error"], None)
    assert poisoned.sweep() == SweepCounts()
    assert [one["deadline_id"] for one in poisoned.rows(evaluations.SET_ASIDE)] == [moment["evaluation_id"]]


def test_what_was_set_aside_is_enforced_once_its_cause_is_mended_and_it_is_taken_up(poisoned: World) -> None:
    poisoned.sweep_on(MOMENTS[0])
    [aside] = poisoned.rows(evaluations.SET_ASIDE)
    poisoned.by_administrator(Tampered("P-002", (update("plan", {"plan_id": "P-002"}, state="plan"),)))
    assert poisoned.sweep() == SweepCounts()
    before = poisoned.dump()
    assert take_up(poisoned.house, (), "Mended", dry_run=True) == [aside["deadline_id"]]
    assert poisoned.dump() == before
    with pytest.raises(NotFound, match="P-404"):
        take_up(poisoned.house, [aside["deadline_id"], "P-404/start/1"], "Mended")
    assert poisoned.dump() == before
    with pytest.raises(NoRight):
        take_up(replace(poisoned.house, as_person="sofie"), (), "Mended")
    assert poisoned.rows(evaluations.SET_ASIDE) == [aside]
    assert take_up(poisoned.house, (), "Mended") == [aside["deadline_id"]]
    event = poisoned.last_event("P-002")
    assert (event["kind"], event["actor"], event["reason"]) == ("deadline.taken_up", "U-001", "Mended")
    assert poisoned.rows(evaluations.SET_ASIDE) == []
    assert take_up(poisoned.house, (), "Mended") == []
    assert poisoned.sweep() == SweepCounts(enforced=1)
    assert poisoned.evaluation(aside["evaluation_id"])["status"] == "missed"
    assert poisoned.deadline(aside["deadline_id"], "P-002")["error"] is None


@pytest.mark.parametrize("broken", ["enforcing", "setting aside"])
def test_a_database_that_nobody_can_use_ends_the_sweep_and_sets_nothing_aside(
    poisoned: World, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def refused(_self: object, _desk: Desk) -> Outcome:
        raise Unusable("database-error", "disk I/O error")

    poisoned.go_to(MOMENTS[0])
    monkeypatch.setattr(EnforceDeadline if broken == "enforcing" else SetAside, "perform", refused)
    with pytest.raises(Unusable):
        poisoned.sweep()
    monkeypatch.undo()
    assert poisoned.rows(evaluations.SET_ASIDE) == []
    assert poisoned.sweep().set_aside == 1


def test_what_is_set_aside_is_overdue_wherever_somebody_looks(poisoned: World) -> None:
    poisoned.sweep_on(MOMENTS[0])
    [aside] = poisoned.rows(evaluations.SET_ASIDE)
    rows = upcoming(poisoned.reading, poisoned.clock.now(), None, "P-002")
    assert next(row for row in rows if row["evaluation"] == aside["evaluation_id"])["late"]
    assert next(row for row in poisoned.rows(plans.PLANS) if row["plan_id"] == "P-002")["overdue_since"]


def test_a_step_of_the_plan_ends_what_was_set_aside_in_the_phase_it_leaves(poisoned: World) -> None:
    row = update("deadline", {"deadline_id": "P-003/start/1"}, status="set_aside", error="An error of yesterday")
    poisoned.by_administrator(Tampered("P-003", (row,)))
    assert poisoned.advance("start", plan_id="P-003").refusal == ()
    ended = poisoned.deadline("P-003/start/1", "P-003")
    assert (ended["status"], ended["error"]) == ("void", None)


@pytest.mark.parametrize(
    "broken",
    [
        "UPDATE plan SET head = 'not a hash' WHERE plan_id = 'P-002'",
        "UPDATE plan SET version = version - 1 WHERE plan_id = 'P-002'",
    ],
    ids=["head", "version"],
)
def test_a_plan_whose_stream_cannot_be_written_stops_neither_the_sweep_nor_the_others(
    world: World, broken: str
) -> None:
    crowd(world, 2)
    with world.house.database.connect(writing=True) as connection:
        [whole] = connection.all(Statement("whole", "SELECT version, head FROM plan WHERE plan_id = 'P-002'"))
        connection.run(Statement("break", broken))
        counts = world.sweep_on(date(2024, 2, 7))
        assert counts == SweepCounts(enforced=2, failed=1)
        restore = "UPDATE plan SET version = :version, head = :head WHERE plan_id = 'P-002'"
        connection.run(Statement("restore", restore), **whole)
    assert world.sweep() == SweepCounts(enforced=1)


def test_what_one_plan_leads_the_database_to_refuse_is_set_aside_too(world: World) -> None:
    """A second event under the same key is refused by the database: here a fault gave a rung that was climbed anew."""
    crowd(world, 1)
    world.sweep_on(date(2024, 2, 7))
    again = update("deadline", {"deadline_id": "P-001/start/1"}, step=0, due_at=to_text(morning(date(2024, 2, 7))))
    world.by_administrator(Tampered(PLAN, (again,)))
    counts = world.sweep()
    assert counts.enforced == 0
    assert counts.set_aside + counts.left_to_others == 1
    keys = Counter(row["event_key"] for row in world.rows(_BY_KEY))
    assert keys["P-001/start/1#0"] == 1


def test_setting_aside_what_is_not_due_any_more_does_nothing(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    before = world.dump()
    assert seed.by_scheduler(world.house, SetAside("P-001/start/1", PLAN, "too late")).events == ()
    assert seed.by_scheduler(world.house, EnforceDeadline("P-001/start/1", PLAN)).events == ()
    assert seed.by_scheduler(world.house, EnforceDeadline("P-001/start/1", "P-404")).events == ()
    assert world.dump() == before


def test_one_key_stands_in_the_log_once_whoever_writes_it(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    row = next(row for row in world.dump()["event"] if row["event_key"] == "P-001/start/1#0")
    forged = {**row, "event_id": 9_999, "seq": 9_999}
    with world.house.database.connect(writing=True) as connection, pytest.raises(PdcaError) as failure:
        connection.run(INSERT_EVENT, **forged)
    assert failure.value.code in ("integrity", "changed-meanwhile")
    assert [row["event_key"] for row in world.rows(_BY_KEY)] == ["P-001/start/1#0"]


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
    keys = Counter(row["event_key"] for row in world.rows(_BY_KEY))
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
