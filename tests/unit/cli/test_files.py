"""A file gets its name only when it is whole."""

from pathlib import Path

import pytest

from pdca.errors import Failed, Usage
from pdca.files import whole_file


def test_the_file_is_there_at_the_end_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    with whole_file(target) as new:
        new.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_one_that_came_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"

    def write_late() -> None:
        with whole_file(target) as new:
            new.write_text("ours")
            target.write_text("theirs")

    with pytest.raises(Usage):
        write_late()
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_it_is_replaced_only_when_that_is_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    target.write_text("old")
    with pytest.raises(Usage), whole_file(target):
        pass
    with whole_file(target, overwrite=True) as new:
        new.write_text("new")
    assert target.read_text() == "new"


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    target.write_text("old")

    def fail() -> None:
        with whole_file(target, overwrite=True) as new:
            new.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_try_leaves_nothing(tmp_path: Path) -> None:
    with whole_file(tmp_path / "log.jsonl", keep=False) as new:
        new.write_text("whole")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_error_with_its_place(tmp_path: Path) -> None:
    with (
        pytest.raises(Failed, match="cannot be made"),
        whole_file(tmp_path / "nowhere" / "log.jsonl"),
    ):
        pass
