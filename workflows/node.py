"""A value inside a parsed TOML document that knows where it stands, so that every complaint names its place."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Final, Self, TypeVar

_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_T = TypeVar("_T")


class DefinitionError(Exception):
    """A definition that cannot be read: `where` is the file, `path` the key path (`states[2].label.nl`)."""

    def __init__(self, where: str, path: str, message: str, hint: str) -> None:
        super().__init__(f"{where}: {path}: {message} {hint}" if path else f"{where}: {message} {hint}")
        self.where = where
        self.path = path
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Node:
    """A TOML table under its key path; each method reads one key and refuses what does not fit (DefinitionError)."""

    where: str
    path: str
    table: dict[str, object]
    _read: set[str] = field(default_factory=set)

    def at(self, key: str) -> str:
        """The key path of a key of this table."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, message: str, hint: str) -> DefinitionError:
        """The complaint about a key of this table, to be raised."""
        return DefinitionError(self.where, self.at(key), message, hint)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.table

    def _value(self, key: str, kind: type[_T], name: str) -> _T:
        self._read.add(key)
        if key not in self.table:
            raise self.fail(key, "This key is missing.", f"Give {name}.")
        value = self.table[key]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fail(key, f"{value!r} does not fit here.", f"Give {name}.")
        return value

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self._value(key, str, "a text")
        if not value.strip():
            raise self.fail(key, "The text is empty.", "Give a text.")
        return value

    def identifier(self, key: str) -> str:
        """A name of lower-case letters, digits and underscores that begins with a letter."""
        value = self._value(key, str, "a name")
        if _ID.fullmatch(value) is None:
            raise self.fail(key, f"“{value}” is not a name.", "Use lower-case letters, digits and underscores.")
        return value

    def choice(self, key: str, allowed: Iterable[str]) -> str:
        """One of the words allowed here."""
        value = self._value(key, str, "a word")
        if value not in allowed:
            raise self.fail(key, f"“{value}” is not known here.", f"Use one of: {', '.join(allowed)}.")
        return value

    def number(self, key: str, minimum: int) -> int:
        """A whole number of at least `minimum`."""
        value = self._value(key, int, "a whole number")
        if value < minimum:
            raise self.fail(key, f"{value} is too small.", f"Give a whole number of at least {minimum}.")
        return value

    def clock(self, key: str) -> time:
        """A time of day written as "09:00"."""
        value = self._value(key, str, 'a time such as "09:00"')
        if re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value) is None:
            raise self.fail(key, f"“{value}” is not a time of day.", 'Give a time such as "09:00".')
        return time.fromisoformat(value)

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts, each given once; () when the key is absent."""
        if not self.has(key):
            return ()
        values = self._value(key, list, "a list of texts")
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) != len(values):
            raise self.fail(key, "Something in this list is not a text.", "Give a list of texts.")
        if len(set(texts)) != len(texts):
            raise self.fail(key, "Something stands twice in this list.", "Name each once.")
        return texts

    def localized(self, key: str) -> dict[str, str]:
        """A table of language code to text."""
        child = self.child(key)
        return {language: child.text(language) for language in child.table}

    def child(self, key: str) -> Self:
        """The table under the key."""
        return type(self)(self.where, self.at(key), self._value(key, dict, "a table"))

    def children(self, key: str) -> Iterator[Self]:
        """The tables of the list under the key, in order; none when the key is absent."""
        if not self.has(key):
            return
        for index, value in enumerate(self._value(key, list, f"tables, each under [[{key}]]")):
            path = f"{self.at(key)}[{index}]"
            if not isinstance(value, dict):
                raise DefinitionError(self.where, path, f"{value!r} does not fit here.", "Give a table.")
            node = type(self)(self.where, path, value)
            yield node
            node.done()

    def done(self) -> None:
        """Refuse the keys that nobody has read."""
        for key in self.table:
            if key not in self._read:
                known = ", ".join(sorted(self._read))
                raise self.fail(key, "This key is not known here.", f"Known keys: {known}.")
