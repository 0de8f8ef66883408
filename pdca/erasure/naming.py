"""Texts that name a person: finding them, and putting a mark in the place of the name."""

import json
import re
from collections.abc import Iterable
from typing import Final

ERASED: Final = "[erased]"
"""Stands where something personal was; the same in every language, for it is stored."""


class Naming:
    """What a person was called: every name and address he or she ever had here.

    A text names the person when it holds one of them as whole words, whatever the capitals. Handles and logins are
    common words too often: they count only where they are the whole text, as a login is that no person had then.
    """

    def __init__(self, names: Iterable[str], labels: Iterable[str] = ()) -> None:
        spellings = {spelt for name in names if name.strip() for spelt in _spellings(name)}
        longest_first = sorted(spellings, key=lambda one: (-len(one), one))
        inside = "|".join(re.escape(one) for one in longest_first)
        # In JSON the letter before a name may be that of an escape such as \n.
        before = r"(?:(?<!\w)|(?<=\\[bfnrt]))"
        self._pattern = re.compile(rf"{before}(?:{inside})(?!\w)", re.IGNORECASE) if inside else None
        self._labels = frozenset(label for label in labels if label)

    def found_in(self, text: str) -> bool:
        """Tell whether a text names the person."""
        return text in self._labels or bool(self._pattern and self._pattern.search(text))

    def taken_out_of(self, text: str) -> str:
        """Give the text with the mark in the place of the person's name and address."""
        return ERASED if text in self._labels else self.name_taken_out_of(text)

    def name_taken_out_of(self, text: str) -> str:
        """Give a part of something larger so: there a whole text that is a login may be any word."""
        return self._pattern.sub(ERASED, text) if self._pattern else text


def _spellings(name: str) -> set[str]:
    """Spell a name as it stands in a text, in JSON, in a page, and in JSON that holds pages."""
    # Imported here: it carries every entity of HTML, and whoever reads only wants the mark.
    import html

    as_page = html.escape(name)
    # Templates write the apostrophe by another number than the standard library.
    pages = {as_page, as_page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")}
    return {name, *pages, *(json.dumps(one, ensure_ascii=False)[1:-1] for one in (name, *pages))}
