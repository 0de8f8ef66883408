"""Programmes with their approval by the authorities, phenomena, objectives and indicators."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from pdca.store.tables.columns import Record, Sourced, committed, one_of


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
    """A programme with a period (years inclusive, clause 1), worked by one version of a definition."""

    programme_id: str = Field(primary_key=True)
    title: str
    period_start: str
    period_end: str
    definition: str
    definition_version: int
    sources: str | None = None
    details: str | None = committed(default=None)
    __table_args__ = (on_definition(),)


class Objective(Sourced, table=True):
    """An objective of the programme on one of the definition's levels (clauses 3-6)."""

    objective_id: str = Field(primary_key=True)
    programme_id: str = Field(foreign_key="programme.programme_id", index=True)
    parent_id: str | None = Field(default=None, foreign_key="objective.objective_id")
    level: str
    position: int
    title: str
    internal: int = Field(default=0)


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
