"""Calendars: what stands in them by the log, for whom, and read back by another program; on either database."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import pytest

from pdca.calendars.feed import Book
from pdca.calendars.readers import Audience, GroupOf, Reader, Somebody
from pdca.cycles.follow_up import RaiseFollowUp
from pdca.evaluations.decide_reminding import DecideReminding
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.people.commands import EndAppointment
from pdca.people.substitution import Substitute
from pdca.plans.reminding import Terms
from pdca.programme.day import SetEvaluationDay
from pdca.programme.evaluation import AddEvaluation
from pdca.report.audiences import AUDIENCES
from pdca.store.reads import exchange
from pdca.store.rows import Change
from tests import calendars, seed
from tests.calendars import Seen
from tests.contract import edits
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, morning
from workflows.instants import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Callable

AT: Final = "@pz-test.simulation.pdca"
EVALUATION: Final = f"E-101{AT}"
LATER: Final = date(2024, 5, 13)
TITLE: Final = "Street crime"


def seen(world: World, reader: Reader, language: str = "en", which: str = "internal") -> dict[str, Seen]:
    return calendars.events(written(world, reader, language, which))


def written(world: World, reader: Reader, language: str = "en", which: str = "internal") -> bytes:
    with world.house.reading() as connection:
        return Book.of(connection).written(which, reader, language)


def of_plan(world: World, plan_id: str = PLAN) -> dict[str, Seen]:
    with world.house.reading() as connection:
        return calendars.events(Book.of(connection, plan_id).written("plan", GroupOf(plan_id), "en", plan_id))


def of_person(world: World, handle: str) -> dict[str, Seen]:
    with world.house.reading() as connection:
        reader = Somebody.of(connection, world.person_id(handle))
    return seen(world, reader, which="person")


def extend(world: World, to: date = LATER) -> None:
    world.by("sofie", RequestExtension("E-101", to, MOTIVE))
    world.by("karel", ApproveExtension("E-101", MOTIVE))


def test_every_date_of_a_plan_is_where_the_tables_have_it(world: World) -> None:
    world.take("start")
    world.by("sofie", RaiseFollowUp(PLAN, "Ask the neighbours", "chief", date(2024, 5, 6)))
    found = of_plan(world)
    for row in world.rows(exchange.ROWS["evaluation"]):
        assert found[f"{row['evaluation_id']}{AT}"].start == from_text(row["due_at"])
    [moment] = world.rows(exchange.ROWS["information_moment"])
    assert found[f"{moment['information_id']}{AT}"].start == date.fromisoformat(moment["due_date"])
    assert found[f"{PLAN}-F1{AT}"].start == date(2024, 5, 6)
    assert {one.status for uid, one in found.items() if "-start-" not in uid} == {"CONFIRMED"}


def test_a_deadline_that_is_met_is_kept_as_called_off(world: World) -> None:
    [before] = [one for uid, one in of_plan(world).items() if uid.startswith(f"{PLAN}-start-")]
    assert (before.status, before.sequence) == ("CONFIRMED", 0)
    world.take("start")
    [after] = [one for uid, one in of_plan(world).items() if uid.startswith(f"{PLAN}-start-")]
    assert (after.status, after.sequence, after.uid) == ("CANCELLED", 1, before.uid)


def test_an_extension_moves_the_same_event_and_counts_it(world: World) -> None:
    before = of_plan(world)
    world.go_to(date(2024, 2, 1))
    extend(world)
    after = of_plan(world)
    assert after.keys() == before.keys()
    moved, was = after[EVALUATION], before[EVALUATION]
    assert (was.start, moved.start) == (morning(MOMENTS[0]), morning(LATER))
    assert (was.sequence, moved.sequence) == (0, 1)
    assert (was.changed, moved.changed) == (seed.START, morning(date(2024, 2, 1)))
    others = [uid for uid in after if uid != EVALUATION]
    assert [after[uid] for uid in others] == [before[uid] for uid in others]


def test_an_evaluation_that_was_missed_is_kept_as_called_off_and_counted_once(world: World) -> None:
    world.sweep_on(MOMENTS[0])
    missed = of_plan(world)[EVALUATION]
    assert (missed.status, missed.sequence, missed.alarms) == ("CANCELLED", 1, ())
    assert "The evaluation was missed." in missed.description
    world.sweep_on(MOMENTS[0] + timedelta(days=8))
    assert of_plan(world)[EVALUATION] == missed


def test_what_is_taken_out_of_the_plan_stays_in_the_calendar_as_called_off(world: World) -> None:
    [moment] = world.rows(exchange.ROWS["information_moment"])
    key = {"information_id": moment["information_id"]}
    world.by("sofie", edits.Edit([Change("delete", "information_moment", key)]))
    gone = of_plan(world)[f"{moment['information_id']}{AT}"]
    assert (gone.status, gone.sequence, gone.start) == ("CANCELLED", 1, date.fromisoformat(moment["due_date"]))


def test_a_plan_that_rests_holds_its_evaluations(world: World) -> None:
    world.take("start", "suspend")
    assert of_plan(world)[EVALUATION].status == "TENTATIVE"
    world.take("resume")
    assert of_plan(world)[EVALUATION].status == "CONFIRMED"


def test_alarms_go_by_what_holds_for_the_plan(world: World) -> None:
    assert of_plan(world)[EVALUATION].alarms == (30, 7)
    world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(lead_days=(3, 21))))
    assert of_plan(world)[EVALUATION].alarms == (21, 3)


def test_a_calendar_changes_only_when_the_log_does_and_not_by_time_alone(world: World) -> None:
    readers: list[Callable[[], bytes]] = [
        lambda: written(world, Audience("internal")),
        lambda: written(world, Somebody.of(world.reading, world.person_id("sofie"))),
    ]
    first = [one() for one in readers]
    world.go_to(date(2024, 3, 1))
    assert [one() for one in readers] == first
    extend(world)
    assert all(before != after for before, after in zip(first, [one() for one in readers], strict=True))


def test_who_works_on_the_plan_has_all_of_it_a_partner_what_it_is_told(world: World) -> None:
    everything = of_plan(world).keys()
    assert of_person(world, "sofie").keys() == everything
    assert of_person(world, "marc").keys() == everything
    [moment] = world.rows(exchange.ROWS["information_moment"])
    evaluations = {f"{row['evaluation_id']}{AT}" for row in world.rows(exchange.ROWS["evaluation"])}
    assert of_person(world, "anna").keys() == {f"{moment['information_id']}{AT}", *evaluations}
    assert of_person(world, "karel") == {}


def test_what_falls_outside_the_time_of_a_function_is_not_in_the_calendar(world: World) -> None:
    world.by_administrator(EndAppointment("marc", "investigation", MOMENTS[1]))
    assert EVALUATION in of_person(world, "marc")
    assert f"E-102{AT}" not in of_person(world, "marc")


def test_who_stands_in_for_somebody_has_what_falls_in_those_days(world: World) -> None:
    world.by_administrator(Substitute("sofie", "karel", MOMENTS[0], MOMENTS[0], MOTIVE))
    found = of_person(world, "karel")
    assert EVALUATION in found
    assert f"E-102{AT}" not in found


def test_who_is_in_charge_has_the_evaluations_of_programmes_and_they_move(world: World) -> None:
    name = str(world.by_administrator(AddEvaluation("zvp-test", "final", due_on="2025-06")).summary["evaluation"])
    uid = f"{name.replace('/', '-')}{AT}"
    for handle in ("karel", "lea"):
        assert of_person(world, handle)[uid].start == date(2025, 6, 30)
    assert uid not in of_person(world, "sofie")
    assert uid in seen(world, Audience("authority"))
    assert uid not in seen(world, Audience("public"))
    world.by_administrator(SetEvaluationDay(name, "2025-05-31", MOTIVE))
    moved = of_person(world, "karel")[uid]
    assert (moved.start, moved.sequence) == (date(2025, 5, 31), 1)


def test_each_audience_outside_has_evaluations_and_what_itself_is_told(world: World) -> None:
    [moment] = world.rows(exchange.ROWS["information_moment"])
    told = f"{moment['information_id']}{AT}"
    for audience in ("partner", "authority", "public"):
        found = seen(world, Audience(audience))
        assert EVALUATION in found
        assert (told in found) == (audience == "partner")
        assert not [uid for uid in found if uid.startswith(PLAN)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_restricted_plan_is_kept_from_partners_and_the_public_and_bears_no_title_elsewhere(
    world: World, audience: str
) -> None:
    world.by("sofie", edits.plan(restricted=1))
    text = written(world, Audience(audience)).decode().replace("\r\n ", "")
    assert TITLE not in text
    assert (PLAN in text) == (audience in ("internal", "authority"))
    assert all(one.private for one in seen(world, Audience(audience)).values())
    assert of_person(world, "anna") == {}
    group = of_person(world, "sofie")[EVALUATION]
    assert (TITLE in group.summary, group.private) == (True, True)


def test_nothing_that_is_said_about_a_plan_or_a_person_is_in_a_calendar(world: World) -> None:
    world.by("sofie", RaiseFollowUp(PLAN, "Ask Jan Peeters", "chief", date(2024, 5, 6)))
    world.take("start")
    world.sweep_on(MOMENTS[0])
    world.record()
    text = written(world, Audience("internal")).decode().replace("\r\n ", "")
    names = [row["name"] for row in world.rows(exchange.ROWS["person"])]
    assert not [words for words in (*names, "Jan Peeters", MOTIVE) if words in text]


@pytest.mark.parametrize(
    ("language", "name", "summary"),
    [
        ("nl", "Politiezone Test: alle actieplannen", "evaluatie"),
        ("fr", "Politiezone Test\xa0: tous les plans d\u2019action", "évaluation"),
        ("en", "Politiezone Test: all action plans", "evaluation"),
    ],
)
def test_a_calendar_is_in_the_language_of_its_reader(world: World, language: str, name: str, summary: str) -> None:
    calendar = calendars.parsed(written(world, Audience("internal"), language))
    assert name in calendar.contents["name"][0].value
    assert calendar.contents["x-wr-calname"][0].value == calendar.contents["name"][0].value
    assert seen(world, Audience("internal"), language)[EVALUATION].summary.endswith(summary)
    assert calendar.contents["refresh-interval"][0].value == "PT6H"
    assert calendar.contents["refresh-interval"][0].params == {"VALUE": ["DURATION"]}
    assert calendar.contents["x-published-ttl"][0].value == "PT6H"


def test_what_is_simulated_or_assumed_says_so(world: World) -> None:
    found = of_plan(world)[EVALUATION]
    assert found.summary == "[SIMULATION] P-001 Street crime: evaluation"
    assert "Nothing in it has happened." in found.description


def test_a_moment_of_information_that_was_decided_on_has_an_hour_and_may_be_called_off(world: World) -> None:
    values = {"due_at": to_text(morning(date(2024, 9, 2))), "due_date": "2024-09-02", "status": "planned"}
    key = {"information_id": "I-001"}
    world.by("sofie", edits.Edit([Change("update", "information_moment", key, values)]))
    decided = of_plan(world)[f"I-001{AT}"]
    assert (decided.start, decided.sequence, decided.status) == (morning(date(2024, 9, 2)), 1, "CONFIRMED")
    world.by("sofie", edits.Edit([Change("update", "information_moment", key, {"status": "cancelled"})]))
    cancelled = of_plan(world)[f"I-001{AT}"]
    assert (cancelled.start, cancelled.sequence, cancelled.status) == (decided.start, 2, "CANCELLED")
