"""The headers of a mail: what we say in them ourselves is kept as it is, and written as RFC 5322 and RFC 2047 have it.

Python's newer way (`email.policy`) parses each header when it is set and folds what it parsed when it is written, which
is most of the work of a mail. And it encodes some words twice: a long subject with «Check» in it ends in the middle of
an encoded word and cannot be read. So subjects, addresses, dates and what is plain are ours here, and the rest is left
to it.
"""

import re
from datetime import datetime
from email import base64mime, quoprimime
from email.header import Header
from email.headerregistry import Address, Group
from email.policy import EmailPolicy
from email.utils import format_datetime, quote
from typing import Any, Final, Self

LONGEST_PLAIN: Final = 60
"""So long a name or a word stands as it is; a longer one is encoded, for that may be broken anywhere."""

_WIDTH: Final = 76
_LINE: Final = 78
"""A header that says no more than this is one line, as Python has it; a subject or a name is broken before it is."""

_LENGTHS: Final = tuple(quoprimime.header_length(bytes((octet,))) for octet in range(256))
"""So many letters each octet takes in an encoded word that is to be read by people as well."""

_ROOM: Final = _WIDTH - len(" =?utf-8?b??=")
"""So much an encoded word holds on a line of its own."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_PRINTABLE: Final = re.compile(r"[!-~]+(?: [!-~]+)*")
_AS_IT_STANDS: Final = frozenset(
    {
        "message-id",
        "auto-submitted",
        "x-pdca-notification",
        "x-pdca-kind",
        "x-pdca-plan",
        "x-pdca-person",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
        "content-language",
    }
)


class Said(str):
    """What a header says, as it is read; `name` is that of the header."""

    __slots__ = ("name",)

    name: str

    def __new__(cls, name: str, said: str) -> Self:
        """Keep both."""
        made = super().__new__(cls, said)
        made.name = name
        return made


class Moment(Said):
    """A date, which `datetime` is."""

    __slots__ = ("datetime",)

    datetime: datetime


class Mailboxes(Said):
    """Who is named: one address, or one group of them."""

    __slots__ = ("group",)

    group: Group

    @property
    def addresses(self) -> tuple[Address, ...]:
        """All addresses."""
        return tuple(self.group.addresses)


class Folding(EmailPolicy):
    """The policy of mail by SMTP, with headers of our own."""

    def header_max_count(self, name: str) -> int:  # noqa: ARG002 - as the class above has it
        """Let each header stand once: what sets one twice is wrong."""
        return 1

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - as the class above has it
        """Give the header as it is kept."""
        return _ours(name, value) or super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401 - as the class above has it
        """Give the header as lines, each with its end."""
        if isinstance(value, Mailboxes):
            said = _group(value.group)
        elif name.lower() == "subject":
            said = _words(str(value), len(name) + 1)
        elif isinstance(value, Said):
            said = value if len(name) + 2 + len(value) <= _LINE else value.replace("; ", ";\r\n ")
        else:
            return str(super().fold(name, value))
        return f"{name}: {said}\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401 - as the class above has it
        """Give the header as bytes; what is not ASCII is encoded."""
        return self.fold(name, value).encode("ascii", "replace")


def _ours(name: str, value: object) -> tuple[str, Said] | None:
    """Make a header that need not be parsed; None for one that has to be."""
    kind = name.lower()
    if isinstance(value, str):
        if "=?" in value or value.splitlines() != [value]:
            return None
        short = kind == "content-type" or len(name) + 2 + len(value) <= _LINE
        plain = kind == "subject" or (kind in _AS_IT_STANDS and short and _PRINTABLE.fullmatch(value))
        return (name, Said(name, value)) if plain else None
    if isinstance(value, datetime):
        moment = Moment(name, format_datetime(value))
        moment.datetime = value
        return name, moment
    if isinstance(value, Address | Group):
        mailboxes = Mailboxes(name, str(value))
        # An address that stands in no group is a group without a name.
        mailboxes.group = value if isinstance(value, Group) else Group(None, (value,))
        return name, mailboxes
    return None


def _group(group: Group) -> str:
    inside = ", ".join(_address(one.display_name, one.addr_spec) for one in group.addresses)
    return inside if group.display_name is None else f"{_phrase(group.display_name)}:{inside};"


def _address(name: str, mailbox: str) -> str:
    if not name:
        return mailbox
    whole = f"{_phrase(name)} <{mailbox}>"
    return whole if len(whole) <= _WIDTH - len("From: ") else f"{_phrase(name)}\r\n <{mailbox}>"


def _phrase(name: str) -> str:
    if name.isascii() and len(quote(name)) <= LONGEST_PLAIN:
        return name if _PLAIN.fullmatch(name) and name.strip() else f'"{quote(name)}"'
    return _encoded(name, len("From:"))


def _words(text: str, used: int) -> str:
    if text.isascii() and "=?" not in text and all(len(word) <= LONGEST_PLAIN for word in text.split(" ")):
        return Header(text, "us-ascii", maxlinelen=_WIDTH).encode(linesep="\r\n")
    return _encoded(text, used)


def _encoded(text: str, used: int) -> str:
    """Write encoded words, each on a line of its own and in the shorter of the two ways; `used` is taken of the first.

    None ends in the middle of a character.
    """
    data = text.encode()
    way = base64mime if base64mime.header_length(data) < quoprimime.header_length(data) else quoprimime
    # In the one way three bytes take four letters, in the other each takes what it takes.
    whole = _ROOM // 4 * 3 if way is base64mime else _ROOM
    left = (_ROOM - used) // 4 * 3 if way is base64mime else _ROOM - used
    words = [bytearray()]
    for character in text:
        more = character.encode()
        size = len(more) if way is base64mime else sum([_LENGTHS[octet] for octet in more])
        left -= size
        if left < 0:
            words.append(bytearray())
            left = whole - size
        words[-1] += more
    return "\r\n ".join(way.header_encode(bytes(word), "utf-8") for word in words)
