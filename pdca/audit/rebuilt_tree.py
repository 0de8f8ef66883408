"""The tree computed again from the bodies, and compared with the stored leaves and nodes while it grows."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from pdca.audit.findings import Findings, plain
from pdca.audit.reader import Reader
from pdca.audit.stretch import TreeOfStretch
from pdca.audit.tree import TreeBuilder

READ_AT_ONCE: Final = 512
"""Stored nodes of one level that are held at a time, so that a long log takes no more memory than a short one."""

Stored = Callable[[int, int, int], Iterable[tuple[object, object]]]
"""Reads (idx, hash) of the stored nodes of a level, from one idx until before another."""


class RebuiltTree:
    """Takes the leaves in order, or stretches of them that were compared already.

    Once a leaf is missing there is no tree beyond it, and nothing there is compared.
    """

    def __init__(self, findings: Findings, reader: Reader) -> None:
        self.leaves = 0
        self._findings = findings
        self._reader = reader
        self._builder = TreeBuilder()
        self._levels: list[_Level] = []
        self._broken = False

    def take(self, leaf_index: object, event_id: object, stored: object, digest: bytes | None) -> None:
        """Take the next leaf: its stored index and hash, and the hash of its body, None when there is no body."""
        expected = self.leaves
        self.leaves += 1
        if not self._broken and (type(leaf_index) is not int or leaf_index != expected):
            message = "This is not the next leaf of the tree."
            self._findings.differ("leaf-not-next", message, _leaf(leaf_index), expected, leaf_index, event_id)
            self._broken = True
        if digest is None:
            self._broken = True
            return
        if type(stored) is not bytes or stored != digest:
            message = "The stored leaf is not the hash of the event's body."
            self._findings.differ("leaf-differs", message, _leaf(leaf_index), digest, stored, event_id)
        if not self._broken:
            self._compare_above(digest)

    def fits(self, part: TreeOfStretch) -> bool:
        """Tell whether a stretch is what comes next."""
        return not self._broken and part.first == self.leaves

    def join(self, part: TreeOfStretch) -> list[tuple[int, str]]:
        """Take a whole stretch, which fits; gives the root in hex at each of its stops, and at its end."""
        roots = []
        for size, peaks in part.roots:
            grown = self._builder.copy()
            for level, digest in peaks:
                grown.add(digest, level)
            roots.append((size, grown.root().hex()))
        count = part.end - part.first
        for level in range(1, count.bit_length()):
            self._level(level).pass_over(count >> level)
        for level, digest in part.roots[-1][1]:
            self._compare_above(digest, level)
        self.leaves = part.end
        return roots

    @property
    def root(self) -> str | None:
        """The root in hex, None when leaves are missing."""
        return None if self._broken else self._builder.root().hex()

    def finish(self) -> None:
        """Note what was found of the nodes, level by level, and those that the tree does not have."""
        for level in self._levels:
            level.finish()
            self._findings.join(level.findings)
        for number, idx in self._reader.nodes_beyond(self._builder.size):
            if not self._lies_beyond(number, idx):
                where = f"node {plain(number)}/{plain(idx)}"
                self._findings.add("node-extra", "The log has no such node.", where)

    def _compare_above(self, digest: bytes, level: int = 0) -> None:
        """Add a leaf, or a complete subtree, and compare the nodes that came into being above it."""
        for above, _, node in self._builder.add(digest, level):
            self._level(above).take(node)

    def _level(self, level: int) -> "_Level":
        if level > len(self._levels):
            self._levels.append(_Level(level, self._reader.nodes, self._findings.alike()))
        return self._levels[level - 1]

    def _lies_beyond(self, level: object, idx: object) -> bool:
        """Tell whether a node reaches past the first missing leaf, so that nobody can say what it should be."""
        return self._broken and type(level) is int and type(idx) is int and level >= 1 and idx >= 0


class _Level:
    """The stored nodes of one level, read along as the rebuilt ones come into being."""

    def __init__(self, level: int, stored: Stored, findings: Findings) -> None:
        self.findings = findings
        self._level = level
        self._stored = stored
        self._known = self._lacking = self._read = 0
        self._ahead: deque[tuple[object, object]] = deque()

    def take(self, digest: bytes) -> None:
        """Compare the next rebuilt node with the stored one."""
        column = self._known
        if column == self._read:
            self._read += READ_AT_ONCE
            self._ahead.extend(self._stored(self._level, column, self._read))
        self._known += 1
        while self._ahead:
            idx, stored = self._ahead[0]
            if type(idx) is int and idx > column:
                break
            self._ahead.popleft()
            if type(idx) is int and idx == column:
                self._note_missing(column)
                self._compare(column, digest, stored)
                return
            self._extra(idx)
        self._lacking += 1

    def pass_over(self, count: int) -> None:
        """Take the next rebuilt nodes as compared already."""
        self.finish()
        self._ahead.clear()
        self._known += count
        self._read = self._known

    def finish(self) -> None:
        """Note what is left, but for nodes beyond the last rebuilt one."""
        self._note_missing(self._known)
        for idx, _stored in self._ahead:
            if isinstance(idx, int | float) and idx < self._known:
                self._extra(idx)

    def _compare(self, column: int, digest: bytes, stored: object) -> None:
        if type(stored) is bytes and stored == digest:
            return
        leaves = f"{column << self._level} to {((column + 1) << self._level) - 1}"
        message = f"The stored node is not the hash of the bodies of leaves {leaves}."
        self.findings.differ("node-differs", message, f"node {self._level}/{column}", digest, stored)

    def _extra(self, idx: object) -> None:
        where = f"node {self._level}/{plain(idx)}"
        if type(idx) is int:
            self.findings.add("node-extra", "This node is stored twice.", where)
        else:
            self.findings.add("node-extra", "The log has no such node.", where)

    def _note_missing(self, end: int) -> None:
        """Note those that were not there in a row, until before `end`."""
        if self._lacking:
            first, last = f"node {self._level}/{end - self._lacking}", f"{self._level}/{end - 1}"
            span = first if self._lacking == 1 else f"nodes{first.removeprefix('node')} to {last}"
            self.findings.add("node-missing", "A complete part of the tree has no stored node.", span)
            self._lacking = 0


def _leaf(index: object) -> str:
    return f"leaf {plain(index)}"
