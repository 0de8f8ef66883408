"""What the reader makes of YAML, and what it refuses before it can do harm."""

import io
import time
import tracemalloc
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
import yaml

from pdca.exchange.located import Located
from pdca.exchange.problems import ImportRefused, Problem
from pdca.exchange.yaml_reader import LARGEST_FILE, MOST_NODES, read

PARSERS = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def reading(request: pytest.FixtureRequest) -> Callable[[str | bytes], Located]:
    return lambda text: read(text, "zone.yaml", loader=request.param)


def problem_of(reading: Callable[[Any], Located], text: str | bytes) -> Problem:
    with pytest.raises(ImportRefused) as refused:
        reading(text)
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("5341", 5341),
        ("-7", -7),
        ("+7", 7),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2021-02-30", "2021-02-30"),
        ("2021-02-28T10:00:00Z", "2021-02-28T10:00:00Z"),
        ("'5'", "5"),
        ('"true"', "true"),
        ("٣", "٣"),
    ],
)
def test_a_plain_scalar_is_what_it_looks_like(reading: Callable[[str], Located], written: str, value: object) -> None:
    found = reading(f"key: {written}").value["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["1.50", "0.10", "-3.0", ".5", "1.", "1e3", "12345678901234567890.123456789"])
def test_a_number_with_a_point_is_kept_exactly(reading: Callable[[str], Located], written: str) -> None:
    found = reading(f"key: {written}").value["key"]
    assert isinstance(found, Decimal)
    assert str(found) == str(Decimal(written))


def test_every_key_and_item_has_its_place(reading: Callable[[str], Located]) -> None:
    located = reading("a: 1\nbé: \n  - {c: x}\n  - [y, 'z']\n")
    assert located.value == {"a": 1, "bé": [{"c": "x"}, ["y", "z"]]}
    spots = {path: located.value_mark(path) for path in [("a",), ("bé", 0), ("bé", 0, "c"), ("bé", 1, 1)]}
    assert spots == {("a",): (1, 4), ("bé", 0): (3, 5), ("bé", 0, "c"): (3, 9), ("bé", 1, 1): (4, 9)}
    assert located.key_mark(("bé",)) == (2, 1)
    assert located.key_mark(("bé", 0, "c")) == (3, 6)


def test_a_path_that_does_not_exist_is_placed_at_what_is_around_it(reading: Callable[[str], Located]) -> None:
    located = reading("a:\n  b: {c: 1}\n")
    assert located.value_mark(("a", "b", "d", 3)) == (2, 6)
    assert located.key_mark(("a", "b", "d")) == (2, 6)
    assert located.place(("a", "b", "d")).field == "a.b.d"


def test_texts_are_brought_to_nfc(reading: Callable[[str], Located]) -> None:
    apart = unicodedata.normalize("NFD", "été")
    assert apart != "été"
    assert reading(f"{apart}: {apart}").value == {"été": "été"}
    assert problem_of(reading, f"{apart}: 1\nété: 2").code == "import-duplicate-key"


def test_a_byte_order_mark_is_passed_over(reading: Callable[[bytes], Located]) -> None:
    located = reading(b"\xef\xbb\xbfa: 1")
    assert located.value == {"a": 1}
    assert located.key_mark(("a",)) == (1, 1)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "import-empty", None),
        ("# nothing\n", "import-empty", None),
        ("a: 1\na: 2\n", "import-duplicate-key", 2),
        ("a: &x 1\n", "import-alias", 1),
        ("b: 1\na: *x\n", "import-alias", 2),
        ("b: 1\na: !x 1\n", "import-tag", 2),
        ("a: !!python/object/apply:os.system [ls]\n", "import-tag", 1),
        ("a: ! 1\n", "import-tag", 1),
        ("%YAML 1.2\n---\na: 1\n", "import-directive", 1),
        ("a: 1\n...\n%TAG ! x\n---\n", "import-directive", 3),
        ("a: 1\n---\nb: 1\n", "import-several-documents", 2),
        ("a: 1\n...\n# end\nb: 1\n", "import-several-documents", 2),
        ("b: 2\n1: 2\n", "import-key-type", 2),
        ("true: 2\n", "import-key-type", 1),
        ("? [a]\n: 1\n", "import-key-type", 1),
        ("~: 1\n", "import-key-type", 1),
        ("a: 1\nb: \x00\n", "import-control-character", 2),
        ("a: 1\nb: \x1b[31m\n", "import-control-character", 2),
        ('a: "\\0"\n', "import-control-character", 1),
        ('a: "\\e[31m"\n', "import-control-character", 1),
        ("a: \ud800\n", "import-encoding", 1),
        (b"a: 1\nb: \xff\n", "import-encoding", 2),
        (b"\xff\xfea\x00:\x00 \x001\x00", "import-encoding", 1),
        ("a: 1\nb: 'x\n", "import-cut-off", 2),
        ("a: [1,\n2", "import-cut-off", 2),
        ("a: b: c\n", "import-syntax", 1),
        ("a:\n\t- b\n", "import-syntax", 2),
        ("a: [1}\n", "import-syntax", 1),
        ("a: 1\n b: 1\n", "import-syntax", 2),
        ("a: " + "9" * 5000, "import-number", 1),
        ("a: 1e99999999999", "import-number", 1),
    ],
)
def test_what_the_format_does_not_have_is_refused(
    reading: Callable[[Any], Located], text: str | bytes, code: str, line: int | None
) -> None:
    problem = problem_of(reading, text)
    assert problem.code == code
    assert problem.place.file == "zone.yaml"
    if line is not None:
        assert problem.place.line == line


def test_the_field_of_what_cannot_be_read_is_named(reading: Callable[[str], Located]) -> None:
    assert problem_of(reading, "a:\n  - b: 1\n  - {c: &x 1}\n").place.field == "a[1].c"


def test_an_alias_bomb_is_refused_at_its_first_anchor(reading: Callable[[str], Located]) -> None:
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    problem = problem_of(reading, f"l0: &l0 [{', '.join(['lol'] * 9)}]\n{levels}\n")
    assert (problem.code, problem.place.line, problem.place.field) == ("import-alias", 1, "l0")


@pytest.mark.parametrize("unit", ["[", "[\n", "- ", "a: {", "{a: [", "[[],"])
def test_nesting_is_refused_at_depth_33_and_not_at_32(reading: Callable[[str], Located], unit: str) -> None:
    assert reading("[" * 32 + "]" * 32).value is not None
    assert problem_of(reading, unit * 200_000).code in {"import-too-deep", "import-syntax", "import-too-many-nodes"}
    assert problem_of(reading, "[" * 33 + "]" * 33).code == "import-too-deep"


class Stream(io.RawIOBase):
    """An endless stream of one character that counts what was read of it."""

    def __init__(self, character: bytes) -> None:
        super().__init__()
        self.character = character
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0, "an endless stream was read to its end"
        self.given += size
        return self.character * size


@pytest.mark.parametrize("character", [b"[", b"{", b"a", b"\0"])
def test_an_endless_stream_is_refused_by_its_size(character: bytes) -> None:
    stream = Stream(character)
    before = time.perf_counter()
    with pytest.raises(ImportRefused) as refused:
        read(cast("BinaryIO", stream), "stdin")
    assert refused.value.code == "import-too-large"
    assert stream.given == LARGEST_FILE + 1
    assert time.perf_counter() - before < 5


@pytest.mark.parametrize("unit", [b"[", b"- ", b"{"])
def test_the_largest_file_of_nothing_but_nesting_is_refused_at_once(unit: bytes) -> None:
    before = time.perf_counter()
    with pytest.raises(ImportRefused) as refused:
        read(unit * (LARGEST_FILE // len(unit)), "deep.yaml")
    assert refused.value.code in {"import-too-deep", "import-key-type"}
    assert time.perf_counter() - before < 5


def test_a_hundred_megabytes_on_disk_are_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    tracemalloc.start()
    try:
        with pytest.raises(ImportRefused) as refused:
            read(path)
        _, most_held = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused.value.code == "import-too-large"
    assert refused.value.place is not None
    assert refused.value.place.file == str(path)
    assert most_held < 1024 * 1024


def test_a_device_that_never_ends_is_refused() -> None:
    with pytest.raises(ImportRefused) as refused:
        read(Path("/dev/zero"))
    assert refused.value.code == "import-too-large"


def test_too_many_nodes_are_refused() -> None:
    with pytest.raises(ImportRefused) as refused:
        read("[" + "0," * (MOST_NODES + 1) + "]", "many.yaml")
    assert refused.value.code == "import-too-many-nodes"


def test_many_directives_do_not_take_quadratic_time() -> None:
    before = time.perf_counter()
    with pytest.raises(ImportRefused) as refused:
        read("".join(f"%TAG !{number}! x\n" for number in range(500_000)), "tags.yaml")
    assert refused.value.code == "import-directive"
    assert time.perf_counter() - before < 5


def test_a_file_is_read_from_its_path_and_named_after_it(tmp_path: Path) -> None:
    path = tmp_path / "zone.yaml"
    path.write_text("a: é", encoding="utf-8")
    located = read(path)
    assert (located.value, located.name) == ({"a": "é"}, str(path))


def test_an_open_stream_is_read() -> None:
    assert read(io.BytesIO(b"a: 1"), "stdin").value == {"a": 1}


@pytest.mark.parametrize("name", ["missing.yaml", ".", "nul\0l.yaml"])
def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(tmp_path / name)
    assert refused.value.code == "import-unreadable"


def test_hundreds_of_lines_of_windows_text_keep_their_line_numbers(reading: Callable[[str], Located]) -> None:
    located = reading("".join(f"k{number}: {number}\r\n" for number in range(300)))
    assert located.key_mark(("k299",)) == (300, 1)
