"""Looking ahead: the moments that a decision about informing a party would give."""

import datetime as dt
from collections.abc import Sequence

from pdca import methods
from pdca.schedules.working_out import Wish, worked_out
from pdca.store.driver import Connection, Row
from pdca.store.reads import information, plans
from pdca.unknown import unknown_plan
from pdca.working_days import working_calendar
from workflows.moments import Occurrence, Schedule


def look_ahead(
    connection: Connection, plan_id: str, party_id: str, wish: Wish, now: dt.datetime
) -> tuple[Schedule, Sequence[Occurrence], Sequence[Row]]:
    """Work out the moments of a wish; besides them, those at which the party is informed already.

    Raises NotFound for no such plan, Usage for a wish that cannot be worked out.
    """
    plan = connection.one(plans.PLAN, plan_id=plan_id)
    if plan is None:
        raise unknown_plan(plan_id)
    schedule = wish.of_plan(plan, methods.of_plan(connection, plan), working_calendar(connection), now)
    there = connection.all(information.MOMENTS, plan_id=plan_id, party_id=party_id)
    return schedule, worked_out(schedule, now, None), there
