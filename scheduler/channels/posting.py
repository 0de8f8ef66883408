"""Posting to an address of the settings, and to nothing else.

The address is looked up once, what is found is checked, and the connection goes to what was checked: a name that means
another address a moment later leads nowhere else. Redirects are not followed, proxies of the environment not used.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from pdca.notify.lines import one_line
from scheduler.channels.addresses import Resolver, connect, look_up
from scheduler.channels.deadline import ending

TIMEOUT_SECONDS: Final = 15.0
LONGEST: Final = 4
"""So many timeouts at most one conversation takes, however often the other side says something."""
TROUBLE: Final = (OSError, ValueError, http.client.HTTPException)
"""What a conversation that does not end well raises."""

_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Answered:
    """What the other side said: the status, its headers, and the beginning of its body."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(slots=True)
class Poster:
    """Posts to public addresses only, or to any; `setting` is what decides that, `timeout` seconds end every wait."""

    public_only: bool
    setting: str
    timeout: float = TIMEOUT_SECONDS
    context: ssl.SSLContext | None = None
    resolve: Resolver = socket.getaddrinfo

    def post(
        self, url: SplitResult, body: bytes, headers: Callable[[], Mapping[str, str]], *, largest: int
    ) -> Answered:
        """Post a body, and read so many bytes of the answer; the headers are made once the address is known.

        Raises NotPublic for an address that nothing is posted to, and what stands in `TROUBLE`.
        """
        host, port = url.hostname or "", port_of(url)
        addresses = look_up(host, port, public_only=self.public_only, setting=self.setting, resolve=self.resolve)
        said = headers()
        connection = self._prepared(url, host, port)
        try:
            connection.sock = self._wrapped(url, connect(addresses, self.timeout), host)
            with ending(lambda: connection.sock, LONGEST * self.timeout):
                if isinstance(connection.sock, ssl.SSLSocket):
                    connection.sock.do_handshake()
                connection.request("POST", _target(url), body, headers=dict(said))
                response = connection.getresponse()
                return Answered(response.status, response.headers, response.read(largest))
        finally:
            connection.close()

    def _prepared(self, url: SplitResult, host: str, port: int) -> http.client.HTTPConnection:
        if url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self.timeout, context=self._trusted())
        return http.client.HTTPConnection(host, port, timeout=self.timeout)

    def _wrapped(self, url: SplitResult, plain: socket.socket, host: str) -> socket.socket:
        if url.scheme == "http":
            return plain
        return self._trusted().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)

    def _trusted(self) -> ssl.SSLContext:
        if self.context is None:
            self.context = ssl.create_default_context()
        return self.context


def parts_of(text: str) -> SplitResult | None:
    """Give the parts of an address that can be posted to; None for anything else, and for one with a password."""
    try:
        url = urlsplit(text)
        usable = url.scheme in _PORTS and url.hostname and url.port != 0 and "@" not in url.netloc
    except ValueError:
        return None
    return url if usable and text.isascii() and text.isprintable() and " " not in text else None


def port_of(url: SplitResult) -> int:
    """Give the port of an address."""
    return url.port or _PORTS[url.scheme]


def words_of(error: Exception) -> str:
    """Say in a line what was wrong with a conversation."""
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return one_line(str(getattr(error, "strerror", None) or error) or type(error).__name__)


def _target(url: SplitResult) -> str:
    return (url.path or "/") + (f"?{url.query}" if url.query else "")
