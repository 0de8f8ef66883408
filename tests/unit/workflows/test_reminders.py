"""Reminders before a moment, and an acknowledgement that stops the ladder after it."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.escalation import Acknowledgement, Rung, acknowledged
from workflows.problem import field_name
from workflows.reminders import Reminder, faults, reminder_after, reminder_due, reminders

DAY, AT, ZONE = date(2024, 4, 15), time(9), "Europe/Brussels"
DUE = datetime(2024, 4, 15, 7, tzinfo=UTC)
COMING = reminders(DAY, AT, ZONE, (1, 30, 7, 14))
SET = DUE - timedelta(days=200)


def days(reminder: Reminder | None) -> int | None:
    return reminder.days if reminder else None


def test_a_reminder_comes_at_the_wall_time_of_the_moment_on_either_side_of_a_change_of_the_clocks() -> None:
    assert list(COMING) == [
        Reminder(30, datetime(2024, 3, 16, 8, tzinfo=UTC)),
        Reminder(14, datetime(2024, 4, 1, 7, tzinfo=UTC)),
        Reminder(7, datetime(2024, 4, 8, 7, tzinfo=UTC)),
        Reminder(1, datetime(2024, 4, 14, 7, tzinfo=UTC)),
    ]


def test_each_reminder_is_due_once() -> None:
    assert reminder_due(COMING, DUE, SET, COMING[0].at - timedelta(seconds=1), done=False) is None
    assert days(reminder_due(COMING, DUE, SET, COMING[0].at, done=False)) == 30
    assert reminder_due(COMING, DUE, COMING[0].at, COMING[1].at - timedelta(seconds=1), done=False) is None


def test_of_reminders_that_were_missed_only_the_last_is_sent() -> None:
    assert days(reminder_due(COMING, DUE, SET, COMING[2].at + timedelta(days=2), done=False)) == 7


def test_nobody_is_reminded_of_what_is_done_or_due() -> None:
    assert reminder_due(COMING, DUE, SET, COMING[0].at, done=True) is None
    assert reminder_after(COMING, SET, done=True) is None
    assert reminder_due(COMING, DUE, SET, DUE, done=False) is None


def test_a_date_that_was_set_close_by_is_not_followed_by_the_reminders_of_before() -> None:
    five_days = DUE - timedelta(days=5)
    assert reminder_due(COMING, DUE, five_days, five_days + timedelta(minutes=1), done=False) is None
    assert days(reminder_after(COMING, five_days, done=False)) == 1


@given(st.lists(st.integers(1, 60), max_size=6, unique=True), st.lists(st.integers(0, 100 * 24), max_size=20))
def test_however_the_sweeps_fall_no_reminder_comes_twice_or_out_of_order(leads: list[int], hours: list[int]) -> None:
    coming = reminders(DAY, AT, ZONE, leads)
    dealt_with, told = DUE - timedelta(days=90), []
    for now in sorted(DUE - timedelta(hours=number) for number in hours):
        found = reminder_due(coming, DUE, dealt_with, now, done=False)
        waiting = reminder_after(coming, now, done=False)
        assert waiting is None or waiting.at > now
        if found:
            told.append(found.days)
        dealt_with = max(dealt_with, now)
    assert told == sorted(set(told), reverse=True)


@given(st.lists(st.integers(1, 60), max_size=6, unique=True))
def test_who_wakes_up_for_every_reminder_sends_every_one(leads: list[int]) -> None:
    coming, now, told = reminders(DAY, AT, ZONE, leads), SET, []
    while waiting := reminder_after(coming, now, done=False):
        told.append(reminder_due(coming, DUE, now, waiting.at, done=False))
        now = waiting.at
    assert tuple(told) == coming


def test_lead_times_that_cannot_be_are_refused_with_their_place() -> None:
    found = list(faults((30, 0, 367, 30), ("reminders",)))
    assert [(problem.code, field_name(problem.path)) for problem in found] == [
        ("lead-time", "reminders[1]"),
        ("lead-time", "reminders[2]"),
        ("lead-time-twice", "reminders[3]"),
    ]
    assert all(problem.words() and problem.advice() for problem in found)


RUNG = Rung(2, DUE + timedelta(days=14), "chief")


def test_an_acknowledgement_stops_the_ladder() -> None:
    assert acknowledged(RUNG, Acknowledgement()) is None
    assert acknowledged(RUNG, None) == RUNG
    assert acknowledged(None, Acknowledgement(DUE)) is None


def test_an_acknowledgement_until_a_day_holds_the_ladder_up_until_then() -> None:
    later = RUNG.at + timedelta(days=3)
    assert acknowledged(RUNG, Acknowledgement(later.astimezone(timezone(timedelta(hours=5))))) == Rung(
        2, later, "chief"
    )
    assert acknowledged(RUNG, Acknowledgement(DUE)) == RUNG


def test_naive_acknowledgement_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        acknowledged(RUNG, Acknowledgement(DUE.replace(tzinfo=None)))
