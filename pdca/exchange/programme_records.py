"""The records of the import format that stand above the plans: the body, its parties and people, the programme."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pdca.exchange.fields import (
    Country,
    Email,
    Key,
    Label,
    Language,
    LocalLabel,
    LocalText,
    Many,
    Stated,
    Word,
    Zone,
)
from pdca.exchange.records import Record, Sourced, Span, Statement, check_order


class Organisation(Sourced):
    """The body that runs the plans; `zone` is the IANA time zone in which its dates are meant."""

    id: Key
    name: LocalLabel
    zone: Zone
    languages: Annotated[Many[Language], Field(min_length=1)]
    code: Label | None = None
    country: Country | None = None
    areas: Many[LocalLabel] = ()
    bodies: Many[LocalLabel] = ()
    remarks: Many[Statement] = ()


class Party(Sourced):
    """Whoever can own, be a member of a project group, or be told."""

    id: Key
    name: LocalLabel
    discipline: Word | None = None
    discipline_assumed: bool = False
    escalation: Literal["chief", "authority"] | None = None


class Function(Party):
    """A function of the body, never a person."""

    @property
    def kind(self) -> str:
        """The kind of party."""
        return "function"


class Report(Sourced):
    """How often and by what channel a stakeholder is usually told."""

    rhythm: Word
    channel: LocalLabel


class Stakeholder(Party):
    """Somebody outside the functions of the body: a partner, an authority, the public, or the staff."""

    kind: Literal["partner", "authority", "public", "internal"]
    members: Many[LocalLabel] = ()
    task: LocalText | None = None
    report: Report | None = None


class Appointment(Record):
    """A person holds a function, or represents a stakeholder, from a day on until before another."""

    party: Key
    start: Annotated[Stated | None, Field(alias="from")] = None
    until: Stated | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.until is not None:
            check_order(self.start.first_day, self.until.first_day, "until")
        return self


class Person(Sourced):
    """Somebody who acts or is told; `id` is a short handle, `login` the name on the operating system."""

    id: Key
    name: Label
    email: Email | None = None
    language: Language | None = None
    login: Label | None = None
    access: Literal["administrator", "member", "auditor", "service"] = "member"
    appointments: Many[Appointment] = ()


class Approval(Sourced):
    """A step by which the programme came into force."""

    by: LocalLabel
    act: LocalText
    party: Key | None = None
    date: Stated | None = None


class ThemeFinding(Sourced):
    """What the evaluation of a programme found about one of its themes, and what was decided."""

    theme: LocalLabel
    finding: LocalText
    decision: LocalText | None = None


class ProgrammeEvaluation(Sourced):
    """The evaluation of a whole programme, as published."""

    themes: Many[LocalLabel] = ()
    lessons: LocalText | None = None
    findings: Many[ThemeFinding] = ()


class PreviousProgramme(Sourced):
    """A programme that went before."""

    id: Key
    period: Span
    extended_to: Stated | None = None
    evaluation: ProgrammeEvaluation | None = None


class Review(Sourced):
    """When the programme as a whole is looked at."""

    what: LocalText
    rhythm: Word
    start: Stated = Field(alias="from")
    end: Annotated[Stated | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end is not None:
            check_order(self.start.first_day, self.end.date, "to")
        return self


class Programme(Sourced):
    """The programme: a period, the method by which its plans are worked, and how it came to be."""

    id: Key
    title: LocalLabel
    period: Span
    method: Key
    drafted: Stated | None = None
    integrates: Many[Statement] = ()
    approvals: Many[Approval] = ()
    previous: Many[PreviousProgramme] = ()
    reviews: Many[Review] = ()
    remarks: Many[Statement] = ()
