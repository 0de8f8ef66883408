"""What must hold of a reading whatever the figures are."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from pdca.indicators import limits as lines
from pdca.indicators.assurance import Assurance, assurance
from pdca.indicators.chart import chart
from pdca.indicators.layout import ASCII, UNICODE, Glyphs
from pdca.indicators.limits import Limits, moving_ranges, rounded
from pdca.indicators.limits import whole as in_whole
from pdca.indicators.reading import Reading, Variation, read, variation
from pdca.indicators.series import Baseline, Break, Mark, Point, Series
from pdca.indicators.signals import Signal, latest, signals
from pdca.indicators.sparkline import sparkline
from pdca.indicators.target import Target

FIRST = date(2000, 1, 1)

Values = list[Fraction | None]

whole = st.integers(-40, 40)
figures = st.decimals(-10_000, 10_000, places=2, allow_nan=False)
values = st.lists(st.none() | whole.map(Fraction), min_size=2, max_size=40)
numbers = st.lists(figures | whole.map(Decimal), min_size=12, max_size=40)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def series_of(given_figures: list[Decimal] | list[Decimal | None], baseline: int | None = None) -> Series:
    points = tuple(
        Point(str(at), day(at), value, "" if value is not None else "not counted")
        for at, value in enumerate(given_figures)
    )
    return Series(points, () if baseline is None else (Baseline(until=day(baseline - 1)),))


def xmr_chart(of: Values) -> Limits | None:
    numbers = in_whole(of)
    return lines.xmr_chart(numbers.measure, numbers.parts(0, len(of)))


def found(of: Values) -> tuple[Signal, ...]:
    limits = xmr_chart(of)
    return signals(in_whole(of), limits, 0, len(of)) if limits else ()


def ranges(of: Values) -> list[int]:
    return sorted(one or 0 for one in moving_ranges(in_whole(of).numbers))


@given(values)
def test_the_limits_enclose_the_mean_and_the_near_lines_lie_between(of: Values) -> None:
    limits = xmr_chart(of)
    assume(limits)
    assert limits
    lines = limits.lower, limits.near_lower, limits.centre, limits.near_upper, limits.upper
    known = [line for line in lines if line is not None]
    assert len(known) == 5
    assert known == sorted(known)
    assert limits.centre - known[0] == known[4] - limits.centre


@given(values)
def test_the_signals_that_end_last_are_found_without_the_others(of: Values) -> None:
    every, limits = found(of), xmr_chart(of)
    assume(limits)
    assert limits
    ending = tuple(one for one in every if one.last == every[-1].last)
    assert latest(in_whole(of), limits, 0, len(of)) == ending


@given(values, whole)
def test_to_add_the_same_to_every_figure_moves_the_lines_and_leaves_the_signals(of: Values, by: int) -> None:
    moved = [None if value is None else value + by for value in of]
    before, after = xmr_chart(of), xmr_chart(moved)
    assert (before is None) == (after is None)
    if before and after:
        assert after.centre == before.centre + by
        assert after.mean_range == before.mean_range
    assert found(of) == found(moved)


@given(values, st.fractions(Fraction(1, 100), 100))
def test_another_unit_changes_the_lines_by_as_much_and_leaves_the_signals(of: Values, times: Fraction) -> None:
    scaled = [None if value is None else value * times for value in of]
    before, after = xmr_chart(of), xmr_chart(scaled)
    if before and after and before.upper is not None:
        assert after.upper == before.upper * times
    assert found(of) == found(scaled)


@given(values)
def test_to_turn_the_sign_turns_the_side_of_every_signal(of: Values) -> None:
    turned = [None if value is None else -value for value in of]
    sides = {(one.rule, one.at): one.side for one in found(of)}
    assert {(one.rule, one.at): one.side for one in found(turned)} == {
        key: "lower" if side == "higher" else "higher" for key, side in sides.items()
    }


@given(values)
def test_read_backwards_the_lines_are_the_same_and_a_rise_is_a_fall(of: Values) -> None:
    backwards = of[::-1]
    assert xmr_chart(of) == xmr_chart(backwards)
    assert ranges(of) == ranges(backwards)
    last = len(of) - 1

    def seen(signals_of: tuple[Signal, ...], rule: str) -> set[tuple[str, tuple[int, ...]]]:
        return {(one.side, one.at) for one in signals_of if one.rule == rule}

    for rule in ("outside", "run", "near"):
        mirrored = {(side, tuple(last - at for at in reversed(ats))) for side, ats in seen(found(backwards), rule)}
        assert seen(found(of), rule) == mirrored
    falls = {"higher": "lower", "lower": "higher"}
    assert {(side, len(ats)) for side, ats in seen(found(of), "trend")} == {
        (falls[side], len(ats)) for side, ats in seen(found(backwards), "trend")
    }


@given(numbers, st.lists(figures, max_size=20))
def test_what_comes_later_never_changes_the_lines_of_a_locked_baseline(
    baseline: list[Decimal], later: list[Decimal]
) -> None:
    before = read(series_of(baseline, len(baseline))).now
    after = read(series_of([*baseline, *later], len(baseline))).now
    assert before
    assert after
    assert before.limits == after.limits
    assert all(at >= len(baseline) for one in after.signals for at in one.at)


@given(numbers, st.lists(figures, max_size=20), st.lists(figures, max_size=8))
def test_what_is_said_of_earlier_figures_is_not_unsaid_by_later_ones(
    baseline: list[Decimal], later: list[Decimal], latest: list[Decimal]
) -> None:
    def places(reading: Reading) -> set[tuple[str, str, int]]:
        return {(one.rule, one.side, at) for one in reading.stretches[-1].signals for at in one.at}

    many = len(baseline)
    shorter, longer = (read(series_of([*baseline, *tail], many)) for tail in (later, [*later, *latest]))
    assert places(shorter) <= places(longer)


@given(numbers, st.lists(figures, max_size=20))
def test_better_one_way_is_worse_the_other_way(baseline: list[Decimal], later: list[Decimal]) -> None:
    reading = read(series_of([*baseline, *later], len(baseline)))
    up, down, none = (variation(reading, Target(direction, "words")) for direction in ("up", "down", "none"))
    opposite = {Variation.IMPROVING: Variation.WORSENING, Variation.WORSENING: Variation.IMPROVING}
    assert down is opposite.get(up, up)
    assert (none in (Variation.HIGHER, Variation.LOWER)) == (up in opposite)


@given(numbers, figures)
def test_a_target_and_its_opposite_are_met_by_turns(baseline: list[Decimal], value: Decimal) -> None:
    reading = read(series_of([*baseline, baseline[0]], len(baseline)))
    below = assurance(reading, Target("down", operator="<", value=value)).judgement
    above = assurance(reading, Target("up", operator=">=", value=value)).judgement
    turned = {Assurance.MET: Assurance.MISSED, Assurance.MISSED: Assurance.MET}
    assert above is turned.get(below, below)


@given(st.fractions(), st.integers(0, 12))
def test_a_rounded_figure_lies_within_half_a_place(value: Fraction, places: int) -> None:
    number = rounded(value, places)
    assert number is not None
    assert abs(Fraction(number) - value) <= Fraction(1, 2 * 10**places)


@st.composite
def any_series(draw: st.DrawFn) -> Series:
    given_figures = draw(st.lists(st.none() | figures, max_size=120))
    days = st.integers(-3, len(given_figures) + 3).map(day)
    since = draw(st.lists(days, max_size=3, unique=True).map(sorted))
    baselines = tuple(Baseline(one, draw(st.none() | days)) for one in since)
    return Series(
        series_of(given_figures).points,
        baselines,
        tuple(Break(one, "counted in another way") for one in draw(st.lists(days, max_size=3))),
        tuple(Mark(one, draw(st.text("abc déf", max_size=60))) for one in draw(st.lists(days, max_size=40))),
    )


@given(any_series())
def test_stretches_cover_the_series_once_and_in_order(series: Series) -> None:
    covered = [at for one in series.stretches() for at in range(one.start, one.stop)]
    assert covered == list(range(len(series.points)))
    assert all(one.start <= one.judged <= one.stop for one in series.stretches())


@given(any_series(), st.integers(2, 100), st.integers(24, 100), st.sampled_from([UNICODE, ASCII]))
def test_no_drawing_is_wider_than_asked(series: Series, narrow: int, wide: int, glyphs: Glyphs) -> None:
    spark = sparkline(series, narrow, glyphs)
    assert len(spark.line) <= narrow
    assert len(spark.marks) <= narrow
    assert all(len(line) <= wide for line in chart(series, read(series), wide, glyphs))
