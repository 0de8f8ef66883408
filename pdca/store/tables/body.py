"""The body, and who acts or is told: functions, stakeholders, people, and who acts for whom."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from pdca.store.tables.columns import Record, Sourced, committed, derived, one_of


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


class Person(Record, table=True):
    """Somebody who acts or is told. `access`: administrator, member, auditor, or service (a scheduler's account)."""

    person_id: str = Field(primary_key=True)
    handle: str = committed(unique=True)
    name: str = committed()
    login: str | None = committed(default=None, unique=True)
    email: str | None = committed(default=None)
    language: str
    access: str
    assumed: int = Field(default=0)
    __table_args__ = (one_of("access", ("administrator", "member", "auditor", "service")),)


class Appointment(Record, table=True):
    """A person holds a function, or represents a stakeholder, from one local date until before another."""

    person_id: str = Field(primary_key=True, foreign_key="person.person_id")
    party_id: str = Field(primary_key=True, foreign_key="party.party_id", index=True)
    from_date: str = Field(primary_key=True)
    until_date: str | None = None
