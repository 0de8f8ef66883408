"""Proofs, checkpoints and notes: against their definitions, the published vectors, and what was altered in them."""

import hashlib
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.heads import Head, heads_of, prove_head, root_of_heads
from pdca.audit.notes import (
    COSIGNATURE,
    LOG_SIGNATURE,
    NoteError,
    SigningKey,
    VerifierKey,
    cosignature,
    open_note,
    sign,
    text_of,
)
from pdca.audit.proofs import (
    ConsistencyProof,
    InclusionProof,
    consistency,
    inclusion,
    is_consistent,
    root_by_inclusion,
)
from pdca.audit.tree import TreeBuilder, leaf_hash, node_hash

LARGEST = 256
ALL = [leaf_hash(b"%d" % number) for number in range(LARGEST)]
LOG = SigningKey("example.com/log", LOG_SIGNATURE, bytes(range(32)))
WITNESS = SigningKey("example.com/witness", COSIGNATURE, bytes(range(1, 33)))


@cache
def merkle_tree_hash(low: int, high: int) -> bytes:
    """The definition of RFC 6962 section 2.1 over the leaves from `low` until before `high`."""
    if high - low == 1:
        return ALL[low]
    split = 1
    while split * 2 < high - low:
        split *= 2
    return node_hash(merkle_tree_hash(low, low + split), merkle_tree_hash(low + split, high))


def path_of(index: int, low: int, high: int) -> list[bytes]:
    """The definition of RFC 6962 section 2.1.1, word for word."""
    if high - low == 1:
        return []
    split = 1
    while split * 2 < high - low:
        split *= 2
    middle = low + split
    if index < split:
        return [*path_of(index, low, middle), merkle_tree_hash(middle, high)]
    return [*path_of(index - split, middle, high), merkle_tree_hash(low, middle)]


def subproof(count: int, low: int, high: int, whole: bool) -> list[bytes]:
    """The definition of RFC 6962 section 2.1.2, word for word."""
    if count == high - low:
        return [] if whole else [merkle_tree_hash(low, high)]
    split = 1
    while split * 2 < high - low:
        split *= 2
    middle = low + split
    if count <= split:
        return [*subproof(count, low, middle, whole), merkle_tree_hash(middle, high)]
    return [*subproof(count - split, middle, high, whole=False), merkle_tree_hash(low, middle)]


def read_node(level: int, idx: int) -> bytes:
    return merkle_tree_hash(idx << level, (idx + 1) << level)


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_inclusion_proof_is_the_one_of_the_definition_and_leads_to_the_root(size: int) -> None:
    root = merkle_tree_hash(0, size)
    for index in range(size):
        path = inclusion(index, size, read_node)
        assert path == path_of(index, 0, size)
        assert root_by_inclusion(index, size, ALL[index], path) == root
        other = (index + 1) % size
        assert size == 1 or root_by_inclusion(other, size, ALL[index], path) != root
        assert root_by_inclusion(index, size, ALL[index], [*path, root]) is None
        assert size == 1 or root_by_inclusion(index, size, ALL[index], path[:-1]) is None


@pytest.mark.parametrize("new", range(1, LARGEST + 1))
def test_every_consistency_proof_is_the_one_of_the_definition_and_joins_both_roots(new: int) -> None:
    root = merkle_tree_hash(0, new)
    for old in range(1, new + 1):
        path = consistency(old, new, read_node)
        assert path == subproof(old, 0, new, whole=True)
        old_root = merkle_tree_hash(0, old)
        assert is_consistent(old, new, old_root, root, path)
        assert not is_consistent(old, new, leaf_hash(b"another"), root, path)
        assert not is_consistent(old, new, old_root, leaf_hash(b"another"), path)
        assert not is_consistent(old, new, old_root, root, [*path, root])
        assert old == new or not is_consistent(old, new, old_root, root, path[:-1])


def test_every_log_begins_with_the_empty_one() -> None:
    assert consistency(0, 7, read_node) == []
    assert is_consistent(0, 7, hashlib.sha256().digest(), merkle_tree_hash(0, 7), [])
    assert not is_consistent(0, 7, hashlib.sha256().digest(), merkle_tree_hash(0, 7), [ALL[0]])


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_what_is_not_in_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        inclusion(index, size, read_node)
    assert root_by_inclusion(index, size, ALL[0], []) is None


def test_a_smaller_log_is_not_proven_to_begin_with_a_larger_one() -> None:
    with pytest.raises(IndexError):
        consistency(4, 3, read_node)
    assert not is_consistent(4, 3, ALL[0], ALL[1], [])


def test_the_vectors_of_certificate_transparency() -> None:
    """The roots that the implementers of RFC 6962 publish (google/certificate-transparency, merkle tests)."""
    entries = [
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    ]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    builder = TreeBuilder()
    for entry, root in zip(entries, roots, strict=True):
        builder.add(leaf_hash(bytes.fromhex(entry)))
        assert builder.root().hex() == root


def test_the_vector_of_signed_note() -> None:
    """The example of c2sp.org/signed-note."""
    key = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = (
        "This is an example message.\n\n— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert open_note(note, [key]).text == "This is an example message.\n"
    with pytest.raises(NoteError, match="not good"):
        open_note(note.replace("example message", "example massage"), [key])


def test_the_vector_of_a_private_key() -> None:
    """The key of the tests of Go's golang.org/x/mod/sumdb/note."""
    key = SigningKey.parse("PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
    assert str(key.verifier) == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    assert SigningKey.parse(key.text()) == key


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), st.integers(0, 2**40))
def test_what_is_signed_opens_for_whoever_knows_the_key_and_for_nobody_else(line: str, at: int) -> None:
    text = f"{line}\n"
    note = sign(text, LOG)
    both = note + cosignature(text, WITNESS, at)
    assert text_of(both) == text
    assert [(signed.key, signed.at) for signed in open_note(both, [WITNESS.verifier, LOG.verifier]).signed] == [
        (LOG.verifier, None),
        (WITNESS.verifier, at),
    ]
    assert open_note(both, [WITNESS.verifier]).signed[0].at == at
    stranger = SigningKey(LOG.name, LOG_SIGNATURE, bytes(32))
    with pytest.raises(NoteError, match="None of the keys"):
        open_note(both, [stranger.verifier])


@pytest.mark.parametrize(
    "text",
    ["", "no newline", "\n", "tab\there\n", "bell\x07\n", "lone \ud800\n"],
)
def test_what_is_no_text_of_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign(text, LOG)


@pytest.mark.parametrize("name", ["", "two words", "plus+plus", "line\nline", "no\u00a0break"])
def test_a_name_that_breaks_the_format_names_no_key(name: str) -> None:
    with pytest.raises(NoteError):
        SigningKey(name, LOG_SIGNATURE, bytes(32))


def test_a_signing_key_does_not_show_its_secret() -> None:
    assert LOG.seed.hex() not in repr(LOG)
    assert repr(LOG) == "SigningKey('example.com/log', 1)"


def note_of(size: int = 7) -> str:
    streams, heads = root_of_heads([Head("P-001", 3, ALL[0]), Head("installation", 4, ALL[1])][:size])
    return sign(Checkpoint("example.com/log", size, merkle_tree_hash(0, size), streams, heads).text(), LOG)


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    text = text_of(note_of())
    assert Checkpoint.parse(text).text() == text
    assert Checkpoint.parse(text + "something else\n") == Checkpoint.parse(text)
    plain = Checkpoint("example.com/log", 0, hashlib.sha256().digest())
    assert Checkpoint.parse(plain.text()) == plain


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n",
        "log\n1\n",
        "log\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nheads 1\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nheads 1 x\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nheads 2 CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nheads 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "log\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_proofs_travel_as_text() -> None:
    proof = InclusionProof(3, tuple(inclusion(3, 7, read_node)), note_of(), b"extra")
    assert InclusionProof.parse(proof.text()) == proof
    assert InclusionProof.parse(proof.text()).note == note_of()
    grown = ConsistencyProof(5, tuple(consistency(5, 7, read_node)), note_of())
    assert ConsistencyProof.parse(grown.text()) == grown


@given(st.data())
def test_no_altered_proof_leads_to_the_same_root(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    text = InclusionProof(index, tuple(inclusion(index, size, read_node)), note_of(size)).text()
    place = data.draw(st.integers(0, len(text) - 1))
    altered = text[:place] + data.draw(st.characters(exclude_categories=["Cs"])) + text[place + 1 :]
    assert altered == text or not accepts(altered, ALL[index], index)


def accepts(text: str, leaf: bytes, index: int) -> bool:
    """Whether a proof shows, by the key of the log, that this leaf has this place."""
    try:
        proof = InclusionProof.parse(text)
        checkpoint = Checkpoint.parse(open_note(proof.note, [LOG.verifier]).text)
    except NoteError:
        return False
    same = proof.index == index
    return same and root_by_inclusion(proof.index, checkpoint.size, leaf, proof.path) == checkpoint.root


@given(st.lists(st.tuples(st.sampled_from(["installation", "P-1", "P-10", "P-2", "É"]), st.integers(1, 9)), min_size=1))
def test_the_head_of_a_stream_is_proven_among_all_of_them(events: Sequence[tuple[str, int]]) -> None:
    every = heads_of((stream, seq, leaf_hash(f"{stream} {seq}".encode())) for stream, seq in events)
    streams, root = root_of_heads(every.values())
    assert streams == len({stream for stream, _ in events})
    for stream in every:
        proof = prove_head(every.values(), stream)
        assert proof.head.seq == max(seq for name, seq in events if name == stream)
        leaf = proof.head.leaf()
        assert root_by_inclusion(proof.index, proof.streams, leaf, proof.path) == root
        shorter = Head(stream, proof.head.seq - 1, proof.head.digest)
        assert root_by_inclusion(proof.index, proof.streams, shorter.leaf(), proof.path) != root
    with pytest.raises(KeyError):
        prove_head(every.values(), "P-999")
