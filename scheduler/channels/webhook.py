"""The webhook channel: a message is posted as JSON, signed by Standard Webhooks 1.0.0 (standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
import http.client
import json
import re
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import SplitResult

from pdca.clock import Clock, SystemClock
from pdca.errors import Failed, Place
from pdca.failure import Failure
from pdca.i18n import N_, _
from pdca.log import keep_secret
from pdca.notify.lines import one_line
from pdca.notify.mail import KIND_HEADER, NOTIFICATION_HEADER, PERSON_HEADER, PLAN_HEADER, plain_text
from pdca.secret_file import read_secret
from pdca.settings_groups import Webhook
from scheduler.channels.addresses import NotPublic, Resolver
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.channels.posting import TIMEOUT_SECONDS, TROUBLE, Poster, parts_of, port_of, words_of

LARGEST_RESPONSE: Final = 16 * 1024
TROUBLES: Final = 3
"""So many broken conversations on end, and the address is left alone until the next batch."""

_PREFIX: Final = "whsec_"
_KEY_BYTES: Final = range(24, 65)
_NOT_IN_ID: Final = re.compile(r"[^A-Za-z0-9-]+")
_WELL: Final = range(200, 300)
_REFUSED: Final = range(400, 500)
_OURS: Final = frozenset({401, 403, 404})
"""Refused by their number, yet about our key or our address and not about the message: an administrator can mend it."""
_PASSING: Final = frozenset({408, 425, 429})
"""Refused by their number, yet about the moment and not about the message."""
_ASKED_TO_WAIT: Final = frozenset({429, 503})


class WebhookChannel:
    """Posts to the address of `settings`; `clock` stamps each attempt, and `timeout` seconds end every wait."""

    outward = True
    sender: str | None = None

    def __init__(
        self,
        settings: Webhook,
        *,
        clock: Clock | None = None,
        timeout: float = TIMEOUT_SECONDS,
        context: ssl.SSLContext | None = None,
        resolve: Resolver = socket.getaddrinfo,
    ) -> None:
        self.settings = settings
        self.url = checked_url(settings)
        self.clock = clock or SystemClock()
        self._poster = Poster(settings.addresses == "public", "webhook.addresses", timeout, context, resolve)
        self._keys: Sequence[bytes] = ()
        self._away: Later | None = None
        self._troubles = 0

    def __enter__(self) -> Self:
        self._keys = keys_of(self.settings)
        self._away, self._troubles = None, 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget the keys; a connection lasts for one message."""
        self._keys = ()

    def send(self, message: EmailMessage) -> Answer:
        """Post the message. It may have arrived although the answer is Later: then it is repeated under the same id."""
        if self._away is not None:
            return self._away
        body = as_json(message)
        try:
            status, retry_after = self._post(webhook_id(message), body)
        except NotPublic as error:
            self._away = Later(one_line(str(error)))
            return self._away
        except TROUBLE as error:
            return self._broken(error)
        self._troubles = 0
        return self._understood(status, retry_after, body)

    def keep(self, answers: list[Answer]) -> list[Answer]:
        """What the other side took is its own to keep."""
        return answers

    def _post(self, identity: str, body: bytes) -> tuple[int, str | None]:
        # Only so much is taken of what it says, and none of it is kept.
        answered = self._poster.post(
            self.url,
            body,
            lambda: signed(identity, self.clock.now(), body, self._keys),
            largest=LARGEST_RESPONSE,
        )
        return answered.status, answered.headers.get("Retry-After")

    def _understood(self, status: int, retry_after: str | None, body: bytes) -> Answer:
        said = f"{self._where}: {status} {http.client.responses.get(status, '')}".rstrip()
        if status in _WELL:
            return Sent(hashlib.sha256(body).hexdigest(), said)
        if status in _OURS:
            self._away = Later(
                Failure(
                    "webhook-unwelcome", N_("%(reason)s: it does not accept our key or our address"), {"reason": said}
                )
            )
            return self._away
        if status in _REFUSED and status not in _PASSING:
            return Never(said)
        answer = Later(said, waiting_time(retry_after, self.clock.now()))
        if status in _ASKED_TO_WAIT:
            self._away = answer
        return answer

    def _broken(self, error: Exception) -> Later:
        answer = Later(
            Failure(
                "webhook-unreachable",
                N_("%(server)s cannot be reached: %(reason)s"),
                {"server": self._where, "reason": words_of(error)},
            )
        )
        self._troubles += 1
        if self._troubles >= TROUBLES:
            self._away = answer
        return answer

    @property
    def _where(self) -> str:
        # The path may hold a secret.
        return f"{self.url.hostname}:{port_of(self.url)}"


def checked_url(settings: Webhook) -> SplitResult:
    """Give the parts of the address; raises Failed for one that is missing, wrong, or not encrypted as asked."""
    if not settings.url or settings.secret_file is None:
        name = "webhook.secret_file" if settings.url else "webhook.url"
        raise Failed(
            "webhook-not-set-up",
            N_("Messages are to go by webhook, but the setting “%(name)s” is empty."),
            filling={"name": name},
            hint=_("`pdca config show` lists the settings; `pdca notify channels` says by what people are told."),
        )
    url = parts_of(settings.url)
    if url is None:
        raise Failed(
            "webhook-url",
            N_("The setting “webhook.url” is not an address that messages can be posted to."),
            filling={},
            hint=_("Write it like https://hooks.organisation.example/pdca, without a user or a password."),
        )
    if url.scheme == "http" and settings.security != "none":
        raise Failed(
            "webhook-not-encrypted",
            N_("The setting “webhook.url” begins with http:, so everybody on the way could read what is posted."),
            filling={},
            hint=_('Use https:, or webhook.security = "none" inside your own walls.'),
        )
    return url


def keys_of(settings: Webhook) -> list[bytes]:
    """Read the signing keys, one a line, newest first: while a key is replaced, both sign. Failed for what is none."""
    assert settings.secret_file is not None  # noqa: S101 - `checked_url` has seen it
    lines = read_secret(settings.secret_file).split()
    for line in lines:
        keep_secret(line)
    keys = [_key(line) for line in lines]
    if None in keys or not keys:
        raise Failed(
            "webhook-secret",
            N_("The file of the secret holds no key for a webhook."),
            filling={},
            hint=_("A key is whsec_ and 24 to 64 random bytes in base64: echo whsec_$(openssl rand -base64 32)"),
            place=Place(file=str(settings.secret_file)),
        )
    return [key for key in keys if key is not None]


def webhook_id(message: EmailMessage) -> str:
    """Derive the id from the Message-ID; it holds no full stop, which parts what is signed."""
    return _NOT_IN_ID.sub("_", str(message["Message-ID"]).strip("<>"))


def as_json(message: EmailMessage) -> bytes:
    """Give the body: type, timestamp and data, as Standard Webhooks recommends; always the same bytes."""
    subject, text = plain_text(message)
    view = {
        "type": str(message[KIND_HEADER]),
        "timestamp": message["Date"].datetime.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": {
            "notification": str(message[NOTIFICATION_HEADER]),
            "plan": str(message[PLAN_HEADER]) if message[PLAN_HEADER] else None,
            "person": str(message[PERSON_HEADER]),
            "language": str(message["Content-Language"]),
            "subject": subject,
            "text": text,
        },
    }
    return json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode()


def signed(identity: str, now: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """Give the headers of a request: the id, the second of the attempt, and a signature by each key."""
    stamp = str(int(now.timestamp()))
    content = f"{identity}.{stamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys]
    return {
        "Content-Type": "application/json",
        "User-Agent": "pdca",
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def waiting_time(retry_after: str | None, now: datetime) -> timedelta | None:
    """Read `Retry-After` (RFC 9110, 10.2.3), seconds or a date; None when it says nothing that is understood."""
    text = (retry_after or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return timedelta(seconds=int(text))
    try:
        return max(parsedate_to_datetime(text) - now, timedelta())
    except (TypeError, ValueError):
        return None


def _key(text: str) -> bytes | None:
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if text.startswith(_PREFIX) and len(key) in _KEY_BYTES else None
