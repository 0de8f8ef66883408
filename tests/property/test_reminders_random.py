"""Whatever the lead times and whenever it is swept: each is told once at most, the last missed only, nothing done."""

import shutil
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdca.evaluations.decide_reminding import DecideReminding
from pdca.plans.reminding import Terms
from pdca.store.driver import Statement
from tests.contract.world import MOMENTS, MOTIVE, PLAN, World, furnish, morning, opened
from workflows.instants import from_text

DUE: Final = morning(MOMENTS[0])
SENT: Final = Statement(
    "reminders_in_order",
    "SELECT r.handle, n.created_at, n.evaluation_id FROM notification n JOIN person r ON r.person_id = n.person_id "
    "WHERE n.kind = 'evaluation.reminded' ORDER BY n.created_at, n.notification_id",
)
LEADS: Final = st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True)
HOURS: Final = st.lists(st.integers(1, 80 * 24), min_size=1, max_size=8, unique=True)
"""When it is swept: hours after the first instant, some of them after the evaluation falls due."""

BEGIN: Final = morning(MOMENTS[0] - timedelta(days=70))


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation whose plan was started, to be copied."""
    path = tmp_path_factory.mktemp("reminders") / "pdca.db"
    furnish(f"sqlite:///{path}")
    with opened(f"sqlite:///{path}") as world:
        world.take("start")
    return path


def due(lead: int) -> datetime:
    """The instant of a reminder, worked out from the local day alone."""
    return morning(date.fromordinal(MOMENTS[0].toordinal() - lead))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(leads=LEADS, hours=HOURS, opened_after=st.none() | st.integers(0, 7))
def test_each_lead_time_is_told_once_at_most_the_last_missed_only_and_nothing_that_is_done(
    started: Path, tmp_path: Path, leads: list[int], hours: list[int], opened_after: int | None
) -> None:
    path = tmp_path / "pdca.db"
    for left in tmp_path.glob("pdca.db*"):
        left.unlink()
    shutil.copyfile(started, path)
    with opened(f"sqlite:///{path}") as world:
        world.go_to(BEGIN)
        world.by("sofie", DecideReminding(PLAN, MOTIVE, Terms(tuple(leads))))
        looked, done = BEGIN, False
        expected: list[datetime] = []
        for number, after in enumerate(sorted(hours)):
            now = BEGIN + timedelta(hours=after)
            world.go_to(now)
            if number == opened_after and now < DUE:
                world.take("evaluate")
                done = True
            world.sweep()
            passed = [lead for lead in leads if looked < due(lead) <= now]
            if passed and now < DUE and not done:
                expected.append(now)
            looked = now
        check(world, expected)


def check(world: World, expected: list[datetime]) -> None:
    """Each of the two who prepare it was told at these instants, and nobody else was."""
    sent = [row for row in world.rows(SENT) if row["evaluation_id"] == "E-101"]
    assert Counter(row["handle"] for row in sent) == Counter(dict.fromkeys(("marc", "sofie"), len(expected)))
    for handle in ("marc", "sofie"):
        assert [from_text(row["created_at"]) for row in sent if row["handle"] == handle] == expected
