"""Figures are added and never changed, targets too, and what was known on a day is found again, on either engine."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pdca.engine import Outcome
from pdca.errors import NoRight, NotFound, PdcaError, Refused, Usage
from pdca.exchange.one_record import record_of
from pdca.exchange.plan_records import Baseline
from pdca.exchange.records import Indicator, Measurement, SeriesBreak, Target
from pdca.indicators import known
from pdca.indicators.aims import SetTarget
from pdca.indicators.define import AddIndicator, SetIndicator
from pdca.indicators.figures import MarkBreak, RecordFigures, RetainFigure
from pdca.indicators.rebase import Rebase
from pdca.report.indicators import listed, whole
from pdca.store.driver import Statement
from tests import seed
from tests.contract import edits
from tests.contract.world import PLAN, World, codes, nothing_but_the_refusal
from workflows.instants import to_text

MEASURED = Statement("plan_indicator_of", "SELECT * FROM plan_indicator WHERE plan_id = :plan_id")
BASELINES = Statement("every_baseline", "SELECT * FROM plan_baseline ORDER BY number")


def figure(period: str, value: str | None = None, **more: object) -> Measurement:
    given = {"period": period, **({"missing": "not counted"} if value is None else {"value": int(value)}), **more}
    return record_of(Measurement, given, "nl", "a test")


def measured(world: World, *figures: Measurement, by: str = "marc") -> Outcome:
    return world.by(by, RecordFigures({"thefts": figures}))


def aimed(world: World, **said: object) -> Outcome:
    return world.by("sofie", SetTarget("thefts", record_of(Target, said, "nl", "a test")))


def view(world: World, at: datetime | None = None) -> dict[str, Any]:
    moment = at or world.clock.now()
    return whole(world.reading, "thefts", moment, moment.date())


def test_a_revision_is_kept_beside_the_first_figure_and_holds(world: World) -> None:
    measured(world, figure("2023", "907"))
    then = world.clock.now()
    world.go_to(then + timedelta(days=30))
    measured(world, figure("2023", "956"))
    [now] = view(world)["series"]
    assert [(one["number"], one["value"]) for one in now["figures"]] == [(1, "907"), (2, "956")]
    assert (now["value"], now["retained"]) == ("956", 2)
    [before] = view(world, then)["series"]
    assert (before["value"], len(before["figures"])) == ("907", 1)


def test_a_figure_is_known_since_its_publication_where_that_is_said(world: World) -> None:
    measured(world, figure("2017", "907", published="2018-03-01"), figure("2017", "956", published="2019-03-01"))
    day = seed.START.replace(year=2018, month=6)
    assert [one["value"] for one in view(world, day)["series"]] == ["907"]
    assert view(world)["series"][0]["value"] == "956"
    assert view(world, day.replace(month=2))["series"] == []


def test_the_same_figure_a_second_time_changes_nothing(world: World) -> None:
    measured(world, figure("2023", "907"))
    assert measured(world, figure("2023", "907")).events == ()


@pytest.mark.parametrize("from_file", [False, True])
def test_a_figure_that_stands_twice_in_a_file_is_one_figure(world: World, from_file: bool) -> None:
    def values(*figures: Measurement) -> list[str]:
        world.by("marc", RecordFigures({"thefts": figures}, from_file=from_file))
        return [one["value"] for one in view(world)["series"][0]["figures"]]

    twice = (figure("2022", "90"), figure("2022", "90"), figure("2022-01/2022-12", "90"))
    assert values(*twice) == ["90"]
    assert values(*twice) == ["90"]
    assert values(figure("2022", "95")) == ["90", "95"]
    assert values(*twice) == ["90", "95", "90"]
    two_sources = (figure("2022", "80", according_to="a"), figure("2022", "80", according_to="b"))
    assert values(*two_sources) == ["90", "95", "90", "80", "80"]


def test_a_choice_holds_until_another_is_made_and_each_is_found_again(world: World) -> None:
    start = world.clock.now()
    measured(world, figure("2023", "907"), figure("2023", "956"))
    for days, number in ((1, 1), (2, 2), (3, 1)):
        world.go_to(start + timedelta(days=days))
        world.by("marc", RetainFigure("thefts", "2023", number, "The audited one."))
    world.go_to(start + timedelta(days=4))
    measured(world, figure("2023", "960"))
    instants = [start + timedelta(days=days, hours=1) for days in range(5)]
    assert [view(world, at)["series"][0]["value"] for at in instants] == ["956", "907", "956", "907", "907"]
    with pytest.raises(Refused) as conflict:
        world.by("marc", RetainFigure("thefts", "2023", 1, "Again."))
    assert conflict.value.code == "figure-retained"
    with pytest.raises(NotFound):
        world.by("marc", RetainFigure("thefts", "2023", 9, "None."))


def test_the_newest_figure_at_an_instant_is_what_an_evaluation_can_rest_on(world: World) -> None:
    at = to_text(world.clock.now())
    assert known.newest(world.reading, "thefts", at) is None
    measured(world, figure("2022", "40"), figure("2023"))
    found = known.newest(world.reading, "thefts", to_text(world.clock.now()))
    assert found is not None
    assert (found["period"], found["value"], found["missing_reason"]) == ("2023", None, "not counted")


def test_what_is_missing_has_a_reason_and_no_value(world: World) -> None:
    measured(world, figure("2023"))
    [period] = view(world)["series"]
    assert (period["value"], period["missing_reason"], period["change"]) == (None, "not counted", None)


def test_a_figure_about_a_part_is_a_series_of_its_own_and_no_target_is_held_against_it(world: World) -> None:
    measured(world, figure("2023", "120"))
    measured(world, figure("2023", "30", scope="Vorst"), figure("2024", "25", scope="Vorst"))
    aimed(world, period="2023", op="<=", value=50)
    seen = view(world)
    assert [(one["period"], one["value"], len(one["figures"])) for one in seen["series"]] == [("2023", "120", 1)]
    [part] = seen["scopes"]
    assert (part["scope"], [one["value"] for one in part["series"]]) == ("Vorst", ["30", "25"])
    assert part["series"][1]["change"]["difference"] == "-5"
    target = seen["targets"][-1]
    assert (target["judgement"], target["result"]["value"]) == ("not_met", "120")
    [row] = [one for one in listed(world.reading, world.clock.now()) if one["indicator_id"] == "thefts"]
    assert row["last"]["value"] == "120"


@pytest.mark.parametrize("from_file", [False, True])
def test_a_figure_that_comes_back_is_a_revision(world: World, from_file: bool) -> None:
    def said(*values: str, **more: object) -> Outcome:
        figures = [figure("2023", value, **more) for value in values]
        return world.by("marc", RecordFigures({"thefts": figures}, from_file=from_file))

    for value in ("100", "120", "100"):
        said(value)
    [period] = view(world)["series"]
    assert (period["value"], [one["value"] for one in period["figures"]]) == ("100", ["100", "120", "100"])
    assert said("100").events == ()
    assert said("100", "120", "100").events == ()
    said("90", published="2024-01-05")
    said("100")
    assert said("90", published="2024-01-05").events == ()
    world.by("marc", RetainFigure("thefts", "2023", 2, "Nageteld."))
    assert said("120").events == ()


def test_a_period_that_is_written_another_way_is_the_same_period(world: World) -> None:
    measured(world, figure("2025-Q1", "10"), figure("2025-01-01/2025-03-31", "11"))
    measured(world, figure("2025-01/2025-03", "12"))
    [period] = view(world)["series"]
    assert (period["period"], [one["value"] for one in period["figures"]]) == ("2025-Q1", ["10", "11", "12"])
    assert measured(world, figure("2025-01/2025-03", "12")).events == ()
    world.by("marc", RetainFigure("thefts", "2025-01-01/2025-03-31", 2, "Nageteld."))
    assert view(world)["series"][0]["value"] == "11"


def test_a_choice_among_figures_about_a_part_leaves_the_whole_alone(world: World) -> None:
    measured(world, figure("2023", "120"), figure("2023", "30", scope="Vorst"), figure("2023", "33", scope="Vorst"))
    world.by("marc", RetainFigure("thefts", "2023", 1, "Nageteld."))
    world.by("marc", RetainFigure("thefts", "2023", 2, "Nageteld."))
    measured(world, figure("2023", "130"))
    seen = view(world)
    assert seen["series"][0]["value"] == "120"
    assert seen["scopes"][0]["series"][0]["value"] == "30"
    with pytest.raises(Refused):
        world.by("marc", RetainFigure("thefts", "2023", 1, "Again."))


@pytest.mark.parametrize("who", ["karel", "lea"])
def test_only_an_administrator_or_a_group_that_is_measured_by_it_changes_it(world: World, who: str) -> None:
    mark = record_of(SeriesBreak, {"period": "2023", "reason": "x"}, "nl", "a test")
    target = record_of(Target, {"direction": "up"}, "nl", "a test")
    before = world.dump()
    for command in (
        RecordFigures({"thefts": [figure("2023", "1")]}),
        RetainFigure("thefts", "2023", 1, "x"),
        MarkBreak("thefts", mark),
        SetTarget("thefts", target),
        SetIndicator("thefts", {"note": "x"}),
    ):
        with pytest.raises(NoRight) as refused:
            world.by(who, command)
        assert refused.value.code == "no-plan-of-yours"
    assert {name: rows for name, rows in world.dump().items() if name in ("measurement", "target", "indicator")} == {
        name: rows for name, rows in before.items() if name in ("measurement", "target", "indicator")
    }


def test_an_indicator_is_added_by_an_administrator_and_changed_by_the_group(world: World) -> None:
    given = {"id": "calls", "title": "Oproepen", "unit": "oproepen", "kind": "objective"}
    command = AddIndicator(record_of(Indicator, given, "nl", "a test"))
    with pytest.raises(NoRight):
        world.by("sofie", command)
    world.by_administrator(command)
    with pytest.raises(Usage):
        world.by_administrator(command)
    assert world.by("marc", SetIndicator("thefts", {"rhythm": "yearly"})).summary["changed"] == ["rhythm"]
    assert world.by("marc", SetIndicator("thefts", {"rhythm": "yearly"})).events == ()


def test_what_has_a_rhythm_is_out_of_date_when_that_passed_without_a_figure(world: World) -> None:
    assert view(world)["stale"] is False
    world.by("marc", SetIndicator("thefts", {"rhythm": "yearly"}))
    assert (view(world)["stale"], view(world)["next_due"]) == (True, None)
    measured(world, figure("2023", "907"))
    assert (view(world)["stale"], view(world)["next_due"]) == (False, "2024-12-31")
    measured(world, figure("2024"))
    world.go_to(date(2024, 12, 31))
    assert view(world)["stale"] is False
    world.go_to(date(2025, 1, 1))
    assert view(world)["stale"] is True
    [row] = [one for one in listed(world.reading, world.clock.now()) if one["indicator_id"] == "thefts"]
    assert (row["stale"], row["last"]["value"], row["plans"]) == (True, "907", [PLAN])


def test_the_first_target_stays_beside_one_that_was_adjusted_or_corrected(world: World) -> None:
    assert aimed(world, period="2024", op=">=", value=1150).summary["number"] == 2
    with pytest.raises(Usage) as conflict:
        aimed(world, period="2024", op=">=", value=953)
    assert conflict.value.code == "target-exists"
    aimed(world, period="2024", op=">=", value=953, adjusts=2, reason="Fewer people.")
    aimed(world, period="2024", op=">=", value=935, corrects=3, reason="A printing mistake.")
    with pytest.raises(Refused) as replaced:
        aimed(world, period="2024", op=">=", value=900, adjusts=2, reason="Again.")
    assert replaced.value.code == "target-replaced-already"
    with pytest.raises(NotFound):
        aimed(world, period="2024", op=">=", value=900, adjusts=9, reason="None.")
    shown = [
        (one["number"], one["value"], one["change"], (one["replaced_by"] or {}).get("change"))
        for one in view(world)["targets"][1:]
    ]
    assert shown == [(2, "1150", None, "adjusted"), (3, "953", "adjusted", "corrected"), (4, "935", "corrected", None)]


def test_a_target_that_replaces_another_is_for_the_same_time(world: World) -> None:
    aimed(world, period="2023", op=">=", value=100)
    with pytest.raises(Usage) as refused:
        aimed(world, period="2025", op=">=", value=90, adjusts=2, reason="Later.")
    assert refused.value.code == "target-other-time"
    aimed(world, period="2023-01/2023-12", op=">=", value=90, adjusts=2, reason="Fewer people.")


def test_a_missed_target_stays_missed_beside_the_one_that_adjusts_it(world: World) -> None:
    aimed(world, period="2023", op=">=", value=100)
    aimed(world, period="2023", op=">=", value=98, adjusts=2, reason="Fewer people.")
    world.go_to(world.clock.now() + timedelta(days=1))
    measured(world, figure("2023", "95"))
    world.go_to(world.clock.now() + timedelta(days=1))
    aimed(world, period="2023", op=">=", value=90, adjusts=3, reason="Fewer people still.")
    _none, *targets = view(world)["targets"]
    assert [(one["judgement"], one["result"]["value"]) for one in targets] == [
        ("not_met", "95"),
        ("not_met", "95"),
        ("met", "95"),
    ]
    assert [one["replaced_by"]["result_known"] for one in targets[:2]] == [False, True]


def test_what_was_to_be_determined_is_determined_and_neither_adjusted_nor_corrected(world: World) -> None:
    aimed(world, period="2025", to_be_determined="2024-06")
    with pytest.raises(Usage):
        aimed(world, period="2025", to_be_determined="2024-09")
    aimed(world, period="2025", op=">=", value=90)
    with pytest.raises(Usage):
        aimed(world, period="2025", op=">=", value=95)
    announced, determined = view(world)["targets"][1:]
    assert announced["replaced_by"] == {
        "number": 3,
        "change": "determined",
        "on": world.clock.now().date().isoformat(),
        "result_known": False,
    }
    assert (announced["determined_by"], announced["judgement"]) == ("2024-06", None)
    assert (determined["replaced_by"], determined["judgement"]) == (None, "not_yet")


def test_a_target_says_when_it_asks_for_less_than_was_reached(world: World) -> None:
    measured(world, figure("2023", "24"))
    outcome = aimed(world, period="2025", op="<=", value=30)
    assert outcome.summary["worse_than"] == {"period": "2023", "value": "24"}
    assert aimed(world, period="2026", op="<=", value=20).summary["worse_than"] is None


def test_no_change_goes_over_a_break(world: World) -> None:
    measured(world, figure("2022", "10"), figure("2023", "12"))
    assert view(world)["series"][1]["change"] == {
        "since": "2022",
        "difference": "2",
        "percent": "20.0",
        "approximate": False,
    }
    mark = record_of(SeriesBreak, {"period": "2023", "reason": "Nieuwe registratie."}, "nl", "a test")
    world.by("marc", MarkBreak("thefts", mark))
    after = view(world)["series"][1]
    assert (after["change"], after["not_compared"]) == (None, "Nieuwe registratie.")
    with pytest.raises(Usage):
        world.by("marc", MarkBreak("thefts", mark))


def test_a_publication_that_is_to_come_is_refused(world: World) -> None:
    with pytest.raises(Usage):
        measured(world, figure("2023", "1", published="2030-01-01"))
    # Where the body is, a day has begun an hour or two before it has in UTC.
    world.go_to(datetime(2026, 1, 15, 23, 30, tzinfo=UTC))
    with pytest.raises(Usage):
        measured(world, figure("2023", "1", published="2026-01-17"))
    assert measured(world, figure("2023", "1", published="2026-01-16")).events


NEW_BASE = record_of(Baseline, {"value": 38, "period": "2024"}, "nl", "a test")


def test_a_plan_is_measured_from_another_baseline_in_adjust_only_and_the_first_stays(world: World) -> None:
    world.take("start")
    before = world.dump()
    refused = world.by("sofie", Rebase(PLAN, "thefts", NEW_BASE, "De telling veranderde."))
    assert codes(refused) == ["rebase-outside-adjust"]
    assert nothing_but_the_refusal(before, world.dump())
    world.go_to(date(2024, 4, 8))
    world.sweep()
    world.take("record", "conclude")
    world.by("sofie", Rebase(PLAN, "thefts", NEW_BASE, "De telling veranderde."))
    [row] = world.rows(MEASURED, plan_id=PLAN)
    assert (row["baseline"], row["baseline_period"]) == ("38", "2024")
    [earlier] = world.rows(BASELINES)
    assert (earlier["baseline"], earlier["reason"], earlier["cycle"]) == ("40", "De telling veranderde.", 1)
    assert world.last_event()["kind"] == "plan.rebased"
    [plan] = view(world)["plans"]
    assert (plan["baseline"], [one["baseline"] for one in plan["earlier"]]) == ("38", ["40"])
    [then] = view(world, world.clock.now() - timedelta(minutes=1))["plans"]
    assert (then["baseline"], then["earlier"]) == ("40", [])


def test_only_the_project_group_measures_its_plan_from_elsewhere(world: World) -> None:
    world.take("start")
    world.go_to(date(2024, 4, 8))
    world.sweep()
    world.take("record", "conclude")
    refused = world.by("karel", Rebase(PLAN, "thefts", NEW_BASE, "x"))
    assert codes(refused) == ["not-in-project-group"]
    with pytest.raises(NotFound):
        world.by("sofie", Rebase(PLAN, "calls", NEW_BASE, "x"))


@pytest.mark.parametrize("steps", [("start",), ("start", "record", "conclude", "replan")])
def test_an_edit_moves_no_baseline_once_the_plan_began_not_even_in_plan_again(
    world: World, steps: tuple[str, ...]
) -> None:
    world.by_administrator(edits.complete_baseline())
    world.take("start")
    if len(steps) > 1:
        world.go_to(date(2024, 4, 8))
        world.sweep()
        world.take(*steps[1:])
    for baseline in ({"value": 41, "period": "2023"}, {"missing": "Toch niet."}):
        changed = [{"id": "thefts", "baseline": baseline}]
        with pytest.raises(PdcaError) as refused:
            edits.edit(world, "sofie", lambda plan: plan.update(indicators=changed))  # noqa: B023
        assert refused.value.code == "edit-baseline-locked"


def test_figures_and_targets_of_a_dry_run_are_not_kept(world: World) -> None:
    before = world.dump()
    command = RecordFigures({"thefts": [figure("2023", "1")]})
    replace(world.house, as_person="marc").apply(command, dry_run=True)
    assert world.dump() == before
