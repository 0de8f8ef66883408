"""A witness: somebody outside the house who signs what the log signed, once it is shown that the log only grew.

It has no database but a folder of its own: its key, the public keys of the logs that it knows, and what it cosigned
last of each (c2sp.org/tlog-witness). That memory is what its word is worth: it is on the disk before a cosignature
leaves, one at a time reads and writes it, and one that was lost is never taken for one that is still to begin.
"""

import fcntl
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pdca.audit.checkpoint import Checkpoint, open_checkpoint
from pdca.audit.notes import (
    COSIGNATURE,
    LOG_SIGNATURE,
    NoteError,
    SigningKey,
    VerifierKey,
    cosignature,
    open_note,
    text_of,
)
from pdca.audit.proofs import ConsistencyProof, is_consistent
from pdca.audit.tree import TreeBuilder
from pdca.errors import Failed, NotFound, Place, Refused, Usage
from pdca.files import whole_file, whole_folder
from pdca.i18n import _
from pdca.keys import data_folder
from pdca.secret_file import read_secret

_KEY: Final = "witness.key"
_LOGS: Final = "logs"
_MEMORY: Final = ".cosigned"
_NOTHING_YET: Final = "none\n"
"""What stands there before anything was cosigned; an empty file is one that was lost."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


def witness_folder(chosen: Path | None, environ: Mapping[str, str]) -> Path:
    """Say where the witness is: the folder `chosen` by the setting `audit.witness_folder`, or one of the user.

    Raises Failed for a user without a home who chose none.
    """
    folder = chosen or data_folder(environ)
    if folder is None:
        raise Failed(
            "witness-nowhere",
            _("There is no place for a witness: you have no home folder."),
            hint=_("Name a folder in the setting “audit.witness_folder”."),
        )
    return chosen or folder / "witness"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A checkpoint with the note that the witness signed too, at a POSIX time; `new` tells whether it did just now."""

    checkpoint: Checkpoint
    note: str
    at: int
    new: bool


@dataclass(frozen=True, slots=True)
class Witness:
    """The folder of a witness."""

    folder: Path

    def make(self, name: str, logs: Iterable[VerifierKey], *, keep: bool = True) -> VerifierKey:
        """Make a witness with a key that nobody has, for logs that it is to know; gives its public key.

        Raises Usage for a name that cannot be one, for a key that is not of a log, and when there is something already.
        With `keep` false nothing remains.
        """
        known = list(logs)
        for one in known:
            _check_log(one)
        try:
            key = SigningKey.new(name, COSIGNATURE)
        except NoteError as error:
            raise Usage(
                "witness-name",
                _("“%(name)s” cannot be the name of a witness.") % {"name": name},
                hint=_("Take one without spaces and plus signs, such as town.example/witness."),
            ) from error
        _make_room(self.folder.absolute().parent)
        with whole_folder(self.folder, keep=keep) as new:
            new.chmod(_FOLDER_MODE)
            made = Witness(new)
            _write(new / _KEY, f"{key.text()}\n")
            _write(new / _LOGS, _lines(known))
            for one in known:
                _write(made._memory(one.name), _NOTHING_YET)
        return key.verifier

    def trust(self, key: VerifierKey, *, keep: bool = True) -> bool:
        """Know another log from now on, or another key of one that is known; tells whether that was new."""
        _check_log(key)
        with self._alone():
            known = self.logs()
            if key in known:
                return False
            if keep:
                # Before the log is known: a memory that nobody uses does no harm, one that is missing stops the log.
                # One that is there stays, for it says what was cosigned.
                if key.name not in {one.name for one in known} and not self._memory(key.name).exists():
                    _write(self._memory(key.name), _NOTHING_YET)
                _write(self.folder / _LOGS, _lines([*known, key]))
        return True

    def sign(self, growth: ConsistencyProof, at: int, *, keep: bool = True) -> Cosigned:
        """Cosign a checkpoint that goes on from what was cosigned last, at a POSIX time.

        What was cosigned last already gets the same cosignature again. Raises Refused for a log that is not known, and
        for what is earlier than that, contradicts it, or is not shown to go on from there; NoteError for what the log
        did not sign; Failed when the memory of the witness is lost. With `keep` false nothing is remembered.
        """
        with self._alone():
            key, logs = self.key(), self.logs()
            cosigned = self._cosigned(growth, at, key, logs)
            # Whatever it is made of, it has to be what others accept.
            open_checkpoint(cosigned.note, logs, [key.verifier])
            if keep and cosigned.new:
                _write(self._memory(cosigned.checkpoint.origin), cosigned.note)
        return cosigned

    def key(self) -> SigningKey:
        """Read the private key; raises NotFound without a witness, Failed when the key is none or open to others."""
        path = self.folder / _KEY
        if not path.exists():
            raise _no_witness(self.folder)
        try:
            key = SigningKey.parse(read_secret(path))
        except NoteError as error:
            raise Failed(
                "witness-key-unreadable",
                _("This file does not hold the key of a witness."),
                hint=_("Put it back from its copy, or begin another witness in another folder."),
                place=Place(file=str(path)),
            ) from error
        if path.stat().st_mode & _OTHERS:
            raise Failed(
                "witness-key-open",
                _("The key of the witness may be read by others than its owner."),
                hint=_("chmod 600 takes that right away. Whoever may have read it can sign as this witness."),
                place=Place(file=str(path)),
            )
        return key

    def logs(self) -> list[VerifierKey]:
        """Give the public keys of the logs that it knows, in the order in which it came to know them."""
        path = self.folder / _LOGS
        try:
            return [VerifierKey.parse(line) for line in path.read_text(encoding="utf-8").splitlines()]
        except FileNotFoundError as error:
            raise _no_witness(self.folder) from error
        except (OSError, UnicodeDecodeError, NoteError) as error:
            raise _forgotten(path) from error

    def last(self, origin: str) -> Cosigned | None:
        """Give what was cosigned last of a log that is known, None when nothing was yet; Failed when that is lost."""
        path, key = self._memory(origin), self.key()
        try:
            note = path.read_text(encoding="utf-8")
            if note == _NOTHING_YET:
                return None
            opened = open_note(note, [key.verifier])
            checkpoint = Checkpoint.parse(opened.text)
        except (OSError, UnicodeDecodeError, NoteError) as error:
            raise _forgotten(path) from error
        if checkpoint.origin != origin:
            raise _forgotten(path)
        return Cosigned(checkpoint, note, opened.signed[0].at or 0, new=False)

    def _cosigned(self, growth: ConsistencyProof, at: int, key: SigningKey, logs: list[VerifierKey]) -> Cosigned:
        checkpoint = _of_known_log(growth.note, logs)
        last = self.last(checkpoint.origin)
        signed = open_note(growth.note, [*logs, key.verifier]).signed
        mine = any(one.key == key.verifier for one in signed)
        if last is not None and last.checkpoint.size == checkpoint.size:
            _check_same(last, growth.note)
            line = last.note.splitlines(keepends=True)[-1]
            return Cosigned(checkpoint, growth.note if mine else growth.note + line, last.at, new=False)
        if mine and (last is None or last.checkpoint.size < checkpoint.size):
            raise _forgotten(self._memory(checkpoint.origin))
        before = last.checkpoint if last else Checkpoint(checkpoint.origin, 0, TreeBuilder().root())
        _check_grown(before, checkpoint, growth)
        line = cosignature(text_of(growth.note), key, at)
        return Cosigned(checkpoint, growth.note + line, at, new=True)

    def _memory(self, origin: str) -> Path:
        return self.folder / (quote(origin, safe="") + _MEMORY)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep every other process from this folder, waiting for one that is at work."""
        try:
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise _no_witness(self.folder) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _check_log(key: VerifierKey) -> None:
    if key.kind != LOG_SIGNATURE:
        raise Usage(
            "not-a-log-key",
            _("The key of %(name)s is not that of a log.") % {"name": key.name},
            hint=_("The house gives the public key of its log with `pdca audit key list`."),
        )


def _of_known_log(note: str, logs: list[VerifierKey]) -> Checkpoint:
    origin = Checkpoint.parse(text_of(note)).origin
    if origin not in {one.name for one in logs}:
        raise Refused(
            "log-unknown",
            _("This witness does not know the log %(log)s.") % {"log": origin},
            hint=_("`pdca audit witness trust KEY` lets it know the public key that the house gave you."),
        )
    return open_checkpoint(note, logs)


def _check_same(last: Cosigned, note: str) -> None:
    if text_of(last.note) != text_of(note):
        raise Refused(
            "checkpoints-contradict",
            _("Two checkpoints of %(size)s events contradict each other: the log was forked.")
            % {"size": last.checkpoint.size},
            hint=_("Nothing was cosigned. Keep this one: the log signed both, and that proves it."),
        )


def _check_grown(before: Checkpoint, checkpoint: Checkpoint, growth: ConsistencyProof) -> None:
    sizes = {"old": before.size, "size": checkpoint.size, "begun": growth.old}
    if checkpoint.size < before.size:
        raise Refused(
            "checkpoint-earlier",
            _("This checkpoint is earlier than the one cosigned last (events: %(size)s, and %(old)s then).") % sizes,
            hint=_("A witness never goes back. A log that became shorter was cut off, or a backup was put back."),
        )
    if growth.old != before.size:
        raise Refused(
            "proof-begins-elsewhere",
            _("The proof does not go on from what was cosigned last (events: %(begun)s, and %(old)s then).") % sizes,
            hint=_("The house makes the proof that is needed: `pdca audit consistency %(old)s`.") % sizes
            if before.size
            else _("Give the checkpoint itself, without a proof."),
        )
    if not is_consistent(before.size, checkpoint.size, before.root, checkpoint.root, growth.path):
        raise Refused(
            "proof-differs",
            _("The log does not go on from the earlier checkpoint."),
            hint=_("Nothing was cosigned. Keep the file: a log that was forked or rewritten looks like this."),
        )


def _no_witness(folder: Path) -> NotFound:
    return NotFound(
        "no-witness",
        _("There is no witness here."),
        hint=_("`pdca audit witness init` makes one; the setting “audit.witness_folder” says where it is."),
        place=Place(file=str(folder)),
    )


def _forgotten(path: Path) -> Failed:
    return Failed(
        "witness-forgot",
        _("What this witness cosigned last, or which logs it knows, is lost."),
        hint=_(
            "Put back this file as it was last, never an older copy of it: it would sign what contradicts what it "
            "signed. If you cannot, begin another witness in another folder, and say so to whoever trusts this one."
        ),
        place=Place(file=str(path)),
    )


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise Failed(
            "file-not-made",
            _("%(place)s cannot be made: %(reason)s.") % {"place": folder, "reason": error.strerror or error},
            hint=_("Check that the folder exists, that it may be written, and that there is room."),
        ) from error


def _lines(keys: Iterable[VerifierKey]) -> str:
    return "".join(f"{key}\n" for key in keys)


def _write(path: Path, text: str) -> None:
    with whole_file(path, overwrite=True) as new:
        descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
