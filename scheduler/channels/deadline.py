"""An end to a conversation: a timeout counts from the last byte, so who sends one byte a minute would never end it."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

_AGAIN_SECONDS: Final = 0.5
"""An encrypted connection takes the place of a plain one in the middle of a conversation, so once may be in vain."""


@contextmanager
def ending(connection: Callable[[], socket.socket | None], seconds: float) -> Iterator[None]:
    """Break off what `connection` gives after so many seconds.

    Raises TimeoutError then, also when what is done inside takes half an answer for a whole one.
    """
    over, broken_off = threading.Event(), threading.Event()

    def watch() -> None:
        pause = seconds
        while not over.wait(pause):
            broken_off.set()
            _break_off(connection())
            pause = _AGAIN_SECONDS

    watching = threading.Thread(target=watch, name="ending", daemon=True)
    watching.start()
    failure: Exception | None = None
    try:
        yield
    except Exception as error:
        if not broken_off.is_set():
            raise
        failure = error
    finally:
        over.set()
        watching.join()
    if broken_off.is_set():
        raise TimeoutError from failure


def _break_off(connection: socket.socket | None) -> None:
    if connection is not None:
        with suppress(OSError):
            # The method of the plain socket: that of an encrypted one would take its encryption off under the reader.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)
