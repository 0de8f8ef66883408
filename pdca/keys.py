"""The private key of the log: a file apart from the database, that only its owner may read.

Beside it stands what it signed last. A database that was put back from a backup, or one that somebody rewrote, does not
go on from there, and the key signs nothing for it.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.notes import LOG_SIGNATURE, NoteError, SigningKey, text_of
from pdca.errors import Failed, Place
from pdca.files import whole_file
from pdca.i18n import _
from pdca.secret_file import read_secret

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


def new_origin(organisation: str) -> str:
    """Make a name for a log that no other has: that of the organisation, and eight random digits."""
    # Imported here, as in `SigningKey.new`: keys are read often and made once.
    from secrets import token_hex

    return f"{organisation}.pdca/{token_hex(4)}"


def key_path(chosen: Path | None, environ: Mapping[str, str], origin: str) -> Path:
    """Say where the key of a log is: the file `chosen` by the setting `audit.key_file`, or one named after the log.

    Raises Failed for a user without a home who chose none.
    """
    if chosen is not None:
        return chosen
    folder = data_folder(environ)
    if folder is None:
        raise Failed(
            "key-nowhere",
            _("There is no place for the key of the log: you have no home folder."),
            hint=_("Name a file in the setting “audit.key_file”."),
        )
    return folder / "keys" / (origin.replace("/", "-") + ".key")


def data_folder(environ: Mapping[str, str]) -> Path | None:
    """Give the folder of what the user's own program keeps; None for a user without a home."""
    folder = environ.get("XDG_DATA_HOME") or (environ.get("HOME") and environ["HOME"] + "/.local/share")
    return Path(folder, "pdca") if folder else None


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The file of a private key."""

    path: Path

    def make(self, origin: str) -> SigningKey:
        """Make a new key for a log; raises Usage when the file is there already, Failed when it cannot be made."""
        key = SigningKey.new(origin, LOG_SIGNATURE)
        self._write(self.path, key.text() + "\n", overwrite=False)
        return key

    def read(self) -> SigningKey:
        """Read the key; raises Failed when it cannot be read, is none, or may be read by others."""
        text = read_secret(self.path)
        self.check_rights()
        try:
            return SigningKey.parse(text)
        except NoteError as error:
            raise Failed(
                "key-unreadable",
                _("This file does not hold a key of a log."),
                hint=_("Put it back from a backup, or begin another key with `pdca audit key change`."),
                place=Place(file=str(self.path)),
            ) from error

    def check_rights(self) -> None:
        """Raise Failed when the key may be read by others than its owner."""
        if self.path.stat().st_mode & _OTHERS:
            raise Failed(
                "key-open-to-others",
                _("The key of the log may be read by others than its owner."),
                hint=_("chmod 600 takes that right away. Whoever may have read it can sign as you: see `%(command)s`.")
                % {"command": "pdca audit key change"},
                place=Place(file=str(self.path)),
            )

    def last_signed(self) -> Checkpoint | None:
        """Give the checkpoint that the key signed last, None when it has signed none."""
        try:
            return Checkpoint.parse(text_of(self._memory.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError, NoteError) as error:
            raise Failed(
                "key-memory-unreadable",
                _("What the key of the log signed last cannot be read."),
                hint=_("Look at this file: without it a database that was put back would be signed as if nothing was."),
                place=Place(file=str(self._memory)),
            ) from error

    def remember(self, note: str) -> None:
        """Keep what was signed last."""
        self._write(self._memory, note, overwrite=True)

    def prepare(self, key: SigningKey) -> None:
        """Write another key beside this one, before the log knows of it."""
        self._write(self._next, key.text() + "\n", overwrite=True)

    def take_over(self) -> None:
        """Put the prepared key in the place of this one; what the old one signed last is forgotten with it."""
        self._memory.unlink(missing_ok=True)
        self._next.replace(self.path)

    def forget(self) -> None:
        """Take away a key that was made for nothing."""
        self.path.unlink(missing_ok=True)

    def prepared(self) -> SigningKey | None:
        """Give the key that was prepared and not put in place, when somebody was cut off in between."""
        return KeyFile(self._next).read() if self._next.exists() else None

    @property
    def _next(self) -> Path:
        return self.path.with_name(self.path.name + ".next")

    @property
    def _memory(self) -> Path:
        return self.path.with_name(self.path.name + ".last")

    @staticmethod
    def _write(path: Path, text: str, *, overwrite: bool) -> None:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        with whole_file(path, overwrite=overwrite) as new:
            descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _FILE_MODE)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
