"""What one would write first: a SQLModel class, a Machine for each plan, a log row, one session for each transition."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Field, Session, SQLModel, select
from transitions import Machine

from benchmarks.peers.durable import durable_engine
from benchmarks.worker import Work, serve

STATES = ["plan", "do", "check", "adjust"]
WAYS = [
    ["start", "plan", "do"],
    ["evaluate", "do", "check"],
    ["conclude", "check", "adjust"],
    ["again", "adjust", "do"],
]


class Plan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    state: str = "do"
    title: str = "Straatcriminaliteit"


class Log(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    plan_id: int = Field(index=True)
    trigger: str
    source: str
    target: str
    person: str
    reason: str
    at: datetime


class Holder:
    """What the machine moves; SQLModel's own classes take no further attributes."""

    state: str


def evaluate(session: Session, plan: Any, person: str, reason: str, at: datetime) -> None:
    """Take one plan from Do to Check with a Machine of its own, and log it."""
    holder = Holder()
    Machine(holder, states=STATES, transitions=WAYS, initial=plan.state)
    before = plan.state
    holder.evaluate()
    plan.state = holder.state
    session.add(plan)
    session.add(
        Log(plan_id=plan.id, trigger="evaluate", source=before, target=plan.state, person=person, reason=reason, at=at)
    )


def prepare(task: dict[str, Any]) -> Work:
    engine = durable_engine(task["file"])
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.add_all(Plan() for _ in range(task["count"] * task["rounds"]))
        session.commit()

    def work(number: int) -> None:
        for index in range(task["count"]):
            with Session(engine) as session:
                plan = session.exec(select(Plan).where(Plan.id == number * task["count"] + index + 1)).one()
                evaluate(session, plan, "sofie", "Zo beslist.", datetime.now(UTC))
                session.commit()

    return work


if __name__ == "__main__":
    serve(prepare)
