"""The log with its tree, its keys and checkpoints, and the heartbeats of the scheduler."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from pdca.store.tables.columns import LOG_POSITION, Record, committed, one_of

GROUNDS = ("art-17", "retention", "mistake")
"""Why a value is erased: the person asked for it (GDPR, article 17), its time is over, it should not stand there."""

KINDS_OF_VALUE = ("people", "absences", "messages", "reactions", "findings", "reasons", "descriptions")
"""The kinds of values for which can be decided how long they are kept; as `pdca.erasure.kinds` has them."""


class Event(Record, table=True):
    """One entry of the append-only log. Only `body` counts; the other columns are for finding it."""

    event_id: int = Field(primary_key=True, sa_type=LOG_POSITION)
    stream: str
    seq: int
    kind: str
    plan_id: str | None = Field(default=None, index=True)
    at: str = Field(index=True)
    actor: str = Field(index=True)
    source: str
    event_key: str | None = Field(default=None, unique=True)
    body: bytes
    # The steps of some plans are looked for, and the steps of all of them.
    __table_args__ = (UniqueConstraint("stream", "seq"), Index("ix_event_kind_plan_id", "kind", "plan_id"))


class EventPrivate(Record, table=True):
    """The erasable part of an event: JSON of commitment -> [salt, value]; what an `ErasedValue` names may leave it."""

    __tablename__ = "event_private"
    event_id: int = Field(primary_key=True, foreign_key="event.event_id", sa_type=LOG_POSITION)
    payload: str


class ErasedValue(Record, table=True):
    """Leave to take value and salt of one commitment out of `event_private`, and on what ground; given by an event."""

    __tablename__ = "erased_value"
    digest: str = Field(primary_key=True)
    ground: str
    __table_args__ = (one_of("ground", GROUNDS),)


class ErasureRule(Record, table=True):
    """A decision on when values of a kind are erased; the highest number of a kind is in force.

    `months` after what the kind runs from, such as that the person left; None for a kind that is kept without a term.
    `legal_basis` is on what ground, `decided_on` the local day of the decision.
    """

    __tablename__ = "erasure_rule"
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    months: int | None = None
    legal_basis: str | None = committed(default=None)
    decided_on: str
    decided_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    reason: str = committed()
    __table_args__ = (
        one_of("kind", KINDS_OF_VALUE),
        CheckConstraint("months IS NULL OR months >= 1", name="months"),
        CheckConstraint("months IS NULL OR legal_basis IS NOT NULL", name="legal_basis"),
    )


class ErasureRun(Record, table=True):
    """That values of a kind were erased by a rule, as far as their term had begun on `up_to`, a local day.

    `subjects` are the people, plans, messages or absences whose term ended since the run before, and the plans of which
    something was said since; `erased` the values that are gone.
    """

    __tablename__ = "erasure_run"
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    rule_number: int
    up_to: str
    subjects: int
    erased: int
    at: str
    __table_args__ = (one_of("kind", KINDS_OF_VALUE),)


class Scrubbed(Record, table=True):
    """Up to which event the bytes of erased values are gone from the files as well; one row, not part of the log.

    `tried_event` and `tried_on` say for what the scheduler last tried to overwrite them by itself, on which local day.
    """

    number: int = Field(primary_key=True)
    event_id: int = Field(sa_type=LOG_POSITION)
    tried_event: int | None = Field(default=None, sa_type=LOG_POSITION)
    tried_on: str | None = None
    __table_args__ = (CheckConstraint("number = 1", name="one_row"),)


HANDED_OUT_AS = ("jsonl", "csv", "sqlite", "folder", "dossier")


class HandedOut(Record, table=True):
    """What somebody took out of the log, by an event that says who and when.

    `plan_id` is the one whose log it was, None for all of it; `opened` 1 when personal values went along. `sha256` is
    that of the file, of a folder that of its file of events.
    """

    __tablename__ = "handed_out"
    number: int = Field(primary_key=True)
    form: str
    plan_id: str | None = None
    opened: int
    events: int = Field(sa_type=LOG_POSITION)
    sha256: str
    __table_args__ = (one_of("form", HANDED_OUT_AS),)


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


class LogKey(Record, table=True):
    """A public key that signs checkpoints (its *vkey*); the private one is held apart from the database."""

    __tablename__ = "log_key"
    number: int = Field(primary_key=True)
    vkey: str
    made_at: str
    made_by: str = Field(foreign_key="person.person_id")
    retired_at: str | None = None
    reason: str | None = committed(default=None)


class Checkpoint(Record, table=True):
    """A signed statement of the log's state (`note`), when its tree had `size` leaves; not part of the log."""

    number: int = Field(primary_key=True)
    size: int = Field(sa_type=LOG_POSITION)
    at: str
    note: str


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
