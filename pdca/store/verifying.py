"""The verifier's reader over a stored log: hands everything over as it is found, whatever that may be."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from pdca.audit.reader import HIGHEST, LOWEST, EventRow
from pdca.store import append_only
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection
from pdca.store.reads import checkpoints, log


class StoredLog:
    """One snapshot of a database, as `pdca.audit.reader.Reader` describes it.

    It is opened here, unless that is left to `begin`.
    """

    def __init__(self, connection: Connection, begin: Callable[[], object] | None = None) -> None:
        self._connection = connection
        connection.accept_any_text()
        (begin or connection.snapshot)()

    @property
    def sealed_in_transaction(self) -> bool:
        """On SQLite every event gets its leaf in its own transaction; on PostgreSQL a sealer follows."""
        return self._connection.dialect == "sqlite"

    def count_leaves(self) -> int:
        """Count the stored leaves."""
        # As a stream, for PostgreSQL may take its time over a long log.
        [(leaves,)] = self._connection.tuples(log.COUNT_LEAVES)
        return int(leaves)

    def leaves(self, low: int, high: int, most: int) -> Iterable[tuple[object, object, object]]:
        """Read index, hash and body of some leaves."""
        return self._connection.all_tuples(log.LEAVES, low=low, high=high, most=most)

    def sealed(self, low: int, high: int) -> Iterator[EventRow]:
        """Yield some leaves in order, with all that is stored of their events."""
        return map(EventRow._make, self._connection.tuples(log.SEALED, low=low, high=high))

    def stray(self) -> Iterator[EventRow]:
        """Yield the leaves that are stored under what is no whole number, with all that is stored of their events."""
        return map(EventRow._make, self._connection.tuples(log.STRAY[self._connection.dialect]))

    def unsealed(self) -> Iterator[EventRow]:
        """Yield events without a leaf."""
        return map(EventRow._make, self._connection.tuples(log.WITHOUT_LEAF))

    def events(self) -> Iterator[EventRow]:
        """Yield all leaves in order, those without a place after them, then events without one."""
        yield from self.sealed(LOWEST, HIGHEST)
        yield from self.stray()
        yield from self.unsealed()

    def nodes(self, level: int, first: int, end: int) -> Iterable[tuple[object, object]]:
        """Read some stored nodes of a level."""
        return self._connection.all_tuples(log.NODES, level=level, first=first, end=end)

    def every_node(self) -> Iterator[tuple[object, object, object]]:
        """Yield the stored nodes."""
        for row in self._connection.stream(log.EVERY_NODE):
            yield row["level"], row["idx"], row["hash"]

    def nodes_beyond(self, leaves: int) -> Iterator[tuple[object, object]]:
        """Yield the stored nodes that have no place in a tree of so many leaves."""
        for row in self._connection.stream(log.NODES_BEYOND, leaves=leaves, levels=leaves.bit_length() - 1):
            yield row["level"], row["idx"]

    def heads(self) -> Iterator[tuple[object, object, object]]:
        """Yield the heads of the streams."""
        for row in self._connection.stream(log.HEADS):
            yield row["stream"], row["version"], row["head"]

    def checkpoints(self) -> Iterator[tuple[object, object, object]]:
        """Yield the stored checkpoints."""
        for row in self._connection.stream(checkpoints.EVERY):
            yield row["number"], row["size"], row["note"]

    def tables(self) -> Iterable[str]:
        """Name the tables that follow from the log."""
        return FOLDED

    def rows(self, table: str) -> Iterator[Mapping[str, object]]:
        """Yield every row of a table."""
        return self._connection.stream(log.AS_STORED[table])

    def key_columns(self, table: str) -> tuple[str, ...]:
        """Name the columns of the primary key."""
        return FOLDED[table].key

    def derived_columns(self, table: str) -> frozenset[str]:
        """Name the columns that stand in no event."""
        return FOLDED[table].derived

    def triggers(self) -> Iterator[str]:
        """Name the triggers that are there and do what they should."""
        expected = append_only.triggers(self._connection.dialect)
        if self._connection.dialect == "sqlite":
            found = self._connection.all(log.SQLITE_TRIGGERS)
            yield from (row["name"] for row in found if row["text"] == expected.get(row["name"]))
            return
        for row in self._connection.all(log.POSTGRESQL_TRIGGERS):
            text = expected.get(row["name"])
            if (
                text is not None
                and row["does"] == append_only.refusal(row["name"])
                and _same_trigger(row["text"], text)
            ):
                yield row["name"]

    def damage(self) -> Iterator[str]:
        """Tell what SQLite finds wrong with its file; PostgreSQL has no such question to ask."""
        if self._connection.dialect == "sqlite":
            found = self._connection.all(log.SQLITE_DAMAGE)
            yield from (row["integrity_check"] for row in found if row["integrity_check"] != "ok")

    def expected_triggers(self) -> Iterable[str]:
        """Name the triggers there should be."""
        return append_only.triggers(self._connection.dialect)


def _same_trigger(found: str, expected: str) -> bool:
    # PostgreSQL writes the schema before the table and perhaps before the function.
    words = [word.rpartition(".")[2] for word in found.split()]
    return words == expected.split()
