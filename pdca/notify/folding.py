"""Writing subjects and names as RFC 2047 has it.

Python's newer way of folding (`email.policy`) encodes some words twice: a long subject with «Check» in it ends in the
middle of an encoded word and cannot be read. Its older way, `email.header`, does it well.
"""

import re
from email.charset import SHORTEST, Charset
from email.header import Header
from email.headerregistry import AddressHeader, BaseHeader, Group, HeaderRegistry
from email.policy import EmailPolicy
from email.utils import quote
from typing import Any, Final

LONGEST_PLAIN: Final = 60
"""So long a name or a word stands as it is; a longer one is encoded, for that may be broken anywhere."""

_WIDTH: Final = 76
_UTF8: Final = Charset("utf-8")
# Said here, for a library that is loaded for another channel may change what holds in the whole process.
_UTF8.header_encoding = SHORTEST
_PLAIN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


class _Classes(HeaderRegistry):
    """The classes of headers, each made once: Python makes one for every header, which is half the work of a mail."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = super().__getitem__(name)
        return found


class Folding(EmailPolicy):
    """The policy of mail by SMTP, with subjects and addresses folded by the older way."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - as the class above has it
        super().__init__(**{"header_factory": _Classes(), **settings})

    def fold(self, name: str, value: Any) -> str:  # noqa: ANN401 - as the class above has it
        """Give the header as lines, each with its end."""
        if isinstance(value, AddressHeader):
            said = ",\r\n ".join(_group(group) for group in value.groups)
        elif name.lower() == "subject":
            said = _words(str(value), len(name) + 2)
        else:
            return str(super().fold(name, value))
        return f"{name}: {said}\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:  # noqa: ANN401 - as the class above has it
        """Give the header as bytes; what is not ASCII is encoded."""
        return self.fold(name, value).encode("ascii", "replace")


def _group(group: Group) -> str:
    inside = ", ".join(_address(one.display_name, one.addr_spec) for one in group.addresses)
    # An address that stands in no group is a group without a name.
    return inside if group.display_name is None else f"{_phrase(group.display_name)}:{inside};"


def _address(name: str, mailbox: str) -> str:
    if not name:
        return mailbox
    whole = f"{_phrase(name)} <{mailbox}>"
    return whole if len(whole) <= _WIDTH - len("From: ") else f"{_phrase(name)}\r\n <{mailbox}>"


def _phrase(name: str) -> str:
    if name.isascii() and len(quote(name)) <= LONGEST_PLAIN:
        return name if _PLAIN.fullmatch(name) and name.strip() else f'"{quote(name)}"'
    return _encoded(name, 0)


def _words(text: str, used: int) -> str:
    if text.isascii() and "=?" not in text and all(len(word) <= LONGEST_PLAIN for word in text.split(" ")):
        return Header(text, "us-ascii", maxlinelen=_WIDTH).encode(linesep="\r\n")
    return _encoded(text, used)


def _encoded(text: str, used: int) -> str:
    header = Header(text, _UTF8, maxlinelen=_WIDTH, header_name="x" * used)
    return header.encode(linesep="\r\n")
