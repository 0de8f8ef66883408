"""The working days of a body: its weekdays, the public holidays of its country, and the days it is closed besides."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from workflows.method import Localized
from workflows.need import N_, Param, filled
from workflows.problem import Problem, unknown

HOLIDAY_LANGUAGES: Final = ("nl", "fr", "de", "en")
"""The languages in which a public holiday is named, as far as its country has them."""

MONDAY_TO_FRIDAY: Final = frozenset(range(5))


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a day is no working day: `kind` is "weekend", "holiday" or "closing-day"; the rest is as in a Need."""

    kind: str
    text: str
    params: Mapping[str, Param] = field(default_factory=dict, hash=False)

    def words(self, language: str = "en", translate: Callable[[str], str] = str) -> str:
        """The reason in words; `translate` maps the English template to that of `language`."""
        return filled(translate(self.text), self.params, language)


@dataclass(frozen=True, slots=True)
class ClosingDay:
    """A day on which the body is closed besides public holidays, and what it is called ({}: nothing)."""

    day: dt.date
    name: Localized = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """What makes a day a working day.

    `country` and `subdivision` are ISO 3166 codes, or what the country itself calls its parts ("Flemish"); without a
    country there are no public holidays. `weekdays` are those worked on, Monday 0.
    """

    country: str = ""
    subdivision: str = ""
    closing_days: tuple[ClosingDay, ...] = ()
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def closed(self, day: dt.date) -> Reason | None:
        """Why nobody works on `day`, None on a working day; of several reasons the most particular."""
        for closing in self.closing_days:
            if closing.day == day:
                return reason("closing-day", closing.name)
        names = _holidays(self.country, self.subdivision, day.year).get(day) if self.country else None
        if names is not None:
            return reason("holiday", names)
        if day.weekday() not in self.weekdays:
            return reason("weekend")
        return None


_CALLED: Final = {"holiday": N_("public holiday: %(name)s"), "closing-day": N_("closing day: %(name)s")}
_BARE: Final = {"holiday": N_("public holiday"), "closing-day": N_("closing day"), "weekend": N_("weekend")}


def reason(kind: str, name: Localized | None = None) -> Reason:
    """The reason of a kind, and what the day is called if it is called anything."""
    if name and kind in _CALLED:
        return Reason(kind, _CALLED[kind], {"name": name})
    return Reason(kind, _BARE[kind])


def faults(calendar: WorkingCalendar) -> Iterator[Problem]:
    """Yield what is wrong with a calendar; paths begin with its own fields."""
    if not calendar.weekdays & set(range(7)) or calendar.weekdays - set(range(7)):
        text, hint = N_("There is no day of the week to work on."), N_("Name the working days: 0 is Monday, 6 Sunday.")
        yield Problem("no-working-weekday", ("weekdays",), text, hint)
    if calendar.subdivision and not calendar.country:
        text, hint = N_("A part of a country is named, and no country."), N_("Name the country, such as BE.")
        yield Problem("subdivision-without-country", ("subdivision",), text, hint)
    if calendar.country:
        yield from _unknown_place(calendar)


def _unknown_place(calendar: WorkingCalendar) -> Iterator[Problem]:
    import holidays

    parts = holidays.list_supported_countries(include_aliases=True)
    if calendar.country not in parts:
        text, hint = N_("The public holidays of “%(word)s” are not known."), N_("Write an ISO 3166 code, such as BE.")
        yield Problem("unknown-country", ("country",), text, hint, {"word": calendar.country})
    elif calendar.subdivision and calendar.subdivision not in parts[calendar.country]:
        yield unknown("subdivision", ("subdivision",), calendar.subdivision, parts[calendar.country])


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str, year: int) -> Mapping[dt.date, Localized]:
    """The public holidays of a year with their names; one that is made up for on another day stands on that day too."""
    # Imported here: it takes 0.2 s, and most commands look at no calendar.
    from holidays import country_holidays

    def named(language: str | None) -> Mapping[dt.date, str]:
        return country_holidays(country, subdiv=subdivision or None, years=year, language=language)

    entity = country_holidays(country)
    # Without a language the package would take that of the machine it runs on.
    own = named(entity.default_language)
    spoken = {language: named(known) for language, known in _spoken(entity.supported_languages).items()}
    return MappingProxyType(
        {
            day: MappingProxyType(
                {language: names[day] for language, names in spoken.items()} or {entity.default_language or "und": name}
            )
            for day, name in own.items()
        }
    )


def _spoken(supported: tuple[str, ...]) -> dict[str, str]:
    """Which of our languages the holidays of a country are named in, and what the package calls each ("en_US")."""
    found = {}
    for language in HOLIDAY_LANGUAGES:
        known = next((name for name in supported if name.split("_")[0] == language), None)
        if known:
            found[language] = known
    return found
