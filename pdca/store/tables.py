"""The one definition of the tables.

Migrations are made from these classes and `tests/unit/store` holds the catalogue (`catalogue.py`) and every named
statement to them. Reading and writing commands never import this module: SQLModel takes half a second to load.

Conventions, the same on SQLite and PostgreSQL so that tables, log and exports hold the same bytes:
instants are TEXT in UTC (`YYYY-MM-DDTHH:MM:SS.ffffffZ`), local dates TEXT (`YYYY-MM-DD`), truth values INTEGER 0/1,
decimals TEXT, structured values TEXT holding canonical JSON; a text in several languages is the JSON of a mapping
language -> text. A column marked `committed` stands in the log only as a salted commitment, so that it can be erased.
"""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, Integer, MetaData, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite makes only a column of type INTEGER the row's own id; PostgreSQL needs eight bytes for a log of years.
LOG_POSITION = BigInteger().with_variant(Integer(), "sqlite")

PROGRAMME_STATUSES = ("draft", "submitted", "approved", "rejected")
DISPOSITIONS = ("candidate", "retained", "daily_operations", "point_of_attention", "dropped")
EVALUATION_STATUSES = ("planned", "open", "recorded", "missed", "cancelled", "before_import")
DEADLINE_STATUSES = ("pending", "held", "overdue", "done", "void", "set_aside")
NOTIFICATION_STATUSES = ("pending", "sent", "dead")


class Record(SQLModel):
    """Base of every table: carries the shared metadata with its naming convention."""

    metadata = MetaData(naming_convention=NAMING)


def committed(**arguments: Any) -> Any:  # noqa: ANN401 - SQLModel's own Field is typed Any
    """Make a column whose value stands in the log as a salted commitment only (personal data and free text)."""
    return Field(sa_column_kwargs={"info": {"committed": True}}, **arguments)


def derived(**arguments: Any) -> Any:  # noqa: ANN401 - SQLModel's own Field is typed Any
    """Make a column that follows from the log itself and therefore does not stand in the changes of an event."""
    return Field(sa_column_kwargs={"info": {"derived": True}}, **arguments)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Constrain a column to the listed words."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


class Sourced(Record):
    """Whence a record comes: `assumed` 1 marks what is not the body's own, `basis` says from what it was assumed,
    `source` is a JSON list of keys into the programme's sources, `note` a remark.
    """

    assumed: int = Field(default=0)
    basis: str | None = committed(default=None)
    source: str | None = None
    note: str | None = committed(default=None)


class Installation(Record, table=True):
    """The body that runs this database; one row. Its stream holds every event that belongs to no single plan."""

    installation_id: int = Field(primary_key=True)
    organisation_id: str
    name: str
    country: str | None = None
    zone: str
    language: str
    simulated: int
    created_at: str
    details: str | None = committed(default=None)
    version: int = derived()
    head: str = derived()
    __table_args__ = (
        CheckConstraint("installation_id = 1", name="one_row"),
        CheckConstraint("simulated IN (0, 1)", name="simulated"),
    )


class Party(Sourced, table=True):
    """Whoever can own, be a member, or be told: a function of the body or a stakeholder."""

    party_id: str = Field(primary_key=True)
    kind: str
    name: str
    discipline: str | None = None
    discipline_assumed: int = Field(default=0)
    escalation: str | None = None
    details: str | None = committed(default=None)
    __table_args__ = (one_of("kind", ("function", "partner", "authority", "public", "internal")),)


class Person(Sourced, table=True):
    """Somebody who acts or is told. `access`: administrator, member, auditor, or service (a scheduler's account)."""

    person_id: str = Field(primary_key=True)
    handle: str = committed(unique=True)
    name: str = committed()
    login: str | None = committed(default=None, unique=True)
    email: str | None = committed(default=None)
    language: str
    access: str
    __table_args__ = (one_of("access", ("administrator", "member", "auditor", "service")),)


class Appointment(Record, table=True):
    """A person holds a function, or represents a stakeholder, from one local date until before another."""

    person_id: str = Field(primary_key=True, foreign_key="person.person_id")
    party_id: str = Field(primary_key=True, foreign_key="party.party_id", index=True)
    from_date: str = Field(primary_key=True)
    until_date: str | None = None


class Programme(Sourced, table=True):
    """A programme with a period (years inclusive, clause 1), worked by one version of a definition.

    `position` orders programmes in sequence, `legal_deadline` is the local date by which the authorities must have it,
    frozen as it was when the programme was submitted. `period_end` moves by an approved prolongation only.
    """

    programme_id: str = Field(primary_key=True)
    title: str
    period_start: str
    period_end: str
    definition: str
    definition_version: int
    previous_id: str | None = Field(default=None, foreign_key="programme.programme_id")
    status: str
    legal_deadline: str | None = None
    submitted_at: str | None = None
    sources: str | None = None
    details: str | None = committed(default=None)
    __table_args__ = (one_of("status", PROGRAMME_STATUSES),)


class ProgrammeVersion(Record, table=True):
    """A version of a programme: 0 as first submitted, then addenda and prolongations, each with its own approval.

    `text` says what changes; a prolongation carries the new last day.
    """

    __tablename__ = "programme_version"
    programme_id: str = Field(primary_key=True, foreign_key="programme.programme_id")
    number: int = Field(primary_key=True)
    kind: str
    text: str | None = committed(default=None)
    period_end: str | None = None
    status: str
    proposed_by: str | None = Field(default=None, foreign_key="person.person_id")
    proposed_at: str
    __table_args__ = (
        one_of("kind", ("programme", "addendum", "prolongation")),
        one_of("status", ("proposed", "approved", "rejected")),
    )


class AuthorityApproval(Sourced, table=True):
    """One step of the approval of a programme version by an outside authority, in order (clause 2).

    Dates are as stated ("2020-03" is allowed): the decision and the day it takes effect can differ.
    """

    __tablename__ = "authority_approval"
    programme_id: str = Field(primary_key=True, foreign_key="programme.programme_id")
    version_number: int = Field(primary_key=True)
    step: int = Field(primary_key=True)
    party_id: str | None = Field(default=None, foreign_key="party.party_id")
    authority: str
    act: str
    decision: str
    decided_on: str | None = None
    effective_on: str | None = None
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str | None = None
    __table_args__ = (one_of("decision", ("awaited", "approved", "rejected")),)


class Phenomenon(Sourced, table=True):
    """A phenomenon in a tree that outlives programmes (clauses 28-29)."""

    phenomenon_id: str = Field(primary_key=True)
    parent_id: str | None = Field(
        default=None,
        sa_column_args=(ForeignKey("phenomenon.phenomenon_id", deferrable=True, initially="DEFERRED"),),
    )
    title: str


class Objective(Sourced, table=True):
    """An objective of the programme on one of the definition's levels (clauses 3-6)."""

    objective_id: str = Field(primary_key=True)
    programme_id: str = Field(foreign_key="programme.programme_id", index=True)
    parent_id: str | None = Field(default=None, foreign_key="objective.objective_id")
    level: str
    position: int
    title: str
    internal: int = Field(default=0)
    disposition: str
    phenomenon_id: str | None = Field(default=None, foreign_key="phenomenon.phenomenon_id")
    __table_args__ = (one_of("disposition", DISPOSITIONS),)


class Retention(Sourced, table=True):
    """A decision over a candidate objective, with its motive (clauses 3, 32); the last one holds, all stay."""

    objective_id: str = Field(primary_key=True, foreign_key="objective.objective_id")
    number: int = Field(primary_key=True)
    disposition: str
    motive: str = committed()
    evidence: str | None = committed(default=None)
    decided_on: str
    decided_by: str
    watch: str | None = committed(default=None)
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    __table_args__ = (one_of("disposition", DISPOSITIONS[1:]),)


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
    group_due_date: str | None = None
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
    __table_args__ = (CheckConstraint("cycle >= 1", name="cycle"),)


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


class Substitution(Record, table=True):
    """Somebody acts for an absent person between two local dates, inclusive; what is done so says on whose behalf."""

    substitution_id: str = Field(primary_key=True)
    absent_id: str = Field(foreign_key="person.person_id", index=True)
    substitute_id: str = Field(foreign_key="person.person_id", index=True)
    from_date: str
    until_date: str
    reason: str = committed()
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    __table_args__ = (CheckConstraint("absent_id <> substitute_id", name="another"),)


class Approval(Record, table=True):
    """Approval of a plan's exact content by somebody other than its author and owner (four eyes).

    `purpose`: the trigger it is for (start, close, embed). `content_sha256` is the hash of what was approved; a later
    change voids it and `voided_because` says so. `used_at`: when the step was taken; it is good for one.
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
    """What a partner says back, and the answer (clause 20)."""

    reaction_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    received_on: str
    text: str = committed()
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    answer: str | None = committed(default=None)
    answered_by: str | None = Field(default=None, foreign_key="person.person_id")
    answered_at: str | None = None


class Indicator(Sourced, table=True):
    """Something that is counted or asked. `targets` is a JSON list of operator, value and date as stated."""

    indicator_id: str = Field(primary_key=True)
    title: str
    unit: str
    kind: str
    direction: str
    system: str | None = None
    frequency: str | None = None
    targets: str | None = None
    __table_args__ = (
        one_of("kind", ("objective", "subjective", "activity")),
        one_of("direction", ("up", "down", "hold", "range", "none")),
    )


class Measurement(Sourced, table=True):
    """One published figure of an indicator over a period; `value` is a decimal as text, NULL when missing."""

    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id")
    period: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    value: str | None = None
    missing_reason: str | None = committed(default=None)
    approximate: int = Field(default=0)
    parts: str | None = None
    of_which: str | None = None


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


class Evaluation(Sourced, table=True):
    """A definite moment at which the plan is evaluated (clauses 17-18), and what was found.

    `stated_date` is the date as published ("2024-10" is allowed), `due_date` the definite local date, `due_at` its
    instant, `first_due_at` the instant before any extension. `results` is the JSON of indicator -> value or reason.
    `published` is what outside sources reported about it, never a record of this installation.
    """

    evaluation_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    kind: str
    stated_date: str
    due_date: str
    due_at: str
    first_due_at: str
    status: str
    missed_because: str | None = None
    cycle: int | None = None
    opened_at: str | None = None
    overdue_at: str | None = None
    recorded_at: str | None = None
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    verdict: str | None = None
    findings: str | None = committed(default=None)
    attribution: str | None = committed(default=None)
    deployed: str | None = committed(default=None)
    results: str | None = committed(default=None)
    published: str | None = committed(default=None)
    __table_args__ = (
        one_of("status", EVALUATION_STATUSES),
        CheckConstraint("verdict IS NULL OR verdict IN ('effective', 'ineffective', 'inconclusive')", name="verdict"),
        CheckConstraint("(status = 'recorded') = (recorded_at IS NOT NULL)", name="recorded"),
        UniqueConstraint("plan_id", "kind", "stated_date"),
        Index("ix_evaluation_status_due_at", "status", "due_at"),
    )


class Extension(Record, table=True):
    """A request to move an evaluation, and its approval by somebody else; the database holds that too."""

    evaluation_id: str = Field(primary_key=True, foreign_key="evaluation.evaluation_id")
    number: int = Field(primary_key=True)
    from_date: str
    to_date: str
    reason: str = committed()
    requested_by: str = Field(foreign_key="person.person_id")
    requested_at: str
    approved_by: str | None = Field(default=None, foreign_key="person.person_id")
    approved_at: str | None = None
    __table_args__ = (CheckConstraint("approved_by IS NULL OR approved_by <> requested_by", name="four_eyes"),)


class InformationMoment(Sourced, table=True):
    """When and by what method a stakeholder is told of the progress made (clauses 21-23)."""

    __tablename__ = "information_moment"
    information_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    stated_date: str
    due_date: str
    method: str
    __table_args__ = (UniqueConstraint("plan_id", "party_id", "stated_date", "method"),)


class Deadline(Record, table=True):
    """Something the scheduler has to do at an instant; a sweep takes what is due and pending.

    `kind`: evaluation (open it), start / record / decide (a phase has lasted too long), missed (an evaluation that
    could not be opened), watch (look again at what went to daily operations). `since` is when it first fell due and
    `step` how many rungs of the escalation ladder have been told. `status`: pending until a sweep takes it, held while
    the plan is suspended, overdue when the whole ladder was told and nobody acted, done when it was enforced, void when
    what it waited for happened, set_aside with its `error` when it cannot be enforced.
    """

    deadline_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    evaluation_id: str | None = Field(default=None, foreign_key="evaluation.evaluation_id")
    kind: str
    since: str
    due_at: str
    step: int
    status: str
    done_at: str | None = None
    error: str | None = committed(default=None)
    __table_args__ = (
        one_of("kind", ("evaluation", "start", "record", "decide", "missed", "watch", "group")),
        one_of("status", DEADLINE_STATUSES),
        Index(
            "ix_deadline_pending_due_at",
            "due_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )


class Notification(Record, table=True):
    """One message to one person: the outbox. Made in the transaction of its event (`stream`, `seq`)."""

    notification_id: str = Field(primary_key=True)
    stream: str
    seq: int
    kind: str
    plan_id: str | None = Field(default=None, foreign_key="plan.plan_id", index=True)
    evaluation_id: str | None = Field(default=None, foreign_key="evaluation.evaluation_id")
    person_id: str = Field(foreign_key="person.person_id", index=True)
    why: str
    channel: str
    parameters: str = committed()
    created_at: str
    status: str
    attempts: int
    next_attempt_at: str
    sent_at: str | None = None
    sha256: str | None = None
    last_error: str | None = committed(default=None)
    __table_args__ = (
        one_of("status", NOTIFICATION_STATUSES),
        UniqueConstraint("stream", "seq", "person_id", "channel"),
        Index(
            "ix_notification_pending_next_attempt_at",
            "next_attempt_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )


class Event(Record, table=True):
    """One entry of the append-only log. Only `body` counts; the other columns are for finding it."""

    event_id: int = Field(primary_key=True, sa_type=LOG_POSITION)
    stream: str
    seq: int
    kind: str
    plan_id: str | None = Field(default=None, index=True)
    at: str
    actor: str
    source: str
    event_key: str | None = Field(default=None, unique=True)
    body: bytes
    __table_args__ = (UniqueConstraint("stream", "seq"),)


class EventPrivate(Record, table=True):
    """The erasable part of an event: JSON of commitment -> [salt, value]."""

    __tablename__ = "event_private"
    event_id: int = Field(primary_key=True, foreign_key="event.event_id", sa_type=LOG_POSITION)
    payload: str


class TreeLeaf(Record, table=True):
    """The place of an event in the RFC 6962 tree and its leaf hash."""

    __tablename__ = "tree_leaf"
    leaf_index: int = Field(primary_key=True, sa_type=LOG_POSITION)
    event_id: int = Field(unique=True, foreign_key="event.event_id", sa_type=LOG_POSITION)
    hash: bytes


class TreeNode(Record, table=True):
    """The hash of a complete subtree of 2**level leaves, the `idx`-th of its level (level 1 and up)."""

    __tablename__ = "tree_node"
    level: int = Field(primary_key=True)
    idx: int = Field(primary_key=True, sa_type=LOG_POSITION)
    hash: bytes
    __table_args__ = ({"sqlite_with_rowid": False},)


class Heartbeat(Record, table=True):
    """When a scheduler last ran; not part of the log."""

    worker: str = Field(primary_key=True)
    host: str
    process: int
    started_at: str
    beat_at: str
    swept_at: str | None = None
    stopped_at: str | None = None
    error: str | None = None
