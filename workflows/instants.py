"""The one text form of an instant: UTC, fixed width, sorting as it runs."""

from datetime import UTC, datetime
from typing import Final

_OFFSET: Final = "+00:00"
"""How Python writes what is written here as Z."""


def to_text(instant: datetime) -> str:
    """The instant as `YYYY-MM-DDTHH:MM:SS.ffffffZ` (27 characters); raises ValueError for a naive datetime."""
    if instant.tzinfo is not UTC:
        if instant.utcoffset() is None:
            msg = f"a datetime without a time zone is not an instant: {instant!r}"
            raise ValueError(msg)
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds").removesuffix(_OFFSET) + "Z"


def from_text(text: str) -> datetime:
    """The aware UTC datetime that `to_text` wrote; raises ValueError for any other form."""
    try:
        instant = datetime.fromisoformat(text)
        if to_text(instant) == text:
            return instant
    except (ValueError, OverflowError):
        pass
    msg = f"not an instant of the form YYYY-MM-DDTHH:MM:SS.ffffffZ: {text!r}"
    raise ValueError(msg)


def to_the_minute(text: str) -> str:
    """What `to_text` wrote as people are told it, without its zone: `YYYY-MM-DD HH:MM`."""
    return text[:16].replace("T", " ")
