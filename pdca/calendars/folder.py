"""A folder of calendars for a web server: one file for each reader and language, brought up to date as a whole.

Whoever knows the address of a calendar reads it, so all names but those for the public hold something nobody can guess.
It stands in the name alone: to take an address back, remove the file; the next run gives it another.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pdca.calendars.feed import Book
from pdca.calendars.readers import Audience, GroupOf, Reader, Somebody
from pdca.errors import Usage
from pdca.files import whole_file
from pdca.i18n import LANGUAGES, _
from pdca.report.audiences import AUDIENCES
from pdca.store.driver import Connection
from pdca.store.jsontext import from_json
from pdca.store.reads import people

PUBLIC: Final = "public"
_SECRET_BYTES: Final = 24
_UNGUESSABLE: Final = "[A-Za-z0-9_-]{32}"
_BEGINS: Final = b"BEGIN:VCALENDAR"


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar in its file: of what kind, of whom or what, in which language, and whether the file is another now."""

    kind: str
    of: str
    language: str
    file: str
    changed: bool


def refresh(connection: Connection, folder: Path) -> list[Written]:
    """Write the calendar of every person who holds something, of every plan, and of every audience.

    A person's is in the language of that person, the others in each language of the body. One that is there already is
    kept up to date all the same: somebody may still read it. Files whose content would be the same are left alone.
    Raises Failed for a folder that cannot be written.
    """
    book = Book.of(connection)
    return [
        Written(kind, of, language, target.name, put(target, book.written(which, reader, language, plan_id)))
        for kind, of, which, reader, languages, plan_id in _readers(connection, book)
        for language in LANGUAGES
        for there in [_there(folder, kind, of, language)]
        for target in there or ([_new(folder, kind, of, language)] if language in languages else [])
    ]


def put(target: Path, content: bytes) -> bool:
    """Write a calendar to a file, in the place of another calendar only; tell whether the file is another now.

    Raises Usage when something else is there.
    """
    there = b""
    with suppress(OSError):
        there = target.read_bytes()
    if there == content:
        return False
    try:
        with whole_file(target, overwrite=there.startswith(_BEGINS)) as new:
            new.write_bytes(content)
    except Usage as error:
        error.hint = _("Only a calendar is replaced. Choose another name.")
        raise
    return True


def _readers(connection: Connection, book: Book) -> Iterator[tuple[str, str, str, Reader, tuple[str, ...], str | None]]:
    body = book.body
    spoken = (from_json(body["details"]) or {}).get("languages", (body["language"],))
    languages = tuple(language for language in LANGUAGES if language in spoken)
    for row in connection.all(people.PEOPLE):
        somebody = Somebody.of(connection, row["person_id"])
        own = row["language"] if row["language"] in LANGUAGES else body["language"]
        # Who holds nothing any more may have a calendar from before.
        yield "person", row["person_id"], "person", somebody, (own,) if somebody.held else (), None
    for plan_id in book.records.plans:
        yield "plan", plan_id, "plan", GroupOf(plan_id), languages, plan_id
    for audience in AUDIENCES:
        yield "audience", audience, audience, Audience(audience), languages, None


def _there(folder: Path, kind: str, of: str, language: str) -> list[Path]:
    if (kind, of) == ("audience", PUBLIC):
        return [path for path in [_new(folder, kind, of, language)] if path.exists()]
    pattern = re.compile(rf"{re.escape(of)}-{_UNGUESSABLE}\.{language}\.ics")
    return sorted(path for path in folder.glob(f"{of}-*.{language}.ics") if pattern.fullmatch(path.name))


def _new(folder: Path, kind: str, of: str, language: str) -> Path:
    if (kind, of) == ("audience", PUBLIC):
        return folder / f"{of}.{language}.ics"
    return folder / f"{of}-{secrets.token_urlsafe(_SECRET_BYTES)}.{language}.ics"
