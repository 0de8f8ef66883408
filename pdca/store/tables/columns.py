"""What the tables are made of: their base, and the marks of their columns."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Integer, MetaData
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


class Requested(Record):
    """A request to move the day of an evaluation, and its approval by somebody else; the database holds that too.

    One that was withdrawn says by whom, when and why; it is approved no more.
    """

    evaluation_id: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    from_date: str
    to_date: str
    reason: str = committed()
    requested_by: str = Field(foreign_key="person.person_id")
    requested_at: str
    approved_by: str | None = Field(default=None, foreign_key="person.person_id")
    approved_at: str | None = None
    withdrawn_by: str | None = Field(default=None, foreign_key="person.person_id")
    withdrawn_at: str | None = None
    withdrawn_reason: str | None = committed(default=None)


def other_eyes() -> tuple[CheckConstraint, CheckConstraint]:
    """Constrain a request: who asked does not approve, and what is withdrawn is not approved."""
    return (
        CheckConstraint("approved_by IS NULL OR approved_by <> requested_by", name="four_eyes"),
        CheckConstraint("approved_at IS NULL OR withdrawn_at IS NULL", name="one_end"),
    )
