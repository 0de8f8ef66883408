"""Checks a log of pdca, and whatever was taken out of it, without the program that wrote it.

    python verify.py EXPORT                            a whole export, as a folder
    python verify.py P-004.dossier                     all that the log has of one plan
    python verify.py event-12.tlog-proof               one event
    python verify.py 70-98.consistency 70.checkpoint   that the log only grew
    python verify.py 98.checkpoint                     what was signed

KEY is a public key of the log as YOU keep it, or the file that it is in; CHECKPOINT is a file that you kept; WITNESS is
the public key of a witness that has to have cosigned what you kept and what you give by itself, or its file. All may be
given several times.

Exit status: 0 everything fits. 1 something does not. 2 the command was not understood. 3 what could be checked fits,
but not all of it could be checked.

Needs Python 3.9 or newer. Signatures need the package `cryptography`; without it everything else is checked, and the
exit status is 3. Written from log-format.md, which comes with every export, and from what that page names: RFC 6962 and
9162 (the tree), RFC 8032 (Ed25519), RFC 8785 (canonical JSON), and signed-note, tlog-checkpoint, tlog-cosignature,
tlog-proof and tlog-witness of c2sp.org.
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
    from collections.abc import Callable, Iterable, Iterator

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    SIGNATURES_ARE_CHECKED = True
except ImportError:
    SIGNATURES_ARE_CHECKED = False

HASH, SIGNATURE, ID, TIME, SALT = 32, 64, 4, 8, 16
LOG, WITNESS = 1, 4
LARGEST = 2**63 - 1
LARGEST_IN_JSON = 2**53 - 1
DEEPEST = 64
MOST_HASHES = 63
MOST_SIGNATURES = 100
MOST_BYTES = 1_000_000
NUMBER = re.compile("0|[1-9][0-9]{0,18}")
HALF = re.compile("[\ud800-\udfff]")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
FOLDERS = {"checkpoints", "consistency", "dossiers"}
ALONE = {"pdca-log.jsonl", "keys.txt", "verify.py", "log-format.md"}
ENDINGS = {".checkpoint", ".consistency", ".dossier", ".tlog-proof"}
REPEATED = ("stream", "seq", "at", "kind", "plan", "trigger", "from", "to", "actor", "source")


class Misfit(Exception):
    """Something is not as the format has it, or not what a hash or a signature says."""


def need(holds: object, otherwise: str) -> None:
    """Go on only when this holds."""
    if not holds:
        raise Misfit(otherwise)


# --- Numbers, bytes and JSON, each of which can be written in one way only --------------------------------------------


def text_of(data: bytes) -> str:
    """Read bytes as text."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Misfit(f"byte {error.start} is not UTF-8") from error


def number_of(text: str) -> int:
    """Read a decimal number without leading zeros."""
    need(NUMBER.fullmatch(text) and int(text) <= LARGEST, f"not a number: {text[:40]!r}")
    return int(text)


def from_hex(text: object, length: int) -> bytes:
    """Read so many bytes in hex."""
    good = isinstance(text, str) and re.fullmatch(f"[0-9a-f]{{{2 * length}}}", text)
    need(good, f"not {length} bytes in hex of lower case: {str(text)[:80]!r}")
    return bytes.fromhex(str(text))


def from_base64(text: str, length: int | None = None) -> bytes:
    """Read base64 in its one form, with padding; so many bytes."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error) as error:
        raise Misfit(f"not base64: {text[:80]!r}") from error
    need(base64.b64encode(data).decode("ascii") == text, f"not base64 in its one form: {text[:80]!r}")
    need(length is None or len(data) == length, f"not {length} bytes in base64: {text[:80]!r}")
    return data


def json_of(text: str) -> Any:  # noqa: ANN401 # what JSON may be
    """Read JSON in which no name is given twice and every number is an integer."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=_never, parse_constant=_never)
    except (ValueError, RecursionError) as error:
        raise Misfit("it is not JSON") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    need(len(found) == len(pairs), "a name is given twice in an object")
    return found


def _never(number: str) -> NoReturn:
    raise Misfit(f"a number that is not an integer: {number[:40]}")


def canonical(text: str) -> Any:  # noqa: ANN401 # what JSON may be
    """Read what can stand in the log, in its one form (RFC 8785)."""
    value = json_of(text)
    _check_value(value, 0)
    # Names are ASCII, so that their order is the same by code points as by the code units of RFC 8785.
    again = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    need(again == text, "it is not canonical JSON")
    return value


def _check_value(value: object, depth: int) -> None:
    need(depth <= DEEPEST, "objects and lists stand in each other more than 64 deep")
    if isinstance(value, str):
        need(value.isascii() or not HALF.search(value), "a text has half a character")
        need(value.isascii() or unicodedata.is_normalized("NFC", value), "a text is not NFC")
    elif isinstance(value, (dict, list)):
        need(isinstance(value, list) or all(map(str.isascii, value)), "a name in an object is not ASCII")
        for held in value.values() if isinstance(value, dict) else value:
            _check_value(held, depth + 1)
    else:
        fits = value is None or (type(value) is int and abs(value) <= LARGEST_IN_JSON)
        need(fits, "a value is no text, no integer within 2^53 - 1, and not null")


# --- The tree (RFC 6962, RFC 9162 section 2.1) ------------------------------------------------------------------------


def sha256(*parts: bytes) -> bytes:
    """Hash parts, one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_of(body: bytes) -> bytes:
    """Hash a leaf."""
    return sha256(b"\x00", body)


def node_of(left: bytes, right: bytes) -> bytes:
    """Hash a node."""
    return sha256(b"\x01", left, right)


def head_of(stream: str, seq: int, leaf: bytes) -> bytes:
    """Hash how far a stream has come, a leaf of the tree of heads."""
    return leaf_of(f"{stream}\n{seq}\n{leaf.hex()}\n".encode())


class Tree:
    """A tree that grows: of its complete subtrees it keeps the roots, the largest first."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._complete: list[bytes] = []
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Add a leaf, and put together what it completes."""
        count = self.size
        while count & 1:
            leaf = node_of(self._complete.pop(), leaf)
            count >>= 1
        self._complete.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Work out the root."""
        *lefts, root = self._complete or [sha256()]
        for left in reversed(lefts):
            root = node_of(left, root)
        return root


def siblings(place: int, last: int, path: list[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Go up from a place in a level that ends at `last`; of each sibling, whether it stands on the left."""
    for sibling in path:
        need(last, "there are more hashes than steps to the root")
        left = bool(place & 1) or place == last
        while left and place and not place & 1:
            place, last = place >> 1, last >> 1
        yield sibling, left
        place, last = place >> 1, last >> 1
    need(not last, "there are fewer hashes than steps to the root")


def root_above(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Work out the root that a proof of inclusion leads to (RFC 9162 section 2.1.3.2)."""
    need(index < size, f"it is said to be leaf {index} in a tree of {size}")
    root = leaf
    for sibling, left in siblings(index, size - 1, path):
        root = node_of(sibling, root) if left else node_of(root, sibling)
    return root


def check_growth(old: int, old_root: bytes, new: int, new_root: bytes, path: list[bytes]) -> None:
    """Check that the tree of `new` leaves begins with that of `old` (RFC 9162 section 2.1.4.2)."""
    need(old <= new, f"the earlier log has {old} events, the later one {new}")
    if old in {0, new}:
        need(not path, "there are hashes where none is due")
        need(old_root == (new_root if old else sha256()), f"these are two logs of {old} events")
        return
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # Of a power of two, the earlier root is itself where the proof begins.
    first, *rest = [*([old_root] if place == 0 else []), *path] or [b""]
    earlier = later = first
    for sibling, left in siblings(place, last, rest):
        earlier = node_of(sibling, earlier) if left else earlier
        later = node_of(sibling, later) if left else node_of(later, sibling)
    need(earlier == old_root, f"the hashes lead to the earlier root {earlier.hex()}, which is {old_root.hex()}")
    need(later == new_root, f"the hashes lead to the later root {later.hex()}, which is {new_root.hex()}")


# --- Keys, notes and checkpoints (c2sp.org) ---------------------------------------------------------------------------


def check_name(name: str) -> None:
    """Check that this can be the name of a key."""
    bad = any(sign in "+\x7f" or sign.isspace() or sign < " " for sign in name)
    need(name and not bad, f"not a name of a key: {name[:80]!r}")


@dataclass(frozen=True)
class Key:
    """A public key of a log or of a witness; `id` is what a signature calls it by."""

    name: str
    id: bytes
    kind: int
    public: bytes

    @classmethod
    def read(cls, vkey: str) -> Key:
        """Read NAME+ID+KEY."""
        name, _plus, rest = vkey.partition("+")
        written, _plus, coded = rest.partition("+")
        check_name(name)
        key = from_base64(coded, 1 + HASH)
        need(key[0] in {LOG, WITNESS}, f"a key of kind {key[0]}, which is neither of a log nor of a witness")
        found = sha256(name.encode(), b"\n", key)[:ID]
        need(from_hex(written, ID) == found, f"the id of this key is {found.hex()}, not {written}")
        return cls(name, found, key[0], key[1:])

    def check(self, text: str, signature: bytes) -> None:
        """Check a signature over the text of a note."""
        message, time = text.encode(), 0
        if self.kind == WITNESS:
            time, signature = int.from_bytes(signature[:TIME], "big"), signature[TIME:]
            message = f"cosignature/v1\ntime {time}\n".encode() + message
        try:
            need(len(signature) == SIGNATURE and time <= LARGEST, f"the signature by {self.name} is not well-formed")
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError) as error:
            raise Misfit(f"the signature by {self.name} ({self.id.hex()}) is not good") from error


@dataclass(frozen=True)
class Note:
    """A text, and of each signature the name and the id of its key and its bytes."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]

    @classmethod
    def read(cls, data: bytes) -> Note:
        """Read a note."""
        need(len(data) <= MOST_BYTES, "a note of more than a million bytes")
        whole = text_of(data)
        need(not any(sign < " " and sign != "\n" for sign in whole), "a note with control characters")
        text, gap, lines = whole.rpartition("\n\n")
        need(text.strip("\n") and gap and lines.endswith("\n"), "this is not a text, an empty line, and signatures")
        signed = lines[:-1].split("\n")
        need(len(signed) <= MOST_SIGNATURES, "a note with more than 100 signatures")
        return cls(f"{text}\n", tuple(map(cls._signature, signed)))

    @staticmethod
    def _signature(line: str) -> tuple[str, bytes, bytes]:
        dash, _space, rest = line.partition(" ")
        name, _space, coded = rest.partition(" ")
        need(dash == "\u2014", f"not a line of a signature: {line[:80]!r}")
        check_name(name)
        data = from_base64(coded)
        need(len(data) > ID, f"a signature without bytes: {line[:80]!r}")
        return name, data[:ID], data[ID:]

    def signers(self, keys: Iterable[Key]) -> list[Key]:
        """Give those of these keys that signed it. A signature by one of them that is not good spoils the note."""
        known = {(key.name, key.id): key for key in keys}
        found: dict[Key, bytes] = {}
        for name, key_id, signature in self.signatures:
            if (name, key_id) in known:
                found.setdefault(known[name, key_id], signature)
        for key, signature in found.items():
            key.check(self.text, signature)
        return list(found)


@dataclass(frozen=True)
class Checkpoint:
    """How many events a log had, their root, and of the heads of its streams the number and the root."""

    note: Note
    origin: str
    size: int
    root: bytes
    heads: tuple[int, bytes] | None

    @classmethod
    def read(cls, data: bytes) -> Checkpoint:
        """Read a checkpoint; lines that are not known are passed over."""
        note = Note.read(data)
        lines = note.text[:-1].split("\n")
        need(len(lines) > 2 and all(lines), "this note is no checkpoint: it names no log, no size, or no root")  # noqa: PLR2004
        size, root = number_of(lines[1]), from_base64(lines[2], HASH)
        need(size or root == sha256(), "the root of no events is another")
        line = next((line for line in lines[3:] if line.startswith("heads ")), None)
        return cls(note, lines[0], size, root, cls._heads(line, size) if line else None)

    @staticmethod
    def _heads(line: str, size: int) -> tuple[int, bytes]:
        count, _space, coded = line[len("heads ") :].partition(" ")
        streams, root = number_of(count), from_base64(coded, HASH)
        need(streams <= size and bool(streams) == bool(size), f"{size} events cannot be of {streams} streams")
        need(streams or root == sha256(), "the root of no heads is another")
        return streams, root

    def agrees(self, other: Checkpoint) -> bool:
        """Tell whether two checkpoints of as many events say the same."""
        return self.root == other.root and (None in {self.heads, other.heads} or self.heads == other.heads)


# --- Events -----------------------------------------------------------------------------------------------------------


def is_commitment(value: object) -> bool:
    """Tell whether this stands for a value that is kept apart."""
    return isinstance(value, dict) and set(value) == {"~"} and bool(from_hex(value["~"], HASH))


def is_text(value: object) -> bool:
    """Tell whether this is a text that says something."""
    return isinstance(value, str) and value != ""


def is_change(value: object) -> bool:
    """Tell whether this is a row that an event wrote."""
    if not isinstance(value, dict) or set(value) != {"op", "table", "key", "set"}:
        return False
    op, table, key, columns = (value[name] for name in ("op", "table", "key", "set"))
    return (
        op in ("insert", "update", "delete")
        and is_text(table)
        and (isinstance(key, dict) and key != {} and all(isinstance(part, (str, int)) for part in key.values()))
        and (isinstance(columns, dict) and (op != "delete" or columns == {}))
        and all(held is None or isinstance(held, (str, int)) or is_commitment(held) for held in columns.values())
    )


MEMBERS: dict[str, Callable[[Any], object]] = {
    "v": lambda value: value == 1,
    "stream": lambda value: is_text(value) and min(value) > " ",
    "seq": lambda value: isinstance(value, int) and value > 0,
    "prev": lambda value: value is None or from_hex(value, HASH),
    "source": lambda value: value in ("cli", "scheduler", "import", "simulation"),
    "reason": lambda value: value is None or is_commitment(value),
    "refused": lambda value: value is None or (isinstance(value, list) and all(map(is_text, value))),
    "changes": lambda value: isinstance(value, list) and all(map(is_change, value)),
    "at": lambda value: is_text(value) and INSTANT.fullmatch(value),
    "due_at": lambda value: value is None or (is_text(value) and INSTANT.fullmatch(value)),
    **dict.fromkeys(("kind", "actor"), is_text),
    **dict.fromkeys(
        ("on_behalf_of", "plan", "trigger", "from", "to", "evaluation", "key"),
        lambda value: value is None or is_text(value),
    ),
}


def event_of(body: str) -> dict[str, Any]:
    """Read the body of an event."""
    value = canonical(body)
    need(isinstance(value, dict) and set(value) == set(MEMBERS), "the body has not the members of an event")
    event: dict[str, Any] = value
    for name, fits in MEMBERS.items():
        if not fits(event[name]):
            raise Misfit(f"what an event has as `{name}` is not {json.dumps(event[name])[:80]}")
    need((event["prev"] is None) == (event["seq"] == 1), "the first event of a stream, and only that, has no `prev`")
    return event


def commitments(event: dict[str, Any]) -> Iterator[str]:
    """Give the commitments of an event: the reason first, then the values of the changes."""
    for value in (event["reason"], *(value for change in event["changes"] for value in change["set"].values())):
        if isinstance(value, dict):
            yield value["~"]


def check_next(event: dict[str, Any], before: tuple[int, bytes] | None) -> None:
    """Check that an event follows the one before it in its stream, which is told by its `seq` and its leaf hash."""
    seq, leaf = before or (0, None)
    place, prev = f"{event['stream']} #{event['seq']}", leaf.hex() if leaf else None
    need(event["seq"] == seq + 1, f"{place} stands where {event['stream']} #{seq + 1} should")
    need(event["prev"] == prev, f"{place} names {event['prev']} as the event before it, which is {prev}")


def told(event: dict[str, Any]) -> str:
    """Tell an event in a line."""
    words = [f"{event['stream']} #{event['seq']}", event["at"], event["kind"], f"by {event['actor']}"]
    words += [f"{event['from']} -> {event['to']}"] if event["from"] or event["to"] else []
    words += ["refused: " + ", ".join(event["refused"])] if event["refused"] else []
    return "  ".join(words)


# --- What is handed out -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """What was handed out and fits in itself, so that all that is left is who vouches for its checkpoint.

    `stream` is that of a dossier; `old` and `path` are those of a proof that the log only grew.
    """

    checkpoint: Checkpoint
    says: str
    shows: tuple[str, ...] = ()
    stream: str | None = None
    old: int | None = None
    path: list[bytes] = field(default_factory=list)


class Lines:
    """A file, read line by line."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def line(self) -> str:
        """Read a line."""
        end = self._data.find(b"\n", self._at)
        need(end >= 0, "it ends too early")
        line, self._at = self._data[self._at : end], end + 1
        return text_of(line)

    def after(self, word: str) -> str:
        """Read a line `WORD …`, and give what follows the word."""
        line = self.line()
        need(line.startswith(f"{word} "), f"where a line “{word} …” should be stands {line[:80]!r}")
        return line[len(word) + 1 :]

    def opened(self) -> Iterator[str]:
        """Read lines `open …` as long as there are any."""
        while self._data.startswith(b"open ", self._at):
            yield self.after("open")

    def path(self) -> list[bytes]:
        """Read hashes, and the empty line after them."""
        found: list[bytes] = []
        line = self.line()
        while line:
            need(len(found) < MOST_HASHES, "more than 63 hashes")
            found.append(from_base64(line, HASH))
            line = self.line()
        return found

    def checkpoint(self) -> Checkpoint:
        """Read the rest of the file."""
        return Checkpoint.read(self._data[self._at :])


def read_proof(lines: Lines) -> Piece:
    """Read and check the proof of one event, after its first line."""
    body = from_base64(lines.after("extra"))
    index, path, checkpoint = number_of(lines.after("index")), lines.path(), lines.checkpoint()
    root = root_above(leaf_of(body), index, checkpoint.size, path)
    need(root == checkpoint.root, f"the hashes lead from the event to the root {root.hex()}, not to the one signed")
    says = f"this event is among the first {checkpoint.size} events of {checkpoint.origin}"
    return Piece(checkpoint, says, (told(event_of(text_of(body))),))


def read_growth(lines: Lines) -> Piece:
    """Read the proof that a log only grew; it is checked beside the earlier checkpoint."""
    old, path, checkpoint = number_of(lines.after("old")), lines.path(), lines.checkpoint()
    says = f"the first {old} of {checkpoint.size} events are those of the checkpoint of {old}"
    return Piece(checkpoint, says, old=old, path=path)


def read_dossier(lines: Lines) -> Piece:
    """Read and check all events of a stream, and that none is missing, after the first line of the dossier."""
    stream, count = lines.after("stream"), number_of(lines.after("events"))
    place, head_path = number_of(lines.after("head")), lines.path()
    need(count, "a dossier has one event at least")
    head: tuple[int, bytes] | None = None
    found: list[tuple[int, bytes, list[bytes]]] = []
    shows: list[str] = []
    for _number in range(count):
        index, body = number_of(lines.after("event")), lines.line()
        event = event_of(body)
        need(event["stream"] == stream, f"an event of {event['stream']} in the dossier of {stream}")
        need(not found or found[-1][0] < index, f"leaf {index} does not come after that of the event before")
        check_next(event, head)
        head = event["seq"], leaf_of(body.encode())
        shows += [told(event), *open_values(lines.opened(), event)]
        found.append((index, head[1], lines.path()))
    checkpoint = lines.checkpoint()
    for seq, (index, leaf, path) in enumerate(found, 1):
        fits = root_above(leaf, index, checkpoint.size, path) == checkpoint.root
        need(fits, f"{stream} #{seq} is not leaf {index} in the log of its checkpoint")
    streams, heads = checkpoint.heads or (0, b"")
    need(head and checkpoint.heads, "its checkpoint does not say how far each stream had come")
    last = root_above(head_of(stream, *(head or (0, b""))), place, streams, head_path)
    need(last == heads, f"{stream} #{count} is not the last event of its stream")
    says = f"these are all events of {stream} among the first {checkpoint.size} of {checkpoint.origin}; none is missing"
    return Piece(checkpoint, says, tuple(shows), stream)


def open_values(opened: Iterable[str], event: dict[str, Any]) -> Iterator[str]:
    """Check that what is opened stands in the event, in that order, and tell it."""
    waiting = commitments(event)
    for line in opened:
        salt, _space, value = line.partition(" ")
        canonical(value)
        digest = sha256(from_hex(salt, SALT), value.encode()).hex()
        # Going on where the last one was found also holds them to their order.
        need(digest in waiting, f"a value that makes {digest} was not logged with this event, or not in this order")
        yield f"  {digest[:8]}: {value}"


def read_piece(data: bytes) -> Piece:
    """Read what its first line says that it is, and check all of it that can be without keys and other files."""
    first, _newline, rest = data.partition(b"\n")
    if first == b"c2sp.org/tlog-proof@v1":
        return read_proof(Lines(rest))
    if first == b"pdca-dossier@v1":
        return read_dossier(Lines(rest))
    if first.startswith(b"old "):
        return read_growth(Lines(data))
    checkpoint = Checkpoint.read(data)
    return Piece(checkpoint, f"{checkpoint.origin} signed {checkpoint.size} events")


# --- Who vouches for it -----------------------------------------------------------------------------------------------


def printable(text: str) -> str:
    """Give a text as this terminal can show it, without what would move its cursor."""
    encoding = sys.stdout.encoding or "utf-8"
    shown = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in text)
    return shown.encode(encoding, "backslashreplace").decode(encoding)


class Auditor:
    """Believes some keys, holds what was handed out to them and to each other, and says what comes of it."""

    def __init__(self, keys: Iterable[Key] = (), witnesses: Iterable[Key] = ()) -> None:
        self.keys, self.witnesses = list(keys), list(witnesses)
        self.pieces: dict[str, Piece] = {}
        self._known: dict[tuple[str, int], Checkpoint] = {}
        self._sizes: dict[str, set[int]] = {}
        self._grew: set[tuple[str, int, int]] = set()
        self._first: str | None = None
        self._unchecked = False

    def fits(self, what: str) -> None:
        """Say what fits."""
        print(printable(f"ok           {what}"))

    def differs(self, what: str) -> None:
        """Say what does not fit."""
        self._first = self._first or what
        print(printable(f"DOES NOT FIT {what}"))

    def open(self, what: str) -> None:
        """Say what could not be checked."""
        self._unchecked = True
        print(printable(f"NOT CHECKED  {what}"))

    def distrusts(self, what: str) -> None:
        """Say which key is not believed."""
        self._unchecked = True
        print(printable(f"NOT TRUSTED  {what}"))

    def status(self) -> int:
        """Give the exit status, and say again what was the first that does not fit."""
        if self._first:
            print(printable(f"The first that does not fit: {self._first}"))
        return 1 if self._first else 3 if self._unchecked else 0

    def read(self, path: Path, *, hold: bool = True) -> None:
        """Read a file that was handed out."""
        try:
            data = path.read_bytes()
        except OSError as error:
            self.differs(f"{path}: it cannot be read: {error.strerror}")
        else:
            self.take(str(path), data, hold=hold)

    def take(self, name: str, data: bytes, *, hold: bool = True) -> None:
        """Read what was handed out, and hold its checkpoint to the others: a log has one root for each size."""
        try:
            piece = read_piece(data)
            if hold:
                self._hold(piece.checkpoint)
            self.pieces[name] = piece
        except Misfit as error:
            self.differs(f"{name}: {error}")

    def _hold(self, checkpoint: Checkpoint) -> None:
        known = self._known.setdefault((checkpoint.origin, checkpoint.size), checkpoint)
        fork = f"another checkpoint of {checkpoint.size} events says something else: the log was forked"
        need(known.agrees(checkpoint), fork)

    def signed(self, checkpoint: Checkpoint) -> bool | None:
        """Check that the log which a checkpoint names signed it; None when that cannot be checked."""
        if not self.keys or not SIGNATURES_ARE_CHECKED:
            return None
        logs = [key for key in checkpoint.note.signers(self.keys) if key.kind == LOG]
        need(any(key.name == checkpoint.origin for key in logs), "its log did not sign it with a key that you trust")
        return True

    def cosigned(self) -> None:
        """Check that every witness cosigned what was read until now."""
        for name, piece in self.pieces.items() if SIGNATURES_ARE_CHECKED else ():
            try:
                signers = piece.checkpoint.note.signers(self.witnesses)
                lacking = [key.name for key in self.witnesses if key not in signers]
                need(not lacking, f"{', '.join(lacking)} did not cosign the checkpoint")
            except Misfit as error:
                self.differs(f"{name}: {error}")

    def check_all(self) -> None:
        """Check who vouches for each piece, tell the events in it, and say which can be of two logs."""
        for name, piece in self.pieces.items():
            self.check(name, piece)
        for origin, sizes in self._sizes.items():
            self._check_joined(origin, max(sizes), sorted(sizes - {0, max(sizes)}, reverse=True))

    def _check_joined(self, origin: str, last: int, sizes: list[int]) -> None:
        """Check that proofs of growth lead from each checkpoint up to the last one; a fork has other sizes too."""
        joined = {last}
        for size in sizes:
            if any((origin, size, later) in self._grew for later in joined):
                joined.add(size)
            else:
                self.open(f"that {origin} only grew: give the proof from {size} to {last} events as well")

    def check(self, name: str, piece: Piece, *, brief: bool = False, held: bool = False) -> None:
        """Check who vouches for a piece, and say so; `brief` without telling every event.

        `held` is one of which the log itself was seen, so that no earlier checkpoint is needed.
        """
        try:
            signed = self.signed(piece.checkpoint)
            grown = held or piece.old is None or self._grown(piece.checkpoint, piece.old, piece.path)
        except Misfit as error:
            self.differs(f"{name}: {error}")
            return
        self._sizes.setdefault(piece.checkpoint.origin, set()).add(piece.checkpoint.size)
        if not grown:
            self.open(f"{name}: give the checkpoint of {piece.old} events as well")
        elif signed:
            self.fits(f"{name}: {piece.says}")
        else:
            self.open(f"{name}: without its signature, which nothing here can check, {piece.says}")
        for line in () if brief else piece.shows:
            print(printable(f"    {line}"))

    def _grown(self, checkpoint: Checkpoint, old: int, path: list[bytes]) -> bool:
        """Check a proof of growth beside the earlier checkpoint, signed as well; False when that is not at hand."""
        earlier = self._known.get((checkpoint.origin, old))
        if earlier is None:
            return False
        check_growth(old, earlier.root, checkpoint.size, checkpoint.root, path)
        self.signed(earlier)
        self._grew.add((checkpoint.origin, old, checkpoint.size))
        return True


# --- A whole export ---------------------------------------------------------------------------------------------------


class Log:
    """The events of an export, read once; what they came to is noted at each of some sizes.

    `keys` are those that its events name, with the number of events up to the first that does; None where that one has
    no place in the tree yet, so that no checkpoint can vouch for it.
    """

    def __init__(self, sizes: Iterable[int]) -> None:
        self.tree = Tree()
        self.waiting = 0
        self.whole = True
        self.begun: dict[str, int] = {}
        self.keys: dict[str, int | None] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._once: set[str] = set()
        self._states = dict.fromkeys(sizes, (b"", (0, b"")))
        self._note_state()

    def read(self, path: Path) -> None:
        """Read all events, and stop at the first that does not fit."""
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    self._take(json_of(text_of(line)))
                    self._note_state()
                except Misfit as error:
                    self.whole = False
                    raise Misfit(f"line {number}: {error}") from error

    def _take(self, row: object) -> None:
        names = {"event", "leaf_index", "leaf_hash", "body", *REPEATED}
        if not isinstance(row, dict) or set(row) != names or not is_text(row["body"]):
            raise Misfit("it has not the members of an event")
        event, leaf = event_of(row["body"]), leaf_of(row["body"].encode())
        for name in REPEATED:
            same = row[name] == event[name] and type(row[name]) is type(event[name])
            need(same, f"as `{name}` it has {row[name]!r}, and in its body {event[name]!r}")
        check_next(event, self._heads.get(event["stream"]))
        self._heads[event["stream"]] = event["seq"], leaf
        self.begun.setdefault(event["stream"], self.tree.size)
        need(event["key"] is None or event["key"] not in self._once, "its `key` is that of an earlier event")
        self._once |= {event["key"]} - {None}
        self._seal(row, leaf)
        for change in event["changes"]:
            if change["table"] == "log_key" and "vkey" in change["set"]:
                need(is_text(change["set"]["vkey"]), "it names a key that is none")
                Key.read(change["set"]["vkey"])
                self.keys.setdefault(change["set"]["vkey"], None if self.waiting else self.tree.size)

    def _seal(self, row: dict[str, Any], leaf: bytes) -> None:
        if row["leaf_index"] is None:
            need(row["leaf_hash"] is None, "it has a leaf hash, and no leaf")
            self.waiting += 1
            return
        place = self.tree.size
        need(not self.waiting, "it has a leaf, and one before it has none")
        need(type(row["leaf_index"]) is int and row["leaf_index"] == place, f"it is not at leaf {place}")
        need(row["leaf_hash"] == leaf.hex(), f"its body makes {leaf.hex()}, not {row['leaf_hash']}")
        self.tree.add(leaf)

    def _note_state(self) -> None:
        if self.tree.size in self._states and not self.waiting:
            heads = [head_of(stream, *self._heads[stream]) for stream in sorted(self._heads, key=str.encode)]
            self._states[self.tree.size] = self.tree.root(), (len(heads), Tree(heads).root())

    def check(self, checkpoint: Checkpoint) -> None:
        """Check that a checkpoint says what the events come to, and names their log."""
        size, origins = checkpoint.size, {Key.read(vkey).name for vkey in self.keys}
        same = not origins or checkpoint.origin in origins
        need(same, f"it is not of this log, but of {checkpoint.origin}")
        need(size <= self.tree.size, f"it speaks of {size} events, and here are {self.tree.size}")
        root, heads = self._states[size]
        otherwise = f"it is not of this log, whose first {size} events make"
        need(checkpoint.root == root, f"{otherwise} the root {root.hex()}: it says another")
        need(checkpoint.heads == heads, f"{otherwise} {heads[0]} heads with the root {heads[1].hex()}: it says another")

    def check_growth(self, piece: Piece) -> None:
        """Check that a proof of growth leads from what the events had come to by then."""
        root, _heads = self._states.get(piece.old or 0, (b"", None))
        check_growth(piece.old or 0, root, piece.checkpoint.size, piece.checkpoint.root, piece.path)


def has_a_place(path: Path, folder: Path) -> bool:
    """Tell whether a file lies in one of the three folders of an export."""
    return path.parent.parent == folder and path.parent.name in FOLDERS


def lies_there(path: Path) -> bool:
    """Tell whether a file is there; none is by a name that no file can have, as what a log calls a stream can be."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def asks_belief(path: Path, folder: Path) -> bool:
    """Tell whether a file in an export asks to be believed: by its name, or by the signature that it ends with."""
    other = path.is_file() and str(path.relative_to(folder)) not in ALONE
    return other and (path.suffix in ENDINGS or ends_signed(path))


def ends_signed(path: Path) -> bool:
    """Tell whether the last line of a file is that of a signature, as it is of all that is handed out."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - MOST_BYTES))
            return file.read().rstrip().rpartition(b"\n")[2].startswith("\u2014 ".encode())
    except OSError:
        return False


class Export:
    """A folder with a whole log, which is held to itself, to keys, and to what was kept elsewhere or lies beside it."""

    def __init__(self, folder: Path, auditor: Auditor, kept: Iterable[str], files: Iterable[str]) -> None:
        self.folder, self.auditor = folder, auditor
        self.told = list(files)
        given = [*kept, *self.told]
        found = [path for path in sorted(folder.rglob("*")) if str(path) not in given]
        mine = [path for path in found if has_a_place(path, folder) or asks_belief(path, folder)]
        for path in mine:
            # What has no place there says nothing against the log: the log tells whether it is its own.
            auditor.read(path, hold=has_a_place(path, folder))
        names = [*given, *map(str, mine)]
        self.pieces = {name: auditor.pieces[name] for name in names if name in auditor.pieces}
        numbered = {
            name: re.fullmatch("([0-9]+)[.]checkpoint", Path(name).name)
            for name in self.pieces
            if Path(name).parent == folder / "checkpoints"
        }
        self.signed = {int(found[1]): self.pieces[name].checkpoint for name, found in numbered.items() if found}
        sizes = {size for piece in self.pieces.values() for size in (piece.checkpoint.size, piece.old or 0)}
        self.log = Log(sizes)

    def check(self) -> None:
        """Check all of it."""
        given = self.auditor.keys
        self._check_events()
        self._check_keys()
        self.auditor.keys = given or self._covered(next(self._fitting(), 0))
        self._believe_others()
        self._check_pieces()
        self._tell(self._vouched())
        self.auditor.keys = given

    def _check_events(self) -> None:
        path = self.folder / "pdca-log.jsonl"
        try:
            self.log.read(path)
        except (Misfit, OSError) as error:
            self.log.whole = False
            self.auditor.differs(f"{path}: {error}")
            return
        tree = self.log.tree
        self.auditor.fits(f"{tree.size} events are as they were hashed; their tree: {tree.root().hex()}")

    def _check_keys(self) -> None:
        """Hold the file of keys to the log, and show the keys where nobody gave one."""
        path = self.folder / "keys.txt"
        try:
            text = text_of(path.read_bytes())
            same = text == "".join(f"{vkey}\n" for vkey in self.log.keys)
            need(same or not self.log.whole, "it names other keys than the log")
        except (Misfit, OSError) as error:
            self.auditor.differs(f"{path}: {error}")
        if not self.auditor.keys:
            self.auditor.open(
                "by whom it is signed: the keys came with the export. Give those that you keep with --key:"
            )
            for vkey in self.log.keys:
                print(printable(f"               {vkey}"))

    def _believe_others(self) -> None:
        """Believe the keys too of which what a believed one vouches for says that they sign, and so on."""
        more: list[Key] = []
        while True:
            self.auditor.keys = [*self.auditor.keys, *more]
            more = [key for key in self._covered(self._vouched()) if key not in self.auditor.keys]
            if not more:
                break
        for vkey in self.log.keys if SIGNATURES_ARE_CHECKED else ():
            if Key.read(vkey) not in self.auditor.keys:
                self.auditor.distrusts(
                    f"{vkey}: no checkpoint that a trusted key signed covers the event that names it"
                )

    def _covered(self, size: int) -> list[Key]:
        """Give the keys that are named among so many events; never one whose event has no place in the tree."""
        return [Key.read(vkey) for vkey, since in self.log.keys.items() if since is not None and since <= size]

    def _vouched(self) -> int:
        """How many events a signature by a key that is believed vouches for."""
        return next(self._fitting(signed=True), 0)

    def _fitting(self, *, signed: bool = False) -> Iterator[int]:
        """Give the sizes of the checkpoints that fit the log, the largest first.

        `signed` gives those that a key which is believed signed.
        """
        for piece in sorted(self.pieces.values(), key=lambda one: one.checkpoint.size, reverse=True):
            try:
                self.log.check(piece.checkpoint)
                if not signed or self.auditor.signed(piece.checkpoint):
                    yield piece.checkpoint.size
            except Misfit:
                continue  # said when the piece is checked

    def _check_pieces(self) -> None:
        for name, piece in self.pieces.items():
            try:
                self._check_place(Path(name), piece)
                if held := self.log.whole or piece.checkpoint.size <= self.log.tree.size:
                    self.log.check(piece.checkpoint)
                if held and piece.old is not None:
                    self.log.check_growth(piece)
            except Misfit as error:
                self.auditor.differs(f"{name}: {error}")
            else:
                self.auditor.check(name, piece, brief=name not in self.told, held=held)
        if sorted(self.signed) != list(range(1, len(self.signed) + 1)):
            self.auditor.differs(f"{self.folder / 'checkpoints'}: the numbers do not go on from 1 without gaps")
        for path in sorted(self._due()):
            if not lies_there(path):
                self.auditor.differs(f"{path}: it is missing")

    def _check_place(self, path: Path, piece: Piece) -> None:
        """Check that a file is what its folder and its name say."""
        if path.parent == self.folder / "checkpoints":
            need(piece.old is None and not piece.shows, "it is no checkpoint")
            need(path.stem.isdecimal() and path.name == f"{int(path.stem):06}.checkpoint", "it has no number")
        if path.parent == self.folder / "consistency":
            ends = re.fullmatch("([0-9]{6,})-([0-9]{6,})[.]consistency", path.name)
            earlier, later = (self.signed.get(int(end)) for end in ends.groups()) if ends else (None, None)
            fits = earlier and piece.old == earlier.size and piece.checkpoint == later
            need(fits, "it does not lead from and to the checkpoints that it is called by")
        if path.parent == self.folder / "dossiers":
            last = self.signed[max(self.signed)] if self.signed else None
            need(piece.stream and path.name == f"{piece.stream}.dossier", "it is not the dossier that it is called by")
            need(piece.checkpoint == last, "it is not up to the last checkpoint")

    def _due(self) -> set[Path]:
        """The files that have to be there beside the checkpoints, so that no proof and no stream was left out."""
        size = self.signed[max(self.signed)].size if self.signed else 0
        names = {f"consistency/{number - 1:06}-{number:06}.consistency" for number in self.signed if number > 1}
        names |= {f"dossiers/{stream}.dossier" for stream, first in self.log.begun.items() if first < size}
        return {self.folder / name for name in names}

    def _tell(self, vouched: int) -> None:
        if vouched:
            self.auditor.fits(f"{vouched} events are vouched for by a signature")
        if self.log.tree.size > vouched:
            self.auditor.open(f"{self.log.tree.size - vouched} events that no signature vouches for")
        elif not vouched:
            self.auditor.open("whose log this is: here is no event that a signature could vouch for")
        if self.log.waiting:
            self.auditor.open(f"{self.log.waiting} events have no place in the tree yet")


def believed(given: str) -> list[Key]:
    """Give the keys that were given: one as it is written, or a file with one on each line."""
    lines = text_of(Path(given).read_bytes()).split("\n") if Path(given).is_file() else [given]
    return [Key.read(line.strip()) for line in lines if line.strip()]


def main(arguments: list[str]) -> int:
    """Run the command line, and give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--key", action="append", default=[], metavar="KEY|FILE")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path, metavar="CHECKPOINT")
    parser.add_argument("--witness-key", action="append", default=[], metavar="WITNESS|FILE")
    asked = parser.parse_args(arguments)
    for path in [*asked.paths, *asked.checkpoint]:
        if not path.exists():
            parser.error(f"there is no {path}")
    try:
        trusted, witnesses = (
            [key for one in given for key in believed(one)] for given in (asked.key, asked.witness_key)
        )
    except (Misfit, OSError) as error:
        parser.error(f"what --key or --witness-key names is no public key: {error}")
    if any(key.kind != WITNESS for key in witnesses):
        parser.error("what --witness-key names is not the key of a witness")
    if witnesses and not asked.checkpoint and any(path.is_dir() for path in asked.paths):
        parser.error("give the checkpoint that the witness cosigned, with --checkpoint")
    auditor = Auditor(trusted, witnesses)
    check(asked.paths, asked.checkpoint, auditor)
    return auditor.status()


def check(paths: list[Path], kept: list[Path], auditor: Auditor) -> None:
    """Check files and folders, beside checkpoints that were kept."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if path not in folders]
    if not SIGNATURES_ARE_CHECKED:
        auditor.open("any signature: the package `cryptography` is not there (pip install cryptography)")
    if files and not auditor.keys:
        auditor.open("by whom they are signed: give the public key of the log, as you keep it, with --key")
    for path in dict.fromkeys([*kept, *files]):
        # Where there is a log, that tells which of two is its own.
        auditor.read(path, hold=not folders)
    auditor.cosigned()
    if not folders:
        auditor.check_all()
    for folder in folders:
        Export(folder, auditor, map(str, kept), map(str, files)).check()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
