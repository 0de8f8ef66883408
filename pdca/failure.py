"""Why a report or a message did not go: kept as a text with what fills it, and told in the language of its reader.

What somebody else said, as a mail server, is kept and told as it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from pdca.errors import PdcaError
from pdca.i18n import _, localized
from pdca.store.jsontext import from_json, to_json

LONGEST_ERROR: Final = 300
"""A mail server may answer at length; so many characters of it are kept."""

_AS_IT_IS: Final = "%(reason)s"


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` is stable; `text` is an English %-template, the key of its translation, and `params` fills it.

    What fills it may be a text in several languages, or another failure as it is kept.
    """

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """Say what an error says; one that is not ours, or does not keep its text, is told as it is."""
        if not isinstance(error, PdcaError):
            from pdca.notify.lines import one_line  # who only tells what is kept loads nothing that makes a message

            return cls("unexpected", _AS_IT_IS, {"reason": _cut(one_line(f"{type(error).__name__}: {error}"))})
        if error.filling is None:
            return cls(error.code, _AS_IT_IS, {"reason": _cut(error.message)})
        return cls(error.code, error.text, {name: _filling(value) for name, value in error.filling.items()})

    def stored(self) -> str:
        """Write it as it is kept."""
        params = {name: _filling(value) for name, value in self.params.items()}
        return to_json({"code": self.code, "text": self.text, "params": params})

    def __str__(self) -> str:
        return in_words(self.stored())


Reason: TypeAlias = Failure | str
"""What this program says, or what somebody else said."""


def kept(reason: Reason) -> str:
    """Write a reason as it is kept."""
    return reason.stored() if isinstance(reason, Failure) else _cut(reason)


def in_words(stored: str) -> str:
    """Tell what is kept in the language spoken."""
    said = _read(stored)
    if said is None:
        return stored
    text, params = said["text"], said["params"]
    return str(_(text) % {name: _told(value) for name, value in params.items()})


def code_of(stored: str) -> str | None:
    """Give the code of what is kept; None when it is what somebody else said."""
    said = _read(stored)
    return None if said is None else str(said["code"])


def reworded(stored: str, change: Callable[[str], str]) -> str:
    """Give what is kept with what fills it changed; words of the program stay, what somebody else said is changed."""
    said = _read(stored)
    if said is None:
        return change(stored)
    return to_json({**said, "params": {name: _reworded(value, change) for name, value in said["params"].items()}})


def _reworded(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - whatever fills a text
    match value:
        case int():
            return value
        case Mapping():
            return {language: change(str(text)) for language, text in value.items()}
        case _:
            return reworded(str(value), change)


def _read(stored: str) -> dict[str, Any] | None:
    # What others said never begins so: with the code of their answer, or with where they are.
    if not stored.startswith('{"code":'):
        return None
    try:
        said = from_json(stored)
    except ValueError:
        return None
    return said if isinstance(said, dict) and set(said) == {"code", "params", "text"} else None


def _told(value: Any) -> str | int:  # noqa: ANN401 - whatever fills a text
    match value:
        case int():
            return value
        case Mapping():
            return localized(value)
        case _:
            return in_words(str(value))


def _filling(value: object) -> object:
    match value:
        case Failure():
            return value.stored()
        case int():
            return value
        case str() if _read(value):
            return value
        case Mapping():
            return {language: _cut(str(text)) for language, text in value.items()}
        case _:
            return _cut(str(value))


def _cut(text: str) -> str:
    return text[:LONGEST_ERROR]
