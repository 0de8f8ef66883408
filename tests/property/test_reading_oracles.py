"""Limits and signals against two other programs, on a thousand random series."""

import random
from collections.abc import Callable, Sequence
from dataclasses import astuple

import pytest

from tests import oracles
from tests.oracles import AGREED, Flagged, Lines

SERIES = 1000


def random_series(number: int) -> tuple[float, ...]:
    """Make a series with a size, a unit and a shape of its own: level, drifting or jumping, in round figures or not."""
    chance = random.Random(number)  # noqa: S311 - the same series at every run
    many = chance.randint(12, 60)
    unit = 10 ** chance.randint(-2, 5)
    places = chance.choice((0, 1, 2, 6))
    drift = chance.choice((0, 0, chance.uniform(-0.3, 0.3)))
    jump_at = chance.choice((many, chance.randrange(many)))
    level = chance.uniform(-20, 20)
    return tuple(
        round(unit * (level + drift * at + (3 if at >= jump_at else 0) + chance.gauss(0, 1)), places)
        for at in range(many)
    )


ALL = [random_series(number) for number in range(SERIES)]


def differing(
    series: Sequence[Sequence[float]],
    oracle: Callable[[Sequence[float], int | None], Lines],
    baseline: int | None = None,
) -> list[object]:
    wrong: list[object] = []
    for number, values in enumerate(series):
        unit = max(1.0, *map(abs, values))
        found, expected = astuple(oracles.ours(values, baseline)), astuple(oracle(values, baseline))
        if any(abs(one - other) > AGREED * unit for one, other in zip(found, expected, strict=True)):
            wrong.append((number, found, expected))
    return wrong


oracle_of_limits = pytest.mark.parametrize(
    "oracle", [oracles.of_pycontrolcharts, oracles.of_controlchartspy], ids=["pycontrolcharts", "controlchartspy"]
)


@oracle_of_limits
def test_limits_agree_with_those_of_another_program(
    oracle: Callable[[Sequence[float], int | None], Lines],
) -> None:
    wrong = differing(ALL, oracle)
    assert not wrong, wrong[:3]


@oracle_of_limits
def test_limits_of_a_locked_baseline_agree_with_those_of_another_program(
    oracle: Callable[[Sequence[float], int | None], Lines],
) -> None:
    wrong = differing(ALL[: SERIES // 10], oracle, baseline=7)
    assert not wrong, wrong[:3]


@pytest.mark.parametrize(
    ("oracle", "rules"),
    [
        (oracles.pycontrolcharts_signals, ("outside", "run")),
        (oracles.controlchartspy_signals, ("outside", "run", "trend", "near")),
    ],
    ids=["pycontrolcharts", "controlchartspy"],
)
def test_signals_are_those_of_another_program_where_conventions_are_the_same(
    oracle: Callable[[Sequence[float], None], Flagged], rules: Sequence[str]
) -> None:
    wrong = []
    # Figures that can be equal, or lie on a line, are where conventions part.
    for number, values in enumerate(ALL):
        if len(set(values)) < len(values):
            continue
        found, expected = oracles.our_signals(values, None), oracle(values, None)
        wrong += [
            (number, rule, found[rule], expected[rule])
            for rule in found
            if rule in rules and found[rule] != expected[rule]
        ]
    assert not wrong, (len(wrong), wrong[:5])


def test_the_random_series_make_every_rule_fire() -> None:
    fired = {rule for values in ALL for rule, at in oracles.our_signals(values, None).items() if at}
    assert fired == {"outside", "run", "trend", "near"}
