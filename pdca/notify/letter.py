"""What a message consists of, before it is plain text or a page: its parts, in their order."""

import re
from dataclasses import dataclass
from typing import Final

from pdca.notify.lines import quoted

WIDTH: Final = 76
"""A line of plain text that no mail program breaks again."""

_BLANKS: Final = re.compile(r"[\t\n\v\f\r ]+")
"""Where a line may end; not at the spaces that do not break."""

NOTE: Final = "note"
"""That something is simulated or assumed."""
HEADING: Final = "heading"
PARAGRAPH: Final = "paragraph"
QUOTE: Final = "quote"
"""The words of a user, with their lines."""
COMMAND: Final = "command"
PRESSING: Final = "pressing"
"""By when something is to be done."""
WHY: Final = "why"
FOOT: Final = "foot"
"""By whom and under which number it was sent; in plain text the mark of a signature leads it in."""
REMARK: Final = "remark"
"""What is read last: why somebody is told one of several things, and what the checkpoint is for."""
CHECKPOINT: Final = "checkpoint"
"""A signed note, as it is stored: nothing of it may be changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `kind` is one of the constants above, `text` is not yet broken into lines."""

    kind: str
    text: str

    def plain(self) -> str:
        """Write the part as lines of plain text, without the last line end."""
        match self.kind:
            case "quote":
                return quoted(self.text)
            case "command":
                # A line that goes on with the one before is set in by itself.
                return "\n".join(line if line.startswith(" ") else f"    {line}" for line in self.text.split("\n"))
            case "heading":
                lines = _filled(self.text)
                return f"{lines}\n{'-' * max(map(len, lines.split(chr(10))))}"
            case "foot":
                return f"-- \n{_filled(self.text)}"
            case "checkpoint":
                return self.text.rstrip("\n")
            case _:
                return _filled(self.text)


@dataclass(frozen=True, slots=True)
class Text:
    """A message in words: its subject (one line), its parts, the language of both, and from which organisation."""

    subject: str
    parts: tuple[Part, ...]
    language: str
    organisation: str

    @property
    def body(self) -> str:
        """The whole message as plain text."""
        return "\n\n".join(part.plain() for part in self.parts if part.text) + "\n"


def _filled(text: str) -> str:
    """Break a text into lines; what is longer than a line and has no space in it stands by itself."""
    rest = _BLANKS.sub(" ", text).strip(" ")
    lines = []
    while len(rest) > WIDTH:
        end = rest.rfind(" ", 0, WIDTH + 1)
        end = end if end > 0 else rest.find(" ")
        if end < 0:
            break
        lines.append(rest[:end])
        rest = rest[end + 1 :]
    return "\n".join((*lines, rest))
