"""For whom somebody acts today: the substitutions that are in force."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pdca.store.driver import Connection
from pdca.store.reads import people


def local_day(connection: Connection, now: datetime) -> date:
    """Give the local date of an instant where the body is."""
    zone = (connection.one(people.INSTALLATION) or {"zone": "UTC"})["zone"]
    return now.astimezone(ZoneInfo(zone)).date()


def acts_for(connection: Connection, person_id: str | None, now: datetime, zone: str | None = None) -> frozenset[str]:
    """Name the absent people whose substitute a person is on the local day of `now`, where the body is or in `zone`."""
    if person_id is None:
        return frozenset()
    day = now.astimezone(ZoneInfo(zone)).date() if zone else local_day(connection, now)
    rows = connection.all(people.ABSENT, person_id=person_id, today=day.isoformat())
    return frozenset(row["absent_id"] for row in rows)
