"""Our transition: the plans of a round are each taken from Do to Check by their leader, in one open connection."""

from dataclasses import replace
from typing import Any

from benchmarks.worker import Work, serve, shared
from pdca.clock import FixedClock
from pdca.engine import apply
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.store.database import locate
from pdca.store.unit_of_work import unit_of_work
from workflows.instants import from_text

REASON = "Zo heeft de projectgroep beslist."


def prepare(task: dict[str, Any]) -> Work:
    """Take the database at `url`; `plans` are those of each round, `at` is the instant; waits unless not `lasting`."""
    database = replace(locate(task["url"]), lasting=task.get("lasting", True))
    house = House(database, as_person=task["leader"], clock=FixedClock(from_text(task["at"])))
    connection = house.database.connect(writing=True)

    def work(number: int) -> None:
        for plan_id in shared(task["plans"][number], task):
            with unit_of_work(connection, house.clock_of(connection)) as uow:
                outcome = apply(uow, Advance(plan_id, "evaluate", attempt=Attempt(REASON)), house.actor(connection))
            assert not outcome.refusal, outcome.refusal  # noqa: S101 - a refusal would be quicker

    return work


if __name__ == "__main__":
    serve(prepare)
