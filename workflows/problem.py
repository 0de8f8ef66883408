"""One thing wrong with a definition: what it is, where in the definition, and what would fit there."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from workflows.need import N_

Path = tuple[str | int, ...]
"""Where something stands in a definition: keys, and numbers of list items from 0."""


class Mark(NamedTuple):
    """A line and a column, both from 1, and how many characters from there on that line are meant (0: nobody knows)."""

    line: int
    column: int
    length: int = 0


_MEANT: Final = N_("Did you mean “%(name)s”?")


class Problem(NamedTuple):
    """A problem with a stable kebab-case `code`; `text` and `hint` are English %-templates, filled by `params`.

    `at_key` says that the key is meant and not its value. `wrote` is the word that was not understood, `known` those
    that would have been. `other` is the second place of a problem that has two. With a `warning` a method can run.
    """

    code: str
    path: Path
    text: str
    hint: str
    params: Mapping[str, str | int] = MappingProxyType({})
    at_key: bool = False
    wrote: str = ""
    known: tuple[str, ...] = ()
    other: Path | None = None
    warning: bool = False

    @property
    def nearest(self) -> str | None:
        """The known word that is most like the one written; None when none is."""
        # Imported here: a definition without problems never needs it.
        from difflib import get_close_matches

        known = {word.lower(): word for word in self.known}
        return known[near[0]] if (near := get_close_matches(self.wrote.lower(), known, n=1)) else None

    def words(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong; `translate` maps an English template to that of another language."""
        return translate(self.text) % self.params

    def advice(self, translate: Callable[[str], str] = str) -> str:
        """What to do about it, the nearest known word first."""
        nearest = self.nearest
        meant = [translate(_MEANT) % {"name": nearest}] if nearest else []
        return " ".join([*meant, translate(self.hint) % self.params] if self.hint else meant)


def unknown(kind: str, path: Path, wrote: str, known: Iterable[str], *, at_key: bool = False) -> Problem:
    """The problem of a word that is not among those known; `kind` is one of `KINDS` and makes the code."""
    words = tuple(known)
    return Problem(
        f"unknown-{kind}",
        path,
        KINDS[kind],
        N_("Use one of: %(known)s.") if words else "",
        {"word": wrote, "known": ", ".join(words)},
        at_key=at_key,
        wrote=wrote,
        known=words,
    )


KINDS: Final[Mapping[str, str]] = {
    "key": N_("The key “%(word)s” is not known here."),
    "state": N_("There is no state “%(word)s”."),
    "phase": N_("There is no phase “%(word)s”."),
    "deadline": N_("There is no kind of deadline “%(word)s”."),
    "anchor": N_("There is no anchor “%(word)s”."),
    "role": N_("There is no role “%(word)s”."),
    "guard": N_("There is no guard “%(word)s”."),
    "effect": N_("There is no effect “%(word)s”."),
    "level": N_("There is no kind of level “%(word)s”."),
    "recipient": N_("There is no recipient “%(word)s”."),
    "roll": N_("There is no way “%(word)s” to move a date."),
    "part": N_("A rule has no part “%(word)s”."),
    "subdivision": N_("The country has no part “%(word)s”."),
}
"""What is said of an unknown word, by the kind of thing that it should have named."""


def field_name(path: Path) -> str:
    """Write a path as people do: `states[2].label.nl`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name
