"""Our audit of a whole log, the part of it that is hashing and tree, proofs of events, or opening without any."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.worker import Work, serve
from pdca.audit.findings import Findings
from pdca.audit.rebuilt_tree import RebuiltTree
from pdca.audit.tree import leaf_hash
from pdca.audit.verify import verify
from pdca.proving import latest_note, prove_event
from pdca.store.database import Database, locate
from pdca.store.eventlog import LAST_EVENT
from pdca.store.verifying import StoredLog

Act = Callable[[Database, int], None]
"""Does so many pieces of work on a database."""


def tree(database: Database, count: int) -> None:
    """Read every event as the verifier does, hash its body, grow the tree, and compare leaves and nodes."""
    findings = Findings(limit=1)
    with database.connect() as connection:
        log = StoredLog(connection)
        rebuilt = RebuiltTree(findings, log)
        for row in log.events():
            assert isinstance(row.body, bytes)  # noqa: S101 - it was made so
            rebuilt.take(row.leaf_index, row.event_id, row.leaf_hash, leaf_hash(row.body))
        rebuilt.finish()
    assert (findings.total, rebuilt.leaves) == (0, count)  # noqa: S101 - otherwise less was done


def whole(database: Database, count: int) -> None:
    """Verify everything."""
    with database.connect() as connection:
        report = verify(StoredLog(connection))
    assert (report.ok, report.events) == (True, count)  # noqa: S101 - otherwise less was done


def prove(database: Database, count: int) -> None:
    """Prove events, each from a database that is opened for it."""
    for _ in range(count):
        with database.connect() as connection:
            event_id = random.randint(1, connection.value(LAST_EVENT))  # noqa: S311 - whichever
            prove_event(connection, event_id, latest_note(connection))


def look(database: Database, count: int) -> None:
    """Do no more than open the database and ask how many events there are."""
    for _ in range(count):
        with database.connect() as connection:
            connection.value(LAST_EVENT)


ACTS: Final[Mapping[str, Act]] = {"tree": tree, "whole": whole, "prove": prove, "look": look}


def prepare(task: dict[str, Any]) -> Work:
    """Take the database at `url`; `act` says what is done with it."""
    database, act = locate(task["url"]), ACTS[task["act"]]
    return lambda _number: act(database, task["count"])


if __name__ == "__main__":
    serve(prepare)
