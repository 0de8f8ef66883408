"""A real SMTP server on the loopback address, in a thread of its own, that does as its script says.

The local part of the address says how a message fares: `ok`, `rcpt-550`, `rcpt-451`, `data-554`, `data-451`, `hang`,
`drop`; anything else is accepted.
"""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pdca.settings_groups import Smtp

PEM: Final = Path(__file__).with_name("loopback.pem")
SENDER: Final = "Zone Test <pdca@zone.example>"
LOGIN: Final = ("pdca", "correct horse")


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was accepted: the envelope's sender and recipients, and the bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@dataclass(slots=True)
class MailServer:
    """What the server saw: messages accepted, and how many connections were made.

    A server that `holds_after` so many messages keeps the next one without an answer until `let_go`; `holding` tells
    that it has one.
    """

    port: int
    loop: asyncio.AbstractEventLoop
    inbox: list[Received] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    refuse_sender: str | None = None
    holds_after: int | None = None
    holding: threading.Event = field(default_factory=threading.Event)
    _free: asyncio.Event = field(default_factory=asyncio.Event)

    def let_go(self) -> None:
        """Take the message that is held, and all that follow."""
        self.loop.call_soon_threadsafe(self._free.set)

    @property
    def settings(self) -> Smtp:
        """The settings that lead to this server, without encryption or login."""
        return Smtp("127.0.0.1", self.port, "none", None, None, SENDER)

    def settings_for(self, security: str, user: str | None = None, password_file: Path | None = None) -> Smtp:
        """The settings with encryption and perhaps a login."""
        return self.settings._replace(security=security, user=user, password_file=password_file)

    # aiosmtpd calls these by name.

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        del server, envelope
        session.host_name = hostname
        self.connections.append(hostname)
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        del server, session
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        match address.partition("@")[0].split("-"):
            case ["rcpt", code, *_]:
                return f"{code} No, not today"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del session
        match envelope.rcpt_tos[0].partition("@")[0].split("-"):
            case ["data", code, *_]:
                return f"{code} Not this text"
            case ["hang", *_]:
                await asyncio.Event().wait()
            case ["drop", *_]:
                assert isinstance(server.transport, asyncio.Transport)
                server.transport.abort()
                await asyncio.Event().wait()
        if self.holds_after is not None and len(self.inbox) >= self.holds_after:
            self.holding.set()
            await self._free.wait()
        assert isinstance(envelope.original_content, bytes)
        self.inbox.append(Received(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.original_content))
        return "250 OK"


@contextmanager
def mail_server(*, tls: str = "none", login: bool = False) -> Iterator[MailServer]:
    """Run the server: `tls` is none, starttls or tls; with `login` it wants one, LOGIN."""
    loop = asyncio.new_event_loop()
    state = MailServer(0, loop)
    options: dict[str, Any] = {"ident": "test"}
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(PEM)
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if login:
        options |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": False}

    async def start() -> asyncio.Server:
        implicit = context if tls == "tls" else None
        return await loop.create_server(lambda: SMTP(state, loop=loop, **options), "127.0.0.1", 0, ssl=implicit)

    server = loop.run_until_complete(start())
    state.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield state
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def trusting() -> ssl.SSLContext:
    """Make a context that trusts this server's certificate and nothing else."""
    return ssl.create_default_context(cafile=PEM)


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: object
) -> AuthResult:
    del server, session, envelope, mechanism
    right = isinstance(credentials, LoginPassword) and credentials == LoginPassword(*(word.encode() for word in LOGIN))
    return AuthResult(success=right, handled=False)
