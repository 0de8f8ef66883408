"""The lines of a message in plain text."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.notify.letter import PARAGRAPH, WIDTH, Part

WORDS = st.lists(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=90))


@given(WORDS, st.sampled_from([" ", "\n", "\t", "  ", "\r\n"]))
def test_a_text_is_broken_at_its_spaces_as_python_breaks_it(words: list[str], between: str) -> None:
    as_python = textwrap.fill(" ".join(words), WIDTH, break_long_words=False, break_on_hyphens=False)
    assert Part(PARAGRAPH, between.join(words)).plain() == as_python


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_a_line_does_not_end_at_a_space_that_does_not_break(space: str) -> None:
    together = f"x{space}" * WIDTH
    assert Part(PARAGRAPH, f"Before {together} after").plain() == f"Before\n{together}\nafter"
