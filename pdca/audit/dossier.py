"""A dossier: all events of one stream up to a checkpoint, and the proof that they are in the log and that none lacks.

Each event comes with its inclusion proof, the last one also with its place among the heads of all streams; of the other
streams nothing is seen but hashes. Values behind commitments are in it when they were asked for.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pdca.audit.canonical import SALT_BYTES, CanonicalError
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.encoded import encode
from pdca.audit.event import EventView, read_body
from pdca.audit.heads import Head
from pdca.audit.notes import NoteError
from pdca.audit.proofs import numbered, path_of_lines, root_by_inclusion
from pdca.audit.tree import leaf_hash
from pdca.i18n import _

HEADER: Final = "pdca-dossier@v1"

_OPEN: Final = re.compile(rf"open ([0-9a-f]{{{SALT_BYTES * 2}}}) (.+)")


@dataclass(frozen=True, slots=True)
class Opened:
    """What opens a commitment: its salt, and the canonical JSON of the value."""

    salt: bytes
    value: str

    @property
    def digest(self) -> str:
        """The commitment that these open, in hex."""
        return hashlib.sha256(self.salt + self.value.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a dossier: its leaf `index` in the log, its body, the inclusion proof, and what opens its values."""

    index: int
    body: str
    path: tuple[bytes, ...]
    opened: tuple[Opened, ...] = ()

    def lines(self) -> Iterator[str]:
        """Write it, line by line."""
        yield f"event {self.index}"
        yield self.body
        for one in self.opened:
            yield f"open {one.salt.hex()} {one.value}"
        yield from map(encode, self.path)


@dataclass(frozen=True, slots=True)
class Dossier:
    """All events of a `stream` up to the checkpoint in `note`; `place` and `path` prove its head among all heads."""

    stream: str
    place: int
    path: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    note: str

    def text(self) -> str:
        """Write it."""
        head = [HEADER, f"stream {self.stream}", f"events {len(self.entries)}", f"head {self.place}"]
        blocks = [[*head, *map(encode, self.path)], *(list(entry.lines()) for entry in self.entries)]
        return "".join("".join(f"{line}\n" for line in block) + "\n" for block in blocks) + self.note

    @classmethod
    def parse(cls, text: str) -> "Dossier":
        """Read one; raises NoteError for what is not well-formed. Nothing is verified by that."""
        head, _blank, rest = text.partition("\n\n")
        lines = head.split("\n")
        if len(lines) < len(("header", "stream", "events", "head")) or lines[0] != HEADER:
            raise _unreadable()
        stream, count = lines[1].removeprefix("stream "), numbered(lines[2], "events")
        *blocks, note = rest.split("\n\n", min(count, len(rest)))
        if stream == lines[1] or not stream or len(blocks) != count:
            raise _unreadable()
        entries = tuple(_entry(block) for block in blocks)
        return cls(stream, numbered(lines[3], "head"), path_of_lines(lines[4:]), entries, note)

    def events(self, checkpoint: Checkpoint) -> list[EventView]:
        """Verify everything against a checkpoint, which is trusted, and give the events.

        Raises NoteError that names the first event that does not fit, or says that some are missing.
        """
        found: list[EventView] = []
        before, last = None, -1
        for number, entry in enumerate(self.entries, start=1):
            view, leaf = _view(entry, number), leaf_hash(entry.body.encode())
            if root_by_inclusion(entry.index, checkpoint.size, leaf, entry.path) != checkpoint.root:
                raise _differs(number, _("it is not in the log of this checkpoint"))
            if (view.stream, view.seq, view.prev) != (self.stream, number, before) or entry.index <= last:
                raise _differs(number, _("it does not follow the event before it"))
            if [one.digest for one in entry.opened] != _in_order(view.commitments, entry.opened):
                raise _differs(number, _("a value is not the one that was logged"))
            found.append(view)
            before, last = leaf.hex(), entry.index
        if before is None or checkpoint.heads is None or checkpoint.streams is None:
            raise NoteError(_("Nothing in it says that no event is missing."), code="dossier-differs")
        head = Head(self.stream, len(self.entries), bytes.fromhex(before)).leaf()
        if root_by_inclusion(self.place, checkpoint.streams, head, self.path) != checkpoint.heads:
            raise NoteError(
                _("Its last event is not the last one of %(stream)s at this checkpoint.") % {"stream": self.stream},
                code="dossier-differs",
            )
        return found


def _in_order(commitments: Sequence[str], opened: Sequence[Opened]) -> list[str]:
    """Give those commitments that are opened, in the order in which they stand in the body."""
    digests = {one.digest for one in opened}
    return [digest for digest in commitments if digest in digests]


def _view(entry: Entry, number: int) -> EventView:
    try:
        return read_body(entry.body.encode())
    except CanonicalError as error:
        raise _differs(number, _("it cannot be read")) from error


def _entry(block: str) -> Entry:
    first, *lines = block.split("\n")
    if not lines:
        raise _unreadable()
    body, *lines = lines
    opened = []
    while lines and (match := _OPEN.fullmatch(lines[0])):
        opened.append(Opened(bytes.fromhex(match[1]), match[2]))
        lines = lines[1:]
    return Entry(numbered(first, "event"), body, path_of_lines(lines), tuple(opened))


def _differs(number: int, what: str) -> NoteError:
    return NoteError(
        _("Event %(number)s of the dossier does not fit: %(what)s.") % {"number": number, "what": what},
        code="dossier-differs",
    )


def _unreadable() -> NoteError:
    return NoteError(_("This is no dossier as the page of the format has it."), code="dossier-unreadable")
