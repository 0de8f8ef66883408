"""Whatever a project group decides, one decision after another: its evaluations are those that a count of days gives.

Random decisions, closing days and stretches of time follow each other. After each, the evaluations to come are compared
with a calculation that looks at the days one by one, and what has fallen due is what it was.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdca.errors import Usage
from pdca.schedules.calendar import Close, Reopen
from pdca.schedules.decide import SetSchedule
from pdca.schedules.stored import also_in
from pdca.schedules.working_out import Wish
from pdca.store.driver import Row
from pdca.store.reads import evaluations
from tests import seed
from tests.contract.world import MOTIVE, World, morning, opened
from workflows.instants import from_text
from workflows.rolling import ROLLS
from workflows.schedule import parse_stated

PLAN: Final = "P-001"
FIRST: Final = date(2024, 1, 8)
LAST: Final = date(2024, 4, 30)
HOLIDAYS: Final = frozenset({date(2024, 4, 1), date(2024, 5, 1)})
"""Those of Belgium that fall on a weekday in the time of the test."""

days = st.dates(FIRST, LAST)


@dataclass(frozen=True)
class Deciding:
    """A decision: days of its own, and a rule by weeks (0: none)."""

    dates: tuple[date, ...]
    weeks: int
    roll: str

    def stated(self, start: date) -> set[date]:
        """The days that are stated."""
        found = set(self.dates)
        day = start
        while self.weeks and day <= LAST:
            found.add(day)
            day += timedelta(weeks=self.weeks)
        return found

    def wish(self) -> Wish:
        dates = tuple(parse_stated(day.isoformat()) for day in self.dates)
        rules = (f"FREQ=WEEKLY;INTERVAL={self.weeks}",) if self.weeks else ()
        return Wish(dates=dates, rules=rules, roll=self.roll, until=LAST, start=FIRST if not rules else None)


deciding = st.builds(
    Deciding,
    st.lists(days, min_size=1, max_size=6, unique=True).map(tuple),
    st.sampled_from([0, 0, 1, 2, 5]),
    st.sampled_from(ROLLS),
)
steps = st.lists(
    st.one_of(
        deciding,
        st.lists(days, min_size=1, max_size=9, unique=True),
        st.sampled_from(["reopen"]),
        st.integers(1, 20),
    ),
    min_size=2,
    max_size=10,
)


@dataclass
class Count:
    """What ought to be there: by stated day the definite one, of all that is to come."""

    closed: set[date] = field(default_factory=set)
    ahead: dict[date, date] = field(default_factory=dict)
    done: set[date] = field(default_factory=set)
    decision: Deciding | None = None
    start: date = FIRST

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in HOLIDAYS and day not in self.closed

    def falls(self, day: date, first: date) -> date:
        """Where a stated day goes; `first` is the first day that is still to come."""
        assert self.decision is not None
        if self.decision.roll == "none" or self.works(day):
            return day
        onward, back = day, day
        while not self.works(onward):
            onward += timedelta(days=1)
        while not self.works(back):
            back -= timedelta(days=1)
        before = back < self.start or (day >= first and back < first)
        if self.decision.roll == "next" or before:
            return onward
        if self.decision.roll == "previous":
            return back
        return back if day - back < onward - day else onward

    def counted(self, stated: set[date], world: World) -> None:
        """Bring what is to come to the days that are stated."""
        now = world.clock.now()
        today = now.date()
        first = today if morning(today) > now else today + timedelta(days=1)
        before, self.ahead = self.ahead, {}
        for day in sorted(stated - self.done):
            on = self.falls(day, first)
            if morning(on) > now:
                self.ahead[day] = on
            elif day in before:
                together = {other for other, there in before.items() if there == before[day]}
                self.ahead |= dict.fromkeys(together, before[day])

    def passed(self, world: World) -> None:
        now = world.clock.now()
        gone = {day for day, on in self.ahead.items() if morning(on) <= now}
        self.done |= gone
        self.ahead = {day: on for day, on in self.ahead.items() if day not in gone}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("furnished") / "pdca.db"
    here = seed.house(f"sqlite:///{path}")
    seed.plan(here, PLAN, evaluations=())
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(taken=steps)
def test_the_evaluations_are_those_that_a_count_of_days_gives(
    taken: list[Any], furnished: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("run") / "pdca.db"
    shutil.copyfile(furnished, path)
    count = Count()
    fixed: dict[str, tuple[Any, ...]] = {}
    with opened(f"sqlite:///{path}") as world:
        for step in taken:
            take(step, count, world)
            found: defaultdict[date, set[date]] = defaultdict(set)
            for row in ahead(world):
                found[date.fromisoformat(row["due_date"])] |= set(keys(row))
            wanted: defaultdict[date, set[date]] = defaultdict(set)
            for day, on in count.ahead.items():
                wanted[on].add(day)
            assert found == wanted
            for row in rows(world):
                if from_text(row["due_at"]) <= world.clock.now() and row["status"] != "cancelled":
                    assert fixed.setdefault(row["evaluation_id"], dates_of(row)) == dates_of(row)


def take(step: Any, count: Count, world: World) -> None:  # noqa: ANN401 - any of the steps
    if isinstance(step, Deciding):
        today = world.clock.now().date()
        begins = today if step.weeks else min(FIRST, *step.dates)
        try:
            outcome = world.by("sofie", SetSchedule(PLAN, step.wish(), MOTIVE))
        except Usage as error:
            assert error.code in {"date-passed", "nothing-ahead", "date-outside"}  # noqa: PT017 - any of three
            return
        assert outcome.refusal == ()
        count.decision, count.start = step, begins
        count.counted(step.stated(begins), world)
    elif isinstance(step, int):
        world.sweep_on(world.clock.now() + timedelta(days=step))
        count.passed(world)
    else:
        fresh = step != "reopen"
        chosen = set(step) if fresh else set(count.closed)
        if not chosen:
            return
        world.by_administrator((Close(tuple(chosen), {})) if fresh else Reopen(tuple(chosen)))
        count.closed = count.closed | chosen if fresh else set()
        if count.decision is not None:
            count.counted(set(count.ahead), world)


def rows(world: World) -> list[Row]:
    return world.rows(evaluations.OF_PLAN, plan_id=PLAN)


def ahead(world: World) -> Iterator[Row]:
    for row in rows(world):
        if row["status"] == "planned":
            assert from_text(row["due_at"]) > world.clock.now(), "what has come was swept"
            yield row


def keys(row: Row) -> Iterator[date]:
    yield parse_stated(row["stated_date"]).date
    yield from map(date.fromisoformat, also_in(row))


def dates_of(row: Row) -> tuple[Any, ...]:
    return row["stated_date"], row["due_date"], row["due_at"], row["first_due_at"]
