"""What a project group wrote about a plan, as one hash: approvals are bound to it, and void when it changes.

What a plan names belongs to the body and can change behind its back: that voids the approvals of every plan that names
it. An approval that was used is not undone; who gave it is told of the first change after it.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pdca.audit.canonical import canonical, nfc
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import approvals, plans
from pdca.store.reads.content import COLUMNS, NAMED_BY, ROWS, USED

if TYPE_CHECKING:
    from pdca.audit.event import LoggedChange
    from pdca.notify.outbox import Notice
    from pdca.store.rows import Change

_FOUND: Final = frozenset({"evaluation.recorded"})
"""Events that say what became of a plan: who approved a step that was taken has nothing to reconsider.

A step that is still to be taken was approved without knowing it.
"""


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
    connection: Connection, plan_id: str, kind: str, changes: "Sequence[Change]", actor: str | None, now: str
) -> "tuple[list[Change], list[Notice]]":
    """Void the approvals that an event of this kind makes outdated; the approver and the lead are told.

    `actor` is who changes the plan and need not be told.
    """
    if not any(touches(change.op, change.table, change.set) for change in changes):
        return [], []
    standing = connection.all(approvals.STANDING, plan_id=plan_id)
    outdated = [row for row in standing if row["used_at"] is None or kind not in _FOUND]
    return _void(connection, plan_id, outdated, kind, actor, now)


def naming(connection: Connection, changes: "Iterable[Change]") -> list[str]:
    """Name the plans that name what these changes of the body's rows write otherwise, in the order to lock them in."""
    asked = set()
    for change in changes:
        if _rewrites(change.op, change.table, change.set):
            column = FOLDED[change.table].key[0]
            asked.add((NAMED_BY[change.table], column, change.key[column]))
    return sorted({row["plan_id"] for one, column, name in asked for row in connection.all(one, **{column: name})})


def named(connection: Connection, plan_id: str) -> "Callable[[LoggedChange], bool]":
    """Give what tells whether a change of the body's rows writes otherwise what a plan names now."""
    names = {
        table: {row[FOLDED[table].key[0]] for row in connection.all(ROWS[table], plan_id=plan_id)} for table in USED
    }
    return lambda change: (
        _rewrites(change.op, change.table, change.values)
        and change.key[FOLDED[change.table].key[0]] in names[change.table]
    )


def _rewrites(op: str, table: str, columns: Iterable[str]) -> bool:
    # No plan names what is only made now; but a target may be made for an indicator that one names.
    return (op == "update" or table == "target") and not set(USED.get(table, ())).isdisjoint(columns)


def voiding_by_body(
    connection: Connection, plan_id: str, kind: str, actor: str | None, now: str
) -> "tuple[list[Change], list[Notice]]":
    """Void what does not fit a plan any more since an event of this kind changed what the plan names."""
    standing = connection.all(approvals.STANDING, plan_id=plan_id)
    present = content_hash(connection, plan_id) if standing else None
    outdated = [row for row in standing if row["content_sha256"] != present]
    return _void(connection, plan_id, outdated, kind, actor, now, named=True)


def _void(
    connection: Connection,
    plan_id: str,
    outdated: Sequence[Row],
    kind: str,
    actor: str | None,
    now: str,
    *,
    named: bool = False,
) -> "tuple[list[Change], list[Notice]]":
    plan = connection.one(plans.PLAN, plan_id=plan_id) if outdated else None
    # Who has to approve again is told so, before who need only know.
    told = sorted(outdated, key=lambda row: row["used_at"] is not None)
    notices = [_notice(plan or {}, row, actor, named=named) for row in told]
    return [voided(row, kind, now) for row in outdated], notices


def voided(row: Row, because: str, now: str) -> "Change":
    """Void an approval; `because` is the kind of the event that makes it so."""
    from pdca.store.rows import update

    return update("approval", _key(row), voided_at=now, voided_because=because)


def used(row: Row, now: str) -> "Change":
    """Use an approval up: the step that it was for is taken."""
    from pdca.store.rows import update

    return update("approval", _key(row), used_at=now)


def _key(row: Row) -> dict[str, Any]:
    return {"plan_id": row["plan_id"], "number": row["number"]}


def _notice(plan: Row, row: Row, actor: str | None, *, named: bool) -> "Notice":
    # Imported here: whoever only compares what is written tells nobody.
    from pdca.notify.outbox import Notice

    parameters = {
        "plan": row["plan_id"],
        "title": from_json(plan["title"]),
        "purpose": row["purpose"],
        "approved_at": row["approved_at"],
        **({"because": "named"} if named else {}),
    }
    kind, audiences = ("approval.outdated", ()) if row["used_at"] else ("approval.voided", ("lead",))
    return Notice(kind, audiences, parameters, leave_out=actor, people={row["approved_by"]: "approver"})
