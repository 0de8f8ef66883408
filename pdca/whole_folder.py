"""Putting a folder of files in the place of the one that was there, whole or not at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pdca.errors import Failed
from pdca.files import PRIVATE_FOLDER, left_behind, workshop, write_new
from pdca.i18n import _

_NEW: Final = "new"
_OLD: Final = "old"


def put_in_place(target: Path, files: Mapping[str, bytes], *, private: bool = False) -> None:
    """Make a folder that has exactly these files, and no others, at `target`; raises Failed and leaves what was there.

    Names are those of files right in the folder. What is private is read by its owner and group alone. Who is killed
    over it leaves what `finish` mends.
    """
    target = target.resolve()
    try:
        finish(target)
        with workshop(target) as place:
            # Made in the workshop, which is for us alone, this one has the rights that the user gives to folders.
            new = place / _NEW
            new.mkdir(mode=PRIVATE_FOLDER if private else 0o777)
            for name, content in files.items():
                write_new(new / name, content, private=private)
            _swap(new, target, place / _OLD)
    except OSError as error:
        raise Failed(
            "folder-not-made",
            _("The folder “%(folder)s” cannot be made: %(reason)s.")
            % {"folder": target, "reason": error.strerror or error},
            hint=_(
                "What was there is there still. Check that the folder above it exists, may be written, and has room."
            ),
        ) from error


def finish(target: Path) -> None:
    """Put the folder in place over which somebody was killed between taking the old one away and putting the new there.

    Whatever else such a one left is taken away.
    """
    target = target.resolve()
    for place in left_behind(target.parent, target.name):
        if (place / _OLD).exists() and (place / _NEW).exists():
            _moved(place / _NEW, target)


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


def _moved(new: Path, target: Path) -> None:
    """Move a folder to its place; where somebody has made one since, what is in that stays, and the rest joins it."""
    if not target.exists():
        new.rename(target)
        return
    for path in new.iterdir():
        if not (target / path.name).exists():
            path.rename(target / path.name)
