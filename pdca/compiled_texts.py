"""The texts of one language in a compiled catalogue, looked up where they stand.

A catalogue holds thousands of texts and a command says a few dozen; the standard library reads them all to begin with.
The form is that of GNU gettext (its manual, “The Format of GNU MO Files”): a table of the texts in order, one of their
translations, and after a text that depends on a number, its plural behind a NUL.
"""

import gettext as standard
from collections.abc import Callable
from functools import cached_property
from struct import unpack_from
from typing import Final

MAGIC: Final = 0x950412DE


class CompiledTexts:
    """The texts of one language; of a text that it has not, it gives the text itself, as the standard library does."""

    def __init__(self, content: bytes) -> None:
        """Take the content of a `.mo` file; raises ValueError for anything else."""
        self._order = {MAGIC.to_bytes(4, "little"): "<", MAGIC.to_bytes(4, "big"): ">"}.get(content[:4], "")
        if not self._order:
            message = "not a compiled catalogue"
            raise ValueError(message)
        self._content = content
        self._count, self._texts, self._translations = unpack_from(f"{self._order}3I", content, 8)
        self._found: dict[str, list[str] | None] = {}

    def gettext(self, message: str, /) -> str:
        """Translate a text, or give it back."""
        found = self._forms(message)
        return found[0] if found else message

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        """Translate a text that depends on a number, or choose the English form."""
        found = self._forms(singular)
        if not found:
            return singular if count == 1 else plural
        return found[self._form_of(count)]

    def _forms(self, message: str) -> list[str] | None:
        if message not in self._found:
            # What came in from outside may be no Unicode, and is no text of ours.
            self._found[message] = self._looked_up(message.encode(errors="surrogatepass"))
        return self._found[message]

    def _looked_up(self, wanted: bytes) -> list[str] | None:
        first, last = 0, self._count
        while first < last:
            middle = (first + last) // 2
            if self._at(self._texts, middle).partition(b"\0")[0] < wanted:
                first = middle + 1
            else:
                last = middle
        if first == self._count or self._at(self._texts, first).partition(b"\0")[0] != wanted:
            return None
        return self._at(self._translations, first).decode().split("\0")

    def _at(self, table: int, number: int) -> bytes:
        length, begin = unpack_from(f"{self._order}2I", self._content, table + 8 * number)
        return self._content[begin : begin + length]

    @cached_property
    def _form_of(self) -> Callable[[int], int]:
        """Tell which form a number asks for: the header, the translation of nothing, says so in C."""
        header = self.gettext("").lower()
        rule = header.partition("plural-forms:")[2].partition("plural=")[2].partition(";")[0]
        found: Callable[[int], int] = standard.c2py(rule or "n != 1")
        return found
