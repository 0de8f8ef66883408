"""From what is recorded of an indicator to a series: what is compared, with what, and against which target."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pdca.indicators.known import held_figures
from pdca.indicators.recorded import Measured, Recorded, Step, aim, recorded
from pdca.indicators.series import Baseline
from pdca.indicators.target import Target
from pdca.periods import Period, parse_period

FEIT = {"nl": "feiten"}


def row(period: str, value: str | None, **more: object) -> dict[str, Any]:
    figure = {"period": period, "value": value, "missing_reason": None if value is not None else "not counted"}
    return {"number": 1, "known_at": "2020", "scope": None, "approximate": 0, **figure, **more}


def target(number: int = 1, **said: object) -> dict[str, Any]:
    nothing = dict.fromkeys(
        ("period", "by_date", "op", "value", "upto", "words", "direction", "determined_by", "replaces")
    )
    return {**nothing, "number": number, **said}


def made(
    *rows: dict[str, Any],
    kind: str = "objective",
    unit: dict[str, str] | None = None,
    breaks: tuple[dict[str, Any], ...] = (),
    targets: tuple[dict[str, Any], ...] = (),
    plans: tuple[Measured, ...] = (),
) -> Recorded:
    return recorded(kind, unit or FEIT, held_figures(rows, (), breaks), breaks, targets, plans)


def started(plan: str, day: str, rebased: tuple[tuple[str, Period], ...] = ()) -> Measured:
    on = date.fromisoformat(day)
    return Measured((Step(plan, on, "plan", "do", f"{plan} P→D"),), rebased)


def periods(of: Recorded) -> list[str]:
    return [point.period for point in of.series.points]


def test_figures_about_periods_of_another_length_are_left_out_and_named() -> None:
    found = made(row("2022", "1"), row("2023-01", "2"), row("2023-02", "3"), row("2023-H1", "9"), row("2023-03", "4"))
    assert periods(found) == ["2023-01", "2023-02", "2023-03"]
    assert found.left_out == ("2022", "2023-H1")


def test_of_two_lengths_that_are_as_common_the_newest_is_compared() -> None:
    assert periods(made(row("2022", "1"), row("2023-01", "2"))) == ["2023-01"]
    assert periods(made(row("2023-01", "2"), row("2023", "1"))) == ["2023"]


def test_a_missing_figure_does_not_decide_on_the_length_and_stays_a_gap() -> None:
    found = made(row("2021", None), row("2022", None), row("2023-01", "2"), row("2023-02", None, missing_reason=None))
    assert [(point.value, point.missing) for point in found.series.points] == [(Decimal(2), ""), (None, "…")]


def test_of_two_periods_that_end_together_the_one_with_a_figure_is_compared() -> None:
    found = made(
        row("2022-06-15/2022-09-15", "5"), row("2023-06-15/2023-09-15", "7"), row("2023-06-16/2023-09-15", None)
    )
    assert periods(found) == ["2022-06-15/2022-09-15", "2023-06-15/2023-09-15"]
    assert found.left_out == ("2023-06-16/2023-09-15",)


def test_without_a_figure_there_is_no_series() -> None:
    assert made(row("2023", None)).series.points == ()
    assert made().series.points == ()


def test_what_parts_the_figures_that_are_compared_is_a_break() -> None:
    broken = {"period": "2023", "reason": "another way"}
    assert made(row("2022", "1"), row("2023", "2"), breaks=(broken,)).series.breaks_at() == {1: "another way"}
    other_area = made(row("2022", "1", scope="region"), row("2023", "2", scope="city")).series.breaks_at()
    assert other_area == {1: "region → city"}


def test_a_figure_that_is_left_out_parts_nothing() -> None:
    found = made(row("2021", "1"), row("2022", "2"), row("2023-03", "3", scope="Vorst"), row("2023", "3"))
    assert found.series.breaks_at() == {}


def test_before_the_start_of_a_plan_is_the_baseline() -> None:
    years = [row(str(year), "5") for year in range(2019, 2024)]
    assert made(*years).series.baselines == (Baseline(),)
    later = started("P-002", "2022-02-01")
    assert made(*years, plans=(later, started("P-001", "2021-03-01"))).series.baselines == (
        Baseline(until=date(2021, 3, 1)),
    )
    # A plan that started before anything was counted has no baseline in the series.
    assert made(*years, plans=(started("P-000", "2018-01-01"), later)).series.baselines == (
        Baseline(until=date(2022, 2, 1)),
    )


def test_a_later_decision_takes_the_place_of_baselines_that_begin_no_earlier() -> None:
    years = [row(str(year), "5") for year in range(2019, 2025)]
    decided = (("2024-05-01", parse_period("2023")), ("2024-07-01", parse_period("2022/2023")))
    found = made(*years, plans=(started("P-001", "2021-03-01", rebased=decided),)).series
    assert found.baselines == (Baseline(until=date(2021, 3, 1)), Baseline(date(2022, 1, 1), date(2023, 12, 31)))


def test_what_happened_before_the_series_is_not_marked_on_it() -> None:
    plans = (started("P-001", "2019-12-31"), started("P-002", "2020-01-01"))
    found = made(row("2020", "5"), plans=plans)
    assert [mark.label for mark in found.series.marks] == ["P-002 P→D"]
    assert [step.plan_id for step in found.steps] == ["P-001", "P-002"]


@pytest.mark.parametrize(
    ("kind", "unit", "value", "lowest"),
    [
        ("objective", "feiten", "3", 0),
        ("activity", "pv", "3", 0),
        ("subjective", "%", "3", 0),
        ("subjective", "score", "3", None),
        ("objective", "% t.o.v. vorig jaar", "3", None),
        ("objective", "saldo", "-3", None),
        ("objective", "rank", "3", 1),
    ],
)
def test_what_is_counted_cannot_fall_below_nothing(kind: str, unit: str, value: str, lowest: int | None) -> None:
    found = made(row("2020", value), kind=kind, unit={"nl": unit}).series.lowest
    assert found == (None if lowest is None else Decimal(lowest))


@pytest.mark.parametrize(
    ("said", "unit", "expected"),
    [
        ({"op": "<", "value": "5"}, "feiten", Target("down", operator="<", value=Decimal(5))),
        ({"op": ">=", "value": "5", "direction": "hold"}, "%", Target("hold", operator=">=", value=Decimal(5))),
        ({"op": "range", "value": "2", "upto": "4"}, "%", Target("range", low=Decimal(2), high=Decimal(4))),
        ({"op": "<=", "value": "3"}, "rank", Target("down", "rank", operator="<=", value=Decimal(3))),
        ({"words": '{"nl": "dalend"}'}, "feiten", Target("none", "words")),
        ({"direction": "down"}, "feiten", Target("down", "words")),
        ({"op": "<"}, "feiten", Target("down", "undetermined")),
        ({"determined_by": "2026"}, "feiten", Target("none", "undetermined")),
    ],
)
def test_a_recorded_target_in_the_form_figures_are_held_against(
    said: dict[str, Any], unit: str, expected: Target
) -> None:
    assert aim(target(**said), {"nl": unit}) == expected


@pytest.mark.parametrize(
    ("period", "number"), [("2022", 1), ("2023", 1), ("2024", 3), ("2025", 3), ("2026", 5), ("2028", 5), (None, 5)]
)
def test_figures_are_held_against_the_target_that_the_newest_comes_under(period: str | None, number: int) -> None:
    targets = (
        target(1, period="2023", direction="up"),
        target(2, by_date="2025", op="<", value="5"),
        target(3, by_date="2025", op="<", value="6", replaces=2),
        target(4, direction="down"),
        target(5, period="2027", op=">", value="7"),
    )
    found = made(*([row(period, "4"), row("2029", None)] if period else []), targets=targets)
    assert (found.stated or {})["number"] == number


def test_where_no_target_has_a_time_the_last_is_held_against() -> None:
    found = made(row("2023", "4"), targets=(target(1, direction="up"), target(2, op="<", value="6")))
    assert found.target == Target("down", operator="<", value=Decimal(6))
    assert made(row("2023", "4")).target is None


def test_a_target_of_a_year_is_held_against_no_month() -> None:
    months = [row(f"2023-{month:02}", "30") for month in range(1, 13)]
    of_the_year = target(1, period="2023", op="<=", value="300")
    assert made(*months, targets=(of_the_year,)).target == Target("down", "other_length")
    of_a_month = target(2, period="2024-01", op="<=", value="25")
    assert made(*months, targets=(of_the_year, of_a_month)).target == Target("down", operator="<=", value=Decimal(25))
    until_a_day = target(2, by_date="2030", op="<=", value="20")
    assert made(*months, targets=(of_the_year, until_a_day)).target == Target("down", operator="<=", value=Decimal(20))
