"""The Merkle tree of RFC 6962 section 2.1 over the whole log, from stored complete subtrees.

A node is named by (level, idx): the `idx`-th complete subtree of 2**level leaves; level 0 are the leaf hashes. A
complete subtree never changes again, so the tree is append-only storage. Hashes are 32 bytes.
"""

import hashlib
from collections.abc import Callable

ReadNode = Callable[[int, int], bytes]
"""Fetches the stored hash of (level, idx); level 0 are leaf hashes."""
Node = tuple[int, int, bytes]
"""A complete subtree: level, idx, hash."""


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class TreeBuilder:
    """Grows a tree leaf by leaf, holding only the roots of its complete subtrees (one per set bit of its size)."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    @classmethod
    def resume(cls, size: int, read_node: ReadNode) -> "TreeBuilder":
        """Take up a stored tree of `size` leaves, with at most log2(size) + 1 reads."""
        builder = cls()
        builder.size = size
        levels = range(size.bit_length() - 1, -1, -1)
        builder._peaks = [read_node(level, (size >> level) - 1) for level in levels if size >> level & 1]
        return builder

    def copy(self) -> "TreeBuilder":
        """Give one that grows on by itself from here."""
        builder = TreeBuilder()
        builder.size, builder._peaks = self.size, list(self._peaks)
        return builder

    def add(self, digest: bytes, level: int = 0) -> list[Node]:
        """Add a leaf hash, or the root of a complete subtree of 2**level leaves where one can begin.

        Returns the complete subtrees above it that came into being, lowest first.
        """
        created = []
        idx = self.size >> level
        self.size += 1 << level
        while idx & 1:
            digest = node_hash(self._peaks.pop(), digest)
            level, idx = level + 1, idx >> 1
            created.append((level, idx, digest))
        self._peaks.append(digest)
        return created

    def root(self) -> bytes:
        """Return the hash of the whole tree; of an empty one, the hash of nothing."""
        if not self._peaks:
            return hashlib.sha256().digest()
        *others, digest = self._peaks
        for peak in reversed(others):
            digest = node_hash(peak, digest)
        return digest


def append(index: int, leaf: bytes, read_node: ReadNode) -> list[Node]:
    """Return the complete subtrees (level 1 and up) that come into being with leaf `index`, lowest first.

    Reads only the left siblings it needs: one node for every subtree returned.
    """
    created = []
    level, idx, digest = 0, index, leaf
    while idx & 1:
        digest = node_hash(read_node(level, idx - 1), digest)
        level, idx = level + 1, idx >> 1
        created.append((level, idx, digest))
    return created


def root(size: int, read_node: ReadNode) -> bytes:
    """Return the root hash of the first `size` leaves of a stored tree."""
    return TreeBuilder.resume(size, read_node).root()
