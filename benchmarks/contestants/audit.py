"""Our audit of a whole log, the part of it that is hashing and tree, proofs of events, or opening without any."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.worker import Work, serve
from pdca.audit.findings import Findings
from pdca.audit.part import PartOf
from pdca.audit.reader import Reader
from pdca.audit.rebuilt_tree import RebuiltTree
from pdca.audit.stretch import Stretch, TreeOfStretch, grow, stretches, tree_of
from pdca.audit.verify import verify
from pdca.auditing import Helpers
from pdca.proving import latest_note, prove_event
from pdca.store.database import Database, locate
from pdca.store.eventlog import LAST_EVENT

Act = Callable[[Database, int, int], None]
"""Does so many pieces of work on a database, by so many processes where it is divided."""


def tree(database: Database, count: int, processes: int) -> None:
    """Read every body, hash it, grow the tree, and compare leaves and nodes."""
    findings = Findings(limit=1)
    with Helpers(database, processes - 1, _trees) as helpers, database.connect() as connection:
        log = helpers.open(connection)
        rebuilt = RebuiltTree(findings, log)
        for part in helpers.parts(log, stretches(log.count_leaves(), ())):
            assert part is not None  # noqa: S101 - it was made so
            rebuilt.join(part)
        rebuilt.finish()
    assert (findings.total, rebuilt.leaves) == (0, count)  # noqa: S101 - otherwise less was done


def _trees(reader: Reader) -> Callable[[Stretch], TreeOfStretch | None]:
    """Give what looks at the tree of a stretch, and at nothing else of its events."""

    def look(stretch: Stretch) -> TreeOfStretch | None:
        levels = grow(reader, stretch)
        return None if levels is None else tree_of(stretch, levels)

    return look


def whole(database: Database, count: int, processes: int) -> None:
    """Verify everything."""
    with Helpers(database, processes - 1, PartOf) as helpers, database.connect() as connection:
        report = verify(helpers.open(connection), parts=helpers.parts)
    assert (report.ok, report.events) == (True, count)  # noqa: S101 - otherwise less was done


def prove(database: Database, count: int, _processes: int) -> None:
    """Prove events, each from a database that is opened for it."""
    for _ in range(count):
        with database.connect() as connection:
            event_id = random.randint(1, connection.value(LAST_EVENT))  # noqa: S311 - whichever
            prove_event(connection, event_id, latest_note(connection))


def look(database: Database, count: int, _processes: int) -> None:
    """Do no more than open the database and ask how many events there are."""
    for _ in range(count):
        with database.connect() as connection:
            connection.value(LAST_EVENT)


ACTS: Final[Mapping[str, Act]] = {"tree": tree, "whole": whole, "prove": prove, "look": look}


def prepare(task: dict[str, Any]) -> Work:
    """Take the database at `url`; `act` says what is done with it, by how many `processes`."""
    database, act = locate(task["url"]), ACTS[task["act"]]
    return lambda _number: act(database, task["count"], task["processes"])


if __name__ == "__main__":
    serve(prepare)
