"""Calendars as every calendar program reads them (RFC 5545, and RFC 5546 for invitations).

The same entries give the same bytes: nothing here looks at a clock, and all is written in the order given.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

CONFIRMED: Final = "CONFIRMED"
TENTATIVE: Final = "TENTATIVE"
CANCELLED: Final = "CANCELLED"

REQUEST: Final = "REQUEST"
CANCEL: Final = "CANCEL"

_NOT_IN_UID: Final = re.compile(r"[^A-Za-z0-9.-]+")
_DAY: Final = dt.timedelta(days=1)
_WEEK: Final = dt.timedelta(days=7)
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DESCRIBED: Final = (2000, 2050)
"""The years over which a zone is described at least: programs keep the first description of a zone that they see."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a calendar: on a whole day, or at an instant that carries the zone whose clocks show it.

    `stamp` is the instant of its last change, `sequence` how often it was moved or called off. `length` is how much
    time it takes; without it none. `alarms` are days before. One that is `private` is hidden from those with whom
    somebody shares a calendar, one that is not `busy` leaves the time free.
    """

    uid: str
    start: dt.date | dt.datetime
    summary: str
    description: str
    stamp: dt.datetime
    sequence: int = 0
    status: str | None = None
    length: dt.timedelta | None = None
    alarms: tuple[int, ...] = ()
    private: bool = False
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """An address with the name of whose it is."""

    name: str
    address: str


def uid(name: str, organisation_id: str, *, simulated: bool) -> str:
    """Make the UID of something from ids alone, so that it stays when the date does not: `E-101@zone.pdca`."""
    domain = f"{organisation_id}.simulation" if simulated else organisation_id
    return f"{_NOT_IN_UID.sub('-', name)}@{_NOT_IN_UID.sub('-', domain)}.pdca"


def on_clocks_of(zone: str, at: dt.datetime) -> dt.datetime:
    """Give an instant on the clocks of a zone; in the hour that comes twice, the second time, in UTC.

    RFC 5545 takes a local time that exists twice for the first.
    """
    local = at.astimezone(ZoneInfo(zone))
    return at.astimezone(dt.UTC) if local.fold else local


def feed(entries: Iterable[Entry], *, product: str, name: str, language: str, refresh: dt.timedelta | None) -> bytes:
    """Write a calendar that people subscribe to; programs are asked to look again after `refresh`."""
    from icalendar import vDuration, vText

    calendar = _calendar(product, language)
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    if refresh is not None:
        calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    return _filled(calendar, list(entries))


def invitation(entry: Entry, *, product: str, language: str, method: str, organizer: Guest, guest: Guest) -> bytes:
    """Write the invitation of one guest, or with the method CANCEL that it is taken back."""
    calendar = _calendar(product, language)
    calendar.add("method", method)
    written = _event(entry)
    _add_guest(written, "organizer", organizer)
    _add_guest(
        written,
        "attendee",
        guest,
        CUTYPE="INDIVIDUAL",
        ROLE="REQ-PARTICIPANT",
        PARTSTAT="NEEDS-ACTION",
        RSVP="FALSE",
    )
    for zone in _zones([entry]):
        calendar.add_component(zone)
    calendar.add_component(written)
    return _bytes(calendar)


def _calendar(product: str, language: str) -> "Calendar":
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", f"-//pdca//{product}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _filled(calendar: "Calendar", entries: Sequence[Entry]) -> bytes:
    for zone in _zones(entries):
        calendar.add_component(zone)
    for entry in entries:
        calendar.add_component(_event(entry))
    return _bytes(calendar)


def _bytes(calendar: "Calendar") -> bytes:
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp)
    event.add("last-modified", entry.stamp)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.start)
    if isinstance(entry.start, dt.datetime):
        if entry.length:
            event.add("duration", entry.length)
    else:
        event.add("dtend", entry.start + _DAY)
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    if entry.status:
        event.add("status", entry.status)
    if entry.private:
        event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    for days in sorted(entry.alarms, reverse=True):
        event.add_component(_alarm(days, entry.summary))
    return event


def _alarm(days: int, words: str) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -dt.timedelta(days=days))
    return alarm


def _add_guest(event: "Event", name: str, guest: Guest, **parameters: str) -> None:
    from icalendar import vCalAddress

    address = vCalAddress(f"mailto:{guest.address}")
    if guest.name:
        address.params["CN"] = guest.name
    for key, value in parameters.items():
        address.params[key] = value
    event.add(name, address)


def _zones(entries: Iterable[Entry]) -> Iterator["Timezone"]:
    """Describe the zones that entries stand in, by name, over the years that they are in and many more."""
    years: dict[str, set[int]] = {}
    for entry in entries:
        if isinstance(entry.start, dt.datetime) and isinstance(entry.start.tzinfo, ZoneInfo):
            years.setdefault(entry.start.tzinfo.key, set(_DESCRIBED)).add(entry.start.year)
    for name in sorted(years.keys() - {"UTC"}):
        yield _zone(name, min(years[name]), max(years[name]))


def _zone(name: str, first: int, last: int) -> "Timezone":
    """Describe a zone over years: the offset at the beginning, and each kind of change with the rule of its days.

    The clocks that a change is set on are those before it, as RFC 5545 has it; icalendar's own description puts the
    beginning of summer an hour too late.
    """
    from icalendar import Timezone

    zone, written = ZoneInfo(name), Timezone()
    written.add("tzid", name)
    begin = dt.datetime(first, 1, 1, tzinfo=dt.UTC)
    before = begin.astimezone(zone)
    changes: dict[tuple[dt.timedelta, dt.timedelta, str, bool], list[dt.datetime]] = {}
    offset = _offset(before)
    changes[offset, offset, str(before.tzname()), bool(before.dst())] = [before.replace(tzinfo=None)]
    for at in _changes(name, first, last + 1):
        after = at.astimezone(zone)
        key = (offset, _offset(after), str(after.tzname()), bool(after.dst()))
        changes.setdefault(key, []).append((at + offset).replace(tzinfo=None))
        offset = _offset(after)
    for (was, becomes, called, summer), times in changes.items():
        for run in _runs(times):
            written.add_component(_observance(was, becomes, called, run, last, summer=summer))
    return written


@dataclass(frozen=True, slots=True)
class _Run:
    """Changes of consecutive years on the same weekday of the same month: the nth, or with -1 the last."""

    times: tuple[dt.datetime, ...]
    nth: int


def _runs(times: Sequence[dt.datetime]) -> Iterator[_Run]:
    """Take changes apart into as few runs as can be, the longest first come by at each step."""
    rest = list(times)
    while rest:
        run = max((_run(rest, nth) for nth in _places(rest[0])), key=lambda one: len(one.times))
        yield run
        rest = rest[len(run.times) :]


def _run(times: Sequence[dt.datetime], nth: int) -> _Run:
    first, count = times[0], 1
    for before, after in pairwise(times):
        alike = (after.month, after.weekday(), after.time()) == (first.month, first.weekday(), first.time())
        if after.year != before.year + 1 or not alike or nth not in _places(after):
            break
        count += 1
    return _Run(tuple(times[:count]), nth)


def _places(day: dt.datetime) -> tuple[int, ...]:
    """Say which of its weekdays in the month a day is: counted from the first, and -1 for the last."""
    nth = (day.day - 1) // 7 + 1
    return (-1, nth) if (day + _WEEK).month != day.month else (nth,)


def _observance(
    was: dt.timedelta, becomes: dt.timedelta, called: str, run: _Run, last: int, *, summer: bool
) -> "TimezoneDaylight | TimezoneStandard":
    from icalendar import TimezoneDaylight, TimezoneStandard

    observance = TimezoneDaylight() if summer else TimezoneStandard()
    first, final = run.times[0], run.times[-1]
    observance.add("dtstart", first)
    if len(run.times) > 1:
        rule: dict[str, object] = {
            "freq": "YEARLY",
            "bymonth": first.month,
            "byday": f"{run.nth}{_DAYS[first.weekday()]}",
        }
        # What goes on to the end of what is described goes on.
        if final.year < last:
            rule["until"] = (final - was).replace(tzinfo=dt.UTC)
        observance.add("rrule", rule)
    observance.add("tzname", called)
    observance.add("tzoffsetfrom", was)
    observance.add("tzoffsetto", becomes)
    return observance


@lru_cache(maxsize=64)
def _changes(name: str, first: int, end: int) -> tuple[dt.datetime, ...]:
    """Give every instant in years at which the offset or the name of a zone changes, to the second."""
    zone = ZoneInfo(name)
    found = []
    low = dt.datetime(first, 1, 1, tzinfo=dt.UTC)
    while low.year < end:
        high = low + _DAY
        if _named(low, zone) != _named(high, zone):
            found.append(_between(zone, low, high))
        low = high
    return tuple(found)


def _between(zone: ZoneInfo, low: dt.datetime, high: dt.datetime) -> dt.datetime:
    second = dt.timedelta(seconds=1)
    before = _named(low, zone)
    while high - low > second:
        middle = low + dt.timedelta(seconds=(high - low) // second // 2)
        low, high = (middle, high) if _named(middle, zone) == before else (low, middle)
    return high


def _named(instant: dt.datetime, zone: ZoneInfo) -> tuple[dt.timedelta, str | None]:
    local = instant.astimezone(zone)
    return _offset(local), local.tzname()


def _offset(local: dt.datetime) -> dt.timedelta:
    return local.utcoffset() or dt.timedelta()
