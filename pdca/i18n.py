"""Texts in the language of the reader. English texts are the keys themselves, so English costs nothing to load.

`_` translates now, `N_` only marks a text for the translators and leaves it to a later `_`. Values are filled in after
translation, by `%`: `_("There is no plan %(plan)s.") % {"plan": plan}`.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, Protocol

LANGUAGES: Final = ("en", "nl", "fr")
SOURCE: Final = "en"
LOCALE_FOLDER: Final = os.path.join(os.path.dirname(__file__), "locale")


class Catalogue(Protocol):
    """The translated texts of one language."""

    def gettext(self, message: str, /) -> str:
        """Translate a text, or give it back."""
        ...

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        """Translate a text that depends on a number, or choose the English form."""
        ...


class _Chosen:
    language: str = SOURCE
    home: tuple[str, ...] = (SOURCE,)


def use(language: str) -> None:
    """Speak `language`, one of `LANGUAGES`, from here on in this process."""
    if language not in LANGUAGES:
        message = f"no such language: {language}"
        raise ValueError(message)
    _Chosen.language = language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language for a while: a page is written in that of its readers, whoever makes it."""
    before = _Chosen.language
    use(language)
    try:
        yield
    finally:
        use(before)


def at_home_in(*languages: str) -> None:
    """Show texts that lack the language spoken in the first of these that they have, those of the body."""
    _Chosen.home = languages


def language() -> str:
    """Tell which language is spoken."""
    return _Chosen.language


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(of: str) -> Catalogue:
    """Give the texts of a language; English and one that was never compiled give every text back as it is."""
    # Imported here: who speaks English needs neither.
    from gettext import NullTranslations

    from pdca.compiled_texts import CompiledTexts

    try:
        with open(os.path.join(LOCALE_FOLDER, of, "LC_MESSAGES", "pdca.mo"), "rb") as file:
            return CompiledTexts(file.read())
    except FileNotFoundError:
        return NullTranslations()


def gettext(message: str) -> str:
    """Translate `message` into the language spoken."""
    if _Chosen.language == SOURCE or not message:
        return message
    return catalogue(_Chosen.language).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that depends on `count` into the language spoken; the caller fills the number in."""
    return catalogue(_Chosen.language).ngettext(singular, plural, count)


def marked(message: str) -> str:
    """Mark `message` for translation and give it back as it is."""
    return message


_ = gettext
N_ = marked


def localized(texts: Mapping[str, str] | str, wanted: str | None = None) -> str:
    """Pick a text of a {language: text} mapping: the one wanted, those of the body, English, whatever there is.

    What is in no language stays as it is: the mark that stands in the place of a text that was erased.
    """
    if isinstance(texts, str):
        return texts
    for candidate in (wanted or language(), *_Chosen.home, SOURCE, *texts):
        text = texts.get(candidate)
        if text:
            return text
    return ""


def in_a_row(parts: Iterable[str]) -> str:
    """Put parts behind one another with a semicolon between them, spaced as the language spoken does."""
    between = _("%(before)s; %(after)s") % {"before": "", "after": ""}
    return between.join(parts)


def from_environment(environ: Mapping[str, str]) -> tuple[str, str] | None:
    """Give (language, variable) that the locale asks for, by POSIX: the first set of LC_ALL, LC_MESSAGES, LANG decides.

    None when that is a language the program does not speak, or nothing is set.
    """
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(variable)
        if value:
            asked = value.replace("-", "_").split("_")[0].split(".")[0].lower()
            return (asked, variable) if asked in LANGUAGES else None
    return None
