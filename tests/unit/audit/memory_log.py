"""A small log held in memory, written as the write path writes one: test data for the verifier, not a store."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeGuard

from pdca.audit.canonical import parse, private_text, seal_values
from pdca.audit.event import build_body
from pdca.audit.reader import HIGHEST, LOWEST, EventRow
from pdca.audit.tree import TreeBuilder, leaf_hash

KEYS = {"installation": ("installation_id",), "plan": ("plan_id",), "rubric": ("plan_id", "rubric_id")}
COMMITTED = {"plan": frozenset({"note"}), "rubric": frozenset({"text"})}
DERIVED = {"installation": frozenset({"version", "head"}), "plan": frozenset({"version", "head"})}
TRIGGERS = frozenset({"event_no_update", "event_no_delete"})
AT = "2025-03-01T08:00:00.000000Z"
PLAN = {"plan_id": "P-009"}
"""The key of a plan that the sample has not."""

Change = dict[str, Any]


def insert(table: str, key: Mapping[str, object], **values: object) -> Change:
    return {"op": "insert", "table": table, "key": dict(key), "set": values}


def update(table: str, key: Mapping[str, object], **values: object) -> Change:
    return {"op": "update", "table": table, "key": dict(key), "set": values}


def delete(table: str, key: Mapping[str, object]) -> Change:
    return {"op": "delete", "table": table, "key": dict(key), "set": {}}


def _numbers(*values: object) -> bool:
    """Tell what a database compares as numbers; of anything else it says that it is beyond them."""
    return all(isinstance(value, int | float) for value in values)


def _whole(value: object) -> TypeGuard[int]:
    """Tell whether a database can store it as a whole number."""
    return type(value) is int and LOWEST <= value <= HIGHEST


@dataclass
class MemoryLog:
    """Implements `Reader`; every part of it may be changed by a test as an intruder would."""

    sealed_in_transaction: bool = True
    stored_events: list[EventRow] = field(default_factory=list)
    stored_nodes: list[tuple[Any, Any, Any]] = field(default_factory=list)
    stored_rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in KEYS})
    stored_heads: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    stored_triggers: set[str] = field(default_factory=lambda: set(TRIGGERS))
    stored_damage: list[str] = field(default_factory=list)
    stored_checkpoints: list[tuple[Any, Any, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tree = TreeBuilder()
        self._salts = (hashlib.sha256(b"%d" % number).digest()[:16] for number in count())

    def record(self, stream: str, *changes: Change, reason: str | None = None, sealed: bool = True) -> EventRow:
        """Write the rows of the changes and append the event that carries them."""
        fields: dict[str, Any] = {"reason": reason}
        sealed_changes, private = seal_values(changes, COMMITTED, lambda: next(self._salts), fields)
        version, head = self.stored_heads.get(stream, (0, None))
        plan = None if stream == "installation" else stream
        body = build_body(
            stream=stream,
            seq=version + 1,
            prev=head,
            kind="plan.changed",
            at=AT,
            actor="jd",
            source="cli",
            plan=plan,
            key=f"{stream}/{version + 1}",
            changes=sealed_changes,
            reason=fields["reason"],
        )
        return self.append(body, private, sealed=sealed, changes=changes, stream=stream, seq=version + 1, plan=plan)

    def append(
        self,
        body: bytes,
        private: Mapping[str, object],
        *,
        sealed: bool,
        changes: Iterable[Change],
        stream: str,
        seq: int,
        plan: str | None,
    ) -> EventRow:
        """Store a body as it is, with its leaf, its nodes and its head."""
        digest = leaf_hash(body)
        row = EventRow(
            leaf_index=self.tree.size if sealed else None,
            event_id=len(self.stored_events) + 1,
            stream=stream,
            seq=seq,
            kind="plan.changed",
            plan=plan,
            at=AT,
            actor="jd",
            source="cli",
            event_key=f"{stream}/{seq}",
            body=body,
            leaf_hash=digest if sealed else None,
            private=private_text(private) if private else None,
        )
        if sealed:
            self.stored_nodes = sorted([*self.stored_nodes, *self.tree.add(digest)])
        self.stored_events.append(row)
        for change in changes:
            self._write(change)
        self.stored_heads[stream] = (seq, digest.hex())
        return row

    def change_event(self, place: int, **values: object) -> None:
        """Change stored columns of the event at a place, counted from 0."""
        self.stored_events[place] = self.stored_events[place]._replace(**values)

    def count_leaves(self) -> int:
        return len(self._with_leaf())

    def leaves(self, low: int, high: int, most: int) -> Iterable[tuple[object, object, object]]:
        rows = [(row.leaf_index, row.leaf_hash, row.body) for row in self._in_place(low, high) if row.body is not None]
        return rows[:most]

    def sealed(self, low: int, high: int) -> Iterable[EventRow]:
        return self._in_place(low, high)

    def stray(self) -> Iterable[EventRow]:
        return [row for row in self._with_leaf() if not _whole(row.leaf_index)]

    def unsealed(self) -> Iterable[EventRow]:
        return [row for row in self.stored_events if row.leaf_index is None and row.leaf_hash is None]

    def nodes(self, level: int, first: int, end: int) -> Iterable[tuple[object, object]]:
        of_level = [(idx, digest) for stored, idx, digest in self.stored_nodes if _numbers(stored) and stored == level]
        asked = [(idx, digest) for idx, digest in of_level if _numbers(idx) and first <= idx < end]
        return sorted(asked, key=lambda node: node[0])

    def nodes_beyond(self, leaves: int) -> Iterable[tuple[object, object]]:
        places = [(level, idx) for level, idx, _digest in self.stored_nodes]
        return [
            (level, idx)
            for level, idx in places
            if not (_numbers(level, idx) and level in range(1, leaves.bit_length()))
            or not 0 <= idx < leaves >> int(level)
        ]

    def heads(self) -> Iterable[tuple[object, object, object]]:
        return ((stream, *head) for stream, head in self.stored_heads.items())

    def tables(self) -> Iterable[str]:
        return KEYS

    def rows(self, table: str) -> Iterable[Mapping[str, object]]:
        return iter(self.stored_rows[table])

    def key_columns(self, table: str) -> tuple[str, ...]:
        return KEYS[table]

    def derived_columns(self, table: str) -> frozenset[str]:
        return DERIVED.get(table, frozenset())

    def triggers(self) -> Iterable[str]:
        return self.stored_triggers

    def expected_triggers(self) -> Iterable[str]:
        return TRIGGERS

    def checkpoints(self) -> Iterable[tuple[Any, Any, Any]]:
        return list(self.stored_checkpoints)

    def damage(self) -> Iterable[object]:
        return self.stored_damage

    def _in_place(self, low: int, high: int) -> list[EventRow]:
        """Give the leaves whose index is between two numbers, in its order, as a database does."""
        numbered = [(row.leaf_index, row) for row in self._with_leaf() if _whole(row.leaf_index)]
        return [row for index, row in sorted(numbered, key=lambda one: one[0]) if low <= index <= high]

    def _with_leaf(self) -> list[EventRow]:
        return [row for row in self.stored_events if row.leaf_index is not None or row.leaf_hash is not None]

    def _write(self, change: Change) -> None:
        rows = self.stored_rows[change["table"]]
        present = [row for row in rows if change["key"].items() <= row.items()]
        if change["op"] == "insert":
            rows.append({**change["key"], **change["set"]})
        for row in present:
            if change["op"] == "update":
                row.update(change["set"])
            elif change["op"] == "delete":
                rows.remove(row)


def sample_log(begun: MemoryLog | None = None) -> MemoryLog:
    """Eleven events in three streams, with committed values, rows changed, and a row that is gone again.

    They come after those of a log that was begun.
    """
    log = begun or MemoryLog()
    log.record("installation", insert("installation", {"installation_id": 1}, name="Zone Zuid", zone="Europe/Brussels"))
    for plan in ("P-001", "P-002"):
        log.record(
            plan,
            insert("plan", {"plan_id": plan}, title="Fietsdiefstal, vélos", state="plan", cycle=1, note="Reçu à midi"),
            insert("rubric", {"plan_id": plan, "rubric_id": "problem"}, text="Het probleem"),
            insert("rubric", {"plan_id": plan, "rubric_id": "victims"}, text=None),
        )
    log.record("P-001", update("plan", {"plan_id": "P-001"}, state="do"), reason="Alles is klaar")
    log.record("P-001", update("plan", {"plan_id": "P-001"}, note="Rappelé"), reason="Vergeten")
    log.record("P-002", delete("rubric", {"plan_id": "P-002", "rubric_id": "victims"}))
    log.record("P-001", update("plan", {"plan_id": "P-001"}, state="check"))
    log.record("P-001", reason="Geweigerd")
    log.record("P-001", update("plan", {"plan_id": "P-001"}, state="adjust", cycle=2))
    log.record("installation", update("installation", {"installation_id": 1}, name="Zone Midi"))
    log.record("P-002", update("rubric", {"plan_id": "P-002", "rubric_id": "problem"}, text="Nieuw"))
    return log


def body_of(log: MemoryLog, place: int) -> dict[str, Any]:
    """The body of the event at a place, counted from 0."""
    body = log.stored_events[place].body
    assert isinstance(body, bytes)
    value = parse(body)
    assert isinstance(value, dict)
    return value
