"""A plan as it was: the log folded up to a day gives the rows of that day, and two days their differences."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Final

import pytest

from pdca.errors import NotFound
from pdca.exchange.differences import Difference
from pdca.replay import ERASED
from pdca.report.differences import differences_of_days
from pdca.report.plans import whole
from pdca.report.then import as_of, end_of_day
from pdca.store import append_only
from pdca.store.driver import Connection, Row, Statement
from pdca.store.jsontext import to_json
from pdca.store.reads.exchange import ROWS, ROWS_OF_PLAN
from pdca.store.rows import Change
from tests import seed
from tests.contract import edits
from tests.contract.world import MOMENTS, PLAN, World, morning

BEGIN: Final = seed.START.date()
FIRST_ACTIVITY_GONE: Final = (
    Change("delete", "means", {"activity_id": f"{PLAN}/A1", "year": 2024, "kind": "hours"}),
    Change("delete", "activity", {"activity_id": f"{PLAN}/A1"}),
)
Rows = dict[str, list[Row]]


@contextmanager
def at_end_of(world: World, day: date) -> Iterator[Connection]:
    with as_of(world.reading, PLAN, end_of_day(world.reading, PLAN, day)) as then:
        yield then


def rows_of(connection: Connection) -> Rows:
    """Everything of the plan, and everything of the installation, without what only the log needs."""
    found = {name: connection.all(statement, plan_id=PLAN) for name, statement in ROWS_OF_PLAN.items()}
    found |= {name: connection.all(ROWS[name]) for name in ("definition", "party", "person", "objective", "approval")}
    return {
        name: [{column: row[column] for column in row if column not in ("version", "head")} for row in rows]
        for name, rows in found.items()
    }


def lived(world: World) -> dict[date, Rows]:
    """Let much happen to the plan, a day apart; the rows at the end of each of those days."""
    happenings = (
        lambda: world.by_administrator(edits.plan(title=to_json({"en": "Street crime, again"}))),
        lambda: world.by_administrator(edits.activity(2, "transport", start_date="2024-03", rubric_id="repressief")),
        lambda: world.by_administrator(edits.means(f"{PLAN}/A2", "money", planned="1000")),
        lambda: world.by_administrator(edits.without_member("investigation")),
        lambda: world.by_administrator(edits.member("investigation", from_date="2024-01-13")),
        lambda: world.by_administrator(edits.Edit(FIRST_ACTIVITY_GONE)),
        lambda: world.take("start"),
        lambda: world.sweep_on(morning(MOMENTS[0])),
        world.record,
    )
    kept = {BEGIN: rows_of(world.reading)}
    for happen in happenings:
        world.go_to(world.clock.now() + timedelta(days=1))
        happen()
        kept[world.clock.now().date()] = rows_of(world.reading)
    return kept


def test_the_log_folded_up_to_a_day_gives_the_rows_of_that_day(world: World) -> None:
    kept = lived(world)
    assert len(kept) >= 9
    for day, rows in kept.items():
        with at_end_of(world, day) as then:
            assert rows_of(then) == rows, day


def test_a_day_ends_at_midnight_where_the_plan_is(world: World) -> None:
    assert end_of_day(world.reading, PLAN, date(2024, 7, 1)).isoformat() == "2024-07-01T22:00:00+00:00"


def test_a_plan_is_shown_as_it_was(world: World) -> None:
    before = whole(world.reading, PLAN, world.clock.now())
    then_now = world.clock.now()
    lived(world)
    with at_end_of(world, BEGIN) as then:
        assert whole(then, PLAN, then_now) == before


def test_before_it_began_there_is_nothing_to_show(world: World) -> None:
    with pytest.raises(NotFound) as raised, at_end_of(world, BEGIN - timedelta(days=1)):
        pass
    assert raised.value.code == "plan-not-yet"


def between(world: World, first: date | None, last: date) -> dict[str, Difference]:
    with at_end_of(world, last) as new:
        if first is None:
            found = differences_of_days(None, new, PLAN)
        else:
            with at_end_of(world, first) as old:
                found = differences_of_days(old, new, PLAN)
    return {one.field: one for one in found}


def test_two_days_are_compared_field_by_field_in_the_words_of_the_document(world: World) -> None:
    days = list(lived(world))
    found = between(world, days[0], days[6])
    assert found["activities.A2"].after["start"] == "2024-03"
    assert found["activities.A2"].after["means"] == [{"year": 2024, "money": "1000"}]
    assert (found["activities.A1"].change, found["activities.A1"].after) == ("removed", None)
    since = found["group.investigation.from"]
    assert since == Difference("group.investigation.from", None, "2024-01-13")
    assert since.change == "added"
    assert {name.partition(".")[0] for name in found} == {"title", "activities", "group"}


def test_what_happened_to_a_plan_is_among_its_differences(world: World) -> None:
    days = list(lived(world))
    found = between(world, days[6], days[-1])
    assert (found["state"].before, found["state"].after) == ("plan", "check")
    assert (found["held.E-101.status"].before, found["held.E-101.status"].after) == ("planned", "recorded")
    assert found["held.E-101.effect_findings"].after == "Minder diefstal."


def test_the_same_day_twice_is_no_difference(world: World) -> None:
    days = list(lived(world))
    assert between(world, days[4], days[4]) == {}


def test_against_a_day_before_it_everything_is_new(world: World) -> None:
    found = between(world, None, BEGIN)
    assert {one.change for one in found.values()} == {"added"}
    assert {"activities.A1", "lead", "state", "held.E-101"} <= found.keys()


def test_a_text_that_was_erased_is_said_to_be_and_not_to_be_missing(sqlite_world: World) -> None:
    """What would be done by a command that erases: the value goes, its commitment stays."""
    erase = Statement("erase", "UPDATE event_private SET payload = '{}'")
    guards = [name for name in append_only.triggers("sqlite") if name.startswith("event_private")]
    with sqlite_world.house.database.connect(writing=True) as erasing:
        erasing.begin()
        for name in guards:
            erasing.run(Statement("drop", f"DROP TRIGGER {name}"))
        assert erasing.run(erase)
        with as_of(erasing, PLAN, end_of_day(erasing, PLAN, BEGIN)) as then:
            assert {row["text"] for row in then.all(ROWS["rubric"])} == {ERASED}
            assert {one["text"] for one in whole(then, PLAN, sqlite_world.clock.now())["rubrics"]} == {"[erased]"}
        erasing.rollback()
