"""What has not been worked out yet, and planned against deployed means (clauses 4-7, 24-25, 30)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest

from pdca.programme.make import AddProgramme, SetProgramme
from pdca.programme.retain import Retain
from pdca.report.completeness import gaps, means, sums_of_plans, sums_of_programmes
from pdca.report.gaps import told
from pdca.store.reads import programme
from pdca.store.reads.plans import PLAN as PLAN_ROW
from pdca.store.rows import Change, insert, update
from tests import seed
from tests.contract import edits
from tests.contract.world import PLAN, World

SD2: Final = insert(
    "objective",
    {"objective_id": "SD2"},
    programme_id="zvp-test",
    level="strategic_objective",
    position=2,
    title='{"nl":"Verkeer"}',
    disposition="candidate",
    internal=0,
    assumed=0,
)
RETAIN: Final = Retain("SD2", "retained", "Prioriteit.", None, "2024-01-08", "council")


def found(world: World) -> list[tuple[str, str, str]]:
    """Give the gaps, each of which has to be told in words as well, with a command that is filled in.

    That the seeded plan is measured by what is registered alone is left out.
    """
    found = gaps(world.reading, world.clock.now())
    in_words = list(told(world.reading, world.clock.now()))
    assert [(one.gap, one.need.code, one.programme_id) for one in in_words] == [
        (gap, gap.code, "zvp-test") for gap in found
    ]
    assert all(one.need.words() and "%(" not in (one.need.command_line() or "%(") for one in in_words)
    seeded = "measured-objectively-only"
    return [(gap.code, gap.subject, gap.belongs_to) for gap in found if gap.code != seeded]


def test_a_plan_is_measured_from_two_sides(world: World) -> None:
    def one_sided() -> list[str]:
        codes = [gap.code for gap in gaps(world.reading, world.clock.now())]
        return [code for code in codes if code.startswith("measured-")]

    assert one_sided() == ["measured-objectively-only"]
    world.by_administrator(seed.Indicator(PLAN, "feeling"))
    assert one_sided() == ["measured-objectively-only"]
    world.by_administrator(edits.Edit([update("indicator", {"indicator_id": "feeling"}, kind="subjective")]))
    assert one_sided() == []
    world.by_administrator(
        edits.Edit([Change("delete", "plan_indicator", {"plan_id": PLAN, "indicator_id": "thefts"})])
    )
    assert one_sided() == ["measured-subjectively-only"]
    assert found(world) == [("measured-subjectively-only", PLAN, PLAN)]


def test_a_programme_that_is_worked_out_has_no_gap(world: World) -> None:
    assert found(world) == []


def test_clause_3_a_candidate_over_which_nothing_was_decided_is_named(world: World) -> None:
    world.by_administrator(seed.Plant([SD2]))
    assert found(world) == [("objective-undecided", "SD2", "zvp-test")]


def test_clauses_4_to_6_an_objective_without_operational_objective_or_plan_is_named(world: World) -> None:
    world.by_administrator(seed.Plant([SD2]))
    world.by_administrator(RETAIN)
    without_plan = ("objective-without-plan", "SD2", "zvp-test")
    assert found(world) == [("objective-without-operational", "SD2", "zvp-test"), without_plan]
    child = SD2._replace(
        key={"objective_id": "OD2.1"}, set={**SD2.set, "parent_id": "SD2", "level": "operational_objective"}
    )
    world.by_administrator(seed.Plant([child]))
    assert set(found(world)) == {without_plan, ("objective-without-plan", "OD2.1", "zvp-test")}
    world.by_administrator(seed.Plant([update("plan", {"plan_id": PLAN}, objective_id="OD2.1")]))
    assert ("objective-without-plan", "SD1", "zvp-test") in found(world)
    assert without_plan not in found(world)


def test_what_is_not_retained_needs_no_plan(world: World) -> None:
    world.by_administrator(seed.Plant([SD2]))
    world.by_administrator(replace(RETAIN, disposition="point_of_attention"))
    assert found(world) == []


def test_a_plan_at_work_under_an_objective_that_was_dropped_is_named(world: World) -> None:
    world.take("start")
    world.by_administrator(replace(RETAIN, objective="SD1", disposition="dropped"))
    assert found(world) == [("plan-not-retained", PLAN, PLAN)]


def test_what_was_dropped_under_a_retained_objective_needs_no_plan_and_keeps_the_one_it_has_from_starting(
    world: World,
) -> None:
    world.by_administrator(replace(RETAIN, objective="OD1.1", disposition="dropped"))
    assert ("plan-not-retained", PLAN, PLAN) in found(world)
    world.by_administrator(seed.Plant([update("plan", {"plan_id": PLAN}, objective_id="SD1")]))
    assert found(world) == []


def test_a_programme_that_does_not_say_which_one_it_follows_is_named(world: World) -> None:
    after = AddProgramme("zvp-2026", {"nl": "ZVP"}, date(2026, 2, 1), date(2031, 12, 31), "zvp")
    world.by_administrator(after)

    def named() -> list[str]:
        return [gap.code for gap in gaps(world.reading, world.clock.now()) if gap.subject == "zvp-2026"]

    (words,) = [one.need for one in told(world.reading, world.clock.now()) if one.need.code.endswith("-previous")]
    assert words.command_line() == "pdca programme set zvp-2026 previous=zvp-test"
    assert named() == ["programme-without-previous", "programme-without-approval"]
    world.by_administrator(SetProgramme("zvp-2026", {"previous": "zvp-test"}))
    assert named() == ["programme-without-approval", "final-evaluation-missing"]
    world.by_administrator(AddProgramme("care", {"nl": "Zorg"}, date(2027, 1, 1), date(2031, 12, 31), "pdsa"))
    assert not [gap for gap in gaps(world.reading, world.clock.now()) if gap.code == "programme-without-previous"]


def test_clause_1_a_programme_that_begins_while_the_one_before_runs_is_named_until_it_is_handed_in(
    world: World,
) -> None:
    within = AddProgramme("zvp-2024", {"nl": "ZVP"}, date(2024, 6, 1), date(2029, 12, 31), "zvp", "zvp-test")
    world.by_administrator(within)

    def named() -> list[str | None]:
        every = told(world.reading, world.clock.now())
        return [one.need.command_line() for one in every if one.need.code == "programme-overlaps"]

    assert named() == ["pdca programme set zvp-2024 from=DATE"]
    # Programmes of another method run beside it.
    world.by_administrator(AddProgramme("care", {"nl": "Zorg"}, date(2024, 1, 1), date(2029, 12, 31), "pdsa"))
    assert len(named()) == 1
    (before,) = world.rows(programme.PROGRAMME, programme_id="zvp-test")
    last = date.fromisoformat(before["period_end"])
    world.by_administrator(SetProgramme("zvp-2024", {"first_day": last}))
    assert len(named()) == 1
    world.by_administrator(SetProgramme("zvp-2024", {"first_day": last + timedelta(days=1)}))
    assert named() == []
    world.by_administrator(SetProgramme("zvp-2024", {"first_day": date(2024, 6, 1)}))
    world.by_administrator(seed.Plant([update("programme", {"programme_id": "zvp-2024"}, status="submitted")]))
    assert named() == []


@pytest.mark.parametrize(
    ("first", "last", "apart"), [(-400, -1, True), (-400, 0, False), (730, 900, False), (731, 900, True)]
)
def test_a_plan_of_which_no_day_lies_in_its_programme_is_named(
    world: World, first: int, last: int, apart: bool
) -> None:
    (row,) = world.rows(programme.PROGRAMME, programme_id="zvp-test")
    begins = date.fromisoformat(row["period_start"])
    period = {
        name: (begins + timedelta(days=days)).isoformat()
        for name, days in (("period_start", first), ("period_end", last))
    }
    world.by_administrator(edits.Edit([update("plan", {"plan_id": PLAN}, **period)]))
    assert (("plan-outside-programme", PLAN, PLAN) in found(world)) is apart


HOURS: Final = {"activity_id": "P-001/A1", "year": 2024, "kind": "hours"}


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        (update("rubric", {"plan_id": PLAN, "rubric_id": "slachtoffers"}, text=None), ("rubric-empty", PLAN)),
        (
            Change("delete", "group_member", {"plan_id": PLAN, "party_id": "investigation"}),
            ("group-too-few-disciplines", PLAN),
        ),
        (
            update("activity", {"activity_id": "P-001/A1"}, end_date=None),
            ("activity-without-end", "P-001/A1"),
        ),
        (update("activity", {"activity_id": "P-001/A1"}, owner_id=None), ("activity-without-owner", "P-001/A1")),
        (update("activity", {"activity_id": "P-001/A1"}, status="dropped"), ("no-activity", PLAN)),
        (update("plan", {"plan_id": PLAN}, mmm=1), ("mmm-without-perimeter", PLAN)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_what_a_plan_that_was_started_lost_since_is_named(world: World, change: Change, gap: tuple[str, str]) -> None:
    def named() -> set[tuple[str, str]]:
        return {(code, subject) for code, subject, _ in found(world)}

    world.by_administrator(edits.Edit([change]))
    assert gap not in named()
    world.approve("start")
    world.by_administrator(seed.Plant([update("plan", {"plan_id": PLAN}, state="do")]))
    assert gap in named()
    world.by_administrator(seed.Plant([update("plan", {"plan_id": PLAN}, state="closed")]))
    assert found(world) == []


def test_a_plan_that_was_suspended_before_it_was_started_lost_nothing(world: World) -> None:
    world.by_administrator(edits.Edit([update("rubric", {"plan_id": PLAN, "rubric_id": "slachtoffers"}, text=None)]))
    world.take("suspend")
    assert found(world) == []


def test_a_plan_that_keeps_what_it_was_started_with_has_no_gap(world: World) -> None:
    world.take("start", "evaluate")
    assert found(world) == []


def test_of_a_plan_that_was_started_nothing_is_named_twice(world: World) -> None:
    world.take("start")
    world.by_administrator(edits.plan(lead_id=None))
    world.by_administrator(edits.Edit([Change("delete", "means", HOURS)]))
    assert [gap for gap in found(world) if gap[0] != "group-too-few-disciplines"] == [
        ("plan-without-owner", PLAN, PLAN),
        ("activity-without-means", "P-001/A1", PLAN),
    ]


def test_an_activity_that_is_left_to_a_function_that_nobody_holds_is_named_until_it_is_done(world: World) -> None:
    def owned_by(party: str, status: str = "planned") -> list[tuple[str, str, str]]:
        changes = {"owner_id": party, "status": status}
        world.by_administrator(edits.Edit([update("activity", {"activity_id": "P-001/A1"}, **changes)]))
        return found(world)

    world.by_administrator(seed.Plant([insert("party", {"party_id": "analyst"}, **NOBODY_HOLDS)]))
    assert owned_by("analyst") == [("activity-owner-departed", "P-001/A1", PLAN)]
    assert owned_by("analyst", "done") == []
    assert owned_by("prevention") == []


NOBODY_HOLDS: Final = {"kind": "function", "name": '{"nl":"Analist"}', "discipline_assumed": 0, "assumed": 0}


@pytest.mark.parametrize(
    ("change", "gap"),
    [
        (update("plan", {"plan_id": PLAN}, lead_id=None), ("plan-without-owner", PLAN, PLAN)),
        (
            update(
                "appointment",
                {"person_id": "U-002", "party_id": "prevention", "from_date": "2024-01-08"},
                until_date="2024-01-09",
            ),
            ("owner-departed", "prevention", PLAN),
        ),
        (
            Change("delete", "means", {"activity_id": "P-001/A1", "year": 2024, "kind": "hours"}),
            ("activity-without-means", "P-001/A1", PLAN),
        ),
        (
            update("programme", {"programme_id": "zvp-test"}, status="submitted"),
            ("programme-without-approval", "zvp-test", "zvp-test"),
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_each_gap_is_named_from_the_day_it_is_there(world: World, change: Change, gap: tuple[str, str, str]) -> None:
    world.by_administrator(edits.Edit([change]))
    assert (found(world) == []) is (gap[0] == "owner-departed")
    world.go_to(date(2024, 1, 9))
    assert found(world) == [gap]


def test_an_activity_that_ends_after_its_plan_is_named(world: World) -> None:
    last = world.reading.one(PLAN_ROW, plan_id=PLAN)["period_end"]  # type: ignore[index]
    end = {"activity_id": "P-001/A1"}
    world.by_administrator(edits.Edit([update("activity", end, end_date=last)]))
    assert found(world) == []
    world.by_administrator(edits.Edit([update("activity", end, end_date=str(int(last[:4]) + 1))]))
    assert found(world) == [("activity-ends-after-plan", "P-001/A1", PLAN)]


@pytest.mark.parametrize(
    ("start", "early"),
    [("2024-05", False), ("2024-05-02", False), ("2024", False), ("2024-04-30", True), ("2024-04", True)],
)
def test_an_activity_that_begins_before_the_end_of_what_it_comes_after_is_named(
    world: World, start: str, early: bool
) -> None:
    world.by_administrator(edits.Edit([update("activity", {"activity_id": "P-001/A1"}, end_date="2024-05")]))
    second = edits.activity(2, "investigation", start_date=start, depends_on='["P-001/A1"]')
    world.by_administrator(edits.Edit([*second.changes, *edits.means("P-001/A2", planned="1").changes]))
    assert found(world) == ([("activity-starts-too-early", "P-001/A2", PLAN)] if early else [])


def test_a_plan_that_has_ended_has_no_gaps(world: World) -> None:
    world.take("start", "evaluate", "record", "conclude", "close")
    world.by_administrator(edits.plan(lead_id=None))
    unplanned = Change("delete", "means", {"activity_id": "P-001/A1", "year": 2024, "kind": "hours"})
    world.by_administrator(edits.Edit([unplanned, *edits.activity(2, "transport").changes]))
    assert found(world) == []


# --- means


def deployed(world: World) -> None:
    world.by_administrator(
        edits.Edit(
            [
                update(
                    "means",
                    {"activity_id": "P-001/A1", "year": 2024, "kind": "hours"},
                    deployed="80.5",
                    shortfall_reason="Ziekte.",
                ),
                *edits.activity(2, "investigation").changes,
                *edits.means("P-001/A2", planned="0.1", deployed="0.3").changes,
                *edits.means("P-001/A2", year=2025, planned="10").changes,
                *edits.means("P-001/A2", "money", planned="12000.50").changes,
            ]
        )
    )


def test_clauses_24_and_30_planned_and_deployed_add_up_per_plan_with_shortfall_and_reason(world: World) -> None:
    deployed(world)
    sums = {(one.kind, one.year): one for one in sums_of_plans(world.reading)}
    assert all(one.of == PLAN for one in sums.values())
    assert list(sums) == [("hours", 2024), ("hours", 2025), ("hours", None), ("money", 2024), ("money", None)]
    hours = sums["hours", None]
    assert (hours.planned, hours.deployed, hours.unstated) == (Decimal("130.1"), Decimal("80.8"), 1)
    assert (hours.shortfall, hours.reasons) == (Decimal("39.5"), (("P-001/A1", "Ziekte."),))
    money = sums["money", 2024]
    assert (money.planned, money.deployed, money.unstated, money.shortfall) == (
        Decimal("12000.50"),
        None,
        1,
        Decimal(0),
    )


def test_the_means_of_a_programme_are_those_of_its_plans(world: World) -> None:
    deployed(world)
    seed.plan(world.house, "P-002", people=())
    hours = next(one for one in sums_of_programmes(world.reading) if one.kind == "hours" and one.year == 2024)
    assert (hours.of, hours.planned, hours.deployed) == ("zvp-test", Decimal("240.1"), Decimal("80.8"))


def test_the_report_says_decimals_as_they_are_written(world: World) -> None:
    deployed(world)
    world.by_administrator(edits.means("P-001/A1", "fte", planned="10000000000000000000000.10"))
    report: dict[str, Any] = means(world.reading)
    by_kind = {(one["kind"], one["year"]): one for one in report["plans"]}
    assert by_kind["fte", 2024]["planned"] == "10000000000000000000000.10"
    assert by_kind["hours", 2024] == {
        "of": PLAN,
        "kind": "hours",
        "year": 2024,
        "planned": "120.1",
        "deployed": "80.8",
        "unstated": 0,
        "shortfall": "39.5",
        "reasons": [{"activity": "P-001/A1", "reason": "Ziekte."}],
    }
    assert {one["of"] for one in report["programmes"]} == {"zvp-test"}


@pytest.mark.parametrize("kind", ["fte", "headcount"])
def test_people_are_not_added_up_over_the_years_that_they_work_in(world: World, kind: str) -> None:
    for year in (2024, 2025):
        world.by_administrator(edits.means("P-001/A1", kind, year=year, planned="6"))
    for sums in (sums_of_plans(world.reading), sums_of_programmes(world.reading)):
        assert [(one.year, one.planned) for one in sums if one.kind == kind] == [(2024, Decimal(6)), (2025, Decimal(6))]
