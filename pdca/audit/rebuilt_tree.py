"""The tree computed again from the bodies, and compared with the stored leaves and nodes."""

import hashlib
from collections.abc import Iterable

from pdca.audit.findings import Findings, plain
from pdca.audit.tree import TreeBuilder

_HASH_BYTES = hashlib.sha256().digest_size


class RebuiltTree:
    """Takes the leaves in order; once one is missing there is no tree beyond it, and nothing there is compared."""

    def __init__(self, findings: Findings) -> None:
        self.leaves = 0
        self._findings = findings
        self._builder = TreeBuilder()
        # One array of hashes per level, from level 1: stored nodes come level by level, rebuilt ones leaf by leaf.
        self._levels: list[bytearray] = []
        self._broken = False

    def take(self, leaf_index: object, event_id: object, stored: object, digest: bytes | None) -> None:
        """Take the next leaf: its stored index and hash, and the hash of its body, None when there is no body."""
        expected = self.leaves
        self.leaves += 1
        where = f"leaf {plain(leaf_index)}"
        if not self._broken and (type(leaf_index) is not int or leaf_index != expected):
            self._findings.differ(
                "leaf-not-next", "This is not the next leaf of the tree.", where, expected, leaf_index, event_id
            )
            self._broken = True
        if digest is None:
            self._broken = True
            return
        if type(stored) is not bytes or stored != digest:
            self._findings.differ(
                "leaf-differs", "The stored leaf is not the hash of the event's body.", where, digest, stored, event_id
            )
        if not self._broken:
            self._grow(digest)

    @property
    def root(self) -> str | None:
        """The root in hex, None when leaves are missing."""
        return None if self._broken else self._builder.root().hex()

    def compare(self, nodes: Iterable[tuple[object, object, object]]) -> None:
        """Compare the stored complete subtrees, in the order of level and idx, with the rebuilt ones."""
        following = [0] * len(self._levels)
        for level, idx, stored in nodes:
            where = f"node {plain(level)}/{plain(idx)}"
            place = self._place(level, idx)
            if place is None:
                if not self._lies_beyond(level, idx):
                    self._findings.add("node-extra", "The log has no such node.", where)
                continue
            row, column = place
            if column < following[row]:
                self._findings.add("node-extra", "This node is stored twice.", where)
                continue
            self._missing(row, following[row], column)
            following[row] = column + 1
            digest = bytes(self._levels[row][column * _HASH_BYTES : (column + 1) * _HASH_BYTES])
            if type(stored) is not bytes or stored != digest:
                leaves = f"{column << (row + 1)} to {((column + 1) << (row + 1)) - 1}"
                message = f"The stored node is not the hash of the bodies of leaves {leaves}."
                self._findings.differ("node-differs", message, where, digest, stored)
        for row, column in enumerate(following):
            self._missing(row, column, len(self._levels[row]) // _HASH_BYTES)

    def _grow(self, digest: bytes) -> None:
        for level, _, node in self._builder.add(digest):
            if level > len(self._levels):
                self._levels.append(bytearray())
            self._levels[level - 1] += node

    def _place(self, level: object, idx: object) -> tuple[int, int] | None:
        if type(level) is not int or type(idx) is not int or not 1 <= level <= len(self._levels):
            return None
        known = len(self._levels[level - 1]) // _HASH_BYTES
        return (level - 1, idx) if 0 <= idx < known else None

    def _lies_beyond(self, level: object, idx: object) -> bool:
        """Tell whether a node reaches past the first missing leaf, so that nobody can say what it should be."""
        if not self._broken or type(level) is not int or type(idx) is not int or level < 1 or idx < 0:
            return False
        return level > len(self._levels) or idx >= len(self._levels[level - 1]) // _HASH_BYTES

    def _missing(self, row: int, start: int, end: int) -> None:
        if start < end:
            span = f"node {row + 1}/{start}" if end - start == 1 else f"nodes {row + 1}/{start} to {row + 1}/{end - 1}"
            self._findings.add("node-missing", "A complete part of the tree has no stored node.", span)
