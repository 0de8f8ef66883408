"""What a channel answers for one message."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Sent:
    """It is out of our hands; `sha256` is the hex hash of the bytes that went out."""

    sha256: str


@dataclass(frozen=True, slots=True)
class Later:
    """It did not work now and may work later."""

    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """It will not work however often it is tried."""

    reason: str


Answer: TypeAlias = Sent | Later | Never
