"""What `pdca doctor` looks at around the database: its file, the room on the disk, the ways of messages."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pdca.house import House
from pdca.i18n import _
from pdca.report.health_check import OK, PROBLEM, WARNING, Check, Found, guarded
from pdca.secret_file import read_secret
from pdca.settings import Settings

LITTLE_ROOM: Final = 500 * 1024 * 1024
NO_ROOM: Final = 50 * 1024 * 1024
_OTHERS: Final = 0o007


def of_place(house: House, settings: Settings) -> Iterator[Check]:
    """Check what can be checked without opening the database."""
    if house.database.path is not None:
        path = Path(house.database.path)
        yield guarded("rights", lambda: _rights(path))
        yield guarded("disk", lambda: _disk(path))
    yield guarded("notify", lambda: _channel(settings))
    yield guarded("letters", lambda: _letters(settings.information_folder))
    if settings.webhook.url:
        yield guarded("webhook", lambda: _secret_of("webhook.secret_file", settings.webhook.secret_file))
    if settings.chat.services:
        yield guarded("chat", lambda: _secret_of("chat.urls_file", settings.chat.urls_file))


def _rights(path: Path) -> Found:
    found: Found
    if not path.exists():
        found = WARNING, _("There is no file yet."), None
    elif not os.access(path, os.R_OK):
        found = PROBLEM, _("You may not read it."), _("Ask its owner or an administrator of this machine.")
    elif not (os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)):
        found = WARNING, _("You may read it and not write."), _("To change something you need the file and its folder.")
    elif path.stat().st_mode & _OTHERS:
        found = (
            WARNING,
            _("Everybody on this machine can open it, and it holds personal data."),
            _("Take that right away: chmod o-rwx %(file)s") % {"file": path},
        )
    else:
        found = OK, _("The file and its folder can be written."), None
    return found


def _disk(path: Path) -> Found:
    free = shutil.disk_usage(path.absolute().parent).free
    words = _("%(free)s MiB free.") % {"free": free // (1024 * 1024)}
    if free < LITTLE_ROOM:
        return PROBLEM if free < NO_ROOM else WARNING, words, _("Make room: a full disk stops every change.")
    return OK, words, None


def _channel(settings: Settings) -> Found:
    if settings.notify_channel == "file":
        folder = settings.notify_folder.absolute()
        return _folder(folder, _("Messages go into the folder %(folder)s.") % {"folder": folder})
    if not (settings.smtp.host and settings.smtp.sender):
        return (
            PROBLEM,
            _("Messages are to go by mail, but smtp.host or smtp.from is empty."),
            _("`pdca config show` lists all settings."),
        )
    settings.smtp.password()
    where = {"server": f"{settings.smtp.host}:{settings.smtp.port}"}
    return OK, _("Messages go by mail through %(server)s.") % where, None


def _letters(folder: Path) -> Found:
    place = folder.absolute()
    return _folder(place, _("Letters and pages go into the folder %(folder)s.") % {"folder": place})


def _folder(folder: Path, words: str) -> Found:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if there.is_dir() and os.access(there, os.W_OK | os.X_OK):
        return OK, words, None
    return WARNING, words, _("You may not write there; whoever delivers must be able to.")


def _secret_of(name: str, file: Path | None) -> Found:
    if file is None:
        words = _("The setting “%(name)s” is empty.") % {"name": name}
        return PROBLEM, words, _("`pdca config show` lists all settings.")
    read_secret(file)
    return OK, _("It is set up; `pdca notify test` tries it out."), None
