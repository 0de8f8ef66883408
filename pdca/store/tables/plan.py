"""An action plan: what its project group wrote about it, who approved that, and who was involved."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlmodel import Field

from pdca.store.tables.columns import Record, Sourced, committed, derived, one_of
from pdca.store.tables.programme import on_definition


class Plan(Sourced, table=True):
    """An action plan: a state machine, in a state of its definition. `perimeter`, `phenomena` and `axes` are JSON,
    `details` what has no column. Without `objective_id` it stands under the programme itself.

    `evaluations_withheld` is JSON of part of an evaluation -> audiences that never see it: partners, public.

    `version` counts the events of its stream, `head` is the leaf hash of the last.
    """

    plan_id: str = Field(primary_key=True)
    slug: str = Field(unique=True)
    programme_id: str = Field(foreign_key="programme.programme_id", index=True)
    objective_id: str | None = Field(default=None, foreign_key="objective.objective_id", index=True)
    title: str
    lead_id: str | None = Field(default=None, foreign_key="party.party_id", index=True)
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
    evaluations_withheld: str | None = None
    mmm: int = Field(default=0)
    group_due_date: str | None = None
    perimeter: str | None = committed(default=None)
    phenomena: str | None = committed(default=None)
    axes: str | None = committed(default=None)
    details: str | None = committed(default=None)
    follows_id: str | None = Field(
        default=None,
        sa_column_args=(ForeignKey("plan.plan_id", deferrable=True, initially="DEFERRED"),),
    )
    watch: str | None = committed(default=None)
    watch_again: str | None = None
    watch_indicator_id: str | None = Field(default=None, foreign_key="indicator.indicator_id")
    version: int = derived()
    head: str = derived()
    __table_args__ = (CheckConstraint("cycle >= 1", name="cycle"), on_definition())


class Rubric(Sourced, table=True):
    """The text of one fixed rubric of a plan (clauses 8-14, 24), per language, or why it does not apply.

    `withheld_from` is a JSON list of audiences that never see it: partners, public.
    """

    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    rubric_id: str = Field(primary_key=True)
    text: str | None = committed(default=None)
    not_applicable: str | None = committed(default=None)
    withheld_from: str | None = None
    revision: int


class RubricRevision(Record, table=True):
    """What a rubric said before and since when: every revision is kept."""

    __tablename__ = "rubric_revision"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    rubric_id: str = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    text: str | None = committed(default=None)
    not_applicable: str | None = committed(default=None)
    revised_at: str
    revised_by: str | None = Field(default=None, foreign_key="person.person_id")


class GroupMember(Record, table=True):
    """A party in the project group of a plan (clause 15), from one local date until before another.

    `role`: member, or deputy, who acts when the project leader does not. The leader itself is `plan.lead_id`.
    """

    __tablename__ = "group_member"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    party_id: str = Field(primary_key=True, foreign_key="party.party_id", index=True)
    position: int
    role: str
    from_date: str | None = None
    until_date: str | None = None
    __table_args__ = (one_of("role", ("member", "deputy")),)


class PlanIndicator(Record, table=True):
    """A plan is measured by an indicator, from a baseline or for a stated reason without one."""

    __tablename__ = "plan_indicator"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id", index=True)
    position: int
    baseline: str | None = None
    baseline_period: str | None = None
    baseline_missing: str | None = committed(default=None)
    baseline_assumed: int = Field(default=0)


class PlanObjective(Sourced, table=True):
    """An objective that a plan is worked out into, where the method puts a level of objectives under the plan."""

    __tablename__ = "plan_objective"
    objective_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    position: int
    title: str


class PlanBaseline(Record, table=True):
    """A baseline from which a plan was measured before a decision to measure it from another, with its reason."""

    __tablename__ = "plan_baseline"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id")
    number: int = Field(primary_key=True)
    baseline: str | None = None
    baseline_period: str | None = None
    baseline_missing: str | None = committed(default=None)
    baseline_assumed: int = Field(default=0)
    cycle: int
    reason: str = committed()
    replaced_at: str
    replaced_by: str | None = Field(default=None, foreign_key="person.person_id")


class Activity(Sourced, table=True):
    """An activity of a plan with its owner, dates as stated ("2024-10" is allowed) and status (clause 7).

    `objective_id` is the objective under the plan that it serves, if any.
    """

    activity_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    position: int
    title: str
    objective_id: str | None = Field(default=None, foreign_key="plan_objective.objective_id")
    owner_id: str | None = Field(default=None, foreign_key="party.party_id")
    start_date: str | None = None
    end_date: str | None = None
    status: str
    axis: str | None = None
    indicator_id: str | None = Field(default=None, foreign_key="indicator.indicator_id")
    result: str | None = None
    rubric_id: str | None = None
    depends_on: str | None = None
    steps: str | None = committed(default=None)
    __table_args__ = (one_of("status", ("planned", "running", "done", "dropped")),)


class Means(Sourced, table=True):
    """Means and capacity of an activity in a year (clauses 24-25): planned, deployed, and why they fall short.

    `kind`: money (EUR), fte, hours, headcount; amounts are decimals as text.
    """

    activity_id: str = Field(primary_key=True, foreign_key="activity.activity_id")
    year: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    planned: str | None = None
    deployed: str | None = None
    shortfall_reason: str | None = committed(default=None)
    __table_args__ = (one_of("kind", ("money", "fte", "hours", "headcount")),)


class Approval(Record, table=True):
    """Approval of a plan's exact content by somebody other than its author and owner (four eyes).

    `purpose`: the trigger it is for (start, close, embed). `content_sha256` is the hash of what was approved; a later
    change voids it: `voided_at`, and in `voided_because` the kind of the event. `used_at`: when the step was taken, for
    it is good for one; one that was used stays so, and `voided_at` is the first change after it.
    """

    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    number: int = Field(primary_key=True)
    purpose: str
    content_sha256: str
    reason: str = committed()
    approved_by: str = Field(foreign_key="person.person_id")
    approved_at: str
    used_at: str | None = None
    voided_at: str | None = None
    voided_because: str | None = None


class Involvement(Sourced, table=True):
    """A session by which a partner is involved competently (clause 26): training, information or consultation."""

    involvement_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    mode: str
    held_on: str
    content: str = committed()
    attendees: str | None = committed(default=None)
    __table_args__ = (one_of("mode", ("training", "information", "consultation")),)


class Reaction(Record, table=True):
    """What a partner says back, about a progress report or the plan as a whole, and the answer (clause 20)."""

    reaction_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    report_id: str | None = Field(default=None, foreign_key="information_report.report_id")
    received_on: str
    text: str = committed()
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    answer: str | None = committed(default=None)
    answered_by: str | None = Field(default=None, foreign_key="person.person_id")
    answered_at: str | None = None
