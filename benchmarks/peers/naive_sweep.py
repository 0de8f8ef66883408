"""What one would write first: load the plans whose date has passed, and take each on with a Machine of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel, select

from benchmarks.peers.durable import durable_engine
from benchmarks.peers.naive import evaluate
from benchmarks.worker import Work, serve

FIRST = datetime(2024, 4, 8, tzinfo=UTC)
FILL = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :many - 1)
    INSERT INTO datedplan (state, title, due) SELECT 'do', 'Straatcriminaliteit',
        strftime('%Y-%m-%d %H:%M:%S.000000', '2024-04-08', (i % :groups) || ' seconds') FROM n
    """


class DatedPlan(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    state: str = "do"
    title: str
    due: datetime = Field(index=True)


def prepare(task: dict[str, Any]) -> Work:
    engine = durable_engine(task["file"])
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        session.connection().execute(text(FILL), {"many": task["plans"], "groups": task["plans"] // task["count"]})
        session.commit()

    def work(number: int) -> None:
        now = FIRST + timedelta(seconds=number)
        with Session(engine) as session:
            due = session.exec(select(DatedPlan).where(DatedPlan.due <= now, DatedPlan.state == "do")).all()
            assert len(due) == task["count"]  # noqa: S101 - fewer would be quicker
            for plan in due:
                evaluate(session, plan, "scheduler", "", now)
                session.commit()

    return work


if __name__ == "__main__":
    serve(prepare)
