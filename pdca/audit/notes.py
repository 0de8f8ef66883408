"""Signed notes of C2SP (c2sp.org/signed-note): a text, a blank line, and a line for each signature.

Only Ed25519 is signed and verified (RFC 8032): by a log (type 0x01), and by a witness as a cosignature with the time
at which it was made (type 0x04, c2sp.org/tlog-cosignature). Signatures by keys that are not known are passed over.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pdca.audit.encoded import decode, encode
from pdca.errors import PdcaError
from pdca.i18n import _

LOG_SIGNATURE: Final = 1
COSIGNATURE: Final = 4
SEED_BYTES: Final = 32
MAX_NOTE_BYTES: Final = 1_000_000
MAX_SIGNATURES: Final = 100

_KEY_BYTES: Final = 32
_SIGNATURE_BYTES: Final = 64
_ID_BYTES: Final = 4
_TIME_BYTES: Final = 8
_NAME: Final = re.compile(r"[^\s+\x00-\x20\x7f]+")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_LINE: Final = re.compile(r"— (\S+) (\S+)")
_PRIVATE: Final = "PRIVATE+KEY"


class NoteError(PdcaError):
    """Something that is no note, no key, or not signed by whom it should be."""

    def __init__(self, message: str, *, code: str = "note-unreadable", hint: str | None = None) -> None:
        super().__init__(code, message, hint=hint)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name; `kind` is LOG_SIGNATURE or COSIGNATURE, `public` 32 bytes of Ed25519."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes by which a signature calls the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """Write it as a *vkey*: name, id and key, with a plus between them."""
        return f"{self.name}+{self.key_id.hex()}+{encode(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """Read a vkey; raises NoteError for one that is not well-formed, or whose id is not that of its key."""
        name, _plus, rest = text.strip().partition("+")
        key_id, _plus, encoded = rest.partition("+")
        data = decode(encoded)
        if not _NAME.fullmatch(name) or data is None or len(data) != 1 + _KEY_BYTES:
            raise NoteError(_("This is no verifier key."), code="verifier-key-unreadable")
        key = cls(name, data[0], data[1:])
        if key.kind not in (LOG_SIGNATURE, COSIGNATURE):
            raise NoteError(_("A verifier key of this kind is not known here."), code="verifier-key-unreadable")
        if key.key_id.hex() != key_id:
            raise NoteError(_("The id of the verifier key is not that of the key."), code="verifier-key-unreadable")
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name; `seed` are the 32 bytes of RFC 8032 that it is made from."""

    name: str
    kind: int
    seed: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or len(self.seed) != SEED_BYTES:
            raise NoteError(_("This is no signing key."), code="signing-key-unreadable")

    def __repr__(self) -> str:
        """Name the key and keep its secret."""
        return f"SigningKey({self.name!r}, {self.kind})"

    @classmethod
    def new(cls, name: str, kind: int) -> "SigningKey":
        """Make a key that nobody has."""
        from secrets import token_bytes

        return cls(name, kind, token_bytes(SEED_BYTES))

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def sign(self, message: bytes) -> bytes:
        """Sign by Ed25519."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def text(self) -> str:
        """Write the private key as one line, as Go's `sumdb/note` does: PRIVATE+KEY+name+id+key."""
        encoded = encode(bytes([self.kind]) + self.seed)
        return f"{_PRIVATE}+{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> "SigningKey":
        """Read such a line; raises NoteError, which says nothing of what it held."""
        unreadable = NoteError(_("This is no signing key."), code="signing-key-unreadable")
        stripped = text.strip()
        if not stripped.startswith(f"{_PRIVATE}+"):
            raise unreadable
        name, _plus, rest = stripped.removeprefix(f"{_PRIVATE}+").partition("+")
        key_id, _plus, encoded = rest.partition("+")
        data = decode(encoded)
        if data is None or len(data) != 1 + SEED_BYTES or data[0] not in (LOG_SIGNATURE, COSIGNATURE):
            raise unreadable
        key = cls(name, data[0], data[1:])
        if key.verifier.key_id.hex() != key_id:
            raise unreadable
        return key


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was verified; `at` is the POSIX time of a cosignature, None for that of a log."""

    key: VerifierKey
    at: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """A note whose signatures were verified: `text` ends with a newline, `signed` is never empty."""

    text: str
    signed: tuple[Signed, ...]


def sign(text: str, *keys: SigningKey) -> str:
    """Make a note of a text, signed by keys of a log; the text ends with a newline and has no control characters."""
    _check_text(text)
    if not keys or any(key.kind != LOG_SIGNATURE for key in keys):
        raise NoteError(_("A witness signs with a time."), code="signing-key-unreadable")
    return f"{text}\n" + "".join(_line(key, key.sign(text.encode())) for key in keys)


def cosignature(text: str, key: SigningKey, at: int) -> str:
    """Make the signature line of a witness over the text of a checkpoint, at a POSIX time in seconds."""
    _check_text(text)
    if key.kind != COSIGNATURE:
        raise NoteError(_("A log signs without a time."), code="signing-key-unreadable")
    return _line(key, at.to_bytes(_TIME_BYTES, "big") + key.sign(_cosigned(text, at)))


def text_of(note: str) -> str:
    """Give the text of a note without verifying anything; raises NoteError for what is no note."""
    return _split(note)[0]


def open_note(note: str, keys: Iterable[VerifierKey]) -> Opened:
    """Verify a note by known keys.

    Raises NoteError when it is not well-formed, when a signature by a known key is not good, or when no known key
    signed it.
    """
    text, lines = _split(note)
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[tuple[str, bytes], Signed] = {}
    for name, data in lines:
        key = known.get((name, data[:_ID_BYTES]))
        if key is None or (name, key.key_id) in found:
            continue
        found[name, key.key_id] = _verified(key, text, data[_ID_BYTES:])
    if not found:
        raise NoteError(_("None of the keys that are known signed this."), code="note-not-signed")
    return Opened(text, tuple(found.values()))


def _verified(key: VerifierKey, text: str, signature: bytes) -> Signed:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    at = None
    message = text.encode()
    if key.kind == COSIGNATURE:
        at, signature = int.from_bytes(signature[:_TIME_BYTES], "big"), signature[_TIME_BYTES:]
        message = _cosigned(text, at)
    if len(signature) == _SIGNATURE_BYTES and (at or 0) < 1 << 63:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            pass
        else:
            return Signed(key, at)
    raise NoteError(_("The signature by %(name)s is not good.") % {"name": key.name}, code="signature-wrong")


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _line(key: SigningKey, signature: bytes) -> str:
    return f"— {key.name} {encode(key.verifier.key_id + signature)}\n"


def _split(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    text, blank, signatures = note.rpartition("\n\n")
    if len(note.encode("utf-8", "surrogatepass")) > MAX_NOTE_BYTES or not blank or not signatures.endswith("\n"):
        raise NoteError(_("This is no signed note: it has no lines of signatures at its end."))
    text += "\n"
    _check_text(text)
    lines = signatures[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError(_("This note has more signatures than anybody needs."))
    found = []
    for line in lines:
        match = _LINE.fullmatch(line)
        data = decode(match[2]) if match and _NAME.fullmatch(match[1]) else None
        if match is None or data is None or len(data) <= _ID_BYTES:
            raise NoteError(_("A line of signatures of this note is not well-formed."))
        found.append((match[1], data))
    return text, found


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NoteError(_("The text of a note is UTF-8.")) from error
    if not text.strip("\n") or not text.endswith("\n") or _CONTROL.search(text):
        raise NoteError(_("The text of a note is lines without control characters."))
