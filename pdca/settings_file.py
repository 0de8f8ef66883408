"""Read a settings file (TOML) into entries that know on which line they stand."""

import os
import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from pdca.errors import Failed, Place, Usage
from pdca.i18n import _

LARGEST_FILE: Final = 1024 * 1024


class Entry(NamedTuple):
    """A key of the file, dotted, with its value as TOML gives it and its line if that could be told."""

    key: str
    value: object
    line: int | None


def read_entries(path: str | os.PathLike[str], sections: Collection[str]) -> list[Entry]:
    """Give the entries of a file, none when there is no such file. Tables named in `sections` are opened.

    Raises `Failed` for a file that cannot be read, `Usage` for one that is not TOML.
    """
    text = _read(path)
    if not text:
        return []
    import tomllib

    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        spot = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        raise Usage(
            "setting-syntax",
            _("The settings file is not TOML: %(reason)s.") % {"reason": re.sub(r" \(at .*", "", str(error))},
            hint=_("Write name = value, texts between quotes, one setting a line."),
            place=Place(str(path), int(spot[1]), int(spot[2])) if spot else Place(str(path)),
        ) from error
    return [Entry(key, value, _line_of(text, key)) for key, value in _flat(document, "", sections)]


def nearest(name: str, candidates: list[str], *, likeness: float = 0.6) -> str | None:
    """Give the candidate most like `name`, None when none is; `likeness` runs from 0 (anything) to 1 (the same)."""
    import difflib

    return next(iter(difflib.get_close_matches(name, candidates, n=1, cutoff=likeness)), None)


def _read(path: str | os.PathLike[str]) -> str:
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise Failed(
                "setting-file",
                _("The settings file is too large."),
                hint=_("A settings file has a few lines; is this the right file?"),
                place=Place(str(path)),
            )
        return content.decode()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or _("it is not text in UTF-8")
        raise Failed(
            "setting-file",
            _("The settings file cannot be read: %(reason)s.") % {"reason": reason},
            hint=_("Make it readable, or take it away."),
            place=Place(str(path)),
        ) from error


def _flat(table: dict[str, object], prefix: str, sections: Collection[str]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        name = prefix + key
        if isinstance(value, dict) and name in sections:
            yield from _flat(value, name + ".", sections)
        else:
            yield name, value


def _line_of(text: str, key: str) -> int | None:
    """Find the line of a key, which tomllib does not tell; None in a layout that this does not see through."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\[?([^\[\]]+)\]", line):
            found = _plain(header[1])
            section = found + "."
        elif assignment := re.match(r"\s*([\w.\"' -]+?)\s*=", line):
            found = section + _plain(assignment[1])
        else:
            continue
        if found == key:
            return number
    table, separator, _key = key.rpartition(".")
    return _line_of(text, table) if separator else None


def _plain(name: str) -> str:
    return re.sub(r"[\"'\s]", "", name)
