"""Where each key and value of a TOML text stands; the standard library reads TOML and forgets the places.

The text has been accepted by `tomllib` before, so nothing is refused here: brackets match and every string ends.
"""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Final

from workflows.problem import Mark, Path

_SPACE: Final = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR: Final = re.compile(r"[^,\]}\n#]+")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|' + r"'''.*?'{3,5}(?!')|" + r'"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'", re.DOTALL
)


@dataclass(slots=True)
class Places:
    """The spans of the keys and values of one text, by path."""

    text: str
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def mark(self, path: Path, *, at_key: bool = False) -> Mark:
        """The mark of a value or of its key; of what stands around it when it is not there itself."""
        if at_key and path in self.keys:
            return self.mark_of(*self.keys[path])
        around = path
        while around and around not in self.values:
            around = around[:-1]
        return self.mark_of(*self.values[around]) if around else self._beginning()

    def mark_of(self, start: int, end: int) -> Mark:
        """The mark of the characters from `start` up to `end`, cut off at the end of the line."""
        line_end = self.text.find("\n", start)
        line_end = len(self.text) if line_end < 0 else line_end
        line_start = self.text.rfind("\n", 0, start) + 1
        return Mark(self.text.count("\n", 0, start) + 1, start - line_start + 1, max(0, min(end, line_end) - start))

    def _beginning(self) -> Mark:
        return min((self.mark_of(*span) for span in self.keys.values()), key=_order, default=Mark(1, 1))


def _order(mark: Mark) -> tuple[int, int]:
    return mark.line, mark.column


def locate(text: str) -> Places:
    """Find the place of every key and value of a text that is TOML; its lines end in newlines alone."""
    return _Scan(text).run()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Places(text)
        self.items: dict[Path, int] = {}

    def run(self) -> Places:
        here: Path = ()
        while self._skip():
            if self.text.startswith("[", self.at):
                here = self._header()
            else:
                self._pair(here)
        return self.found

    def _skip(self) -> bool:
        """Pass over space, line ends and comments; whether anything is left."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _passes(self, word: str) -> bool:
        self._skip()
        if not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True

    def _header(self) -> Path:
        start = self.at
        several = self._passes("[[")
        if not several:
            self._passes("[")
        keys = self._keys()
        self._passes("]]" if several else "]")
        path: Path = ()
        for name, span in keys:
            # A header goes into the latest item of each list that it passes.
            path = (*path, name) if path not in self.items else (*path, self.items[path], name)
            self.found.keys.setdefault(path, span)
            self.found.values.setdefault(path, (start, self.at))
        if several:
            self.items[path] = self.items.get(path, -1) + 1
        if path in self.items:
            path = (*path, self.items[path])
            self.found.keys.setdefault(path, keys[-1][1])
            self.found.values.setdefault(path, (start, self.at))
        return path

    def _keys(self) -> list[tuple[str, tuple[int, int]]]:
        keys = [self._key()]
        while self._passes("."):
            keys.append(self._key())
        return keys

    def _key(self) -> tuple[str, tuple[int, int]]:
        self._skip()
        start = self.at
        bare = _BARE_KEY.match(self.text, start)
        match = bare or _STRING.match(self.text, start)
        self.at = match.end() if match else len(self.text)
        written = self.text[start : self.at]
        name = written if bare else str(tomllib.loads(f"key = {written}")["key"])
        return name, (start, self.at)

    def _pair(self, here: Path) -> None:
        keys = self._keys()
        path = here
        for name, span in keys:
            path = (*path, name)
            self.found.keys.setdefault(path, span)
            self.found.values.setdefault(path, span)
        self._passes("=")
        self._value(path)

    def _value(self, path: Path) -> None:
        self._skip()
        start = self.at
        if self.text.startswith(("[", "{"), start):
            self._container(path, "]" if self.text[start] == "[" else "}")
        else:
            match = _STRING.match(self.text, start) or _SCALAR.match(self.text, start)
            written = match[0].rstrip() if match else self.text[start:]
            self.at = start + max(len(written), 1)
        self.found.values[path] = (start, self.at)

    def _container(self, path: Path, close: str) -> None:
        self.at += 1
        index = 0
        while self.at < len(self.text) and not self._passes(close):
            if close == "]":
                self._value((*path, index))
                index += 1
            else:
                self._pair(path)
            self._passes(",")
