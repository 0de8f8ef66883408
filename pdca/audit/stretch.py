"""A stretch of the log: leaves that follow each other, which are looked at together.

Where nothing in a stretch is amiss, what it comes to is said at once; where anything is, the verifier looks at its
events one by one and names it. So whatever divides the work only ever says “nothing is amiss here”, and what is found,
and in which order, does not depend on it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from pdca.audit.reader import HIGHEST, LOWEST, Reader

STRETCH: Final = 1_024
"""Leaves of a stretch, a power of two: its tree is a complete subtree. So many bodies are held at a time."""

LONG: Final = 20_000
"""Leaves from which on it saves more to share a log than it takes to begin with."""

Levels = list[list[bytes]]
"""The complete subtrees of a stretch: its leaf hashes, the nodes above them, and so on up."""

Peak = tuple[int, bytes]
"""The root of a complete subtree with its level."""


class Stretch(NamedTuple):
    """The leaves from `first` until before `end`, stored under the numbers from `low` up to `high`.

    The first begins with whatever is stored below 0, and the last ends with whatever is stored above the others, so
    together they are all that is stored under a whole number. `stops` are sizes of the log between the two at which its
    root is asked for.
    """

    first: int
    end: int
    low: int
    high: int
    stops: tuple[int, ...]


class TreeOfStretch(NamedTuple):
    """The tree over a stretch, whose stored leaves and nodes are what its bodies make them.

    `roots` has for each stop, and for the end, the complete subtrees that the stretch then consists of, the largest
    first.
    """

    first: int
    end: int
    roots: tuple[tuple[int, tuple[Peak, ...]], ...]


def stretches(leaves: int, sizes: Sequence[int]) -> Iterator[Stretch]:
    """Divide a log of so many leaves, where its root is asked for at these sizes, in order."""
    for first in range(0, leaves or 1, STRETCH):
        end = min(first + STRETCH, leaves)
        stops = tuple(sizes[bisect_right(sizes, first) : bisect_left(sizes, end)])
        yield Stretch(first, end, first or LOWEST, HIGHEST if end == leaves else end - 1, stops)


def grow(reader: Reader, stretch: Stretch) -> Levels | None:
    """Hash the bodies of a stretch and grow their tree; None where a stored leaf or node is not the same."""
    size = stretch.end - stretch.first
    # One more than there should be shows that there are more; no more of them are held.
    rows = list(reader.leaves(stretch.low, stretch.high, size + 1))
    places, stored, bodies = zip(*rows, strict=True) if rows else ((), (), ())
    if places != tuple(range(stretch.first, stretch.end)) or _other_than(int, places) or _other_than(bytes, bodies):
        return None
    levels = [[sha256(b"\x00" + body).digest() for body in bodies]]
    if list(stored) != levels[0]:
        return None
    while len(levels[-1]) > 1:
        below = levels[-1]
        pairs = zip(below[::2], below[1::2], strict=False)
        levels.append([sha256(b"\x01" + left + right).digest() for left, right in pairs])
        level = len(levels) - 1
        first = stretch.first >> level
        nodes = list(reader.nodes(level, first, first + (STRETCH >> level)))
        if nodes != list(enumerate(levels[-1], first)) or _other_than(int, [idx for idx, _hash in nodes]):
            return None
    return levels


def tree_of(stretch: Stretch, levels: Levels) -> TreeOfStretch:
    """Say what the tree of a stretch comes to."""
    ends = (*stretch.stops, stretch.end)
    return TreeOfStretch(stretch.first, stretch.end, tuple((end, _peaks(levels, end - stretch.first)) for end in ends))


def _peaks(levels: Levels, size: int) -> tuple[Peak, ...]:
    heights = range(size.bit_length() - 1, -1, -1)
    return tuple((level, levels[level][(size >> level) - 1]) for level in heights if size >> level & 1)


def _other_than(kind: type, values: Sequence[object]) -> bool:
    """Tell whether anything is of another type: 1.0 and True are equal to 1."""
    return not {kind}.issuperset(map(type, values))
