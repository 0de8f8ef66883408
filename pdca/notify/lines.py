"""Making text that users wrote harmless in a message: it can neither begin a line of ours nor turn one around."""

import unicodedata
from typing import Final

# The controls that make a text run the other way: with them a title could show other words than it holds.
_TURNING: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """Bring a text to one line: control characters and line ends become spaces, spaces are single.

    What a mail program would take for an encoded word (RFC 2047) is broken up, so that nothing hides in it.
    """
    # Most texts hold nothing but what is printed, and are not looked at letter by letter.
    harmless = text if text.isprintable() else "".join(" " if _unwanted(one) else one for one in text)
    return " ".join(harmless.split()).replace("=?", "= ?")


def quoted(text: str) -> str:
    """Set a text of several lines apart by `> `, as mail does with the words of others."""
    lines = [one_line(line) for line in text.strip().splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def shortened(text: str, longest: int) -> str:
    """Cut a text to so many characters, with … for what is left out."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _unwanted(character: str) -> bool:
    return unicodedata.category(character) in _CONTROL or character in _TURNING
