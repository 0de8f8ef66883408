"""The program and the verifier that is handed out agree: on what is right, on every size, and on what was altered."""

import hashlib
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from itertools import islice
from random import Random
from typing import Final

import pytest

from pdca.audit.canonical import canonical, commit
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.dossier import Dossier, Entry, Opened
from pdca.audit.event import build_body
from pdca.audit.heads import Head, prove_head, root_of_heads
from pdca.audit.kept import check_kept
from pdca.audit.notes import COSIGNATURE, LOG_SIGNATURE, SigningKey, cosignature, sign
from pdca.audit.proofs import ConsistencyProof, InclusionProof, consistency, inclusion, is_consistent, root_by_inclusion
from pdca.audit.tree import ReadNode, TreeBuilder, leaf_hash
from tests import standalone

LARGEST: Final = 256
MUTATIONS: Final = 3_000
MILLION: Final = 1_000_000
PARTS: Final = 4
LOG: Final = SigningKey("example.com/log", LOG_SIGNATURE, bytes(range(32)))
WITNESS: Final = SigningKey("example.com/witness", COSIGNATURE, bytes(range(1, 33)))
verify = standalone.load()


@dataclass(frozen=True, slots=True)
class Grown:
    """A log of leaves with every complete subtree of it, and its root at every size."""

    nodes: dict[tuple[int, int], bytes]
    roots: list[bytes]

    @classmethod
    def of(cls, leaves: list[bytes]) -> "Grown":
        nodes: dict[tuple[int, int], bytes] = {}
        builder = TreeBuilder()
        roots = [builder.root()]
        for index, leaf in enumerate(leaves):
            nodes[0, index] = leaf
            nodes |= {(level, idx): digest for level, idx, digest in builder.add(leaf)}
            roots.append(builder.root())
        return cls(nodes, roots)

    @property
    def read_node(self) -> ReadNode:
        return lambda level, idx: self.nodes[level, idx]


PLAIN: Final = Grown.of([leaf_hash(b"%d" % number) for number in range(LARGEST)])


def standalone_root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        root: bytes = verify.root_above(leaf, index, size, path)
    except verify.Misfit:
        return None
    return root


def standalone_consistent(old: int, new: int, path: list[bytes], old_root: bytes, new_root: bytes) -> bool:
    try:
        verify.check_growth(old, old_root, new, new_root, path)
    except verify.Misfit:
        return False
    return True


def test_both_know_every_root() -> None:
    tree = verify.Tree()
    for size in range(LARGEST + 1):
        assert tree.root() == PLAIN.roots[size]
        if size < LARGEST:
            tree.add(PLAIN.nodes[0, size])


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_both_agree_on_every_inclusion_proof_and_on_what_is_left_out_of_it_or_put_in(size: int) -> None:
    for index in range(size):
        leaf, path = PLAIN.nodes[0, index], inclusion(index, size, PLAIN.read_node)
        assert standalone_root(leaf, index, size, path) == PLAIN.roots[size]
        for altered in (path[:-1], [*path, leaf], path[::-1]):
            for place in (index, (index + 1) % size):
                assert standalone_root(leaf, place, size, altered) == root_by_inclusion(place, size, leaf, altered)


@pytest.mark.parametrize("new", range(1, LARGEST + 1))
def test_both_agree_on_every_consistency_proof_and_on_what_is_left_out_of_it_or_put_in(new: int) -> None:
    for old in range(1, new + 1):
        path, roots = consistency(old, new, PLAIN.read_node), (PLAIN.roots[old], PLAIN.roots[new])
        assert standalone_consistent(old, new, path, *roots)
        assert not standalone_consistent(old, new, path, roots[0], bytes(32))
        assert old == new or not standalone_consistent(old, new, path, bytes(32), roots[1])
        for altered in (path[:-1], [*path, roots[0]], path[::-1]):
            assert standalone_consistent(old, new, altered, *roots) == is_consistent(old, new, *roots, altered)


def test_the_vectors_of_certificate_transparency_pass_in_the_verifier_that_is_handed_out() -> None:
    tree = verify.Tree()
    assert tree.root().hex() == hashlib.sha256().hexdigest()
    for entry in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"):
        tree.add(verify.leaf_of(bytes.fromhex(entry)))
    assert tree.root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    # RFC 9162 section 2.1.5, of seven leaves: PATH(3) = [c, g, l], PROOF(3) = [c, d, g, l], PROOF(4) = [l].
    leaf = [PLAIN.nodes[0, index] for index in range(7)]
    a_b, e_f = verify.node_of(leaf[0], leaf[1]), verify.node_of(leaf[4], leaf[5])
    left, right = verify.node_of(a_b, verify.node_of(leaf[2], leaf[3])), verify.node_of(e_f, leaf[6])
    root = verify.node_of(left, right)
    assert PLAIN.roots[7] == root
    assert standalone_root(leaf[3], 3, 7, [leaf[2], a_b, right]) == root
    assert standalone_root(leaf[6], 6, 7, [e_f, left]) == root
    old = verify.node_of(a_b, leaf[2])
    assert standalone_consistent(3, 7, [leaf[2], leaf[3], a_b, right], old, root)
    assert standalone_consistent(4, 7, [right], left, root)


def test_the_vector_of_signed_note_passes_in_the_verifier_that_is_handed_out() -> None:
    key = verify.Key.read("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
    note = (
        "This is an example message.\n\n— example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
    )
    assert verify.Note.read(note.encode()).signers([key]) == [key]
    with pytest.raises(verify.Misfit, match="not good"):
        verify.Note.read(note.replace("message", "massage").encode()).signers([key])


# --- What was altered -------------------------------------------------------------------------------------------------


@cache
def pieces() -> dict[str, str]:
    """A small log of two streams, and all that can be taken out of it."""
    last: dict[str, tuple[int, str | None]] = {}
    bodies, openings = [], []
    for number, stream in enumerate(["installation", "P-001", "P-002", "P-001", "P-001", "installation", "P-001"]):
        salt, value = bytes([number] * 16), f"Zo beslist, dit was het {number}e."
        seq, prev = last.get(stream, (0, None))
        body = build_body(
            stream=stream,
            seq=seq + 1,
            prev=prev,
            kind="plan.edited",
            at=f"2024-01-0{number + 1}T08:00:00.000000Z",
            actor="U-001",
            source="cli",
            plan=None if stream == "installation" else stream,
            reason={"~": commit(value, salt)},
        )
        last[stream] = (seq + 1, leaf_hash(body).hex())
        bodies.append(body)
        openings.append(Opened(salt, canonical(value).decode()))
    log = Grown.of([leaf_hash(body) for body in bodies])
    heads = [Head(stream, seq, bytes.fromhex(digest or "")) for stream, (seq, digest) in last.items()]
    size = len(bodies)

    def note(count: int) -> str:
        heads_then = root_of_heads(heads) if count == size else (None, None)
        return sign(Checkpoint(LOG.name, count, log.roots[count], *heads_then).text(), LOG)

    head = prove_head(heads, "P-001")
    entries = [
        Entry(
            index,
            bodies[index].decode(),
            tuple(inclusion(index, size, log.read_node)),
            (openings[index],) if index != 3 else (),
        )
        for index in (1, 3, 4, 6)
    ]
    return {
        "old": note(3),
        "checkpoint": note(size),
        "proof": InclusionProof(4, tuple(inclusion(4, size, log.read_node)), note(size), bodies[4]).text(),
        "growth": ConsistencyProof(3, tuple(consistency(3, size, log.read_node)), note(size)).text(),
        "dossier": Dossier("P-001", head.index, head.path, tuple(entries), note(size)).text(),
    }


def by_the_program(text: str) -> bool:
    """Whether the program accepts a text, next to the earlier checkpoint and by the keys of log and witness."""
    shown = check_kept([("old", pieces()["old"]), ("text", text)], [LOG.verifier, WITNESS.verifier])
    return shown[1].error is None


def by_the_verifier(text: str) -> bool:
    """Whether the verifier that is handed out accepts it."""
    auditor = verify.Auditor([verify.Key.read(str(key.verifier)) for key in (LOG, WITNESS)])
    with redirect_stdout(StringIO()):
        auditor.take("old", pieces()["old"].encode())
        auditor.take("text", text.encode())
        # Each by itself: whether a proof joins it to the earlier checkpoint is not asked here.
        for name, piece in auditor.pieces.items():
            auditor.check(name, piece)
        return bool(auditor.status() == 0)


@pytest.mark.parametrize("name", pieces())
def test_both_accept_what_nobody_altered(name: str) -> None:
    assert by_the_program(pieces()[name])
    assert by_the_verifier(pieces()[name])


def test_both_hold_a_witness_to_its_time_and_a_log_to_its_own_signature() -> None:
    note = pieces()["checkpoint"]
    text = note.rpartition("\n\n")[0] + "\n"
    seen = cosignature(text, WITNESS, 1_700_000_000)
    later = cosignature(text, WITNESS, 1_700_000_001)
    mixed = seen[:-20] + later[-20:]
    stranger = cosignature(text, SigningKey("example.com/nobody", COSIGNATURE, bytes(32)), 1)
    beyond = cosignature(text, WITNESS, 1 << 63)
    expected = {note + seen: True, note + stranger: True, note + mixed: False, note + beyond: False}
    expected |= {f"{text}\n{seen}": False}
    assert {given: by_the_program(given) for given in expected} == expected
    assert {given: by_the_verifier(given) for given in expected} == expected


def test_both_see_that_a_log_was_forked() -> None:
    body = build_body(
        stream="installation",
        seq=1,
        prev=None,
        kind="x.y",
        at="2024-01-01T08:00:00.000000Z",
        actor="U-001",
        source="cli",
    )
    forked = sign(Checkpoint(LOG.name, 3, leaf_hash(body)).text(), LOG)
    assert not by_the_program(forked)
    assert not by_the_verifier(forked)


def test_both_take_a_dossier_that_opens_less() -> None:
    fewer = "".join(line for line in pieces()["dossier"].splitlines(keepends=True) if line[:-1] not in opening_lines())
    assert len(opening_lines()) == 3
    assert by_the_program(fewer)
    assert by_the_verifier(fewer)


def event(stream: str, seq: int, prev: bytes | None) -> bytes:
    return build_body(
        stream=stream,
        seq=seq,
        prev=leaf_hash(prev).hex() if prev else None,
        kind="plan.edited",
        at="2024-01-01T08:00:00.000000Z",
        actor="U-001",
        source="cli",
    )


def dossier_by_a_house_that_lies(bodies: list[bytes], order: list[int]) -> str:
    """A dossier of P-001 whose hashes and signature are all right, whatever its events are."""
    log, size = Grown.of([leaf_hash(body) for body in bodies]), len(bodies)
    head = Head("P-001", len(order), leaf_hash(bodies[order[-1]]))
    note = sign(Checkpoint(LOG.name, size, log.roots[size], *root_of_heads([head])).text(), LOG)
    entries = tuple(
        Entry(place, bodies[place].decode(), tuple(inclusion(place, size, log.read_node))) for place in order
    )
    return Dossier("P-001", 0, (), entries, note).text()


FIRST: Final = event("P-001", 1, None)
SECOND: Final = event("P-001", 2, FIRST)
OTHERS: Final = event("P-002", 2, FIRST)


@pytest.mark.parametrize(
    ("bodies", "order", "fits"),
    [
        ([FIRST, SECOND], [0, 1], True),
        ([FIRST, event("P-001", 3, FIRST)], [0, 1], False),
        ([FIRST, event("P-001", 2, SECOND)], [0, 1], False),
        ([FIRST, OTHERS], [0, 1], False),
        ([event("P-002", 1, None)], [0], False),
        ([SECOND, FIRST], [1, 0], False),
        ([FIRST, SECOND], [1], False),
        ([FIRST, b"{}"], [0, 1], False),
        ([FIRST, SECOND.replace(b"cli", b"e\xcc\x81")], [0, 1], False),
    ],
    ids=["right", "gap", "prev", "another plan", "only another plan", "order", "no first", "no event", "not NFC"],
)
def test_both_refuse_a_dossier_whose_events_do_not_follow_each_other_whoever_signed_it(
    bodies: list[bytes], order: list[int], fits: bool
) -> None:
    text = dossier_by_a_house_that_lies(bodies, order)
    assert (by_the_program(text), by_the_verifier(text)) == (fits, fits)


def test_both_refuse_a_dossier_whose_checkpoint_does_not_say_how_far_each_stream_had_come() -> None:
    whole = Dossier.parse(dossier_by_a_house_that_lies([FIRST, SECOND], [0, 1]))
    root = Grown.of([leaf_hash(FIRST), leaf_hash(SECOND)]).roots[2]
    silent = sign(Checkpoint(LOG.name, 2, root).text(), LOG)
    text = Dossier(whole.stream, whole.place, whole.path, whole.entries, silent).text()
    assert not by_the_program(text)
    with pytest.raises(verify.Misfit, match="how far each stream"):
        verify.read_piece(text.encode())


def mutations(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Alter one character, take one out, put one in, or exchange, double or take out a line."""
    chance = Random(seed)  # noqa: S311 - the same alterations on every run
    signs = "".join(sorted(set("".join(pieces().values())))) + "\t\r\x00\x7f\u2028\u00a0é😀"
    names = sorted(pieces())
    for _number in range(count):
        name = chance.choice(names)
        text = pieces()[name]
        place = chance.randrange(len(text))
        lines = text.split("\n")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(7):
            case 0 | 1 | 2:
                altered = text[:place] + chance.choice(signs) + text[place + 1 :]
            case 3:
                altered = text[:place] + text[place + 1 :]
            case 4:
                altered = text[:place] + chance.choice(signs) + text[place:]
            case 5:
                lines[one], lines[other] = lines[other], lines[one]
                altered = "\n".join(lines)
            case _:
                altered = "\n".join([*lines[:one], *([lines[one]] * chance.choice((0, 2))), *lines[one + 1 :]])
        if essence(altered) != essence(text):
            yield name, altered


def essence(text: str) -> list[str]:
    """The lines of a text without those that may be left out or given again: values that are opened, signatures."""
    lines = [line for line in text.split("\n") if line not in opening_lines()]
    return lines[:-2] if lines[-3:-1] == lines[-2:-1] * 2 else lines[:-1] if lines[-1] == "" else lines


@cache
def opening_lines() -> frozenset[str]:
    return frozenset(line for line in pieces()["dossier"].split("\n") if line.startswith("open "))


def test_neither_accepts_anything_that_was_altered() -> None:
    altered = 0
    for name, text in mutations(MUTATIONS, seed=7):
        altered += 1
        assert not by_the_program(text), (name, text)
        assert not by_the_verifier(text), (name, text)
    assert altered > MUTATIONS * 0.9


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_neither_accepts_any_of_a_million_alterations(part: int) -> None:
    """In parts, that several cores may share them."""
    # Some alterations change nothing, so more are made than a million.
    altered = 0
    for name, text in islice(mutations(2 * MILLION // PARTS, seed=11 + part), MILLION // PARTS):
        altered += 1
        assert not by_the_program(text), (name, text)
        assert not by_the_verifier(text), (name, text)
    assert altered == MILLION // PARTS
    print(f"part {part + 1}: {altered} altered, 0 accepted")  # noqa: T201 - the record
