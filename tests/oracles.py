"""Two other programs that compute XmR charts, asked the same questions as ours: what they agree on, and what not.

`pycontrolcharts` (Python, pandas) and `controlchartspy` (the JavaScript of the SPC charts of an Australian
department of health) share no code and no authors. Every series here begins with the same baseline, `BASELINE`.
"""

import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final

from controlchartspy import spc
from pycontrolcharts import RunTestConfig, calc_xmr, run_tests_with_custom_limits

from pdca.indicators.reading import read
from pdca.indicators.series import Baseline, Point, Series
from pdca.indicators.signals import RUN, Rule

BASELINE: Final = (10.0, 12.0) * 6
"""Mean 11, every moving range 2: limits at 5.68 and 16.32, near them from 7.45 and 14.55."""

AGREED: Final = 1e-6
"""Two results that differ by less are the same, per unit of what was measured."""

FIRST: Final = date(2000, 1, 31)


def series_of(values: Sequence[float | None], baseline: int | None = None) -> Series:
    """Make a series with a figure a day; the first `baseline` figures are a locked baseline."""
    points = tuple(
        Point(
            str(at),
            FIRST + timedelta(days=at),
            None if value is None else Decimal(repr(value)),
            "not counted" if value is None else "",
        )
        for at, value in enumerate(values)
    )
    locked = () if baseline is None else (Baseline(until=FIRST + timedelta(days=baseline - 1)),)
    return Series(points, locked)


Flagged = Mapping[Rule, set[int]]


@dataclass(frozen=True, slots=True)
class Lines:
    """What a program computes of a series; all of it is the baseline unless something else is said."""

    centre: float
    lower: float
    upper: float
    near_lower: float
    near_upper: float


def ours(values: Sequence[float], baseline: int | None = None) -> Lines:
    now = read(series_of(values, baseline)).now
    assert now
    limits = now.limits
    assert limits
    lines = limits.lower, limits.upper, limits.near_lower, limits.near_upper
    return Lines(float(limits.centre), *(float(line) for line in lines if line is not None))


def of_pycontrolcharts(values: Sequence[float], baseline: int | None = None) -> Lines:
    first = calc_xmr(list(values[:baseline]), run_tests=False).iloc[0]
    return Lines(*(float(first[name]) for name in ("center_line", "lcl", "ucl", "sigma_2_lower", "sigma_2_upper")))


def of_controlchartspy(values: Sequence[float], baseline: int | None = None) -> Lines:
    first = _spc(values, baseline or len(values))[0]
    return Lines(*(_number(first[name]) for name in ("target", "ll99", "ul99", "ll95", "ul95")))


def our_signals(values: Sequence[float], baseline: int | None) -> Flagged:
    now = read(series_of(values, baseline)).now
    assert now
    return {rule: {at for one in now.signals if one.rule == rule for at in one.at} for rule in _PYCONTROLCHARTS}


_PYCONTROLCHARTS: Final[dict[Rule, tuple[int, int]]] = {
    "outside": (1, 2),
    "run": (3, 4),
    "trend": (5, 6),
    "near": (7, 8),
}
_CONTROLCHARTSPY: Final[dict[Rule, str]] = {
    "outside": "astpoint",
    "run": "shift",
    "trend": "trend",
    "near": "two_in_three",
}


def pycontrolcharts_signals(values: Sequence[float], baseline: int | None, trend: int = 6) -> Flagged:
    lines = of_pycontrolcharts(values, baseline)
    found = run_tests_with_custom_limits(
        list(values),
        limits={
            "center_line": lines.centre,
            "ucl": lines.upper,
            "lcl": lines.lower,
            "sigma_2_upper": lines.near_upper,
            "sigma_2_lower": lines.near_lower,
        },
        run_tests=RunTestConfig(test2_n=RUN, test3_n=trend, test6=False),
    )["violations"]
    return {
        rule: {at for at, all_of_it in enumerate(found) if any(one["type"] in types for one in all_of_it)}
        for rule, types in _PYCONTROLCHARTS.items()
    }


def controlchartspy_signals(values: Sequence[float], baseline: int | None, trend: int = 7) -> Flagged:
    rows = _spc(values, baseline or len(values), trend=trend)
    return {rule: {at for at, row in enumerate(rows) if row[name] != "none"} for rule, name in _CONTROLCHARTSPY.items()}


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _spc(
    values: Sequence[float | None], baseline: int, *, chart: str = "i", jumps_count: bool = True, trend: int = 7
) -> list[dict[str, object]]:
    return _asked(tuple(values), baseline, chart, jumps_count, trend)


@cache
def _asked(
    values: tuple[float | None, ...], baseline: int, chart: str, jumps_count: bool, trend: int
) -> list[dict[str, object]]:
    found = spc(
        {"period": [f"{at:03d}" for at in range(len(values))], "figure": list(values)},
        "period",
        "figure",
        spc_settings={"chart_type": chart, "outliers_in_limits": jumps_count, "num_points_subset": baseline},
        outlier_settings={
            "astronomical": True,
            "shift": True,
            "shift_n": RUN,
            "trend": True,
            "trend_n": trend,
            "two_in_three": True,
            "process_flag_type": "both",
        },
        return_objs="limits",
    ).limits
    assert found
    return found


Cells = tuple[str, str, str]


def _by_all(rule: Rule, later: Sequence[float], yes: str, no: str) -> Cells:
    """Ask all three whether figures after the baseline make a rule fire."""
    values = [*BASELINE, *later]
    many = len(BASELINE)
    answers = (signals(values, many) for signals in (our_signals, pycontrolcharts_signals, controlchartspy_signals))
    ours, second, third = (yes if any(at >= many for at in found[rule]) else no for found in answers)
    return ours, second, third


def _range_limit() -> Cells:
    now = read(series_of(BASELINE)).now
    assert now
    assert now.limits
    assert now.limits.range_limit
    own = float(now.limits.range_limit)
    second = float(calc_xmr(list(BASELINE), run_tests=False).iloc[-1]["variation_ucl"])
    third = _number(_spc(BASELINE, len(BASELINE), chart="mr")[0]["ul99"])
    return f"{own / 2:.3f}", f"{second / 2:.3f}", f"{third / 2:.3f}"


def _jumps() -> Cells:
    """The limits of a baseline with one jump: is the mean moving range the mean of all?"""
    values = [*BASELINE, 40.0, 12.0]
    ranges = [abs(after - before) for before, after in pairwise(values)]
    whole = 3 / 1.128 * sum(ranges) / len(ranges)
    third = _spc(values, len(values), jumps_count=False)[0]
    spans = (
        ours(values).upper - ours(values).centre,
        of_pycontrolcharts(values).upper - of_pycontrolcharts(values).centre,
        _number(third["ul99"]) - _number(third["target"]),
    )
    first, second, last = ("counted" if abs(span - whole) < AGREED else "left out" for span in spans)
    return first, second, last


def _gap() -> Cells:
    """A missing figure between 12 and 20: a moving range of 8 over it, none, or no limits any more."""
    values = [*BASELINE, None, 20.0]
    given = [value for value in values if value is not None]
    closed = 3 / 1.128 * (11 * 2 + 8) / 12
    now = read(series_of(values)).now
    assert now
    assert now.limits
    assert now.limits.upper is not None
    own = float(now.limits.upper - now.limits.centre)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it takes the row out
        third = _spc(values, len(given))[0]
    second = calc_xmr([float("nan") if value is None else value for value in values], run_tests=False).iloc[0]
    spans = own, float(second["ucl"] - second["center_line"]), _number(third["ul99"]) - _number(third["target"])
    words = (
        "no limits at all" if math.isnan(span) else "taken" if abs(span - closed) < AGREED else "there is none"
        for span in spans
    )
    first, middle, last = words
    return first, middle, last


def _trend_length() -> Cells:
    """How many rising figures, in the middle of a series, make a trend of 7."""

    def least(signals: Callable[[Sequence[float]], Flagged]) -> str:
        for many in range(4, 12):
            # They begin lower than the figure before them, so that the rise begins with the first of them.
            later = [8 + 0.5 * at for at in range(many)]
            if any(at >= len(BASELINE) for at in signals([*BASELINE, *later])["trend"]):
                return f"{many} figures"
        return "never"

    many = len(BASELINE)
    return (
        least(lambda values: our_signals(values, many)),
        least(lambda values: pycontrolcharts_signals(values, many, trend=7)),
        least(lambda values: controlchartspy_signals(values, many, trend=7)),
    )


def _baseline_judged() -> Cells:
    """A figure far outside, in the baseline itself."""
    values = [*BASELINE[:6], 100.0, *BASELINE[6:], 11.0]
    many = len(values) - 1
    answers = (signals(values, many) for signals in (our_signals, pycontrolcharts_signals, controlchartspy_signals))
    first, second, third = ("judged" if 6 in found["outside"] else "apart" for found in answers)
    return first, second, third


def _floor() -> Cells:
    """The lower limit of figures that move around 1."""
    values = [0.0, 2.0] * 6
    now = read(Series(series_of(values).points, lowest=Decimal(0))).now
    assert now
    assert now.limits
    assert now.limits.lower is not None
    lows = float(now.limits.lower), of_pycontrolcharts(values).lower, of_controlchartspy(values).lower
    first, second, third = ("at 0" if low == 0 else "below 0" for low in lows)
    return first, second, third


CONVENTIONS: Final[dict[str, Callable[[], Cells]]] = {
    "The moving range's limit, times their mean": _range_limit,
    "Moving ranges beyond that limit, in their mean": _jumps,
    "A moving range over a missing figure": _gap,
    "The lower limit of a count that would be negative": _floor,
    "Figures of the baseline": _baseline_judged,
    "A figure on the mean, in a run": lambda: _by_all(
        "run", [10, 12, 12, 12, 11, 12, 12, 12, 12], "passed over", "ends it"
    ),
    "A trend of 7": _trend_length,
    "Equal neighbours, in a trend": lambda: _by_all("trend", [8, 9, 10, 10, 11, 12, 13, 14], "passed over", "end it"),
    "Seven figures that rise, two of them equal": lambda: _by_all(
        "trend", [8, 9, 10, 10, 11, 12, 13], "a trend", "none"
    ),
    "A figure outside, in two of three": lambda: _by_all("near", [17, 11.5, 14.7, 10], "counts", "does not"),
    "The third of two of three across the mean": lambda: _by_all("near", [14.6, 10, 14.7, 10], "allowed", "ends it"),
}
"""What is asked, and the answers of ours, pycontrolcharts and controlchartspy. The page
docs/explanation/reading-a-series.md shows them."""
