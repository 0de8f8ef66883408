"""An action plan: what its project group wrote about it, who approved that, and who was involved."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlmodel import Field

from pdca.store.tables.columns import Record, Sourced, committed, derived, one_of
from pdca.store.tables.programme import on_definition


class Plan(Sourced, table=True):
    """An action plan: a state machine, in a state of its definition. `perimeter`, `phenomena` and `axes` are JSON,
    `details` what has no column.

    `version` counts the events of its stream, `head` is the leaf hash of the last.
    """

    plan_id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    programme_id: str = Field(foreign_key="programme.programme_id", index=True)
    objective_id: str = Field(foreign_key="objective.objective_id", index=True)
    title: str
    lead_id: str | None = Field(default=None, foreign_key="party.party_id")
    author_id: str | None = Field(default=None, foreign_key="person.person_id")
    state: str
    state_since: str
    resume_state: str | None = None
    cycle: int
    period_start: str
    period_end: str
    zone: str
    definition: str
    definition_version: int
    restricted: int = Field(default=0)
    mmm: int = Field(default=0)
    perimeter: str | None = None
    phenomena: str | None = None
    axes: str | None = None
    details: str | None = committed(default=None)
    follows_id: str | None = Field(
        default=None,
        sa_column_args=(ForeignKey("plan.plan_id", deferrable=True, initially="DEFERRED"),),
    )
    watch: str | None = committed(default=None)
    watch_again: str | None = None
    version: int = derived()
    head: str = derived()
    __table_args__ = (CheckConstraint("cycle >= 1", name="cycle"), on_definition())


class Rubric(Sourced, table=True):
    """The text of one fixed rubric of a plan (clauses 8-14, 24), per language."""

    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    rubric_id: str = Field(primary_key=True)
    text: str = committed()


class GroupMember(Record, table=True):
    """A party in the project group of a plan (clause 15)."""

    __tablename__ = "group_member"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    party_id: str = Field(primary_key=True, foreign_key="party.party_id", index=True)
    position: int


class PlanIndicator(Record, table=True):
    """A plan is measured by an indicator."""

    __tablename__ = "plan_indicator"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id", index=True)
    position: int


class Activity(Sourced, table=True):
    """An activity of a plan with its owner, dates as stated ("2024-10" is allowed) and status (clause 7)."""

    activity_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    position: int
    title: str
    owner_id: str | None = Field(default=None, foreign_key="party.party_id")
    start_date: str | None = None
    end_date: str | None = None
    status: str
    axis: str | None = None
    indicator_id: str | None = Field(default=None, foreign_key="indicator.indicator_id")
    result: str | None = None
    __table_args__ = (one_of("status", ("planned", "running", "done", "dropped")),)
