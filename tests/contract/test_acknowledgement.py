"""Taking up what is overdue: it stops the ladder or holds it up, and what is overdue stays so in every report."""

from datetime import date, timedelta
from typing import Final

import pytest

from pdca.errors import Usage
from pdca.evaluations.acknowledge import Acknowledge
from pdca.people.substitution import Substitute
from pdca.report.evaluation import whole
from pdca.report.reminding import taken_up_now
from pdca.report.upcoming import upcoming
from pdca.store.driver import Row, Statement
from pdca.store.reads import plans
from scheduler.sweep import SweepCounts
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, codes, morning, untouched
from workflows.instants import to_text

SINCE: Final = date(2024, 1, 22)
"""When recording E-101 is overdue that was opened on the first day."""

WORDS: Final = Statement("every_acknowledgement", "SELECT * FROM acknowledgement ORDER BY deadline_id, number")
RECORD: Final = "P-001/record/3"


def overdue(world: World) -> None:
    """Let the recording of E-101 be overdue, so that the lead was told."""
    world.take("start", "evaluate")
    assert world.sweep_on(SINCE) == SweepCounts(enforced=1)


def take_up(world: World, by: str = "sofie", until: date | None = None) -> None:
    outcome = world.by(by, Acknowledge(PLAN, MOTIVE, until, "E-101"))
    assert outcome.refusal == ()


def shown(world: World, what: str = "record") -> Row:
    """What the reports say of something live."""
    rows = upcoming(world.reading, world.clock.now(), None, PLAN)
    return next(row for row in rows if row["what"] == what)


def test_who_was_told_or_works_on_the_plan_stops_the_ladder_for_good(world: World) -> None:
    overdue(world)
    take_up(world)
    assert world.sweep_on(SINCE + timedelta(days=400)).enforced < 4
    assert [event["kind"] for event in world.events() if event["evaluation"] == "E-101"].count(
        "evaluation.overdue"
    ) == 1
    event = next(event for event in world.events() if event["kind"] == "deadline.acknowledged")
    assert (event["evaluation"], event["reason"], event["actor"]) == ("E-101", MOTIVE, world.person_id("sofie"))


def test_it_stays_overdue_in_the_reports_which_say_who_took_it_up(world: World) -> None:
    overdue(world)
    take_up(world, until=date(2024, 2, 20))
    row = shown(world)
    assert row["late"]
    assert (row["acknowledged_by_name"], row["acknowledged_reason"]) == ("Sofie Peeters", MOTIVE)
    assert row["acknowledged_until"] == "2024-02-20T08:00:00.000000Z"
    assert next(one["overdue_since"] for one in world.rows(plans.PLANS) if one["plan_id"] == PLAN)
    [word] = whole(world.reading, "E-101")["acknowledgements"]
    assert (word["person_name"], word["until"]) == ("Sofie Peeters", row["acknowledged_until"])


def test_until_a_day_the_ladder_waits_and_then_goes_on_where_it_stood(world: World) -> None:
    overdue(world)
    until = date(2024, 2, 20)
    take_up(world, until=until)
    assert world.sweep_on(morning(until) - timedelta(microseconds=1)) == SweepCounts()
    assert world.sweep_on(until) == SweepCounts(enforced=1)
    assert world.told(world.last_event()["seq"]) == {"marc": "group"}
    assert shown(world)["acknowledged_by"] is None
    assert world.sweep_on(until + timedelta(days=7)) == SweepCounts(enforced=1)
    assert world.told(world.last_event()["seq"]) == {"karel": "chief"}


def test_a_day_that_comes_before_the_next_rung_moves_nothing_forward(world: World) -> None:
    overdue(world)
    take_up(world, until=SINCE + timedelta(days=2))
    assert world.waiting()["record"] == morning(SINCE + timedelta(days=7))


def test_who_does_it_ends_it(world: World) -> None:
    overdue(world)
    take_up(world, until=date(2024, 2, 20))
    world.record("E-101")
    assert world.deadlines()[RECORD] == "void"
    assert world.sweep_on(date(2024, 2, 20)) == SweepCounts()


def test_a_stopped_ladder_stays_so_while_its_plan_is_suspended_and_afterwards(world: World) -> None:
    overdue(world)
    take_up(world)
    world.take("suspend")
    assert world.deadlines()[RECORD] == "held"
    world.take("resume")
    assert world.deadlines()[RECORD] == "overdue"
    assert world.sweep_on(SINCE + timedelta(days=30)) == SweepCounts()


def test_what_was_stopped_for_good_can_be_given_a_day_after_all(world: World) -> None:
    overdue(world)
    take_up(world)
    take_up(world, "marc", until=date(2024, 3, 1))
    assert [(row["number"], row["person_id"]) for row in world.rows(WORDS)] == [
        (1, world.person_id("sofie")),
        (2, world.person_id("marc")),
    ]
    assert world.waiting()["record"] == morning(date(2024, 3, 1))


def test_a_plan_that_is_overdue_is_taken_up_as_a_whole(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    outcome = world.by("marc", Acknowledge(PLAN, MOTIVE))
    assert [one["what"] for one in outcome.summary["acknowledged"]] == ["start"]
    assert shown(world, "start")["acknowledged_by_name"] == "Marc Dubois"
    assert world.sweep_on(date(2024, 3, 20)) == SweepCounts()


def test_what_was_taken_up_keeps_its_place_among_what_falls_due(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    world.by("marc", Acknowledge(PLAN, MOTIVE, date(2030, 1, 7)))
    days = [row["by"] for row in upcoming(world.reading, world.clock.now(), None, PLAN)]
    assert days == sorted(days)
    assert shown(world, "start")["by"] == days[0]


def test_a_missed_evaluation_is_taken_up(world: World) -> None:
    world.sweep_on(date(2024, 2, 7))
    world.by("sofie", Acknowledge(PLAN, MOTIVE))
    world.sweep_on(MOMENTS[0])
    take_up(world, "marc")
    assert world.sweep_on(MOMENTS[0] + timedelta(days=60)) == SweepCounts()


def test_the_chief_takes_it_up_once_told_and_not_before(world: World) -> None:
    overdue(world)
    assert codes(world.by("karel", Acknowledge(PLAN, MOTIVE, None, "E-101"))) == ["not-told"]
    world.sweep_on(SINCE + timedelta(days=7))
    world.sweep_on(SINCE + timedelta(days=14))
    take_up(world, "karel")
    assert world.sweep_on(SINCE + timedelta(days=60)) == SweepCounts()


def test_a_substitute_who_was_told_takes_it_up(world: World) -> None:
    world.by_administrator(Substitute("karel", "lea", date(2024, 1, 8), date(2024, 12, 31), "Verlof."))
    overdue(world)
    world.sweep_on(SINCE + timedelta(days=7))
    world.sweep_on(SINCE + timedelta(days=14))
    assert world.told(world.last_event()["seq"]) == {"karel": "chief", "lea": "chief"}
    take_up(world, "lea")


def test_who_stands_in_only_afterwards_takes_it_up_in_the_stead_of_who_was_told(world: World) -> None:
    overdue(world)
    world.sweep_on(SINCE + timedelta(days=7))
    world.sweep_on(SINCE + timedelta(days=14))
    world.by_administrator(Substitute("karel", "lea", date(2024, 2, 5), date(2024, 12, 31), "Verlof."))
    take_up(world, "lea")
    event = world.last_event()
    assert (event["actor"], event["on_behalf_of"]) == (world.person_id("lea"), world.person_id("karel"))


def test_what_nobody_was_told_of_is_not_taken_up(world: World) -> None:
    world.take("start", "evaluate")
    outcome = world.by("lea", Acknowledge(PLAN, " ", None, "E-101"))
    assert codes(outcome) == ["nothing-overdue", "no-motive"]
    assert world.rows(WORDS) == []


def test_what_rests_with_its_plan_is_not_taken_up(world: World) -> None:
    overdue(world)
    world.take("suspend")
    assert codes(world.by("sofie", Acknowledge(PLAN, MOTIVE, None, "E-101"))) == ["overdue-at-rest"]
    assert world.rows(WORDS) == []


def test_what_was_taken_up_before_its_plan_was_suspended_is_shown_with_who_took_it_up(world: World) -> None:
    overdue(world)
    take_up(world)
    world.take("suspend")
    assert taken_up_now(world.reading)["E-101"]["person_name"] == "Sofie Peeters"


def test_it_says_when_the_ladder_goes_on_and_that_it_does_not_when_everybody_was_told(world: World) -> None:
    overdue(world)
    until = date(2024, 2, 20)
    outcome = world.by("sofie", Acknowledge(PLAN, MOTIVE, until, "E-101"))
    assert [one["next_at"] for one in outcome.summary["acknowledged"]] == [to_text(morning(until))]
    for days in (0, 7, 21):
        assert world.sweep_on(until + timedelta(days=days)).enforced
    outcome = world.by("sofie", Acknowledge(PLAN, MOTIVE, date(2024, 6, 3), "E-101"))
    assert [one["next_at"] for one in outcome.summary["acknowledged"]] == [None]
    assert world.deadlines()[RECORD] == "overdue"


@pytest.mark.parametrize("day", [date(2024, 1, 22), date(2020, 1, 1)])
def test_a_day_that_is_not_to_come_is_an_error(world: World, day: date) -> None:
    overdue(world)
    with untouched(world, Usage, "date-past"):
        world.by("sofie", Acknowledge(PLAN, MOTIVE, day, "E-101"))
