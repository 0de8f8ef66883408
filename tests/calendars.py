"""Calendars read back by a program that is not the one they were written with, and that says what it sees."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import vobject


@dataclass(frozen=True, slots=True)
class Seen:
    """An event of a calendar as vobject reads it; `start` is a day, or an instant in UTC."""

    uid: str
    summary: str
    start: dt.date | dt.datetime
    sequence: int
    status: str
    changed: dt.datetime
    private: bool
    alarms: tuple[int, ...]
    description: str

    @property
    def cancelled(self) -> bool:
        return self.status == "CANCELLED"


def events(written: bytes | str) -> dict[str, Seen]:
    """Give the events of a calendar by UID; a UID that stands there twice is an error."""
    found: dict[str, Seen] = {}
    for component in _events(written):
        seen = _seen(component)
        assert found.setdefault(seen.uid, seen) is seen, seen.uid
    return found


def parsed(written: bytes | str) -> Any:  # noqa: ANN401 - vobject ships no types
    """Give a calendar as vobject has it."""
    return vobject.readOne(written.decode() if isinstance(written, bytes) else written)


def _events(written: bytes | str) -> Iterator[Any]:
    yield from parsed(written).contents.get("vevent", [])


def _seen(event: Any) -> Seen:  # noqa: ANN401 - vobject ships no types
    start = event.dtstart.value
    return Seen(
        uid=event.uid.value,
        summary=event.summary.value,
        start=start.astimezone(dt.UTC) if isinstance(start, dt.datetime) else start,
        sequence=int(event.sequence.value),
        status=event.status.value,
        changed=event.last_modified.value,
        private=hasattr(event, "class") and getattr(event, "class").value == "PRIVATE",
        alarms=tuple(-alarm.trigger.value.days for alarm in event.contents.get("valarm", [])),
        description=event.contents["description"][0].value if "description" in event.contents else "",
    )
