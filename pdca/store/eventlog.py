"""Appending to the log: the event, its erasable part, and on SQLite its place in the tree, in one transaction.

On PostgreSQL writers never touch the tree (one global chain would make them queue); a sealer gives the events their
leaves afterwards, under an advisory lock.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from pdca.audit import tree
from pdca.store.driver import Connection, Statement
from pdca.store.jsontext import from_json, to_json

LAST_EVENT = Statement("last_event", "SELECT coalesce(max(event_id), 0) AS last FROM event")
NEXT_EVENT = Statement("next_event", "SELECT nextval('event_event_id_seq') AS next")
INSERT_EVENT = Statement(
    "insert_event",
    "INSERT INTO event (event_id, stream, seq, kind, plan_id, at, actor, source, event_key, body) "
    "VALUES (:event_id, :stream, :seq, :kind, :plan_id, :at, :actor, :source, :event_key, :body)",
)
INSERT_PRIVATE = Statement(
    "insert_event_private", "INSERT INTO event_private (event_id, payload) VALUES (:event_id, :payload)"
)
PRIVATE = Statement("event_private", "SELECT payload FROM event_private WHERE event_id = :event_id")
UPDATE_PRIVATE = Statement(
    "update_event_private", "UPDATE event_private SET payload = :payload WHERE event_id = :event_id"
)
LEAF = Statement("tree_leaf", "SELECT hash FROM tree_leaf WHERE leaf_index = :idx")
NODE = Statement("tree_node", "SELECT hash FROM tree_node WHERE level = :level AND idx = :idx")
INSERT_LEAF = Statement(
    "insert_leaf", "INSERT INTO tree_leaf (leaf_index, event_id, hash) VALUES (:leaf_index, :event_id, :hash)"
)
INSERT_NODE = Statement("insert_node", "INSERT INTO tree_node (level, idx, hash) VALUES (:level, :idx, :hash)")
TREE_SIZE = Statement("tree_size", "SELECT coalesce(max(leaf_index) + 1, 0) AS size FROM tree_leaf")
UNSEALED = Statement(
    "unsealed_events",
    "SELECT e.event_id, e.body FROM event e LEFT JOIN tree_leaf l ON l.event_id = e.event_id "
    "WHERE l.event_id IS NULL ORDER BY e.event_id LIMIT :limit",
)
BODIES = Statement("event_bodies", "SELECT event_id, body FROM event ORDER BY event_id")
# The transaction-scoped advisory lock goes with the transaction, so a killed sealer never keeps it.
SEALER_LOCK = Statement("sealer_lock", "SELECT pg_try_advisory_xact_lock(7081983) AS mine")


class Entry(NamedTuple):
    """One event ready to be appended: the body is what counts, the other fields are for finding it."""

    stream: str
    seq: int
    kind: str
    plan_id: str | None
    at: str
    actor: str
    source: str
    event_key: str | None
    body: bytes
    private: Mapping[str, Sequence[object]]


def append(connection: Connection, entry: Entry) -> int:
    """Append one event and return its id."""
    on_sqlite = connection.dialect == "sqlite"
    event_id = int(connection.value(LAST_EVENT)) + 1 if on_sqlite else int(connection.value(NEXT_EVENT))
    connection.run(
        INSERT_EVENT,
        event_id=event_id,
        stream=entry.stream,
        seq=entry.seq,
        kind=entry.kind,
        plan_id=entry.plan_id,
        at=entry.at,
        actor=entry.actor,
        source=entry.source,
        event_key=entry.event_key,
        body=entry.body,
    )
    if entry.private:
        connection.run(INSERT_PRIVATE, event_id=event_id, payload=to_json(entry.private))
    if on_sqlite:
        _add_leaf(connection, event_id - 1, event_id, entry.body)
    return event_id


def erase(connection: Connection, event_id: int, digests: Collection[str]) -> None:
    """Take values and their salts out of the erasable part of an event; rows of `erased_value` must allow it."""
    private = from_json(connection.value(PRIVATE, event_id=event_id)) or {}
    left = {digest: entry for digest, entry in private.items() if digest not in digests}
    connection.run(UPDATE_PRIVATE, event_id=event_id, payload=to_json(left))


def seal(connection: Connection, limit: int) -> int:
    """Give up to `limit` events without a leaf their place in the tree; call inside a transaction (PostgreSQL).

    Returns how many were sealed: 0 when there are none or another sealer is at work.
    """
    if not connection.value(SEALER_LOCK):
        return 0
    unsealed = connection.all(UNSEALED, limit=limit)
    size = tree_size(connection)
    for offset, row in enumerate(unsealed):
        _add_leaf(connection, size + offset, row["event_id"], row["body"])
    return len(unsealed)


def grow_tree(connection: Connection) -> None:
    """Give every event its place in a tree that is empty; their ids run from 1 without gaps (SQLite)."""
    for row in connection.all(BODIES):
        _add_leaf(connection, row["event_id"] - 1, row["event_id"], row["body"])


def tree_size(connection: Connection) -> int:
    """Count the leaves of the tree."""
    return int(connection.value(TREE_SIZE))


def node_reader(connection: Connection) -> tree.ReadNode:
    """Give what reads the stored nodes, leaves at level 0; it raises KeyError for one that is not there."""

    def read_node(level: int, idx: int) -> bytes:
        found = connection.value(NODE, level=level, idx=idx) if level else connection.value(LEAF, idx=idx)
        if found is None:
            raise KeyError(level, idx)
        return bytes(found)

    return read_node


def _add_leaf(connection: Connection, index: int, event_id: int, body: bytes) -> None:
    leaf = tree.leaf_hash(body)
    connection.run(INSERT_LEAF, leaf_index=index, event_id=event_id, hash=leaf)
    for level, idx, digest in tree.append(index, leaf, node_reader(connection)):
        connection.run(INSERT_NODE, level=level, idx=idx, hash=digest)
