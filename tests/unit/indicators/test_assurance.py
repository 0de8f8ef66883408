"""Whether a target can be relied on, and when that cannot be told."""

from decimal import Decimal
from fractions import Fraction

import pytest

from pdca.indicators.assurance import Assurance, Assured, Why, assurance
from pdca.indicators.reading import Variation, read, variation
from pdca.indicators.target import Operator, Target
from tests.unit.indicators.made import series

STEADY = [10, 12] * 6
"""Mean 11, limits near 5.7 and 16.3."""


def meets(target: Target, value: int) -> bool:
    aimed = target.aimed()
    return aimed is not None and Fraction(value) in aimed


def number(operator: Operator, value: str) -> Target:
    return Target("down", operator=operator, value=Decimal(value))


def judged(target: Target | None, *later: int) -> Assured:
    return assurance(read(series([*STEADY, *(later or (11,))], baseline=12)), target)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (number("<", "17"), Assurance.MET),
        (number("<=", "10"), Assurance.HIT_AND_MISS),
        (number("<", "5"), Assurance.MISSED),
        (number(">", "5"), Assurance.MET),
        (number(">=", "17"), Assurance.MISSED),
        (number("=", "11"), Assurance.HIT_AND_MISS),
        (number("=", "20"), Assurance.MISSED),
        (Target("range", low=Decimal(5), high=Decimal(17)), Assurance.MET),
        (Target("range", low=Decimal(8), high=Decimal(17)), Assurance.HIT_AND_MISS),
        (Target("range", low=Decimal(17), high=Decimal(20)), Assurance.MISSED),
        (Target("hold", high=Decimal(17)), Assurance.MET),
    ],
)
def test_limits_tell_whether_a_target_is_met_missed_or_left_to_chance(target: Target, expected: Assurance) -> None:
    assert judged(target).judgement is expected
    assert judged(target).why is None


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("<=", "7", Assurance.MET),
        ("<", "7", Assurance.MISSED),
        (">", "7", Assurance.MISSED),
        (">=", "7", Assurance.MET),
        ("=", "7", Assurance.MET),
    ],
)
def test_a_target_on_the_limits_is_met_only_when_it_includes_them(
    operator: Operator, value: str, expected: Assurance
) -> None:
    flat = read(series([7] * 13, baseline=12))
    assert assurance(flat, number(operator, value)).judgement is expected


def test_without_a_target_nothing_is_judged() -> None:
    assert judged(None) == Assured(Assurance.NO_TARGET)


@pytest.mark.parametrize(
    ("target", "why"),
    [
        (Target("down", "words"), Why.WORDS),
        (Target("none", "undetermined"), Why.UNDETERMINED),
        (Target("down", "other_length"), Why.OTHER_LENGTH),
        (Target("up", "rank", ">=", Decimal(20)), Why.RANK),
    ],
)
def test_limits_cannot_judge_words_ranks_other_lengths_and_what_is_to_be_determined(target: Target, why: Why) -> None:
    assert judged(target).judgement is Assurance.UNTOLD
    assert judged(target).why is why


def test_a_run_chart_has_no_limits_to_judge_by() -> None:
    few = read(series([10] * 11))
    assert assurance(few, number("<", "17")) == Assured(Assurance.UNTOLD, Why.NO_LIMITS, 11, 11)
    assert assurance(read(series([])), number("<", "17")).why is Why.NO_LIMITS


def test_a_lasting_run_means_that_the_limits_no_longer_tell() -> None:
    found = judged(number("<", "5"), *[4] * 7)
    assert found == Assured(Assurance.UNTOLD, Why.SHIFTED, 7, 7)
    assert judged(number("<", "17"), *[9] * 7, 12).judgement is Assurance.MET


def test_a_single_figure_outside_leaves_the_limits_standing() -> None:
    assert judged(number("<", "17"), 30) == Assured(Assurance.MET, None, 0, 1)


def test_figures_that_meet_the_target_are_counted_after_the_baseline() -> None:
    found = judged(number("<=", "10"), 9, 10, 11, 12)
    assert (found.met, found.of) == (2, 4)


def test_variation_and_assurance_are_apart() -> None:
    # Getting better, and yet the target is out of reach; steady, and met.
    better = read(series([*STEADY, 1], baseline=12))
    assert variation(better, number("<", "0")) is Variation.IMPROVING
    assert assurance(better, number("<", "0")).judgement is Assurance.MISSED
    steady = read(series([*STEADY, 11], baseline=12))
    assert variation(steady, number("<", "17")) is Variation.COMMON
    assert assurance(steady, number("<", "17")).judgement is Assurance.MET


@pytest.mark.parametrize(
    ("operator", "met"),
    [
        ("<", [True, False, False]),
        ("<=", [True, True, False]),
        ("=", [False, True, False]),
        (">=", [False, True, True]),
        (">", [False, False, True]),
    ],
)
def test_a_figure_meets_a_target_by_its_operator(operator: Operator, met: list[bool]) -> None:
    assert [meets(number(operator, "7"), value) for value in (6, 7, 8)] == met


def test_a_missing_figure_neither_meets_nor_misses() -> None:
    assert Target("down", "words").aimed() is None


def test_both_ends_belong_to_a_range_and_above_it_is_not_met() -> None:
    target = Target("range", low=Decimal(80), high=Decimal(85))
    assert [meets(target, value) for value in (79, 80, 85, 86)] == [False, True, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {"operator": "<"},
        {"value": Decimal(1)},
        {},
        {"operator": "<", "value": Decimal(1), "low": Decimal(1)},
        {"kind": "words", "operator": "<", "value": Decimal(1)},
        {"kind": "rank"},
    ],
)
def test_a_target_is_a_figure_or_a_range_or_words(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="an operator with a value, or a range"):
        Target("down", **wrong)  # type: ignore[arg-type]


def test_a_range_has_something_in_it() -> None:
    with pytest.raises(ValueError, match="nothing in it"):
        Target("range", low=Decimal(2), high=Decimal(1))
