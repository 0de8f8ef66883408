"""The moments of a plan as its group decides them: dates and rules become evaluations, and what took place stays."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from pdca.engine import Outcome
from pdca.errors import NoRight, Usage
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.exchange.document import read_document
from pdca.exchange.exporter import programme_document
from pdca.exchange.importer import ImportDocument
from pdca.exchange.problems import EditRefused
from pdca.exchange.writing import yaml_text
from pdca.people.substitution import Substitute
from pdca.schedules.calendar import Close, Reopen, SetWorkingDays
from pdca.schedules.decide import SetSchedule
from pdca.schedules.working_out import Wish
from pdca.store.driver import Row
from pdca.store.reads import evaluations, schedules
from tests import seed
from tests.contract import edits
from tests.contract.world import MOTIVE, PLAN, World, codes, morning, nothing_but_the_refusal
from workflows.schedule import parse_stated

YEARLY = "FREQ=YEARLY"
UNTIL = date(2027, 12, 31)


def wish(*dates: str, **other: Any) -> Wish:  # noqa: ANN401 - any field of a wish
    return Wish(**{"dates": tuple(map(parse_stated, dates)), "until": UNTIL, **other})


def decide(world: World, *dates: str, by: str = "sofie", **other: Any) -> Outcome:  # noqa: ANN401 - as `wish`
    return world.by(by, SetSchedule(PLAN, wish(*dates, **other), MOTIVE))


def decided(world: World, *dates: str, **other: Any) -> Outcome:  # noqa: ANN401 - as `wish`
    outcome = decide(world, *dates, **other)
    assert outcome.refusal == (), codes(outcome)
    return outcome


def of_schedule(world: World, status: str = "planned") -> dict[str, str]:
    """The evaluations that stand by a decision: stated date -> the day they fall on."""
    rows = world.rows(evaluations.OF_PLAN, plan_id=PLAN)
    return {
        row["stated_date"]: row["due_date"]
        for row in rows
        if row["schedule_number"] is not None and row["status"] == status
    }


def named(world: World, stated: str) -> Row:
    rows = world.rows(evaluations.OF_PLAN, plan_id=PLAN)
    return next(row for row in rows if row["stated_date"] == stated)


def test_a_decision_is_kept_with_who_when_and_why_and_its_moments_are_evaluations(world: World) -> None:
    outcome = decided(world, "2025-06", rules=(YEARLY,), start=date(2024, 1, 15), roll="next", time=time(14))
    [row] = world.rows(schedules.OF_PLAN, plan_id=PLAN)
    assert row == {
        "plan_id": PLAN,
        "number": 1,
        "decided_on": "2024-01-08",
        "decided_by": world.person_id("sofie"),
        "recorded_at": "2024-01-08T08:00:00.000000Z",
        "reason": MOTIVE,
        "kind": "interim",
        "start": "2024-01-15",
        "until": "2027-12-31",
        "time": "14:00",
        "zone": "Europe/Brussels",
        "dates": '["2025-06"]',
        "rules": '["FREQ=YEARLY"]',
        "exceptions": None,
        "anchor": "series",
        "roll": "next",
    }
    assert of_schedule(world) == {
        "2024-01-15": "2024-01-15",
        "2025-01-15": "2025-01-15",
        "2025-06": "2025-06-30",
        "2026-01-15": "2026-01-15",
        "2027-01-15": "2027-01-15",
    }
    first = named(world, "2024-01-15")
    assert (first["due_at"], first["first_due_at"]) == ("2024-01-15T13:00:00.000000Z",) * 2
    assert world.deadlines()[first["evaluation_id"]] == "pending"
    assert [one["what"] for one in outcome.summary["moments"]] == ["made"] * 5
    event = world.last_event()
    assert (event["kind"], event["reason"]) == ("schedule.set", MOTIVE)


def test_the_moments_of_a_decision_are_enforced(world: World) -> None:
    decided(world, "2024-03-04")
    world.take("start")
    world.sweep_on(date(2024, 3, 4))
    assert named(world, "2024-03-04")["status"] == "open"


def test_a_closed_day_moves_a_moment_and_why_is_kept(world: World) -> None:
    decided(world, "2024-05-09", "2024-05-11", roll="previous")
    ascension, saturday = named(world, "2024-05-09"), named(world, "2024-05-11")
    assert (ascension["due_date"], saturday["due_date"]) == ("2024-05-08", "2024-05-10")
    assert '"kind":"holiday"' in ascension["moved"]
    assert "Hemelvaart" in ascension["moved"]
    assert saturday["moved"] == '{"reasons":[{"kind":"weekend"}]}'


def test_days_that_fall_together_are_one_evaluation_that_stands_for_both(world: World) -> None:
    decided(world, "2024-06-01", "2024-06-02", roll="next")
    assert of_schedule(world) == {"2024-06-01": "2024-06-03"}
    assert '"also":["2024-06-02"]' in named(world, "2024-06-01")["moved"]
    decided(world, "2024-06-01", "2024-06-02", roll="none")
    assert of_schedule(world) == {"2024-06-01": "2024-06-01", "2024-06-02": "2024-06-02"}
    decided(world, "2024-06-01", "2024-06-02", roll="next")
    assert of_schedule(world) == {"2024-06-01": "2024-06-03"}
    assert of_schedule(world, "cancelled") == {"2024-06-02": "2024-06-02"}


def test_a_changed_decision_cancels_moves_makes_and_keeps_the_old_one(world: World) -> None:
    decided(world, "2024-06-01", "2024-09-02", "2024-12-02", roll="next")
    kept, gone = named(world, "2024-09-02"), named(world, "2024-12-02")
    outcome = decided(world, "2024-06-01", "2024-09-02", "2025-03-03", roll="previous")
    assert {one["stated_date"]: one["what"] for one in outcome.summary["moments"]} == {
        "2024-06-01": "moved",
        "2024-09-02": "kept",
        "2024-12-02": "cancelled",
        "2025-03-03": "made",
    }
    assert of_schedule(world) == {"2024-06-01": "2024-05-31", "2024-09-02": "2024-09-02", "2025-03-03": "2025-03-03"}
    assert named(world, "2024-09-02") == {**kept, "schedule_number": 2}
    assert named(world, "2024-12-02") == {**gone, "status": "cancelled"}
    assert world.deadlines()[gone["evaluation_id"]] == "void"
    moved = named(world, "2024-06-01")
    assert world.waiting()[moved["evaluation_id"]] == morning(date(2024, 5, 31))
    assert [row["number"] for row in world.rows(schedules.OF_PLAN, plan_id=PLAN)] == [1, 2]


def test_a_cancelled_moment_that_is_decided_again_keeps_its_number(world: World) -> None:
    decided(world, "2024-06-03", "2024-09-02")
    first = named(world, "2024-09-02")
    decided(world, "2024-06-03")
    decided(world, "2024-06-03", "2024-09-02")
    assert named(world, "2024-09-02") == {**first, "schedule_number": 3}
    assert world.deadlines()[first["evaluation_id"]] == "pending"
    assert world.deadline(first["evaluation_id"])["done_at"] is None


def test_what_was_fixed_one_by_one_stays_and_a_moment_on_its_day_is_no_other(world: World) -> None:
    """The seeded plan has E-101 on 8 April 2024."""
    decided(world, "2024-04-06", "2024-06-03", roll="next")
    assert of_schedule(world) == {"2024-06-03": "2024-06-03"}
    assert world.evaluation("E-101")["moved"] == '{"also":["2024-04-06"]}'
    decided(world, "2024-06-03")
    assert world.evaluation("E-101")["moved"] is None
    decided(world, "2024-04-08", "2024-06-03")
    assert world.evaluation("E-101")["schedule_number"] == 3


def test_the_same_decision_again_changes_nothing(world: World) -> None:
    decided(world, "2024-06-03")
    before = world.dump()
    assert decided(world, "2024-06-03").events == ()
    assert world.dump() == before


# --- Who


@pytest.mark.parametrize(("by", "code"), [("anna", "not-in-project-group"), ("karel", "not-in-project-group")])
def test_only_the_project_group_decides(world: World, by: str, code: str) -> None:
    before = world.dump()
    assert codes(decide(world, "2024-06-03", by=by)) == [code]
    assert nothing_but_the_refusal(before, world.dump())
    assert world.last_event()["kind"] == "schedule.refused"


def test_an_administrator_does_not_fix_the_moments_of_a_plan_with_a_group(world: World) -> None:
    assert codes(world.by_administrator(SetSchedule(PLAN, wish("2024-06-03"), MOTIVE))) == ["moments-by-group"]


def test_a_member_decides_and_a_motive_is_needed(world: World) -> None:
    decided(world, "2024-06-03", by="marc")
    assert codes(world.by("sofie", SetSchedule(PLAN, wish("2024-07-01"), " "))) == ["no-motive"]


# --- What took place, and what an extension moved


def test_what_took_place_or_is_open_is_never_dated_again(world: World) -> None:
    decided(world, "2024-03-02", "2024-06-01", roll="next")
    world.take("start")
    world.sweep_on(date(2024, 3, 4))
    opened = named(world, "2024-03-02")
    assert opened["status"] == "open"
    decided(world, "2024-03-02", "2024-06-01", roll="previous", start=date(2024, 1, 8))
    assert named(world, "2024-03-02") == opened
    assert of_schedule(world) == {"2024-06-01": "2024-05-31"}


def test_an_extended_moment_keeps_its_extended_date(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03", time=time(14))
    identity = named(world, "2024-03-04")["evaluation_id"]
    world.by("sofie", RequestExtension(identity, date(2024, 3, 18), MOTIVE))
    assert world.by("karel", ApproveExtension(identity, MOTIVE)).refusal == ()
    extended = world.evaluation(identity)
    assert (extended["due_date"], extended["due_at"]) == ("2024-03-18", "2024-03-18T13:00:00.000000Z")
    decided(world, "2024-03-04", "2024-07-01")
    assert world.evaluation(identity) == extended
    assert of_schedule(world) == {"2024-03-04": "2024-03-18", "2024-07-01": "2024-07-01"}


def test_after_plan_a_decision_adds_and_brings_forward_and_neither_drops_nor_delays(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03")
    world.take("start")
    before = world.dump()
    later = decide(world, "2024-03-11", "2024-06-03")
    assert codes(later) == ["moment-held"]
    assert later.refusal[0].params["date"] == "2024-03-04"
    assert nothing_but_the_refusal(before, world.dump())
    dropped = decide(world, "2024-03-04")
    assert [(need.code, need.params["date"]) for need in dropped.refusal] == [("moment-held", "2024-06-03")]
    decided(world, "2024-02-26", "2024-03-01", "2024-06-03")
    assert of_schedule(world) == {d: d for d in ("2024-02-26", "2024-03-01", "2024-06-03")}


# --- What cannot be decided


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        (wish("2024-01-05"), "date-passed"),
        (wish(rules=("FREQ=YEARLY;COUNT=1",), start=date(2023, 1, 9)), "nothing-ahead"),
        (wish(rules=("FREQ=HOURLY",)), "rule-within-a-day"),
        (wish("2024-06-03", until=date(2024, 3, 1)), "date-outside"),
        (wish("2024-06-03", zone="Europe/Brusel"), "unknown-zone"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_not_decided(world: World, chosen: Wish, code: str) -> None:
    before = world.dump()
    with pytest.raises(Usage) as failure:
        world.by("sofie", SetSchedule(PLAN, chosen, MOTIVE))
    assert failure.value.code == code
    assert world.dump() == before


def test_without_dates_and_rules_it_is_the_rhythm_of_the_level(world: World) -> None:
    decided(world, start=date(2024, 3, 1))
    assert [row["kind"] for row in world.rows(evaluations.OF_PLAN, plan_id=PLAN) if row["schedule_number"]] == [
        "yearly"
    ] * 4
    assert list(of_schedule(world)) == ["2024-03-01", "2025-03-01", "2026-03-01", "2027-03-01"]


def test_a_moment_of_a_suspended_plan_waits(world: World) -> None:
    world.take("start", "suspend")
    decided(world, "2024-03-04")
    assert world.deadlines()[named(world, "2024-03-04")["evaluation_id"]] == "held"
    assert isinstance(seed.START, datetime)


# --- From the last evaluation


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


def test_a_fixed_series_goes_on_as_it_was_when_an_evaluation_is_late(world: World) -> None:
    decided(world, rules=(YEARLY,), start=date(2024, 3, 4))
    world.take("start")
    world.sweep_on(date(2024, 3, 4))
    before = of_schedule(world)
    world.go_to(date(2024, 4, 2))
    assert world.record(named(world, "2024-03-04")["evaluation_id"]).refusal == ()
    assert of_schedule(world) == before


# --- Working days of the body


def test_a_closing_day_moves_what_is_to_come_and_opening_it_moves_it_back(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03", roll="next")
    extended, moving = named(world, "2024-03-04"), named(world, "2024-06-03")
    world.by("sofie", RequestExtension(extended["evaluation_id"], date(2024, 3, 18), MOTIVE))
    world.by("karel", ApproveExtension(extended["evaluation_id"], MOTIVE))
    held = named(world, "2024-03-04")
    closing = Close((date(2024, 3, 4), date(2024, 3, 18), date(2024, 6, 3)), {"nl": "Brugdag"})
    outcome = world.by_administrator(closing)
    assert outcome.summary["failed"] == []
    assert outcome.summary["plans"] == {
        PLAN: [
            {
                "evaluation": moving["evaluation_id"],
                "what": "moved",
                "date": "2024-06-04",
                "before": "2024-06-03",
            }
        ]
    }
    assert named(world, "2024-03-04") == held, "an extension holds"
    moved = named(world, "2024-06-03")
    assert (moved["due_date"], moved["first_due_at"]) == ("2024-06-04", moved["due_at"])
    assert "Brugdag" in moved["moved"]
    assert world.waiting()[moved["evaluation_id"]] == morning(date(2024, 6, 4))
    assert world.last_event()["kind"] == "schedule.rerolled"
    world.by_administrator(Reopen((date(2024, 6, 3),)))
    assert named(world, "2024-06-03") == moving


def test_what_fell_due_stays_when_its_day_is_closed_afterwards(world: World) -> None:
    decided(world, "2024-03-04", "2024-06-03", roll="next")
    before = named(world, "2024-03-04")
    world.go_to(date(2024, 3, 4))
    world.by_administrator(Close((date(2024, 3, 4),), {}))
    assert named(world, "2024-03-04") == before


def test_days_that_fall_together_by_a_closing_day_part_again_without_it(world: World) -> None:
    decided(world, "2024-06-03", "2024-06-04", roll="next")
    first, other = named(world, "2024-06-03"), named(world, "2024-06-04")
    world.by_administrator(Close((date(2024, 6, 3),), {}))
    assert of_schedule(world) == {"2024-06-03": "2024-06-04"}
    assert of_schedule(world, "cancelled") == {"2024-06-04": "2024-06-04"}
    world.by_administrator(Reopen((date(2024, 6, 3),)))
    assert (named(world, "2024-06-03"), named(world, "2024-06-04")) == (first, other)


def test_working_days_and_holidays_of_a_part_of_the_country(world: World) -> None:
    decided(world, "2024-06-01", "2024-07-11", roll="next")
    world.by_administrator(SetWorkingDays(weekdays=("MO", "TU", "WE", "TH", "FR", "SA")))
    assert of_schedule(world)["2024-06-01"] == "2024-06-01"
    world.by_administrator(SetWorkingDays(country="FR", subdivision=""))
    assert of_schedule(world)["2024-07-11"] == "2024-07-11"
    with pytest.raises(Usage) as failure:
        world.by_administrator(SetWorkingDays(subdivision="Atlantis"))
    assert failure.value.code == "unknown-subdivision"


def test_a_plan_that_cannot_be_worked_out_is_named_and_keeps_its_moments(world: World) -> None:
    decided(world, "2024-06-03", roll="next")
    before = of_schedule(world)
    days = tuple(date(2024, 1, 8) + timedelta(days=number) for number in range(900))
    assert world.by_administrator(Close(days, {})).summary["failed"] == [PLAN]
    assert of_schedule(world) == before


def test_only_an_administrator_changes_the_working_days(world: World) -> None:
    with pytest.raises(NoRight):
        world.by("sofie", Close((date(2024, 6, 3),), {}))


def test_a_moment_whose_stated_day_has_passed_keeps_what_it_stands_for(world: World) -> None:
    """On Ascension Day, after nine: the bridge day is not evaluated apart from the Monday that stands for it."""
    world.by_administrator(Close((date(2024, 5, 10),), {}))
    both = ("2024-05-09", "2024-05-10")
    decided(world, *both, roll="next", start=date(2024, 1, 8))
    monday = named(world, "2024-05-09")
    assert (monday["due_date"], '"also":["2024-05-10"]' in monday["moved"]) == ("2024-05-13", True)
    world.go_to(morning(date(2024, 5, 9)) + timedelta(hours=1))
    world.sweep()
    decided(world, *both, "2024-06-03", roll="none", start=date(2024, 1, 8))
    assert of_schedule(world) == {"2024-05-09": "2024-05-13", "2024-06-03": "2024-06-03"}
    assert named(world, "2024-05-09") == monday


# --- Beside files


def test_a_plan_comes_out_and_into_an_empty_database_with_its_decisions_and_moments(
    world: World, tmp_path: Path
) -> None:
    """Also what was cancelled, what moved and why, and the working days of the body."""
    world.by_administrator(SetWorkingDays(subdivision="Flemish", weekdays=("MO", "TU", "WE", "TH", "FR", "SA")))
    world.by_administrator(Close((date(2024, 9, 2),), {"nl": "Brugdag", "fr": "Pont"}))
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-02", "2024-09-02", "2024-12", roll="next")
    decided(world, "2024-06-02", "2024-09-02", rules=("FREQ=MONTHLY;INTERVAL=4",), roll="next", time=time(14))
    text = yaml_text(programme_document(world.reading), "found")
    other = seed.house(f"sqlite:///{tmp_path / 'other.db'}")
    other.apply(ImportDocument(read_document(text)))
    with other.reading() as connection:
        back = programme_document(connection)
        columns = ("kind", "stated_date", "due_date", "due_at", "first_due_at", "status", "moved", "schedule_number")

        def seen(rows: list[Row]) -> list[dict[str, Any]]:
            return sorted(({name: row[name] for name in columns} for row in rows), key=str)

        assert seen(connection.all(evaluations.OF_PLAN, plan_id=PLAN)) == seen(
            world.rows(evaluations.OF_PLAN, plan_id=PLAN)
        )
        kept = [{**row, "recorded_at": "", "decided_by": ""} for row in connection.all(schedules.OF_PLAN, plan_id=PLAN)]
        assert kept == [
            {**row, "recorded_at": "", "decided_by": ""} for row in world.rows(schedules.OF_PLAN, plan_id=PLAN)
        ]
        pending = {row["deadline_id"] for row in connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=PLAN)}
        planned = [row for row in connection.all(evaluations.OF_PLAN, plan_id=PLAN) if row["status"] == "planned"]
        assert {row["evaluation_id"] for row in planned} <= pending
    own = programme_document(world.reading)
    assert {name: back[name] for name in ("organisation", "objectives")} == {
        name: own[name] for name in ("organisation", "objectives")
    }
    again = world.by_administrator(ImportDocument(read_document(text))).summary
    assert {"evaluation", "schedule", "closing_day", "deadline"}.isdisjoint({**again["added"], **again["changed"]})


def test_an_edit_changes_neither_a_decision_nor_what_follows_from_it(world: World) -> None:
    world.by_administrator(edits.complete_baseline())
    decided(world, "2024-06-02", "2024-09-02", roll="next")
    before = world.dump()

    def refused(change: Callable[[dict[str, Any]], object]) -> set[str]:
        with pytest.raises(EditRefused) as failure:
            edits.edit(world, "sofie", change)
        return {problem.code for problem in failure.value.problems}

    assert refused(lambda plan: plan["schedules"][0].update(roll="none")) == {"edit-decision-fixed"}
    assert refused(
        lambda plan: plan.pop("schedules") and [one.pop("schedule", None) for one in plan["evaluations"]]
    ) == {
        "edit-decision-fixed",
        "edit-evaluation-decided",
    }
    assert refused(lambda plan: plan["evaluations"].pop(2)) == {"edit-evaluation-fixed"}
    assert refused(lambda plan: plan["evaluations"][1].update(falls="2024-06-05")) == {"edit-evaluation-decided"}
    after = world.dump()
    assert [after[name] for name in ("evaluation", "schedule")] == [before[name] for name in ("evaluation", "schedule")]


def test_closing_days_of_a_file_move_the_moments_of_plans_that_are_there(world: World) -> None:
    decided(world, "2024-06-03", roll="next")
    text = programme_document(world.reading)
    file = {"pdca": 1, "language": "nl", "organisation": text["organisation"], "programme": text["programme"]}
    file["organisation"]["closing_days"] = [{"day": "2024-06-03", "name": "Brugdag"}]
    world.by_administrator(ImportDocument(read_document(yaml_text(file, "closing"))))
    assert of_schedule(world) == {"2024-06-03": "2024-06-04"}


# --- What else follows


def test_a_decision_voids_what_was_approved_and_tells_people(world: World) -> None:
    world.approve("start")
    before = len(world.events())
    decided(world, "2024-06-03")
    assert [event["kind"] for event in world.events()[before:]] == ["schedule.set"]
    [approval] = [row for row in world.dump()["approval"] if row["voided_at"]]
    assert approval["voided_because"] == "schedule.set"
    assert world.told(world.plan()["version"]).items() >= {"marc": "group", "anna": "stakeholders"}.items()


def test_a_deputy_in_somebodys_stead_decides_on_behalf(world: World) -> None:
    assert codes(decide(world, "2024-06-03", by="lea")) == ["not-in-project-group"]
    substitute = Substitute("sofie", "lea", date(2024, 1, 8), date(2024, 1, 31), "Verlof.")
    world.by_administrator(substitute)
    decided(world, "2024-06-03", by="lea")
    assert world.last_event()["on_behalf_of"] == world.person_id("sofie")
