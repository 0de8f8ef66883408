"""What the verifier must be given: the stored log and the tables, without a word about how they are stored."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, Protocol

LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1
"""The least and the greatest number that a leaf can be stored under."""


class EventRow(NamedTuple):
    """An event as stored: its place in the tree, the columns for finding it, its body and its erasable part.

    Nothing is believed of a stored row, so every field is an `object`: a database that was tampered with may hold
    anything. `leaf_index` is None for an event without a leaf; `body` is None for a leaf without an event.
    """

    leaf_index: object
    event_id: object
    stream: object
    seq: object
    kind: object
    plan: object
    at: object
    actor: object
    source: object
    event_key: object
    body: object
    leaf_hash: object
    private: object


class Reader(Protocol):
    """One consistent snapshot of a log and its tables.

    Text that is not UTF-8 must be handed over, not raised on (as bytes, or with surrogates).
    """

    @property
    def sealed_in_transaction(self) -> bool:
        """Whether every event gets its leaf in its own transaction, so that one without is a finding."""
        ...

    def count_leaves(self) -> int:
        """Count the stored leaves."""
        ...

    def leaves(self, low: int, high: int, most: int) -> Iterable[tuple[object, object, object]]:
        """Yield (index, hash, body) of the leaves with an event and an index from `low` up to `high`, in order.

        No more than `most`.
        """
        ...

    def sealed(self, low: int, high: int) -> Iterable[EventRow]:
        """Yield leaves with an index from `low` up to `high` in its order, those without an event included."""
        ...

    def stray(self) -> Iterable[EventRow]:
        """Yield the leaves whose index is between no numbers, for it is none, or no whole one; those without an event
        included.
        """
        ...

    def unsealed(self) -> Iterable[EventRow]:
        """Yield the events without a leaf by their id."""
        ...

    def nodes(self, level: int, first: int, end: int) -> Iterable[tuple[object, object]]:
        """Yield (idx, hash) of the stored complete subtrees of a level, from idx `first` until before `end`, in order.

        It is asked for while events are read.
        """
        ...

    def nodes_beyond(self, leaves: int) -> Iterable[tuple[object, object]]:
        """Yield (level, idx) of the stored complete subtrees that a tree of so many leaves does not have."""
        ...

    def heads(self) -> Iterable[tuple[object, object, object]]:
        """Yield (stream, version, head in hex) from the rows that carry the head of a stream."""
        ...

    def checkpoints(self) -> Iterable[tuple[object, object, object]]:
        """Yield (number, size, note) of the stored checkpoints, in the order of their numbers."""
        ...

    def tables(self) -> Iterable[str]:
        """Name the tables whose rows follow from the log."""
        ...

    def rows(self, table: str) -> Iterable[Mapping[str, object]]:
        """Yield every row of a table, every column by its name."""
        ...

    def key_columns(self, table: str) -> tuple[str, ...]:
        """Name the columns of the table's primary key."""
        ...

    def derived_columns(self, table: str) -> frozenset[str]:
        """Name the columns that follow from the log itself and stand in no event (version and head)."""
        ...

    def triggers(self) -> Iterable[str]:
        """Name the triggers that are there and say what they should; one with another text is not named."""
        ...

    def expected_triggers(self) -> Iterable[str]:
        """Name the triggers that keep the log append-only."""
        ...

    def damage(self) -> Iterable[object]:
        """Tell what the database itself finds wrong with its storage, such as an index that hides a row."""
        ...
