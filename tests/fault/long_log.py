"""Logs of any length: a small installation made by the engine, and very many events after it, put in many at a time.

They are what the write path would have written, by its own functions: bodies, commitments, leaves and nodes are right,
and the tables are what the events add up to. `python -m tests.fault.long_log FILE EVENTS` makes one.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from pdca.audit.canonical import private_text, seal_values
from pdca.audit.event import build_body
from pdca.audit.tree import TreeBuilder, leaf_hash
from pdca.checkpoints import sign_state
from pdca.key_change import change_key
from pdca.keys import KeyFile
from pdca.store import eventlog
from pdca.store.catalogue import COMMITTED
from pdca.store.driver import Connection
from pdca.store.reads import exchange
from pdca.store.rows import update, write
from tests import seed
from workflows.instants import to_text

PLANS: Final = 20
AT_ONCE: Final = 5_000
REASON: Final = "De projectgroep heeft dit in haar vergadering besproken en zo beslist."


@dataclass(slots=True)
class Batch:
    """Rows of the log that are written together."""

    events: list[dict[str, Any]] = field(default_factory=list)
    private: list[dict[str, Any]] = field(default_factory=list)
    leaves: list[dict[str, Any]] = field(default_factory=list)
    nodes: list[dict[str, Any]] = field(default_factory=list)

    def write(self, connection: Connection) -> None:
        """Write them."""
        connection.many(eventlog.INSERT_EVENT, self.events)
        connection.many(eventlog.INSERT_PRIVATE, self.private)
        connection.many(eventlog.INSERT_LEAF, self.leaves)
        connection.many(eventlog.INSERT_NODE, self.nodes)


def make(path: Path, events: int) -> Path:
    """Make a database whose log has so many events, signed; gives the file of its key."""
    url = f"sqlite:///{path}"
    house = seed.house(url)
    for number in range(1, PLANS + 1):
        seed.plan(house, f"P-{number:03d}", people=() if number > 1 else seed.PEOPLE)
    key = path.with_suffix(".key")
    change_key(house, key, {}, REASON)
    with house.writing() as uow:
        grow(uow.connection, events - uow.connection.value(eventlog.LAST_EVENT))
        sign_state(uow, KeyFile(key))
    return key


def grow(connection: Connection, events: int) -> None:
    """Append so many events, each of which changes a plan, in its streams by turns."""
    last = connection.value(eventlog.LAST_EVENT)
    tree = TreeBuilder.resume(last, eventlog.node_reader(connection))
    rows = connection.all(exchange.ROWS["plan"])
    streams = [_Plan(row["plan_id"], row["version"], row["head"]) for row in rows]
    numbers = range(last + 1, last + 1 + events)
    for place in range(0, events, AT_ONCE):
        _batch(tree, streams, numbers[place : place + AT_ONCE]).write(connection)
    for plan in streams:
        write(connection, update("plan", plan.key, **plan.values), version=plan.seq, head=plan.head)


@dataclass(slots=True)
class _Plan:
    """The head of a plan's stream, and what its last event has set."""

    plan_id: str
    seq: int
    head: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> dict[str, str]:
        return {"plan_id": self.plan_id}


def _batch(tree: TreeBuilder, streams: Sequence[_Plan], numbers: Iterable[int]) -> Batch:
    batch = Batch()
    for number in numbers:
        plan = streams[number % len(streams)]
        plan.values = {"note": f"Nota {number}", "state_since": to_text(seed.START + timedelta(seconds=number))}
        fields: dict[str, Any] = {"reason": REASON}
        salts = iter(number.to_bytes(15, "big") + bytes([place]) for place in range(2))
        changes, private = seal_values(
            [update("plan", plan.key, **plan.values).as_body()], COMMITTED, salts.__next__, fields
        )
        about: dict[str, Any] = {
            "stream": plan.plan_id,
            "seq": plan.seq + 1,
            "kind": "plan.changed",
            "at": plan.values["state_since"],
            "actor": "U-002",
            "source": "cli",
        }
        body = build_body(**about, prev=plan.head, plan=plan.plan_id, reason=fields["reason"], changes=changes)
        leaf = leaf_hash(body)
        plan.seq, plan.head = plan.seq + 1, leaf.hex()
        row = {"event_id": number, "plan_id": plan.plan_id, "event_key": None, "body": body}
        batch.events.append({**about, **row})
        batch.private.append({"event_id": number, "payload": private_text(private)})
        batch.leaves.append({"leaf_index": tree.size, "event_id": number, "hash": leaf})
        batch.nodes += [{"level": level, "idx": idx, "hash": node} for level, idx, node in tree.add(leaf)]
    return batch


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]))
