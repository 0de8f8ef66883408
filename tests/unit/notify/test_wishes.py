"""How long a message is held for the digest and the quiet days that its reader wishes."""

from datetime import UTC, date, datetime, time
from typing import Final

import pytest

from pdca.notify.phrases import PHRASES
from pdca.notify.wishes import LONGEST_HELD, Days, Held, Wishes, held, wishes_of
from workflows.instants import to_text

ZONE: Final = "Europe/Brussels"
DAYS: Final = Days(ZONE, lambda day: day.isoformat() == "2024-05-01" or day.weekday() >= 5)
"""A body that works from Monday to Friday, and not on Labour Day."""

WEEKEND: Final = frozenset({5, 6})
NEWS: Final = "plan.advanced"
LATE: Final = "evaluation.overdue"
AT_ITS_MOMENT: Final = {"information.report", "evaluation.invited"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def until(wishes: Wishes, came: str, kind: str = NEWS, *, alone: bool = False, **facts: object) -> datetime:
    return held(wishes, kind, facts, at(came), DAYS, alone=alone).until


def test_without_wishes_a_message_goes_at_once_and_by_itself() -> None:
    assert held(Wishes(), NEWS, {}, at("2024-05-04 10:00"), DAYS) == Held(at("2024-05-04 10:00"), together=False)


@pytest.mark.parametrize(
    ("came", "goes"),
    [
        ("2024-05-06 05:29", "2024-05-06 05:30"),
        ("2024-05-06 05:30", "2024-05-06 05:30"),
        ("2024-05-06 05:31", "2024-05-07 05:30"),
        ("2024-05-06 22:30", "2024-05-07 05:30"),
    ],
)
def test_a_daily_digest_goes_at_its_local_time_with_all_that_came_until_then(came: str, goes: str) -> None:
    assert until(Wishes(digest="daily"), came) == at(goes)
    assert held(Wishes(digest="daily"), NEWS, {}, at(came), DAYS).together


def test_a_weekly_digest_goes_on_its_weekday_or_when_that_is_quiet_on_the_next_day_that_is_not() -> None:
    weekly = Wishes(digest="weekly", at=time(16), weekday=2)
    assert until(weekly, "2024-05-02 10:00") == at("2024-05-08 14:00")
    assert until(weekly, "2024-04-26 10:00") == at("2024-05-01 14:00")
    closed = Wishes(digest="weekly", at=time(16), weekday=2, quiet_closed=True)
    assert until(closed, "2024-04-26 10:00") == at("2024-05-02 14:00")


def test_what_comes_on_a_quiet_day_waits_for_the_next_that_is_not_and_goes_with_what_else_waits() -> None:
    wishes = Wishes(quiet=WEEKEND, quiet_dates=((date(2024, 5, 6), date(2024, 5, 7)),))
    assert held(wishes, NEWS, {}, at("2024-05-04 10:00"), DAYS) == Held(at("2024-05-08 05:30"), together=True)
    assert held(wishes, NEWS, {}, at("2024-05-03 10:00"), DAYS) == Held(at("2024-05-03 10:00"), together=False)


def test_a_day_is_the_day_of_the_body_and_not_of_utc() -> None:
    assert until(Wishes(quiet=WEEKEND), "2024-05-03 22:30") == at("2024-05-06 05:30")
    assert until(Wishes(quiet=WEEKEND), "2024-05-05 22:30") == at("2024-05-05 22:30")


def test_days_that_are_no_working_days_are_quiet_for_who_wants_that() -> None:
    assert until(Wishes(quiet_closed=True), "2024-05-01 08:00") == at("2024-05-02 05:30")
    assert until(Wishes(), "2024-05-01 08:00") == at("2024-05-01 08:00")


def test_the_clocks_of_spring_and_autumn_move_no_digest_and_skip_none() -> None:
    nightly = Wishes(digest="daily", at=time(2, 30))
    assert until(nightly, "2024-03-30 12:00") == at("2024-03-31 01:00")
    assert until(nightly, "2024-03-31 12:00") == at("2024-04-01 00:30")
    assert until(nightly, "2024-10-26 12:00") == at("2024-10-27 00:30")
    assert until(nightly, "2024-10-27 00:31") == at("2024-10-28 01:30")


@pytest.mark.parametrize("kind", sorted({kind.partition("/")[0] for kind in PHRASES} - AT_ITS_MOMENT))
def test_what_is_overdue_missed_set_aside_or_asked_waits_for_no_digest(kind: str) -> None:
    asked = {"information.prepared"}
    urgent = kind.endswith(("overdue", "_asked")) or kind in {"evaluation.missed", "deadline.set_aside", *asked}
    waits = held(Wishes(digest="weekly"), kind, {}, at("2024-05-07 10:00"), DAYS)
    assert (waits.until == at("2024-05-07 10:00"), waits.together) == (urgent, not urgent)


def test_on_a_quiet_day_what_is_urgent_comes_only_to_who_is_told_alone() -> None:
    quiet = Wishes(quiet=WEEKEND)
    assert until(quiet, "2024-05-04 10:00", LATE) == at("2024-05-06 05:30")
    assert until(quiet, "2024-05-04 10:00", LATE, alone=True) == at("2024-05-04 10:00")
    assert until(quiet, "2024-05-04 10:00", NEWS, alone=True) == at("2024-05-06 05:30")


def test_what_falls_due_before_the_digest_goes_does_not_wait_for_it() -> None:
    weekly = Wishes(digest="weekly")
    soon, later, past = (to_text(at(day)) for day in ("2024-05-10 07:00", "2024-05-14 07:00", "2024-05-01 07:00"))
    assert until(weekly, "2024-05-07 10:00", "evaluation.reminded", due_at=soon) == at("2024-05-07 10:00")
    assert until(weekly, "2024-05-07 10:00", "evaluation.reminded", due_at=later) == at("2024-05-13 05:30")
    assert until(weekly, "2024-05-07 10:00", "evaluation.recorded", due_at=past) == at("2024-05-13 05:30")


@pytest.mark.parametrize("kind", sorted(AT_ITS_MOMENT))
def test_a_report_goes_at_the_moment_that_the_group_fixed_and_what_is_for_calendars_at_once(kind: str) -> None:
    wishes = Wishes(digest="weekly", quiet=WEEKEND)
    assert held(wishes, kind, {}, at("2024-05-04 10:00"), DAYS) == Held(at("2024-05-04 10:00"), together=False)


def test_nobody_is_left_without_messages_for_longer_than_a_month_however_long_the_quiet_dates() -> None:
    away = Wishes(quiet_dates=((date(2024, 1, 1), date(2030, 1, 1)),))
    assert until(away, "2024-05-04 10:00") == at("2024-05-04 10:00") + LONGEST_HELD


def test_wishes_are_kept_as_they_were_said_and_those_of_nobody_are_not_kept() -> None:
    said = Wishes(("mail",), "weekly", time(16, 5), 3, WEEKEND, True, ((date(2024, 5, 6), date(2024, 5, 7)),))
    assert wishes_of(said.text()) == said
    assert (Wishes().text(), wishes_of(None)) == (None, Wishes())
