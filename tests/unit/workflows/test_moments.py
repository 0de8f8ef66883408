"""The moments of a schedule: what is refused and where, what moves and why, what stays the same one."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from workflows.moments import COMPLETION, LAST_DAY, MOST, Schedule, Unsound, occurrences, validate
from workflows.problem import field_name
from workflows.schedule import ScheduleError, parse_stated
from workflows.workdays import ClosingDay, WorkingCalendar

BELGIUM = WorkingCalendar("BE")
EMPTY = Schedule(date(2024, 1, 1), time(9), "Europe/Brussels", date(2026, 12, 31), roll="next", calendar=BELGIUM)


def dated(*texts: str, **changes: object) -> Schedule:
    """A schedule of stated dates."""
    return replace(EMPTY, dates=tuple(map(parse_stated, texts)), **changes)  # type: ignore[arg-type]


def ruled(*rules: str, **changes: object) -> Schedule:
    """A schedule of rules."""
    return replace(EMPTY, rules=rules, **changes)  # type: ignore[arg-type]


def moved(schedule: Schedule, **arguments: date) -> dict[str, str]:
    """What was stated, and the day it became."""
    return {one.key: one.date.isoformat() for one in occurrences(schedule, **arguments)}


def test_dates_and_rules_are_one_series_and_a_day_of_both_is_one_moment() -> None:
    schedule = ruled("FREQ=YEARLY;BYMONTH=3,9;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1")
    schedule = replace(
        schedule, dates=(parse_stated("2024-09-02"), parse_stated("2025-01-15")), until=date(2025, 3, 31)
    )
    assert list(moved(schedule)) == ["2024-03-04", "2024-06-30", "2024-09-02", "2025-01-15", "2025-03-03"]


def test_the_start_is_a_moment_only_when_the_rule_gives_it() -> None:
    assert list(moved(ruled("FREQ=YEARLY", start=date(2024, 1, 8)))) == ["2024-01-08", "2025-01-08", "2026-01-08"]
    assert next(iter(moved(ruled("FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=2")))) == "2024-09-02"


def test_an_exception_leaves_out_the_day_that_the_rule_gives_and_makes_up_for_it_nowhere() -> None:
    schedule = ruled("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2;COUNT=2", exceptions=(date(2024, 3, 2),))
    assert moved(schedule) == {"2025-03-02": "2025-03-03"}


def test_a_moment_says_in_each_language_why_it_moved() -> None:
    (easter,) = occurrences(dated("2024-03-31"))
    assert easter.date == date(2024, 4, 2)
    assert [reason.words("nl") for reason in easter.reasons] == ["public holiday: Pasen", "public holiday: Paasmaandag"]
    assert next(reason.words("fr") for reason in easter.reasons) == "public holiday: Pâques"
    assert next(reason.words("de") for reason in easter.reasons) == "public holiday: Ostern"
    (saturday,) = occurrences(dated("2024-04-06"))
    assert [reason.words() for reason in saturday.reasons] == ["weekend"]
    (unmoved,) = occurrences(dated("2024-04-08"))
    assert unmoved.reasons == ()


def test_a_closing_day_is_called_by_its_name_and_comes_before_what_else_the_day_is() -> None:
    bridge = ClosingDay(date(2024, 5, 10), {"nl": "Brugdag", "fr": "Pont", "en": "Bridge day"})
    unnamed = ClosingDay(date(2024, 5, 11))
    calendar = replace(BELGIUM, closing_days=(bridge, unnamed))
    (moment,) = occurrences(dated("2024-05-09", calendar=calendar))
    assert moment.date == date(2024, 5, 13)
    assert [reason.words("nl") for reason in moment.reasons] == [
        "public holiday: O. L. H. Hemelvaart",
        "closing day: Brugdag",
        "closing day",
        "weekend",
    ]


@pytest.mark.parametrize(
    ("roll", "saturday", "sunday", "easter"),
    [
        ("none", "2024-06-01", "2024-06-02", "2024-03-31"),
        ("next", "2024-06-03", "2024-06-03", "2024-04-02"),
        ("previous", "2024-05-31", "2024-05-31", "2024-03-29"),
        # Two days to either side of Easter: the later.
        ("nearest", "2024-05-31", "2024-06-03", "2024-04-02"),
    ],
)
def test_a_date_moves_as_the_group_chose(roll: str, saturday: str, sunday: str, easter: str) -> None:
    days = {"2024-06-01": saturday, "2024-06-02": sunday, "2024-03-31": easter}
    assert {day: moved(dated(day, roll=roll))[day] for day in days} == days


@pytest.mark.parametrize("roll", ["next", "previous", "nearest"])
def test_a_month_or_year_that_was_stated_is_not_left(roll: str) -> None:
    assert moved(dated("2024-06", "2024-11", "2025-08", roll=roll)) == {
        "2024-06-30": "2024-06-28",
        "2024-11-30": "2024-11-29",
        "2025-08-31": "2025-08-29",
    }


def test_a_month_in_which_nobody_works_is_left() -> None:
    closed = tuple(ClosingDay(date(2024, 6, day)) for day in range(1, 31))
    assert moved(dated("2024-06", calendar=replace(BELGIUM, closing_days=closed))) == {"2024-06-30": "2024-07-01"}


def test_two_that_move_onto_one_day_are_one_moment_that_knows_both() -> None:
    (moment,) = occurrences(dated("2024-06-02", "2024-06-01", "2024-06-03"))
    assert moment.date == date(2024, 6, 3)
    assert moment.keys == ("2024-06-01", "2024-06-02", "2024-06-03")
    assert [[reason.words() for reason in one.reasons] for one in moment.also] == [["weekend"], []]


def test_a_date_does_not_move_to_before_the_start() -> None:
    assert moved(dated("2024-06-01", start=date(2024, 6, 1), roll="previous")) == {"2024-06-01": "2024-06-03"}


def test_a_date_does_not_move_to_before_the_day_of_a_change_and_one_of_before_stays() -> None:
    schedule = dated("2024-05-25", "2024-06-01", roll="previous")
    assert moved(schedule) == {"2024-05-25": "2024-05-24", "2024-06-01": "2024-05-31"}
    assert moved(schedule, not_before=date(2024, 6, 1)) == {"2024-05-25": "2024-05-24", "2024-06-01": "2024-06-03"}


def test_a_calendar_that_never_opens_is_refused() -> None:
    closed = tuple(ClosingDay(date.fromordinal(date(2024, 1, 1).toordinal() + number)) for number in range(800))
    with pytest.raises(ScheduleError, match="no working day"):
        occurrences(dated("2024-06-01", calendar=replace(BELGIUM, closing_days=closed)))


def test_what_counts_from_the_last_evaluation_is_definite_one_moment_at_a_time() -> None:
    schedule = ruled("FREQ=MONTHLY;INTERVAL=6", anchor=COMPLETION)
    assert moved(schedule) == {"2024-07-01": "2024-07-01"}
    assert moved(schedule, completed=date(2024, 8, 31)) == {"2025-02-28": "2025-02-28"}
    assert moved(schedule, completed=date(2024, 9, 1)) == {"2025-03-01": "2025-03-03"}
    assert moved(schedule, completed=date(2026, 9, 1)) == {}


def test_a_fixed_series_does_not_care_when_an_evaluation_was_recorded() -> None:
    schedule = ruled("FREQ=MONTHLY;INTERVAL=6")
    assert moved(schedule, completed=date(2024, 8, 31)) == moved(schedule)


def test_an_exception_to_what_follows_an_evaluation_leaves_the_one_after_it() -> None:
    schedule = ruled("FREQ=MONTHLY;INTERVAL=6", anchor=COMPLETION, exceptions=(date(2025, 1, 8),))
    assert moved(schedule, completed=date(2024, 7, 8)) == {"2025-07-08": "2025-07-08"}


def test_what_follows_an_evaluation_does_not_move_back_onto_it() -> None:
    schedule = ruled("FREQ=DAILY", anchor=COMPLETION, roll="previous")
    assert moved(schedule, completed=date(2024, 5, 31)) == {"2024-06-01": "2024-06-03"}


def test_a_holiday_of_a_country_that_names_it_in_one_language_has_that_name() -> None:
    (moment,) = occurrences(dated("2024-01-01", calendar=WorkingCalendar("AG")))
    assert [reason.words("nl") for reason in moment.reasons] == ["public holiday: New Year's Day"]


def test_a_date_of_before_an_evaluation_stays_where_it_was() -> None:
    schedule = dated("2024-06-01", anchor=COMPLETION, roll="previous")
    assert moved(schedule, completed=date(2024, 6, 1)) == {"2024-06-01": "2024-05-31"}


def test_a_week_has_the_working_days_of_the_body() -> None:
    from_sunday = replace(BELGIUM, weekdays=frozenset({6, 0, 1, 2, 3}))
    assert moved(dated("2024-06-07", "2024-06-09", calendar=from_sunday)) == {"2024-06-07": "2024-06-09"}


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        ("2024-03-29", time(9), "Europe/Brussels", datetime(2024, 3, 29, 8, tzinfo=UTC)),
        ("2024-04-02", time(9), "Europe/Brussels", datetime(2024, 4, 2, 7, tzinfo=UTC)),
        ("2024-03-31", time(2, 30), "Europe/Brussels", datetime(2024, 3, 31, 1, tzinfo=UTC)),
        ("2024-10-27", time(2, 30), "Europe/Brussels", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),
        ("2024-10-06", time(2, 30), "Australia/Sydney", datetime(2024, 10, 5, 16, tzinfo=UTC)),
        ("2024-04-07", time(2, 30), "Australia/Sydney", datetime(2024, 4, 6, 15, 30, tzinfo=UTC)),
        ("2024-02-29", time(23, 59), "Asia/Kolkata", datetime(2024, 2, 29, 18, 29, tzinfo=UTC)),
        ("2024-12-31", time(23, 59), "America/Santiago", datetime(2025, 1, 1, 2, 59, tzinfo=UTC)),
    ],
)
def test_the_wall_time_of_the_zone_is_kept(day: str, at: time, zone: str, instant: datetime) -> None:
    (moment,) = occurrences(dated(day, time=at, zone=zone, roll="none"))
    assert moment.at == instant


def test_the_last_days_of_february_and_of_the_year() -> None:
    leap = ruled("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", roll="none", until=date(2028, 12, 31))
    assert list(moved(leap)) == ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
    end = ruled("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;COUNT=2")
    assert moved(end) == {"2024-12-31": "2024-12-31", "2025-12-31": "2025-12-31"}
    assert moved(dated("2026-12-31", calendar=replace(BELGIUM, closing_days=(ClosingDay(date(2026, 12, 31)),)))) == {
        "2026-12-31": "2027-01-04"
    }


@pytest.mark.parametrize(
    ("schedule", "code", "place"),
    [
        (EMPTY, "empty-schedule", ""),
        (dated("2024-06-01", zone="Europe/Bruxelles"), "unknown-zone", "zone"),
        (dated("2024-06-01", anchor="later"), "unknown-anchor", "anchor"),
        (dated("2024-06-01", roll="back"), "unknown-roll", "roll"),
        (dated("2024-06-01", start=date.min), "start", "start"),
        (dated("2024-06-01", start=date(2101, 1, 1), until=date(2102, 1, 1)), "start", "start"),
        (dated("2024-06-01", until=date(2023, 1, 1)), "horizon", "until"),
        (dated("2024-06-01", until=date(2101, 1, 1)), "horizon", "until"),
        (dated("2024-06-01", calendar=WorkingCalendar("XX")), "unknown-country", "calendar.country"),
        (dated("2024-06-01", calendar=WorkingCalendar("BE", "VL")), "unknown-subdivision", "calendar.subdivision"),
        (
            dated("2024-06-01", calendar=WorkingCalendar("", "VL")),
            "subdivision-without-country",
            "calendar.subdivision",
        ),
        (
            dated("2024-06-01", calendar=replace(BELGIUM, weekdays=frozenset())),
            "no-working-weekday",
            "calendar.weekdays",
        ),
        (
            dated("2024-06-01", calendar=replace(BELGIUM, weekdays=frozenset({1, 7}))),
            "no-working-weekday",
            "calendar.weekdays",
        ),
        (dated("2024-06-01", "2027-01-01"), "date-outside", "dates[1]"),
        (dated("2023-12-31"), "date-outside", "dates[0]"),
        (dated("2024-06-30", "2024-06"), "date-twice", "dates[1]"),
        (ruled("FREQ=YEARLY", until=None), "endless-rule", "rules[0]"),
        (ruled("FREQ=DAILY"), "too-many-dates", "rules[0]"),
        (ruled("FREQ=YEARLY", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "rule-without-dates", "rules[1]"),
        (ruled("FREQ=MONTHLY", start=date(2024, 1, 31)), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=YEARLY", start=date(2024, 2, 29)), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=MONTHLY;BYDAY=5MO"), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=YEARLY;BYMONTH=2,8;BYMONTHDAY=30"), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=YEARLY;BYMONTHDAY=31"), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=YEARLY;BYYEARDAY=366"), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31"), "rule-passes-over", "rules[0]"),
        (ruled("FREQ=YEARLY", exceptions=(date(2024, 5, 5),)), "exception-of-nothing", "exceptions[0]"),
        (ruled("FREQ=YEARLY;COUNT=1", exceptions=(date(2024, 1, 1),)), "empty-schedule", ""),
        (dated("2024-06-01", exceptions=(date(2024, 6, 1),)), "date-and-exception", "exceptions[0]"),
        (ruled("FREQ=MONTHLY;BYDAY=1MO", anchor=COMPLETION), "rule-not-plain", "rules[0]"),
        (ruled("FREQ=MONTHLY;COUNT=3", anchor=COMPLETION), "rule-not-plain", "rules[0]"),
        (ruled("FREQ=MONTHLY", "FREQ=YEARLY", anchor=COMPLETION), "rules-compete", "rules[1]"),
    ],
)
def test_what_cannot_be_worked_out_is_refused_with_its_place_and_a_way_out(
    schedule: Schedule, code: str, place: str
) -> None:
    found = validate(schedule)
    assert [(problem.code, field_name(problem.path)) for problem in found] == [(code, place)]
    assert all(problem.words() and problem.advice() for problem in found)
    with pytest.raises(Unsound) as refused:
        occurrences(schedule)
    assert refused.value.problems == found


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=3,10;BYMONTHDAY=31",
        "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
        "FREQ=WEEKLY;BYMONTH=9",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=3",
    ],
)
def test_a_rule_that_passes_nothing_over_is_taken(rule: str) -> None:
    assert validate(ruled(rule)) == ()


def test_months_and_years_that_are_there_in_part_may_be_empty_and_whole_ones_may_not() -> None:
    assert validate(ruled("FREQ=YEARLY;BYYEARDAY=10", start=date(2024, 6, 1))) == ()
    month_end = ruled("FREQ=MONTHLY;BYMONTHDAY=30")
    assert validate(replace(month_end, start=date(2024, 2, 2), until=date(2025, 2, 27))) == ()
    assert [problem.params for problem in validate(replace(month_end, start=date(2024, 2, 1)))] == [
        {"period": "2024-02"}
    ]
    to_february = replace(month_end, start=date(2024, 3, 1), until=date(2025, 2, 28))
    assert [problem.params for problem in validate(to_february)] == [{"period": "2025-02"}]


def test_everything_that_is_wrong_is_named_at_once() -> None:
    schedule = replace(ruled("FREQ=HOURLY", "x", zone="Mars", until=None), dates=(parse_stated("2023"),))
    assert [problem.code for problem in validate(schedule)] == [
        "unknown-zone",
        "date-outside",
        "rule-within-a-day",
        "rule-not-read",
    ]


def test_as_many_dates_as_are_allowed_are_taken() -> None:
    assert len(occurrences(ruled(f"FREQ=DAILY;COUNT={MOST}", roll="none", until=LAST_DAY))) == MOST
    assert validate(ruled(f"FREQ=DAILY;COUNT={MOST + 1}", until=LAST_DAY))[0].code == "too-many-dates"


def test_neither_holidays_nor_rules_are_loaded_before_they_are_needed() -> None:
    program = (
        "import sys, workflows.moments, workflows.rule_words, workflows.reminders\n"
        "print(sorted({'holidays', 'dateutil'} & {name.split('.')[0] for name in sys.modules}))"
    )
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert result.stdout == "[]\n"
