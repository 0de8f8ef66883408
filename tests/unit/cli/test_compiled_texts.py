"""A compiled catalogue says what the standard library says of it, text by text, without being read as a whole."""

import gettext
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from pdca import i18n
from pdca.compiled_texts import CompiledTexts

COUNTS = (0, 1, 2, 5, 11, 21, 101)


def compiled(texts: Iterable[tuple[Any, Any]], locale: str) -> bytes:
    catalog = Catalog(locale=locale)
    for text, translation in texts:
        catalog.add(text, translation)
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def of(standard: gettext.GNUTranslations) -> list[str | tuple[str, int]]:
    """Whatever the standard library found in a catalogue: texts, and texts with the number of their form."""
    return list(vars(standard)["_catalog"])


@pytest.mark.parametrize("language", [one for one in i18n.LANGUAGES if one != i18n.SOURCE])
def test_every_text_of_ours_is_said_as_the_standard_library_says_it(language: str) -> None:
    content = Path(i18n.LOCALE_FOLDER, language, "LC_MESSAGES", "pdca.mo").read_bytes()
    standard, ours = gettext.GNUTranslations(BytesIO(content)), CompiledTexts(content)
    every = of(standard)
    assert len(every) > 1_000
    for one in every:
        text = one if isinstance(one, str) else one[0]
        assert ours.gettext(text) == standard.gettext(text)
        if not isinstance(one, str):
            for count in COUNTS:
                assert ours.ngettext(text, "", count) == standard.ngettext(text, "", count)


texts = st.text(st.characters(exclude_characters="\0\x04", exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(
    plain=st.dictionaries(texts, texts, max_size=20),
    counted=st.dictionaries(texts, texts, max_size=5),
    locale=st.sampled_from(["nl", "fr", "pl", "ar", "ja"]),
    asked=st.lists(texts, max_size=5),
)
def test_any_catalogue_says_what_the_standard_library_says(
    plain: dict[str, str], counted: dict[str, str], locale: str, asked: list[str]
) -> None:
    forms = Catalog(locale=locale).num_plurals
    several = [((text, f"{text}s"), [f"{said} {form}" for form in range(forms)]) for text, said in counted.items()]
    content = compiled([*((one, said) for one, said in plain.items() if one not in counted), *several], locale)
    standard, ours = gettext.GNUTranslations(BytesIO(content)), CompiledTexts(content)
    for text in (*plain, *counted, *asked):
        if text not in counted:
            assert ours.gettext(text) == standard.gettext(text)
        if text not in plain:
            for count in COUNTS:
                assert ours.ngettext(text, f"{text}s", count) == standard.ngettext(text, f"{text}s", count)


def test_what_is_no_unicode_is_given_back_as_it_came() -> None:
    assert CompiledTexts(compiled([("a", "b")], "nl")).gettext("caf\udce9") == "caf\udce9"


@pytest.mark.parametrize("content", [b"", b"\xde", b"no catalogue, however long it may be"])
def test_what_is_no_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="catalogue"):
        CompiledTexts(content)
