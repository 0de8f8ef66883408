"""The file channel: one `.eml` per message in a folder, for a mail program or another system to take up."""

import hashlib
import os
from concurrent.futures import Future, ThreadPoolExecutor
from email.message import EmailMessage
from io import BufferedWriter
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pdca.failure import Reason
from pdca.notify.mail import NOTIFICATION_HEADER, file_name, unfinished_name
from scheduler.channels.answer import Answer, Later, Sent

AT_ONCE: Final = 4
"""So many files wait for the disk at once, which then writes several in one go; more gain nothing."""


class FileChannel:
    """Writes into `folder`, which is made when it is not there; a message that is repeated takes its own place.

    While the disk takes up a file the next message is made. So what `send` answers is only what is hoped for; `keep`
    waits for the disk, and tells.
    """

    outward = False

    def __init__(self, folder: Path, *, sender: str | None = None) -> None:
        self.folder = folder
        self.sender = sender
        self._writers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="file")
        self._written: dict[str, Future[OSError | None]] = {}
        """By the path of each file that was begun since the last `keep`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """What is being written `keep` waits for."""

    def send(self, message: EmailMessage) -> Answer:
        """Begin to write the message."""
        content = message.as_bytes()
        notification_id = str(message[NOTIFICATION_HEADER])
        partial, path = (self.folder / name(notification_id) for name in (unfinished_name, file_name))
        answer = Sent(hashlib.sha256(content).hexdigest(), str(path))
        self._written[answer.said] = self._writers.submit(self._write, content, partial, path)
        return answer

    def keep(self, answers: list[Answer]) -> list[Answer]:
        """Wait until the disk has every file, and then their names, which takes half the time of each name by itself.

        Whose file it has not was not sent; where it may not have the names, nothing was.
        """
        failed = {path: error for path, written in self._written.items() if (error := written.result())}
        self._written.clear()
        kept = [self._kept(answer, failed) for answer in answers]
        if not any(isinstance(answer, Sent) for answer in kept):
            return kept
        try:
            self._keep_names()
        except OSError as error:
            return [Later(self._words(error)) if isinstance(answer, Sent) else answer for answer in kept]
        return kept

    def _kept(self, answer: Answer, failed: dict[str, OSError]) -> Answer:
        error = failed.get(answer.said) if isinstance(answer, Sent) else None
        return answer if error is None else Later(self._words(error))

    def _write(self, content: bytes, partial: Path, path: Path) -> OSError | None:
        """Write the file so that it is never seen half written, even after a power cut; gives why it could not."""
        try:
            with self._opened(partial) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            return error
        return None

    def _opened(self, partial: Path) -> BufferedWriter:
        try:
            return partial.open("wb")
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True)
            return partial.open("wb")

    def _keep_names(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _words(self, error: OSError) -> Reason:
        return f"{self.folder}: {error.strerror or error}"
