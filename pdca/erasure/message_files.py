"""The messages that the program itself wrote as files: those of a person, and those that name him or her."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import NamedTuple

from pdca.erasure.naming import Naming
from pdca.notify.mail import NOTIFICATION_HEADER, PERSON_HEADER, TRIAL_ID, alone_name, file_name, unfinished_name
from pdca.notify.outbox import MAIL
from pdca.store.driver import Connection, Row
from pdca.store.reads import notifications


class _Judged(NamedTuple):
    """What a file that was `changed` then was found to be: which message, whose, and whether it names somebody."""

    changed: int
    notification: str | None
    person: str | None
    names: bool


@dataclass(frozen=True, slots=True)
class MessageFiles:
    """The folder of the file channel. Of what lies in it only files with the name and id of a message are touched.

    One that tried the channel out is such a message too.
    """

    folder: Path
    _judged: dict[tuple[Path, str], _Judged] = field(default_factory=dict, compare=False, repr=False)

    def having_read(self, connection: Connection, called: Mapping[str, Naming]) -> "MessageFiles":
        """Give the same with every message read for these people: what is as it was is not read again.

        To read thousands takes its time, and on SQLite nobody else writes meanwhile inside of the transaction.
        """
        read = MessageFiles(self.folder)
        for person_id, naming in called.items():
            for _path in read.of(connection, person_id, naming):
                pass
        return read

    def of(self, connection: Connection, person_id: str, naming: Naming) -> Iterator[Path]:
        """Yield the files of messages to a person, of those to others that name him or her, and all unfinished ones."""
        if not self.folder.is_dir():
            return
        rows = connection.all(notifications.BY_CHANNEL, channel=MAIL)
        own = {name for row in rows if row["person_id"] == person_id for name in _names_of(row)}
        for notification_id in (*dict.fromkeys(name for row in rows for name in _names_of(row)), TRIAL_ID):
            path = self.folder / file_name(notification_id)
            if _is_file(path):
                found = self._judge(path, person_id, naming)
                if found.notification == notification_id and (
                    notification_id in own or found.person == person_id or found.names
                ):
                    yield path
            # What breaks off anywhere cannot be read, and is written anew when the message is sent again.
            unfinished = self.folder / unfinished_name(notification_id)
            if _is_file(unfinished):
                yield unfinished

    def _judge(self, path: Path, person_id: str, naming: Naming) -> _Judged:
        changed, key = path.stat().st_mtime_ns, (path, person_id)
        if key not in self._judged or self._judged[key].changed != changed:
            message = _read(path)
            headers = (message[NOTIFICATION_HEADER], message[PERSON_HEADER])
            self._judged[key] = _Judged(changed, *headers, _names(message, naming))
        return self._judged[key]

    def of_messages(self, connection: Connection, names: Collection[str]) -> Iterator[Path]:
        """Yield the files of these messages, also where one went out together with others, or apart from them."""
        if not names or not self.folder.is_dir():
            return
        rows = connection.all(notifications.BY_CHANNEL, channel=MAIL)
        for letter in sorted({name for row in rows if row["notification_id"] in names for name in _names_of(row)}):
            path = self.folder / file_name(letter)
            if _is_file(path) and _read(path)[NOTIFICATION_HEADER] == letter:
                yield path


def _names_of(row: Row) -> tuple[str, ...]:
    """Give the names under which a message may have gone out: that of what it was put together in, and its own."""
    return (*((row["digest"],) if row["digest"] else ()), alone_name(row))


def _read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _names(message: EmailMessage, naming: Naming) -> bool:
    texts = [
        *(str(value) for value in message.values()),
        *(part.get_content() for part in message.walk() if part.get_content_maintype() == "text"),
    ]
    return any(naming.found_in(text) for text in texts)
