"""Looking ahead: the moments of the decision in force, of one that is only thought of, or of the usual rhythm."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdca import methods
from pdca.schedules.stored import as_schedule, columns
from pdca.schedules.working_out import Wish, last_over, worked_out
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import evaluations, plans, schedules
from pdca.unknown import unknown_plan
from pdca.working_days import working_calendar
from workflows.moments import Occurrence, Schedule


@dataclass(frozen=True, slots=True)
class Ahead:
    """The moments of a schedule; `number` is the decision that says so, None when nobody has decided it.

    `rows` are the evaluations that the plan has, `words` the schedule as a decision says it.
    """

    plan_id: str
    number: int | None
    schedule: Schedule
    found: Sequence[Occurrence]
    rows: Sequence[Row]
    words: Mapping[str, Any] = field(hash=False)


def look_ahead(connection: Connection, plan_id: str, wish: Wish | None, now: dt.datetime) -> Ahead:
    """Work out the moments of a plan; without a wish by the decision in force, otherwise by the usual rhythm.

    Raises NotFound for no such plan, Usage for a wish that cannot be worked out.
    """
    plan = connection.one(plans.PLAN, plan_id=plan_id)
    if plan is None:
        raise unknown_plan(plan_id)
    calendar = working_calendar(connection)
    row = connection.one(schedules.IN_FORCE, plan_id=plan_id) if wish is None else None
    schedule = (
        as_schedule(row, calendar)
        if row
        else (wish or Wish()).of_plan(plan, methods.of_plan(connection, plan), calendar, now)
    )
    there = connection.all(evaluations.OF_PLAN, plan_id=plan_id)
    said = columns(schedule)
    return Ahead(
        plan_id,
        row["number"] if row else None,
        schedule,
        worked_out(schedule, now, last_over(there, schedule)),
        there,
        {**said, **{name: from_json(said[name]) or [] for name in ("dates", "rules", "exceptions")}},
    )
