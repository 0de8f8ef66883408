"""The project group: who is in it and when, deputies, disciplines, and its own deadline (clauses 15, 16)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from pdca.evaluations.decide_reminding import DecideReminding
from pdca.people.commands import Appoint, EndAppointment
from pdca.plans import deadlines, group
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.plans.reminding import Terms
from pdca.store.reads import evaluations
from pdca.store.rows import Change, insert, update
from scheduler.sweep import SweepCounts
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World, codes, morning
from workflows.definition import load
from workflows.instants import to_text
from workflows.method import LadderStep

ZVP: Final = load("zvp")
BY: Final = date(2024, 1, 22)
START: Final = Advance(PLAN, "start", attempt=Attempt(MOTIVE))


def with_deadline(world: World, *changes: Change, complete: bool = False, due: str = "2024-01-22") -> None:
    """Edit the plan with a day by which its group is to be complete, as `plan edit` and the import do."""
    plan = {**world.plan(), "group_due_date": due}
    live = world.rows(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN)
    now = to_text(world.clock.now())
    following = group.after_edit(plan, ZVP, live, now, plan["version"] + 1, is_complete=complete)
    head = [] if world.plan()["group_due_date"] == due else [update("plan", {"plan_id": PLAN}, group_due_date=due)]
    world.by_administrator(edits.Edit([*head, *changes, *following]))


def gone(party: str) -> Change:
    return edits.without_member(party).changes[0]


def back(party: str) -> Change:
    return edits.member(party).changes[0]


# --- who is in it


@pytest.mark.parametrize(
    ("instant", "complete"),
    [
        (datetime(2024, 1, 31, 22, 59, tzinfo=UTC), False),
        (datetime(2024, 1, 31, 23, 0, tzinfo=UTC), True),
        (datetime(2024, 2, 29, 22, 59, tzinfo=UTC), True),
        (datetime(2024, 2, 29, 23, 0, tzinfo=UTC), False),
    ],
)
def test_a_member_counts_from_a_local_day_until_before_another(world: World, instant: datetime, complete: bool) -> None:
    change = update(
        "group_member", {"plan_id": PLAN, "party_id": "investigation"}, from_date="2024-02-01", until_date="2024-03-01"
    )
    world.by_administrator(edits.Edit([change]))
    world.go_to(instant)
    world.approve("start")
    asked = world.by("marc", Advance(PLAN, "suspend", attempt=Attempt(MOTIVE)))
    assert codes(asked) == ["not-allowed"]
    assert ("group-too-few-disciplines" not in codes(world.advance("start"))) is complete
    world.take("suspend")
    assert world.told(world.last_event()["seq"]) == ({"marc": "group"} if complete else {})


def test_a_deputy_acts_as_the_leader_does_while_in_the_group(world: World) -> None:
    world.by_administrator(edits.member("chief", role="deputy", until_date="2024-02-01"))
    world.approve("start")
    world.go_to(datetime(2024, 1, 31, 22, 59, tzinfo=UTC))
    assert codes(world.by("karel", START)) == []
    assert world.last_event()["on_behalf_of"] is None
    suspend = Advance(PLAN, "suspend", attempt=Attempt(MOTIVE))
    assert codes(world.by("marc", suspend)) == ["not-allowed"]
    world.go_to(datetime(2024, 1, 31, 23, 0, tzinfo=UTC))
    assert codes(world.by("karel", suspend)) == ["not-allowed"]


def test_a_deputy_does_not_record_the_evaluation_of_the_plan(world: World) -> None:
    world.by_administrator(edits.member("chief", role="deputy"))
    world.take("start", "evaluate")
    assert codes(world.record("E-101", by="karel")) == ["evaluator-owns-plan"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (update("plan", {"plan_id": PLAN}, lead_id=None), "group-without-lead"),
        (gone("investigation"), "group-too-few-disciplines"),
        (update("party", {"party_id": "investigation"}, discipline="Prevention "), "group-too-few-disciplines"),
        (update("party", {"party_id": "investigation"}, discipline=None), "group-too-few-disciplines"),
    ],
)
def test_clause_15_a_plan_is_started_by_a_multidisciplinary_group_with_a_leader(
    world: World, change: Change, code: str
) -> None:
    world.by_administrator(edits.Edit([change]))
    assert code in codes(world.advance("start"))


def test_clause_15_a_function_of_the_body_that_was_left_brings_no_discipline_until_somebody_holds_it_again(
    world: World,
) -> None:
    def few() -> bool:
        return "group-too-few-disciplines" in codes(world.by("sofie", START, dry_run=True))

    world.by_administrator(EndAppointment("marc", "investigation", date(2024, 1, 10), "Ander ambt."))
    assert not few()
    world.go_to(date(2024, 1, 10))
    assert few()
    world.by_administrator(Appoint("karel", ("investigation",), date(2024, 1, 10)))
    assert not few()


def test_a_function_that_nobody_held_yet_and_an_organisation_bring_theirs(world: World) -> None:
    world.by_administrator(edits.Edit([gone("investigation")]))
    never = {"kind": "function", "name": '{"nl":"Analist"}', "discipline": "analyse", "discipline_assumed": 0}
    world.by_administrator(seed.Plant([insert("party", {"party_id": "analyst"}, **never, assumed=0)]))
    world.by_administrator(edits.member("analyst"))
    assert "group-too-few-disciplines" not in codes(world.by("sofie", START, dry_run=True))
    world.by_administrator(seed.Plant([update("party", {"party_id": "analyst"}, kind="partner")]))
    world.by_administrator(Appoint("marc", ("analyst",), date(2024, 1, 1)))
    world.by_administrator(EndAppointment("marc", "analyst", date(2024, 1, 8)))
    assert "group-too-few-disciplines" not in codes(world.by("sofie", START, dry_run=True))


# --- its own deadline


@pytest.mark.parametrize(
    ("stated", "begins", "ends", "since", "due"),
    [
        (None, "2024-01-01", "2025-12-31", "2023-11-20", date(2024, 12, 30)),
        (None, "2024-01-01", "2025-12-31", "2024-03-01", date(2025, 2, 28)),
        (None, "2024-01-01", "2024-09-30", "2023-11-20", date(2024, 9, 30)),
        (None, "2024-01-01", "2024-02-29", "2024-03-01", None),
        ("2024-06", "2024-01-01", "2025-12-31", "2023-11-20", date(2024, 6, 30)),
    ],
)
def test_clause_16_a_group_takes_shape_within_the_first_year_unless_the_plan_states_another_day(
    stated: str | None, begins: str, ends: str, since: str, due: date | None
) -> None:
    entered = {"state_since": f"{since}T10:00:00.000000Z", "zone": seed.ZONE}
    plan = {"group_due_date": stated, "period_start": begins, "period_end": ends, **entered}
    assert group.due_date(plan, ZVP) == due
    assert group.due_date({**plan, "group_due_date": None}, replace(ZVP, group_days=None)) is None


def test_clause_16_a_group_that_is_not_there_in_time_is_told_up_the_ladder(world: World) -> None:
    with_deadline(world, gone("investigation"))
    assert world.waiting()["group"] == morning(BY)
    name = next(name for name in world.deadlines() if "/group/" in name)
    assert world.sweep_on(morning(BY) - timedelta(microseconds=1)).enforced == 0
    assert world.sweep_on(BY).enforced == 1
    event = world.last_event()
    assert (event["kind"], event["key"], event["due_at"]) == ("plan.overdue", f"{name}#0", to_text(morning(BY)))
    assert world.told(event["seq"]) == {"sofie": "lead"}
    # The group itself has nobody left to tell.
    for days, told in ((7, {}), (14, {"karel": "chief"}), (28, {"lea": "authority"})):
        world.sweep_on(BY + timedelta(days=days))
        assert told in [world.told(one["seq"]) for one in world.events() if (one["key"] or "").startswith(name)]


def test_a_plan_that_nobody_leads_is_told_to_the_chief_at_once(world: World) -> None:
    with_deadline(world, update("plan", {"plan_id": PLAN}, lead_id=None))
    world.sweep_on(BY)
    assert world.told(world.last_event()["seq"]) == {"karel": "chief"}


def test_the_deadline_ends_when_the_group_is_complete(world: World) -> None:
    with_deadline(world, gone("investigation"))
    with_deadline(world, back("investigation"), complete=True)
    assert "group" not in world.waiting()
    assert world.sweep_on(BY).enforced == 0


def test_the_deadline_moves_with_the_day_and_begins_again_when_a_member_leaves(world: World) -> None:
    with_deadline(world, gone("investigation"))
    with_deadline(world, due="2024-01-29")
    assert world.waiting()["group"] == morning(date(2024, 1, 29))
    with_deadline(world, back("investigation"), complete=True, due="2024-01-29")
    with_deadline(world, gone("investigation"), due="2024-01-29")
    assert world.waiting()["group"] == morning(date(2024, 1, 29))
    assert sorted(status for name, status in world.deadlines().items() if "/group/" in name) == ["pending", "void"]


def test_another_day_after_somebody_was_told_is_told_anew_up_the_whole_ladder(world: World) -> None:
    """Each rung of a deadline stands in the log once; a second one of the same deadline could not be written."""
    with_deadline(world, gone("investigation"))
    world.sweep_on(BY)
    later = BY + timedelta(days=3)
    with_deadline(world, due=later.isoformat())
    assert world.waiting()["group"] == morning(later)
    assert world.sweep_on(later) == SweepCounts(enforced=1)
    keys = [event["key"] for event in world.events() if event["kind"] == "plan.overdue"]
    assert len(set(keys)) == 2
    assert {key.rpartition("#")[2] for key in keys} == {"0"}


def test_a_day_of_a_month_is_its_last(world: World) -> None:
    with_deadline(world, gone("investigation"), due="2024-02")
    assert world.waiting()["group"] == morning(date(2024, 2, 29))


def test_a_member_who_has_joined_meanwhile_ends_the_deadline_when_it_falls_due(world: World) -> None:
    change = update("group_member", {"plan_id": PLAN, "party_id": "investigation"}, from_date="2024-01-20")
    with_deadline(world, change)
    world.sweep_on(BY)
    event = world.last_event()
    assert event["kind"] == "plan.group_complete"
    assert world.told(event["seq"]) == {}
    assert "group" not in world.waiting()


def test_it_ends_then_also_when_the_group_decided_on_a_shorter_ladder_meanwhile(world: World) -> None:
    joins = BY + timedelta(days=9)
    change = update("group_member", {"plan_id": PLAN, "party_id": "investigation"}, from_date=joins.isoformat())
    with_deadline(world, change)
    for days in (0, 7):
        assert world.sweep_on(BY + timedelta(days=days)).enforced
    ladder = (LadderStep(0, "lead"), LadderStep(10, "chief"))
    world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(ladder=ladder)))
    assert world.sweep_on(BY + timedelta(days=10)) == SweepCounts(enforced=1)
    assert world.last_event()["kind"] == "plan.group_complete"


def test_starting_the_plan_ends_the_deadline_and_suspending_holds_it(world: World) -> None:
    with_deadline(world)
    world.take("suspend")
    assert world.sweep_on(BY).enforced == 0
    world.take("resume")
    assert "group" in world.waiting()
    world.take("start")
    assert "group" not in world.waiting()


def test_a_plan_that_was_started_has_no_deadline_for_its_group() -> None:
    plan = {"plan_id": PLAN, "state": "do", "group_due_date": "2024-01-22", "zone": seed.ZONE}
    assert group.after_edit(plan, ZVP, [], "now", 7, is_complete=False) == []
    [change] = group.after_edit({**plan, "state": "plan"}, ZVP, [], "now", 7, is_complete=False)
    assert change == deadlines.of_phase(PLAN, "group", to_text(morning(BY)), 7)
