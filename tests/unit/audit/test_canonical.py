import hashlib
import json
from collections.abc import Callable, Iterator
from enum import StrEnum

import pytest

from pdca.audit.canonical import (
    MAX_INTEGER,
    CanonicalError,
    canonical,
    commit,
    nfc,
    open_private,
    parse,
    private_text,
    seal_values,
)


class Colour(StrEnum):
    RED = "red"


COMPOSED, DECOMPOSED = "\u00e9", "e\u0301"
SALT = bytes(range(16))


def nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


def salts() -> Iterator[bytes]:
    return (bytes([number]) * 16 for number in range(256))


def test_members_are_sorted_and_nothing_is_padded() -> None:
    assert canonical({"b": [1, None, "x"], "B": {}, "a": -3}) == b'{"B":{},"a":-3,"b":[1,null,"x"]}'


def test_text_is_utf8_with_the_fewest_escapes() -> None:
    assert (
        canonical('\u00e9\u20ac\U0001f6b2/\x7f"\\\n\x01') == '"\u00e9\u20ac\U0001f6b2/\x7f\\"\\\\\\n\\u0001"'.encode()
    )


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        True,
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        10**5000,
        b"bytes",
        ("tuple",),
        {"a": {1: "integer name"}},
        {COMPOSED: "name that is not ASCII"},
        [DECOMPOSED],
        "\ud800",
        Colour.RED,
        nested(65),
        nested(100_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_single_form_is_refused(value: object) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


@pytest.mark.parametrize("scalar", [1, "text", COMPOSED, None], ids=ascii)
@pytest.mark.parametrize("wrapped", [lambda value: [value], lambda value: {"a": value}], ids=["lists", "objects"])
def test_whatever_stands_innermost_nesting_ends_at_the_same_depth(
    scalar: object, wrapped: Callable[[object], object]
) -> None:
    for _ in range(64):
        scalar = wrapped(scalar)
    assert canonical(scalar)
    with pytest.raises(CanonicalError, match="deep"):
        canonical(wrapped(scalar))


def test_the_largest_integers_are_kept() -> None:
    assert canonical([MAX_INTEGER, -MAX_INTEGER]) == b"[9007199254740991,-9007199254740991]"


def test_a_refusal_says_where() -> None:
    with pytest.raises(CanonicalError, match=r"at changes\.0\.set\.title") as refused:
        canonical({"changes": [{"set": {"title": DECOMPOSED}}]})
    assert refused.value.code == "not-canonical"


def test_nfc_composes_every_text_at_any_depth() -> None:
    assert nfc({"a": [DECOMPOSED, {"b": DECOMPOSED}], "n": 1}) == {"a": [COMPOSED, {"b": COMPOSED}], "n": 1}


def test_nfc_refuses_input_that_was_not_utf8() -> None:
    with pytest.raises(CanonicalError) as refused:
        nfc(["caf\udce9"])
    assert refused.value.code == "text-not-unicode"


@pytest.mark.parametrize("depth", [65, 100_000])
def test_nfc_refuses_nesting_without_end(depth: int) -> None:
    objects: object = 1
    for _ in range(depth):
        objects = {"a": objects}
    for value in (nested(depth), objects):
        with pytest.raises(CanonicalError, match="deep"):
            nfc(value)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a":1,"a":1}',
        b'{"a":1, "b":2}',
        b'{"b":1,"a":2}',
        b"1.0",
        b"1e3",
        b"-0",
        b"01",
        b"NaN",
        b"-Infinity",
        b"true",
        b"9007199254740992",
        b"9" * 10_000,
        b'"\\u00e9"',
        b'"\\ud800"',
        b'"\\/"',
        b'"a',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        "1".encode("utf-16"),
        f'"{DECOMPOSED}"'.encode(),
        b"1\n",
        b"1 2",
        b"[" * 200_000,
        b"[" * 100 + b"]" * 100,
    ],
    ids=lambda body: ascii(body[:20]),
)
def test_only_the_one_form_is_read_back(body: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse(body)


@pytest.mark.parametrize(("body", "message"), [(b'{"a":1,"a":1}', "twice"), (b"1.5", "integers"), (b"{", "not JSON")])
def test_a_refusal_says_why(body: bytes, message: str) -> None:
    with pytest.raises(CanonicalError, match=message):
        parse(body)


def test_a_commitment_is_the_hash_of_salt_and_canonical_value() -> None:
    assert commit({"b": 1, "a": "x"}, SALT) == hashlib.sha256(SALT + b'{"a":"x","b":1}').hexdigest()


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(CanonicalError, match="16 bytes"):
        commit("x", b"short")


def test_sealing_replaces_committed_values_only() -> None:
    change = {"op": "insert", "table": "plan", "key": {"plan_id": "P-001"}, "set": {"state": "do", "note": "Jan"}}
    sealed, private = seal_values([change], {"plan": frozenset({"note"})}, lambda: SALT)
    digest = commit("Jan", SALT)
    assert sealed == [{**change, "set": {"state": "do", "note": {"~": digest}}}]
    assert private == {digest: [SALT.hex(), "Jan"]}
    assert change["set"] == {"state": "do", "note": "Jan"}


def test_sealing_takes_a_fresh_salt_for_every_value() -> None:
    given = salts()
    changes = [{"op": "update", "table": "t", "key": {"id": 1}, "set": {"a": "same", "b": "same"}}]
    sealed, private = seal_values(changes, {"t": frozenset({"a", "b"})}, lambda: next(given))
    assert sealed[0]["set"]["a"] != sealed[0]["set"]["b"]
    assert len(private) == 2


def test_sealing_replaces_further_fields_and_leaves_null() -> None:
    fields: dict[str, object] = {"reason": "why", "nothing": None}
    changes = [{"op": "update", "table": "t", "key": {"id": 1}, "set": {"a": None}}]
    sealed, private = seal_values(changes, {"t": frozenset({"a"})}, lambda: SALT, fields)
    assert fields == {"reason": {"~": commit("why", SALT)}, "nothing": None}
    assert sealed[0]["set"] == {"a": None}
    assert list(private) == [commit("why", SALT)]


def test_a_committed_column_in_a_key_is_refused() -> None:
    with pytest.raises(CanonicalError, match="key of table t"):
        seal_values([{"op": "delete", "table": "t", "key": {"a": 1}, "set": {}}], {"t": frozenset({"a"})}, lambda: SALT)


def test_the_erasable_part_is_read_back() -> None:
    digest = commit("x", SALT)
    assert open_private(private_text({digest: [SALT.hex(), "x"]})) == {digest: (SALT, "x")}


def test_the_erasable_part_is_the_same_text_as_compact_sorted_json() -> None:
    private = {commit(text, SALT): [SALT.hex(), text] for text in ('caf\u00e9 \x7f\u2028\t"\\', "\U0001f6b2", "-")}
    assert private_text(private) == json.dumps(private, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "[]",
        '{"a":1}',
        '{"' + "0" * 64 + '":[]}',
        '{"' + "0" * 64 + '":["00","x"]}',
        '{"' + "0" * 64 + '":["' + "AB" * 16 + '","x"]}',
        '{"' + "0" * 63 + '":["' + "00" * 16 + '","x"]}',
        '{ "' + "0" * 64 + '":["' + "00" * 16 + '","x"]}',
        "\ud800",
    ],
)
def test_an_erasable_part_of_another_shape_is_refused(payload: str) -> None:
    with pytest.raises(CanonicalError):
        open_private(payload)
