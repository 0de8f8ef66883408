"""What an insider with the `sqlite3` shell can do to a database, and how the verifier must name each of these.

A tamper changes one thing and gives what has to be among the findings. Triggers that stand in its way are taken off
first and put back word for word, foreign keys and checks are off: nothing but the log itself gives it away.
"""
# ruff: noqa: S608 - the names of tables and columns come from the catalogue and from the schema

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pdca.audit.findings import plain
from pdca.store.catalogue import FOLDED

Raw = sqlite3.Connection
EVENT_COLUMNS: Final = ("stream", "seq", "kind", "plan_id", "at", "actor", "source", "event_key")


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding: one of `codes`, at `where` when that is given, about event `event_id` when that is given.

    `first` when it has to be the first finding.
    """

    codes: frozenset[str]
    where: str | None = None
    event_id: int | None = None
    first: bool = False

    def fits(self, finding: Mapping[str, Any]) -> bool:
        """Tell whether a finding is the expected one."""
        return (
            finding["code"] in self.codes
            and self.where in (None, finding["where"])
            and self.event_id in (None, finding["event_id"])
        )


Tamper = Callable[[Raw, random.Random], Expected]


@contextmanager
def insider(path: Path) -> Iterator[Raw]:
    """Open a database as somebody who means harm: no triggers, no checks, texts as bytes where they are not UTF-8."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.text_factory = lambda content: content.decode(errors="surrogateescape")
        triggers = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA ignore_check_constraints=ON")
        raw.execute("BEGIN IMMEDIATE")
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        yield raw
        for _, text in triggers:
            raw.execute(text)
        raw.execute("COMMIT")


def flipped(content: bytes, chance: random.Random) -> bytes:
    """Change one byte."""
    place = chance.randrange(len(content))
    return content[:place] + bytes([content[place] ^ chance.randrange(1, 256)]) + content[place + 1 :]


def _event(raw: Raw, chance: random.Random) -> int:
    events: int = raw.execute("SELECT max(event_id) FROM event").fetchone()[0]
    return chance.randint(1, events)


def body_byte(raw: Raw, chance: random.Random) -> Expected:
    """One byte of the body of an event."""
    event_id = _event(raw, chance)
    (body,) = raw.execute("SELECT body FROM event WHERE event_id = ?", (event_id,)).fetchone()
    raw.execute("UPDATE event SET body = ? WHERE event_id = ?", (flipped(body, chance), event_id))
    return Expected(frozenset({"body-unreadable", "body-not-an-event", "leaf-differs"}), None, event_id, first=True)


def event_column(raw: Raw, chance: random.Random) -> Expected:
    """A column of an event other than its body."""
    event_id, column = _event(raw, chance), chance.choice(EVENT_COLUMNS)
    (stored,) = raw.execute(f"SELECT {column} FROM event WHERE event_id = ?", (event_id,)).fetchone()
    other = chance.choice([f"{stored}x", b"\xff\x00", 10**9 + event_id, 0.5 + event_id])
    raw.execute(f"UPDATE event SET {column} = ? WHERE event_id = ?", (other, event_id))
    name = "plan" if column == "plan_id" else column
    return Expected(frozenset({"column-differs"}), f"event {event_id}: {name}", event_id, first=True)


def event_id(raw: Raw, chance: random.Random) -> Expected:
    """The number of an event."""
    number = _event(raw, chance)
    raw.execute("UPDATE event SET event_id = event_id + 100000 WHERE event_id = ?", (number,))
    return Expected(frozenset({"event-missing"}), f"event {number}", number, first=True)


def event_deleted(raw: Raw, chance: random.Random) -> Expected:
    """An event taken out, its leaf left."""
    number = _event(raw, chance)
    raw.execute("DELETE FROM event WHERE event_id = ?", (number,))
    return Expected(frozenset({"event-missing"}), f"event {number}", number, first=True)


def event_inserted(raw: Raw, chance: random.Random) -> Expected:
    """An event put in, a copy of another under another number."""
    number = _event(raw, chance)
    raw.execute(
        "INSERT INTO event SELECT event_id + 100000, stream, seq + 100000, kind, plan_id, at, actor, source, "
        "event_key || '!', body FROM event WHERE event_id = ?",
        (number,),
    )
    return Expected(frozenset({"event-unsealed"}), f"event {number + 100000}", number + 100000)


def events_swapped(raw: Raw, chance: random.Random) -> Expected:
    """The bodies and columns of two events change places."""
    one = _event(raw, chance)
    other = chance.choice([number for number in (one - 1, one + 1, _event(raw, chance)) if number not in (0, one)])
    if raw.execute("SELECT 1 FROM event WHERE event_id = ?", (other,)).fetchone() is None:
        other = one - 1
    for before, after in ((one, -1), (other, one), (-1, other)):
        raw.execute("UPDATE event SET event_id = ? WHERE event_id = ?", (after, before))
    return Expected(frozenset({"leaf-differs"}), None, min(one, other), first=True)


def private_byte(raw: Raw, chance: random.Random) -> Expected:
    """One byte of the erasable part of an event."""
    numbers = [row[0] for row in raw.execute("SELECT event_id FROM event_private")]
    number = chance.choice(numbers)
    (payload,) = raw.execute("SELECT payload FROM event_private WHERE event_id = ?", (number,)).fetchone()
    # CAST keeps the type TEXT, whatever the bytes.
    other = flipped(payload.encode(errors="surrogateescape"), chance)
    raw.execute("UPDATE event_private SET payload = CAST(? AS TEXT) WHERE event_id = ?", (other, number))
    return Expected(
        frozenset({"private-unreadable", "commitment-differs", "private-missing"}), None, number, first=True
    )


def private_moved(raw: Raw, chance: random.Random) -> Expected:
    """The erasable part of an event handed to another."""
    numbers = [row[0] for row in raw.execute("SELECT event_id FROM event_private")]
    one, other = chance.sample(numbers, 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        raw.execute("UPDATE event_private SET event_id = ? WHERE event_id = ?", (after, before))
    # One of which everything was erased has more now, not less.
    return Expected(frozenset({"private-missing", "private-unknown"}), None, min(one, other), first=True)


def private_deleted(raw: Raw, chance: random.Random) -> Expected:
    """The erasable part of an event taken away, and a text that it proves changed with it."""
    numbers = [row[0] for row in raw.execute("SELECT event_id FROM event_private")]
    number = chance.choice(numbers)
    raw.execute("DELETE FROM event_private WHERE event_id = ?", (number,))
    (plan,) = raw.execute("SELECT plan_id FROM event WHERE event_id = ?", (number,)).fetchone()
    raw.execute("UPDATE rubric SET text = ? WHERE plan_id = ?", ('{"nl":"Iets anders"}', plan))
    return Expected(frozenset({"private-missing"}), None, number, first=True)


def leaf_byte(raw: Raw, chance: random.Random) -> Expected:
    """One byte of a leaf."""
    number = _event(raw, chance)
    index, digest = raw.execute("SELECT leaf_index, hash FROM tree_leaf WHERE event_id = ?", (number,)).fetchone()
    raw.execute("UPDATE tree_leaf SET hash = ? WHERE leaf_index = ?", (flipped(digest, chance), index))
    return Expected(frozenset({"leaf-differs"}), f"leaf {index}", number, first=True)


def leaf_column(raw: Raw, chance: random.Random) -> Expected:
    """The place of a leaf, or the event it belongs to."""
    number = _event(raw, chance)
    column = chance.choice(("leaf_index", "event_id"))
    raw.execute(f"UPDATE tree_leaf SET {column} = {column} + 100000 WHERE event_id = ?", (number,))
    if column == "leaf_index":
        return Expected(frozenset({"leaf-not-next"}))
    return Expected(frozenset({"event-missing"}), f"event {number + 100000}", number + 100000, first=True)


def leaf_deleted(raw: Raw, chance: random.Random) -> Expected:
    """A leaf taken out, its event left."""
    number = _event(raw, chance)
    raw.execute("DELETE FROM tree_leaf WHERE event_id = ?", (number,))
    return Expected(frozenset({"event-unsealed"}), f"event {number}", number)


def _node(raw: Raw, chance: random.Random) -> tuple[int, int, bytes]:
    nodes: list[tuple[int, int, bytes]] = raw.execute("SELECT level, idx, hash FROM tree_node").fetchall()
    return chance.choice(nodes)


def node_byte(raw: Raw, chance: random.Random) -> Expected:
    """One byte of a node of the tree."""
    level, idx, digest = _node(raw, chance)
    raw.execute("UPDATE tree_node SET hash = ? WHERE level = ? AND idx = ?", (flipped(digest, chance), level, idx))
    return Expected(frozenset({"node-differs"}), f"node {level}/{idx}", first=True)


def node_deleted(raw: Raw, chance: random.Random) -> Expected:
    """A node taken out."""
    level, idx, _ = _node(raw, chance)
    raw.execute("DELETE FROM tree_node WHERE level = ? AND idx = ?", (level, idx))
    return Expected(frozenset({"node-missing"}), f"node {level}/{idx}", first=True)


def node_inserted(raw: Raw, chance: random.Random) -> Expected:
    """A node put in where the tree has none."""
    level, idx, digest = _node(raw, chance)
    places: list[tuple[object, object]] = [(level, idx + 100000), (level, -1 - idx), (level, "x"), (-level, idx)]
    place = chance.choice([*places, (level, idx - 0.5), (level + 0.5, idx)])
    raw.execute("INSERT INTO tree_node (level, idx, hash) VALUES (?, ?, ?)", (*place, digest))
    where = "/".join(plain(part) for part in place)
    return Expected(frozenset({"node-extra"}), f"node {where}", first=True)


def head_changed(raw: Raw, chance: random.Random) -> Expected:
    """The head or the version that a row carries."""
    table, key = chance.choice((("plan", "plan_id"), ("installation", "installation_id")))
    column = chance.choice(("head", "version"))
    rows = raw.execute(f"SELECT {key}, {column} FROM {table}").fetchall()
    name, value = chance.choice(rows)
    other = flipped(value.encode(), chance) if column == "head" else value + chance.choice((-1, 1))
    kind = "TEXT" if column == "head" else "INTEGER"
    raw.execute(f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE {key} = ?", (other, name))
    return Expected(frozenset({"head-differs"}), f"stream {'installation' if name == 1 else name}", first=True)


def row_changed(table: str, column: str) -> Tamper:
    """One column of one row of a table that follows from the log."""

    def tamper(raw: Raw, chance: random.Random) -> Expected:
        key = FOLDED[table].key
        *names, stored, number = _row(raw, table, (*key, column), chance)
        _overwrite(raw, table, column, number, stored, chance)
        codes = {"row-missing"} if column in key else {"value-differs"}
        where = _place(table, names) if column in key else f"{_place(table, names)}: {column}"
        return Expected(frozenset(codes), where, first=column not in key)

    tamper.__name__ = f"{table}.{column}"
    return tamper


def row_deleted(table: str) -> Tamper:
    """One row of a table taken out."""

    def tamper(raw: Raw, chance: random.Random) -> Expected:
        *names, number = _row(raw, table, FOLDED[table].key, chance)
        raw.execute(f"DELETE FROM {table} WHERE rowid = ?", (number,))
        headless = table in ("plan", "installation")
        codes = frozenset({"head-missing" if headless else "row-missing"})
        stream = "installation" if table == "installation" else names[0]
        place = f"stream {stream}" if headless else _place(table, names)
        # What is not said to be erased any more is missing before that.
        return Expected(codes, place, first=table != "erased_value")

    tamper.__name__ = f"{table} row deleted"
    return tamper


def row_inserted(table: str) -> Tamper:
    """One row put into a table, a copy of another under another key."""

    def tamper(raw: Raw, chance: random.Random) -> Expected:
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
        unique = _unique(raw, table)
        *values, _ = _row(raw, table, columns, chance)
        new = dict(zip(columns, values, strict=True))
        for name in unique:
            new[name] = new[name] + 100000 if isinstance(new[name], int) else f"{new[name]}-2"
        slots = ", ".join("?" * len(columns))
        raw.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({slots})", list(new.values()))
        return Expected(frozenset({"row-extra"}), _place(table, [new[name] for name in FOLDED[table].key]))

    tamper.__name__ = f"{table} row inserted"
    return tamper


def _row(raw: Raw, table: str, columns: Sequence[str], chance: random.Random) -> tuple[Any, ...]:
    rows = raw.execute(f"SELECT {', '.join(columns)}, rowid FROM {table}").fetchall()
    row: tuple[Any, ...] = chance.choice(rows)
    return row


def _overwrite(raw: Raw, table: str, column: str, number: int, stored: object, chance: random.Random) -> None:
    before = _stored(raw, table, column, number)
    required = {row[1] for row in raw.execute(f"PRAGMA table_info({table})") if row[3]}
    choices: list[object] = [f"{stored}x", b"\xfe" + str(stored).encode(errors="replace"), 7.25, 10**9 + number]
    choices += [f"{stored}"[:-1] or "y", *([] if column in required else [None])]
    chance.shuffle(choices)
    for other in choices:
        # A row's own id takes integers only, and the row has that id from then on.
        with suppress(sqlite3.IntegrityError):
            raw.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (other, number))
        # The column's affinity may turn one into the other.
        if _stored(raw, table, column, number) != before:
            return
    message = f"{table}.{column} could not be changed"
    raise AssertionError(message)


def _stored(raw: Raw, table: str, column: str, number: int) -> tuple[Any, ...] | None:
    row: tuple[Any, ...] | None = raw.execute(
        f"SELECT typeof({column}), hex({column}) FROM {table} WHERE rowid = ?", (number,)
    ).fetchone()
    return row


def _unique(raw: Raw, table: str) -> set[str]:
    names = {row[1] for row in raw.execute(f"PRAGMA table_info({table})") if row[5]}
    for _, index, unique, *_ in raw.execute(f"PRAGMA index_list({table})").fetchall():
        if unique:
            names |= {row[2] for row in raw.execute(f"PRAGMA index_info({index})")}
    return names


def _place(table: str, key: list[Any]) -> str:
    return f"{table} {'/'.join(plain(part) for part in key)}"


OF_THE_LOG: Final[tuple[Tamper, ...]] = (
    body_byte,
    event_column,
    event_id,
    event_deleted,
    event_inserted,
    events_swapped,
    private_byte,
    private_moved,
    private_deleted,
    leaf_byte,
    leaf_column,
    leaf_deleted,
    node_byte,
    node_deleted,
    node_inserted,
    head_changed,
)


def of_the_tables(path: Path) -> list[Tamper]:
    """List a tamper of every column of every table that follows from the log and has rows, and of its rows."""
    tampers: list[Tamper] = []
    with closing(sqlite3.connect(path)) as raw:
        for table, known in FOLDED.items():
            if not raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
                continue
            columns = [row[1] for row in raw.execute(f"PRAGMA table_info({table})")]
            tampers += [row_changed(table, column) for column in columns if column not in known.derived]
            tampers += [row_deleted(table)]
            tampers += [] if table == "installation" else [row_inserted(table)]
    return tampers
