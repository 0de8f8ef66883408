"""No message is lost or held beyond its bound, whatever digest and quiet days its reader wishes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from pdca.notify.phrases import PHRASES
from pdca.notify.wishes import DIGESTS, LONGEST_HELD, Days, Wishes, held, wishes_of
from workflows.instants import to_text
from workflows.workdays import WorkingCalendar

CALENDAR: Final = WorkingCalendar(country="BE")
ZONES: Final = st.sampled_from(["Europe/Brussels", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "UTC"])
URGENT: Final = {"evaluation.missed", "deadline.set_aside", "information.prepared"}
KINDS: Final = st.sampled_from(
    sorted({kind.partition("/")[0] for kind in PHRASES} - {"evaluation.invited", "information.report"})
)
DATES: Final = st.dates(date(2020, 1, 1), date(2030, 12, 31))
INSTANTS: Final = st.datetimes(datetime(2020, 1, 2), datetime(2030, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
WEEK: Final = 7

wishes = st.builds(
    Wishes,
    digest=st.sampled_from(DIGESTS),
    at=st.times().map(lambda one: time(one.hour, one.minute)),
    weekday=st.integers(0, WEEK - 1),
    quiet=st.frozensets(st.integers(0, WEEK - 1), max_size=WEEK - 1),
    quiet_closed=st.booleans(),
    quiet_dates=st.lists(st.tuples(DATES, st.integers(0, 60)), max_size=4).map(
        lambda found: tuple((first, first + timedelta(days=days)) for first, days in found)
    ),
)


def quiet(said: Wishes, day: date) -> bool:
    """Whether a day is quiet, in the plainest words."""
    return (
        day.weekday() in said.quiet
        or any(first <= day <= last for first, last in said.quiet_dates)
        or (said.quiet_closed and CALENDAR.closed(day) is not None)
    )


@given(said=wishes, zone=ZONES, kind=KINDS, came=INSTANTS, alone=st.booleans(), due=INSTANTS)
def test_every_message_goes_within_its_bound_and_on_a_day_that_is_wished(
    said: Wishes, zone: str, kind: str, came: datetime, *, alone: bool, due: datetime
) -> None:
    days = Days(zone, lambda day: CALENDAR.closed(day) is not None)
    waits = held(said, kind, {"due_at": to_text(due)}, came, days, alone=alone)
    assert came <= waits.until <= came + LONGEST_HELD
    urgent = kind.endswith(("overdue", "_asked")) or kind in URGENT
    if urgent and alone:
        assert waits.until == came
        return
    day = waits.until.astimezone(ZoneInfo(zone)).date()
    assert not quiet(said, day) or waits.until == came + LONGEST_HELD
    quiet_run = 0
    first = came.astimezone(ZoneInfo(zone)).date()
    longest = {"none": 0, "daily": 1, "weekly": WEEK}[said.digest] if not urgent else 0
    passed = first + timedelta(days=longest)
    while quiet(said, passed + timedelta(days=quiet_run)) and quiet_run <= LONGEST_HELD.days:
        quiet_run += 1
    assert day <= passed + timedelta(days=quiet_run + 1)
    # What goes together is found by the deliverer, and what waited goes together.
    assert waits.together or waits.until == came


@given(
    said=wishes.filter(lambda said: said.digest != "none"),
    zone=ZONES,
    first=INSTANTS,
    later=st.timedeltas(timedelta(0), timedelta(days=40)),
)
def test_what_came_earlier_is_in_no_later_digest(said: Wishes, zone: str, first: datetime, later: timedelta) -> None:
    days = Days(zone, lambda day: CALENDAR.closed(day) is not None)
    one, other = (held(said, "plan.advanced", {}, came, days) for came in (first, first + later))
    assert one.until <= other.until


@given(said=wishes)
def test_wishes_are_read_as_they_were_written(said: Wishes) -> None:
    assert wishes_of(said.text()) == said
