"""The figures that an evaluation rests on without anybody having to repeat them: those recorded about its cycle."""

from datetime import datetime

from pdca.indicators.known import read_held
from pdca.plans.cycle_days import days_of_cycle
from pdca.store.driver import Connection, Row
from pdca.store.reads import plans
from workflows.instants import to_text

Taken = dict[str, str | int]


def known_figures(connection: Connection, plan: Row, now: datetime) -> dict[str, Taken]:
    """Give, by indicator of a plan, what holds for the newest period that ended in the cycle the plan is in.

    It has a `value`, or why it is `missing`, with its `period` and its `figure`, the number it has there.
    """
    days = days_of_cycle(connection, plan, now)
    found: dict[str, Taken] = {}
    if days is None:
        return found
    for row in connection.all(plans.PLAN_INDICATORS, plan_id=plan["plan_id"]):
        series = read_held(connection, row["indicator_id"], to_text(now))
        ended = [point for point in series if days.measured_by(point.period)]
        if ended:
            found[row["indicator_id"]] = _taken(ended[-1].figure)
    return found


def _taken(figure: Row) -> Taken:
    said = {"missing": figure["missing_reason"]} if figure["value"] is None else {"value": figure["value"]}
    return {**said, "period": figure["period"], "figure": figure["number"]}
