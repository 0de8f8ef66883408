"""The SMTP channel: one connection for a batch, and the answers of a mail server (RFC 5321) sorted into what they mean.

No reason holds a secret: what a server answers to a login is left out, for some repeat what they were given.
"""

import hashlib
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Final, Self

from pdca.failure import Failure
from pdca.i18n import N_
from pdca.log import keep_secret
from pdca.notify.lines import one_line
from pdca.notify.mail import address
from pdca.settings_groups import Smtp
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.channels.deadline import ending

TIMEOUT_SECONDS: Final = 30.0
PATIENCE: Final = 4
"""So many timeouts a server has to take a message whose end it has seen, for it may be looking for viruses meanwhile: a
server that is given up too early has the message, and gets it again at every attempt (RFC 5321, 4.5.3.2.6)."""

LONGEST: Final = 10
"""So many timeouts at most the greeting, the login or one message takes, however often the server says something."""

TROUBLES: Final = 3
"""So many broken conversations on end, and the server is left alone until the next batch."""

_DONE: Final = 250
_LEAVING: Final = 421
_RECIPIENT_TAKEN: Final = frozenset({250, 251})
_PERMANENT: Final = range(500, 600)
_LOGIN_WANTED: Final = frozenset({530, 534, 535, 538})
"""Permanent by their number, yet about our settings and not about this message."""


class _Bounded(smtplib.SMTP):
    """Connects in so many timeouts at most, the greeting included."""

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:  # noqa: ANN401 - as the class above has it
        """Connect, and give what the server greets with."""
        try:
            with ending(lambda: self.sock, LONGEST * self.timeout):
                return super().connect(host, port, source_address)
        except BaseException:
            self.close()
            raise


class _Encrypted(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


class SmtpChannel:
    """Sends by the mail server of `settings`; every wait ends after `timeout` seconds, that for the end after more."""

    outward = True

    def __init__(
        self, settings: Smtp, *, timeout: float = TIMEOUT_SECONDS, context: ssl.SSLContext | None = None
    ) -> None:
        self.settings = settings
        self.sender = settings.sender
        self.timeout = timeout
        self._context = context
        self._password: str | None = None
        self._connection: smtplib.SMTP | None = None
        self._away: Failure | None = None
        self._troubles = 0

    def __enter__(self) -> Self:
        self._password = self.settings.password()
        keep_secret(self._password or "")
        self._away, self._troubles = None, 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take leave of the server."""
        if (leaving := self._connection) is not None:
            with suppress(OSError), ending(lambda: leaving.sock, self.timeout):
                leaving.quit()
        self._drop()
        self._password = None

    def send(self, message: EmailMessage) -> Answer:
        """Hand the message to the server. It may have arrived although the answer is Later: then it is repeated."""
        recipient = address(message, "To")
        if recipient is None:
            return Never(Failure("no-address", N_("no address")))
        content = message.as_bytes()
        connection = self._connected()
        if connection is None:
            assert self._away is not None  # noqa: S101 - it says why there is none
            return Later(self._away)
        try:
            with ending(lambda: connection.sock, LONGEST * self.timeout):
                answer = self._hand_over(connection, address(message, "From") or "", recipient, content)
        except (OSError, ValueError) as error:
            return self._broken(error)
        self._troubles = 0
        return answer

    def keep(self, answers: list[Answer]) -> list[Answer]:
        """What the other side took is its own to keep."""
        return answers

    def _hand_over(self, connection: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Answer:
        connection.ehlo_or_helo_if_needed()
        code, said = connection.mail(sender, [f"SIZE={len(content)}"] if connection.has_extn("size") else [])
        if code != _DONE:
            # The server takes no mail from us at all: that is no reason to give this message up.
            self._begin_anew(connection, code)
            return Later(_answer(code, said))
        code, said = connection.rcpt(recipient)
        if code not in _RECIPIENT_TAKEN:
            self._begin_anew(connection, code)
            return _refused(code, said)
        code, said = self._data(connection, content)
        if code == _DONE:
            return Sent(hashlib.sha256(content).hexdigest(), _answer(code, said))
        self._begin_anew(connection, code)
        return _refused(code, said)

    def _data(self, connection: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
        assert connection.sock is not None  # noqa: S101 - it has just answered
        connection.sock.settimeout(self.timeout * PATIENCE)
        try:
            return connection.data(content)
        except smtplib.SMTPDataError as error:
            said = error.smtp_error
            return error.smtp_code, said.encode() if isinstance(said, str) else said
        finally:
            if connection.sock is not None:
                connection.sock.settimeout(self.timeout)

    def _begin_anew(self, connection: smtplib.SMTP, code: int) -> None:
        """Leave the message that was refused; what the server answered holds also when it is gone by now."""
        try:
            if code != _LEAVING:
                connection.rset()
                return
        except OSError:
            pass
        self._drop()

    def _connected(self) -> smtplib.SMTP | None:
        if self._connection is not None and self._connection.sock is not None:
            return self._connection
        self._drop()
        if self._away is None:
            try:
                self._connection = self._connect()
            except smtplib.SMTPAuthenticationError as error:
                self._away = Failure(
                    "mail-login-refused",
                    N_("the mail server refused the login of “%(user)s” (%(answer)s)"),
                    {"user": self.settings.user, "answer": error.smtp_code},
                )
            except (OSError, ValueError) as error:
                self._away = Failure(
                    "mail-server-unusable",
                    N_("the mail server %(server)s cannot be used: %(reason)s"),
                    {"server": self._where, "reason": _words(error)},
                )
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        settings = self.settings
        context = self._context or ssl.create_default_context()
        host = settings.host or ""
        connection = (
            _Encrypted(host, settings.port, timeout=self.timeout, context=context)
            if settings.security == "tls"
            else _Bounded(host, settings.port, timeout=self.timeout)
        )
        try:
            with ending(lambda: connection.sock, LONGEST * self.timeout):
                if settings.security == "starttls":
                    connection.starttls(context=context)
                if settings.user is not None:
                    connection.login(settings.user, self._password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    @property
    def _where(self) -> str:
        return f"{self.settings.host}:{self.settings.port}"

    def _broken(self, error: Exception) -> Later:
        self._drop()
        reason = Failure(
            "mail-broken-off",
            N_("the conversation with the mail server %(server)s broke off: %(reason)s"),
            {"server": self._where, "reason": _words(error)},
        )
        self._troubles += 1
        if self._troubles >= TROUBLES:
            self._away = reason
        return Later(reason)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None


def _refused(code: int, text: bytes | str) -> Later | Never:
    lasting = code in _PERMANENT and code not in _LOGIN_WANTED
    return Never(_answer(code, text)) if lasting else Later(_answer(code, text))


def _answer(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return one_line(f"{code} {said}")


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return one_line(str(getattr(error, "strerror", None) or error) or type(error).__name__)
