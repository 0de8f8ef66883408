"""The page beside the plain text of a message: readable, escaped, and of one piece."""

import re
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdca.notify.letter import CHECKPOINT
from pdca.notify.mail import compose, plain_text
from pdca.notify.page import DARK, LIGHT, Colours, as_html
from pdca.notify.phrases import PHRASES
from pdca.notify.texts import write
from tests.unit.notify.rows import INSTALLATION, row

NOTE: Final = (
    "zone.pdca/0a1b2c3d\n185\nyNnBBjiPTuTCDir2M8J73C9HiCAwjbpxCcOcP72/PjQ=\n\n"
    "— zone.pdca/0a1b2c3d "
    "2PMnaSX4WUuTTtDJcVySISbsk3fmM4rCbEYTJkAOvFL4VborlBY18pWwZ+/+V6uVlxtphp7KNRUHCxuymmYqltniRAQ=\n"
)
CONTRAST: Final = 4.5
"""Of WCAG 2.1, 1.4.3: of text with what it stands on."""
TAGS: Final = {
    *("html", "head", "meta", "title", "style", "body", "div", "p", "h1", "h2", "pre", "blockquote", "span"),
}

HOSTILE: Final = (*('"><', "</title>", "<script>alert(1)</script>", "&lt;", "' onload='x", "]]>", "<!--", "%(x)s"),)


class Read(HTMLParser):
    """What a page consists of: its tags, its attributes, and what can be read in each place."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = [tag for tag in self.open if tag != "span"]
        self.texts.setdefault(inside[-1] if inside else "", []).append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join("".join(found) for found in self.texts.values()).split())


def page_of(kind: str, language: str = "nl") -> Read:
    return Read(as_html(write(row(kind, language=language), INSTALLATION)))


@pytest.mark.parametrize("kind", PHRASES)
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_page_says_what_the_plain_text_says_in_the_language_that_it_names(kind: str, language: str) -> None:
    text = write(row(kind, language=language), INSTALLATION)
    read = Read(as_html(text))
    for part in text.parts:
        for line in part.text.split("\n"):
            assert " ".join(line.split()) in read.words
    assert text.subject in "".join(read.texts["h1"])
    assert {value for name, value in read.attributes if name == "lang"} == {language}
    assert read.open == []


@pytest.mark.parametrize("kind", PHRASES)
def test_nothing_is_loaded_from_elsewhere_and_nothing_leads_elsewhere(kind: str) -> None:
    read = page_of(kind)
    assert set(read.tags) <= TAGS
    assert not {name for name, _value in read.attributes} & {"href", "src", "background", "srcset", "action"}
    assert "url(" not in str(read.attributes) + str(read.texts.get("style"))
    assert "@import" not in str(read.texts.get("style"))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=80), st.sampled_from(HOSTILE))
def test_no_name_title_or_reason_becomes_part_of_the_page(text: str, hostile: str) -> None:
    said = f"{hostile}{text}{hostile}"
    told = row("plan.advanced", person_name=said, actor_name=said, parameters={"title": {"en": said}, "reason": said})
    read = Read(as_html(write(told, {**INSTALLATION, "name": '{"en":"<b>Zone</b>"}'})))
    ours = page_of("plan.advanced", "en")
    assert set(read.tags) <= set(ours.tags) | {"span"}
    assert {name for name, _value in read.attributes} == {name for name, _value in ours.attributes}


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_every_text_can_be_told_from_what_it_stands_on(colours: Colours) -> None:
    for text in (colours.text, colours.small, colours.mark):
        assert contrast(text, colours.page) >= CONTRAST
    assert contrast(colours.text, colours.apart) >= CONTRAST


def test_every_element_has_its_colour_written_on_it() -> None:
    page = as_html(write(row("plan.advanced"), INSTALLATION))
    for tag in re.findall(r"<(?:body|p|h1|h2|pre|blockquote)\b[^>]*>", page):
        assert f"color:{LIGHT.text}" in tag or f"color:{LIGHT.small}" in tag or f"color:{LIGHT.mark}" in tag
        assert 'class="' in tag


def test_the_checkpoint_stands_in_the_foot_as_it_was_signed_and_without_one_nothing_does() -> None:
    signed = compose(row("plan.advanced", checkpoint_number=3, checkpoint_note=NOTE), INSTALLATION, None)
    assert plain_text(signed)[1].endswith(f":\n\n{NOTE}")
    html = signed.get_body(("html",))
    assert html is not None
    assert NOTE.strip() in "".join(Read(html.get_content()).texts["pre"])
    assert not [part for part in write(row("plan.advanced"), INSTALLATION).parts if part.kind == CHECKPOINT]
    assert "zone.pdca" not in compose(row("plan.advanced"), INSTALLATION, None).as_string()


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.1 reckons it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
