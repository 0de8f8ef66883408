"""Folders with a whole log, laid by hand so that anybody can have signed anything, and what both verifiers say."""

import json
from collections.abc import Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Final

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.dossier import Dossier, Entry
from pdca.audit.event import build_body
from pdca.audit.heads import heads_of, prove_head, root_of_heads
from pdca.audit.notes import LOG_SIGNATURE, SigningKey, sign
from pdca.audit.proofs import ConsistencyProof, InclusionProof, consistency, inclusion
from pdca.audit.tree import TreeBuilder, leaf_hash
from pdca.handed_folder import HandedFolder, check_folder
from tests import standalone

REPEATED: Final = ("stream", "seq", "at", "kind", "plan", "trigger", "from", "to", "actor", "source")
LOG: Final = SigningKey("example.com/log", LOG_SIGNATURE, bytes(32))
NEXT: Final = SigningKey(LOG.name, LOG_SIGNATURE, bytes([1] * 32))
verify = standalone.load()


def event(stream: str, seq: int = 1, prev: bytes | None = None, **members: Any) -> bytes:  # noqa: ANN401 - any member
    named = {"kind": "plan.edited", "at": "2024-01-08T08:00:01.000000Z", "actor": "U-001", "source": "cli", **members}
    return build_body(stream=stream, seq=seq, prev=leaf_hash(prev).hex() if prev else None, **named)


def naming(key: SigningKey, number: int, prev: bytes | None = None) -> bytes:
    """The event, number so many of the installation, by which a log names a key."""
    change = {"op": "insert", "table": "log_key", "key": {"number": number}, "set": {"vkey": str(key.verifier)}}
    return event("installation", number, prev, changes=[change])


@dataclass(frozen=True, slots=True)
class Built:
    """A log of events, each of which has a leaf, and all that can be taken out of it."""

    bodies: tuple[bytes, ...]

    @property
    def views(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    def node(self, level: int, idx: int) -> bytes:
        builder = TreeBuilder()
        for body in self.bodies[idx << level : (idx + 1) << level]:
            builder.add(leaf_hash(body))
        return builder.root()

    def heads(self, size: int) -> Any:  # noqa: ANN401 - heads by their streams
        views = zip(self.views[:size], self.bodies[:size], strict=True)
        return heads_of((view["stream"], view["seq"], leaf_hash(body)) for view, body in views)

    def note(self, size: int, *keys: SigningKey) -> str:
        root = Built(self.bodies[:size]).node(size.bit_length(), 0)
        heads = root_of_heads(self.heads(size).values())
        return sign(Checkpoint(keys[0].name, size, root, *heads).text(), *keys)

    def growth(self, old: int, note: str) -> str:
        size = int(note.split("\n")[1])
        return ConsistencyProof(old, tuple(consistency(old, size, self.node)), note).text()

    def proof(self, index: int, note: str) -> str:
        size = int(note.split("\n")[1])
        return InclusionProof(index, tuple(inclusion(index, size, self.node)), note, self.bodies[index]).text()

    def dossier(self, stream: str, note: str) -> str:
        size = int(note.split("\n")[1])
        head = prove_head(self.heads(size).values(), stream)
        places = [index for index, view in enumerate(self.views[:size]) if view["stream"] == stream]
        entries = tuple(
            Entry(index, self.bodies[index].decode(), tuple(inclusion(index, size, self.node))) for index in places
        )
        return Dossier(stream, head.index, head.path, entries, note).text()


def lay(
    folder: Path, log: Built, signed: Sequence[tuple[int, Sequence[SigningKey]]], waiting: Iterable[bytes] = ()
) -> Path:
    """Lay an export of a log: what was signed at which sizes by which keys, and events that have no leaf yet."""
    for name in ("checkpoints", "consistency", "dossiers"):
        (folder / name).mkdir(parents=True)
    late = tuple(waiting)
    lines = [line(index, body) for index, body in enumerate(log.bodies)]
    lines += [{**line(0, body), "leaf_index": None, "leaf_hash": None} for body in late]
    (folder / "pdca-log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in lines), encoding="utf-8")
    changes = [change for body in (*log.bodies, *late) for change in json.loads(body)["changes"]]
    (folder / "keys.txt").write_text("".join(f"{one['set']['vkey']}\n" for one in changes), encoding="utf-8")
    notes = [log.note(size, *keys) for size, keys in signed]
    for number, note in enumerate(notes, start=1):
        (folder / "checkpoints" / f"{number:06}.checkpoint").write_text(note, encoding="utf-8")
    for number in range(2, len(notes) + 1):
        name = f"{number - 1:06}-{number:06}.consistency"
        growth = log.growth(signed[number - 2][0], notes[number - 1])
        (folder / "consistency" / name).write_text(growth, encoding="utf-8")
    for stream in log.heads(signed[-1][0]) if signed else ():
        (folder / "dossiers" / f"{stream}.dossier").write_text(log.dossier(stream, notes[-1]), encoding="utf-8")
    return folder


def line(index: int, body: bytes) -> dict[str, Any]:
    """A line of the log as it is exported."""
    view = json.loads(body)
    place = {"event": index + 1, "leaf_index": index, "leaf_hash": leaf_hash(body).hex()}
    return {**place, **{name: view[name] for name in REPEATED}, "body": body.decode()}


@dataclass(frozen=True, slots=True)
class Said:
    """What each of the two verifiers says of a folder: its exit status, and the keys that it does not trust."""

    status: int
    untrusted: frozenset[str]
    by_program: HandedFolder
    by_verifier: str


def said(folder: Path, *given: Path, key: SigningKey = LOG) -> Said:
    """Ask both about a folder and what is given beside it; they have to agree."""
    vkey, out = key.verifier, StringIO()
    found = check_folder(folder, [(str(path), path.read_text(encoding="utf-8")) for path in given], [vkey])
    with redirect_stdout(out):
        status = verify.main([str(folder), *map(str, given), "--key", str(vkey)])
    words = [line[13:].partition(": ")[0] for line in out.getvalue().splitlines() if line.startswith("NOT TRUSTED  ")]
    assert status == (0 if found.fits and found.whole else 3 if found.fits else 1), out.getvalue()
    assert set(words) == set(found.untrusted)
    differs = {line[13:].partition(": ")[0] for line in out.getvalue().splitlines() if line.startswith("DOES NOT FIT ")}
    of_program = {one.where for one in found.faults}
    of_program |= {one.name for one in (*found.given, *found.found) if one.error is not None}
    assert differs == of_program, out.getvalue()
    return Said(status, frozenset(words), found, out.getvalue())
