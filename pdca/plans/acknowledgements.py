"""Who took up what is overdue: that stops the ladder, or holds it up until an instant."""

from collections.abc import Mapping
from typing import Any

from pdca.store.driver import Connection, Row
from pdca.store.reads import reminding
from workflows.escalation import Acknowledgement
from workflows.instants import from_text


def last_words(connection: Connection, plan_id: str) -> dict[str, Row]:
    """Give the last acknowledgement of each deadline of a plan that has any."""
    return {row["deadline_id"]: row for row in connection.all(reminding.ACKNOWLEDGEMENTS, plan_id=plan_id)}


def word_of(row: Row | None) -> Acknowledgement | None:
    """Read an acknowledgement."""
    return None if row is None else Acknowledgement(from_text(row["until"]) if row["until"] else None)


def stopped(connection: Connection, plan: Row) -> frozenset[str]:
    """Name the deadlines of a plan whose ladder somebody stopped for good."""
    words = last_words(connection, plan["plan_id"])
    return frozenset(name for name, row in words.items() if row["until"] is None)


def told(row: Mapping[str, Any], now: str) -> dict[str, Any] | None:
    """Give as plain values who took something up, None when nobody did or the instant that was named is past."""
    if row["person_id"] is None or (row["until"] is not None and row["until"] <= now):
        return None
    return {
        "person": row["person_id"],
        "person_name": row["person_name"],
        "assumed": bool(row["person_assumed"]),
        "at": row["at"],
        "until": row["until"],
        "reason": row["reason"],
    }
