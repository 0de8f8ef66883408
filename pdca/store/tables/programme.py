"""Programmes with their approval by the authorities, phenomena, objectives and indicators."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlmodel import Field

from pdca.store.tables.columns import Record, Requested, Sourced, committed, one_of, other_eyes

PROGRAMME_STATUSES = ("draft", "submitted", "approved", "rejected")
RHYTHMS = (
    "monthly",
    "quarterly",
    "four-monthly",
    "half-yearly",
    "yearly",
    "two-yearly",
    "three-yearly",
    "ad-hoc",
)
DISPOSITIONS = ("candidate", "retained", "daily_operations", "point_of_attention", "dropped")
PROGRAMME_EVALUATION_KINDS = ("yearly", "mid_term", "final")
THEME_DECISIONS = (*DISPOSITIONS[1:], "continue")


class Definition(Record, table=True):
    """A version of a method that this installation works by: the whole text of its file, and the text's SHA-256."""

    definition_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    sha256: str
    text: str


def on_definition() -> ForeignKeyConstraint:
    """Constrain `definition` and `definition_version` to a version that the installation took over."""
    return ForeignKeyConstraint(
        ["definition", "definition_version"], ["definition.definition_id", "definition.version"]
    )


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
    sources: str | None = committed(default=None)
    details: str | None = committed(default=None)
    __table_args__ = (one_of("status", PROGRAMME_STATUSES), on_definition())


class ProgrammeVersion(Record, table=True):
    """A version of a programme: 0 as first submitted, then addenda and prolongations, each with its own approval.

    `text` says what changes; a prolongation carries the new last day. What a file brought in has no `proposed_by`, and
    no `proposed_at` unless the file says on which day it was handed in.
    """

    __tablename__ = "programme_version"
    programme_id: str = Field(primary_key=True, foreign_key="programme.programme_id")
    number: int = Field(primary_key=True)
    kind: str
    text: str | None = committed(default=None)
    period_end: str | None = None
    status: str
    proposed_by: str | None = Field(default=None, foreign_key="person.person_id")
    proposed_at: str | None = None
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
    authority: str = committed()
    act: str = committed()
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
    decided_by: str = committed()
    watch: str | None = committed(default=None)
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str
    __table_args__ = (one_of("disposition", DISPOSITIONS[1:]),)


class ProgrammeEvaluation(Sourced, table=True):
    """The evaluation of a whole programme: to come until `recorded_at`, and from then on fixed (clause 27).

    `programme_id` may be that of a programme which is only described, as one that went before. `period` is what a
    yearly one looks back on, `due_on` by when it is to be held, `first_due_on` by when it was before any extension,
    `held_on` when it was held: dates as stated. `held_by` is a party, or words. `as_published` marks what was recorded
    elsewhere and taken in as it was published.
    """

    __tablename__ = "programme_evaluation"
    evaluation_id: str = Field(primary_key=True)
    programme_id: str = Field(index=True)
    kind: str
    period: str | None = None
    due_on: str | None = None
    first_due_on: str | None = None
    held_on: str | None = None
    held_by: str | None = committed(default=None)
    lessons: str | None = committed(default=None)
    as_published: int = Field(default=0)
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    recorded_at: str | None = None
    __table_args__ = (
        one_of("kind", PROGRAMME_EVALUATION_KINDS),
        CheckConstraint("(due_on IS NULL) = (first_due_on IS NULL)", name="first_due_on"),
    )


class ProgrammeExtension(Requested, table=True):
    """A request to move the day by which a programme is to be evaluated; its dates are as stated."""

    __tablename__ = "programme_extension"
    evaluation_id: str = Field(primary_key=True, foreign_key="programme_evaluation.evaluation_id")
    __table_args__ = other_eyes()


class ProgrammeTheme(Sourced, table=True):
    """What the evaluation of a programme says about one theme: a phenomenon, an objective, or what `title` names.

    `decision` is what is to become of it, `attribution` to what the change is due and `evidence` how that is known
    (clause 31). Texts are per language.
    """

    __tablename__ = "programme_theme"
    evaluation_id: str = Field(primary_key=True, foreign_key="programme_evaluation.evaluation_id")
    theme_id: str = Field(primary_key=True)
    position: int
    phenomenon_id: str | None = Field(default=None, foreign_key="phenomenon.phenomenon_id")
    objective_id: str | None = Field(default=None, foreign_key="objective.objective_id")
    title: str | None = None
    finding: str | None = committed(default=None)
    decision: str | None = None
    attribution: str | None = committed(default=None)
    evidence: str | None = committed(default=None)
    lessons: str | None = committed(default=None)
    __table_args__ = (one_of("decision", THEME_DECISIONS),)


class ObjectiveOrigin(Record, table=True):
    """The finding that a candidate objective comes from: a theme of the evaluation of an earlier programme."""

    __tablename__ = "objective_origin"
    objective_id: str = Field(primary_key=True, foreign_key="objective.objective_id")
    evaluation_id: str
    theme_id: str
    __table_args__ = (
        ForeignKeyConstraint(
            ["evaluation_id", "theme_id"], ["programme_theme.evaluation_id", "programme_theme.theme_id"]
        ),
    )


class Indicator(Sourced, table=True):
    """Something that is counted or asked, and what is meant by it (`definition`, per language).

    `rhythm` is how often a figure is expected, `frequency` how somebody put that in words. Which direction is better
    belongs to a target, not to the indicator.
    """

    indicator_id: str = Field(primary_key=True)
    title: str
    unit: str
    kind: str
    definition: str | None = committed(default=None)
    system: str | None = committed(default=None)
    rhythm: str | None = None
    frequency: str | None = committed(default=None)
    __table_args__ = (one_of("kind", ("objective", "subjective", "activity")), one_of("rhythm", RHYTHMS))


class Measurement(Sourced, table=True):
    """One figure of an indicator over a period; `value` is a decimal as text, NULL when missing.

    A figure is never changed: another about the same period gets the next number. `known_at` is the instant since
    which the body knew it, `recorded_at` when it was written here; `according_to` is a source that is no key.
    """

    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id")
    period: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    value: str | None = None
    missing_reason: str | None = committed(default=None)
    approximate: int = Field(default=0)
    parts: str | None = committed(default=None)
    of_which: str | None = committed(default=None)
    scope: str | None = committed(default=None)
    according_to: str | None = committed(default=None)
    published_on: str | None = None
    known_at: str
    recorded_at: str
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")


class RetainedFigure(Record, table=True):
    """A decision over which of several figures about a period holds; the last one holds, all stay."""

    __tablename__ = "retained_figure"
    indicator_id: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    choice: int = Field(primary_key=True)
    number: int
    reason: str | None = committed(default=None)
    known_at: str
    recorded_at: str
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    __table_args__ = (
        ForeignKeyConstraint(
            ["indicator_id", "period", "number"],
            ["measurement.indicator_id", "measurement.period", "measurement.number"],
        ),
    )


class SeriesBreak(Sourced, table=True):
    """From a period on an indicator is counted in another way, so that nothing before it compares."""

    __tablename__ = "series_break"
    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id")
    period: str = Field(primary_key=True)
    reason: str = committed()
    known_at: str
    recorded_at: str
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")


class Target(Sourced, table=True):
    """What an indicator should become, over a period or until a date (`by_date`, as stated): a number, a range, words,
    a direction alone, or still to be determined.

    A target is never changed: one that adjusts or corrects another says which (`replaces`) and why.
    """

    indicator_id: str = Field(primary_key=True, foreign_key="indicator.indicator_id")
    number: int = Field(primary_key=True)
    period: str | None = None
    by_date: str | None = None
    op: str | None = None
    value: str | None = None
    upto: str | None = None
    words: str | None = committed(default=None)
    direction: str | None = None
    determined_by: str | None = None
    replaces: int | None = None
    change: str | None = None
    reason: str | None = committed(default=None)
    set_on: str | None = None
    known_at: str
    recorded_at: str
    recorded_by: str | None = Field(default=None, foreign_key="person.person_id")
    __table_args__ = (
        one_of("op", ("<", "<=", "=", ">=", ">", "range")),
        one_of("direction", ("up", "down", "hold", "range", "none")),
        one_of("change", ("adjusted", "corrected")),
    )
