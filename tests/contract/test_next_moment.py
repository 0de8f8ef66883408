"""Moments that count from the last evaluation: the next is made with it, or when it is missed."""

from datetime import date, timedelta
from typing import Any, Final

from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.report.upcoming import upcoming
from pdca.schedules.calendar import Close
from pdca.schedules.telling import MOST_DAYS
from pdca.store.jsontext import from_json
from tests.contract.decisions import YEARLY, decided, named, of_schedule
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, morning
from workflows.instants import to_text

ANNOUNCED: Final = "evaluation.announced"


def test_after_an_evaluation_the_next_moment_is_made_with_it(world: World) -> None:
    decided(world, rules=("FREQ=MONTHLY;INTERVAL=6",), start=date(2024, 1, 8), anchor="completion", roll="next")
    assert of_schedule(world) == {"2024-07-08": "2024-07-08"}
    world.take("start")
    world.sweep_on(date(2024, 4, 8))
    world.go_to(date(2024, 4, 20))
    outcome = world.record()
    assert outcome.refusal == ()
    assert [(one["what"], one["date"]) for one in outcome.summary["moments"]] == [
        ("made", "2024-10-21"),
        ("cancelled", "2024-07-08"),
    ]
    assert of_schedule(world) == {"2024-10-20": "2024-10-21"}
    assert of_schedule(world, "cancelled") == {"2024-07-08": "2024-07-08"}
    following = named(world, "2024-10-20")
    assert world.waiting()[following["evaluation_id"]] == morning(date(2024, 10, 21))
    assert {change["table"] for change in world.last_event()["changes"]} >= {"evaluation", "deadline", "snapshot"}


COUNTED: Final = {"rules": ("FREQ=MONTHLY;INTERVAL=6",), "start": date(2024, 1, 8), "anchor": "completion"}
"""Half a year after the last evaluation; the first is on 8 July 2024."""


def test_after_a_missed_evaluation_the_next_moment_counts_from_its_day(world: World) -> None:
    decided(world, **COUNTED)
    world.sweep_on(date(2024, 7, 8))
    first = named(world, "2024-07-08")
    assert (first["status"], first["missed_because"]) == ("missed", "not_started")
    assert of_schedule(world) == {"2025-01-08": "2025-01-08"}
    following = named(world, "2025-01-08")["evaluation_id"]
    assert world.waiting()[following] == morning(date(2025, 1, 8))
    missed = next(event for event in world.events() if event["key"] == f"{first['evaluation_id']}#0")
    # The seeded plan has one on a date of its own before that.
    assert following_told(world, missed["seq"]) == {"2024-10-08"}
    assert {change["key"].get("evaluation_id") for change in missed["changes"]} >= {following}
    world.sweep_on(date(2025, 1, 8))
    assert of_schedule(world) == {"2025-07-08": "2025-07-08"}


def test_a_rhythm_that_is_missed_every_time_stays_on_its_day_of_the_month_however_often_it_moves(world: World) -> None:
    monthly = {"rules": ("FREQ=MONTHLY",), "start": date(2024, 1, 8), "anchor": "completion", "roll": "next"}
    decided(world, **monthly)
    for day in (date(2024, 2, 8), date(2024, 3, 8), date(2024, 4, 8), date(2024, 5, 8), date(2024, 6, 10)):
        world.sweep_on(day)
    # 8 June is a Saturday and 8 September a Sunday.
    assert of_schedule(world) == {"2024-07-08": "2024-07-08"}
    for day in (date(2024, 7, 8), date(2024, 8, 8), date(2024, 9, 9)):
        world.sweep_on(day)
    assert of_schedule(world, "missed") == {
        **{day: day for day in ("2024-02-08", "2024-03-08", "2024-04-08", "2024-05-08", "2024-07-08", "2024-08-08")},
        "2024-06-08": "2024-06-10",
        "2024-09-08": "2024-09-09",
    }
    assert of_schedule(world) == {"2024-10-08": "2024-10-08"}


def test_after_a_missed_evaluation_that_was_extended_the_next_counts_from_the_day_it_was_moved_to(world: World) -> None:
    decided(world, **COUNTED)
    first = named(world, "2024-07-08")["evaluation_id"]
    later = date(2024, 7, 15)
    world.by("sofie", RequestExtension(first, later, MOTIVE))
    assert world.by("karel", ApproveExtension(first, MOTIVE)).refusal == ()
    world.sweep_on(later)
    assert world.evaluation(first)["status"] == "missed"
    assert of_schedule(world) == {"2025-01-15": "2025-01-15"}


def following_told(world: World, seq: int) -> set[str | None]:
    """The day of the next evaluation, as those are told who are told of an event."""
    messages = [row for row in world.dump()["notification"] if row["seq"] == seq and row["stream"] == PLAN]
    return {from_json(row["parameters"])["following"] for row in messages if row["kind"] != ANNOUNCED}


def announced(world: World, seq: int) -> dict[str, dict[str, Any]]:
    """What those are told who are told of an evaluation that was made with an event: handle -> the facts."""
    handles = {row["person_id"]: row["handle"] for row in world.dump()["person"]}
    messages = [row for row in world.dump()["notification"] if row["seq"] == seq and row["kind"] == ANNOUNCED]
    return {handles[row["person_id"]]: from_json(row["parameters"]) for row in messages}


def test_whoever_is_concerned_is_told_of_the_next_evaluation_that_is_made_with_one_that_was_recorded(
    world: World,
) -> None:
    decided(world, rules=("FREQ=MONTHLY;INTERVAL=6",), start=date(2024, 1, 8), anchor="completion", roll="next")
    world.take("start")
    world.sweep_on(date(2024, 4, 8))
    world.go_to(date(2024, 4, 20))
    world.record()
    recorded = world.last_event()["seq"]
    told = world.told(recorded)
    next_one = named(world, "2024-10-20")["evaluation_id"]
    # Marc recorded it, and the command told him.
    assert "marc" not in told
    assert {role for handle, role in told.items() if handle in announced(world, recorded)} == {"stakeholders"}
    for facts in announced(world, recorded).values():
        assert (facts["evaluation"], facts["due"], facts["before"]) == (next_one, "2024-10-21", "2024-07-08")
    # Who is told of the recording reads it there: nobody gets two messages.
    assert following_told(world, recorded) == {"2024-10-08"}
    assert len(told) == len([row for row in world.dump()["notification"] if row["seq"] == recorded])


def test_who_is_kept_informed_is_told_of_the_evaluation_that_is_made_with_a_missed_one(world: World) -> None:
    decided(world, **COUNTED)
    world.sweep_on(date(2024, 7, 8))
    first = named(world, "2024-07-08")["evaluation_id"]
    [missed] = [event for event in world.events() if event["key"] == f"{first}#0"]
    assert announced(world, missed["seq"])
    assert {facts["due"] for facts in announced(world, missed["seq"]).values()} == {"2025-01-08"}
    assert not any("before" in facts for facts in announced(world, missed["seq"]).values())


def test_where_no_evaluation_is_made_none_is_announced(world: World) -> None:
    world.take("start", "evaluate", "record")
    assert not [row for row in world.dump()["notification"] if row["kind"] == ANNOUNCED]


def test_a_decision_tells_every_date_that_it_sets(world: World) -> None:
    decided(world, "2024-05-06", "2024-11-04")
    messages = [row for row in world.dump()["notification"] if row["kind"] == "schedule.set"]
    assert messages
    assert {tuple(from_json(row["parameters"])["days"]) for row in messages} == {("2024-05-06", "2024-11-04")}
    decided(world, rules=("FREQ=MONTHLY",), start=date(2024, 1, 8))
    newest = from_json(max(world.dump()["notification"], key=lambda row: row["seq"])["parameters"])
    assert (len(newest["days"]), newest["more"]) == (MOST_DAYS, True)


def test_who_is_told_of_a_missed_evaluation_is_told_when_the_next_one_is_or_that_there_is_none(world: World) -> None:
    for day, following in zip(MOMENTS, (*MOMENTS[1:], None), strict=True):
        world.sweep_on(day)
        [missed] = [
            one for one in world.events() if one["kind"] == "evaluation.missed" and one["at"] == to_text(morning(day))
        ]
        assert following_told(world, missed["seq"]) == {following.isoformat() if following else None}
        shown = [row for row in upcoming(world.reading, world.clock.now(), None, PLAN) if row["what"] == "missed"]
        assert {row["following"] for row in shown} == {following.isoformat() if following else None}
    world.sweep_on(MOMENTS[-1] + timedelta(days=7))
    assert world.last_event()["kind"] == "evaluation.overdue"
    assert following_told(world, world.last_event()["seq"]) == {None}


def test_the_next_moment_that_is_made_with_a_missed_one_is_told_of(world: World) -> None:
    decided(world, **COUNTED)
    days = [*MOMENTS, date(2024, 7, 8), date(2025, 1, 8), date(2025, 7, 8)]
    for day in sorted(days):
        world.sweep_on(day)
    key = f"{named(world, '2025-07-08')['evaluation_id']}#0"
    [missed] = [one for one in world.events() if one["key"] == key]
    assert missed["kind"] == "evaluation.missed"
    assert following_told(world, missed["seq"]) == {"2026-01-08"}


def test_a_missed_evaluation_on_a_date_of_its_own_does_not_put_the_next_off(world: World) -> None:
    decided(world, "2024-05-06", **COUNTED)
    world.sweep_on(date(2024, 5, 6))
    assert {row["status"] for row in (world.evaluation("E-101"), named(world, "2024-05-06"))} == {"missed"}
    world.by_administrator(Close((date(2024, 12, 24),), {}))
    assert of_schedule(world) == {"2024-07-08": "2024-07-08"}


def test_the_moment_after_a_missed_one_is_to_come_also_when_nothing_ran_for_long(world: World) -> None:
    decided(world, **COUNTED)
    world.sweep_on(date(2025, 9, 1))
    assert named(world, "2024-07-08")["status"] == "missed"
    assert of_schedule(world) == {"2026-01-08": "2026-01-08"}


def test_a_moment_after_a_missed_one_that_has_moved_past_its_stated_day_stays(world: World) -> None:
    decided(world, **{**COUNTED, "rules": ("FREQ=WEEKLY;INTERVAL=2",), "start": date(2024, 2, 24)}, roll="next")
    world.by_administrator(Close((date(2024, 3, 12),), {}))
    world.sweep_on(date(2024, 3, 11))
    assert named(world, "2024-03-09")["status"] == "missed"
    following = named(world, "2024-03-23")["evaluation_id"]
    world.by_administrator(Close((date(2024, 3, 25), date(2024, 3, 26)), {}))
    world.go_to(date(2024, 3, 26))
    world.by_administrator(Close((date(2024, 3, 27),), {}))
    assert named(world, "2024-03-23")["evaluation_id"] == following
    assert of_schedule(world) == {"2024-03-23": "2024-03-28"}


def test_a_missed_evaluation_of_a_fixed_series_makes_no_other(world: World) -> None:
    decided(world, "2024-03-04", "2024-09-02")
    world.sweep_on(date(2024, 3, 4))
    assert named(world, "2024-03-04")["status"] == "missed"
    assert of_schedule(world) == {"2024-09-02": "2024-09-02"}


def test_a_fixed_series_goes_on_as_it_was_when_an_evaluation_is_late(world: World) -> None:
    decided(world, rules=(YEARLY,), start=date(2024, 3, 4))
    world.take("start")
    world.sweep_on(date(2024, 3, 4))
    before = of_schedule(world)
    world.go_to(date(2024, 4, 2))
    assert world.record(named(world, "2024-03-04")["evaluation_id"]).refusal == ()
    assert of_schedule(world) == before
