"""The days of the cycle that a plan is in: from the day it went to Do until today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pdca import methods
from pdca.audit.event import read_body
from pdca.periods import Period, parse_period
from pdca.plans.roles import local_date
from pdca.store.driver import Connection, Row
from pdca.store.reads import cycles, plans
from workflows.instants import from_text, to_text


@dataclass(frozen=True, slots=True)
class CycleDays:
    """The first day of a cycle and the last one that has come, local to the plan."""

    first: date
    last: date

    def measured_by(self, period: Period) -> bool:
        """Tell whether a figure about the period says something of the cycle: the period ended in it."""
        return self.first <= period.last_day <= self.last


def days_of_cycle(connection: Connection, plan: Row, now: datetime) -> CycleDays | None:
    """Give the days of the cycle the plan is in; None when it has not gone to Do, or did so by another method."""
    states = methods.of_plan(connection, plan).state_by_id
    begun = None
    for row in connection.all(cycles.STEPS_TAKEN, plan_id=plan["plan_id"]):
        event = read_body(row["body"])
        before, after = states.get(event.from_state or ""), states.get(event.to_state or "")
        if before and after and before.phase in ("plan", "adjust") and after.phase == "do":
            begun = event.at
    if begun is None:
        return None
    return CycleDays(local_date(from_text(begun), plan["zone"]), local_date(now, plan["zone"]))


def unmeasured(connection: Connection, plan: Row, indicators: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Name the indicators of which nothing is known about the cycle: no figure, nor why there is none."""
    days = days_of_cycle(connection, plan, now)
    if days is None:
        return tuple(indicators)
    return tuple(
        name
        for name in indicators
        if not any(
            row["known_at"] <= to_text(now) and days.measured_by(parse_period(row["period"]))
            for row in connection.all(plans.MEASUREMENTS, indicator_id=name)
        )
    )
