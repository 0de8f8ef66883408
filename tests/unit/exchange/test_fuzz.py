"""Whatever the bytes: a document or a refusal, never anything else."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.errors import PdcaError
from pdca.exchange.document import Document, read_document
from pdca.exchange.yaml_reader import read

COMPLETE = (Path(__file__).parent / "complete.yaml").read_bytes()
EXAMPLE = (Path(__file__).parents[3] / "examples" / "zone-zuid.yaml").read_bytes()
PIECES = [
    *(
        b"&a ",
        b"*a",
        b"!x ",
        b"\n",
        b"  ",
        b"- ",
        b": ",
        b"[",
        b"]",
        b"{",
        b"}",
        b"'",
        b'"',
        b"|\n",
        b">",
        b"#",
        b"%",
        b"? ",
    ),
    *(b"---\n", b"...\n", b"<<: ", b"null", b"true", b"1e9", b"2021-02-30", b"\x00", b"\xff", b"\t", b"99999-01", b"0"),
    *(b"id: ", b"text: ", b"source: ", b"assumed: "),
]


def outcome(data: bytes) -> Document | PdcaError:
    try:
        return read_document(data, "fuzz.yaml")
    except PdcaError as error:
        return error


@given(st.binary(max_size=400))
def test_random_bytes_are_never_more_than_refused(data: bytes) -> None:
    assert isinstance(outcome(data), PdcaError)


@given(st.text(max_size=200))
def test_random_text_is_never_more_than_refused(text: str) -> None:
    assert isinstance(outcome(text.encode("utf-8", "surrogatepass")), PdcaError)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_random_pieces_of_yaml_are_never_more_than_refused(pieces: list[bytes]) -> None:
    assert isinstance(outcome(b"pdca: 1\npeople: " + b"".join(pieces)), Document | PdcaError)


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(COMPLETE)), st.integers(0, 12), st.one_of(st.sampled_from(PIECES), st.binary(max_size=6))
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_mutated_document_is_read_or_refused(changes: list[tuple[int, int, bytes]]) -> None:
    data = COMPLETE
    for start, length, piece in changes:
        data = data[:start] + piece + data[start + length :]
    assert isinstance(outcome(data), Document | PdcaError)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["AP-1", "chief", "2024", "nl"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "text", "nl", "to"]), inner),
    max_leaves=6,
)


@given(st.data())
def test_any_value_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    whole = read(COMPLETE).value
    at = whole
    while True:
        keys = list(at) if isinstance(at, dict) else list(range(len(at)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(at[key], dict | list) and at[key] and data.draw(st.booleans()):
            at = at[key]
            continue
        at[key] = data.draw(_JSON)
        break
    # JSON is YAML, and keeps every value in its place.
    assert isinstance(outcome(json.dumps(whole, default=str).encode()), Document | PdcaError)


@pytest.mark.parametrize("size", range(0, len(EXAMPLE), 1000))
def test_the_example_cut_off_anywhere_is_refused(size: int) -> None:
    result = outcome(EXAMPLE[:size])
    assert isinstance(result, PdcaError)
    assert result.code.startswith("import-")
    assert result.exit_status == 1
