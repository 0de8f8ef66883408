"""Where definition files are looked for besides among those that are shipped."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


class _Shelves:
    folders: tuple["Traversable", ...] = ()


def look_in(*folders: "Traversable") -> None:
    """Look in these folders too, and in no others of before, from here on in this process; a `pathlib.Path` will do."""
    _Shelves.folders = folders


def folders() -> tuple["Traversable", ...]:
    """The folders that are looked in."""
    return _Shelves.folders
