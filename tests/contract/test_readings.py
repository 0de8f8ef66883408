"""A series is read as it was known at an instant, against what went before the start of its plan, on either engine."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from pdca.audit.event import build_body, read_body
from pdca.exchange.one_record import record_of
from pdca.exchange.plan_records import Baseline as StatedBaseline
from pdca.exchange.records import Measurement, SeriesBreak, Target
from pdca.indicators.aims import SetTarget
from pdca.indicators.figures import MarkBreak, RecordFigures, RetainFigure
from pdca.indicators.find import find_row
from pdca.indicators.limits import whole
from pdca.indicators.rebase import Rebase
from pdca.indicators.recorded import Recorded, Step
from pdca.indicators.series import Baseline
from pdca.report.readings import aimed_at, judged_of_every, reading_of, recorded_of, shapes, steps_in
from tests.contract.counting import Rows
from tests.contract.world import PLAN, World
from workflows.definition import load
from workflows.method import State

YEARS = {"2021": 48, "2022": 52, "2023": 50}


def measured(world: World, figures: dict[str, int]) -> None:
    made = [record_of(Measurement, {"period": when, "value": value}, "nl", "a test") for when, value in figures.items()]
    world.by("marc", RecordFigures({"thefts": tuple(made)}))


def recorded(world: World, at: datetime | None = None) -> Recorded:
    return recorded_of(world.reading, find_row(world.reading, "thefts"), at or world.clock.now(), steps=True)


def to_adjust(world: World) -> None:
    world.take("start")
    world.go_to(date(2024, 4, 8))
    world.sweep()
    world.take("record", "conclude")


def test_the_baseline_is_locked_by_the_start_of_the_plan_and_every_step_is_marked(world: World) -> None:
    measured(world, YEARS)
    before = world.clock.now()
    assert recorded(world).series.baselines == (Baseline(),)
    world.go_to(before + timedelta(days=1))
    started = world.clock.now().date()
    to_adjust(world)
    now = recorded(world)
    assert now.series.baselines == (Baseline(until=started),)
    assert [mark.label for mark in now.series.marks] == [f"{PLAN} {step}" for step in ("P→D", "D→C", "C→A")]
    assert now.series.marks[0].on == started
    assert recorded(world, before).series.baselines == (Baseline(),)
    assert recorded(world, before).steps == ()
    reading = reading_of(now) or {}
    assert reading["steps"][0] == {"plan_id": PLAN, "on": started.isoformat(), "from": "plan", "to": "do"}
    assert reading["stretches"][0]["baseline_locked"]


def test_another_baseline_holds_from_its_period_since_it_was_decided(world: World) -> None:
    measured(world, YEARS)
    to_adjust(world)
    before = world.clock.now()
    world.go_to(before + timedelta(days=1))
    stated = record_of(StatedBaseline, {"value": 50, "period": "2023"}, "nl", "a test")
    world.by("sofie", Rebase(PLAN, "thefts", stated, "De telling veranderde."))
    assert recorded(world).series.baselines[1:] == (Baseline(date(2023, 1, 1), date(2023, 12, 31)),)
    assert recorded(world, before).series.baselines[1:] == ()


def test_the_judgement_of_every_indicator_is_that_of_each(world: World) -> None:
    def both(at: datetime) -> None:
        found, one = judged_of_every(world.reading, at)["thefts"], recorded(world, at)
        assert found.course == one.series.course
        assert (found.target, found.stated) == (one.target, one.stated)

    moments = [world.clock.now()]
    # A figure, and then one that has decimals, one about an area, one that is missing, a revision and a choice.
    both(moments[0])
    noord = {"period": "2022", "value": 3, "scope": "Noord, en \u201cZuid\u201d\x1f2:"}
    missing = {"period": "2020", "missing": "Niet geteld."}
    for stated in ({"period": "2021", "value": 48}, {"period": "2022", "value": Decimal("52.5")}, noord, missing):
        world.go_to(moments[-1] + timedelta(days=1))
        world.by("marc", RecordFigures({"thefts": [record_of(Measurement, stated, "nl", "a test")]}))
        moments.append(world.clock.now())
    world.go_to(moments[-1] + timedelta(days=1))
    measured(world, {"2021": 50})
    world.go_to(world.clock.now() + timedelta(days=1))
    moments.append(world.clock.now())
    world.by("marc", RetainFigure("thefts", "2021", 1, "Nageteld."))
    target = {"period": "2022", "op": "<", "value": 51}
    world.by("sofie", SetTarget("thefts", record_of(Target, target, "nl", "a test")))
    broken = record_of(SeriesBreak, {"period": "2022", "reason": "Anders geteld."}, "nl", "a test")
    world.by("marc", MarkBreak("thefts", broken))
    to_adjust(world)
    for at in (*moments, world.clock.now()):
        both(at)
    course = judged_of_every(world.reading, world.clock.now())["thefts"].course
    assert course.figures == whole([None, Decimal(48), Decimal("52.5")])
    assert course.breaks == (date(2022, 12, 31),)


def test_figures_that_are_judged_come_over_in_one_row_for_each_indicator(world: World) -> None:
    def read() -> Rows:
        counting = Rows(world.reading)
        judged_of_every(counting, world.clock.now())
        return counting

    measured(world, {"2020": 47})
    few = read()
    measured(world, YEARS)
    many = read()
    assert (many.rows, many.names) == (few.rows, few.names)
    measured(world, {"2020": 46})
    revised = read()
    assert set(revised.names) - set(many.names) == {"figures_of_indicators"}
    assert revised.rows == many.rows + len(YEARS) + 2


def test_the_target_that_figures_are_held_against_is_the_one_known_then(world: World) -> None:
    measured(world, YEARS)
    before = world.clock.now()
    world.go_to(before + timedelta(days=1))
    target = {"period": "2023", "op": "<", "value": 51}
    number = world.by("sofie", SetTarget("thefts", record_of(Target, target, "nl", "a test"))).summary["number"]
    now = recorded(world)
    asked = aimed_at(world.reading, now, world.clock.now(), world.clock.now().date()) or {}
    assert (asked["number"], asked["value"], asked["judgement"]) == (number, "51", "met")
    earlier = recorded(world, before)
    assert earlier.stated is None or earlier.stated["number"] != number


def test_the_shape_of_a_series_has_its_breaks(world: World) -> None:
    measured(world, YEARS)
    broken = record_of(SeriesBreak, {"period": "2023", "reason": "Anders geteld."}, "nl", "a test")
    before = world.clock.now()
    world.go_to(before + timedelta(days=1))
    world.by("marc", MarkBreak("thefts", broken))
    assert shapes(world.reading, world.clock.now())["thefts"].breaks_at() == {2: "Anders geteld."}
    assert shapes(world.reading, before)["thefts"].breaks_at() == {}
    assert recorded(world).series.breaks_at() == {2: "Anders geteld."}


def test_a_step_within_a_phase_or_one_that_was_refused_is_no_step_of_pdca() -> None:
    states = tuple(State(name, {"nl": name}, phase) for name, phase in (("a", "plan"), ("b", "plan"), ("c", "do")))
    definition = replace(load("zvp"), states=states)
    event: dict[str, Any] = {
        "stream": PLAN,
        "seq": 1,
        "prev": None,
        "kind": "plan.advanced",
        "plan": PLAN,
        "actor": "U-001",
        "source": "cli",
        "at": "2024-01-31T23:30:00.000000Z",
    }
    bodies = [
        build_body(**event, from_state="a", to_state="b"),
        build_body(**event, from_state="b", to_state="c", refused=["nobody-leads"]),
        build_body(**event, from_state="b", to_state="c"),
    ]
    events = map(read_body, bodies)
    assert list(steps_in(events, definition, "Europe/Brussels")) == [
        Step(PLAN, date(2024, 2, 1), "plan", "do", f"{PLAN} P→D")
    ]
