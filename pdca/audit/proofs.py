"""Proofs over the tree: that an event is in it (RFC 9162 section 2.1.3), and that it only grew (section 2.1.4).

They are made from the stored complete subtrees, without reading the log, and verified from nothing but hashes. An
inclusion proof travels as a `tlog-proof` (c2sp.org/tlog-proof): a text that carries its checkpoint.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pdca.audit.encoded import decode, encode
from pdca.audit.notes import NoteError
from pdca.audit.tree import ReadNode, node_hash
from pdca.i18n import _

HASH_BYTES: Final = 32
HEADER: Final = "c2sp.org/tlog-proof@v1"
LONGEST_PROOF: Final = 63
"""Hashes in a proof; a log of 2**63 events needs no more."""

_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")


def inclusion(index: int, size: int, read_node: ReadNode) -> list[bytes]:
    """Prove that leaf `index` is in the tree of the first `size` leaves: the sibling of the leaf first."""
    if not 0 <= index < size:
        raise IndexError(index)
    path = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_root(middle, high, read_node))
            high = middle
        else:
            path.append(_root(low, middle, read_node))
            low = middle
    return path[::-1]


def root_by_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes | None:
    """Work out the root that a leaf hash and an inclusion proof lead to; None for a proof of the wrong length."""
    if not 0 <= index < size:
        return None
    here, last, digest = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            digest = node_hash(sibling, digest)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        here, last = here >> 1, last >> 1
    return digest if last == 0 else None


def consistency(old: int, new: int, read_node: ReadNode) -> list[bytes]:
    """Prove that the first `new` leaves begin with the first `old`; the proof is empty for none and for as many."""
    if not 0 <= old <= new:
        raise IndexError(old)
    path = []
    low, high = 0, new
    while old not in (0, high):
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_root(middle, high, read_node))
            high = middle
        else:
            path.append(_root(low, middle, read_node))
            low = middle
    if low:
        path.append(_root(low, high, read_node))
    return path[::-1]


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Tell whether a consistency proof leads from one root to the other (RFC 9162 section 2.1.4.2)."""
    if not 0 < old < new:
        return not path and (old_root == new_root if old == new else old == 0)
    proof = list(path) if old & (old - 1) else [old_root, *path]
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    if not proof:
        return False
    first = second = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A `tlog-proof`: leaf `index` with its `path`, and the `note` of the checkpoint in whose tree it is.

    `extra` are bytes that nothing in the proof vouches for.
    """

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    def text(self) -> str:
        """Write it."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode(self.extra)}")
        lines += [f"index {self.index}", *map(encode, self.path)]
        return "".join(f"{line}\n" for line in lines) + f"\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> "InclusionProof":
        """Read one; raises NoteError for what is not well-formed. Nothing is verified by that."""
        head, _blank, note = text.partition("\n\n")
        lines = iter(head.split("\n"))
        if next(lines, None) != HEADER:
            raise _unreadable()
        line, extra = next(lines, ""), None
        if line.startswith("extra "):
            extra = decode(line.removeprefix("extra "))
            line = next(lines, "")
            if extra is None:
                raise _unreadable()
        return cls(numbered(line, "index"), path_of_lines(lines), note, extra)


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the tree of the checkpoint in `note` begins with that of its first `old` leaves.

    Written as the body of a request to a witness (c2sp.org/tlog-witness, add-checkpoint).
    """

    old: int
    path: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """Write it."""
        return "".join(f"{line}\n" for line in (f"old {self.old}", *map(encode, self.path))) + f"\n{self.note}"

    @classmethod
    def parse(cls, text: str) -> "ConsistencyProof":
        """Read one; raises NoteError for what is not well-formed. Nothing is verified by that."""
        head, _blank, note = text.partition("\n\n")
        first, *lines = head.split("\n")
        return cls(numbered(first, "old"), path_of_lines(lines), note)


def hash_from_text(text: str) -> bytes | None:
    """Read a hash of 32 bytes; None for anything else, also for another form of the same bytes."""
    digest = decode(text)
    return digest if digest is not None and len(digest) == HASH_BYTES else None


def numbered(line: str, name: str) -> int:
    """Read the number of a line `NAME NUMBER`; raises NoteError."""
    number = line.removeprefix(f"{name} ")
    if number == line or not _NUMBER.fullmatch(number):
        raise _unreadable()
    return int(number)


def path_of_lines(lines: Iterable[str]) -> tuple[bytes, ...]:
    """Read the hashes of a proof, one a line; raises NoteError."""
    found = tuple(hash_from_text(line) for line in lines)
    path = tuple(digest for digest in found if digest is not None)
    if len(path) != len(found) or len(path) > LONGEST_PROOF:
        raise _unreadable()
    return path


def _unreadable() -> NoteError:
    return NoteError(
        _("This is no proof as c2sp.org/tlog-proof or c2sp.org/tlog-witness has it."), code="proof-unreadable"
    )


def _split(count: int) -> int:
    """Give the largest power of two below a count of two or more."""
    return 1 << ((count - 1).bit_length() - 1)


def _root(low: int, high: int, read_node: ReadNode) -> bytes:
    """Give the root of the leaves from `low` until before `high`, a subtree of the whole, by its complete subtrees."""
    peaks = []
    while low < high:
        level = (high - low).bit_length() - 1
        peaks.append(read_node(level, low >> level))
        low += 1 << level
    digest = peaks.pop()
    while peaks:
        digest = node_hash(peaks.pop(), digest)
    return digest
