"""A note found again in what somebody copied: a mail as it was saved, its text or its foot; quoted, or broken anew."""

import re
from typing import Final

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.encoded import decode
from pdca.audit.notes import NoteError, text_of

_QUOTED: Final = re.compile(r"^[\s>|]+|\s+$")
_SIGNATURE: Final = re.compile(r"[—-]{1,2} (\S+)(?: (\S+))?")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_LINES_OF_A_CHECKPOINT: Final = 3
SHORTEST_SIGNATURE: Final = 4 + 64
"""The id of a key, and what Ed25519 signs with."""


def note_in(copied: str) -> str:
    """Give the last checkpoint that stands in a text, as the note it was before it was copied.

    A text that is a note, or in which none is found, is given back as it is. Nothing is verified by that.
    """
    try:
        # A whole letter has the form of a note too, when its last lines are signatures.
        Checkpoint.parse(text_of(copied))
    except NoteError:
        return _found(copied) or _found(_plain_text(copied)) or copied
    return copied


def _plain_text(mail: str) -> str:
    """Give the plain text of a mail as it is saved in a file; of anything else nothing."""
    # A note that stands by itself, as most do, needs none of this to be loaded.
    from email import message_from_string, policy

    body = message_from_string(mail, policy=policy.default).get_body(("plain",))
    return str(body.get_content()) if body is not None and body["Content-Type"] else ""


def _found(copied: str) -> str | None:
    lines = [_QUOTED.sub("", line) for line in copied.replace("\u00a0", " ").splitlines()]
    for first in range(len(lines) - _LINES_OF_A_CHECKPOINT, -1, -1):
        note = _note_at(lines, first)
        if note is not None:
            return note
    return None


def _note_at(lines: list[str], first: int) -> str | None:
    """Read a note whose first line, the name of the log, is this one."""
    if not lines[first] or not _SIZE.fullmatch(lines[first + 1]) or decode(lines[first + 2]) is None:
        return None
    text = []
    place = first
    while place < len(lines) and lines[place] and not _SIGNATURE.fullmatch(lines[place]):
        text.append(lines[place])
        place += 1
    signatures = []
    while place < len(lines):
        match = _SIGNATURE.fullmatch(lines[place])
        if match is None and lines[place]:
            break
        if match is not None:
            place, encoded = _encoded(lines, place, match[2] or "")
            signatures.append(f"— {match[1]} {encoded}\n")
        place += 1
    return "".join(f"{line}\n" for line in text) + "\n" + "".join(signatures) if signatures else None


def _encoded(lines: list[str], place: int, begun: str) -> tuple[int, str]:
    """Put a signature together that was broken into lines."""
    while place + 1 < len(lines) and (not begun or not _whole(begun)) and lines[place + 1]:
        place += 1
        begun += lines[place]
    return place, begun


def _whole(encoded: str) -> bool:
    data = decode(encoded)
    return data is not None and len(data) >= SHORTEST_SIGNATURE
