"""Reports that have not arrived: which they are, what of them left by mail, and what lets them go."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pdca.engine import Desk
from pdca.house import installation
from pdca.notify.mail import message_id
from pdca.plans.roles import local_date
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text

_STATUSES: Final = ("prepared", "approved", "sent")


def not_arrived(connection: Connection, plan_id: str, information_id: str) -> list[Row]:
    """Give the reports of a moment that are still to arrive, whether they were handed over or not."""
    return [
        row
        for row in connection.all(information.REPORTS, plan_id=plan_id)
        if row["information_id"] == information_id and row["status"] in _STATUSES
    ]


def all_mailed(connection: Connection, plan: Row, reports: Sequence[Row]) -> list[Row]:
    """Pick the reports of which every mail has left, whether that was noted yet or not."""
    return [row for row in reports if row["status"] == "sent" and mails_left(connection, plan, row["report_id"])]


def let_go(desk: Desk, plan: Row, reports: Sequence[Row], status: str) -> list[Change]:
    """Give the changes by which reports do not go any more: `replaced` by another, or `cancelled`."""
    return [
        change
        for row in reports
        for change in (
            update("information_report", {"report_id": row["report_id"]}, status=status),
            # Whoever had it by mail already has it.
            *kept(desk, row["report_id"], some_left(desk.connection, plan, row["report_id"])),
        )
    ]


def messages_of(connection: Connection, plan_id: str, report_id: str) -> list[Row]:
    """Give the rows of the outbox by which a report is mailed, without those that are let go: they bring it to nobody.

    One is let go when its recipient is erased, or when it was given up and is past its term.
    """
    rows = connection.all(information.MESSAGES, plan_id=plan_id)
    return [
        row for row in rows if row["status"] != "lapsed" and from_json(row["parameters"]).get("report") == report_id
    ]


def mails_left(connection: Connection, plan: Row, report_id: str) -> list[dict[str, Any]]:
    """Give what proves that a report was mailed; nothing while one of its mails has not left."""
    mails = messages_of(connection, plan["plan_id"], report_id)
    return [] if any(row["status"] != "sent" for row in mails) else _proofs(connection, plan, mails)


def some_left(connection: Connection, plan: Row, report_id: str) -> list[dict[str, Any]]:
    """Give what proves that some of the mails of a report have left."""
    mails = messages_of(connection, plan["plan_id"], report_id)
    return _proofs(connection, plan, [row for row in mails if row["status"] == "sent"])


def kept(desk: Desk, report_id: str, receipts: Sequence[Mapping[str, Any]]) -> list[Change]:
    """Give the changes that only keep receipts of a report, numbered after those that are there."""
    there = len(desk.connection.all(information.RECEIPTS_OF_REPORT, report_id=report_id))
    # A scheduler is no person: what it records stands in its name in the log.
    by = {"recorded_at": desk.uow.now_text, "recorded_by": desk.actor.person_id}
    return [
        insert("information_receipt", {"report_id": report_id, "number": there + number}, **{**by, **receipt})
        for number, receipt in enumerate(receipts, 1)
    ]


def _proofs(connection: Connection, plan: Row, mails: Sequence[Row]) -> list[dict[str, Any]]:
    body = installation(connection)
    return [
        {
            "kind": "mailed",
            "happened_on": local_date(from_text(row["sent_at"]), plan["zone"]).isoformat(),
            "language": row["attached"],
            "person_id": row["person_id"],
            "reference": message_id(row, body),
            "sha256": row["sha256"],
        }
        for row in mails
    ]
