"""A log of three events with everything that is made of it, for whoever writes a program of their own by the page.

The page of the format holds them as the program makes them now; a test has the verifier that is handed out read them.
"""

from typing import Final

from pdca.audit.canonical import canonical, commit
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.dossier import Dossier, Entry, Opened
from pdca.audit.event import build_body
from pdca.audit.heads import Head, prove_head, root_of_heads
from pdca.audit.notes import COSIGNATURE, LOG_SIGNATURE, SigningKey, cosignature, sign, text_of
from pdca.audit.proofs import ConsistencyProof, InclusionProof, consistency, inclusion
from pdca.audit.tree import TreeBuilder, leaf_hash

KEY: Final = SigningKey("example.org/log", LOG_SIGNATURE, bytes(range(32)))
WITNESS: Final = SigningKey("example.net/witness", COSIGNATURE, bytes(range(32, 64)))
COSIGNED_AT: Final = 1_704_700_800
SALT: Final = bytes(range(16))
VALUE: Final = "Zo beslist."


def vectors() -> dict[str, str]:
    """Give each text by its name; every one ends with a newline."""
    first = _body("installation", 1, None, "person.added")
    second = _body("P-001", 1, None, "plan.created")
    third = _body("P-001", 2, leaf_hash(second).hex(), "plan.edited", reason={"~": commit(VALUE, SALT)})
    bodies = (first, second, third)
    nodes: dict[tuple[int, int], bytes] = {}
    builder = TreeBuilder()
    roots = [builder.root()]
    for index, body in enumerate(bodies):
        nodes[0, index] = leaf_hash(body)
        nodes |= {(level, idx): digest for level, idx, digest in builder.add(nodes[0, index])}
        roots.append(builder.root())

    def read_node(level: int, idx: int) -> bytes:
        return nodes[level, idx]

    heads_then = [Head("installation", 1, nodes[0, 0]), Head("P-001", 1, nodes[0, 1])]
    heads = [heads_then[0], Head("P-001", 2, nodes[0, 2])]
    old = sign(Checkpoint(KEY.name, 2, roots[2], *root_of_heads(heads_then)).text(), KEY)
    new = sign(Checkpoint(KEY.name, 3, roots[3], *root_of_heads(heads)).text(), KEY)
    head = prove_head(heads, "P-001")
    opened = {2: (Opened(SALT, canonical(VALUE).decode()),)}
    entries = tuple(
        Entry(index, bodies[index].decode(), tuple(inclusion(index, 3, read_node)), opened.get(index, ()))
        for index in (1, 2)
    )
    return {
        "bodies": "".join(f"{body.decode()}\n" for body in bodies),
        "leaves": "".join(f"{nodes[0, index].hex()}\n" for index in range(3)),
        "roots": "".join(f"{root.hex()}\n" for root in roots),
        "heads": "".join(f"{one.leaf().hex()}\n" for one in sorted(heads)),
        "key": f"{KEY.verifier}\n",
        "old": old,
        "checkpoint": new,
        "proof": InclusionProof(1, tuple(inclusion(1, 3, read_node)), new, second).text(),
        "growth": ConsistencyProof(2, tuple(consistency(2, 3, read_node)), new).text(),
        "dossier": Dossier("P-001", head.index, head.path, entries, new).text(),
        "witness": f"{WITNESS.verifier}\n",
        "cosigned": new + cosignature(text_of(new), WITNESS, COSIGNED_AT),
    }


def _body(stream: str, seq: int, prev: str | None, kind: str, reason: dict[str, str] | None = None) -> bytes:
    return build_body(
        stream=stream,
        seq=seq,
        prev=prev,
        kind=kind,
        at=f"2024-01-08T08:00:0{seq}.000000Z",
        actor="U-001",
        source="cli",
        plan=None if stream == "installation" else stream,
        reason=reason,
    )


SAID: Final = {
    "bodies": "Three bodies, one a line (the newline is not part of them):",
    "leaves": "Their leaf hashes, in hex:",
    "roots": "The roots of the tree with no, one, two and three leaves:",
    "heads": "The leaves of the tree of heads at three events, in their order (`P-001` before `installation`):",
    "key": "The public key; the private one is made of the 32 bytes 00, 01, … 1f:",
    "old": "The checkpoint of two events:",
    "checkpoint": "The checkpoint of three events:",
    "proof": "The proof of event 1, counted from 0:",
    "growth": "The proof that the log of three events begins with that of two:",
    "dossier": "The dossier of `P-001`, with the reason of its second event opened (salt 00, 01, … 0f):",
    "witness": "The public key of a witness; its private one is made of the 32 bytes 20, 21, … 3f:",
    "cosigned": "The checkpoint of three events, cosigned by it at 2024-01-08T08:00:00Z, which is 1704700800:",
}


def as_page() -> str:
    """Write them as a part of the page."""
    texts = vectors()
    return "\n\n".join(f"{said}\n\n<!-- vector: {name} -->\n```text\n{texts[name]}```" for name, said in SAID.items())
