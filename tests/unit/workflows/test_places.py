"""The place of every key and value of a TOML text, held against what the standard library reads there."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.definition import available
from workflows.places import Places, locate
from workflows.problem import Mark, Path

# Texts with everything in them that a reader of places could stumble over.
words = st.text(alphabet="ab\"'#[]{}=,.\\ é\n", max_size=6)
scalars = st.one_of(
    words.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'),
    words.filter(lambda text: "'" not in text and "\n" not in text).map(lambda text: f"'{text}'"),
    words.map(lambda text: '"""' + text.replace("\\", "\\\\").replace('"', '\\"') + '"""'),
    words.filter(lambda text: "'" not in text).map(lambda text: f"'''{text}'''"),
    st.just('"""two ""quotes"" at the end"""""'),
    st.integers(-9, 99).map(str),
    st.sampled_from(["true", "1.5", "1979-05-27 07:32:00Z", "10:00:00", "0x1F", "inf"]),
)
keys = st.sampled_from(["a", "b-2", "c_3", '"d e"', "'f.g'", '"h\\"i"', "7"])
gaps = st.sampled_from(["", " ", "\n", " # a ] } remark\n", "\n\t"])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    if not depth or draw(st.booleans()):
        scalar: str = draw(scalars)
        return scalar
    if draw(st.booleans()):
        items = draw(st.lists(values(depth - 1), max_size=3))
        return "[" + "".join(f"{draw(gaps)}{item}{draw(gaps)}," for item in items) + draw(gaps) + "]"
    names = draw(st.lists(keys, unique=True, max_size=3))
    pairs = [f" {name} = {draw(values(depth - 1))}" for name in names]
    return "{" + ",".join(pairs) + " }"


@st.composite
def documents(draw: st.DrawFn) -> str:
    def pairs() -> Iterator[str]:
        for name in draw(st.lists(keys, unique=True, max_size=3)):
            dotted = draw(st.sampled_from(["", ".x", ' . "y z"']))
            yield f"{name}{dotted} = {draw(values())}{draw(st.sampled_from(['', ' # x = 1']))}\n"

    parts = list(pairs())
    for number in range(draw(st.integers(0, 3))):
        header = draw(st.sampled_from(["[t{}]", "[[l{}]]", "[ t{} . u ]", "[[l{}.m]]"])).format(number)
        for _ in range(draw(st.integers(1, 2)) if header.startswith("[[") else 1):
            parts += [f"{header}\n", *pairs(), "\n"]
            if header.startswith("[[l") and draw(st.booleans()):
                parts.append(f"[{header.strip('[]')}.inner]\nk = 1\n")
    return "".join(parts)


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def written(places: Places, path: Path) -> object:
    start, end = places.values[path]
    return tomllib.loads(f"value = {places.text[start:end]}")["value"]


def holds(text: str) -> None:
    places = locate(text)
    for path, value in leaves(tomllib.loads(text)):
        assert repr(written(places, path)) == repr(value), path
        if isinstance(path[-1], str):
            start, end = places.keys[path]
            assert list(tomllib.loads(f"{text[start:end]} = 1")) == [path[-1]]


@given(documents())
def test_what_stands_at_the_place_of_a_value_is_that_value(text: str) -> None:
    holds(text)


@pytest.mark.parametrize("name", available())
def test_every_value_of_the_shipped_methods_has_its_place(name: str) -> None:
    holds(files("workflows").joinpath("definitions", f"{name}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        (("a",), Mark(1, 5, 3)),
        (("t",), Mark(2, 1, 3)),
        (("t", "list", 1), Mark(4, 3, 3)),
        (("t", "missing"), Mark(2, 1, 3)),
        (("l", 0, "k"), Mark(7, 5, 1)),
        (("l", 1), Mark(8, 1, 5)),
        (("l", 1, "k", "deeper"), Mark(9, 5, 7)),
        (("nowhere",), Mark(1, 1, 1)),
    ],
)
def test_marks_count_from_one_and_what_is_missing_is_marked_by_what_is_around_it(path: Path, mark: Mark) -> None:
    text = 'a = "é"\n[t]\nlist = [ 0,\n  "b",\n]\n[[l]]\nk = 1\n[[l]]\nk = { x=1 }\n'
    assert locate(text).mark(path) == mark


def test_a_key_is_marked_apart_from_its_value_and_a_value_over_lines_to_the_end_of_its_first() -> None:
    places = locate("long = [ 1,\n 2 ]\n")
    assert places.mark(("long",), at_key=True) == Mark(1, 1, 4)
    assert places.mark(("long",)) == Mark(1, 8, 4)


def test_an_empty_text_has_its_first_place() -> None:
    assert locate("").mark(("id",)) == Mark(1, 1)
