"""How far the date of an evaluation can be moved: not up to the next one, and not for ever."""

from datetime import date
from zoneinfo import ZoneInfo

from pdca import extensions, methods
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations
from workflows.guards import Need
from workflows.instants import from_text


def overstepped(connection: Connection, plan: Row, evaluation: Row, to_date: date) -> tuple[Need, ...]:
    """Name each bound that a later local date oversteps, with the last date it allows; () when it oversteps none."""
    name = evaluation["evaluation_id"]
    days = methods.of_plan(connection, plan).evaluation.extension_days
    first = from_text(evaluation["first_due_at"]).astimezone(ZoneInfo(plan["zone"])).date()
    return (
        *extensions.reaching(name, to_date, _following(connection, evaluation)),
        *extensions.too_long(name, to_date, first, days),
    )


def _following(connection: Connection, evaluation: Row) -> tuple[str, date] | None:
    """The next evaluation that is planned: two of a plan never come to lie on one day."""
    return next(
        (
            (row["evaluation_id"], date.fromisoformat(row["due_date"]))
            for row in connection.all(evaluations.OF_PLAN, plan_id=evaluation["plan_id"])
            if row["status"] == "planned" and row["due_date"] > evaluation["due_date"]
        ),
        None,
    )
