"""The days of the cycle that a plan is in: from the day it went to Do until today."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from pdca import methods
from pdca.logged import event_of
from pdca.periods import Period, parse_period
from pdca.plans.roles import local_date
from pdca.plans.steps import steps_taken
from pdca.store.driver import Connection, Row
from pdca.store.reads import cycles, plans
from workflows.instants import from_text, to_text


class CycleDays(NamedTuple):
    """The first day of a cycle and the last one that has come, local to the plan."""

    first: date
    last: date

    def measured_by(self, period: Period) -> bool:
        """Tell whether a figure about the period says something of the cycle: the period ended in it."""
        return self.first <= period.last_day <= self.last


def days_of_cycle(connection: Connection, plan: Row, now: datetime) -> CycleDays | None:
    """Give the days of the cycle the plan is in; None when it has not gone to Do, or did so by another method."""
    events = map(event_of, connection.all(cycles.STEPS_TAKEN, plan_id=plan["plan_id"]))
    begun = [
        step.at
        for step in steps_taken(events, methods.of_plan(connection, plan))
        if step.before.phase in ("plan", "adjust") and step.after.phase == "do"
    ]
    if not begun:
        return None
    return CycleDays(local_date(from_text(begun[-1]), plan["zone"]), local_date(now, plan["zone"]))


def unmeasured(connection: Connection, plan: Row, indicators: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Name the indicators, of those of the plan, of which nothing is known about the cycle.

    There is no figure, nor why there is none.
    """
    days = days_of_cycle(connection, plan, now)
    if days is None:
        return tuple(indicators)
    known = {
        row["indicator_id"]
        for row in connection.all(plans.FIGURES, plan_id=plan["plan_id"])
        if row["known_at"] <= to_text(now) and days.measured_by(parse_period(row["period"]))
    }
    return tuple(name for name in indicators if name not in known)
