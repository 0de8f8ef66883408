"""What was enforced late, as people are told it: what a suspension held is told apart from a scheduler that stood."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.contract.world import World, morning, opened_in
from tests.unit.cli.running import run

BACK: Final = morning(date(2024, 5, 2))
HELD: Final = "due 2024-04-08 07:00 UTC, held until 2024-05-02 07:00 UTC while the plan was at rest"


@pytest.fixture
def resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A plan that was suspended over the date of its evaluation, and has just been resumed."""
    with opened_in(tmp_path, monkeypatch) as here:
        here.take("start", "suspend")
        here.go_to(BACK)
        here.take("resume")
        yield here


def test_what_was_held_and_then_enforced_at_once_is_not_listed_as_late_and_says_until_when_it_was_held(
    resumed: World,
) -> None:
    resumed.sweep()
    assert run("audit", "log", "--late", "--json").json["events"] == []
    assert HELD in run("audit", "log", "--last", "1", "--format", "table").out.splitlines()[-1]
    said = run("scheduler", "status")
    assert "Enforced late" not in said.out


def test_what_was_held_and_late_after_that_is_listed_with_every_instant(resumed: World) -> None:
    resumed.sweep_on(BACK + timedelta(hours=1))
    [listed] = run("audit", "log", "--late", "--json").json["events"]
    assert (listed["evaluation"], listed["late_seconds"]) == ("E-101", 3600)
    assert f"{HELD}, done 1 h 0 min late" in run("audit", "log", "--late", "--format", "table").out
    assert (
        "  E-101: due 2024-04-08 07:00 UTC, held until 2024-05-02 07:00 UTC while the plan was at rest, done "
        "2024-05-02 08:00 UTC"
    ) in run("scheduler", "status").out
