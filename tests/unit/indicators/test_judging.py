"""A result stands to a target in more ways than met and not met."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pdca.indicators.judging import direction_of, exceeded, judge
from pdca.indicators.known import HeldFigure, before, held_figures
from pdca.indicators.words import JUDGEMENT

TODAY = date(2025, 6, 1)


def figure(period: str, value: str | None, **more: object) -> dict[str, Any]:
    row = {"period": period, "number": 1, "value": value, "scope": None, "approximate": 0, "known_at": "2020"}
    return {**row, "missing_reason": None if value else "not counted", **more}


def series(*rows: dict[str, Any], breaks: Sequence[dict[str, Any]] = ()) -> list[HeldFigure]:
    return held_figures(rows, (), breaks)


def target(**said: object) -> dict[str, Any]:
    names = ("period", "by_date", "op", "value", "upto", "words", "direction", "determined_by")
    return {**dict.fromkeys(names), **said}


YEARS = series(figure("2022", "12"), figure("2023", "11"), figure("2024", "9"))


@pytest.mark.parametrize(
    ("wanted", "found", "word", "result"),
    [
        (target(period="2024", op="<", value="10"), YEARS, "met", "2024"),
        (target(period="2024", op="<", value="9"), YEARS, "partly", "2024"),
        (target(period="2024", op=">", value="9"), YEARS, "not_met", "2024"),
        (target(period="2023", op="<", value="10"), YEARS, "too_late", "2024"),
        (target(period="2025", op="<", value="10"), YEARS, "not_yet", None),
        (target(by_date="2030", op="<", value="8"), YEARS, "not_yet", "2024"),
        (target(by_date="2030", op="<", value="10"), YEARS, "met", "2024"),
        (target(by_date="2023-12-31", op="<=", value="11"), YEARS, "met", "2023"),
        (target(period="2021", op="<", value="10"), YEARS, "no_result", None),
        (target(period="2024-02", op="<", value="10"), YEARS, "not_linked", None),
        (target(period="2024", op="range", value="9", upto="10"), YEARS, "met", "2024"),
        (target(period="2022", op="range", value="9", upto="10"), YEARS[:1], "not_met", "2022"),
        (target(period="2024", words="{}", direction="down"), YEARS, "met", "2024"),
        (target(period="2024", words="{}", direction="up"), YEARS, "not_met", "2024"),
        (target(period="2022", direction="down"), YEARS, "not_comparable", "2022"),
        (target(direction="none"), YEARS, "renders_account", "2024"),
        (target(words="{}"), YEARS, "in_words", "2024"),
        (target(direction="hold"), YEARS, "in_words", "2024"),
        (target(determined_by="2025-12"), YEARS, "to_be_determined", None),
        (target(determined_by="2025-05"), YEARS, "undetermined", None),
        (target(op="<"), YEARS, "to_be_determined", None),
        (None, YEARS, "no_target", "2024"),
    ],
)
def test_a_target_is_judged_in_words(
    wanted: dict[str, Any] | None, found: list[HeldFigure], word: str, result: str | None
) -> None:
    judged = judge(wanted, found, TODAY)
    assert (judged.word, judged.result.period.text if judged.result else None) == (word, result)


def test_every_judgement_has_words() -> None:
    assert set(JUDGEMENT) == {
        *("met", "not_met", "partly", "too_late", "not_yet", "no_result", "no_target", "not_linked", "not_comparable"),
        *("renders_account", "in_words", "to_be_determined", "undetermined"),
    }


def test_what_is_missing_is_no_result_and_never_zero() -> None:
    judged = judge(target(period="2024", op="<", value="10"), series(figure("2024", None)), TODAY)
    assert judged.word == "no_result"
    assert judged.result is not None
    assert judged.result.value is None


def test_a_break_or_another_scope_parts_figures_and_what_is_missing_does_not() -> None:
    found = series(figure("2021", "1"), figure("2022", None), figure("2023", "3"))
    assert before(found, 2) == (found[0], None)
    broken = series(*(one.figure for one in found), breaks=[{"period": "2022", "reason": "new registration"}])
    assert before(broken, 2) == (None, "new registration")
    other = series(figure("2017", "70", scope="region"), figure("2018", "39", scope="city"))
    assert before(other, 1) == (None, "region → city")


def test_figures_about_periods_of_another_length_do_not_compare() -> None:
    found = series(figure("2023", "120"), figure("2024-01", "9"), figure("2024", "110"))
    assert before(found, 1)[0] is None
    assert before(found, 2)[0] is found[0]


def test_what_is_reached_after_a_break_is_not_reached_late() -> None:
    found = series(figure("2023", "12"), figure("2024", "9"), breaks=[{"period": "2024", "reason": "x"}])
    assert judge(target(period="2023", op="<", value="10"), found, TODAY).word == "not_met"


def test_a_target_that_asks_for_less_than_was_reached_is_noticed_while_it_is_to_come() -> None:
    def noticed(**said: object) -> bool:
        return exceeded(target(**said), YEARS) is not None

    assert noticed(period="2026", op="<=", value="10")
    assert not noticed(period="2026", op="<=", value="9")
    assert not noticed(period="2026-02", op="<=", value="10")
    assert noticed(by_date="2030", op=">=", value="8")
    assert not noticed(period="2024", op="<=", value="10")
    assert noticed(op="=", value="10", direction="down")
    assert not noticed(op="=", value="10")


def test_the_operator_tells_the_direction_unless_that_is_stated() -> None:
    assert direction_of(target(op="<", value="1")) == "down"
    assert direction_of(target(op="<", value="1", direction="none")) == "none"
    assert direction_of(target(words="{}")) is None


def test_among_several_the_one_chosen_holds_and_otherwise_the_one_known_last() -> None:
    first, later = figure("2017", "907", known_at="2018"), figure("2017", "956", number=2, known_at="2019")
    [point] = held_figures([later, first], (), ())
    assert point.value == Decimal(956)
    [point] = held_figures([later, first], [{"period": "2017", "number": 1}], ())
    assert point.value == Decimal(907)
