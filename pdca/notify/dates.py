"""Dates and times in words, in the language of the reader."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from pdca.i18n import N_

Say = Callable[[str], str]
"""Translates a text into the language of the reader."""

_MONTHS: Final = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
_WEEKDAYS: Final = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_FIRST: Final = N_("1 %(month)s %(year)d")
_DAY: Final = N_("%(day)d %(month)s %(year)d")
_WITH_WEEKDAY: Final = N_("%(weekday)s %(date)s")
_WITH_TIME: Final = N_("%(date)s at %(hour)02d:%(minute)02d")


def day(when: date, say: Say) -> str:
    """Write `31 October 2024`."""
    # French counts the first of a month, and only that one: “1er mai”.
    template = _FIRST if when.day == 1 else _DAY
    return say(template) % {"day": when.day, "month": say(_MONTHS[when.month - 1]), "year": when.year}


def weekday(when: date, say: Say) -> str:
    """Write `Thursday 31 October 2024`."""
    return say(_WITH_WEEKDAY) % {"weekday": say(_WEEKDAYS[when.weekday()]), "date": day(when, say)}


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
