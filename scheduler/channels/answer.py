"""What a channel answers for one message."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from pdca.failure import Reason


@dataclass(frozen=True, slots=True)
class Sent:
    """It is out of our hands; `sha256` is the hex hash of the bytes that went out, `said` what the other side answered.

    What was said is no part of what two answers are compared by. `attached` is the language of the report that went
    with it, None without one.
    """

    sha256: str
    said: str = field(default="", compare=False)
    attached: str | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """It did not work now and may work later, not before `after` has passed if the other side said so."""

    reason: Reason
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """It will not work however often it is tried."""

    reason: Reason


Answer: TypeAlias = Sent | Later | Never
