"""Contestants have their turn in each round, and what is made of their seconds is told rightly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.contest import Contestant, Result, contest
from benchmarks.figures import Bound, Figure
from benchmarks.worker import seconds_of

IDLER = "tests.unit.benchmarks.idler"
TELLER = "tests.unit.benchmarks.teller"


def test_each_contestant_is_timed_in_every_round_but_the_first() -> None:
    result = contest([Contestant("one", "ours", IDLER), Contestant("other", "limit", IDLER)], count=3, rounds=4)
    assert {name: len(seconds) for name, seconds in result.seconds.items()} == {"one": 4, "other": 4}
    assert all(seconds > 0 for each in result.seconds.values() for seconds in each)


def test_one_that_does_a_part_is_judged_by_its_rate(tmp_path: Path) -> None:
    slow = Contestant("slow", "ours", TELLER, {"notes": str(tmp_path), "name": "slow"}, part=5)
    assert contest([slow], count=10, rounds=1).seconds == {"slow": [5]}
    assert [path.name for path in tmp_path.iterdir()] == ["slow 0 of 1: 2"]


def test_a_round_that_several_share_takes_as_long_as_the_last_of_them(tmp_path: Path) -> None:
    many = Contestant("many", "ours", TELLER, {"notes": str(tmp_path), "name": "many"}, at_once=3)
    result = contest([many], count=10, rounds=1)
    assert (result.seconds, result.peak_kib) == ({"many": [3]}, {"many": 3})
    assert {path.name for path in tmp_path.iterdir()} == {f"many {number} of 3: 10" for number in range(3)}


def test_what_a_round_needs_first_is_not_timed() -> None:
    now = 0

    def takes(seconds: int) -> None:
        nonlocal now
        now += seconds

    def work(number: int) -> Callable[[], None]:
        takes(100)
        return lambda: takes(number)

    assert seconds_of(work, 3, now=lambda: now) == 3
    assert seconds_of(takes, 7, now=lambda: now) == 7


def test_a_contestant_that_ends_is_named_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match=r"(?s)weary has ended: .*enough of it"):
        contest([Contestant("weary", "ours", IDLER, {"ends": 1})], count=1, rounds=2)


def test_a_ratio_is_the_median_of_those_within_the_rounds_and_not_the_ratio_of_the_medians() -> None:
    result = Result(10, {"ours": [1.0, 8.0, 3.0], "limit": [2.0, 4.0, 3.0]})
    assert result.ratio("ours", "limit") == pytest.approx(1.0)
    assert result.ratio("limit", "ours") == pytest.approx(1.0)
    assert result.rate("ours") == pytest.approx(10 / 3)
    assert Result(1, {"ours": [1.0], "limit": [4.0]}).ratio("ours", "limit") == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("bound", "ratio", "verdict"),
    [
        (Bound(0.6), 0.6, "met"),
        (Bound(0.6), 0.59, "SHORT"),
        (Bound(5, most=True), 5.0, "met"),
        (Bound(5, most=True), 5.1, "SHORT"),
        (None, 0.1, ""),
    ],
)
def test_a_figure_says_whether_it_was_met(bound: Bound | None, ratio: float, verdict: str) -> None:
    figure = Figure("a bench", "ours", "theirs", ratio, bound, 1234.0)
    assert figure.verdict == verdict
    assert f" | 1,234 | {ratio:.2f} | " in figure.line()
    assert figure.line().endswith(f" | {verdict} |")
