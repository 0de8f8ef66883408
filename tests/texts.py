"""Brings the Dutch and French catalogues up to date with the texts in the source (`./dev texts`).

A text that is new is added empty, one that is gone is left out, and all stand in one order, so that two changes made
at once can be joined. French gets its spaces that do not break, inside « … » and before : ; ? and !, whoever typed
them. What is still to be translated is printed.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PACKAGES = ("pdca", "scheduler", "workflows")
LANGUAGES = ("fr", "nl")

_INSIDE_QUOTES = re.compile(r"(?<=«)[ \u00a0\u202f]+|[ \u00a0\u202f]+(?=»)|(?<=«)(?=\S)|(?<=[^\s«])(?=»)")
_BEFORE_HIGH_MARK = re.compile(r"[ \u202f](?=[:;?!](?:[\s)]|$))")


def said() -> Catalog:
    """Give every text that the source marks with `_`, `N_`, `gettext` or `ngettext`, with the places it stands at."""
    catalogue = Catalog()
    for package in PACKAGES:
        for file, line, texts, comments, context in extract_from_dir(ROOT / package):
            catalogue.add(texts, "", [(f"{package}/{file}", line)], auto_comments=comments, context=context)
    return catalogue


def file_of(language: str) -> Path:
    """Give the catalogue's file."""
    return ROOT / "pdca" / "locale" / language / "LC_MESSAGES" / "pdca.po"


def translated(language: str) -> Catalog:
    """Give the catalogue of a language as it stands in its file."""
    with file_of(language).open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def brought_up_to_date(language: str, texts: Catalog) -> tuple[bytes, list[str]]:
    """Give the catalogue as its file should be, and what is not translated yet."""
    catalogue = translated(language)
    # The first paragraph names the language and its plurals; Babel would add dates to it.
    header, _, _ = file_of(language).read_bytes().partition(b"\n\n")
    catalogue.update(texts, no_fuzzy_matching=True, update_header_comment=False)
    if language == "fr":
        for message in catalogue:
            if message.id:
                forms = message.string
                message.string = tuple(map(spaced, forms)) if isinstance(forms, tuple) else spaced(str(forms))
    target = BytesIO()
    write_po(target, catalogue, omit_header=True, no_location=True, sort_output=True, ignore_obsolete=True)
    lacking = [
        str(message.id)
        for message in catalogue
        if message.id and not all(message.string if isinstance(message.string, tuple) else (message.string,))
    ]
    return header + b"\n\n" + target.getvalue().strip() + b"\n", lacking


def spaced(french: str) -> str:
    """Put spaces that do not break where French typography has a space before or after a mark."""
    return _BEFORE_HIGH_MARK.sub("\u00a0", _INSIDE_QUOTES.sub("\u00a0", french))


def main() -> int:
    """Write the catalogues; 1 when something is not translated."""
    texts, empty = said(), 0
    for language in LANGUAGES:
        content, lacking = brought_up_to_date(language, texts)
        file_of(language).write_bytes(content)
        empty += len(lacking)
        for text in lacking:
            sys.stdout.write(f"{language}: {text}\n")
    return min(empty, 1)


if __name__ == "__main__":
    sys.exit(main())
