"""The messages that the program itself wrote as files: those of a person, and those that name him or her."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from pdca.erasure.naming import Naming
from pdca.notify.mail import NOTIFICATION_HEADER, PERSON_HEADER, TRIAL_ID, alone_name, file_name, unfinished_name
from pdca.notify.outbox import MAIL
from pdca.store.driver import Connection, Row
from pdca.store.reads import notifications


@dataclass(frozen=True, slots=True)
class MessageFiles:
    """The folder of the file channel. Of what lies in it only files with the name and id of a message are touched.

    One that tried the channel out is such a message too.
    """

    folder: Path

    def of(self, connection: Connection, person_id: str, naming: Naming) -> Iterator[Path]:
        """Yield the files of messages to a person, of those to others that name him or her, and all unfinished ones."""
        if not self.folder.is_dir():
            return
        rows = connection.all(notifications.BY_CHANNEL, channel=MAIL)
        own = {name for row in rows if row["person_id"] == person_id for name in _names_of(row)}
        for notification_id in (*dict.fromkeys(name for row in rows for name in _names_of(row)), TRIAL_ID):
            path = self.folder / file_name(notification_id)
            if _is_file(path):
                message = _read(path)
                if message[NOTIFICATION_HEADER] == notification_id and (
                    notification_id in own or message[PERSON_HEADER] == person_id or _names(message, naming)
                ):
                    yield path
            # What breaks off anywhere cannot be read, and is written anew when the message is sent again.
            unfinished = self.folder / unfinished_name(notification_id)
            if _is_file(unfinished):
                yield unfinished

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
