"""The escalation ladder."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workflows.definition import load
from workflows.escalation import Rung, ladder_step

SINCE = datetime(2024, 3, 30, 8, 0, tzinfo=UTC)


def test_shipped_ladder_climbs_from_lead_to_authority() -> None:
    rungs = [ladder_step(load("zvp").ladder, SINCE, number) for number in range(4)]
    assert rungs == [
        Rung(0, SINCE, "lead"),
        Rung(1, SINCE + timedelta(days=7), "group"),
        Rung(2, SINCE + timedelta(days=14), "chief"),
        Rung(3, SINCE + timedelta(days=28), "authority"),
    ]


def test_there_is_nothing_past_the_top() -> None:
    assert ladder_step(load("zvp").ladder, SINCE, 4) is None
    assert ladder_step((), SINCE, 0) is None


def test_instants_are_utc() -> None:
    rung = ladder_step(load("zvp").ladder, SINCE.astimezone(timezone(timedelta(hours=5))), 1)
    assert rung is not None
    assert rung.at.utcoffset() == timedelta(0)
    assert rung.at == SINCE + timedelta(days=7)


def test_negative_step_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0"):
        ladder_step(load("zvp").ladder, SINCE, -1)


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ladder_step(load("zvp").ladder, SINCE.replace(tzinfo=None), 0)
