"""The series of an indicator as it can be read: what was known at an instant, and the steps of the plans measured."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from pdca import methods
from pdca.i18n import localized
from pdca.indicators.judging import judge
from pdca.indicators.known import HeldFigure, held_figures, known_at
from pdca.indicators.reading import read
from pdca.indicators.recorded import Measured, Recorded, Step, recorded
from pdca.indicators.series import Series
from pdca.indicators.told import as_json
from pdca.periods import parse_period
from pdca.plans.roles import local_date
from pdca.report.log import events_of_plan
from pdca.report.plans import opened
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import indicators, plans
from workflows.instants import from_text, to_text
from workflows.method import State

View = dict[str, Any]

_LETTERS: Final = {"plan": "P", "do": "D", "check": "C", "adjust": "A"}
_AIM: Final = ("number", "period", "by_date", "op", "value", "upto", "words", "direction", "determined_by", "assumed")
_STATEMENTS: Final = (plans.MEASUREMENTS, indicators.CHOICES, indicators.BREAKS, indicators.TARGETS)


def recorded_of(
    connection: Connection, indicator: Row, at: datetime, log: Connection | None = None, *, written: bool = False
) -> Recorded:
    """Give the series of an indicator as it was known at an instant.

    The steps of plans are read from the events in `log`; without it none is marked and no baseline is locked. With
    `written` only what had been written here by then counts, and not what was published before and came in later.
    """
    name = indicator["indicator_id"]
    held, breaks, targets = _known(connection, name, at, written=written)
    baselines = connection.all(indicators.BASELINES, indicator_id=name)
    measured = [_measured(connection, row, to_text(at), log) for row in baselines]
    return recorded(indicator["kind"], from_json(indicator["unit"]), held, breaks, targets, measured)


def aimed_at(connection: Connection, one: Recorded, at: datetime, today: date) -> View | None:
    """Give the target that figures are held against, and how it stands on a local day; None without one."""
    target = stated(one)
    if target is None or one.stated is None:
        return None
    held, _breaks, _targets = _known(connection, one.stated["indicator_id"], at)
    return {**target, "judgement": judge(one.stated, held, today).word}


def stated(one: Recorded) -> View | None:
    """Give what is aimed at by the target that figures are held against; None without one."""
    if one.stated is None:
        return None
    target = opened(dict(one.stated))
    return {name: target[name] for name in _AIM}


def _known(
    connection: Connection, name: str, at: datetime, *, written: bool = False
) -> tuple[list[HeldFigure], list[Row], list[Row]]:
    """Read the figures that held at an instant, and the breaks and targets known then."""
    until = to_text(at)
    figures, choices, breaks, targets = (
        [row for row in known_at(connection.all(one, indicator_id=name), until) if not written or _there(row, until)]
        for one in _STATEMENTS
    )
    return held_figures(figures, choices, breaks), breaks, targets


def _there(row: Row, until: str) -> bool:
    return bool(row["recorded_at"] <= until)


def shapes(connection: Connection, at: datetime) -> Mapping[str, Series]:
    """Give the series of every indicator as known at an instant, without baselines and marks."""
    statements = (indicators.EVERY_FIGURE, indicators.EVERY_CHOICE, indicators.EVERY_BREAK)
    until = to_text(at)
    figures, choices, breaks = (_by_indicator(known_at(connection.all(one), until)) for one in statements)
    found = {}
    for row in connection.all(plans.INDICATORS):
        name = row["indicator_id"]
        held = held_figures(figures[name], choices[name], breaks[name])
        found[name] = recorded(row["kind"], from_json(row["unit"]), held, breaks[name], (), ()).series
    return found


def reading_of(one: Recorded) -> View | None:
    """Give what a series says, as JSON values; None when it has no figure."""
    if not one.series.points:
        return None
    return {
        **as_json(one.series, read(one.series), one.target),
        "target": one.stated["number"] if one.stated else None,
        "left_out": list(one.left_out),
        "steps": [
            {"plan_id": step.plan_id, "on": step.on.isoformat(), "from": step.before, "to": step.after}
            for step in one.steps
        ],
    }


def _by_indicator(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["indicator_id"]].append(row)
    return found


def _measured(connection: Connection, row: Row, until: str, log: Connection | None) -> Measured:
    key = {"plan_id": row["plan_id"], "indicator_id": row["indicator_id"]}
    earlier = connection.all(indicators.EARLIER_BASELINES, **key)
    rebased = [
        (before["replaced_at"], parse_period(after["baseline_period"]))
        for before, after in pairwise([*earlier, row])
        if before["replaced_at"] <= until and after["baseline_period"]
    ]
    return Measured(tuple(_steps(connection, row["plan_id"], until, log)) if log else (), tuple(rebased))


def _steps(connection: Connection, plan_id: str, until: str, log: Connection) -> Iterator[Step]:
    plan = connection.one(plans.PLAN, plan_id=plan_id) or {}
    known = (event for event in events_of_plan(log, plan_id) if event["at"] <= until)
    return steps_in(known, methods.of_plan(connection, plan).state_by_id, plan["zone"])


def steps_in(events: Iterable[View], states: Mapping[str, State], zone: str) -> Iterator[Step]:
    """Give the steps of a plan from one phase into another, of all its events; one within a phase is none of PDCA."""
    for event in events:
        before, after = states.get(event["from"]), states.get(event["to"])
        if event["kind"] != "plan.advanced" or event["refused"] is not None or before is None or after is None:
            continue
        if before.phase == after.phase:
            continue
        names = [_LETTERS.get(state.phase) or localized(dict(state.label)) for state in (before, after)]
        on = local_date(from_text(event["at"]), zone)
        yield Step(event["plan"], on, before.phase, after.phase, f"{event['plan']} {names[0]}→{names[1]}")
