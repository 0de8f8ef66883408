"""Insiders who hold the database and the key, and write the log anew from the event that they change to its end.

Bodies, previous hashes, leaves, nodes, heads, tables and stored checkpoints fit again: only a checkpoint that was kept
outside the house tells. Each gives the number of the first event that is not what it was, None when it found nothing.
"""
# ruff: noqa: S608 - the names of tables and columns come from the log itself

import json
import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from pdca.audit.canonical import canonical, commit, parse, private_text
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.heads import heads_of, root_of_heads
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign, text_of
from pdca.audit.tree import TreeBuilder, leaf_hash

Raw = sqlite3.Connection
Body = dict[str, Any]


@dataclass
class Log:
    """The log of a database, with the bodies as they are to be: `key` signs what is written."""

    raw: Raw
    chance: random.Random
    key: SigningKey

    def __post_init__(self) -> None:
        rows = self.raw.execute("SELECT event_id, body FROM event ORDER BY event_id").fetchall()
        self.numbers: list[int] = [row[0] for row in rows]
        self.bodies: list[Any] = [parse(row[1]) for row in rows]

    def write(self) -> None:
        """Write it all anew, so that it fits."""
        self.raw.execute("DELETE FROM tree_leaf")
        self.raw.execute("DELETE FROM tree_node")
        builder = TreeBuilder()
        heads: dict[str, str] = {}
        states = {0: (builder.root(), root_of_heads(()))}
        events: list[tuple[str, int, bytes]] = []
        for number, body in zip(self.numbers, self.bodies, strict=True):
            body["prev"] = heads.get(body["stream"])
            written = canonical(body)
            leaf = leaf_hash(written)
            self.raw.execute(
                "UPDATE event SET body = ?, at = ?, actor = ? WHERE event_id = ?",
                (written, body["at"], body["actor"], number),
            )
            self.raw.execute("INSERT INTO tree_leaf VALUES (?, ?, ?)", (builder.size, number, leaf))
            self.raw.executemany("INSERT INTO tree_node VALUES (?, ?, ?)", builder.add(leaf))
            heads[body["stream"]] = leaf.hex()
            events.append((body["stream"], body["seq"], leaf))
            states[builder.size] = (builder.root(), root_of_heads(heads_of(events).values()))
        for stream, head in heads.items():
            where = "installation WHERE installation_id = 1" if stream == "installation" else "plan WHERE plan_id = ?"
            table, _, condition = where.partition(" ")
            named = [] if stream == "installation" else [stream]
            self.raw.execute(f"UPDATE {table} SET head = ? {condition}", [head, *named])
        self._sign(states)

    def _sign(self, states: dict[int, tuple[bytes, tuple[int, bytes]]]) -> None:
        for number, note in self.raw.execute("SELECT number, note FROM checkpoint").fetchall():
            before = Checkpoint.parse(text_of(note))
            root, (streams, heads) = states[before.size]
            if root != before.root or self.key.verifier.name != before.origin:
                again = sign(Checkpoint(before.origin, before.size, root, streams, heads).text(), self.key)
                self.raw.execute("UPDATE checkpoint SET note = ? WHERE number = ?", (again, number))

    def any_event(self, fits: Callable[[Body], object] = lambda _body: True) -> int | None:
        """Give the place of some event."""
        places = [place for place, body in enumerate(self.bodies) if fits(body)]
        return self.chance.choice(places) if places else None

    def later(self, place: int, change: Body, column: str) -> bool:
        """Tell whether a value that an event sets was set again, or its row taken away, by a later one."""
        following = [other for body in self.bodies[place + 1 :] for other in body["changes"]]
        return any(
            (other["table"], other["key"]) == (change["table"], change["key"])
            and (column in other["set"] or other["op"] == "delete")
            for other in following
        )

    def set_row(self, change: Body, column: str, value: object) -> None:
        """Let the table say what the log says now."""
        where = " AND ".join(f"{name} = ?" for name in change["key"])
        self.raw.execute(f"UPDATE {change['table']} SET {column} = ? WHERE {where}", [value, *change["key"].values()])


def other_actor(log: Log) -> int | None:
    """Somebody else did it."""
    place = log.chance.randrange(len(log.bodies))
    log.bodies[place]["actor"] += "9"
    return place


def other_time(log: Log) -> int | None:
    """It was done a little later."""
    place = log.chance.randrange(len(log.bodies))
    at: str = log.bodies[place]["at"]
    log.bodies[place]["at"] = f"{at[:-7]}{(int(at[-7:-1]) + 1) % 10**6:06}Z"
    return place


def no_refusal(log: Log) -> int | None:
    """Nothing was refused."""
    place = log.any_event(lambda body: body["refused"])
    if place is not None:
        log.bodies[place]["refused"] = None
    return place


def other_reason(log: Log) -> int | None:
    """It was done for another reason, with a commitment to that one."""
    place = log.any_event(lambda body: body["reason"])
    if place is None:
        return None
    body, number, salt = log.bodies[place], log.numbers[place], log.chance.randbytes(16)
    (payload,) = log.raw.execute("SELECT payload FROM event_private WHERE event_id = ?", (number,)).fetchone()
    private, said = json.loads(payload), "Omdat het zo hoort."
    if body["reason"]["~"] not in private:
        # It was erased, and the log has to go on saying so.
        return None
    del private[body["reason"]["~"]]
    body["reason"] = {"~": commit(said, salt)}
    private[body["reason"]["~"]] = [salt.hex(), said]
    log.raw.execute("UPDATE event_private SET payload = ? WHERE event_id = ?", (private_text(private), number))
    return place


def other_value(log: Log) -> int | None:
    """Something else was decided: a column has another value, in the log and, if it is the last one, in its table."""
    choices = [
        (place, change, column)
        for place, body in enumerate(log.bodies)
        for change in body["changes"]
        for column, value in change["set"].items()
        if isinstance(value, str | int) and change["table"] not in ("log_key", "erased_value")
    ]
    # What the table's own checks do not let through would be found by the database.
    log.raw.execute("PRAGMA ignore_check_constraints=OFF")
    for place, change, column in log.chance.sample(choices, len(choices)):
        value = change["set"][column]
        other = value + (1 if isinstance(value, int) else "9")
        with suppress(sqlite3.IntegrityError):
            if not log.later(place, change, column):
                log.set_row(change, column, other)
            change["set"][column] = other
            return place
    return None


def other_key(log: Log) -> int | None:
    """Another key is that of the log, and has signed from the beginning."""
    place = log.any_event(lambda body: any(change["table"] == "log_key" for change in body["changes"]))
    assert place is not None
    log.key = SigningKey(log.key.verifier.name, LOG_SIGNATURE, log.chance.randbytes(32))
    for body in log.bodies:
        for change in body["changes"]:
            if change["table"] == "log_key" and "vkey" in change["set"]:
                change["set"]["vkey"] = str(log.key.verifier)
                log.set_row(change, "vkey", str(log.key.verifier))
                place = min(place, log.bodies.index(body))
    return place


INSIDERS: Final[Sequence[Callable[[Log], int | None]]] = (
    other_actor,
    other_time,
    no_refusal,
    other_reason,
    other_value,
    other_key,
)


def rewritten(raw: Raw, chance: random.Random, key: SigningKey, change: Callable[[Log], int | None]) -> int | None:
    """Change one thing and write the log anew; gives how many events are as they were, None when nothing was done."""
    log = Log(raw, chance, key)
    place = change(log)
    if place is not None:
        log.write()
    return place
