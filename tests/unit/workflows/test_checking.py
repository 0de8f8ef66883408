"""Checking a definition: everything at once, nothing that only follows from something else, and the warnings."""

from importlib.resources import files
from pathlib import Path

import pytest

from workflows.checking import Checked, check, check_bytes
from workflows.definition import available
from workflows.problem import unknown

SHIPPED = files("workflows").joinpath("definitions", "pdsa.toml").read_text(encoding="utf-8")
RIGHT = (Path(__file__).parents[2] / "acceptance" / "wrong_definitions" / "right.toml").read_text(encoding="utf-8")


def changed(*changes: tuple[str, str]) -> str:
    text = RIGHT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def codes(checked: Checked) -> list[tuple[str, int]]:
    return [(one.problem.code, one.mark.line) for one in checked.errors]


def warned(*changes: tuple[str, str]) -> list[str]:
    checked = check(changed(*changes))
    assert checked.errors == ()
    assert checked.definition is not None
    assert all(one.problem.warning for one in checked.warnings)
    return [one.problem.code for one in checked.warnings]


@pytest.mark.parametrize("name", available())
def test_the_shipped_methods_have_neither_errors_nor_warnings(name: str) -> None:
    text = files("workflows").joinpath("definitions", f"{name}.toml").read_text(encoding="utf-8")
    checked = check(text)
    assert (checked.errors, checked.warnings) == ((), ())
    assert checked.definition is not None
    assert checked.definition.id == name


def test_errors_come_in_the_order_of_the_file_with_the_line_they_stand_on() -> None:
    checked = check(
        changed(('to = "chief"', 'to = "king"'), ('phase = "do"', 'phase = "done"'), ("version = 2", "version = 0"))
    )
    assert checked.definition is None
    assert [one.mark.line for one in checked.errors] == sorted(one.mark.line for one in checked.errors)
    assert [one.problem.code for one in checked.errors] == ["too-small", "unknown-phase", "unknown-recipient"]
    assert [one.line for one in checked.errors] == ["version = 0", 'phase = "done"', 'to = "king"']
    first = checked.errors[0]
    assert (first.field, first.mark.column, first.mark.length) == ("version", 11, 1)


def test_a_place_that_is_wrong_in_form_is_not_said_to_be_wrong_in_meaning_as_well() -> None:
    assert codes(check(changed(('to = "trying"', "to = 7")))) == [("wrong-type", 52)]
    assert codes(check(changed(("record_days = 7", "record_days = -7")))) == [("too-small", 14)]


def test_a_state_whose_name_is_lost_is_not_missed_wherever_it_is_named() -> None:
    assert codes(check(changed(('id = "trying"\n', "")))) == [("missing-key", 22)]
    assert codes(check(changed(('id = "trying"', 'id = "Trying"')))) == [("bad-name", 23)]


def test_a_state_that_is_misspelt_leaves_no_state_unreachable() -> None:
    assert codes(check(changed(('to = "kept"', 'to = "kepd"')))) == [("unknown-state", 88)]


def test_the_second_place_of_a_problem_with_two_is_given() -> None:
    (finding,) = check(changed(("order = 3", "order = 1"), ("order = 2", "order = 1"))).errors[:1]
    assert finding.other is not None
    assert (finding.problem.code, finding.mark.line, finding.other.line) == ("duplicate-order", 130, 123)


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (('deadline = { kind = "decide", anchor = "entered", days = 10 }\n', ""), "no-deadline"),
        (('who = ["lead", "scheduler"]', 'who = ["lead"]'), "evaluation-not-opened"),
        (('effects = ["conclude_evaluation"]\n', ""), "evaluation-not-concluded"),
        (('guards = ["evaluation_available"]\n', ""), "effect-unguarded"),
        (('guards = ["evaluation_recorded"]\n', ""), "effect-unguarded"),
        (('effects = ["next_cycle"]\n', ""), "cycle-not-counted"),
        (('guards = ["rubrics", ', "guards = ["), "rubrics-unasked"),
        (('[[ladder]]\nafter_days = 0\nto = "lead"\n\n[[ladder]]\nafter_days = 5\nto = "chief"\n', ""), "no-ladder"),
    ],
)
def test_what_is_seldom_meant_is_a_warning_and_the_method_can_be_used(change: tuple[str, str], warning: str) -> None:
    assert warned(change) == [warning]


def test_a_definition_with_errors_gets_no_warnings() -> None:
    checked = check(changed(('who = ["lead", "scheduler"]', 'who = ["leader"]')))
    assert checked.errors
    assert checked.warnings == ()


def test_line_ends_and_byte_order_marks_of_other_systems_change_nothing() -> None:
    checked = check_bytes(b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode())
    assert checked.errors == ()
    wrong = changed(('to = "kept"', 'to = "kepd"'))
    (plain,), (other,) = check(wrong).errors, check_bytes(wrong.replace("\n", "\r\n").encode()).errors
    assert (plain.mark, plain.line) == (other.mark, other.line)


def test_what_is_no_text_is_refused_at_its_byte() -> None:
    (finding,) = check_bytes("a = 1\nb = 'é'\n".encode("latin-1")).errors
    assert (finding.problem.code, finding.mark.line, finding.mark.column) == ("not-utf-8", 2, 6)


@pytest.mark.parametrize("text", ["x = " + "9" * 5000, "a = " + "[" * 5000, "a = " + "{a = " * 5000])
def test_monstrous_numbers_and_nestings_are_refused_as_everything_else(text: str) -> None:
    (finding,) = check(text).errors
    assert finding.problem.code in {"not-toml", "too-deep"}
    assert finding.mark.line == 1


def test_a_word_where_there_is_none_to_choose_from_has_no_hint() -> None:
    assert not unknown("state", (), "gone", ()).hint
    assert "kept" in str(unknown("state", (), "gone", ("kept",)).params["known"])
