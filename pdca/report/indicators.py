"""Views of indicators as plain JSON values: their targets, their figures as they were known, and what is computed."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from pdca.house import installation
from pdca.indicators.change import change
from pdca.indicators.find import find_row
from pdca.indicators.judging import direction_of, exceeded, judge, replaced, replacing
from pdca.indicators.known import MONTHS, HeldFigure, before, held_figures, held_of_parts, known_at, last_of
from pdca.logged import event_of
from pdca.report.plans import opened, rows_by
from pdca.standing import local_day
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import indicators, plans
from pdca.store.reads.log import EVENTS_OF_PLAN
from pdca.units import is_rank, is_share
from workflows.instants import from_text, to_text
from workflows.recurrence import later

View = dict[str, Any]

_TENTH: Final = Decimal("0.1")
_HIDDEN: Final = ("indicator_id", "recorded_by")


def listed(connection: Connection, now: datetime) -> list[View]:
    """List every indicator with its last figure, whether that is out of date, and the plans that it measures."""
    statements = (indicators.EVERY_FIGURE, indicators.EVERY_CHOICE, indicators.EVERY_TARGET, indicators.MEASURING)
    figures, choices, targets, measuring = (rows_by("indicator_id", connection.all(one)) for one in statements)
    at, today = to_text(now), local_day(connection, now)
    rows = []
    for row in connection.all(plans.INDICATORS):
        name = row["indicator_id"]
        series = held_figures(known_at(figures[name], at), known_at(choices[name], at), ())
        gone = replaced(targets[name])
        rows.append(
            {
                **_defined(row),
                "last": _last(series),
                **_freshness(row, series, today),
                "targets": sum(1 for one in targets[name] if one["number"] not in gone),
                "plans": [one["plan_id"] for one in measuring[name]],
            }
        )
    return rows


def whole(connection: Connection, indicator_id: str, at: datetime, today: date, *, as_known: bool = False) -> View:
    """Give one indicator with all targets and figures that were known at an instant, on the local day `today`.

    Its definition is the one that holds now, and so are the plans that it measures, unless they are asked for
    `as_known` then too, which the log tells. Raises NotFound.
    """
    row = find_row(connection, indicator_id)
    until = to_text(at)
    statements = (plans.MEASUREMENTS, indicators.CHOICES, indicators.BREAKS, indicators.TARGETS)
    figures, choices, breaks, targets = (
        known_at(connection.all(one, indicator_id=indicator_id), until) for one in statements
    )
    series = held_figures(figures, choices, breaks)
    unit, zone = from_json(row["unit"]), ZoneInfo(installation(connection)["zone"])
    return {
        **_defined(row),
        **_freshness(row, series, today),
        "plans": _baselines(connection, indicator_id, until, as_known=as_known),
        "targets": [_target(one, targets, series, figures, today, zone) for one in targets],
        "judgement": None if targets else "no_target",
        "series": _periods(series, figures, unit),
        "scopes": [
            {"scope": scope, "series": _periods(one, figures, unit)}
            for scope, one in held_of_parts(figures, choices, breaks).items()
        ],
        "breaks": [_shown(one) for one in breaks],
        "warnings": [
            {"code": "parts-differ", "period": one["period"], "number": one["number"], "sum": total}
            for one in figures
            if (total := parts_sum(one))
        ],
    }


def _defined(row: Row) -> View:
    return {**opened(row), "definition": from_json(row["definition"])}


def _shown(row: Row) -> View:
    return {name: value for name, value in opened(row).items() if name not in _HIDDEN}


def _tied(connection: Connection, row: Row, until: str) -> bool:
    """Tell whether a plan was measured by an indicator at an instant, by the log."""
    key = {"plan_id": row["plan_id"], "indicator_id": row["indicator_id"]}
    said = [
        change.op
        for event in map(event_of, connection.all(EVENTS_OF_PLAN, plan_id=row["plan_id"]))
        if event.at <= until
        for change in event.changes
        if change.table == "plan_indicator" and change.key == key
    ]
    return bool(said) and said[-1] != "delete"


def _last(series: Sequence[HeldFigure]) -> View | None:
    found = last_of(series)
    if found is None:
        return None
    return {
        "period": found.period.text,
        "value": found.figure["value"],
        "approximate": bool(found.figure["approximate"]),
    }


def _freshness(row: Row, series: Sequence[HeldFigure], today: date) -> View:
    """Tell whether a figure is due that did not come: `stale` once the rhythm has passed since the last one's period.

    What was never measured is stale too when a rhythm was promised; `next_due` is the last day to have the next.
    """
    months = MONTHS.get(row["rhythm"] or "")
    measured = [one for one in series if one.value is not None]
    if months is None:
        return {"stale": False, "next_due": None}
    if not measured:
        return {"stale": True, "next_due": None}
    # The day after a period begins the next, whose end is the day before the one after it begins.
    begins = max(one.period.last_day for one in measured) + timedelta(days=1)
    due = later(begins, months=months) - timedelta(days=1)
    return {"stale": due < today, "next_due": due.isoformat()}


def _baselines(connection: Connection, indicator_id: str, until: str, *, as_known: bool) -> list[View]:
    earlier = rows_by("plan_id", connection.all(indicators.EARLIER_BASELINES_OF_INDICATOR, indicator_id=indicator_id))
    rows = connection.all(indicators.BASELINES, indicator_id=indicator_id)
    return [
        _baseline(row, earlier[row["plan_id"]], until) for row in rows if not as_known or _tied(connection, row, until)
    ]


def _baseline(row: Row, earlier: Sequence[Row], until: str) -> View:
    """From where a plan is measured: the baseline that held at the instant, and those that held before."""
    then = next((one for one in earlier if one["replaced_at"] > until), row)
    names = ("baseline", "baseline_period", "baseline_missing", "baseline_assumed")
    return {
        "plan_id": row["plan_id"],
        "title": from_json(row["title"]),
        "restricted": bool(row["restricted"]),
        "assumed": bool(row["assumed"]),
        **{name: then[name] for name in names},
        "earlier": [
            {name: one[name] for name in (*names, "cycle", "reason", "replaced_at")}
            for one in earlier
            if one["replaced_at"] <= until
        ],
    }


def _target(
    row: Row,
    targets: Sequence[Row],
    series: Sequence[HeldFigure],
    figures: Sequence[Row],
    today: date,
    zone: ZoneInfo,
) -> View:
    by = replaced(targets).get(row["number"])
    how = replacing(row, by) if by else None
    judged = None if how == "determined" else judge(row, series, today)
    result = judged.result.figure if judged and judged.result else None
    return {
        **_shown(row),
        "direction": direction_of(row),
        "replaced_by": {
            "number": by["number"],
            "change": how,
            "on": by["set_on"] or from_text(by["known_at"]).astimezone(zone).date().isoformat(),
            "result_known": result is not None and _known_first(result, figures) < by["known_at"],
        }
        if by
        else None,
        "judgement": judged.word if judged else None,
        "result": {"period": judged.result.period.text, "value": judged.result.figure["value"]}
        if judged and judged.result
        else None,
        "worse_than_last": by is None and exceeded(row, series) is not None,
    }


def _known_first(result: Row, figures: Sequence[Row]) -> str:
    """Give since when there is a figure about the period of a result."""
    about = result["period"], result["scope"]
    return str(min(one["known_at"] for one in figures if (one["period"], one["scope"]) == about))


def _periods(series: Sequence[HeldFigure], figures: Sequence[Row], unit: View) -> list[View]:
    return [_period(series, at, figures, unit) for at in range(len(series))]


def _period(series: Sequence[HeldFigure], at: int, figures: Sequence[Row], unit: View) -> View:
    point = series[at]
    earlier, why = before(series, at)
    about = point.period.text, point.figure["scope"]
    same = [{**_shown(one), "parts_sum": parts_sum(one)} for one in figures if (one["period"], one["scope"]) == about]
    return {
        "period": point.period.text,
        "first_day": point.period.first_day.isoformat(),
        "last_day": point.period.last_day.isoformat(),
        "retained": point.figure["number"],
        "value": point.figure["value"],
        "missing_reason": point.figure["missing_reason"],
        "change": _change(earlier, point, unit) if earlier and point.value is not None else None,
        "not_compared": why,
        "figures": same,
    }


def _change(earlier: HeldFigure, now: HeldFigure, unit: View) -> View:
    """How much it changed, computed: the difference, and the part of the earlier figure where that means something."""
    found = change(earlier.value, now.value)
    percent = None if is_share(unit) or is_rank(unit) else found.percent
    return {
        "since": earlier.period.text,
        "difference": None if found.absolute is None else f"{found.absolute:f}",
        "percent": None if percent is None else str(percent.quantize(_TENTH)),
        "approximate": bool(earlier.figure["approximate"] or now.figure["approximate"]),
    }


def parts_sum(figure: Row) -> str | None:
    """Give the sum of the parts of a figure when it is another than the figure itself; that is told and not refused."""
    parts = from_json(figure["parts"])
    if not parts or figure["value"] is None:
        return None
    total = sum((Decimal(part) for part in parts.values()), Decimal(0))
    return None if total == Decimal(figure["value"]) else str(total)
