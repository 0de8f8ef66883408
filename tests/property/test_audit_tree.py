import hashlib

from hypothesis import given
from hypothesis import strategies as st

from pdca.audit import tree

SIZES = st.integers(0, 300)


def leaves(size: int) -> list[bytes]:
    return [tree.leaf_hash(b"%d" % number) for number in range(size)]


def merkle_tree_hash(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962 section 2.1, word for word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    left, right = merkle_tree_hash(hashes[:split]), merkle_tree_hash(hashes[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def complete_subtrees(hashes: list[bytes]) -> set[tree.Node]:
    """Every complete subtree of level 1 and up, by the definition."""
    return {
        (level, idx, merkle_tree_hash(hashes[idx << level : (idx + 1) << level]))
        for level in range(1, len(hashes).bit_length())
        for idx in range(len(hashes) >> level)
    }


def stored(hashes: list[bytes]) -> dict[tuple[int, int], bytes]:
    nodes = {(level, idx): digest for level, idx, digest in complete_subtrees(hashes)}
    return nodes | {(0, idx): leaf for idx, leaf in enumerate(hashes)}


def reader(nodes: dict[tuple[int, int], bytes]) -> tree.ReadNode:
    return lambda level, idx: nodes[level, idx]


@given(SIZES)
def test_appending_leaf_by_leaf_stores_exactly_the_complete_subtrees(size: int) -> None:
    nodes: dict[tuple[int, int], bytes] = {}
    for index, leaf in enumerate(leaves(size)):
        nodes[0, index] = leaf
        created = tree.append(index, leaf, reader(nodes))
        assert not nodes.keys() & {(level, idx) for level, idx, _ in created}
        nodes |= {(level, idx): digest for level, idx, digest in created}
    assert nodes == stored(leaves(size))


@given(SIZES, SIZES)
def test_appending_many_adds_what_was_missing_with_few_reads(before: int, after: int) -> None:
    before, after = sorted((before, after))
    hashes = leaves(after)
    known = stored(hashes[:before])
    reads = []

    def read_node(level: int, idx: int) -> bytes:
        reads.append((level, idx))
        return known[level, idx]

    builder = tree.TreeBuilder.resume(before, read_node)
    created = [node for leaf in hashes[before:] for node in builder.add(leaf)]
    assert len(created) == len(set(created))
    assert set(created) == complete_subtrees(hashes) - complete_subtrees(hashes[:before])
    assert len(reads) <= before.bit_length()


@given(SIZES)
def test_every_way_to_the_root_gives_the_definition(size: int) -> None:
    hashes = leaves(size)
    builder = tree.TreeBuilder()
    created = [node for leaf in hashes for node in builder.add(leaf)]
    nodes = stored(hashes)
    assert builder.root() == merkle_tree_hash(hashes)
    assert tree.root(size, reader(nodes)) == merkle_tree_hash(hashes)
    assert set(created) == complete_subtrees(hashes)


@given(SIZES, SIZES)
def test_a_resumed_builder_goes_on_as_one_that_never_stopped(before: int, after: int) -> None:
    before, after = sorted((before, after))
    hashes = leaves(after)
    nodes = stored(hashes[:before])
    builder = tree.TreeBuilder.resume(before, reader(nodes))
    for leaf in hashes[before:]:
        builder.add(leaf)
    assert builder.size == after
    assert builder.root() == merkle_tree_hash(hashes)
