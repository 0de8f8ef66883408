"""What a project group wrote about a plan, as one hash: approvals are bound to it, and void when it changes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from pdca.audit.canonical import canonical, nfc
from pdca.notify.outbox import Notice
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import approvals, plans
from pdca.store.reads.content import COLUMNS, ROWS
from pdca.store.rows import Change, update


def content(connection: Connection, plan_id: str) -> dict[str, Sequence[Row]]:
    """Read everything that is written about a plan: per table its rows, in any order."""
    return {table: connection.all(statement, plan_id=plan_id) for table, statement in ROWS.items()}


def content_hash(connection: Connection, plan_id: str) -> str:
    """Give the SHA-256, in hex, of the RFC 8785 JSON of everything that is written about a plan."""
    return hash_of(content(connection, plan_id))


def hash_of(rows: Mapping[str, Sequence[Row]]) -> str:
    """Give the hash of what `content` reads: rows by their keys, the same whatever the database sorts by."""
    ordered = {table: sorted(found, key=partial(_place, FOLDED[table].key)) for table, found in rows.items()}
    return hashlib.sha256(canonical(nfc(ordered))).hexdigest()


def _place(key: tuple[str, ...], row: Row) -> list[str]:
    return [str(row[name]) for name in key]


def touches(op: str, table: str, columns: Iterable[str]) -> bool:
    """Tell whether writing these columns of a table changes what is written about a plan."""
    return table in COLUMNS and (op != "update" or not set(columns).isdisjoint((*COLUMNS[table], *FOLDED[table].key)))


def voiding(
    connection: Connection, plan_id: str, kind: str, changes: Sequence[Change], actor: str | None, now: str
) -> tuple[list[Change], list[Notice]]:
    """Void the approvals that an event of this kind makes outdated; the approver and the lead are told.

    `actor` is who changes the plan and need not be told.
    """
    if not any(touches(change.op, change.table, change.set) for change in changes):
        return [], []
    live = connection.all(approvals.LIVE, plan_id=plan_id)
    plan = connection.one(plans.PLAN, plan_id=plan_id) if live else None
    return [voided(row, kind, now) for row in live], [_notice(plan or {}, row, actor) for row in live]


def voided(row: Row, because: str, now: str) -> Change:
    """Void an approval; `because` is the kind of the event that makes it so."""
    return update("approval", _key(row), voided_at=now, voided_because=because)


def used(row: Row, now: str) -> Change:
    """Use an approval up: the step that it was for is taken."""
    return update("approval", _key(row), used_at=now)


def _key(row: Row) -> dict[str, Any]:
    return {"plan_id": row["plan_id"], "number": row["number"]}


def _notice(plan: Row, row: Row, actor: str | None) -> Notice:
    parameters = {
        "plan": row["plan_id"],
        "title": from_json(plan["title"]),
        "purpose": row["purpose"],
        "approved_at": row["approved_at"],
    }
    return Notice("approval.voided", ("lead",), parameters, leave_out=actor, people={row["approved_by"]: "approver"})
