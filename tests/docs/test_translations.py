"""Dutch and French say everything that the program says in English."""

from functools import cache

import pytest
from babel.messages import Message

from tests import texts
from tests.docs import spoken
from tests.texts import LANGUAGES

said = cache(texts.said)
translated = cache(texts.translated)


def described(message: Message) -> str:
    places = ", ".join(f"{file}:{line}" for file, line in message.locations)
    return f"{message.id!r} ({places})" if places else repr(message.id)


def test_the_source_marks_texts_on_every_floor_that_speaks() -> None:
    floors = {file.split("/")[0] for message in said() for file, _ in message.locations}
    assert {"pdca", "workflows"} <= floors


def test_no_text_that_a_reader_meets_is_unmarked() -> None:
    assert not spoken.unmarked(), "\n".join(spoken.unmarked())


def test_no_text_is_marked_where_it_is_not_collected() -> None:
    assert not spoken.hidden(), "\n".join(spoken.hidden())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_a_translation(language: str) -> None:
    catalogue = translated(language)
    missing = []
    for message in said():
        if not message.id:
            continue
        found = catalogue.get(message.id, message.context)
        words = found.string if found else ""
        if not all(words if isinstance(words, tuple) else (words,)):
            missing.append(described(message))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language: str) -> None:
    guesses = [described(message) for message in translated(language) if message.id and message.fuzzy]
    assert not guesses, "\n".join(guesses)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_text_that_nobody_says_any_more(language: str) -> None:
    source = said()
    idle = [
        described(message)
        for message in translated(language)
        if message.id and not source.get(message.id, message.context)
    ]
    assert not idle, "\n".join(idle)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_fills_in_the_same_values(language: str) -> None:
    wrong = []
    for message in said():
        found = translated(language).get(message.id, message.context) if message.id else None
        if found:
            # The marks of a %-template are seen in the source's text, whatever the translator's file says of it.
            found.flags |= message.flags
            wrong += [f"{described(message)}: {error}" for error in found.check(translated(language))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_stands_in_the_order_in_which_two_changes_can_be_joined(language: str) -> None:
    content, _lacking = texts.brought_up_to_date(language, said())
    assert texts.file_of(language).read_bytes() == content, "Bring it up to date: ./dev texts"


def test_french_quotes_with_guillemets() -> None:
    wrong = [described(one) for one in translated("fr") if one.id and set("“”") & set("".join(one.string or ()))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("typed", "spaced"),
    [
        ("Le plan « %(plan)s » : quoi ?", "Le plan «\u00a0%(plan)s\u00a0»\u00a0: quoi\u00a0?"),
        ("«%(plan)s»\u202f!", "«\u00a0%(plan)s\u00a0»\u00a0!"),
        ("[oui]: `a ? b`, 12:30, `clé : valeur`", "[oui]: `a\u00a0? b`, 12:30, `clé\u00a0: valeur`"),
    ],
)
def test_french_has_spaces_that_do_not_break(typed: str, spaced: str) -> None:
    assert texts.spaced(typed) == spaced
    assert texts.spaced(spaced) == spaced


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_a_text_that_is_new_is_named_as_not_translated_yet(language: str) -> None:
    said = texts.said()
    said.add("A text that nobody translated.", None, [("somewhere.py", 1)])
    for brought in (texts.brought_up_to_date("fr", said), texts.brought_up_to_date(language, said)):
        content, lacking = brought
        assert lacking == ["A text that nobody translated."]
        assert b'"None"' not in content
