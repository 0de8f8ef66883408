"""How far the date of an evaluation can be moved: not up to the next one, and not for ever."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from pdca import methods
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations
from workflows.guards import N_, Need
from workflows.instants import from_text


def overstepped(connection: Connection, plan: Row, evaluation: Row, to_date: date) -> tuple[Need, ...]:
    """Name each bound that a later local date oversteps, with the last date it allows; () when it oversteps none."""
    return (*_next_one(connection, evaluation, to_date), *_longest(connection, plan, evaluation, to_date))


def _next_one(connection: Connection, evaluation: Row, to_date: date) -> Iterator[Need]:
    """Two evaluations of a plan never come to lie on one day, nor in another order than the group planned."""
    following = next(
        (
            row
            for row in connection.all(evaluations.OF_PLAN, plan_id=evaluation["plan_id"])
            if row["status"] == "planned" and row["due_date"] > evaluation["due_date"]
        ),
        None,
    )
    if following is None or to_date.isoformat() < following["due_date"]:
        return
    yield Need(
        "extension-reaches-next",
        N_("%(evaluation)s comes before %(next)s of %(next_date)s; the last date possible is %(last)s."),
        {
            "evaluation": evaluation["evaluation_id"],
            "next": following["evaluation_id"],
            "next_date": following["due_date"],
            "last": (date.fromisoformat(following["due_date"]) - timedelta(days=1)).isoformat(),
        },
        N_("Ask for an earlier date, or have the next evaluation moved first."),
    )


def _longest(connection: Connection, plan: Row, evaluation: Row, to_date: date) -> Iterator[Need]:
    """Counted from the first date, so that one extension after another leads no further."""
    days = methods.of_plan(connection, plan).evaluation.extension_days
    first = from_text(evaluation["first_due_at"]).astimezone(ZoneInfo(plan["zone"])).date()
    if days is None or (to_date - first).days <= days:
        return
    yield Need(
        "extension-too-long",
        N_("%(evaluation)s was first planned for %(first)s; %(days)s days later is %(last)s, the last date possible."),
        {
            "evaluation": evaluation["evaluation_id"],
            "first": first.isoformat(),
            "days": days,
            "last": (first + timedelta(days=days)).isoformat(),
        },
        N_("Ask for an earlier date; what is not known by then is for the next evaluation."),
    )
