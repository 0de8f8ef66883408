"""Revisions never lose a figure, and what was known on a day is what was known then, whatever came later."""

import shutil
import tempfile
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pdca.errors import Refused
from pdca.exchange.one_record import record_of
from pdca.exchange.records import Measurement
from pdca.indicators.figures import RecordFigures, RetainFigure
from pdca.indicators.known import read_held
from pdca.report.indicators import whole
from pdca.store.driver import Row
from pdca.store.reads import plans
from tests.contract.world import World, furnish, opened
from workflows.instants import to_text

PERIODS = st.sampled_from(["2022", "2023", "2023-Q1"])


@dataclass(frozen=True)
class Step:
    """After some days a figure comes (None: missing), or one of those about a period is chosen."""

    days: int
    period: str
    value: int | None
    chosen: int | None = None


steps = st.lists(
    st.builds(Step, st.integers(0, 40), PERIODS, st.none() | st.integers(-5, 5))
    | st.builds(Step, st.integers(0, 40), PERIODS, st.none(), st.integers(1, 3)),
    min_size=1,
    max_size=8,
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("furnished") / "pdca.db"
    furnish(f"sqlite:///{path}")
    return path


def rows(world: World) -> list[Row]:
    return world.rows(plans.MEASUREMENTS, indicator_id="thefts")


@dataclass
class Remembered:
    """What somebody knows who wrote everything down: the figures about each period in their order, and the choices."""

    figures: dict[str, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    chosen: dict[str, int] = field(default_factory=dict)

    def note(self, step: Step) -> None:
        """Write a step down; the same figure as the last, or as the one that holds, is no other figure."""
        known = self.figures[step.period]
        if step.chosen is not None:
            if step.chosen <= len(known):
                self.chosen[step.period] = step.chosen
            return
        value = None if step.value is None else str(step.value)
        if not known or value not in (known[-1], known[self.chosen.get(step.period, 0) - 1]):
            known.append(value)

    def holding(self) -> dict[str, str | None]:
        """The figure that holds about each period: the one that was chosen, otherwise the last."""
        return {period: known[self.chosen.get(period, 0) - 1] for period, known in self.figures.items() if known}


def shown(world: World, at: str) -> dict[str, str | None]:
    """What the series says that was known at an instant."""
    return {one.period.text: one.figure["value"] for one in read_held(world.reading, "thefts", at)}


def take(world: World, step: Step) -> None:
    if step.chosen is not None:
        known = [row for row in rows(world) if row["period"] == step.period]
        if step.chosen <= len(known):
            # What was chosen last cannot be chosen again.
            with suppress(Refused):
                world.by("marc", RetainFigure("thefts", step.period, step.chosen, "Nageteld."))
        return
    given = {"missing": "Niet geteld."} if step.value is None else {"value": step.value}
    figure = record_of(Measurement, {"period": step.period, **given}, "nl", "a test")
    world.by("marc", RecordFigures({"thefts": [figure]}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(taken=steps)
def test_what_was_known_stays_known_and_no_figure_is_lost(taken: list[Step], furnished: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copyfile(furnished, Path(folder) / "pdca.db")
        with opened(f"sqlite:///{copy}") as world:
            remembered, notes = [], Remembered()
            for step in taken:
                world.go_to(world.clock.now() + timedelta(days=step.days, minutes=1))
                take(world, step)
                notes.note(step)
                remembered.append((world.clock.now(), notes.holding()))
            kept = sorted((row["period"], row["number"], row["value"]) for row in rows(world))
            assert kept == sorted(
                (period, number, value)
                for period, known in notes.figures.items()
                for number, value in enumerate(known, 1)
            )
            for instant, then in remembered:
                assert shown(world, to_text(instant)) == then
                view = whole(world.reading, "thefts", instant, instant.date())
                assert {one["period"]: one["value"] for one in view["series"]} == then
