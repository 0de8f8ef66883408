"""Why a report could not be handed over: kept as a text with what fills it, and told in the language of its reader."""

from dataclasses import dataclass, field
from typing import Final

from pdca.delivery import LONGEST_ERROR
from pdca.errors import PdcaError
from pdca.i18n import _
from pdca.notify.lines import one_line
from pdca.store.jsontext import from_json, to_json

_AS_IT_IS: Final = "%(reason)s"


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` is stable; `text` is an English %-template, the key of its translation, and `params` fills it."""

    code: str
    text: str
    params: dict[str, str] = field(hash=False)

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        """Say what an error says; one that is not ours, or does not keep its text, is told as it is."""
        if not isinstance(error, PdcaError):
            return cls("unexpected", _AS_IT_IS, {"reason": _cut(one_line(f"{type(error).__name__}: {error}"))})
        if error.filling is None:
            return cls(error.code, _AS_IT_IS, {"reason": _cut(error.message)})
        return cls(error.code, error.text, {name: _cut(str(value)) for name, value in error.filling.items()})

    def stored(self) -> str:
        """Write it as a column of a report."""
        return to_json({"code": self.code, "text": self.text, "params": self.params})


def in_words(stored: str) -> str:
    """Tell a failure, as it is stored, in the language spoken."""
    said = from_json(stored)
    text, params = said["text"], said["params"]
    return str(_(text) % params)


def _cut(text: str) -> str:
    return text[:LONGEST_ERROR]
