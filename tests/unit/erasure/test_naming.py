"""A text names a person by the whole name or the address, however it is written down, and loses just that."""

import html
import json

import pytest

from pdca.erasure.naming import Naming

OBRIEN = Naming({"Zoë O'Brien", "zoe@zone.example"}, {"zoe"})


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zoë O'Brien zei het.", "[erased] zei het."),
        ("Volgens ZOË O'BRIEN, en", "Volgens [erased], en"),
        ("Mail naar <zoe@zone.example>.", "Mail naar <[erased]>."),
        ("zoe", "[erased]"),
        (html.escape("<b>Zoë O'Brien</b>"), "&lt;b&gt;[erased]&lt;/b&gt;"),
        ("<td>Zoë O&#39;Brien</td>", "<td>[erased]</td>"),
        (json.dumps("eerst\nZoë O'Brien", ensure_ascii=False), '"eerst\\n[erased]"'),
    ],
)
def test_the_name_is_taken_out_and_the_rest_stays(text: str, left: str) -> None:
    assert OBRIEN.found_in(text)
    assert OBRIEN.taken_out_of(text) == left


@pytest.mark.parametrize("text", ["Zoë", "Zoë O'Briens", "azoe@zone.example", "zoe zei het", "", "vanZoë O'Brien"])
def test_what_only_looks_like_the_name_stays(text: str) -> None:
    assert not OBRIEN.found_in(text)
    assert OBRIEN.taken_out_of(text) == text


def test_who_has_no_name_to_look_for_is_named_by_nothing() -> None:
    assert not Naming({" "}).found_in(" ")
