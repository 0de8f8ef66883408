"""The chat channel: messages go to the chat services that apprise knows (extra `chat`).

The address of a service holds its secret. So addresses stand in a file of their own, and neither a reason nor the
program's log names one: what apprise logs of itself is dropped.
"""

import hashlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.message import EmailMessage
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from pdca.errors import Failed, Place
from pdca.failure import Failure
from pdca.i18n import N_, _
from pdca.log import keep_secret
from pdca.notify.mail import PERSON_HEADER, plain_text
from pdca.secret_file import read_secret
from pdca.settings_groups import Chat
from scheduler.channels.answer import Answer, Later, Never, Sent

if TYPE_CHECKING:
    from apprise import Apprise

EVERYBODY: Final = "*"
TIMEOUT_SECONDS: Final = 15.0
LONGEST_SECONDS: Final = 60.0


class ChatChannel:
    """Sends by the services of the file that `settings` names, to each person by his or her own or by that of all."""

    outward = True
    sender: str | None = None

    def __init__(self, settings: Chat) -> None:
        self.settings = settings
        _must_be_set_up(settings)
        self._services: Mapping[str, Apprise] = {}

    def __enter__(self) -> Self:
        self._services = services(self.settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget the addresses."""
        self._services = {}

    def send(self, message: EmailMessage) -> Answer:
        """Hand subject and text to the services of the person; it does not tell which of several did not answer."""
        service = self._services.get(str(message[PERSON_HEADER])) or self._services.get(EVERYBODY)
        if service is None:
            return Never(Failure("no-chat-address", N_("no chat address")))
        subject, text = plain_text(message)
        with _silence():
            sent = service.notify(body=text, title=subject, body_format="text", interpret_escapes=False)
        if not sent:
            return Later(Failure("chat-not-taken", N_("the chat service did not take it")))
        return Sent(hashlib.sha256(f"{subject}\n\n{text}".encode()).hexdigest())

    def keep(self, answers: list[Answer]) -> list[Answer]:
        """What the other side took is its own to keep."""
        return answers


def services(settings: Chat) -> "dict[str, Apprise]":
    """Read the file: lines of PERSON=ADDRESS, `*` for all others, `#` for remarks. Raises Failed for one that is wrong.

    Only services that the settings name are used, none follows a redirect, and each has so long to answer.
    """
    apprise = _apprise()
    found: dict[str, Apprise] = {}
    for number, person, address in _lines(settings):
        service = _instance(apprise, settings, address, number)
        found.setdefault(person, apprise.Apprise(asset=service.asset)).add(service)
    return found


def _lines(settings: Chat) -> Iterator[tuple[int, str, str]]:
    assert settings.urls_file is not None  # noqa: S101 - `_must_be_set_up` has seen it
    for number, line in enumerate(read_secret(settings.urls_file).splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        person, equals, address = (part.strip() for part in text.partition("="))
        if not (equals and person and "://" in address):
            raise _wrong(settings, number, _("Write PERSON=ADDRESS, such as U-004=…, or *=… for everybody else."))
        keep_secret(address)
        yield number, person, address


def _instance(apprise: Any, settings: Chat, address: str, number: int) -> Any:  # noqa: ANN401 - of a library that may be missing
    schema = address.partition("://")[0].casefold()
    if schema not in settings.services:
        raise _wrong(
            settings,
            number,
            _("The setting “chat.services” does not name the service “%(service)s”.") % {"service": schema},
        )
    asset = apprise.AppriseAsset(
        http_redirects=False,
        async_mode=False,
        interpret_emojis=False,
        secure_logging=True,
        allow_templates=False,
        service_timeout=LONGEST_SECONDS,
        storage_mode="memory",
    )
    with _silence():
        service = apprise.Apprise.instantiate(address, asset=asset)
    if service is None:
        raise _wrong(settings, number, _("The service cannot read its address; apprise says how it is written."))
    # An address may ask for what the house does not want.
    service.redirects = False
    service.socket_connect_timeout = min(service.socket_connect_timeout or TIMEOUT_SECONDS, TIMEOUT_SECONDS)
    service.socket_read_timeout = min(service.socket_read_timeout or TIMEOUT_SECONDS, TIMEOUT_SECONDS)
    return service


@contextmanager
def _silence() -> Iterator[None]:
    """Drop what apprise, and what it posts by, say meanwhile: their lines may hold parts of an address."""
    loggers = [logging.getLogger(name) for name in ("apprise", "urllib3.connectionpool")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def _apprise() -> Any:  # noqa: ANN401 - a library that may be missing
    try:
        import apprise
    except ImportError as error:
        raise Failed(
            "extra-missing",
            _("The library for chat services is not installed."),
            hint=_("Install the program with its extra: pdca[chat]."),
        ) from error
    return apprise


def _must_be_set_up(settings: Chat) -> None:
    for name, value in (("chat.urls_file", settings.urls_file), ("chat.services", settings.services)):
        if not value:
            raise Failed(
                "chat-not-set-up",
                _("Messages are to go by chat, but the setting “%(name)s” is empty.") % {"name": name},
                hint=_("`pdca config show` lists the settings; `pdca notify channels` says by what people are told."),
            )


def _wrong(settings: Chat, line: int, hint: str) -> Failed:
    return Failed(
        "chat-address",
        _("A line of the file of chat addresses cannot be used."),
        hint=hint,
        place=Place(file=str(settings.urls_file), line=line),
    )
