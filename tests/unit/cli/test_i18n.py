"""Texts in the language of the reader."""

import pytest

from pdca import i18n


def test_english_is_the_text_itself() -> None:
    assert i18n.gettext("There is no command “%(name)s”.") == "There is no command “%(name)s”."


@pytest.mark.parametrize(("language", "word"), [("nl", "onderbroken"), ("fr", "interrompu")])
def test_a_text_is_translated(language: str, word: str) -> None:
    i18n.use(language)
    assert i18n.gettext("interrupted") == word
    assert i18n.language() == language


def test_a_text_nobody_translated_stays_english_and_no_text_stays_none() -> None:
    i18n.use("nl")
    assert i18n.gettext("zzz") == "zzz"
    assert i18n.gettext("") == ""


def test_the_form_follows_the_number() -> None:
    i18n.use("fr")
    assert [i18n.ngettext("%(n)d zzz", "%(n)d zzzs", count) for count in (1, 2)] == ["%(n)d zzz", "%(n)d zzzs"]


def test_a_language_nobody_speaks_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        i18n.use("de")


def test_several_languages_can_be_spoken_at_once_through_their_catalogues() -> None:
    assert [i18n.catalogue(language).gettext("failed") for language in i18n.LANGUAGES] == ["failed", "mislukt", "échec"]


@pytest.mark.parametrize(
    ("texts", "wanted", "found"),
    [
        ({"nl": "fiets", "fr": "vélo"}, "fr", "vélo"),
        ({"nl": "fiets", "en": "bicycle"}, "fr", "bicycle"),
        ({"nl": "fiets"}, "fr", "fiets"),
        ({"fr": "", "nl": "fiets"}, "fr", "fiets"),
        ({}, "fr", ""),
    ],
)
def test_a_localized_text_falls_back_to_what_there_is(texts: dict[str, str], wanted: str, found: str) -> None:
    assert i18n.localized(texts, wanted) == found


def test_a_localized_text_is_in_the_language_spoken() -> None:
    i18n.use("fr")
    assert i18n.localized({"nl": "fiets", "fr": "vélo"}) == "vélo"
