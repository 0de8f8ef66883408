"""What a plan is measured by, for its progress report: every figure, the steps of the plan, and both judgements."""

from datetime import datetime
from typing import Any

from pdca.indicators.change import change
from pdca.indicators.reading import read
from pdca.indicators.recorded import Recorded
from pdca.indicators.series import Series
from pdca.plans.roles import local_date
from pdca.report.plans import opened
from pdca.report.readings import aimed_at, reading_of, recorded_of
from pdca.store.driver import Connection, Row
from pdca.store.reads import plans
from workflows.instants import to_text

View = dict[str, Any]

_DEFINED = ("indicator_id", "title", "unit", "kind", "definition", "system", "assumed")
_BASELINE = ("baseline", "baseline_period", "baseline_missing")


def measured(connection: Connection, plan: Row, since: str | None, now: datetime) -> list[View]:
    """Give each indicator of a plan with its figures, the steps of this plan alone, and what the figures say.

    `since` is an instant: figures that were not known by then are `news`.
    """
    return [
        _indicator(connection, plan, row, since, now)
        for row in connection.all(plans.PLAN_INDICATORS, plan_id=plan["plan_id"])
    ]


def _indicator(connection: Connection, plan: Row, row: Row, since: str | None, now: datetime) -> View:
    one = recorded_of(connection, row, now, steps=True)
    view = opened(row)
    return {
        **{name: view[name] for name in _DEFINED},
        **{name: row[name] for name in _BASELINE},
        "baseline_assumed": bool(row["baseline_assumed"]),
        "target": aimed_at(connection, one, now, local_date(now, plan["zone"])),
        "reading": _without_steps(reading_of(one)),
        "points": points(one.series),
        "news": _news(connection, row["indicator_id"], since, to_text(now)),
        "steps": steps(one, plan["plan_id"]),
        "change": _change(one.series),
    }


def _without_steps(reading: View | None) -> View | None:
    # Those of other plans are none of this report's business.
    return reading and {name: value for name, value in reading.items() if name != "steps"}


def points(series: Series) -> list[View]:
    """Give the figures in the order of their periods, each with whether it is a signal and why it is missing."""
    signalled = {at for one in read(series).stretches for signal in one.signals for at in signal.at}
    broken = series.breaks_at()
    return [
        {
            "period": point.period,
            "ends": point.ends.isoformat(),
            "value": None if point.value is None else f"{point.value:f}",
            "missing": point.missing or None,
            "approximate": point.approximate,
            "signal": at in signalled,
            "break": broken.get(at),
        }
        for at, point in enumerate(series.points)
    ]


def steps(one: Recorded, plan_id: str) -> list[View]:
    """Give the steps of the plan from one phase into another, each with the position of the figure it falls at."""
    marked = {(mark.on, mark.label) for mark in one.series.marks}
    return [
        {
            "on": step.on.isoformat(),
            "from": step.before,
            "to": step.after,
            "at": min(one.series.position(step.on), len(one.series.points) - 1),
        }
        for step in one.steps
        if step.plan_id == plan_id and (step.on, step.says) in marked
    ]


def _news(connection: Connection, indicator_id: str, since: str | None, until: str) -> list[View]:
    rows = connection.all(plans.MEASUREMENTS, indicator_id=indicator_id)
    return [
        {name: row[name] for name in ("period", "value", "missing_reason", "known_at")}
        for row in rows
        if (since or "") <= row["known_at"] <= until
    ]


def _change(series: Series) -> View | None:
    """How much the last figure differs from the one before it, where no break lies between them."""
    having = [at for at, point in enumerate(series.points) if point.value is not None]
    if len(having) < 2:  # noqa: PLR2004 - a change is between two
        return None
    first, last = having[-2:]
    if any(first < at <= last for at in series.breaks_at()):
        return None
    before, after = series.points[first], series.points[last]
    found = change(before.value, after.value)
    return {
        "since": before.period,
        "difference": None if found.absolute is None else f"{found.absolute:f}",
        "percent": None if found.percent is None else f"{found.percent:.1f}",
    }
