"""How and when a person wants to be told, and until when a message is held for that.

What is urgent (something is overdue, was missed or set aside; an approval is asked) waits for no digest, and what falls
due before the digest would go does not either. Quiet days hold everything but what is urgent and told to nobody else.
Progress reports go at the moment that the project group fixed, and what is for calendars at once. Nothing is held for
longer than LONGEST_HELD.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from pdca.store.jsontext import from_json, to_json
from workflows.instants import from_text
from workflows.recurrence import WEEKDAYS
from workflows.schedule import due_instant

DIGESTS: Final = ("none", "daily", "weekly")
AT: Final = time(7, 30)
"""When a digest goes, and what quiet days held, for who names no time."""
MONDAY: Final = 0
LONGEST_HELD: Final = timedelta(days=31)

# A report that was prepared waits for approval.
_URGENT: Final = frozenset({"evaluation.missed", "deadline.set_aside", "information.prepared"})
_URGENT_ENDS: Final = ("overdue", "_asked")
_AT_ITS_MOMENT: Final = frozenset({"information.report", "evaluation.invited"})


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one person wants; days are those of the body's zone.

    `channels` are those of the body when there are none. A weekly digest goes on `weekday` (Monday 0). Quiet are the
    weekdays `quiet`, with `quiet_closed` every day that is no working day of the body, and the dates of `quiet_dates`,
    first and last included.
    """

    channels: tuple[str, ...] = ()
    digest: str = "none"
    at: time = AT
    weekday: int = MONDAY
    quiet: frozenset[int] = frozenset()
    quiet_closed: bool = False
    quiet_dates: tuple[tuple[date, date], ...] = ()

    def text(self) -> str | None:
        """Write them as the column of a person; None when nothing is wished."""
        view = {name: value for name, value in self.view().items() if value != NOTHING_WISHED[name]}
        return to_json(view) if view else None

    def view(self) -> dict[str, Any]:
        """Give them as plain data."""
        return {
            "channels": list(self.channels),
            "digest": self.digest,
            "at": self.at.isoformat("minutes"),
            "weekday": WEEKDAYS[self.weekday],
            "quiet_weekdays": [WEEKDAYS[number] for number in sorted(self.quiet)],
            "quiet_closed": self.quiet_closed,
            "quiet_dates": [[first.isoformat(), last.isoformat()] for first, last in self.quiet_dates],
        }


_NONE: Final = Wishes()
NOTHING_WISHED: Final[Mapping[str, Any]] = _NONE.view()


def wishes_of(column: str | None) -> Wishes:
    """Read the column of a person."""
    if column is None:
        return _NONE
    said = {**NOTHING_WISHED, **(from_json(column) or {})}
    return Wishes(
        channels=tuple(said["channels"]),
        digest=said["digest"],
        at=time.fromisoformat(said["at"]),
        weekday=WEEKDAYS.index(said["weekday"]),
        quiet=frozenset(map(WEEKDAYS.index, said["quiet_weekdays"])),
        quiet_closed=said["quiet_closed"],
        quiet_dates=tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in said["quiet_dates"]),
    )


class Held(NamedTuple):
    """Until when a message waits, and whether it then goes together with what else there is for that person."""

    until: datetime
    together: bool


def held(
    wishes: Wishes, kind: str, facts: Mapping[str, Any], came: datetime, days: "Days", *, alone: bool = False
) -> Held:
    """Say until when a message of this kind is held that came at an instant; `facts` are its parameters.

    `alone` tells that nobody else is told the same.
    """
    if kind in _AT_ITS_MOMENT:
        return Held(came, together=False)
    urgent = kind in _URGENT or kind.endswith(_URGENT_ENDS)
    until, digested = came, False
    if not urgent and wishes.digest != "none":
        until = _digest_after(wishes, came, days)
        due = _falls_due(facts)
        digested = due is None or not came < due <= until
    if not digested:
        until = came if urgent and alone else _loud_after(wishes, came, days)
    until = min(until, came + LONGEST_HELD)
    return Held(until, together=digested or until > came)


class Days(NamedTuple):
    """The days of the body: its zone, and which of its days are no working days."""

    zone: str
    closed: Callable[[date], bool]

    def of(self, instant: datetime) -> date:
        """Give the local day of an instant."""
        return instant.astimezone(ZoneInfo(self.zone)).date()


def _falls_due(facts: Mapping[str, Any]) -> datetime | None:
    return from_text(facts["due_at"]) if facts.get("due_at") else None


def _digest_after(wishes: Wishes, came: datetime, days: Days) -> datetime:
    day = days.of(came)
    while (due_instant(day, wishes.at, days.zone) < came) or (
        wishes.digest == "weekly" and day.weekday() != wishes.weekday
    ):
        day += timedelta(days=1)
    return due_instant(_next_loud(wishes, day, days), wishes.at, days.zone)


def _loud_after(wishes: Wishes, came: datetime, days: Days) -> datetime:
    today = days.of(came)
    day = _next_loud(wishes, today, days)
    return came if day == today else due_instant(day, wishes.at, days.zone)


def _next_loud(wishes: Wishes, day: date, days: Days) -> date:
    """Give the first day from `day` on that is not quiet, or one that lies too late for anything to be held so long."""
    last = day + LONGEST_HELD
    while day <= last and _quiet(wishes, day, days):
        day += timedelta(days=1)
    return day


def _quiet(wishes: Wishes, day: date, days: Days) -> bool:
    return (
        day.weekday() in wishes.quiet
        or any(first <= day <= last for first, last in wishes.quiet_dates)
        or (wishes.quiet_closed and days.closed(day))
    )
