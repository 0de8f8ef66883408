"""The body, and who acts or is told: functions, stakeholders, people, and who acts for whom."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from pdca.store.tables.columns import Record, Sourced, committed, derived, one_of


class Installation(Record, table=True):
    """The body that runs this database; one row. Its stream holds every event that belongs to no single plan.

    `subdivision` is the part of its country whose public holidays it has, `working_days` the JSON list of the weekdays
    worked on, as RFC 5545 writes them; None for Monday to Friday. `channels` is the JSON list of the ways by which
    people are told; None for mail alone.
    """

    installation_id: int = Field(primary_key=True)
    organisation_id: str
    name: str
    country: str | None = None
    zone: str
    language: str
    simulated: int
    created_at: str
    details: str | None = committed(default=None)
    subdivision: str | None = None
    working_days: str | None = None
    channels: str | None = None
    version: int = derived()
    head: str = derived()
    __table_args__ = (
        CheckConstraint("installation_id = 1", name="one_row"),
        CheckConstraint("simulated IN (0, 1)", name="simulated"),
    )


class ClosingDay(Record, table=True):
    """A local day on which the body is closed besides public holidays, and the JSON of what it is called."""

    __tablename__ = "closing_day"
    day: str = Field(primary_key=True)
    name: str | None = None


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
    """Somebody who acts or is told. `access`: administrator, member, auditor, or service (a scheduler's account).

    `invited_since` is the instant since which the person wants to be invited to evaluations; None for not wanting it.
    `wishes` is the JSON of how and when he or she wants to be told (`pdca.notify.wishes`), None as everybody.
    """

    person_id: str = Field(primary_key=True)
    handle: str = committed(unique=True)
    name: str = committed()
    login: str | None = committed(default=None, unique=True)
    email: str | None = committed(default=None)
    language: str
    access: str
    invited_since: str | None = None
    wishes: str | None = committed(default=None)
    __table_args__ = (one_of("access", ("administrator", "member", "auditor", "service")),)


class Appointment(Record, table=True):
    """A person holds a function, or represents a stakeholder, from one local date until before another."""

    person_id: str = Field(primary_key=True, foreign_key="person.person_id")
    party_id: str = Field(primary_key=True, foreign_key="party.party_id", index=True)
    from_date: str = Field(primary_key=True)
    until_date: str | None = None


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
