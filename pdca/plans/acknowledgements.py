"""Who took up what is overdue: that stops the ladder, or holds it up until an instant."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pdca.store.driver import Connection, Row
from pdca.store.reads import reminding
from workflows.instants import from_text

if TYPE_CHECKING:
    from workflows.escalation import Acknowledgement

FIELDS: Final = (
    "acknowledged_by",
    "acknowledged_by_name",
    "acknowledged_by_assumed",
    "acknowledged_until",
    "acknowledged_reason",
)


def last_words(connection: Connection, plan_id: str) -> dict[str, Row]:
    """Give the last acknowledgement of each deadline of a plan that has any."""
    return {row["deadline_id"]: row for row in connection.all(reminding.ACKNOWLEDGEMENTS, plan_id=plan_id)}


def word_of(row: Row | None) -> "Acknowledgement | None":
    """Read an acknowledgement."""
    # Imported here: who only tells of it reads the row.
    from workflows.escalation import Acknowledgement

    return None if row is None else Acknowledgement(from_text(row["until"]) if row["until"] else None)


def stopped(connection: Connection, plan: Row) -> frozenset[str]:
    """Name the deadlines of a plan whose ladder somebody stopped for good."""
    words = last_words(connection, plan["plan_id"])
    return frozenset(name for name, row in words.items() if row["until"] is None)


def in_force(row: Mapping[str, Any] | None, now: str) -> dict[str, Any]:
    """Give as fields of a view who has taken something up; empty ones when nobody has, or the instant named is past."""
    if row is None or row["person_id"] is None or (row["until"] is not None and row["until"] <= now):
        return {**dict.fromkeys(FIELDS), "acknowledged_by_assumed": False}
    values = (row["person_id"], row["person_name"], bool(row["person_assumed"]), row["until"], row["reason"])
    return dict(zip(FIELDS, values, strict=True))
