"""What the page on dates shows is what is worked out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Final

import pytest

from tests.docs import console
from workflows.moments import COMPLETION, Occurrence, Schedule, occurrences, validate
from workflows.recurrence import read
from workflows.rule_words import said
from workflows.schedule import due_instant, parse_stated
from workflows.workdays import ClosingDay, WorkingCalendar

PAGE: Final = console.ROOT / "docs" / "explanation" / "dates.md"
BASE: Final = Schedule(date(2024, 1, 1), time(9), "Europe/Brussels", date(2030, 12, 31))
BELGIUM: Final = WorkingCalendar("BE", closing_days=(ClosingDay(date(2024, 5, 10), {"en": "Bridge day"}),))


def rows(*heads: str) -> list[list[str]]:
    """Give the rows of the table that has these heads."""
    tables = PAGE.read_text(encoding="utf-8").split("\n\n")
    wanted = f"| {' | '.join(heads)} |"
    table = next(text for text in tables if text.startswith(wanted))
    return [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]]


def ruled(rule: str, start: str) -> Schedule:
    return replace(BASE, start=date.fromisoformat(start), rules=(rule,))


@pytest.mark.parametrize(
    ("rule", "start", "first", "words"), rows("rule", "counts from", "gives first", "in words"), ids=str
)
def test_a_rule_gives_the_dates_and_has_the_words_of_the_page(rule: str, start: str, first: str, words: str) -> None:
    dates = first.split(", ")
    schedule = ruled(rule, start)
    assert [one.key for one in occurrences(schedule)][: len(dates)] == dates
    understood = read(rule, (), [])
    assert understood is not None
    assert said(understood, schedule.start, schedule.last, str) == words


@pytest.mark.parametrize(("rule", "start", "refused"), rows("rule", "counts from", "refused"), ids=str)
def test_a_rule_is_refused_as_on_the_page(rule: str, start: str, refused: str) -> None:
    assert [problem.words() for problem in validate(ruled(rule, start))] == [refused]


@pytest.mark.parametrize(("rule", "completed", "following"), rows("rule", "completed on", "next"), ids=str)
def test_what_follows_an_evaluation_is_that_of_the_page(rule: str, completed: str, following: str) -> None:
    schedule = replace(ruled(rule, "2024-01-01"), anchor=COMPLETION)
    (moment,) = occurrences(schedule, completed=date.fromisoformat(completed))
    assert moment.key == following


@pytest.mark.parametrize(("stated", "roll", "day", "why"), rows("stated", "moves", "falls on", "why"), ids=str)
def test_a_date_moves_as_on_the_page(stated: str, roll: str, day: str, why: str) -> None:
    schedule = replace(BASE, dates=(parse_stated(stated),), roll=roll, calendar=BELGIUM)
    (moment,) = occurrences(schedule)
    assert (moment.date.isoformat(), reasons(moment)) == (day, why)


def reasons(moment: Occurrence) -> str:
    return "; ".join(reason.words() for reason in moment.reasons)


@pytest.mark.parametrize(("zone", "wall", "instant"), rows("zone", "day and time", "UTC"), ids=str)
def test_a_wall_time_is_the_instant_of_the_page(zone: str, wall: str, instant: str) -> None:
    local = datetime.fromisoformat(wall)
    assert due_instant(local.date(), local.time(), zone) == datetime.fromisoformat(instant).replace(tzinfo=UTC)
