"""One event of the log whole: what it changed, from what to what, who approved it, and what proves that it is there."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pdca.audit.event import Commitment, EventView, LoggedChange
from pdca.audit.tree import leaf_hash
from pdca.erasure.naming import ERASED
from pdca.errors import NotFound
from pdca.i18n import _
from pdca.logged import event_of
from pdca.report.log import one
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import checkpoints, log, people

View = dict[str, Any]
RowOf = tuple[str, tuple[str | int, ...]]
"""A row of a table, by its key."""

APPROVED_BY: Final = "approved_by"
"""The column, alike in every table, that holds who approved something."""


def one_event(connection: Connection, event_id: int) -> View:
    """Give an event with its changes; raises NotFound, and Failed for one that cannot be read.

    `changes` are the rows it wrote, each with its fields as they were before and after. `place` says where it stands in
    the tree and since which checkpoint that is proven; None while it waits for a place.
    """
    row = connection.one(log.EVENT, event_id=event_id)
    if row is None:
        raise NotFound(
            "event-unknown",
            _("There is no event %(event)s.") % {"event": event_id},
            hint=_("`pdca audit log` lists them all."),
        )
    event = event_of(row)
    before = _before(connection, event_id, event)
    return {
        **one(connection, row),
        "stream": event.stream,
        "previous": event.prev,
        "key": event.key,
        "approved_by": _approvers(connection, event, before),
        "changes": _changes(event, before, row),
        "hash": leaf_hash(bytes(row["body"])).hex(),
        "place": _place(connection, event_id, bytes(row["body"])),
    }


def _row_of(change: LoggedChange) -> RowOf:
    return change.table, tuple(change.key[column] for column in FOLDED[change.table].key)


def _before(connection: Connection, event_id: int, event: EventView) -> dict[RowOf, dict[str, object]]:
    """Give what the rows that an event changed held before it, as far as the log wrote it.

    Goes back through the log until every row is known; events that do not name one of them are not taken apart.
    """
    wanted = {_row_of(change): _needle(change) for change in event.changes if change.op != "insert"}
    found: dict[RowOf, dict[str, object]] = {row: {} for row in wanted}
    rows = connection.stream(log.EVENTS_BEFORE, event_id=event_id) if wanted else ()
    for row in rows:
        if not any(needle in bytes(row["body"]) for needle in wanted.values()):
            continue
        for change in reversed(event_of(row).changes):
            of = _row_of(change)
            if of not in wanted:
                continue
            found[of] = {**_values(change, row), **found[of]}
            if change.op == "insert":
                del wanted[of]
        if not wanted:
            break
    return found


def _needle(change: LoggedChange) -> bytes:
    """Give bytes that stand in every event that changes the same row."""
    column = FOLDED[change.table].key[0]
    return f'"{column}":{json.dumps(change.key[column], ensure_ascii=False)}'.encode()


def _changes(event: EventView, before: Mapping[RowOf, Mapping[str, object]], row: Row) -> list[View]:
    """Give the changes in their order; an event may write the same row twice."""
    rows = {of: dict(values) for of, values in before.items()}
    found = []
    for change in event.changes:
        was = rows.setdefault(_row_of(change), {})
        after = _values(change, row)
        found.append(
            {
                "op": change.op,
                "table": change.table,
                "key": dict(change.key),
                "fields": list(_fields(change, was, after)),
            }
        )
        was.update(after)
    return found


def _fields(change: LoggedChange, was: Mapping[str, object], after: Mapping[str, object]) -> Iterator[View]:
    for name in was if change.op == "delete" else after:
        values = {"before": was.get(name), "after": after.get(name)}
        # Of what was erased nobody can say that it stayed the same.
        if name not in change.key and (values["before"] != values["after"] or ERASED in values.values()):
            yield {"field": name, **values}


def _values(change: LoggedChange, row: Row) -> dict[str, object]:
    """Give the values that a change set; what was erased is said to be."""
    private = from_json(row["payload"]) or {}
    return {
        name: (private[value.digest][1] if value.digest in private else ERASED)
        if isinstance(value, Commitment)
        else value
        for name, value in change.values.items()
    }


def _approvers(connection: Connection, event: EventView, before: Mapping[RowOf, Mapping[str, object]]) -> list[View]:
    """Name who approved what the event did: by an approval that it used, or as one that it records."""
    found: dict[str, None] = {}
    for change in event.changes:
        person: object = change.values.get(APPROVED_BY)
        if person is None and change.table == "approval" and change.values.get("used_at"):
            person = before.get(_row_of(change), {}).get(APPROVED_BY)
        if isinstance(person, str):
            found[person] = None
    names = {row["person_id"]: row["name"] for row in connection.all(people.PEOPLE)} if found else {}
    return [{"person": person, "name": names.get(person, person)} for person in found]


def _place(connection: Connection, event_id: int, body: bytes) -> View | None:
    """Tell where an event stands in the tree, whether it hashes to what stands there, and what proves it."""
    leaf = connection.one(log.PLACE, event_id=event_id)
    if leaf is None:
        return None
    return {
        "leaf_index": leaf["leaf_index"],
        "fits": bytes(leaf["hash"]) == leaf_hash(body),
        "checkpoint": connection.one(checkpoints.FIRST_OVER, leaf_index=leaf["leaf_index"]),
    }
