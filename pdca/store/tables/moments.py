"""What happens by date: evaluations, deadlines and messages."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from pdca.store.tables.columns import Record, Requested, Sourced, committed, one_of, other_eyes

EVALUATION_STATUSES = ("planned", "open", "recorded", "missed", "cancelled", "before_import")
DEADLINE_KINDS = (
    *("evaluation", "start", "record", "decide", "missed", "watch", "group", "reminder"),
    *("follow_up", "programme_evaluation", "information"),
)
DEADLINE_STATUSES = ("pending", "held", "overdue", "done", "void", "set_aside")
INVITATION_STATUSES = ("invited", "withdrawn")
NOTIFICATION_STATUSES = ("pending", "sent", "dead", "lapsed")


class Evaluation(Sourced, table=True):
    """A definite moment at which the plan is evaluated (clauses 17-18), and what was found.

    `stated_date` is the date as published ("2024-10" is allowed), `due_date` the definite local date, `due_at` its
    instant, `first_due_at` the instant before any extension. `results` is the JSON of indicator -> value or reason,
    `attributed_to` to what the effect is due and `evidence` how that is known, `deployed` the capacity in words (the
    figures are those of `means`), `evaluators` the JSON list of parties and people who evaluated.
    `schedule_number` is the decision of the group by which it stands, None when it was fixed by itself; `moved` the
    JSON of why its day is not the stated one (`reasons`), and of the other stated days that it stands for (`also`).
    `published` is what outside sources reported about it, never a record of this installation.
    """

    evaluation_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id")
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
    process_findings: str | None = committed(default=None)
    effect_findings: str | None = committed(default=None)
    attributed_to: str | None = None
    attribution: str | None = committed(default=None)
    evidence: str | None = committed(default=None)
    deployed: str | None = committed(default=None)
    lessons: str | None = committed(default=None)
    evaluators: str | None = None
    results: str | None = committed(default=None)
    published: str | None = committed(default=None)
    schedule_number: int | None = None
    moved: str | None = committed(default=None)
    __table_args__ = (
        one_of("status", EVALUATION_STATUSES),
        CheckConstraint("verdict IS NULL OR verdict IN ('effective', 'ineffective', 'inconclusive')", name="verdict"),
        CheckConstraint(
            "attributed_to IS NULL OR attributed_to IN ('plan', 'daily_work', 'others', 'unclear')",
            name="attributed_to",
        ),
        CheckConstraint("(status = 'recorded') = (recorded_at IS NOT NULL)", name="recorded"),
        UniqueConstraint("plan_id", "kind", "stated_date"),
        Index("ix_evaluation_plan_id_status_due_at", "plan_id", "status", "due_at"),
        Index("ix_evaluation_status_due_at", "status", "due_at"),
    )


class Schedule(Record, table=True):
    """A decision of the project group about the moments of its plan (clause 18); the highest number is in force.

    `decided_on` is the local day, `decided_by` who decided it for the group, None when nobody knows. `dates` and
    `exceptions` are JSON lists of dates as stated, `rules` of RFC 5545 rules; the rest is as in
    `workflows.moments.Schedule`.
    """

    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    number: int = Field(primary_key=True)
    decided_on: str
    decided_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    reason: str = committed()
    kind: str
    start: str
    until: str | None = None
    time: str
    zone: str
    dates: str | None = None
    rules: str | None = None
    exceptions: str | None = None
    anchor: str
    roll: str
    __table_args__ = (
        one_of("anchor", ("series", "completion")),
        one_of("roll", ("none", "next", "previous", "nearest")),
    )


class Extension(Requested, table=True):
    """A request to move an evaluation of a plan; its dates are definite local ones."""

    evaluation_id: str = Field(primary_key=True, foreign_key="evaluation.evaluation_id")
    __table_args__ = other_eyes()


class Invitation(Record, table=True):
    """What a person's calendar was last told of an evaluation: that it is at `due_at`, or, once withdrawn, off it.

    `sequence` counts the messages before that one.
    """

    person_id: str = Field(primary_key=True, foreign_key="person.person_id")
    evaluation_id: str = Field(primary_key=True, foreign_key="evaluation.evaluation_id", index=True)
    due_at: str = Field(index=True)
    sequence: int
    status: str
    __table_args__ = (one_of("status", INVITATION_STATUSES),)


class Deadline(Record, table=True):
    """Something the scheduler has to do at an instant; a sweep takes what is due and pending.

    `kind`: evaluation (open it), start / record / decide (a phase has lasted too long), missed (an evaluation that
    could not be opened), watch (look again at what went to daily operations), group (it is to be set up), reminder
    (tell people of an evaluation that comes), follow_up (answer it), information (prepare the report, have it sent),
    programme_evaluation (hold it). The last is of a programme, which may be one that is only described; all others are
    of a plan. `since` is when it first fell due and `step` how many rungs of the escalation ladder have been told.
    `status`: pending until a sweep takes it, held while the plan is suspended, overdue when nobody is to be told any
    more and nobody acted, done when it was enforced, void when what it waited for happened, set_aside with its `error`
    when it cannot be enforced.
    """

    deadline_id: str = Field(primary_key=True)
    plan_id: str | None = Field(default=None, foreign_key="plan.plan_id", index=True)
    programme_id: str | None = None
    evaluation_id: str | None = Field(default=None, foreign_key="evaluation.evaluation_id")
    programme_evaluation_id: str | None = Field(default=None, foreign_key="programme_evaluation.evaluation_id")
    follow_up_id: str | None = Field(default=None, foreign_key="follow_up.follow_up_id")
    information_id: str | None = Field(default=None, foreign_key="information_moment.information_id")
    kind: str
    since: str
    due_at: str
    step: int
    status: str
    done_at: str | None = None
    error: str | None = committed(default=None)
    __table_args__ = (
        one_of("kind", DEADLINE_KINDS),
        one_of("status", DEADLINE_STATUSES),
        CheckConstraint("(plan_id IS NULL) <> (programme_id IS NULL)", name="of_one"),
        Index(
            "ix_deadline_pending_due_at",
            "due_at",
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_deadline_programme_id",
            "programme_id",
            sqlite_where=text("programme_id IS NOT NULL"),
            postgresql_where=text("programme_id IS NOT NULL"),
        ),
    )


class Acknowledgement(Record, table=True):
    """That somebody took up something overdue, and why: for good, or `until` an instant. The last one of a deadline
    holds.
    """

    deadline_id: str = Field(primary_key=True, foreign_key="deadline.deadline_id")
    number: int = Field(primary_key=True)
    person_id: str = Field(foreign_key="person.person_id")
    at: str
    until: str | None = None
    reason: str = committed()


class Reminding(Record, table=True):
    """What the project group decided about being reminded and being late; the last decision of a plan holds.

    `lead_days` is the JSON list of days before an evaluation, `grace_days` the JSON of kind of deadline -> days,
    `ladder` the JSON list of {after_days, to}; each is NULL where the method's own holds.
    """

    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    number: int = Field(primary_key=True)
    decided_on: str
    decided_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    reason: str = committed()
    lead_days: str | None = None
    grace_days: str | None = None
    ladder: str | None = None


class Notification(Record, table=True):
    """One message to one person: the outbox. Made in the transaction of its event (`stream`, `seq`).

    It is not sent `not_before` an instant; with `together` it waits to be put into one message with what else there is
    for that person. Those with the same `digest`, the id of the first of them, go out as one. `checkpoint` is the
    number of the one in its foot, since it was first tried. `attached` is the language of the report that went with it.
    """

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
    not_before: str
    next_attempt_at: str
    sent_at: str | None = None
    sha256: str | None = None
    last_error: str | None = committed(default=None)
    digest: str | None = Field(default=None, index=True)
    together: int
    checkpoint: int | None = None
    attached: str | None = None
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
