"""What the scheduler cannot enforce is set aside with its error, and holds up nothing else."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NoRight, NotFound, Unusable
from pdca.evaluations.enforce import EnforceDeadline
from pdca.evaluations.set_aside import SetAside
from pdca.plans.advance import lock_plan
from pdca.report.upcoming import upcoming
from pdca.store.driver import Statement
from pdca.store.reads import evaluations, plans
from pdca.store.rows import Change, update
from scheduler.retry import take_up
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract.world import MOMENTS, PLAN, World, crowd, morning
from workflows.instants import to_text


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
    # Who mends it is told at once, and nobody else: the group could do nothing about it.
    assert list(poisoned.told(event["seq"], "P-002").values()) == ["administrator"]
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
    keys = Counter(world.keys())
    assert keys["P-001/start/1#0"] == 1


def test_setting_aside_what_is_not_due_any_more_does_nothing(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    before = world.dump()
    assert seed.by_scheduler(world.house, SetAside("P-001/start/1", PLAN, "too late")).events == ()
    assert seed.by_scheduler(world.house, EnforceDeadline("P-001/start/1", PLAN)).events == ()
    assert world.dump() == before
