"""The series of an indicator as it can be read: what was known at an instant, and the steps of the plans measured."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pdca import methods
from pdca.i18n import localized
from pdca.indicators.judging import judge
from pdca.indicators.known import HeldFigure, columns_of, held_columns, held_figures, known_at
from pdca.indicators.recorded import Judged, Measured, Recorded, Step, judged, recorded
from pdca.indicators.series import Series
from pdca.logged import event_of
from pdca.periods import Period, parse_period
from pdca.plans.roles import local_date
from pdca.plans.steps import steps_taken
from pdca.report.plans import opened, rows_by
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import cycles, indicators, plans
from workflows.instants import from_text, to_text
from workflows.method import WorkflowDefinition

if TYPE_CHECKING:
    from pdca.audit.event import EventView

View = dict[str, Any]

_LETTERS: Final = {"plan": "P", "do": "D", "check": "C", "adjust": "A"}
_AIM: Final = ("number", "period", "by_date", "op", "value", "upto", "words", "direction", "determined_by", "assumed")
_STATEMENTS: Final = (plans.MEASUREMENTS, indicators.CHOICES, indicators.BREAKS, indicators.TARGETS)


def recorded_of(
    connection: Connection, indicator: Row, at: datetime, *, steps: bool = False, written: bool = False
) -> Recorded:
    """Give the series of an indicator as it was known at an instant.

    Without the `steps` of plans, which stand in the log, none is marked and no baseline is locked. With
    `written` only what had been written here by then counts, and not what was published before and came in later.
    """
    name = indicator["indicator_id"]
    held, breaks, targets = _known(connection, name, at, written=written)
    earlier = rows_by("plan_id", connection.all(indicators.EARLIER_BASELINES_OF_INDICATOR, indicator_id=name))
    taken = _taken(connection, name, to_text(at)) if steps else {}
    until = to_text(at)
    measured = [
        Measured(
            tuple(steps_in(taken[row["plan_id"]], methods.of_plan(connection, row), row["zone"]))
            if row["plan_id"] in taken
            else (),
            tuple(_rebased([*earlier[row["plan_id"]], row], until)),
        )
        for row in connection.all(indicators.BASELINES, indicator_id=name)
    ]
    return recorded(indicator["kind"], from_json(indicator["unit"]), held, breaks, targets, measured)


def judged_of_every(connection: Connection, at: datetime) -> Mapping[str, Judged]:
    """Give by indicator what judges the series that `recorded_of` gives with its steps, in as many reads as for one."""
    until = to_text(at)
    read = connection.all(indicators.EVERY_COURSE, at=until)
    courses = {row["indicator_id"]: held_columns(row) for row in read}
    unclear = dict.fromkeys(name for name, course in courses.items() if course is None)
    every = connection.all(indicators.FIGURES_OF, indicators=to_json(unclear), at=until) if unclear else ()
    looked_at = rows_by("indicator_id", every)
    choices, breaks, targets = (
        rows_by("indicator_id", known_at(connection.all(one), until))
        for one in (indicators.EVERY_CHOICE, indicators.EVERY_BREAK, indicators.EVERY_TARGET)
    )
    baselines, earlier = (
        rows_by("indicator_id", connection.all(one))
        for one in (indicators.EVERY_BASELINE, indicators.EVERY_EARLIER_BASELINE)
    )
    plans_measured = {row["plan_id"]: row for rows in baselines.values() for row in rows}
    steps = _steps_of(connection, plans_measured, until)
    found = {}
    for row in connection.all(indicators.UNITS):
        name = row["indicator_id"]
        before = rows_by("plan_id", earlier[name])
        measured = [
            Measured(steps.get(one["plan_id"], ()), tuple(_rebased([*before[one["plan_id"]], one], until)))
            for one in baselines[name]
        ]
        figures = courses.get(name) or columns_of(looked_at[name], choices[name])
        found[name] = judged(row["kind"], from_json(row["unit"]), figures, breaks[name], targets[name], measured)
    return found


def _steps_of(connection: Connection, measured: Mapping[str, Row], until: str) -> Mapping[str, tuple[Step, ...]]:
    # Imported here: who tells of one indicator asks nothing of several plans.
    from pdca.store.reads.of_plans import OF_PLANS

    read = connection.all(OF_PLANS[cycles.STEPS_TAKEN.name], plans=to_json(dict.fromkeys(measured)))
    found = {}
    for plan_id, rows in rows_by("of_plan", read).items():
        events = (one for one in map(event_of, rows) if one.at <= until)
        row = measured[plan_id]
        found[plan_id] = tuple(steps_in(events, methods.of_plan(connection, row), row["zone"]))
    return found


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
    figures, choices, breaks = (rows_by("indicator_id", known_at(connection.all(one), until)) for one in statements)
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
    # Imported here: it judges figures, of which there may be none.
    from pdca.indicators.reading import read
    from pdca.indicators.told import as_json

    return {
        **as_json(one.series, read(one.series), one.target),
        "target": one.stated["number"] if one.stated else None,
        "left_out": list(one.left_out),
        "steps": [
            {"plan_id": step.plan_id, "on": step.on.isoformat(), "from": step.before, "to": step.after}
            for step in one.steps
        ],
    }


def _rebased(baselines: Iterable[Row], until: str) -> Iterator[tuple[str, Period]]:
    """Give from which periods a plan was re-based by an instant, of its baselines on one indicator in their order."""
    for before, after in pairwise(baselines):
        if before["replaced_at"] <= until and after["baseline_period"]:
            yield before["replaced_at"], parse_period(after["baseline_period"])


def _taken(connection: Connection, name: str, until: str) -> "Mapping[str, Sequence[EventView]]":
    """Read the steps of the plans measured by an indicator that were taken by an instant."""
    found: dict[str, list[EventView]] = defaultdict(list)
    for event in map(event_of, connection.all(indicators.STEPS_MEASURED, indicator_id=name)):
        if event.at <= until and event.plan is not None:
            found[event.plan].append(event)
    return found


def steps_in(events: "Iterable[EventView]", definition: WorkflowDefinition, zone: str) -> Iterator[Step]:
    """Give the steps of a plan from one phase into another, of its events; one within a phase is none of PDCA."""
    for step in steps_taken(events, definition):
        before, after = step.before, step.after
        if before.phase != after.phase:
            names = [_LETTERS.get(state.phase) or localized(dict(state.label)) for state in (before, after)]
            on = local_date(from_text(step.at), zone)
            yield Step(step.plan_id, on, before.phase, after.phase, f"{step.plan_id} {names[0]}→{names[1]}")
