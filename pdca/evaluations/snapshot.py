"""The snapshot of an evaluation: what the plan said, what its indicators showed and what was deployed, frozen.

Its text is canonical JSON, so that its SHA-256 can be computed anew by whoever holds it; a random salt in it keeps
the hash from telling anything once the text is erased. People stand in it by their ids, never by their names.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pdca import content
from pdca.audit.canonical import canonical, nfc
from pdca.audit.event import Commitment
from pdca.indicators.judging import replaced
from pdca.indicators.known import known_at, read_held
from pdca.logged import event_of
from pdca.store.driver import Connection, Row
from pdca.store.reads import cycles, evaluations, indicators, log, plans
from pdca.store.rows import Change, insert

SCHEMA = "pdca.snapshot/1"


@dataclass(frozen=True, slots=True)
class Verified:
    """A snapshot held against the log and the record: `logged` is the SHA-256 in the event of its recording, None when
    there is none, `computed` that of the text as it is stored, None when the text is gone. `differs` names the parts of
    the record that are not what the text has. It is `erased` when an event says that the text which was frozen is gone:
    what is stored is that text without a person's name, and no longer has its hash.
    """

    evaluation_id: str
    logged: str | None
    computed: str | None
    differs: tuple[str, ...] = ()
    erased: bool = False

    @property
    def ok(self) -> bool:
        """Whether text and record still are what was frozen, or what erasing left of it."""
        fits = self.computed == self.logged or (self.erased and self.computed is not None)
        return self.logged is not None and fits and not self.differs


def frozen(
    connection: Connection, plan: Row, record: Change, means: Sequence[Row], now: str, salt: bytes
) -> tuple[Change, str]:
    """Freeze what is known of a plan when the evaluation of `record` is recorded; gives the row and its SHA-256.

    `means` are the lines of its activities with what is deployed as the evaluation states it.
    """
    plan_id = plan["plan_id"]
    predicted = connection.one(cycles.PREDICTION, plan_id=plan_id, cycle=plan["cycle"])
    whole = {
        "schema": SCHEMA,
        "salt": salt.hex(),
        "taken_at": now,
        "state": {"state": plan["state"], "cycle": plan["cycle"]},
        "plan": {**content.content(connection, plan_id), "means": list(means)},
        "prediction": predicted["text"] if predicted else None,
        "indicators": indicators_as_known(connection, plan_id, now),
        "evaluation": {**record.key, **record.set},
    }
    text = canonical(nfc(whole)).decode()
    digest = hash_of(text)
    return insert("snapshot", record.key, sha256=digest, text=text), digest


def indicators_as_known(connection: Connection, plan_id: str, at: str) -> list[dict[str, Any]]:
    """Give every indicator of a plan as it was known at an instant.

    That is its definition, the baseline of the plan, the targets in force, and for each period the figure that held,
    with what parts it from the one before.
    """
    return [
        {
            **row,
            "targets": _in_force(connection, row["indicator_id"], at),
            "series": [
                {**point.figure, "not_compared": point.broken}
                for point in read_held(connection, row["indicator_id"], at)
            ],
        }
        for row in connection.all(plans.PLAN_INDICATORS, plan_id=plan_id)
    ]


def _in_force(connection: Connection, indicator_id: str, at: str) -> list[Row]:
    targets = known_at(connection.all(indicators.TARGETS, indicator_id=indicator_id), at)
    gone = replaced(targets)
    return [row for row in targets if row["number"] not in gone]


def hash_of(text: str) -> str:
    """Give the SHA-256 of a snapshot, in hex, over its UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def verified(connection: Connection) -> Iterator[Verified]:
    """Hold every snapshot against the event that froze it, in the order of their numbers."""
    stored = {row["evaluation_id"]: row["text"] for row in connection.all(cycles.SNAPSHOTS)}
    records = {row["evaluation_id"]: row for row in connection.all(evaluations.ALL)}
    logged = dict(_logged(connection, connection.all(cycles.RECORDINGS)))
    for found in sorted({*stored, *logged}, key=lambda one: (len(one), one)):
        yield _held(found, stored.get(found), logged.get(found), records.get(found))


def verified_one(connection: Connection, evaluation: Row) -> Verified:
    """Hold the snapshot of one evaluation against the event that froze it."""
    row = connection.one(cycles.SNAPSHOT, evaluation_id=evaluation["evaluation_id"])
    logged = dict(_logged(connection, connection.all(cycles.RECORDINGS_OF_PLAN, plan_id=evaluation["plan_id"])))
    return _held(
        evaluation["evaluation_id"], row["text"] if row else None, logged.get(evaluation["evaluation_id"]), evaluation
    )


def read(connection: Connection, evaluation_id: str) -> Mapping[str, Any] | None:
    """Give the snapshot of an evaluation; None when it has none."""
    row = connection.one(cycles.SNAPSHOT, evaluation_id=evaluation_id)
    return None if row is None else json.loads(row["text"])


def _held(evaluation_id: str, text: str | None, logged: tuple[str, bool] | None, record: Row | None) -> Verified:
    digest, erased = logged or (None, False)
    if text is None:
        return Verified(evaluation_id, digest, None, erased=erased)
    return Verified(evaluation_id, digest, hash_of(text), _differs(text, record or {}), erased)


def _differs(text: str, record: Row) -> tuple[str, ...]:
    """Name the columns of a record that are not what was frozen; none of a text that was not frozen here."""
    try:
        kept = json.loads(text)["evaluation"].items()
    except (ValueError, LookupError, TypeError, AttributeError):
        return ()
    return tuple(name for name, value in kept if nfc(record.get(name)) != value)


def _logged(connection: Connection, events: Iterable[Row]) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Give of each evaluation the hash in the event that froze it, and whether the text was erased since."""
    for event in events:
        for change in event_of(event).changes:
            digest = change.values.get("sha256")
            if change.table == "snapshot" and isinstance(digest, str):
                text = change.values.get("text")
                erased = isinstance(text, Commitment) and bool(connection.all(log.ERASED, digest=text.digest))
                yield str(change.key["evaluation_id"]), (digest, erased)
