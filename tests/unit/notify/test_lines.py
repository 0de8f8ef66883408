"""What users wrote, made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.notify.lines import one_line, quoted, shortened


@given(st.text(st.characters(codec="utf-8")))
def test_a_line_holds_no_control_and_no_end_of_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in line} & {"Cc", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\u200f"])
def test_what_rings_clears_or_turns_a_line_round_is_taken_out(mark: str) -> None:
    assert one_line(f"thefts{mark}in trams") == "thefts in trams"


@pytest.mark.parametrize("text", ["Vélos & trams", "100 % {0} %s {{ x }} $y", "👩‍🚒", "Ελλάδα", "日本"])
def test_a_text_without_tricks_stays_as_it_is(text: str) -> None:
    assert one_line(text) == text


def test_what_looks_like_an_encoded_word_is_one_no_longer() -> None:
    assert one_line("=?utf-8?q?=0D=0A?=") == "= ?utf-8?q?=0D=0A?="


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_every_line_of_a_quotation_is_marked(text: str) -> None:
    assert all(line.startswith(">") for line in quoted(text).splitlines())


@pytest.mark.parametrize(("text", "cut"), [("abcdef", "abcdef"), ("abcdefg", "abcde…"), ("abcd efg", "abcd…")])
def test_a_text_is_cut_to_a_length(text: str, cut: str) -> None:
    assert shortened(text, 6) == cut
