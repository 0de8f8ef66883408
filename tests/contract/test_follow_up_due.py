"""What is to be followed up falls due: its owner is told, and the ladder is climbed until it is answered."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from pdca.cycles.follow_up import AnswerFollowUp, RaiseFollowUp
from pdca.evaluations.acknowledge import Acknowledge
from pdca.evaluations.decide_reminding import DecideReminding
from pdca.people.substitution import Substitute
from pdca.plans.reminding import Terms
from pdca.report.agenda import agenda
from pdca.store.reads import plans
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_once
from scheduler.sweep import SweepCounts
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World, morning
from workflows.instants import to_text
from workflows.method import LadderStep

DUE: Final = date(2024, 3, 18)


def raised(world: World, owner: str = "investigation", due: date = DUE) -> str:
    outcome = world.by("sofie", RaiseFollowUp(PLAN, "De winkeliers bevragen.", owner, due))
    return str(outcome.summary["follow_up"])


def deadlines(world: World) -> dict[str, str]:
    """The deadlines of what is to be followed up: id -> status."""
    return {name: status for name, status in world.deadlines().items() if "/follow_up/" in name}


@pytest.fixture
def started(world: World) -> World:
    """A plan in Do, of which nothing else falls due for months."""
    world.take("start")
    return world


def test_its_owner_and_the_lead_are_told_on_the_day(started: World) -> None:
    follow_up = raised(started)
    assert started.waiting()["follow_up"] == morning(DUE)
    assert started.sweep_on(morning(DUE) - timedelta(microseconds=1)) == SweepCounts()
    assert started.sweep_on(DUE) == SweepCounts(enforced=1)
    event = started.last_event()
    [name] = deadlines(started)
    assert (event["kind"], event["key"], event["due_at"]) == ("followup.due", f"{name}#0", to_text(morning(DUE)))
    assert started.told(event["seq"]) == {"sofie": "lead", "marc": "owner"}
    assert started.deadline(name)["follow_up_id"] == follow_up
    assert started.sweep() == SweepCounts()


def test_it_climbs_until_it_is_answered(started: World) -> None:
    follow_up = raised(started)
    started.sweep_on(DUE)
    assert [row["overdue_since"] for row in started.rows(plans.PLANS)] == [to_text(morning(DUE))]
    for days, handle, role in ((7, "marc", "group"), (14, "karel", "chief")):
        assert started.sweep_on(morning(DUE) + timedelta(days=days)).enforced == 1
        event = started.last_event()
        assert (event["kind"], started.told(event["seq"])) == ("followup.overdue", {handle: role})
    started.by("sofie", AnswerFollowUp(follow_up, "done", MOTIVE))
    assert list(deadlines(started).values()) == ["void"]
    assert [row["overdue_since"] for row in started.rows(plans.PLANS)] == [None]
    before = len(started.events())
    started.sweep_on(morning(DUE) + timedelta(days=28))
    assert not [event for event in started.events()[before:] if event["kind"].startswith("followup.")]


def test_of_the_news_that_waited_only_that_of_what_is_still_overdue_is_sent(started: World, tmp_path: Path) -> None:
    answered, open_still = raised(started), raised(started)
    started.sweep_on(DUE)
    run_once(started.house, FileChannel(tmp_path / "before"))
    started.sweep_on(morning(DUE) + timedelta(days=7))
    started.by("sofie", AnswerFollowUp(answered, "done", MOTIVE))
    assert run_once(started.house, FileChannel(tmp_path / "out")).sent == 1
    overdue = [row for row in started.dump()["notification"] if row["kind"] == "followup.overdue"]
    became = {json.loads(row["parameters"])["follow_up"]: row["status"] for row in overdue}
    assert became == {answered: "lapsed", open_still: "sent"}


def test_what_nobody_answers_reaches_the_authority_and_stays_overdue(started: World) -> None:
    raised(started)
    for days in (0, 7, 14):
        started.sweep_on(morning(DUE) + timedelta(days=days))
    started.sweep_on(morning(DUE) + timedelta(days=28))
    told = [started.told(event["seq"]) for event in started.events() if event["kind"] == "followup.overdue"]
    assert told == [{"marc": "group"}, {"karel": "chief"}, {"lea": "authority"}]
    assert list(deadlines(started).values()) == ["overdue"]


def test_what_is_carried_over_is_told_of_on_its_other_day(started: World) -> None:
    follow_up = raised(started)
    started.sweep_on(DUE)
    started.by("sofie", AnswerFollowUp(follow_up, "carried", MOTIVE, DUE + timedelta(days=5)))
    assert sorted(deadlines(started).values()) == ["pending", "void"]
    assert started.sweep_on(DUE + timedelta(days=5)) == SweepCounts(enforced=1)
    assert started.told(started.last_event()["seq"]) == {"sofie": "lead", "marc": "owner"}


def test_who_stands_in_for_the_owner_is_told_as_well(started: World) -> None:
    raised(started, "council")
    started.by_administrator(Substitute("lea", "anna", date(2024, 3, 1), date(2024, 3, 31), "Verlof."))
    started.sweep_on(DUE)
    assert started.told(started.last_event()["seq"]) == {"sofie": "lead", "lea": "owner", "anna": "owner"}


@pytest.mark.parametrize(("restricted", "told"), [(0, {"sofie": "lead", "anna": "owner"}), (1, {"sofie": "lead"})])
def test_a_partner_is_told_nothing_of_a_restricted_plan(started: World, restricted: int, told: dict[str, str]) -> None:
    started.by("sofie", edits.plan(restricted=restricted))
    raised(started, "transport")
    started.sweep_on(DUE)
    assert started.told(started.last_event()["seq"]) == told


def test_it_rests_while_the_plan_does_and_is_told_once_the_plan_runs_again(started: World) -> None:
    raised(started)
    started.take("suspend")
    raised(started, due=DUE + timedelta(days=1))
    assert list(deadlines(started).values()) == ["held", "held"]
    assert started.sweep_on(DUE + timedelta(days=10)) == SweepCounts()
    started.take("resume")
    assert started.sweep() == SweepCounts(enforced=2)


def test_one_that_is_due_today_is_told_at_once_and_is_not_late(started: World) -> None:
    now = morning(date(2024, 2, 1)) + timedelta(hours=6)
    started.go_to(now)
    raised(started, due=date(2024, 2, 1))
    assert started.waiting()["follow_up"] == now
    assert started.sweep() == SweepCounts(enforced=1)


def test_it_climbs_the_ladder_that_the_group_decided_on(started: World) -> None:
    raised(started)
    started.sweep_on(DUE)
    ladder = (LadderStep(0, "lead"), LadderStep(3, "chief"))
    started.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(ladder=ladder)))
    assert started.sweep_on(morning(DUE) + timedelta(days=3)) == SweepCounts(enforced=1)
    event = started.last_event()
    [name] = deadlines(started)
    assert (event["kind"], event["key"]) == ("followup.overdue", f"{name}#1@1")
    assert started.told(event["seq"]) == {"karel": "chief"}
    assert list(deadlines(started).values()) == ["overdue"]


def test_its_owner_takes_it_up_and_nobody_else_is_told(started: World) -> None:
    follow_up = raised(started, "council")
    started.sweep_on(DUE)
    outcome = started.by("lea", Acknowledge(PLAN, MOTIVE))
    since = to_text(morning(DUE))
    assert outcome.summary["acknowledged"] == [{"what": "follow_up", "since": since, "next_at": None}]
    assert list(deadlines(started).values()) == ["overdue"]
    [row] = [one for one in agenda(started.reading, started.clock.now(), None, PLAN) if one["subject"] == follow_up]
    assert (row["acknowledged_by_name"], row["acknowledged_reason"]) == ("Léa Lambert", MOTIVE)
    before = len(started.events())
    started.sweep_on(morning(DUE) + timedelta(days=28))
    assert not [event for event in started.events()[before:] if event["kind"].startswith("followup.")]
