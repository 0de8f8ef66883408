"""The bytes that are hashed: RFC 8785 canonical JSON of integers and NFC strings, and salted commitments.

A value that is personal or free text stands in the log as `{"~": "<hex>"}`, where hex is SHA-256(salt || canonical JSON
of the value). Value and salt are kept beside the log and can be erased; every hash of the log stays valid.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from typing import Any, Final, NoReturn, TypeAlias, TypeVar, cast
from unicodedata import is_normalized, normalize

from pdca.errors import PdcaError

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | None"
T = TypeVar("T")

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly; the smallest is its negative."""
MAX_DEPTH: Final = 64
SALT_BYTES: Final = 16
COMMITMENT: Final = "~"
"""The only member of the object that stands for a committed value."""

_HEX_DIGITS = frozenset("0123456789abcdef")
_HEX_LENGTH = hashlib.sha256().digest_size * 2

# With ASCII names the order of code points is that of UTF-16 units, and of strings this writes what RFC 8785 does: so
# for what `canonical` accepts it gives the same bytes as a library for RFC 8785, in a twentieth of the time.
# What was checked cannot contain itself: it would be nested without end.
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode


class CanonicalError(PdcaError):
    """A value that cannot stand in the log, or bytes that are not the canonical form of any value that can."""

    def __init__(self, message: str, *, code: str = "not-canonical", hint: str | None = None) -> None:
        super().__init__(code, message, hint=hint)


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of a value.

    Only objects with ASCII names, lists, NFC strings, integers within ±(2**53 - 1) and null can be written: these have
    one form in every implementation. Raises CanonicalError for anything else, subclasses (bool, enum) included.
    """
    _check(value, ())
    return _encode(value).encode()


def nfc(value: T) -> T:
    """Return the value with every string in it, at any depth, in Unicode normal form C.

    Raises CanonicalError for a lone surrogate, which is what Python makes of input that is not UTF-8.
    """
    if value is None or (isinstance(value, str) and value.isascii()):
        return value
    return cast("T", _normalised(value, 0))


def parse(body: bytes) -> Json:
    """Return the value of canonical bytes.

    Raises CanonicalError unless `canonical` makes exactly these bytes of it again; so also for a name given twice,
    fractions, NaN, and nesting without end.
    """
    try:
        value = cast("Json", _decode(body.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise CanonicalError(f"The bytes are not UTF-8 (byte {error.start}).") from error
    except ValueError as error:
        raise CanonicalError(f"The bytes are not JSON ({error}).") from error
    except RecursionError as error:
        raise CanonicalError("The JSON is nested too deeply.") from error
    if canonical(value) != body:
        raise CanonicalError("The JSON is not in canonical form.")
    return value


def commit(value: object, salt: bytes) -> str:
    """Return the commitment to a value: hex of SHA-256(salt || canonical JSON). The salt is 16 random bytes."""
    if len(salt) != SALT_BYTES:
        raise CanonicalError(f"A salt is {SALT_BYTES} bytes, not {len(salt)}.")
    return hashlib.sha256(salt + canonical(value)).hexdigest()


def seal_values(
    changes: Iterable[Mapping[str, Any]],
    committed: Mapping[str, frozenset[str]],
    salts: Callable[[], bytes],
    fields: MutableMapping[str, Any] | None = None,
) -> tuple[list[dict[str, Any]], dict[str, list[object]]]:
    """Put commitments in the place of committed values.

    `changes` are changes as they stand in a body, `committed` the committed columns per table, `salts` gives 16 fresh
    random bytes at each call. `fields` are further members of the body (the reason); all of them are committed, and
    replaced in place. Null stays null: that nothing was said is not personal.

    Returns the changes as they go into the body, and the erasable part: commitment -> [salt in hex, value].
    Raises CanonicalError when a key holds a committed column, because a key is never erased.
    """
    private: dict[str, list[object]] = {}

    def sealed(value: object) -> object:
        if value is None:
            return None
        salt = salts()
        digest = commit(value, salt)
        private[digest] = [salt.hex(), value]
        return {COMMITMENT: digest}

    result = []
    for change in changes:
        columns = committed.get(change["table"], frozenset())
        if not columns.isdisjoint(change["key"]):
            raise CanonicalError(f"The key of table {change['table']} holds a committed column.")
        values = {name: sealed(value) if name in columns else value for name, value in change["set"].items()}
        result.append({**change, "set": values})
    if fields is not None:
        fields.update({name: sealed(value) for name, value in fields.items()})
    return result, private


def private_text(private: Mapping[str, object]) -> str:
    """Return the erasable part as it is stored: canonical JSON."""
    return canonical(private).decode()


def open_private(payload: str) -> dict[str, tuple[bytes, Json]]:
    """Return the erasable part of an event as commitment -> (salt, value), without testing the commitments.

    Raises CanonicalError when the text is not what `private_text` writes.
    """
    try:
        found = parse(payload.encode())
    except UnicodeEncodeError as error:
        raise CanonicalError("The text is not Unicode.") from error
    if not isinstance(found, dict):
        raise CanonicalError("The erasable part is not an object.")
    return {digest: _entry(digest, entry) for digest, entry in found.items()}


def is_digest(value: object) -> bool:
    """Tell whether a value is the hex of a SHA-256 in lower case."""
    return isinstance(value, str) and len(value) == _HEX_LENGTH and _HEX_DIGITS.issuperset(value)


def _entry(digest: str, entry: Json) -> tuple[bytes, Json]:
    match entry:
        case [str(salt), value] if len(salt) == SALT_BYTES * 2 and _HEX_DIGITS.issuperset(salt) and is_digest(digest):
            return bytes.fromhex(salt), value
        case _:
            raise CanonicalError("An entry of the erasable part is not commitment -> [salt, value].")


def _check(value: object, path: tuple[object, ...]) -> None:
    if len(path) > MAX_DEPTH:
        raise CanonicalError(f"Nested more than {MAX_DEPTH} deep.")
    if type(value) is str:
        _check_text(value, path)
    elif type(value) is int:
        if abs(value) > MAX_INTEGER:
            raise CanonicalError(f"An integer beyond ±(2**53 - 1){_at(path)}.")
    elif type(value) is dict:
        for name in value:
            if type(name) is not str or not name.isascii():
                raise CanonicalError(f"A name that is not an ASCII string{_at(path)}.")
        _check_members(value.items(), path)
    elif type(value) is list:
        _check_members(enumerate(value), path)
    elif value is not None:
        raise CanonicalError(f"A {type(value).__name__} cannot stand in the log{_at(path)}.")


def _check_members(members: Iterable[tuple[object, object]], path: tuple[object, ...]) -> None:
    deepest = len(path) == MAX_DEPTH
    for step, member in members:
        # What nearly all of them are is told at once: every event that is written or verified comes by here.
        if deepest or not (member is None or (type(member) is str and member.isascii())):
            _check(member, (*path, step))


def _check_text(text: str, path: tuple[object, ...]) -> None:
    if text.isascii():
        return
    _refuse_surrogates(text, path)
    if not is_normalized("NFC", text):
        raise CanonicalError(f"A text that is not in normal form C{_at(path)}.")


def _refuse_surrogates(text: str, path: tuple[object, ...] = ()) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError(
            f"A text holds characters that are not Unicode{_at(path)}.",
            code="text-not-unicode",
            hint="Save or type the text as UTF-8.",
        ) from error


def _normalised(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise CanonicalError(f"Nested more than {MAX_DEPTH} deep.")
    if isinstance(value, str):
        if value.isascii():
            return value
        _refuse_surrogates(value)
        return normalize("NFC", value)
    if isinstance(value, dict):
        return {_normalised(name, depth): _normalised(member, depth + 1) for name, member in value.items()}
    if isinstance(value, list):
        return [_normalised(member, depth + 1) for member in value]
    return value


def _at(path: tuple[object, ...]) -> str:
    return (
        f" (at {'.'.join(ascii(step)[1:-1] if isinstance(step, str) else str(step) for step in path)})" if path else ""
    )


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise CanonicalError("A name is given twice in one object.")
    return members


def _no_fraction(_: str) -> NoReturn:
    raise CanonicalError("Only integers can stand in the log.")


# Made once: `json.loads` would make another for every body.
_decode = json.JSONDecoder(object_pairs_hook=_object, parse_float=_no_fraction, parse_constant=_no_fraction).decode
