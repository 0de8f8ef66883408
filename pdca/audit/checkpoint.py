"""Checkpoints of the log (c2sp.org/tlog-checkpoint): which log, how many events it has, and the root of its tree.

One extension line says what the heads of all streams add up to (`pdca.audit.heads`), so that one plan can be proven to
be complete without showing any other.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pdca.audit.encoded import encode
from pdca.audit.notes import LOG_SIGNATURE, NoteError, VerifierKey, open_note
from pdca.audit.proofs import hash_from_text
from pdca.audit.tree import TreeBuilder
from pdca.i18n import _, in_a_row

NOT_COSIGNED: Final = "checkpoint-not-cosigned"
"""The code of the error that a witness is lacking."""

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_HEADS: Final = "heads"
_LINES: Final = 3
_EMPTY: Final = TreeBuilder().root()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log: `origin` names it, `size` counts its events, `root` is that of its tree (32 bytes).

    `streams` counts the streams that have an event among those, `heads` is the root of the tree of their heads; both
    None in a checkpoint that does not say.
    """

    origin: str
    size: int
    root: bytes
    streams: int | None = None
    heads: bytes | None = None

    def text(self) -> str:
        """Write the text that is signed."""
        lines = [self.origin, str(self.size), encode(self.root)]
        if self.heads is not None:
            lines.append(f"{_HEADS} {self.streams} {encode(self.heads)}")
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Read the text of a checkpoint; extension lines that are not known are passed over.

        Raises NoteError for what is not well-formed.
        """
        lines = text.split("\n")
        root = hash_from_text(lines[2]) if len(lines) > _LINES else None
        fits = root is not None and not lines.pop() and all(lines) and _SIZE.fullmatch(lines[1])
        if root is None or not fits or (lines[1] == "0" and root != _EMPTY):
            raise NoteError(
                _("This is no checkpoint: it names no log, no size, or no root."), code="checkpoint-unreadable"
            )
        heads = next((line.split(" ")[1:] for line in lines[_LINES:] if line.startswith(f"{_HEADS} ")), None)
        if heads is None:
            return cls(lines[0], int(lines[1]), root)
        digest = hash_from_text(heads[-1])
        counted = len(heads) == 2 and _SIZE.fullmatch(heads[0])  # noqa: PLR2004 - a count and a root
        if digest is None or not counted or not _possible(int(heads[0]), digest, int(lines[1])):
            raise NoteError(
                _("The line of this checkpoint about heads is not well-formed."), code="checkpoint-unreadable"
            )
        return cls(lines[0], int(lines[1]), root, int(heads[0]), digest)


def _possible(streams: int, heads: bytes, size: int) -> bool:
    """Tell whether so many events can be of so many streams, whose heads have this root."""
    return streams <= size if streams else size == 0 and heads == _EMPTY


def open_checkpoint(note: str, keys: Iterable[VerifierKey], witnesses: Iterable[VerifierKey] = ()) -> Checkpoint:
    """Read a checkpoint that is signed by the log which it names, and cosigned by every one of `witnesses`.

    Raises NoteError for any other note.
    """
    asked = tuple(witnesses)
    opened = open_note(note, (*keys, *asked))
    checkpoint = Checkpoint.parse(opened.text)
    if not any(one.key.kind == LOG_SIGNATURE and one.key.name == checkpoint.origin for one in opened.signed):
        raise NoteError(_("The log that it names did not sign this checkpoint."), code="note-not-signed")
    signers = {one.key for one in opened.signed}
    lacking = [key.name for key in asked if key not in signers]
    if lacking:
        raise NoteError(_("It is not cosigned by: %(names)s.") % {"names": in_a_row(lacking)}, code=NOT_COSIGNED)
    return checkpoint
