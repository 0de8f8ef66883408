"""What is missing: one unmet need, in words a project lead understands, with the command that mends it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from workflows.method import Localized, pick

N_ = str
"""Marks a text for extraction into the catalogues; it is translated when it is shown."""

Param = str | int | Localized
"""What fills a place in a text: a text in several languages is shown in the reader's."""

EDIT: Final = "pdca plan edit %(plan)s"
"""The command that changes whatever the project group writes."""


RECORD: Final = (
    "pdca evaluation record %(evaluation)s --verdict … --process … --effect … --due-to … --attribution … --evidence … "
    "--deployed …"
)
"""The command that records an evaluation; the indicators come on top."""


class Need(NamedTuple):
    """One thing that is missing, and what to do about it.

    `code` is stable and kebab-case; `text` is an English %-template, the key of its translation; `params` fills it;
    `hint` is English without placeholders. `command` is the command line that mends it, a %-template filled by the
    same `params`; "…" and words in capitals stand for what only the reader knows.
    """

    code: str
    text: str
    params: Mapping[str, Param] = MappingProxyType({})
    hint: str = ""
    command: str = ""

    def words(self, language: str = "en", translate: Callable[[str], str] = str) -> str:
        """The text filled in; `translate` maps the English template to that of `language`."""
        return filled(translate(self.text), self.params, language)

    def command_line(self) -> str | None:
        """The command that mends it, None when no command does."""
        return self.command % self.params if self.command else None


def filled(template: str, params: Mapping[str, Param], language: str) -> str:
    """A %-template with its places filled, in `language` where there is a choice."""
    return template % {
        key: pick(value, language) if isinstance(value, Mapping) else value for key, value in params.items()
    }


def blank(text: str | None) -> bool:
    """Whether a text says nothing."""
    return text is None or not text.strip()


def distinct(texts: tuple[str, ...]) -> int:
    """How many different texts there are, whatever the case; blank ones do not count."""
    return len({text.strip().casefold() for text in texts if text.strip()})
