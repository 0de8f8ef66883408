"""An end to a conversation: a timeout counts from the last byte, so who sends one byte a minute would never end it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def ending(connection: socket.socket | None, seconds: float) -> Iterator[None]:
    """Break a connection off after so many seconds; whoever waits for it then meets its end."""
    if connection is None:
        yield
        return
    timer = threading.Timer(seconds, _break_off, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _break_off(connection: socket.socket) -> None:
    with suppress(OSError):
        # The method of the plain socket: that of an encrypted one would take its encryption off under the reader.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
