"""Giving a file its name only when it is whole, so that neither a full disk nor a kill leaves half of one."""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pdca.errors import Failed, Usage
from pdca.i18n import N_, _

PRIVATE_FOLDER: Final = 0o770
"""The mode of a folder that is not for everybody on this machine, before the user's mask takes away more."""

_FOR_US: Final = 0o660
_FOR_ALL: Final = 0o666
_WORKSHOP: Final = re.compile(r"\.(.+)\.[^.]+\.new")


@contextmanager
def whole_file(target: Path, *, overwrite: bool = False, keep: bool = True) -> Iterator[Path]:
    """Give a place beside `target` to make a file in; at the end it is on the disk under its name, and complete.

    Without `overwrite` a file that is there already, also one that came meanwhile, raises Usage and stays as it is.
    With `keep` false nothing remains. On any error nothing remains; one of the file system is Failed.
    """
    if not overwrite and os.path.lexists(target):
        raise _exists(target)
    try:
        with workshop(target) as place:
            new = place / target.name
            yield new
            if keep:
                _put_in_place(new, target, overwrite=overwrite)
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError as error:
        raise _not_made(target, error) from error


@contextmanager
def whole_folder(target: Path, *, keep: bool = True) -> Iterator[Path]:
    """Give a place beside `target` to fill a folder in; at the end it has its name, and is complete.

    A folder that is there already has to be empty; otherwise Usage is raised. With `keep` false nothing remains. On any
    error nothing remains; one of the file system is Failed.
    """
    try:
        if os.path.lexists(target) and not (target.is_dir() and not any(target.iterdir())):
            raise _exists(target)
        with workshop(target) as place:
            new = place / "new"
            new.mkdir()
            yield new
            if keep:
                for path in (*new.rglob("*"), new):
                    _keep_on_disk(path)
                new.rename(target)
                _keep_on_disk(target.absolute().parent)
    except OSError as error:
        raise _not_made(target, error) from error


@contextmanager
def workshop(target: Path) -> Iterator[Path]:
    """Make a folder beside `target` to work in, for us alone; it is gone in the end. Raises OSError.

    Who is killed leaves it behind, and `abandoned` tells that from one that is worked in.
    """
    # Imported here: most who load this only look at what is there.
    from tempfile import mkdtemp

    while True:
        place = Path(mkdtemp(prefix=f".{target.name}.", suffix=".new", dir=target.absolute().parent))
        held = _held(place)
        if held is not None:
            break
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def _held(place: Path) -> int | None:
    """Take a workshop for us, for as long as what is given is open; None when somebody has taken it away already."""
    try:
        held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    fcntl.flock(held, fcntl.LOCK_EX)
    if place.exists():
        return held
    os.close(held)
    return None


@contextmanager
def abandoned(place: Path) -> Iterator[bool]:
    """Tell whether nobody works in a workshop any more; if so, nobody does while it is looked at."""
    try:
        held = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        # Somebody else's, or gone.
        yield False
        return
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield False
    else:
        yield place.exists()
    finally:
        os.close(held)


def clear(folder: Path) -> None:
    """Take away what was left in a folder by whoever was killed over a file of it; what is worked on stays."""
    for _place in left_behind(folder):
        pass


def left_behind(folder: Path, name: str | None = None) -> Iterator[Path]:
    """Yield what was left in a folder by whoever was killed over a file of it, or over that of a name; then it goes."""
    for place in [*folder.iterdir()] if folder.is_dir() else ():
        if (left := left_for(place)) is not None and name in (None, left):
            with abandoned(place) as ours:
                if ours:
                    yield place
                    shutil.rmtree(place, ignore_errors=True)


def left_for(path: Path) -> str | None:
    """Name the file that was made in this folder by whoever was killed over it, or is over it; None for any other."""
    found = _WORKSHOP.fullmatch(path.name)
    return found[1] if found and path.is_dir() and not path.is_symlink() else None


def write_new(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet; one that is private is not for everybody on this machine.

    What else the user's mask takes away stays away.
    """

    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, _FOR_US if private else _FOR_ALL)

    with open(path, "xb", opener=opener) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(new: Path, target: Path, *, overwrite: bool) -> None:
    _keep_on_disk(new)
    if overwrite:
        new.replace(target)
    else:
        # A link, unlike a rename, does not replace a file that somebody else has made meanwhile.
        target.hardlink_to(new)
    _keep_on_disk(target.parent)


def _keep_on_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _exists(target: Path) -> Usage:
    return Usage(
        "already-exists",
        _("There is something at %(place)s already; it was left as it is.") % {"place": target},
        hint=_("Choose another name, or take it away first."),
    )


def _not_made(target: Path, error: OSError) -> Failed:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return Failed(
        "disk-full" if full else "file-not-made",
        N_("%(place)s cannot be made: %(reason)s."),
        filling={"place": target, "reason": error.strerror or error},
        hint=_("Nothing was changed. Make room and try again.")
        if full
        else _("Check that the folder exists, that it may be written, and that there is room."),
    )
