"""The day by which a programme is to be evaluated is kept as those of plans are: with a deadline that is enforced."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from pdca import methods
from pdca.plans import deadlines
from pdca.store.driver import Connection
from pdca.store.reads import evaluations, people, plans, programme
from pdca.store.rows import Change, insert
from workflows.instants import to_text
from workflows.method import LadderStep, WorkflowDefinition
from workflows.schedule import due_instant, parse_stated

KIND: Final = "programme_evaluation"


def method_of(connection: Connection, programme_id: str) -> WorkflowDefinition:
    """Give the method of a programme; of one that is only described, that of the latest programme here."""
    row = connection.one(programme.PROGRAMME, programme_id=programme_id)
    return methods.of_plan(connection, row or connection.all(plans.PROGRAMMES)[-1])


def ladder(definition: WorkflowDefinition) -> tuple[LadderStep, ...]:
    """Give the rungs of a method that a programme has somebody for.

    A programme has no project leader and no project group: whoever heads the body is told on the day itself, and the
    authorities as long after that as the method has it between the two.
    """
    chief = next((rung.after_days for rung in definition.ladder if rung.to == "chief"), 0)
    above = [rung for rung in definition.ladder if rung.to == "authority"]
    return (
        LadderStep(0, "chief"),
        *(rung._replace(after_days=max(rung.after_days - chief, 0)) for rung in above),
    )


def told(connection: Connection, programme_id: str) -> tuple[str, ...]:
    """Name whom a method has told of the day by which a programme is to be evaluated, and so of its moving."""
    return tuple(dict.fromkeys(rung.to for rung in ladder(method_of(connection, programme_id))))


def day(evaluation: Mapping[str, Any]) -> date:
    """Give the last day by which an evaluation that has one is to be held."""
    return parse_stated(evaluation["due_on"]).date


def decided(evaluation: Mapping[str, Any], due_on: str) -> dict[str, str]:
    """What the row of an evaluation says once it is decided that it is to be held by a day, no later than it had.

    The first day goes with it, unless an extension lies between the two.
    """
    first = evaluation["first_due_on"]
    extended = first is not None and parse_stated(due_on).date > parse_stated(first).date
    return {"due_on": due_on, **({} if extended else {"first_due_on": due_on})}


def puts_off(evaluation: Mapping[str, Any], due_on: str) -> bool:
    """Tell whether a day that is stated is later than the one that the evaluation has."""
    return evaluation["due_on"] is not None and parse_stated(due_on).date > day(evaluation)


def kept(
    connection: Connection,
    evaluation: Mapping[str, Any],
    now: datetime,
    number: int,
    method: WorkflowDefinition | None = None,
) -> list[Change]:
    """Bring the deadline of an evaluation to what its row says: its day, and whether it is recorded.

    Another day is another deadline, so that its rungs are told anew. `number` makes its id unique: that of the event.
    `method` is that of the programme when it is not here yet.
    """
    name, programme_id = evaluation["evaluation_id"], evaluation["programme_id"]
    live = [
        row
        for row in connection.all(evaluations.LIVE_OF_PROGRAMME, programme_id=programme_id)
        if row["programme_evaluation_id"] == name
    ]
    wanted = instant(connection, evaluation, method) if evaluation.get("recorded_at") is None else None
    since = to_text(wanted) if wanted else None
    changes = [deadlines.ended(row, to_text(now)) for row in live if row["since"] != since]
    if wanted is None or len(changes) < len(live):
        return changes
    deadline = insert(
        "deadline",
        {"deadline_id": f"{name}/{number}"},
        programme_id=programme_id,
        programme_evaluation_id=name,
        kind=KIND,
        since=since,
        due_at=to_text(max(wanted, now)),
        step=0,
        status="pending",
    )
    return [*changes, deadline]


def instant(
    connection: Connection, evaluation: Mapping[str, Any], method: WorkflowDefinition | None = None
) -> datetime | None:
    """Tell when an evaluation falls due; None while no day is stated. `method` is as for `kept`."""
    if evaluation["due_on"] is None:
        return None
    zone = (connection.one(people.INSTALLATION) or {"zone": "UTC"})["zone"]
    time = (method or method_of(connection, evaluation["programme_id"])).evaluation.time
    return due_instant(parse_stated(evaluation["due_on"]).date, time, zone)
