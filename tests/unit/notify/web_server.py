"""A real HTTP server on the loopback address, in a thread of its own, that answers as the path of a request says.

`/ok`, `/status/NUMBER`, `/redirect` (307 to /ok), `/wait/SECONDS` (429 with Retry-After), `/hang`, `/drip` (a byte now
and then, without end), `/drop`, `/huge` (a body without end); anything else is 204.
"""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.unit.notify.mail_server import PEM


@dataclass(frozen=True, slots=True)
class Posted:
    """A request that came in: path, headers in small letters, body."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class WebServer:
    """What the server saw."""

    port: int = 0
    posted: list[Posted] = field(default_factory=list)
    connections: int = 0
    leaving: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    """Does as it is asked by the path."""

    server: "_Server"

    def do_POST(self) -> None:
        """Keep the request and answer."""
        state = self.server.state
        state.connections += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        state.posted.append(Posted(self.path, headers, body))
        with suppress(OSError):
            self._answer(self.path.strip("/").partition("?")[0].split("/"))

    def _answer(self, path: list[str]) -> None:
        match path:
            case ["status", number]:
                self._say(int(number))
            case ["redirect"]:
                self._say(307, ("Location", "/ok"))
            case ["wait", after]:
                self._say(429, ("Retry-After", after))
            case ["hang"]:
                self.server.state.leaving.wait()
            case ["drip"]:
                self._go_on(b"H", 0.05)
            case ["drop"]:
                self.connection.close()
            case ["huge"]:
                self.send_response(200)
                self.end_headers()
                self._go_on(b"x" * 65_536, 0)
            case _:
                self._say(204)

    def _go_on(self, content: bytes, pause: float) -> None:
        while not self.server.state.leaving.wait(pause):
            self.wfile.write(content)
            self.wfile.flush()

    def _say(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for header in headers:
            self.send_header(*header)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, state: WebServer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.state = state

    def handle_error(self, *_: object) -> None:
        """Say nothing of one who broke off."""


@contextmanager
def web_server(*, tls: bool = False) -> Iterator[WebServer]:
    """Run the server, with the certificate that `trusting()` trusts when it is encrypted."""
    state = WebServer()
    server = _Server(state)
    if tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(PEM)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        state.leaving.set()
        server.shutdown()
        server.server_close()
        thread.join()
