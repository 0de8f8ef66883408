"""Dates and times in words, in the language of the reader."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pdca.i18n import N_
from workflows.day_words import Say, day, weekday

__all__ = ["Moment", "Say", "day", "moment", "weekday"]

_WITH_TIME: Final = N_("%(date)s at %(hour)02d:%(minute)02d")


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as the clocks of a zone have it: its local date, and in words `Thursday 31 October 2024 at 09:00`."""

    date: date
    words: str


def moment(instant: datetime, zone: str, say: Say) -> Moment:
    """Read an instant on the clocks of `zone`."""
    local = instant.astimezone(ZoneInfo(zone))
    values = {"date": weekday(local.date(), say), "hour": local.hour, "minute": local.minute}
    return Moment(local.date(), say(_WITH_TIME) % values)
