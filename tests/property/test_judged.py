"""Figures are judged side by side as they are judged one by one, whatever was revised, chosen, parted or missing."""

from datetime import date
from typing import Any

from hypothesis import event, given
from hypothesis import strategies as st

from pdca.indicators.assurance import assurance
from pdca.indicators.known import columns_of, held_columns, held_figures
from pdca.indicators.reading import read, read_course, variation
from pdca.indicators.recorded import Measured, Step, judged, recorded
from pdca.indicators.signals import latest, signals
from pdca.periods import parse_period
from pdca.store.driver import Row

MONTHS = [f"{year}-{month:02}" for year in (2020, 2021, 2022) for month in range(1, 13)]
OTHERS = ["2020", "2021", "2021-Q1", "2021-T1", "2021-H1", "2021-01/2021-03", "2022-03-31"]
SCOPES: list[list[str | None]] = [[None], [None], ["Noord"], [None, "Noord", "Zuid"], ["Noord", "2:Zu,id\x1f"]]
KNOWN = [f"2023-0{month}-01T00:00:00.000000Z" for month in range(1, 5)]
DAYS = st.dates(date(2019, 12, 1), date(2023, 1, 31))

WHOLE = st.integers(-3, 30).map(str)
values = st.one_of(WHOLE, WHOLE, WHOLE, st.decimals(-3, 30, places=2).map(lambda value: f"{value:f}"), st.none())
most = st.sampled_from([MONTHS, MONTHS, [*MONTHS, *OTHERS]])


@st.composite
def figures(draw: st.DrawFn) -> list[Row]:
    """What was known of an indicator, in the order in which it is read: mostly a figure a month, all of the whole."""
    scopes = st.sampled_from(draw(st.sampled_from(SCOPES)))
    about = draw(most)
    begun = draw(st.integers(8, 30))
    again = draw(st.lists(st.sampled_from(about[begun:]), max_size=draw(st.sampled_from([0, 6]))))
    periods = [*about[begun:], *again]
    rows: list[Row] = []
    for period in periods:
        value = draw(values)
        rows.append(
            {
                "period": period,
                "number": sum(row["period"] == period for row in rows) + 1,
                "scope": draw(scopes),
                "known_at": draw(st.sampled_from(KNOWN)),
                "value": value,
                "missing_reason": None if value else "niet geteld",
                "approximate": 0,
            }
        )
    return sorted(rows, key=lambda row: (row["period"], row["number"]))


def side_by_side(rows: list[Row]) -> Row:
    return {
        "periods": ",".join(row["period"] for row in rows),
        "figures": ",".join(row["value"] or "" for row in rows),
        "number": max(row["number"] for row in rows),
        "of_parts": sum(row["scope"] is not None for row in rows),
    }


targets = st.fixed_dictionaries(
    {
        "number": st.just(1),
        "period": st.sampled_from([None, "2022-12", "2022"]),
        "by_date": st.none(),
        "op": st.sampled_from(["<", "<=", "=", ">=", ">", "range"]),
        "value": st.integers(0, 20).map(str),
        "upto": st.just("25.5"),
        "direction": st.sampled_from([None, "up", "down", "hold", "none"]),
        "determined_by": st.none(),
        "replaces": st.none(),
    }
)
units = st.sampled_from([{"nl": "feiten"}, {"nl": "%"}, {"nl": "rank"}, {"nl": "% meer"}])


@given(figures(), st.data())
def test_side_by_side_figures_are_judged_as_one_by_one(rows: list[Row], data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(rows), max_size=2) if rows else st.just([]))
    choices = [{"period": row["period"], "number": row["number"]} for row in chosen]
    breaks = [
        {"period": period, "reason": "anders geteld"}
        for period in data.draw(st.lists(st.sampled_from(MONTHS), max_size=2))
    ]
    starts = data.draw(st.lists(DAYS, max_size=2))
    rebased = data.draw(st.lists(st.sampled_from(MONTHS), max_size=2))
    plans = [
        *(Measured((Step("P-001", day, "plan", "do", "P→D"),)) for day in starts),
        *(Measured(rebased=((KNOWN[0], parse_period(period)),)) for period in rebased),
    ]
    rest: tuple[Any, ...] = (breaks, data.draw(st.lists(targets, max_size=1)), plans)
    kind, unit = data.draw(st.sampled_from(["objective", "subjective"])), data.draw(units)
    whole = recorded(kind, unit, held_figures(rows, choices, breaks), *rest)
    if not rows:
        return
    columns = held_columns(side_by_side(rows))
    event("side by side" if columns else "one by one")
    course, target, stated = judged(kind, unit, columns or columns_of(rows, choices), *rest)
    assert course == whole.series.course
    assert (target, stated) == (whole.target, whole.stated)
    reading, by_course = read(whole.series), read_course(course)
    assert by_course == reading
    assert variation(by_course, target) is variation(reading, target)
    assert assurance(by_course, target) == assurance(reading, target)
    for one in reading.stretches:
        event(f"{one.chart}, {'with' if one.signals else 'without'} signals")
        if one.limits:
            stretch = (one.limits, one.stretch.judged, one.stretch.stop)
            found = signals(one.of, *stretch)
            assert latest(one.of, *stretch) == tuple(signal for signal in found if signal.last == found[-1].last)
