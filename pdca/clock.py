"""The only reader of wall time. Everything else is given a `Clock`, so that a test or a simulation can pass its own.

Instants are aware datetimes in UTC.
"""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Something that can be asked what time it is."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still at `instant`, in UTC. A naive instant is a ValueError."""

    __slots__ = ("instant",)

    def __init__(self, instant: datetime) -> None:
        self.instant = _utc(instant)

    def now(self) -> datetime:
        """Give the instant it stands at."""
        return self.instant


class VirtualClock:
    """A clock that is moved by hand, forwards only. A naive instant is a ValueError."""

    __slots__ = ("_now",)

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        """Give the instant it was last moved to."""
        return self._now

    def advance_to(self, instant: datetime) -> None:
        """Move to `instant`; an earlier one than now is a ValueError, for time in a log never runs back."""
        moved = _utc(instant)
        if moved < self._now:
            message = f"a virtual clock does not run back: {moved.isoformat()} is before {self._now.isoformat()}"
            raise ValueError(message)
        self._now = moved


def monotonic() -> float:
    """Give seconds that never run back, to measure how long something takes; they say nothing about the date."""
    return time.monotonic()


def pause(seconds: float) -> None:
    """Let so much time pass."""
    time.sleep(seconds)


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        message = f"an instant needs a time zone: {instant.isoformat()}"
        raise ValueError(message)
    return instant.astimezone(UTC)
