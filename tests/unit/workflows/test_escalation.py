"""The escalation ladder."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.definition import load
from workflows.escalation import LATE, Rung, rung_after
from workflows.method import LadderStep

LADDER = load("zvp").ladder
SINCE = datetime(2024, 3, 30, 8, 0, tzinfo=UTC)


def climb(ladder: tuple[LadderStep, ...], late: list[timedelta]) -> list[Rung]:
    """Tell rung after rung, each so late."""
    rungs = [Rung(0, SINCE, ladder[0].to)]
    for delay in late:
        following = rung_after(ladder, rungs[-1].step, rungs[-1].at, rungs[-1].at + delay)
        if following is None:
            break
        rungs.append(following)
    return rungs


def test_shipped_ladder_climbs_from_lead_to_authority() -> None:
    assert climb(LADDER, [timedelta()] * 9) == [
        Rung(0, SINCE, "lead"),
        Rung(1, SINCE + timedelta(days=7), "group"),
        Rung(2, SINCE + timedelta(days=14), "chief"),
        Rung(3, SINCE + timedelta(days=28), "authority"),
    ]


def test_an_hour_late_moves_nothing_and_a_month_moves_what_follows() -> None:
    assert rung_after(LADDER, 0, SINCE, SINCE + timedelta(hours=1)) == Rung(1, SINCE + timedelta(days=7), "group")
    assert rung_after(LADDER, 0, SINCE, SINCE + LATE) == Rung(1, SINCE + timedelta(days=8), "group")
    assert rung_after(LADDER, 0, SINCE, SINCE + timedelta(days=30)) == Rung(1, SINCE + timedelta(days=37), "group")


@given(
    st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True).map(sorted),
    st.lists(st.timedeltas(timedelta(), timedelta(days=400)), min_size=6, max_size=6),
)
def test_however_late_whoever_is_told_has_the_days_of_the_ladder_less_one(
    days: list[int], late: list[timedelta]
) -> None:
    ladder = tuple(LadderStep(number, "lead") for number in days)
    rungs = climb(ladder, late)
    assert [rung.step for rung in rungs] == list(range(len(ladder)))
    for here, following, delay in zip(rungs, rungs[1:], late, strict=False):
        gap = timedelta(days=ladder[following.step].after_days - ladder[here.step].after_days)
        assert following.at - here.at == gap + (delay if delay >= LATE else timedelta())
        assert following.at - (here.at + delay) > gap - LATE


def test_there_is_nothing_past_the_top() -> None:
    assert rung_after(LADDER, 3, SINCE, SINCE) is None
    assert rung_after((), 0, SINCE, SINCE) is None


def test_instants_are_utc() -> None:
    elsewhere = SINCE.astimezone(timezone(timedelta(hours=5)))
    rung = rung_after(LADDER, 0, elsewhere, elsewhere)
    assert rung is not None
    assert rung.at.utcoffset() == timedelta(0)
    assert rung.at == SINCE + timedelta(days=7)


def test_negative_step_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0"):
        rung_after(LADDER, -1, SINCE, SINCE)


@pytest.mark.parametrize("naive", [(SINCE.replace(tzinfo=None), SINCE), (SINCE, SINCE.replace(tzinfo=None))])
def test_naive_moment_is_refused(naive: tuple[datetime, datetime]) -> None:
    with pytest.raises(ValueError, match="time zone"):
        rung_after(LADDER, 0, *naive)
