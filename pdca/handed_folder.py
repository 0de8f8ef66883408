"""A folder with a whole log, checked by whoever it was handed to: it is held to itself and to keys that are trusted.

All that lies in it is held to its log, and all that is given beside it; `verify.py`, which lies in every such folder,
does the same without this program.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdca.audit.checkpoint import Checkpoint, open_checkpoint
from pdca.audit.dossier import Dossier
from pdca.audit.exported import ExportedLog
from pdca.audit.kept import CHECKPOINT, Kept, Shown, contradict, grown, read_kept, show
from pdca.audit.notes import MAX_NOTE_BYTES, NoteError, VerifierKey, text_of
from pdca.audit.proofs import ConsistencyProof
from pdca.audit.trust import believe, is_signed, not_believed
from pdca.i18n import _
from pdca.log_folder import CHECKPOINT as SIGNED
from pdca.log_folder import (
    CHECKPOINTS,
    CONSISTENCY,
    DOSSIERS,
    ENCLOSED,
    EVENTS,
    KEYS,
    name_of_checkpoint,
    name_of_dossier,
    name_of_growth,
)
from pdca.proving import EXTENSIONS

FOLDERS: Final = frozenset({CHECKPOINTS, CONSISTENCY, DOSSIERS})
ALONE: Final = frozenset({EVENTS, KEYS, *ENCLOSED})
"""What lies in such a folder beside those three."""
ENDINGS: Final = frozenset({SIGNED, *EXTENSIONS.values()})

_NUMBERED: Final = re.compile(r"([0-9]+)\.checkpoint")
_FROM_TO: Final = re.compile(r"([0-9]{6,})-([0-9]{6,})\.consistency")


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not fit of a folder itself: where, and why."""

    where: str
    error: NoteError


@dataclass(frozen=True, slots=True)
class HandedFolder:
    """What came of checking a folder.

    `events` counts those in the tree, `root` is that of the tree in hex, `waiting` counts events without a leaf. Of
    `vouched` events a checkpoint speaks that a key signed which is believed. `untrusted` are the keys that the log
    names and nothing vouches for. `given` shows what was given beside the folder, `found` what lies in it.
    """

    folder: str
    events: int
    root: str
    waiting: int
    vouched: int
    untrusted: tuple[str, ...]
    given: tuple[Shown, ...]
    found: tuple[Shown, ...]
    faults: tuple[Fault, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing was found that does not fit."""
        return not self.faults and all(one.error is None for one in (*self.given, *self.found))

    @property
    def whole(self) -> bool:
        """Whether keys that are trusted vouch for all of it."""
        return not self.waiting and not self.untrusted and self.events <= self.vouched and self.vouched > 0


@dataclass(frozen=True, slots=True)
class _Piece:
    kept: Kept
    checkpoint: Checkpoint
    witnesses: tuple[VerifierKey, ...]

    @property
    def path(self) -> Path:
        return Path(self.kept.name)


def check_folder(
    folder: Path,
    given: Iterable[tuple[str, str]],
    keys: Sequence[VerifierKey],
    witnesses: Iterable[VerifierKey] = (),
) -> HandedFolder:
    """Check a folder, and the texts that were given beside it, by the keys that whoever was handed it trusts.

    Every one of `witnesses` has to have cosigned the checkpoint of each text that was given.
    """
    beside = [_read(name, text, tuple(witnesses)) for name, text in given]
    names = {Path(one.name if isinstance(one, Shown) else one.kept.name) for one in beside}
    found = [_read_file(path) for path in in_folder(folder) if path not in names]
    pieces = [one for one in (*beside, *found) if isinstance(one, _Piece)]
    checking = _Checking(folder, pieces)
    checking.check_events()
    believed, vouched = believe(checking.log.named, checking.fitting(), keys)
    shown = [one if isinstance(one, Shown) else checking.show(one, believed) for one in (*beside, *found)]
    checking.check_lacking()
    return HandedFolder(
        folder=str(folder),
        events=checking.log.size,
        root=checking.log.root.hex(),
        waiting=checking.log.waiting,
        vouched=vouched,
        untrusted=not_believed(checking.log.named, believed),
        given=tuple(shown[: len(beside)]),
        found=tuple(shown[len(beside) :]),
        faults=tuple(checking.faults),
    )


def in_folder(folder: Path) -> list[Path]:
    """Find what in a folder asks to be believed: by its place, its name, or the signature that it ends with."""
    return [path for path in sorted(folder.rglob("*")) if _has_a_place(path, folder) or _asks_belief(path, folder)]


class _Checking:
    """The folder, with the log in it and what was read of the texts that are held to that."""

    def __init__(self, folder: Path, pieces: Sequence[_Piece]) -> None:
        self.faults: list[Fault] = []
        self._folder, self._pieces = folder, pieces
        olds = (one.kept.content.old for one in pieces if isinstance(one.kept.content, ConsistencyProof))
        self.log = ExportedLog({*(one.checkpoint.size for one in pieces), *olds})
        self._signed: dict[int, _Piece] = {}
        for one in pieces:
            if one.path.parent == folder / CHECKPOINTS and (match := _NUMBERED.fullmatch(one.path.name)):
                self._signed[int(match[1])] = one
        self._known: dict[tuple[str, int], _Piece] = {}
        for one in pieces:
            if _has_a_place(one.path, folder):
                self._known.setdefault((one.checkpoint.origin, one.checkpoint.size), one)

    def check_events(self) -> None:
        """Read the events, and hold the file of keys to them."""
        events, keys = self._folder / EVENTS, self._folder / KEYS
        reading = events
        try:
            with events.open("rb") as lines:
                self.log.read(lines)
            reading = keys
            if keys.read_bytes() != "".join(f"{vkey}\n" for vkey in self.log.named).encode():
                self._fault(keys, NoteError(_("It names other keys than the log."), code="export-differs"))
        except NoteError as error:
            self._fault(events, error)
        except OSError as error:
            # The error of a file that was opened, and then could not be read, names none.
            self.log.whole = self.log.whole and reading != events
            self._fault(reading, _unreadable(error))

    def fitting(self) -> list[tuple[int, str]]:
        """Give the checkpoints that say of the log what it comes to."""
        return [(one.checkpoint.size, one.kept.note) for one in self._pieces if self._fits(one)]

    def show(self, one: _Piece, keys: Sequence[VerifierKey]) -> Shown:
        """Show what a text proves of this log."""
        held = self.log.whole or one.checkpoint.size <= self.log.size
        try:
            if not self._is_in_place(one):
                raise NoteError(_("It is not what its name and its folder say."), code="export-differs")  # noqa: TRY301
            if held:
                self.log.hold(one.checkpoint)
            else:
                self._hold_to_others(one, keys)
            if held and isinstance(one.kept.content, ConsistencyProof):
                self.log.hold_growth(one.kept.content, one.checkpoint)
            open_checkpoint(one.kept.note, keys, one.witnesses)
            return show(one.kept, one.checkpoint)
        except NoteError as error:
            return Shown(one.kept.name, one.kept.kind, one.checkpoint, error=error)

    def check_lacking(self) -> None:
        """Find what has to be there beside the checkpoints, so that no proof and no stream was left out."""
        if sorted(self._signed) != list(range(1, len(self._signed) + 1)):
            gap = NoteError(_("The numbers do not go on from 1 without gaps."), code="export-differs")
            self._fault(self._folder / CHECKPOINTS, gap)
        for path in sorted(self._due()):
            if not _lies_there(path):
                self._fault(path, NoteError(_("It is missing."), code="export-differs"))

    def _due(self) -> Iterator[Path]:
        for number in self._signed:
            if number > 1:
                yield self._folder / CONSISTENCY / name_of_growth(number - 1, number)
        size = self._signed[max(self._signed)].checkpoint.size if self._signed else 0
        for stream, first in self.log.begun.items():
            if first < size:
                yield self._folder / DOSSIERS / name_of_dossier(stream)

    def _is_in_place(self, one: _Piece) -> bool:
        """Tell whether a file is what its folder and its name say."""
        kept, path = one.kept, one.path
        if path.parent == self._folder / CHECKPOINTS:
            match = _NUMBERED.fullmatch(path.name)
            return kept.kind == CHECKPOINT and match is not None and path.name == name_of_checkpoint(int(match[1]))
        if path.parent == self._folder / CONSISTENCY:
            match = _FROM_TO.fullmatch(path.name)
            earlier, later = (self._signed.get(int(end)) for end in match.groups()) if match else (None, None)
            if not isinstance(kept.content, ConsistencyProof) or earlier is None or later is None:
                return False
            return kept.content.old == earlier.checkpoint.size and kept.note == later.kept.note
        if path.parent == self._folder / DOSSIERS:
            last = self._signed[max(self._signed)].kept.note if self._signed else None
            named = isinstance(kept.content, Dossier) and path.name == name_of_dossier(kept.content.stream)
            return named and kept.note == last
        return True

    def _hold_to_others(self, one: _Piece, keys: Sequence[VerifierKey]) -> None:
        """Hold a text to what has a place in the folder, where the events cannot tell; raises NoteError otherwise."""
        origin = one.checkpoint.origin
        if _has_a_place(one.path, self._folder):
            contradict(one.checkpoint, [self._known[origin, one.checkpoint.size].checkpoint])
        if isinstance(one.kept.content, ConsistencyProof):
            earlier = self._known.get((origin, one.kept.content.old))
            signed = [earlier.checkpoint] if earlier and is_signed(earlier.kept.note, keys) else []
            grown(one.kept.content, one.checkpoint, signed)

    def _fits(self, one: _Piece) -> bool:
        try:
            self.log.hold(one.checkpoint)
        except NoteError:
            return False
        return True

    def _fault(self, where: Path, error: NoteError) -> None:
        self.faults.append(Fault(str(where), error))


def _has_a_place(path: Path, folder: Path) -> bool:
    return path.parent.parent == folder and path.parent.name in FOLDERS


def _lies_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False  # no file can be called by that name, as what a log calls a stream can be


def _asks_belief(path: Path, folder: Path) -> bool:
    other = path.is_file() and str(path.relative_to(folder)) not in ALONE
    return other and (path.suffix in ENDINGS or _ends_signed(path))


def _ends_signed(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - MAX_NOTE_BYTES))
            return file.read().rstrip().rpartition(b"\n")[2].startswith("— ".encode())
    except OSError:
        return False


def _read_file(path: Path) -> _Piece | Shown:
    try:
        return _read(str(path), path.read_bytes().decode(), ())
    except OSError as error:
        return Shown(str(path), error=_unreadable(error))
    except UnicodeDecodeError:
        return Shown(str(path), error=NoteError(_("It is not text in UTF-8.")))


def _read(name: str, text: str, witnesses: tuple[VerifierKey, ...]) -> _Piece | Shown:
    try:
        kept = read_kept(name, text)
        return _Piece(kept, Checkpoint.parse(text_of(kept.note)), witnesses)
    except NoteError as error:
        return Shown(name, error=error)


def _unreadable(error: OSError) -> NoteError:
    return NoteError(_("It cannot be read: %(reason)s.") % {"reason": error.strerror}, code="file-unreadable")
