"""A log that was forked: two that begin alike and are signed by one key, for a witness that has to tell them apart."""

from dataclasses import dataclass
from typing import Final

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.heads import Head, root_of_heads
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign
from pdca.audit.proofs import ConsistencyProof, consistency
from pdca.audit.tree import TreeBuilder, leaf_hash

LOG: Final = SigningKey("example.com/log", LOG_SIGNATURE, bytes(range(32)))
NAME: Final = "example.org/witness"


@dataclass(frozen=True, slots=True)
class Branch:
    """A log with every complete subtree of it, and its root at every size."""

    nodes: dict[tuple[int, int], bytes]
    roots: list[bytes]

    def note(self, size: int, key: SigningKey = LOG) -> str:
        """Sign its state of so many events."""
        head = Head("installation", max(size, 1), self.nodes[0, max(size, 1) - 1])
        streams, heads = root_of_heads([head] if size else [])
        return sign(Checkpoint(key.name, size, self.roots[size], streams, heads).text(), key)

    def growth(self, old: int, size: int) -> ConsistencyProof:
        """Prove that its first `size` events begin with the first `old`."""
        path = consistency(old, size, lambda level, idx: self.nodes[level, idx])
        return ConsistencyProof(old, tuple(path), self.note(size))


def branches(common: int, longest: int) -> tuple[Branch, Branch]:
    """Make two logs of so many events that have the first ones in common."""
    return _branch(common, longest, b"one"), _branch(common, longest, b"other")


def _branch(common: int, longest: int, name: bytes) -> Branch:
    builder = TreeBuilder()
    nodes: dict[tuple[int, int], bytes] = {}
    roots = [builder.root()]
    for index in range(longest):
        leaf = leaf_hash(b"%d" % index + (b"" if index < common else name))
        nodes[0, index] = leaf
        nodes |= {(level, idx): digest for level, idx, digest in builder.add(leaf)}
        roots.append(builder.root())
    return Branch(nodes, roots)
