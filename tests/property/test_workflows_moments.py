"""Every kind of schedule rule, over 2020 to 2040, against a calculation that looks at the days one by one."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workflows.moments import COMPLETION, Occurrence, Schedule, occurrences, validate
from workflows.recurrence import FREQUENCIES, WEEKDAYS, Rule, passed_over, read
from workflows.rolling import ROLLS, roll
from workflows.schedule import StatedDate, parse_stated
from workflows.workdays import ClosingDay, WorkingCalendar

FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
DAYS: Final = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]

days = st.dates(FIRST, LAST)
months = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True)
month_days = st.lists(st.integers(-31, 31).filter(bool), min_size=1, max_size=4, unique=True)
week_days = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=4, unique=True)
which_days = st.lists(
    st.tuples(st.sampled_from([-5, -2, -1, 1, 2, 3, 4, 5]), st.sampled_from(WEEKDAYS)).map(
        lambda one: f"{one[0]}{one[1]}"
    ),
    min_size=1,
    max_size=3,
    unique=True,
)


@st.composite
def rules(draw: st.DrawFn, frequencies: tuple[str, ...] = FREQUENCIES) -> dict[str, str]:
    """Parts of a rule that the standard allows together."""
    frequency = draw(st.sampled_from(frequencies))
    choices: dict[str, st.SearchStrategy[list[str]]] = {"BYMONTH": months.map(texts), "BYDAY": week_days}
    if frequency in {"YEARLY", "MONTHLY"}:
        choices |= {"BYDAY": week_days | which_days, "BYMONTHDAY": month_days.map(texts)}
    if frequency == "YEARLY":
        choices |= {"BYYEARDAY": st.lists(st.integers(-366, 366).filter(bool), min_size=1, max_size=3).map(texts)}
    parts = {"FREQ": frequency, "INTERVAL": str(draw(st.integers(1, 30 if frequency == "DAILY" else 5)))}
    for name in draw(st.sets(st.sampled_from(sorted(choices)), max_size=3)):
        parts[name] = ",".join(draw(choices[name]))
    if frequency in {"YEARLY", "MONTHLY"} and len(parts) > len({"FREQ", "INTERVAL"}) and draw(st.booleans()):
        parts["BYSETPOS"] = str(draw(st.sampled_from([1, 2, -1, -2])))
    ending = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if ending:
        parts[ending] = str(draw(st.integers(1, 40))) if ending == "COUNT" else f"{draw(days):%Y%m%d}"
    return parts


def texts(numbers: list[int]) -> list[str]:
    return [str(number) for number in numbers]


def numbers_of(parts: Mapping[str, str], name: str) -> list[int]:
    return [int(value) for value in parts[name].split(",")] if name in parts else []


def period(parts: Mapping[str, str], day: date) -> int:
    """Number the year, month, week or day that a day lies in."""
    match parts["FREQ"]:
        case "YEARLY":
            return day.year
        case "MONTHLY":
            return day.year * 12 + day.month
        case "WEEKLY":
            return (day - timedelta(days=day.weekday())).toordinal() // 7
    return day.toordinal()


def falls(parts: Mapping[str, str], start: date, day: date) -> bool:
    """Whether the parts, without position and end, name the day."""
    in_month, in_year = monthrange(day.year, day.month)[1], date(day.year, 12, 31).timetuple().tm_yday
    of_year = day.timetuple().tm_yday
    named = {
        "BYMONTH": {day.month},
        "BYMONTHDAY": {day.day, day.day - in_month - 1},
        "BYYEARDAY": {of_year, of_year - in_year - 1},
    }
    return (
        (period(parts, day) - period(parts, start)) % int(parts["INTERVAL"]) == 0
        and all(name not in parts or here & set(numbers_of(parts, name)) for name, here in named.items())
        and _weekday_falls(parts, day, (day.day, in_month), (of_year, in_year))
        and _falls_as_the_start(parts, start, day)
    )


def _weekday_falls(parts: Mapping[str, str], day: date, in_month: tuple[int, int], in_year: tuple[int, int]) -> bool:
    if "BYDAY" not in parts:
        return True
    name = WEEKDAYS[day.weekday()]
    place, length = in_month if parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts else in_year
    names = {name, f"{(place + 6) // 7}{name}", f"-{(length - place) // 7 + 1}{name}"}
    return bool(names & set(parts["BYDAY"].split(",")))


def _falls_as_the_start(parts: Mapping[str, str], start: date, day: date) -> bool:
    """Whether the day is that of the start, as far as the rule names none."""
    if {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & set(parts) or parts["FREQ"] == "DAILY":
        return True
    if parts["FREQ"] == "WEEKLY":
        return day.weekday() == start.weekday()
    return day.day == start.day and (parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts or day.month == start.month)


def by_looking(parts: Mapping[str, str], start: date) -> list[date]:
    """Find the dates of a rule from `start` to the end of 2040, looking at each day."""
    # A period that began before the start counts as a whole for the position of a day in it.
    sets: dict[int, list[date]] = defaultdict(list)
    for number in range(start.toordinal() - 366, LAST.toordinal() + 1):
        day = date.fromordinal(number)
        if period(parts, day) >= period(parts, start) and falls(parts, start, day):
            sets[period(parts, day)].append(day)
    if "BYSETPOS" in parts:
        at = int(parts["BYSETPOS"])
        sets = {key: [found[at - 1 if at > 0 else at]] for key, found in sets.items() if len(found) >= abs(at)}
    found = [day for key in sorted(sets) for day in sets[key] if day >= start]
    if "UNTIL" in parts:
        found = [day for day in found if f"{day:%Y%m%d}" <= parts["UNTIL"]]
    return found[: int(parts["COUNT"])] if "COUNT" in parts else found


def rule_of(parts: Mapping[str, str]) -> Rule:
    rule = read(";".join(f"{name}={value}" for name, value in parts.items()), (), [])
    assert rule is not None
    return rule


@settings(max_examples=80)
@given(rules(), st.dates(FIRST, date(2039, 12, 1)))
def test_a_rule_gives_the_days_that_its_parts_name(parts: dict[str, str], start: date) -> None:
    last_whole_week = date(2040, 12, 30)
    found = [day for day in rule_of(parts).dates(start, LAST) if day <= last_whole_week]
    assert found == [day for day in by_looking(parts, start) if day <= last_whole_week]


@pytest.mark.parametrize("interval", [1, 2, 3])
def test_a_rule_by_the_number_of_the_week_gives_that_week_of_the_iso_year(interval: int) -> None:
    expected: dict[tuple[int, str], list[date]] = defaultdict(list)
    for day in DAYS:
        _year, week, weekday = day.isocalendar()
        if (day.year - FIRST.year) % interval == 0:
            expected[week, WEEKDAYS[weekday - 1]].append(day)
    for week in range(1, 52):
        for name in WEEKDAYS:
            parts = {"FREQ": "YEARLY", "INTERVAL": str(interval), "BYWEEKNO": str(week), "BYDAY": name}
            assert list(rule_of(parts).dates(FIRST, LAST)) == expected[week, name]


@settings(max_examples=40)
@given(rules(("YEARLY", "MONTHLY")), days)
def test_a_rule_that_passes_nothing_over_has_a_date_in_every_year_or_month_it_is_about(
    parts: dict[str, str], start: date
) -> None:
    rule = rule_of(parts)
    given_dates = list(rule.dates(start, LAST))
    gap = passed_over(rule, start, LAST, given_dates)
    if gap is not None:
        assert not [day for day in given_dates if day.isoformat().startswith(gap)]
    elif rule.frequency == "MONTHLY" and "BYMONTH" not in parts and len(given_dates) > 1:
        steps = [period(parts, after) - period(parts, before) for before, after in pairwise(given_dates)]
        assert max(steps) <= rule.interval


@given(st.sampled_from(FREQUENCIES), st.integers(1, 24), days)
def test_what_counts_from_the_last_evaluation_is_the_same_day_so_much_later(
    frequency: str, interval: int, completed: date
) -> None:
    found = list(rule_of({"FREQ": frequency, "INTERVAL": str(interval)}).after(completed, LAST))
    for number, day in enumerate(found, start=1):
        if frequency in {"WEEKLY", "DAILY"}:
            assert (day - completed).days == number * interval * (7 if frequency == "WEEKLY" else 1)
            continue
        gone = number * interval * (12 if frequency == "YEARLY" else 1)
        assert (day.year - completed.year) * 12 + day.month - completed.month == gone
        assert day.day == min(completed.day, monthrange(day.year, day.month)[1])


def easter(year: int) -> date:
    """Return Easter Sunday by the rule of Gauss, with his two exceptions, for 1900 to 2099."""
    a, b, c = year % 19, year % 4, year % 7
    d = (19 * a + 24) % 30
    e = (2 * b + 4 * c + 6 * d + 5) % 7
    day = 22 + d + e
    if (d, e) == (29, 6) or ((d, e) == (28, 6) and a > 10):
        day -= 7
    return date(year, 3, 1) + timedelta(days=day - 1)


@cache
def belgian_holidays() -> frozenset[date]:
    fixed = [(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)]
    movable = [0, 1, 39, 49, 50]
    return frozenset(
        day
        for year in range(2019, 2042)
        for day in (
            *(date(year, month, number) for month, number in fixed),
            *(easter(year) + timedelta(days=number) for number in movable),
        )
    )


def test_belgian_holidays_are_those_of_the_law() -> None:
    calendar = WorkingCalendar("BE")
    for day in DAYS:
        reason = calendar.closed(day)
        if day in belgian_holidays():
            assert reason is not None
            assert reason.kind == "holiday"
            assert len({reason.words(language) for language in ("nl", "fr", "de", "en")}) > 1
        else:
            assert (reason is None) == (day.weekday() < 5)


CLOSED: Final = frozenset({date(2024, 12, 24), date(2024, 12, 26), date(2024, 12, 27), date(2031, 5, 6)})


def worked_in_belgium(day: date) -> bool:
    return day.weekday() < 5 and day not in belgian_holidays() and day not in CLOSED


def test_every_day_moves_as_its_distance_to_the_working_days_says() -> None:
    calendar = WorkingCalendar("BE", closing_days=tuple(map(ClosingDay, sorted(CLOSED))))
    for day in DAYS:
        near = [one for one in (day + timedelta(days=number) for number in range(-9, 10)) if worked_in_belgium(one)]
        expected = {
            "none": day,
            "next": min(one for one in near if one >= day),
            "previous": max(one for one in near if one <= day),
            "nearest": min(near, key=lambda one: (abs((one - day).days), one < day)),
        }
        stated = StatedDate(day.isoformat(), day, "day")
        assert {how: roll(stated, how, calendar, date(2019, 1, 1)).date for how in ROLLS} == expected


COUNTRIES: Final = (
    ("US", "TX"),
    ("GB", "SCT"),
    ("JP", ""),
    ("AU", "NSW"),
    ("CL", ""),
    ("LU", ""),
    ("DE", "BY"),
    ("NL", ""),
)


@cache
def public_holidays(country: str, part: str) -> frozenset[date]:
    """All of them at once, so that one made up for in another year is seen there."""
    return frozenset(holidays.country_holidays(country, subdiv=part or None, years=range(2018, 2043)))


@settings(max_examples=200)
@given(st.sampled_from(COUNTRIES), days)
def test_elsewhere_public_holidays_are_those_of_the_country_in_any_language(place: tuple[str, str], day: date) -> None:
    reason = WorkingCalendar(*place).closed(day)
    assert (reason is not None and reason.kind == "holiday") == (day in public_holidays(*place))


@pytest.mark.parametrize("place", COUNTRIES)
def test_elsewhere_days_around_the_turn_of_the_year_are_right(place: tuple[str, str]) -> None:
    calendar = WorkingCalendar(*place)
    turns = [date(year, 12, 20) + timedelta(days=number) for year in range(2020, 2040) for number in range(25)]
    closed = {day for day in turns if (reason := calendar.closed(day)) is not None and reason.kind == "holiday"}
    assert closed == public_holidays(*place) & set(turns)


def instants_by_looking(zone: str, day: date, at: time) -> datetime:
    """Find the first instant that shows the wall time, or lies past it where none does, looking at every quarter."""
    first = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    quarters = [first + timedelta(minutes=15 * number) for number in range(4 * 54)]
    walls = [(one.astimezone(ZoneInfo(zone)).replace(tzinfo=None), one) for one in quarters]
    wanted = datetime.combine(day, at)
    exact = [one for wall, one in walls if wall == wanted]
    return exact[0] if exact else min((wall, one) for wall, one in walls if wall > wanted)[1]


quarters = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
ZONES: Final = ("Europe/Brussels", "America/Santiago", "Australia/Sydney", "Asia/Kolkata", "UTC", "Africa/Lagos")


@settings(max_examples=40)
@given(st.sampled_from(ZONES), quarters, st.sampled_from(ROLLS), st.sampled_from(["BE", "AU", ""]), rules(), days)
def test_a_moment_is_one_working_day_at_one_instant_of_the_clocks(
    zone: str, at: time, how: str, country: str, parts: dict[str, str], start: date
) -> None:
    schedule = Schedule(
        start, at, zone, LAST, rules=(rule_of(parts).text,), roll=how, calendar=WorkingCalendar(country)
    )
    assume(not validate(schedule))
    found = occurrences(schedule)
    assert [one.date for one in found] == sorted({one.date for one in found})
    keys = sorted(key for one in found for key in one.keys)
    assert keys == sorted(day.isoformat() for day in rule_of(parts).dates(start, LAST))
    for one in found[:: max(1, len(found) // 10)]:
        assert how == "none" or schedule.calendar.closed(one.date) is None
        assert one.at == instants_by_looking(zone, one.date, at)


@pytest.mark.parametrize(
    ("zone", "turns"),
    [
        ("Europe/Brussels", [(3, 25, 31), (10, 25, 31)]),
        ("Australia/Sydney", [(4, 1, 7), (10, 1, 7)]),
        ("America/Santiago", [(4, 2, 8), (9, 2, 8)]),
    ],
)
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(2), time(2, 30), time(3), time(23, 45)])
def test_each_turn_of_the_clocks_has_one_moment_a_day(zone: str, turns: list[tuple[int, int, int]], at: time) -> None:
    for year in range(2020, 2041):
        for month, first, last in turns:
            around = Schedule(date(year, month, first), at, zone, date(year, month, last), rules=("FREQ=DAILY",))
            found = occurrences(around)
            assert [one.date.day for one in found] == list(range(first, last + 1))
            assert [one.at for one in found] == [instants_by_looking(zone, one.date, at) for one in found]


@settings(max_examples=100)
@given(
    st.lists(st.dates(date(2024, 1, 1), date(2025, 12, 31)), min_size=1, max_size=8, unique=True),
    st.sets(st.dates(date(2024, 1, 1), date(2025, 12, 31)), max_size=30),
    st.sampled_from(ROLLS),
)
def test_closing_days_move_moments_and_make_no_other_ones(stated: list[date], closed: set[date], how: str) -> None:
    schedule = Schedule(
        date(2024, 1, 1),
        time(9),
        "Europe/Brussels",
        dates=tuple(parse_stated(day.isoformat()) for day in stated),
        roll=how,
        calendar=WorkingCalendar("BE"),
    )
    calendar = replace(schedule.calendar, closing_days=tuple(map(ClosingDay, sorted(closed))))
    before, after = occurrences(schedule), occurrences(replace(schedule, calendar=calendar))
    assert set(_keys(before)) == set(_keys(after)) == {day.isoformat() for day in stated}
    assert len(list(_keys(after))) == len(stated)


def _keys(found: tuple[Occurrence, ...]) -> Iterator[str]:
    return (key for one in found for key in one.keys)


@given(days, st.integers(1, 12), st.sampled_from(ROLLS))
def test_what_follows_a_completion_is_later_than_it(completed: date, interval: int, how: str) -> None:
    schedule = Schedule(
        FIRST,
        time(9),
        "Europe/Brussels",
        LAST,
        rules=(f"FREQ=DAILY;INTERVAL={interval}",),
        anchor=COMPLETION,
        roll=how,
        calendar=WorkingCalendar("BE"),
    )
    for one in occurrences(schedule, completed=completed):
        assert one.date > completed
