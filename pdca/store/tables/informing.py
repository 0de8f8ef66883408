"""Informing partners, authorities and the population of the progress made: what was decided, prepared and received."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from pdca.store.tables.columns import Record, Sourced, committed, one_of

INFORMATION_METHODS = ("mail", "letter", "meeting", "web", "webhook")
INFORMATION_STATUSES = ("planned", "prepared", "informed", "withheld", "cancelled", "before_import")
REPORT_STATUSES = ("prepared", "approved", "sent", "informed", "replaced", "cancelled")


class InformationSchedule(Record, table=True):
    """A decision of the project group about informing a party (clauses 21-23); the highest number of a party is in
    force.

    `by_itself` 1: the report goes without anybody approving it. `although_restricted` 1: a partner, or the public, is
    informed of a plan that is otherwise kept from it. `grace_days` are the days after a moment within which the report
    is to be approved and sent. Without `dates` and `rules` the party is not informed any more. The rest is as in
    `schedule`.
    """

    __tablename__ = "information_schedule"
    plan_id: str = Field(primary_key=True, foreign_key="plan.plan_id")
    number: int = Field(primary_key=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    method: str
    by_itself: int
    although_restricted: int
    grace_days: int
    decided_on: str
    decided_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    reason: str = committed()
    start: str
    until: str | None = None
    time: str
    zone: str
    dates: str | None = None
    rules: str | None = None
    exceptions: str | None = None
    roll: str
    __table_args__ = (
        one_of("method", INFORMATION_METHODS),
        one_of("roll", ("none", "next", "previous", "nearest")),
        CheckConstraint("grace_days >= 1", name="grace_days"),
    )


class InformationMoment(Sourced, table=True):
    """When and by what method a stakeholder is told of the progress made (clauses 21-23).

    `schedule_number` is the decision by which it stands, None for one that a file states without a decision. `due_at`
    is its instant, `moved` as of an evaluation and `status` what became of it; both `due_at` and `status` are None for
    one that is not enforced, because it was past or its method unknown when the file came in. `method` is the JSON of a
    word of `INFORMATION_METHODS`, or what a file says in any words.
    """

    __tablename__ = "information_moment"
    information_id: str = Field(primary_key=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    stated_date: str
    due_date: str
    due_at: str | None = None
    method: str = committed()
    status: str | None = None
    schedule_number: int | None = None
    moved: str | None = committed(default=None)
    __table_args__ = (
        one_of("status", INFORMATION_STATUSES),
        CheckConstraint("(status IS NULL) = (due_at IS NULL)", name="definite"),
        UniqueConstraint("plan_id", "party_id", "stated_date", "method"),
    )


class InformationReport(Record, table=True):
    """A progress report as it was prepared for a moment of information, and how it was approved and sent.

    `since` is the instant of the report before it, from which progress is told. `facts` is the canonical JSON of what
    is told, `contents` the JSON of language -> HTML page, `hashes` that of language -> SHA-256 of the page. `language`
    is that of its letter. `schedule_number` is the decision by which it goes, None where a file stated the moment.
    `prepared_by` is None when the scheduler prepared it, `approved_by` when it went by itself.
    `status`: prepared until it is approved, sent when it was handed over, informed when there is a receipt; replaced
    when it was prepared anew. `withdrawn_at` is when its letter or page was taken out of its folder again. `failure`
    says why it could not be handed over the last time, as JSON of a code, a text and what fills it; None once it was.
    """

    __tablename__ = "information_report"
    report_id: str = Field(primary_key=True)
    information_id: str = Field(foreign_key="information_moment.information_id", index=True)
    plan_id: str = Field(foreign_key="plan.plan_id", index=True)
    party_id: str = Field(foreign_key="party.party_id", index=True)
    schedule_number: int | None = None
    audience: str
    method: str
    since: str | None = None
    prepared_at: str
    prepared_by: str | None = Field(default=None, foreign_key="person.person_id")
    language: str
    facts: str = committed()
    contents: str = committed()
    hashes: str
    status: str
    approved_by: str | None = Field(default=None, foreign_key="person.person_id")
    approved_at: str | None = None
    approved_reason: str | None = committed(default=None)
    sent_at: str | None = None
    withdrawn_at: str | None = None
    failure: str | None = committed(default=None)
    __table_args__ = (
        one_of("status", REPORT_STATUSES),
        one_of("method", INFORMATION_METHODS),
        CheckConstraint(
            "approved_by IS NULL OR prepared_by IS NULL OR approved_by <> prepared_by",
            name="four_eyes",
        ),
        CheckConstraint("sent_at IS NULL OR approved_at IS NOT NULL", name="approved_first"),
    )


class InformationReceipt(Record, table=True):
    """Proof that a report was sent, and how: the mail or page that left (`sha256`), or what somebody recorded.

    `happened_on` is the local day of posting, of the meeting, or of the mail; `language` that of the page that went;
    `reference` the postal number, the place in the minutes, the Message-ID or the file. Of what was recorded by hand
    `received_by` is to whom it was addressed, or who heard it; of a mail `person_id` says so.
    """

    __tablename__ = "information_receipt"
    report_id: str = Field(primary_key=True, foreign_key="information_report.report_id")
    number: int = Field(primary_key=True)
    kind: str
    happened_on: str
    language: str | None = None
    person_id: str | None = Field(default=None, foreign_key="person.person_id")
    received_by: str | None = committed(default=None)
    reference: str | None = committed(default=None)
    sha256: str | None = None
    recorded_at: str
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    __table_args__ = (one_of("kind", ("mailed", "written", "posted", "held", "published", "called")),)
