"""The log as a file of SQLite for an auditor to query: events, tree, checkpoints, proofs, and plain views of them.

It holds what every export holds: bodies as they are hashed, with commitments in the place of personal values and free
texts. What these say, and what was erased, is not in it.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pdca.audit.reader import EventRow
from pdca.store.sqlite import translated

UNPACK: Final = "unpack.py"
READ_ONLY: Final = 0o444

_SCHEMA: Final = """
CREATE TABLE event (
    event_id INTEGER PRIMARY KEY, leaf_index INTEGER UNIQUE, leaf_hash BLOB, stream TEXT NOT NULL, seq INTEGER NOT NULL,
    kind TEXT NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL, on_behalf_of TEXT, source TEXT NOT NULL, plan TEXT,
    "trigger" TEXT, from_state TEXT, to_state TEXT, evaluation TEXT, refused TEXT, due_at TEXT, body BLOB NOT NULL
);
CREATE INDEX event_of_plan ON event (plan);
CREATE INDEX event_of_kind ON event (kind);
CREATE TABLE leaf (leaf_index INTEGER PRIMARY KEY, event_id INTEGER NOT NULL UNIQUE, hash BLOB NOT NULL);
CREATE TABLE node (level INTEGER, idx INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, idx)) WITHOUT ROWID;
CREATE TABLE checkpoint (number INTEGER PRIMARY KEY, size INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE file (name TEXT PRIMARY KEY, content BLOB NOT NULL);

CREATE VIEW transition AS
    SELECT event_id, plan, at, "trigger", from_state, to_state, actor, on_behalf_of, source, evaluation, due_at,
        round(julianday(at) - julianday(lag(at) OVER (PARTITION BY plan ORDER BY seq)), 3) AS days_in_from_state
    FROM event WHERE kind IN ('plan.created', 'plan.advanced') AND plan IS NOT NULL;
CREATE VIEW refusal AS
    SELECT event_id, at, plan, kind, "trigger", actor, on_behalf_of, source, refused AS codes
    FROM event WHERE refused IS NOT NULL;
CREATE VIEW change AS
    SELECT e.event_id, e.at, e.plan, json_extract(c.value, '$.op') AS op, json_extract(c.value, '$.table') AS in_table,
        json_extract(c.value, '$.key') AS of_row, f.key AS field, f.value AS becomes
    FROM event e, json_each(CAST(e.body AS TEXT), '$.changes') c, json_each(c.value, '$.set') f;
CREATE VIEW proven AS
    SELECT e.event_id, e.leaf_index,
        (SELECT min(c.number) FROM checkpoint c WHERE c.size > e.leaf_index) AS by_checkpoint
    FROM event e;
CREATE VIEW pdca_log AS
    SELECT json_object('event', event_id, 'leaf_index', leaf_index,
        'leaf_hash', CASE WHEN leaf_hash IS NOT NULL THEN lower(hex(leaf_hash)) END,
        'stream', stream, 'seq', seq, 'at', at, 'kind', kind, 'plan', plan, 'trigger', "trigger",
        'from', from_state, 'to', to_state, 'actor', actor, 'source', source, 'body', CAST(body AS TEXT)) AS line
    FROM event ORDER BY leaf_index IS NULL, leaf_index, event_id;
"""
_COLUMNS: Final = (
    *("event_id", "leaf_index", "leaf_hash", "stream", "seq", "kind", "at", "actor", "on_behalf_of", "source", "plan"),
    *("trigger", "from_state", "to_state", "evaluation", "refused", "due_at", "body"),
)
_UNPACKING: Final = '''\
"""Take the files that verify.py checks out of a copy of the log: python unpack.py FILE.db FOLDER"""

import pathlib
import sqlite3
import sys

database, folder = sqlite3.connect(sys.argv[1]), pathlib.Path(sys.argv[2])
for name, content in database.execute("SELECT name, content FROM file"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
with (folder / "pdca-log.jsonl").open("w", encoding="utf-8", newline="\\n") as log:
    log.writelines(line + "\\n" for (line,) in database.execute("SELECT line FROM pdca_log"))
'''


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes into a copy: each event with its body as it is read, and what there is to the log beside them.

    `files` are those that lie beside the events in an exported folder, by name.
    """

    events: Iterable[tuple[EventRow, Mapping[str, Any]]]
    nodes: Iterable[tuple[object, object, object]]
    checkpoints: Iterable[tuple[object, object, object]]
    files: Mapping[str, Path]


def write_copy(path: Path, contents: Contents) -> int:
    """Make the file, which nobody may write, and count its events; raises PdcaError when it cannot be written."""
    count = 0
    slots = ", ".join("?" * len(_COLUMNS))
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("PRAGMA synchronous=OFF")
            raw.executescript(_SCHEMA)
            raw.execute("BEGIN")
            for event, body in contents.events:
                raw.execute(f"INSERT INTO event VALUES ({slots})", _row(event, body))
                if event.leaf_index is not None:
                    leaf = (event.leaf_index, event.event_id, event.leaf_hash)
                    raw.execute("INSERT INTO leaf VALUES (?, ?, ?)", leaf)
                count += 1
            raw.executemany("INSERT INTO node VALUES (?, ?, ?)", contents.nodes)
            raw.executemany("INSERT INTO checkpoint VALUES (?, ?, ?)", contents.checkpoints)
            for name, file in contents.files.items():
                raw.execute("INSERT INTO file VALUES (?, ?)", (name, file.read_bytes()))
            raw.execute("INSERT INTO file VALUES (?, ?)", (UNPACK, _UNPACKING.encode()))
            raw.execute("COMMIT")
    except sqlite3.Error as error:
        raise translated(error, path) from error
    path.chmod(READ_ONLY)
    return count


def _row(event: EventRow, body: Mapping[str, Any]) -> tuple[object, ...]:
    refused = None if body.get("refused") is None else ", ".join(body["refused"])
    named = (body.get(name) for name in ("stream", "seq", "kind", "at", "actor", "on_behalf_of", "source", "plan"))
    stepped = (body.get(name) for name in ("trigger", "from", "to", "evaluation"))
    place = (event.event_id, event.leaf_index, event.leaf_hash)
    return (*place, *named, *stepped, refused, body.get("due_at"), event.body)
