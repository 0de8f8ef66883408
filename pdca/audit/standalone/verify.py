"""Checks a log of pdca, and whatever was taken out of it, without the program that wrote it.

    python verify.py FOLDER                        a whole export
    python verify.py P-004.dossier                 all that the log has of one plan
    python verify.py event-12.tlog-proof           one event
    python verify.py 70-98.consistency 70.checkpoint   that the log only grew
    python verify.py 98.checkpoint                 what was signed

KEY is a public key of the log as YOU keep it, or its file; CHECKPOINT a file that you kept; WITNESS the public key of a
witness that has to have cosigned what you kept, and what you give by itself. All may be given several times.

Exit status: 0 everything fits. 1 something does not. 2 the command was not understood. 3 what could be checked fits,
but not all of it could be checked.

Needs Python 3.9 or newer. Signatures need the package `cryptography`; without it everything else is checked, and the
exit status is 3. Written from RFC 6962 (the tree), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), the formats of
c2sp.org (signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof), and log-format.md, which comes with every export.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEMBERS = {
    "v",
    "stream",
    "seq",
    "prev",
    "kind",
    "at",
    "actor",
    "on_behalf_of",
    "source",
    "plan",
    "trigger",
    "from",
    "to",
    "evaluation",
    "reason",
    "refused",
    "key",
    "due_at",
    "changes",
}
REPEATED = ("stream", "seq", "at", "kind", "plan", "trigger", "from", "to", "actor", "source")
EXACT = 2**53 - 1
DECIMAL = re.compile("(?:0|[1-9][0-9]{0,18})", re.ASCII)
HEX = re.compile("[0-9a-f]{64}", re.ASCII)


class Misfit(Exception):
    """Something is not as it should be; the text says what."""


# --- Hashes and the tree (RFC 6962, section 2.1) ----------------------------------------------------------------------


def sha256(*parts: bytes) -> bytes:
    """Hash parts put one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_of(content: bytes) -> bytes:
    """Hash a leaf."""
    return sha256(b"\0", content)


def join(left: bytes, right: bytes) -> bytes:
    """Hash an inner node."""
    return sha256(b"\1", left, right)


class Tree:
    """A tree that leaves are added to: the tops of its full subtrees, as (leaves, hash), the largest first."""

    def __init__(self) -> None:
        self.leaves = 0
        self.tops: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        top = (1, leaf)
        while self.tops and self.tops[-1][0] == top[0]:
            top = (2 * top[0], join(self.tops.pop()[1], top[1]))
        self.tops.append(top)
        self.leaves += 1

    def root(self) -> bytes:
        """Work out the root."""
        if not self.tops:
            return sha256()
        digest = self.tops[-1][1]
        for _leaves, left in reversed(self.tops[:-1]):
            digest = join(left, digest)
        return digest


def left_part(size: int) -> int:
    """Give k of the definition: the largest power of two smaller than `size`."""
    part = 1
    while part * 2 < size:
        part *= 2
    return part


def root_above(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Work out the root from a leaf and its audit path, by the definition of PATH(m, D[n]) read backwards."""
    if size == 1:
        if path or index:
            raise Misfit("the inclusion proof is longer than it should be")
        return leaf
    if not path:
        raise Misfit("the inclusion proof is shorter than it should be")
    part = left_part(size)
    if index < part:
        return join(root_above(leaf, index, part, path[:-1]), path[-1])
    return join(path[-1], root_above(leaf, index - part, size - part, path[:-1]))


def both_roots(old: int, new: int, path: list[bytes], known: bytes | None) -> tuple[bytes, bytes]:
    """Work out both roots from a consistency proof, by the definition of SUBPROOF(m, D[n], b) read backwards.

    `known` is the old root as long as b is true.
    """
    if old == new:
        if known is None and len(path) == 1:
            return path[0], path[0]
        if known is not None and not path:
            return known, known
        raise Misfit("the consistency proof does not have the length it should have")
    if not path:
        raise Misfit("the consistency proof is shorter than it should be")
    part = left_part(new)
    if old <= part:
        before, after = both_roots(old, part, path[:-1], known)
        return before, join(after, path[-1])
    before, after = both_roots(old - part, new - part, path[:-1], None)
    return join(path[-1], before), join(path[-1], after)


# --- Texts ------------------------------------------------------------------------------------------------------------


def unbase64(text: str) -> bytes:
    """Read base64 in its one form, with padding."""
    try:
        content = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise Misfit("something is not base64") from error
    if base64.b64encode(content).decode() != text:
        raise Misfit("something is not base64 in its one form")
    return content


def digest_from(text: str) -> bytes:
    """Read a hash of 32 bytes."""
    content = unbase64(text)
    if len(content) != hashlib.sha256().digest_size:
        raise Misfit("something is not a hash")
    return content


def number_after(word: str, line: str) -> int:
    """Read the number of a line `WORD NUMBER`."""
    if not line.startswith(word + " ") or not DECIMAL.fullmatch(line[len(word) + 1 :]):
        raise Misfit(f"a line “{word} NUMBER” is missing")
    return int(line[len(word) + 1 :])


def read_text(path: Path) -> str:
    """Read a file."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise Misfit("it is not UTF-8") from error
    except OSError as error:
        raise Misfit(f"it cannot be read: {error.strerror}") from error


# --- Events -----------------------------------------------------------------------------------------------------------


def event_from(body: str) -> dict[str, Any]:
    """Read the body of an event: canonical JSON of objects, lists, NFC texts, integers and null."""
    try:
        value = json.loads(body, object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
        _plain(value)
        again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise Misfit("the body is not canonical JSON") from error
    if again != body:
        raise Misfit("the body is not canonical JSON")
    if not isinstance(value, dict) or set(value) != MEMBERS or value["v"] != 1:
        raise Misfit("the body does not have the members of an event")
    first = value["seq"] == 1
    fits = type(value["seq"]) is int and value["seq"] >= 1 and first == (value["prev"] is None)
    if not fits or type(value["stream"]) is not str or type(value["changes"]) is not list:
        raise Misfit("the body is not that of an event")
    if any(type(one) is not dict or set(one) != {"op", "table", "key", "set"} for one in value["changes"]):
        raise Misfit("the body has changes that are none")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _never(_text: str) -> NoReturn:
    raise ValueError


def _plain(value: object) -> None:
    if isinstance(value, dict):
        for name, member in value.items():
            if not name.isascii():
                raise ValueError
            _plain(member)
    elif isinstance(value, list):
        for member in value:
            _plain(member)
    elif isinstance(value, str):
        value.encode("utf-8")
        if not unicodedata.is_normalized("NFC", value):
            raise ValueError
    elif isinstance(value, bool) or (isinstance(value, int) and abs(value) > EXACT):
        raise ValueError


def commitments(event: dict[str, Any]) -> Iterator[str]:
    """Give the commitments of an event: of the reason, then of the changes as they stand."""
    values = [event["reason"]]
    for change in event["changes"]:
        values += change["set"].values() if isinstance(change["set"], dict) else []
    for value in values:
        if isinstance(value, dict) and isinstance(value.get("~"), str):
            yield value["~"]


class Streams:
    """Follows every stream: the number and the hash of its last event."""

    def __init__(self) -> None:
        self.last: dict[str, tuple[int, str]] = {}

    def follow(self, event: dict[str, Any], leaf: bytes) -> None:
        """Check that an event is the next of its stream."""
        seq, digest = self.last.get(event["stream"], (0, None))
        if event["seq"] != seq + 1:
            raise Misfit(f"it is number {event['seq']} of {event['stream']}, where number {seq + 1} should follow")
        if event["prev"] != digest:
            raise Misfit(f"it does not name the event before it of {event['stream']}")
        self.last[event["stream"]] = (event["seq"], leaf.hex())

    def heads(self) -> tuple[int, bytes]:
        """Count the streams, and work out the root of the tree of their heads."""
        tree = Tree()
        for stream in sorted(self.last, key=str.encode):
            tree.add(leaf_of(head_of(stream, *self.last[stream])))
        return tree.leaves, tree.root()


def head_of(stream: str, seq: int, digest: str) -> bytes:
    """Write the head of a stream as it is hashed."""
    return f"{stream}\n{seq}\n{digest}\n".encode()


# --- Signed notes and checkpoints (c2sp.org) --------------------------------------------------------------------------


@dataclass(frozen=True)
class Key:
    """A public key: its name, what it signs (1: a log, 4: a witness), and 32 bytes of Ed25519."""

    name: str
    kind: int
    public: bytes

    @classmethod
    def read(cls, text: str) -> Key:
        """Read NAME+ID+KEY."""
        name, _plus, rest = text.strip().partition("+")
        key_id, _plus, coded = rest.partition("+")
        content = unbase64(coded)
        if not is_name(name) or len(content) != 33 or content[0] not in (1, 4):  # noqa: PLR2004 - kind and 32 bytes
            raise Misfit("this is no public key of a log or a witness")
        key = cls(name, content[0], content[1:])
        if key.key_id.hex() != key_id:
            raise Misfit("the id of the public key is not that of the key")
        return key

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature."""
        return sha256(self.name.encode(), b"\n", bytes([self.kind]), self.public)[:4]

    def signed(self, text: str, signature: bytes) -> bool | None:
        """Tell whether this key signed a text; None when that cannot be checked here."""
        message = text.encode()
        if self.kind == 4:  # noqa: PLR2004 - a witness signs the time before its signature too
            time, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        return ed25519(self.public, message, signature)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool | None:
    """Verify a signature (RFC 8032); None without the package `cryptography`."""
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return None
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a key."""
    return text != "" and not any(sign.isspace() or sign in "+\x7f" or sign < " " for sign in text)


@dataclass
class Note:
    """A signed note: its text, and (name, id and signature) of each line of signatures."""

    text: str
    signatures: list[tuple[str, bytes]]

    @classmethod
    def read(cls, note: str) -> Note:
        """Read a note."""
        if not note.endswith("\n") or any(sign < " " and sign != "\n" for sign in note):
            raise Misfit("it is not a signed note")
        lines = note[:-1].split("\n")
        found: list[tuple[str, bytes]] = []
        while lines and lines[-1] != "":
            words = lines.pop().split(" ")
            if len(words) != 3 or words[0] != "—" or not is_name(words[1]):  # noqa: PLR2004 - dash, name, signature
                raise Misfit("a line of signatures is not one")
            content = unbase64(words[2])
            if len(content) <= 4:  # noqa: PLR2004 - the id alone
                raise Misfit("a line of signatures is not one")
            found.insert(0, (words[1], content))
        text = "\n".join(lines[:-1]) + "\n"
        if not lines or not found or len(found) > 100 or not text.strip("\n"):  # noqa: PLR2004 - more than anybody needs
            raise Misfit("it is not a signed note")
        return cls(text, found)

    def signers(self, keys: Iterable[Key]) -> tuple[list[Key], bool]:
        """Give the known keys that signed, and whether every signature could be checked."""
        known = {(key.name, key.key_id): key for key in keys}
        signers: list[Key] = []
        checked = True
        for name, content in self.signatures:
            key = known.get((name, content[:4]))
            if key is None or key in signers:
                continue
            good = key.signed(self.text, content[4:])
            if good is False:
                raise Misfit(f"the signature by {name} is not good")
            checked = checked and good is not None
            signers.append(key)
        return signers, checked


@dataclass
class Checkpoint:
    """What a log signed: its name, how many events it had, their root, and the heads of the streams."""

    where: str
    note: Note
    origin: str
    size: int
    root: bytes
    heads: tuple[int, bytes] | None = None

    @classmethod
    def read(cls, where: str, note: str) -> Checkpoint:
        """Read a checkpoint; lines that are not known are passed over."""
        opened = Note.read(note)
        lines = opened.text[:-1].split("\n")
        if len(lines) < 3 or not all(lines) or not DECIMAL.fullmatch(lines[1]):  # noqa: PLR2004 - name, size, root
            raise Misfit("it is no checkpoint")
        heads = None
        for line in lines[3:]:
            if line.startswith("heads ") and heads is None:
                count, _space, digest = line[6:].partition(" ")
                heads = (number_after("heads", f"heads {count}"), digest_from(digest))
        return cls(where, opened, lines[0], int(lines[1]), digest_from(lines[2]), heads)

    def signed_by(self, keys: Iterable[Key]) -> bool | None:
        """Tell whether the log that it names signed it, with one of these keys; None when that cannot be checked."""
        signers, checked = self.note.signers(keys)
        if not any(key.kind == 1 and key.name == self.origin for key in signers):
            return False
        return True if checked else None

    def cosigned_by(self, witnesses: list[Key]) -> None:
        """Raise Misfit when one of these witnesses did not cosign it."""
        signers, _checked = self.note.signers(witnesses)
        for witness in witnesses:
            if witness not in signers:
                raise Misfit(f"{self.where}: {witness.name} did not cosign the checkpoint")

    def agrees(self, root: bytes, heads: tuple[int, bytes] | None) -> bool:
        """Tell whether it says this root, and these heads where both say any."""
        return self.root == root and (None in (self.heads, heads) or self.heads == heads)


# --- What is handed out -----------------------------------------------------------------------------------------------


def split_note(text: str) -> tuple[list[str], str]:
    """Split a proof into its own lines and the note after the first empty line."""
    own, gap, note = text.partition("\n\n")
    if not gap:
        raise Misfit("it carries no checkpoint")
    return own.split("\n"), note


@dataclass
class Proof:
    """That one event is in the log of a checkpoint (c2sp.org/tlog-proof)."""

    checkpoint: Checkpoint
    index: int
    path: list[bytes]
    body: bytes

    @classmethod
    def read(cls, where: str, text: str) -> Proof:
        """Read one that carries its event."""
        lines, note = split_note(text)
        if len(lines) < 3 or lines[0] != FIRST_OF_PROOF or not lines[1].startswith("extra "):  # noqa: PLR2004
            raise Misfit("it is no proof that carries its event")
        path = [digest_from(line) for line in lines[3:]]
        return cls(Checkpoint.read(where, note), number_after("index", lines[2]), path, unbase64(lines[1][6:]))

    def check(self, _known: list[Checkpoint]) -> str:
        """Check it, and say what it proves."""
        size = self.checkpoint.size
        if self.index >= size or root_above(leaf_of(self.body), self.index, size, self.path) != self.checkpoint.root:
            raise Misfit("the event is not in the log of this checkpoint")
        try:
            event = event_from(self.body.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise Misfit("the body is not UTF-8") from error
        return f"it is among the first {size} events of {self.checkpoint.origin}:\n{told(event, {})}"


@dataclass
class Growth:
    """That the log of a checkpoint begins with that of an earlier one (as c2sp.org/tlog-witness asks for it)."""

    checkpoint: Checkpoint
    old: int
    path: list[bytes]

    @classmethod
    def read(cls, where: str, text: str) -> Growth:
        """Read one."""
        lines, note = split_note(text)
        path = [digest_from(line) for line in lines[1:]]
        return cls(Checkpoint.read(where, note), number_after("old", lines[0]), path)

    def check(self, known: list[Checkpoint]) -> str:
        """Check it against the earlier checkpoint, and say what it proves."""
        new, root = self.checkpoint.size, self.checkpoint.root
        for earlier in known:
            if earlier.origin != self.checkpoint.origin or earlier.size != self.old:
                continue
            if self.old == 0 and not self.path:
                return "every log begins with an empty one"
            if not 0 < self.old <= new or both_roots(self.old, new, self.path, earlier.root) != (earlier.root, root):
                raise Misfit("the log does not go on from the earlier checkpoint")
            return f"the first {self.old} of {new} events are those of {earlier.where}"
        raise Misfit(f"give the checkpoint of {self.old} events as well")


@dataclass
class Dossier:
    """All events of one stream up to a checkpoint, and the proof that none is missing."""

    checkpoint: Checkpoint
    stream: str
    place: int
    path: list[bytes]
    blocks: list[list[str]]

    @classmethod
    def read(cls, where: str, text: str) -> Dossier:
        """Read one."""
        lines, rest = split_note(text)
        if len(lines) < 4 or lines[0] != FIRST_OF_DOSSIER or not re.match("stream .", lines[1]):  # noqa: PLR2004
            raise Misfit("it is no dossier")
        count, path = number_after("events", lines[2]), [digest_from(line) for line in lines[4:]]
        *blocks, note = rest.split("\n\n", min(count, len(rest)))
        if len(blocks) != count or not count:
            raise Misfit("it has fewer events than it says")
        checkpoint = Checkpoint.read(where, note)
        found = [block.split("\n") for block in blocks]
        return cls(checkpoint, lines[1][7:], number_after("head", lines[3]), path, found)

    def check(self, _known: list[Checkpoint]) -> str:
        """Check it, and say what it proves."""
        streams, words, before = Streams(), [], -1
        for number, block in enumerate(self.blocks, start=1):
            try:
                before, event, values = self._event(block, before, streams)
            except Misfit as error:
                raise Misfit(f"event {number} of the dossier: {error}") from error
            words.append(told(event, values))
        self._nothing_missing(*streams.last[self.stream])
        size, origin = self.checkpoint.size, self.checkpoint.origin
        first = f"these are all events of {self.stream} among the first {size} of {origin}; none is missing:"
        return "\n".join([first, *words])

    def _event(self, block: list[str], before: int, streams: Streams) -> tuple[int, dict[str, Any], dict[str, Any]]:
        if len(block) < 2:  # noqa: PLR2004 - index and body
            raise Misfit("it has no body")
        index, body, rest, size = number_after("event", block[0]), block[1], block[2:], self.checkpoint.size
        event, leaf, values = event_from(body), leaf_of(body.encode()), {}
        expected = commitments(event)
        while rest and (match := re.fullmatch("open ([0-9a-f]{32}) (.+)", rest[0])):
            digest = sha256(bytes.fromhex(match[1]), match[2].encode()).hex()
            # Going on where the last one was found also holds them to their order.
            if digest not in expected:
                raise Misfit("a value is not the one that was logged")
            values[digest] = json.loads(match[2])
            rest = rest[1:]
        path = [digest_from(line) for line in rest]
        if index >= size or root_above(leaf, index, size, path) != self.checkpoint.root:
            raise Misfit("it is not in the log of this checkpoint")
        if event["stream"] != self.stream or index <= before:
            raise Misfit(f"it is not the next of {self.stream}")
        streams.follow(event, leaf)
        return index, event, values

    def _nothing_missing(self, seq: int, digest: str) -> None:
        if self.checkpoint.heads is None:
            raise Misfit("its checkpoint does not say how far each stream had come")
        (count, root), leaf = self.checkpoint.heads, leaf_of(head_of(self.stream, seq, digest))
        if self.place >= count or root_above(leaf, self.place, count, self.path) != root:
            raise Misfit(f"there are more events of {self.stream}, or others")


def told(event: dict[str, Any], values: dict[str, Any]) -> str:
    """Tell what happened, in a line."""
    words = [f"    {event['at']}", f"{event['stream']} #{event['seq']}", event["kind"], f"by {event['actor']}"]
    if event["from"] or event["to"]:
        words.append(f"{event['from']} -> {event['to']}")
    reason = values.get(event["reason"]["~"]) if event["reason"] else None
    return "  ".join(map(str, [*words, *([json.dumps(reason, ensure_ascii=False)] if reason is not None else [])]))


FIRST_OF_PROOF = "c2sp.org/tlog-proof@v1"
FIRST_OF_DOSSIER = "pdca-dossier@v1"


def read_piece(where: str, text: str) -> Checkpoint | Proof | Growth | Dossier:
    """Read what its first line says that it is."""
    first = text.partition("\n")[0]
    if first == FIRST_OF_PROOF:
        return Proof.read(where, text)
    if first == FIRST_OF_DOSSIER:
        return Dossier.read(where, text)
    if first.startswith("old "):
        return Growth.read(where, text)
    return Checkpoint.read(where, text)


# --- A whole export ---------------------------------------------------------------------------------------------------


@dataclass
class Log:
    """What the events of an export turned out to be."""

    findings: list[str] = field(default_factory=list)
    named: dict[Key, int] = field(default_factory=dict)
    tree: Tree = field(default_factory=Tree)
    waiting: int = 0

    def read(self, path: Path, checkpoints: list[Checkpoint]) -> None:
        """Hash every event anew, and hold the log to each checkpoint when it has come that far."""
        streams = Streams()
        due: dict[int, list[Checkpoint]] = {}
        for one in checkpoints:
            due.setdefault(one.size, []).append(one)
        self._compare(due.pop(0, []), streams)
        with path.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    self._take(json.loads(line), streams)
                except (Misfit, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    why = error if isinstance(error, Misfit) else "the line cannot be read"
                    self.findings.append(f"{path.name}, line {number}: {why}")
                self._compare(due.pop(self.tree.leaves, []), streams)
        for size in sorted(due):
            self.findings += [f"{one.where}: it speaks of {size} events, and here are fewer" for one in due[size]]

    def _take(self, row: dict[str, Any], streams: Streams) -> None:
        body = row["body"]
        leaf = leaf_of(body.encode())
        if row["leaf_index"] is None:
            self.waiting += 1
        else:
            place = self.tree.leaves
            self.tree.add(leaf)
            if row["leaf_index"] != place or row["leaf_hash"] != leaf.hex() or self.waiting:
                raise Misfit(f"its place or its hash is not that of event {place} of the tree")
        event = event_from(body)
        if any(row[name] != event[name] for name in REPEATED):
            raise Misfit("the line does not repeat the body")
        streams.follow(event, leaf)
        for change in event["changes"]:
            if change["table"] == "log_key" and "vkey" in change["set"]:
                self.named[Key.read(change["set"]["vkey"])] = self.tree.leaves

    def _compare(self, due: list[Checkpoint], streams: Streams) -> None:
        for one in due:
            if not one.agrees(self.tree.root(), streams.heads() if one.heads else None):
                self.findings.append(f"{one.where}: the log is not what it says of the first {one.size} events")


# --- Saying it --------------------------------------------------------------------------------------------------------


class Verifier:
    """Checks what it is given, says so, and remembers whether anything was wrong or could not be checked."""

    def __init__(self, keys: list[Key], kept: list[Checkpoint]) -> None:
        self.keys = keys
        self.known = list(kept)
        self.wrong = self.unchecked = False

    def fits(self, what: str) -> None:
        """Say what fits."""
        print(f"ok           {what}")

    def differs(self, what: str) -> None:
        """Say what does not fit."""
        self.wrong = True
        print(f"DOES NOT FIT {what}")

    def open(self, what: str) -> None:
        """Say what could not be checked."""
        self.unchecked = True
        print(f"NOT CHECKED  {what}")

    def read(self, paths: Iterable[Path]) -> list[Checkpoint | Proof | Growth | Dossier]:
        """Read files, and note the checkpoints in them."""
        found = []
        for path in paths:
            try:
                piece = read_piece(str(path), read_text(path))
            except (Misfit, RecursionError) as error:
                self.differs(f"{path}: {error}")
                continue
            found.append(piece)
            self.known.append(piece if isinstance(piece, Checkpoint) else piece.checkpoint)
        return found

    def pieces(self, pieces: list[Checkpoint | Proof | Growth | Dossier], *, brief: bool = False) -> None:
        """Check checkpoints, proofs and dossiers, also against each other; `brief` without telling every event."""
        for one in pieces:
            checkpoint = one if isinstance(one, Checkpoint) else one.checkpoint
            try:
                words = (
                    f"{one.origin} signed {one.size} events" if isinstance(one, Checkpoint) else one.check(self.known)
                )
                self.not_forked(checkpoint)
                signed = self.signed(checkpoint)
            except (Misfit, ValueError) as error:
                self.differs(f"{checkpoint.where}: {error}")
                continue
            words = words.partition(":\n")[0] if brief else words
            if signed:
                self.fits(f"{checkpoint.where}: {words}")
            else:
                self.open(f"{checkpoint.where}: without its signature, which nothing here can check, {words}")

    def not_forked(self, checkpoint: Checkpoint) -> None:
        """Hold a checkpoint against all others of its log: there is one root for each size."""
        for other in self.known:
            same = other.origin == checkpoint.origin and other.size == checkpoint.size
            if same and not other.agrees(checkpoint.root, checkpoint.heads):
                raise Misfit(f"{other.where} says something else of {other.size} events: the log was forked")

    def signed(self, checkpoint: Checkpoint) -> bool | None:
        """Tell whether a checkpoint is signed by a known key; None when that cannot be checked here."""
        if not self.keys:
            return None
        signed = checkpoint.signed_by(self.keys)
        if signed is False:
            raise Misfit("none of the keys that you trust signed it for this log")
        return signed

    def folder(self, folder: Path, kept: list[Checkpoint]) -> None:
        """Check a whole export."""
        named = [Key.read(line) for line in read_text(folder / "keys.txt").splitlines()]
        if not self.keys and named:
            self.open("by whom it is signed: the keys came with the export. Give those that you keep with --key:")
            for line in read_text(folder / "keys.txt").splitlines():
                print(f"               {line}")
        pieces = self.read(sorted(path for path in folder.glob("*/*") if path.parent.name in PIECES))
        log = Log()
        log.read(folder / "pdca-log.jsonl", [*self._of(pieces), *kept])
        for words in log.findings:
            self.differs(words)
        if not log.findings:
            self.fits(f"{log.tree.leaves} events are as they were hashed; their tree: {log.tree.root().hex()}")
        if log.waiting:
            self.open(f"{log.waiting} events have no place in the tree yet")
        if set(named) != set(log.named):
            self.differs("keys.txt: these are not the keys that the log names")
        vouched = self._vouched([*self._of(pieces), *kept], log, self.keys or named)
        # What a trusted checkpoint vouches for says which keys signed before it.
        self.keys = [*(self.keys or named), *(key for key, since in log.named.items() if since <= vouched)]
        self.pieces([*kept, *pieces], brief=True)
        if vouched:
            self.fits(f"{vouched} events are vouched for by a signature")
        if log.tree.leaves > vouched:
            self.open(f"{log.tree.leaves - vouched} events that no signature vouches for")

    @staticmethod
    def _of(pieces: list[Checkpoint | Proof | Growth | Dossier]) -> list[Checkpoint]:
        return [piece for piece in pieces if isinstance(piece, Checkpoint)]

    @staticmethod
    def _vouched(checkpoints: list[Checkpoint], log: Log, keys: list[Key]) -> int:
        sizes = [0]
        for one in checkpoints:
            try:
                sizes += [one.size] if one.signed_by(keys) and not log.findings else []
            except Misfit:
                continue
        return max(sizes)


PIECES = ("checkpoints", "consistency", "dossiers")


def main(arguments: list[str]) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--key", action="append", default=[], metavar="KEY|FILE")
    parser.add_argument("--checkpoint", action="append", default=[], metavar="CHECKPOINT")
    parser.add_argument("--witness-key", action="append", default=[], metavar="WITNESS|FILE")
    asked = parser.parse_args(arguments)
    try:
        keys, witnesses = (
            [Key.read(one if "+" in one else read_text(Path(one))) for one in named]
            for named in (asked.key, asked.witness_key)
        )
        kept = [Checkpoint.read(one, read_text(Path(one))) for one in asked.checkpoint]
    except Misfit as error:
        parser.error(f"what --key, --checkpoint or --witness-key names: {error}")
    if any(key.kind != 4 for key in witnesses):  # noqa: PLR2004 - a witness
        parser.error("what --witness-key names is not the key of a witness")
    if witnesses and not kept and any(path.is_dir() for path in asked.paths):
        parser.error("give the checkpoint that the witness cosigned, with --checkpoint")
    return check(asked.paths, keys, kept, witnesses)


def check(paths: list[Path], keys: list[Key], kept: list[Checkpoint], witnesses: list[Key]) -> int:
    """Check files and folders, and give the exit status; what did not come with an export has to be cosigned."""
    verifier = Verifier(keys, kept)
    if ed25519(bytes(32), b"", bytes(64)) is None:
        verifier.open("any signature: the package `cryptography` is not there (pip install cryptography)")
    pieces = verifier.read(path for path in paths if not path.is_dir())
    if pieces and not keys:
        verifier.open("by whom they are signed: give the public key of the log, as you keep it, with --key")
    for one in [*kept, *(piece if isinstance(piece, Checkpoint) else piece.checkpoint for piece in pieces)]:
        try:
            one.cosigned_by(witnesses)
        except Misfit as error:
            verifier.differs(str(error))
    try:
        verifier.pieces([*kept, *pieces] if pieces else [])
        for path in paths:
            if path.is_dir():
                verifier.folder(path, kept)
    except (Misfit, OSError, UnicodeDecodeError) as error:
        verifier.differs(str(error))
    return 1 if verifier.wrong else 3 if verifier.unchecked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
