"""Where methods are found: versions beside each other, and an organisation's own folder."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from workflows import shelves
from workflows.definition import DefinitionError, available, examine, load, sources

ZVP = files("workflows").joinpath("definitions", "zvp.toml").read_text(encoding="utf-8")


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "methods"
    folder.mkdir()
    shelves.look_in(folder)
    yield folder
    shelves.look_in()


def put(shelf: Path, name: str, method: str = "own", version: int = 1, old: str = "", new: str = "") -> Path:
    text = ZVP.replace('id = "zvp"', f'id = "{method}"').replace("version = 1", f"version = {version}")
    assert old in text
    file = shelf / name
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_a_method_of_an_organisation_s_own_is_found_beside_those_that_are_shipped(shelf: Path) -> None:
    put(shelf, "own.toml")
    (shelf / "notes.txt").write_text("no definition", encoding="utf-8")
    (shelf / "own@next.toml").write_text("no definition", encoding="utf-8")
    assert available() == ("own", "pdsa", "zvp")
    assert load("own").id == "own"
    assert load("own") is load("own")
    assert load("zvp").id == "zvp"


def test_every_version_is_found_and_the_newest_is_meant_when_none_is_named(shelf: Path) -> None:
    put(shelf, "own.toml", version=12, old="days = 30", new="days = 5")
    put(shelf, "own@3.toml", version=3)
    put(shelf, "own@11.toml", version=11)
    assert load("own").version == 12
    assert [load("own", version).version for version in (3, 11, 12)] == [3, 11, 12]
    assert load("own", 12) is not load("own", 3)
    assert [(source.id, source.version) for source in sources() if not source.shipped] == [
        ("own", None),
        ("own", 11),
        ("own", 3),
    ]
    with pytest.raises(DefinitionError, match="Version 4 of method “own” is not there") as caught:
        load("own", 4)
    assert caught.value.code == "method-unknown"
    assert "own@4.toml" in caught.value.advice()


def test_an_older_version_alone_is_the_newest_there_is(shelf: Path) -> None:
    put(shelf, "own@3.toml", version=3)
    assert load("own").version == 3


def test_a_version_is_found_though_another_file_of_the_method_is_broken(shelf: Path) -> None:
    put(shelf, "own@1.toml")
    (shelf / "own@2.toml").write_text("id = ", encoding="utf-8")
    assert load("own", 1).version == 1


def test_a_folder_that_is_looked_in_no_more_gives_nothing_any_more(shelf: Path) -> None:
    put(shelf, "own.toml")
    load("own")
    shelves.look_in()
    with pytest.raises(DefinitionError, match="no method “own”"):
        load("own")


def test_a_shipped_method_is_not_replaced(shelf: Path) -> None:
    file = put(shelf, "zvp@2.toml", method="zvp", version=2)
    with pytest.raises(DefinitionError, match="comes with the program already") as caught:
        load("zvp")
    assert (caught.value.code, caught.value.where) == ("method-misplaced", str(file))


@pytest.mark.parametrize(("name", "method", "version"), [("other.toml", "own", 1), ("own@2.toml", "own", 1)])
def test_a_file_holds_what_its_name_promises(shelf: Path, name: str, method: str, version: int) -> None:
    put(shelf, name, method, version)
    with pytest.raises(DefinitionError, match="holds version 1 of the method “own”") as caught:
        load(name.removesuffix(".toml").partition("@")[0])
    assert caught.value.advice() == "Call it own.toml or own@1.toml."


def test_a_method_with_errors_is_not_loaded_and_says_where_they_are(shelf: Path) -> None:
    file = put(shelf, "own.toml", old='to = "closed"', new='to = "close"')
    with pytest.raises(DefinitionError) as caught:
        load("own")
    assert caught.value.code == "method-unusable"
    line = file.read_text(encoding="utf-8").splitlines().index('to = "close"') + 1
    assert str(caught.value).startswith(f"{file}:{line}:6: There is no state “close”.")


def test_a_definition_file_is_examined_together_with_its_name(tmp_path: Path) -> None:
    file = put(tmp_path, "mine.toml")
    found = examine(file.read_bytes(), "mine.toml")
    assert [(one.problem.code, one.mark.line) for one in found.warnings] == [("file-name", 3)]
    assert "own.toml / own@1.toml" in found.warnings[0].problem.advice()
    assert examine(file.read_bytes(), "own@1.toml").warnings == ()
    assert examine(file.read_bytes(), None).warnings == ()


def test_a_definition_that_bears_the_id_of_a_shipped_one_is_warned_of(tmp_path: Path) -> None:
    changed = put(tmp_path, "zvp.toml", "zvp", 1, old="days = 30", new="days = 31")
    assert [one.problem.code for one in examine(changed.read_bytes(), "zvp.toml").warnings] == ["id-shipped"]
    assert examine(ZVP.encode(), "zvp.toml").warnings == ()
