"""A forecast is what will be: worked out on a copy, by the real sweep, and the original is only read."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pdca.audit.verify import verify
from pdca.cycles.follow_up import RaiseFollowUp
from pdca.errors import NoRight, Usage
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.programme.evaluation import AddEvaluation
from pdca.store.copying import throw_away_copy
from pdca.store.driver import Statement
from pdca.store.verifying import StoredLog
from scheduler.forecast import Forecast, foretell
from scheduler.forecast_page import NOBODY_ACTS, as_calendar, blocks, described, months
from scheduler.simulation import play
from scheduler.sweep import run_once
from tests import seed
from tests.contract import informing
from tests.contract.world import EVERY_ROW, MOMENTS, PLAN, WAYS, World, crowd, morning
from workflows.instants import to_text

UNTIL = morning(date(2025, 6, 1))
EVENTS = Statement(
    "keyed_events", "SELECT event_key, at, kind FROM event WHERE event_key IS NOT NULL ORDER BY event_id"
)


def everything(house: House) -> dict[str, list[dict[str, Any]]]:
    with house.reading() as connection:
        return {name: connection.all(statement) for name, statement in EVERY_ROW.items()}


def files(house: House) -> dict[str, str]:
    """The bytes of an SQLite database; nothing on a server."""
    if house.database.path is None:
        return {}
    folder = Path(house.database.path).parent
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.is_file()}


def foretold(forecast: Forecast) -> list[tuple[str, str, str]]:
    return [(row["key"], row["at"], row["outcome"]) for row in forecast.rows]


@pytest.fixture
def real(database_url: str) -> House:
    """A real installation with a plan that is evaluated in a month."""
    house = seed.house(database_url, simulated=False)
    with house.reading() as connection:
        today = house.now(connection).date()
    made = seed.plan(house, evaluations=(today + timedelta(days=30),))
    seed.by(house, made.people["sofie"], Advance("P-001", "start"))
    return house


def test_of_a_real_database_it_says_what_falls_due_and_who_is_asked_and_leaves_it_byte_for_byte(
    real: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before, bytes_before = everything(real), files(real)
    with real.reading() as connection:
        now = real.now(connection)
    forecast = foretell(real, now + timedelta(days=60))
    assert everything(real) == before
    assert files(real) == bytes_before
    first = forecast.rows[0]
    assert (first["plan"], first["what"], first["outcome"]) == ("P-001", "evaluation", "plan.advanced")
    assert first["day"] == (now.date() + timedelta(days=30)).isoformat()
    assert first["asked"] == ["Sofie Peeters", "Marc Dubois"]
    assert first["informed"] == ["Anna Smith"]
    assert [row["what"] for row in forecast.rows[1:]] == ["record"] * 3
    assert [row["asked"] for row in forecast.rows[1:]] == [["Sofie Peeters"], ["Marc Dubois"], ["Karel Claes"]]
    assert not (tmp_path / "outbox").exists()


def test_what_is_foretold_is_what_then_happens(world: World) -> None:
    crowd(world, 3)
    world.take("start")
    world.sweep_on(date(2024, 3, 1))
    before = world.dump()
    forecast = foretell(world.house, UNTIL)
    assert world.dump() == before
    known = len(world.rows(EVENTS))
    play(world.house, UNTIL, None)
    happened = [(row["event_key"], row["at"], row["kind"]) for row in world.rows(EVENTS)[known:]]
    assert foretold(forecast) == happened
    assert len(happened) > 20


def test_what_is_due_already_is_foretold_for_now_with_the_day_it_fell_due(world: World) -> None:
    world.take("start")
    world.go_to(MOMENTS[0] + timedelta(days=3))
    first = foretell(world.house, morning(MOMENTS[0] + timedelta(days=4))).rows[0]
    assert (first["at"], first["due_at"]) == (to_text(world.clock.now()), to_text(morning(MOMENTS[0])))


def test_days_on_which_dates_pile_up_are_counted(world: World) -> None:
    crowd(world, 3)
    piles = {pile.day: pile for pile in foretell(world.house, morning(date(2024, 2, 20))).piles()}
    first = piles["2024-02-07"]
    assert (first.due, first.plans, first.people) == (4, 4, 1)


def test_what_is_to_be_followed_up_and_the_moment_of_a_programme_are_foretold_by_their_names(world: World) -> None:
    world.take("start")
    due = date(2024, 3, 18)
    raised = world.by("sofie", RaiseFollowUp(PLAN, "De winkeliers bevragen.", "investigation", due))
    prepared = world.by_administrator(AddEvaluation("zvp-test", "yearly", "2024", due.isoformat()))
    forecast = foretell(world.house, morning(due))
    found = {row["what"]: row for row in forecast.rows if row["day"] == due.isoformat()}
    follow_up, programme = found["follow_up"], found["programme_evaluation"]
    assert (follow_up["plan"], follow_up["subject"]) == (PLAN, raised.summary["follow_up"])
    assert (programme["plan"], programme["programme"]) == (None, "zvp-test")
    assert programme["subject"] == prepared.summary["evaluation"]
    assert programme["title"]
    assert programme["asked"] == [seed.CHIEF.name]
    assert [(pile.due, pile.plans) for pile in forecast.piles() if pile.day == due.isoformat()] == [(2, 1)]
    assert "zvp-test/yearly-2024" in as_calendar(forecast, "Zone", NOBODY_ACTS)


def test_moments_of_information_of_plans_that_have_not_ended_are_named_beside_it(world: World) -> None:
    [kept] = world.dump()["information_moment"]
    day = morning(date.fromisoformat(kept["due_date"]))
    [moment] = foretell(world.house, day).information
    assert (moment["day"], moment["plan"], moment["party"]) == (kept["due_date"], PLAN, "transport")
    assert foretell(world.house, day - timedelta(days=1)).information == ()
    assert "SUMMARY:P-001 Inform" in as_calendar(foretell(world.house, day), "Zone", NOBODY_ACTS)
    world.take(*WAYS["closed"])
    assert foretell(world.house, day).information == ()


@pytest.mark.parametrize("in_time", [False, True])
def test_dates_of_a_suspended_plan_are_shown_as_held_and_not_as_falling_due(world: World, *, in_time: bool) -> None:
    seed.plan(world.house, "P-002", people=(), evaluations=MOMENTS[:1])
    world.take("start", "suspend")
    forecast = foretell(world.house, morning(MOMENTS[1]), in_time=in_time)
    assert [(row["plan"], row["what"], row["subject"], row["day"]) for row in forecast.held] == [
        (PLAN, "evaluation", name, day.isoformat()) for name, day in zip(("E-101", "E-102"), MOMENTS, strict=False)
    ]
    assert {row["plan"] for row in forecast.rows} == {"P-002"}
    assert [one["due_at"] for one in described(forecast, "2024-10-08", NOBODY_ACTS)["held"].values()] == [
        to_text(morning(day)) for day in MOMENTS[:2]
    ]
    drawn = "\n".join(map(str, months(forecast)))
    assert " 8[1]" in drawn[drawn.index("October 2024") :]
    events = as_calendar(forecast, "Zone", NOBODY_ACTS).split("BEGIN:VEVENT")
    tentative = [event for event in events if "STATUS:TENTATIVE" in event]
    assert [event.partition("UID:")[2].partition("@")[0] for event in tentative] == ["E-101", "E-102"]
    assert [event.partition("VALUE=DATE:")[2][:8] for event in tentative] == ["20240408", "20241008"]
    [heading] = [one for one in blocks(forecast, "2024-10-08", NOBODY_ACTS) if str(one).startswith("Held while")]
    assert "kept, and enforced when it is resumed" in str(heading)


def test_what_is_held_already_past_its_day_is_shown_and_what_runs_again_is_not(world: World) -> None:
    world.take("start", "suspend")
    world.go_to(date(2024, 5, 2))
    assert [row["subject"] for row in foretell(world.house, morning(date(2024, 5, 3))).held] == ["E-101"]
    world.take("resume")
    assert foretell(world.house, UNTIL).held == ()


@pytest.mark.parametrize(
    ("by_itself", "in_time", "late"), [(True, False, False), (False, False, True), (False, True, False)]
)
def test_that_a_report_is_prepared_and_whether_it_is_late_is_foretold(
    world: World, by_itself: bool, in_time: bool, late: bool
) -> None:
    informing.decided(world, "2024-03-04", manner={"by_itself": by_itself})
    world.take("start")
    rows = foretell(world.house, morning(date(2024, 3, 20)), in_time=in_time).rows
    found = [(row["subject"], row["outcome"]) for row in rows if row["what"] == "information"]
    name = informing.moment(world, "2024-03-04")["information_id"]
    assert (name, "information.prepared") in found
    assert ((name, "information.overdue") in found) == late


def test_where_everybody_acts_in_time_no_ladder_is_climbed_and_what_the_rules_refuse_is_named(world: World) -> None:
    world.take("start")
    calm = foretell(world.house, UNTIL, in_time=True)
    assert [(row["what"], row["day"]) for row in calm.rows] == [("evaluation", day.isoformat()) for day in MOMENTS]
    assert {row["outcome"] for row in calm.rows} == {"plan.advanced"}
    assert calm.held_up == {}
    assert len(foretell(world.house, UNTIL).rows) > len(calm.rows)


def test_what_the_rules_refuse_to_people_who_act_is_named(world: World) -> None:
    seed.plan(world.house, "P-002", people=(), evaluations=())
    forecast = foretell(world.house, UNTIL, in_time=True)
    assert set(forecast.held_up) == {"P-002"}
    assert "no-evaluation-moment" in forecast.held_up["P-002"]


def test_who_may_not_run_the_scheduler_may_ask_for_a_forecast(world: World) -> None:
    member = replace(world.house, as_person="marc")
    assert foretell(member, morning(date(2024, 2, 7))).rows
    with pytest.raises(NoRight):
        run_once(member)


def test_a_day_that_is_over_is_refused(world: World) -> None:
    with pytest.raises(Usage) as failure:
        foretell(world.house, world.clock.now() - timedelta(days=1))
    assert failure.value.code == "time-runs-back"


def test_the_copy_is_whole_simulated_and_gone_afterwards(world: World) -> None:
    world.take("start", "evaluate")
    with throw_away_copy(world.house.database) as copy:
        assert copy.path is not None
        path = Path(copy.path)
        assert path.parent.stat().st_mode & 0o077 == 0
        with copy.connect() as connection:
            assert verify(StoredLog(connection)).ok
            found = {name: connection.all(statement) for name, statement in EVERY_ROW.items()}
    assert not path.parent.exists()
    before = world.dump()
    assert {name: len(rows) for name, rows in found.items() if not name.startswith("tree")} == {
        name: len(rows) for name, rows in before.items() if not name.startswith("tree")
    }
    assert found["plan"] == before["plan"]
    assert [row["simulated"] for row in found["installation"]] == [1]


def test_it_reads_one_moment_of_a_database_that_others_write_to(world: World) -> None:
    with world.house.database.connect(writing=True) as other:
        other.begin()
        other.run(Statement("half", "UPDATE plan SET cycle = 9 WHERE plan_id = 'P-001'"))
        with throw_away_copy(world.house.database) as copy, copy.connect() as connection:
            assert connection.value(Statement("cycle", "SELECT cycle FROM plan WHERE plan_id = 'P-001'")) == 1
        other.rollback()


def test_a_forecast_does_not_move_the_clock_of_a_simulation(world: World) -> None:
    before = world.clock.now()
    foretell(world.house, UNTIL)
    assert world.clock.now() == before
