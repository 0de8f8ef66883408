"""What a cycle of a plan leaves: what was predicted, what was decided of each activity, and what is followed up."""

from sqlalchemy import Index
from sqlmodel import Field

from pdca.store.tables.columns import Record, committed, one_of

DECISIONS = ("adopt", "adapt", "abandon")
FOLLOW_UP_STATUSES = ("open", "done", "dropped")


class Prediction(Record, table=True):
    """What a plan is expected to bring about in a cycle, written before the cycle begins and locked from then on."""

    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    cycle: int = Field(primary_key=True)
    text: str = committed()
    written_by: str | None = Field(default=None, foreign_key="person.person_id")
    written_at: str


class Snapshot(Record, table=True):
    """What was known when an evaluation was recorded: canonical JSON, and its SHA-256 as the event has it."""

    evaluation_id: str = Field(primary_key=True, foreign_key="evaluation.evaluation_id")
    sha256: str
    text: str = committed()


class ActivityDecision(Record, table=True):
    """What Adjust makes of an activity in a cycle; the last decision of the cycle holds, the log has all."""

    __tablename__ = "activity_decision"
    activity_id: str = Field(primary_key=True, foreign_key="activity.activity_id")
    cycle: int = Field(primary_key=True)
    decision: str
    reason: str = committed()
    decided_by: str | None = Field(default=None, foreign_key="person.person_id")
    decided_at: str
    __table_args__ = (one_of("decision", DECISIONS),)


class FollowUp(Record, table=True):
    """An action with an owner and a day that a later cycle has to answer. `cycle` is the one it was raised in
    (`raised_in`), or the last it was carried over to; `answer` is the reason of what was done, dropped or carried over.
    """

    __tablename__ = "follow_up"
    follow_up_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id")
    raised_in: int
    cycle: int
    title: str = committed()
    owner_id: str = Field(foreign_key="party.party_id")
    due_date: str
    status: str
    raised_by: str | None = Field(default=None, foreign_key="person.person_id")
    raised_at: str
    answer: str | None = committed(default=None)
    answered_by: str | None = Field(default=None, foreign_key="person.person_id")
    answered_at: str | None = None
    __table_args__ = (one_of("status", FOLLOW_UP_STATUSES), Index("ix_follow_up_plan_id_status", "plan_id", "status"))
