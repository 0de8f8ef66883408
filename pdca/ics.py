"""Calendars as every calendar program reads them (RFC 5545, and RFC 5546 for invitations).

The same entries give the same bytes: nothing here looks at a clock, and all is written in the order given.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
_MARGIN: Final = dt.timedelta(days=366)


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
    """Describe the zones that entries stand in, by name, over the years that they are in."""
    starts: dict[str, list[dt.datetime]] = {}
    for entry in entries:
        if isinstance(entry.start, dt.datetime) and isinstance(entry.start.tzinfo, ZoneInfo):
            starts.setdefault(entry.start.tzinfo.key, []).append(entry.start)
    for name in sorted(starts.keys() - {"UTC"}):
        yield _zone(name, min(starts[name]) - _MARGIN, max(starts[name]) + _MARGIN)


def _zone(name: str, first: dt.datetime, last: dt.datetime) -> "Timezone":
    """Describe a zone: the offset at the beginning, and each kind of change with every day that it comes on.

    The clocks that a change is set on are those before it, as RFC 5545 has it; icalendar's own description puts the
    beginning of summer an hour too late.
    """
    from icalendar import Timezone

    zone, written = ZoneInfo(name), Timezone()
    written.add("tzid", name)
    begin = dt.datetime(first.year, 1, 1, tzinfo=dt.UTC)
    before = begin.astimezone(zone)
    changes: dict[tuple[dt.timedelta, dt.timedelta, str, bool], list[dt.datetime]] = {}
    offset = _offset(before)
    changes[offset, offset, str(before.tzname()), bool(before.dst())] = [before.replace(tzinfo=None)]
    for at in _changes(zone, begin, dt.datetime(last.year + 1, 1, 1, tzinfo=dt.UTC)):
        after = at.astimezone(zone)
        key = (offset, _offset(after), str(after.tzname()), bool(after.dst()))
        changes.setdefault(key, []).append((at + offset).replace(tzinfo=None))
        offset = _offset(after)
    for (was, becomes, called, summer), days in changes.items():
        written.add_component(_observance(was, becomes, called, days, summer=summer))
    return written


def _observance(
    was: dt.timedelta, becomes: dt.timedelta, called: str, days: Sequence[dt.datetime], *, summer: bool
) -> "TimezoneDaylight | TimezoneStandard":
    from icalendar import TimezoneDaylight, TimezoneStandard

    observance = TimezoneDaylight() if summer else TimezoneStandard()
    observance.add("dtstart", days[0])
    if days[1:]:
        observance.add("rdate", list(days[1:]))
    observance.add("tzname", called)
    observance.add("tzoffsetfrom", was)
    observance.add("tzoffsetto", becomes)
    return observance


def _changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    """Give every instant at which the offset or the name of a zone changes, to the second."""
    low = begin
    while low < end:
        high = low + _DAY
        if _named(low, zone) != _named(high, zone):
            yield _between(zone, low, high)
        low = high


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
