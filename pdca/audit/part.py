"""What a stretch of the log comes to when nothing in it is amiss: all that can be known without the events before."""

from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from typing import Final, NamedTuple

from pdca.audit.findings import Findings, plain
from pdca.audit.fold import FoldedPart, PartFold
from pdca.audit.reader import EventRow, Reader
from pdca.audit.single import SingleEvents, erased_values
from pdca.audit.stretch import Stretch, TreeOfStretch, grow, tree_of
from pdca.audit.trust import keys_named


class LastEvent(NamedTuple):
    """The last event of a stream; `hashes` are those by which the next may call it, in hex.

    There are two only when its stored leaf differs from its body: that is found already, and would otherwise be
    reported a second time at the next event, which is innocent.
    """

    seq: int
    hashes: tuple[str, ...]
    event_id: object

    def is_before(self, seq: int, prev: str | None) -> bool:
        """Tell whether an event of this number, which calls the one before it so, is the next."""
        return seq == self.seq + 1 and (not self.seq or prev in self.hashes)


BEFORE_THE_FIRST: Final = LastEvent(0, (), None)


class Part(NamedTuple):
    """What a stretch comes to.

    `begins` has the number of the first event of each stream in it, and by which hash that calls the one before;
    `heads` the last event of each. `named` are the keys that it names, each with the number of events up to there;
    `gone` the commitments whose value is gone, as in `SingleEvents`.
    """

    tree: TreeOfStretch
    begins: dict[str, tuple[int, str | None]]
    heads: dict[str, LastEvent]
    fold: FoldedPart
    named: tuple[tuple[str, int], ...]
    gone: dict[str, tuple[str, object]]


Parts = Callable[[Reader, Iterable[Stretch]], Iterator[Part | None]]
"""Gives what stretches come to, in their order; None where anything is amiss, or where nobody looked."""


class PartOf:
    """Says of one stretch of a log after the other what it comes to."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._allowed = erased_values(reader)

    def __call__(self, stretch: Stretch) -> Part | None:
        """Look at a stretch; None where anything is amiss."""
        levels = grow(self._reader, stretch)
        if levels is None:
            return None
        looked_at = _Looked(self._reader, self._allowed)
        rows = self._reader.sealed(stretch.low, stretch.high)
        for size, (row, digest) in enumerate(zip_longest(rows, levels[0]), start=stretch.first + 1):
            if row is None or digest is None or not looked_at.fits(row, digest, size):
                return None
        return looked_at.part(tree_of(stretch, levels))


def one_after_the_other(reader: Reader, stretches: Iterable[Stretch]) -> Iterator[Part | None]:
    """Look at the stretches here, each when it is asked for."""
    return map(PartOf(reader), stretches)


class _Looked:
    """What has been learnt from the events of a stretch so far."""

    def __init__(self, reader: Reader, allowed: frozenset[str]) -> None:
        self._findings = Findings(limit=0)
        self._single = SingleEvents(self._findings, allowed)
        self._fold = PartFold(reader, self._findings)
        self._begins: dict[str, tuple[int, str | None]] = {}
        self._heads: dict[str, LastEvent] = {}
        self._named: list[tuple[str, int]] = []

    def fits(self, row: EventRow, digest: bytes, size: int) -> bool:
        """Look at an event whose body is hashed already, the last of so many; tell whether nothing is amiss."""
        where = f"event {plain(row.event_id)}"
        view = self._single.read(row, row.body, where) if isinstance(row.body, bytes) else None
        if view is None:
            return False
        last = self._heads.get(view.stream)
        if last is None:
            self._begins[view.stream] = (view.seq, view.prev)
        elif not last.is_before(view.seq, view.prev):
            return False
        self._heads[view.stream] = LastEvent(view.seq, (digest.hex(),), row.event_id)
        self._single.compare_columns(row, view, where)
        opened = self._single.open(row, view, where)
        for change in view.changes:
            self._fold.apply(row.event_id, change, opened)
        self._named += [(vkey, size) for vkey in keys_named(view)]
        return not self._findings.total

    def part(self, tree: TreeOfStretch) -> Part:
        """Say what it comes to."""
        return Part(tree, self._begins, self._heads, self._fold.part(), tuple(self._named), self._single.gone)
