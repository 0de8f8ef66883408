"""The file channel: one `.eml` per message in a folder, for a mail program or another system to take up."""

import hashlib
import os
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Self

from pdca.failure import Reason
from pdca.notify.mail import NOTIFICATION_HEADER, file_name, unfinished_name
from scheduler.channels.answer import Answer, Later, Sent


class FileChannel:
    """Writes into `folder`, which is made when it is not there; a message that is repeated takes its own place."""

    outward = False

    def __init__(self, folder: Path, *, sender: str | None = None) -> None:
        self.folder = folder
        self.sender = sender

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open between messages."""

    def send(self, message: EmailMessage) -> Answer:
        """Write the message so that its file is never seen half written, even after a power cut.

        That its name is there as well is seen to once for a batch, which takes half the time.
        """
        content = message.as_bytes()
        notification_id = str(message[NOTIFICATION_HEADER])
        name = file_name(notification_id)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            partial = self.folder / unfinished_name(notification_id)
            with partial.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(self.folder / name)
        except OSError as error:
            return Later(self._words(error))
        return Sent(hashlib.sha256(content).hexdigest(), str(self.folder / name))

    def keep(self) -> Reason | None:
        """Wait until the disk has the names of the files."""
        try:
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            return self._words(error)
        return None

    def _words(self, error: OSError) -> str:
        return f"{self.folder}: {error.strerror or error}"
