"""What people see of an evaluation that was missed: that somebody has to act, and when the next one is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.world import MOMENTS, World, opened_in
from tests.unit.cli.running import run


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with opened_in(tmp_path, monkeypatch) as here:
        yield here


@pytest.mark.parametrize(
    ("missed", "said"),
    [(1, "an evaluation was missed: act (the next one is on 2024-10-08)"), (3, "(no other one is to come)")],
)
def test_what_is_next_and_the_status_name_the_evaluation_after_a_missed_one(
    world: World, missed: int, said: str
) -> None:
    for day in MOMENTS[:missed]:
        world.sweep_on(day)
    for command in (("plan", "next", "--all", "--format", "table"), ("status",)):
        shown = " ".join(run(*command).out.split())
        assert said in shown, command
    rows = [one for one in run("plan", "next", "--all", "--json").json["next"] if one["what"] == "missed"]
    assert rows
    assert {one["following"] for one in rows} == {"2024-10-08" if missed == 1 else None}
