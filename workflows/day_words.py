"""Days in words, in the language of the reader."""

from collections.abc import Callable
from datetime import date
from typing import Final

from workflows.need import N_

Say = Callable[[str], str]
"""Translates a text into the language of the reader."""

MONTHS: Final = (
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
WEEKDAYS: Final = (
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


def day(when: date, say: Say) -> str:
    """Write `31 October 2024`."""
    # French counts the first of a month, and only that one: “1er mai”.
    template = _FIRST if when.day == 1 else _DAY
    return say(template) % {"day": when.day, "month": say(MONTHS[when.month - 1]), "year": when.year}


def weekday(when: date, say: Say) -> str:
    """Write `Thursday 31 October 2024`."""
    return say(_WITH_WEEKDAY) % {"weekday": say(WEEKDAYS[when.weekday()]), "date": day(when, say)}
