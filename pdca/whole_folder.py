"""Putting a folder of files in the place of the one that was there, whole or not at all."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pdca.errors import Failed
from pdca.files import PRIVATE_FOLDER, write_new
from pdca.i18n import _


def put_in_place(target: Path, files: Mapping[str, bytes], *, private: bool = False) -> None:
    """Make a folder that has exactly these files, and no others, at `target`; raises Failed and leaves what was there.

    Names are those of files right in the folder. What is private is read by its owner and group alone.
    """
    target = target.resolve()
    try:
        workshop = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent))
    except OSError as error:
        raise _not_made(target, error) from error
    try:
        # Made in the workshop, which is for us alone, this one has the rights that the user gives to folders.
        new = workshop / "new"
        new.mkdir(mode=PRIVATE_FOLDER if private else 0o777)
        for name, content in files.items():
            write_new(new / name, content, private=private)
        _swap(new, target, workshop / "old")
    except OSError as error:
        raise _not_made(target, error) from error
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _swap(new: Path, target: Path, old: Path) -> None:
    there = target.exists()
    if there:
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if there:
            old.rename(target)
        raise


def _not_made(target: Path, error: OSError) -> Failed:
    return Failed(
        "folder-not-made",
        _("The folder “%(folder)s” cannot be made: %(reason)s.")
        % {"folder": target, "reason": error.strerror or error},
        hint=_("What was there is there still. Check that the folder above it exists, may be written, and has room."),
    )
