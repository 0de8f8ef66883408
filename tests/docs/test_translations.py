"""Dutch and French say everything that the program says in English."""

from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PACKAGES = ("pdca", "scheduler", "workflows")
LANGUAGES = ("fr", "nl")


@cache
def said() -> Catalog:
    """Every text that the source marks with `_`, `N_`, `gettext` or `ngettext`."""
    catalogue = Catalog()
    for package in PACKAGES:
        for file, line, texts, comments, context in extract_from_dir(ROOT / package):
            catalogue.add(texts, None, [(f"{package}/{file}", line)], auto_comments=comments, context=context)
    return catalogue


@cache
def translated(language: str) -> Catalog:
    with (ROOT / "pdca" / "locale" / language / "LC_MESSAGES" / "pdca.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def described(message: Message) -> str:
    places = ", ".join(f"{file}:{line}" for file, line in message.locations)
    return f"{message.id!r} ({places})" if places else repr(message.id)


def test_the_source_marks_texts_on_every_floor_that_speaks() -> None:
    floors = {file.split("/")[0] for message in said() for file, _ in message.locations}
    assert {"pdca", "workflows"} <= floors


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
