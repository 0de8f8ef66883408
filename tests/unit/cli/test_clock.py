"""The only reader of wall time, and its stand-ins."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from pdca.clock import FixedClock, SystemClock, VirtualClock, monotonic

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
NAIVE = NOON.replace(tzinfo=None)


def test_the_system_clock_tells_the_machine_s_time_in_utc() -> None:
    with time_machine.travel(NOON, tick=False):
        now = SystemClock().now()
    assert now == NOON
    assert now.tzinfo is UTC


def test_a_fixed_clock_stands_still_in_utc() -> None:
    clock = FixedClock(NOON.astimezone(timezone(timedelta(hours=2))))
    assert clock.now() == clock.now() == NOON
    assert clock.now().tzinfo is UTC


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=4000)), max_size=5))
def test_a_virtual_clock_is_where_it_was_moved_to(steps: list[timedelta]) -> None:
    clock = VirtualClock(NOON)
    for step in steps:
        target = clock.now() + step
        clock.advance_to(target)
        assert clock.now() == target


def test_a_virtual_clock_does_not_run_back() -> None:
    clock = VirtualClock(NOON)
    with pytest.raises(ValueError, match="does not run back"):
        clock.advance_to(NOON - timedelta(microseconds=1))
    assert clock.now() == NOON


def test_a_time_without_a_zone_is_refused() -> None:
    for make in (FixedClock, VirtualClock, VirtualClock(NOON).advance_to):
        with pytest.raises(ValueError, match="needs a time zone"):
            make(NAIVE)


def test_monotonic_seconds_never_run_back() -> None:
    readings = [monotonic() for _ in range(1000)]
    assert readings == sorted(readings)
