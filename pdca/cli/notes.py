"""What an auditor keeps outside the house, as it is handed over on a command line: checkpoints, proofs, public keys."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import click

from pdca.audit.checkpoint import Checkpoint
from pdca.audit.findings import plain
from pdca.audit.notes import COSIGNATURE, MAX_NOTE_BYTES, NoteError, VerifierKey, text_of
from pdca.errors import Failed, NotFound, Place, Usage
from pdca.i18n import N_, _

STDIN: Final = "-"
WITNESSED = click.option(
    "--witness-key",
    "witnessed",
    multiple=True,
    metavar="KEY",
    help=N_("The public key of a witness, or its file, that has to have cosigned it; may be given several times."),
)
"""`--witness-key`; the argument is `witnessed: tuple[str, ...]`, for `read_witness_keys`."""


def read_checkpoint(name: str) -> str:
    """Read a checkpoint from a file, or from stdin for `-`, as the note it is; nothing is verified by that.

    It may stand in the mail in whose foot it came. Raises NotFound, Failed, or Usage for what is no checkpoint.
    """
    from pdca.audit.copied import note_in

    note = note_in(read_small(name))
    try:
        Checkpoint.parse(text_of(note))
    except NoteError as error:
        raise Usage(
            error.code, error.message, hint=_("`pdca audit checkpoint` writes one."), place=Place(file=name)
        ) from error
    return note


def read_key(text: str) -> VerifierKey:
    """Read a public key that was typed, or that stands in a file; raises Usage for what is none."""
    kept = text if "+" in text else read_small(text)
    try:
        return VerifierKey.parse(kept)
    except NoteError as error:
        hint = _("It is a line of a name, eight digits and the key, with a plus between them: `pdca audit key list`.")
        raise Usage(error.code, error.message, hint=hint, place=Place(file=text)) from error


def read_witness_keys(texts: Iterable[str]) -> tuple[VerifierKey, ...]:
    """Read the public keys of witnesses, typed or from files; raises Usage for one that is none."""
    keys = tuple(read_key(one) for one in texts)
    for key in keys:
        if key.kind != COSIGNATURE:
            raise Usage(
                "not-a-witness-key",
                _("The key of %(name)s is not that of a witness.") % {"name": key.name},
                hint=_("The witness shows its own with `pdca audit witness list --json`."),
            )
    return keys


def read_small(name: str, largest: int = MAX_NOTE_BYTES) -> str:
    """Read a text of at most so many bytes from a file, or from stdin for `-`."""
    try:
        data = sys.stdin.buffer.read(largest + 1) if name == STDIN else _from_file(Path(name), largest)
        text = data.decode()
    except FileNotFoundError as error:
        raise NotFound("file-missing", _("There is no such file."), place=Place(file=name)) from error
    except OSError as error:
        raise Failed("file-unreadable", _("It cannot be read: %(reason)s.") % {"reason": error.strerror}) from error
    except UnicodeDecodeError as error:
        raise Usage("not-utf-8", _("It is not text in UTF-8."), place=Place(file=name)) from error
    if len(data) > largest:
        raise Usage("file-too-large", _("It is larger than any checkpoint or proof."), place=Place(file=name))
    return text


def not_trusted(vkey: str) -> str:
    """Say of a key that the log names that nothing vouches for it."""
    words = _("NOT TRUSTED: %(key)s. No checkpoint that a trusted key signed covers the event that names it.")
    return words % {"key": plain(vkey)}


def _from_file(path: Path, largest: int) -> bytes:
    with path.open("rb") as file:
        return file.read(largest + 1)
