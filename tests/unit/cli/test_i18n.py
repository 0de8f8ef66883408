"""Texts in the language of the reader."""

from pathlib import Path

import pytest

from pdca import i18n
from tests.unit.cli.running import run


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


def test_what_lacks_the_language_spoken_is_shown_in_the_languages_of_the_body_in_their_order() -> None:
    i18n.use("en")
    i18n.at_home_in("en", "nl", "fr")
    assert i18n.localized({"fr": "chef de corps", "nl": "korpschef"}) == "korpschef"
    assert i18n.localized({"fr": "chef de corps"}) == "chef de corps"
    assert i18n.localized({"de": "Chef", "en": "chief", "nl": "korpschef"}) == "chief"


def test_an_english_reader_is_shown_the_first_language_of_the_organisation(zone_at_start: Path) -> None:
    assert zone_at_start.exists()
    names = {row["party_id"]: row for row in run("function", "list", "--json").json["functions"]}
    assert set(names["korpschef"]["name"]) >= {"nl", "fr"}
    assert "korpschef" in run("function", "show", "korpschef", "--lang", "en").out
    assert "chef de corps" not in run("function", "show", "korpschef", "--lang", "en").out


@pytest.mark.parametrize(
    ("language", "words"), [("nl", ("[verplicht]", "Opties:")), ("fr", ("[obligatoire]", "Options\xa0:"))]
)
def test_what_the_help_adds_by_itself_is_in_the_language_spoken(language: str, words: tuple[str, str]) -> None:
    shown = run("evaluation", "add", "--help", "--lang", language).out
    for word in words:
        assert word in shown.replace("\u202f", "\xa0")
