"""A piece of network that a test can cut: a server that is away, and comes back under the same address.

It can also let nothing through and break nothing off, both ways or for answers only: then neither end is told.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_LOOPBACK: Final = "127.0.0.1"


class Relay:
    """Hands on what comes to its own port to another port, while it is joined; cut, nobody answers there."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener: socket.socket | None = None
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._there, self._back = threading.Event(), threading.Event()
        self.let_through()
        # Held from the beginning, so that nobody else is given the port while the relay is cut.
        self._held = socket.socket()
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._held.bind((_LOOPBACK, 0))
        self.port: int = self._held.getsockname()[1]

    def join(self) -> None:
        """Let connections through from now on."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((_LOOPBACK, self.port))
        listener.listen()
        self._listener = listener
        self._start(self._accept, listener)

    def swallow(self, *, answers_only: bool = False) -> None:
        """Hand on nothing from now on, or no answers, while every connection seems to be whole."""
        self._back.clear()
        if not answers_only:
            self._there.clear()

    def let_through(self) -> None:
        """Hand on everything again, what was kept first."""
        self._there.set()
        self._back.set()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut for good."""
        self.cut()
        self.let_through()
        for thread in self._threads:
            thread.join()
        self._held.close()

    def _accept(self, listener: socket.socket) -> None:
        # Closing the listener is what ends this.
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                far = socket.create_connection((_LOOPBACK, self._target))
                self._open |= {near, far}
                self._start(self._pass_on, near, far, self._there)
                self._start(self._pass_on, far, near, self._back)

    def _pass_on(self, source: socket.socket, target: socket.socket, way: threading.Event) -> None:
        with suppress(OSError):
            while content := source.recv(65_536):
                way.wait()
                target.sendall(content)
        way.wait()
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()
        self._open.discard(source)

    def _start(self, work: object, *arguments: object) -> None:
        assert callable(work)
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()


@contextmanager
def relay(target: int, *, joined: bool = True) -> Iterator[Relay]:
    """Make a relay to a port of this machine."""
    made = Relay(target)
    try:
        if joined:
            made.join()
        yield made
    finally:
        made.close()
