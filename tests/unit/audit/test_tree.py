from pdca.audit import tree

# The leaves and roots of the reference test of certificate-transparency (RFC 6962).
LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def hashes() -> list[bytes]:
    return [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


def reader(stored: dict[tuple[int, int], bytes]) -> tree.ReadNode:
    return lambda level, idx: stored[level, idx]


def no_reads(level: int, idx: int) -> bytes:
    raise AssertionError(f"read {level}/{idx}")


def test_builder_gives_the_published_roots() -> None:
    builder = tree.TreeBuilder()
    roots = [builder.root().hex()]
    for leaf in hashes():
        builder.add(leaf)
        roots.append(builder.root().hex())
    assert roots == list(ROOTS)


def test_stored_tree_gives_the_published_roots() -> None:
    stored = {(0, index): leaf for index, leaf in enumerate(hashes())}
    for index, leaf in enumerate(hashes()):
        stored |= {(level, idx): node for level, idx, node in tree.append(index, leaf, reader(stored))}
    roots = [tree.root(size, reader(stored)).hex() for size in range(9)]
    assert roots == list(ROOTS)


def test_a_leaf_completes_a_subtree_for_every_trailing_one_of_its_index() -> None:
    read = []

    def read_node(level: int, idx: int) -> bytes:
        read.append((level, idx))
        return bytes(32)

    created = tree.append(0b1011, bytes(32), read_node)
    assert [(level, idx) for level, idx, _ in created] == [(1, 5), (2, 2)]
    assert read == [(0, 10), (1, 4)]


def test_a_leaf_at_an_even_index_completes_nothing_and_reads_nothing() -> None:
    assert tree.append(4, bytes(32), no_reads) == []


def test_leaves_and_nodes_are_hashed_apart() -> None:
    left, right = hashes()[:2]
    assert tree.node_hash(left, right) != tree.leaf_hash(left + right)
