"""The tree of heads: how far each stream had come when the log had so many events.

A leaf is the stream, the number of its last event and that event's hash, each with a newline after it; the leaves are
sorted by the bytes of the stream and hashed as those of the log are. Its root stands in the checkpoint. With the
inclusion proof of its head a plan can be shown to be complete, and of the other plans nothing is seen but hashes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pdca.audit.proofs import inclusion
from pdca.audit.tree import TreeBuilder, leaf_hash


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The last event of a stream: `seq` is its number in it, `digest` its leaf hash (32 bytes)."""

    stream: str
    seq: int
    digest: bytes

    def leaf(self) -> bytes:
        """The hash of this head as a leaf of the tree of heads."""
        return leaf_hash(f"{self.stream}\n{self.seq}\n{self.digest.hex()}\n".encode())


@dataclass(frozen=True, slots=True)
class HeadProof:
    """Where a stream stands among the `streams` of a checkpoint, and the inclusion proof of its head."""

    head: Head
    index: int
    streams: int
    path: tuple[bytes, ...]


def root_of_heads(heads: Iterable[Head]) -> tuple[int, bytes]:
    """Count the streams and work out the root of the tree of their heads."""
    builder = TreeBuilder()
    for head in _sorted(heads):
        builder.add(head.leaf())
    return builder.size, builder.root()


def prove_head(heads: Iterable[Head], stream: str) -> HeadProof:
    """Prove the head of one stream; raises KeyError when it has no event among those."""
    every = _sorted(heads)
    places = {head.stream: index for index, head in enumerate(every)}
    index = places[stream]
    nodes: dict[tuple[int, int], bytes] = {}
    builder = TreeBuilder()
    for place, head in enumerate(every):
        nodes[0, place] = head.leaf()
        nodes |= {(level, idx): digest for level, idx, digest in builder.add(nodes[0, place])}
    path = inclusion(index, len(every), lambda level, idx: nodes[level, idx])
    return HeadProof(every[index], index, len(every), tuple(path))


def heads_of(events: Iterable[tuple[str, int, bytes]]) -> Mapping[str, Head]:
    """Give the head of each stream from its events (stream, number, leaf hash), in whatever order they come."""
    heads: dict[str, Head] = {}
    for stream, seq, digest in events:
        if stream not in heads or seq > heads[stream].seq:
            heads[stream] = Head(stream, seq, digest)
    return heads


def _sorted(heads: Iterable[Head]) -> list[Head]:
    return sorted(heads, key=lambda head: head.stream.encode())
