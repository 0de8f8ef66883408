"""The ways out of the house, and what they answer for each message."""

from collections.abc import Callable
from email.message import EmailMessage
from types import TracebackType
from typing import Protocol, TypeAlias

from pdca.errors import Failed
from pdca.i18n import _
from pdca.notify.outbox import CHAT, WEBHOOK
from pdca.settings import Settings
from scheduler.channels.answer import Answer


class Channel(Protocol):
    """A way out of the house; used as a context, so that a batch shares what is costly to open.

    `outward` is whether messages reach people by it, which a simulated installation must not; `sender` is the address
    that messages come from, None for the installation's own unreachable one.
    """

    outward: bool
    sender: str | None

    def __enter__(self) -> object:
        """Begin a batch; raises PdcaError when the channel is not set up."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the batch."""
        ...

    def send(self, message: EmailMessage) -> Answer:
        """Send one message and say what became of it; never raises for what the other side does."""
        ...

    def keep(self, answers: list[Answer]) -> list[Answer]:
        """See that what was answered to a batch lasts, and give what became of it in the end, in the same order.

        What was sent and may not last was not sent, and is to be sent again.
        """
        ...


Channels: TypeAlias = Callable[[str], Channel]
"""Gives the channel of a name (`pdca.notify.outbox.CHANNELS`); raises PdcaError for one that is not set up."""


def from_settings(settings: Settings, name: str) -> Channel:
    """Make the channel of this name; raises Failed when its settings are not complete."""
    if name == WEBHOOK:
        from scheduler.channels.webhook import WebhookChannel

        return WebhookChannel(settings.webhook)
    if name == CHAT:
        from scheduler.channels.chat import ChatChannel

        return ChatChannel(settings.chat)
    return _mail(settings)


def _mail(settings: Settings) -> Channel:
    if settings.notify_channel == "file":
        from scheduler.channels.file import FileChannel

        return FileChannel(settings.notify_folder, sender=settings.smtp.sender)
    from scheduler.channels.smtp import SmtpChannel

    smtp = settings.smtp
    for name, value in (("smtp.host", smtp.host), ("smtp.from", smtp.sender)):
        if not value:
            raise Failed(
                "mail-not-set-up",
                _("Messages are to go by mail, but the setting “%(name)s” is empty.") % {"name": name},
                hint=_(
                    '`pdca config show` lists the settings; with `notify.channel = "file"` no mail server is needed.'
                ),
            )
    return SmtpChannel(smtp)
