from typing import Any
from unicodedata import is_normalized, normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from pdca.audit.canonical import (
    MAX_INTEGER,
    CanonicalError,
    Json,
    canonical,
    commit,
    nfc,
    open_private,
    parse,
    private_text,
    seal_values,
)
from tests.property.nested import nested

TEXTS = st.text().map(lambda text: normalize("NFC", text))
NAMES = st.text(st.characters(max_codepoint=127), max_size=8)
SCALARS = st.none() | TEXTS | st.integers(-MAX_INTEGER, MAX_INTEGER)
VALUES = nested(SCALARS, NAMES, size=5)
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(VALUES)
def test_canonical_bytes_are_those_of_rfc8785_and_read_back(value: Json) -> None:
    body = canonical(value)
    assert body == rfc8785.dumps(value)
    assert parse(body) == value


@given(st.binary())
def test_reading_any_bytes_gives_their_value_or_a_refusal(body: bytes) -> None:
    try:
        value = parse(body)
    except CanonicalError:
        return
    assert canonical(value) == body


@given(VALUES, st.data())
def test_no_byte_can_be_changed_without_changing_the_value(value: Json, data: st.DataObject) -> None:
    body = bytearray(canonical(value))
    place = data.draw(st.integers(0, len(body) - 1))
    body[place] ^= data.draw(st.integers(1, 255))
    try:
        changed = parse(bytes(body))
    except CanonicalError:
        return
    assert changed != value


@given(ANY_TEXT)
def test_normalised_text_can_always_be_logged_unless_it_is_not_unicode(text: str) -> None:
    if any("\ud800" <= character <= "\udfff" for character in text):
        with pytest.raises(CanonicalError):
            nfc(text)
        with pytest.raises(CanonicalError):
            canonical(text)
        return
    assert is_normalized("NFC", nfc(text))
    assert parse(canonical(nfc(text))) == normalize("NFC", text)


@given(st.dictionaries(NAMES, SCALARS, min_size=1), st.randoms(use_true_random=False))
def test_every_sealed_value_is_proven_by_its_erasable_part(values: dict[str, Any], random: Any) -> None:  # noqa: ANN401
    change = {"op": "insert", "table": "t", "key": {"id": 1}, "set": values}
    sealed, private = seal_values([change], {"t": frozenset(values)}, lambda: random.randbytes(16))
    opened = open_private(private_text(private))
    for column, value in sealed[0]["set"].items():
        if value is None:
            assert values[column] is None
            continue
        salt, text = opened[value["~"]]
        assert text == values[column]
        assert commit(text, salt) == value["~"]
