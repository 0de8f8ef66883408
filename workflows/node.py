"""A table of a parsed definition: each method reads one key, and notes as a problem what does not fit.

Reading goes on after a problem, with a value that stands for the one that is missing (`""`, 0, ()), so that all
problems of a file are found at once. What was read from a table with problems is not to be used for more than that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from typing import Final, Self, TypeVar

from workflows.need import N_
from workflows.problem import Path, Problem, unknown

_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_LONGEST_VALUE: Final = 40
_LARGEST_NUMBER: Final = 36_500
_T = TypeVar("_T")

_A_TEXT: Final = N_("Give a text between quotes.")
_A_NAME: Final = N_("Use lower-case letters, digits and underscores, a letter first.")
_A_NUMBER: Final = N_("Give a whole number from %(minimum)s to %(maximum)s.")
_A_TRUTH: Final = N_("Write true or false.")
_A_TIME: Final = N_('Give a time such as "09:00".')
_A_LIST: Final = N_('Give a list of texts, such as ["one", "other"].')
_NUMBERS: Final = N_("Give a list of whole numbers, such as [30, 7].")
_A_TABLE: Final = N_('Give a table, such as { nl = "…", fr = "…" }.')
_TABLE: Final = N_("Give a table: %(key)s = { … }.")
_SECTION: Final = N_("Write it as a table of its own, under [%(key)s].")
_TABLES: Final = N_("Write each as a table of its own, under [[%(key)s]].")


class Node:
    """A TOML table and its path; `found` takes the problems of the whole document."""

    __slots__ = ("_read", "found", "path", "table")

    def __init__(self, path: Path, table: Mapping[str, object], found: list[Problem]) -> None:
        self.path = path
        self.table = table
        self.found = found
        self._read: set[str] = set()

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.table

    def _complain(
        self, code: str, path: Path, text: str, hint: str, params: Mapping[str, str | int] | None = None
    ) -> None:
        self.found.append(Problem(code, path, text, hint, params or {}))

    def _value(self, key: str, kind: type[_T], hint: str, params: Mapping[str, str | int] | None = None) -> _T | None:
        self._read.add(key)
        path = (*self.path, key)
        named = {"key": key, **(params or {})}
        if key not in self.table:
            self._complain("missing-key", path, N_("The key “%(key)s” is missing."), hint, named)
            return None
        value = self.table[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self._wrong_type(path, value, hint, named)
            return None
        return value

    def _wrong_type(self, path: Path, value: object, hint: str, params: Mapping[str, str | int]) -> None:
        text = N_("%(value)s does not fit here.")
        self._complain("wrong-type", path, text, hint, {**params, "value": shown(value)})

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self._value(key, str, _A_TEXT)
        if value is not None and not value.strip():
            self._complain("empty-text", (*self.path, key), N_("The text is empty."), _A_TEXT)
        return value or ""

    def identifier(self, key: str) -> str:
        """A name of lower-case letters, digits and underscores that begins with a letter."""
        value = self._value(key, str, _A_NAME)
        if value is not None and _ID.fullmatch(value) is None:
            text = N_("“%(word)s” is not a name.")
            self._complain("bad-name", (*self.path, key), text, _A_NAME, {"word": value})
        return value or ""

    def choice(self, key: str, kind: str, known: Iterable[str]) -> str:
        """One of the words known here; `kind` says what it names (`problem.KINDS`)."""
        words = tuple(known)
        value = self._value(key, str, N_("Use one of: %(known)s."), {"known": ", ".join(words)})
        if value is not None and value not in words:
            self.found.append(unknown(kind, (*self.path, key), value, words))
        return value or ""

    def number(self, key: str, minimum: int) -> int:
        """A whole number of at least `minimum`, and at most as many days as a century has."""
        span = {"minimum": minimum, "maximum": _LARGEST_NUMBER}
        value = self._value(key, int, _A_NUMBER, span)
        if value is None:
            return minimum
        if not minimum <= value <= _LARGEST_NUMBER:
            text = N_("%(value)s is too small.") if value < minimum else N_("%(value)s is too large.")
            code = "too-small" if value < minimum else "too-large"
            self._complain(code, (*self.path, key), text, _A_NUMBER, {**span, "value": shown(value)})
        return value

    def optional_number(self, key: str, minimum: int) -> int | None:
        """A whole number as `number` reads it; None when the key is absent."""
        if not self.has(key):
            self._read.add(key)
            return None
        return self.number(key, minimum)

    def numbers(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers; () when the key is absent."""
        if not self.has(key):
            self._read.add(key)
            return ()
        found = []
        for index, value in enumerate(self._value(key, list, _NUMBERS) or []):
            if isinstance(value, int) and not isinstance(value, bool):
                found.append(value)
            else:
                self._wrong_type((*self.path, key, index), value, _NUMBERS, {})
        return tuple(found)

    def optional_truth(self, key: str) -> bool:
        """Whether something holds; it does not when the key is absent."""
        if not self.has(key):
            self._read.add(key)
            return False
        return self._value(key, bool, _A_TRUTH) or False

    def clock(self, key: str) -> time:
        """A time of day written as "09:00"."""
        value = self._value(key, str, _A_TIME)
        if value is None:
            return time()
        if _CLOCK.fullmatch(value) is None:
            text = N_("“%(word)s” is not a time of day.")
            self._complain("bad-time", (*self.path, key), text, _A_TIME, {"word": value})
            return time()
        return time.fromisoformat(value)

    def words(self, key: str, *, optional: bool = True) -> tuple[str, ...]:
        """A list of texts, each given once; () when the key is absent and may be."""
        if optional and not self.has(key):
            self._read.add(key)
            return ()
        values = self._value(key, list, _A_LIST) or []
        seen: dict[str, int] = {}
        for index, value in enumerate(values):
            path = (*self.path, key, index)
            if not isinstance(value, str):
                self._wrong_type(path, value, _A_LIST, {})
            elif value in seen:
                text = N_("“%(word)s” stands here more than once.")
                first = (*self.path, key, seen[value])
                self.found.append(Problem("duplicate-entry", path, text, _ONCE, {"word": value}, other=first))
            else:
                seen[value] = index
        # A place is kept for what does not fit, so that the numbers of the others stay what they are in the file.
        return tuple(value if isinstance(value, str) else "" for value in values)

    def localized(self, key: str) -> dict[str, str]:
        """A table of language code to text."""
        child = self.child(key)
        return {} if child is None else child.texts()

    def texts(self) -> dict[str, str]:
        """The table itself as language code to text."""
        for language in self.table:
            if _LANGUAGE.fullmatch(language) is None:
                text, hint = N_("“%(word)s” is not a language code."), N_("Use a code such as nl, fr or en.")
                path = (*self.path, language)
                self.found.append(Problem("bad-language", path, text, hint, {"word": language}, at_key=True))
        return {language: self.text(language) for language in self.table}

    def child(self, key: str, *, optional: bool = False) -> Self | None:
        """The table under the key; None when there is none."""
        if optional and not self.has(key):
            self._read.add(key)
            return None
        table = self._value(key, dict, _TABLE if self.path else _SECTION)
        return None if table is None else self._at((*self.path, key), table)

    def children(self, key: str) -> Iterator[Self]:
        """The tables of the list under the key, in order; none when the key is absent."""
        self._read.add(key)
        if not self.has(key):
            return
        for index, value in enumerate(self._value(key, list, _TABLES) or []):
            path = (*self.path, key, index)
            if isinstance(value, dict):
                node = self._at(path, value)
                yield node
                node.done()
            else:
                self._wrong_type(path, value, _TABLES, {"key": key})

    def _at(self, path: Path, table: Mapping[str, object]) -> Self:
        return type(self)(path, table, self.found)

    def done(self) -> None:
        """Complain of the keys that nobody has read."""
        for key in self.table:
            if key not in self._read:
                self.found.append(unknown("key", (*self.path, key), key, sorted(self._read), at_key=True))


_ONCE: Final = N_("Name each once.")


def shown(value: object) -> str:
    """A value of the file on one line, as it is written there."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"
