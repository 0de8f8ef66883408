"""What becomes of an approval when the plan changes after it, or what the plan names does (four eyes, clause 2)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any, Final

import pytest

from pdca.actor import Actor
from pdca.content import content_hash
from pdca.engine import apply
from pdca.exchange.importer import ImportDocument
from pdca.people.discipline import StateDiscipline
from pdca.report.approvals import approvals_of
from pdca.report.then import as_of, end_of_day
from pdca.store.reads import approvals
from pdca.store.reads.plans import INDICATORS
from pdca.store.rows import Change, insert, update
from pdca.store.unit_of_work import unit_of_work
from tests import seed, seed_rows
from tests.contract import edits
from tests.contract.counting import Counting
from tests.contract.world import PLAN, World, codes
from workflows.instants import to_text

OTHER: Final = "P-002"
TODAY: Final = seed.START.date()
THEFTS: Final = {"indicator_id": "thefts"}
ONE_WORD_ELSE: Final = update("indicator", THEFTS, title='{"en":"Bicycle thefts"}')
ANOTHER_TARGET: Final = insert(
    "target",
    {**THEFTS, "number": 2},
    direction="down",
    known_at=to_text(seed.START),
    recorded_at=to_text(seed.START),
    assumed=0,
)


def planted(world: World, *changes: Change) -> None:
    """Change what belongs to the body, in one event of its stream."""
    world.by_administrator(seed.Plant(changes))


def another_plan(world: World) -> None:
    """A second plan, approved like the first, that names the same indicator and the same functions."""
    seed.plan(world.house, OTHER, people=())


def views(world: World, plan_id: str = PLAN) -> list[dict[str, Any]]:
    return approvals_of(world.reading, world.plan(plan_id), world.clock.now())


# --- What the plan names


@pytest.mark.parametrize(
    "change", [ONE_WORD_ELSE, ANOTHER_TARGET, update("party", {"party_id": "prevention"}, discipline="law")]
)
def test_what_a_plan_names_voids_its_approvals_at_once_and_each_approver_and_lead_is_told(
    world: World, change: Change
) -> None:
    another_plan(world)
    world.go_to(TODAY + timedelta(days=1))
    planted(world, change)
    for plan_id in (PLAN, OTHER):
        event = world.last_event(plan_id)
        assert (event["kind"], event["stream"]) == ("approval.voided", plan_id)
        assert [one["table"] for one in event["changes"]] == ["approval", "notification", "notification"]
        assert world.told(event["seq"], plan_id) == {"lea": "approver", "sofie": "lead"}
        [view] = views(world, plan_id)
        assert (view["status"], view["voided_because"]) == ("void", "test.planted")
        [number] = [
            row["event_id"] for row in world.dump()["event"] if (row["stream"], row["seq"]) == (plan_id, event["seq"])
        ]
        assert (view["changed_at"], view["changed_event"]) == (event["at"], number)
    events = sorted(world.dump()["event"], key=lambda row: int(row["event_id"]))[-3:]
    assert [(row["stream"], row["kind"]) for row in events] == [
        ("installation", "test.planted"),
        (PLAN, "approval.voided"),
        (OTHER, "approval.voided"),
    ]
    assert codes(world.advance("start")) == ["not-approved"]


@pytest.mark.parametrize(
    "change",
    [
        update("party", {"party_id": "chief"}, discipline="law"),
        update("party", {"party_id": "prevention"}, name='{"en":"Prevention of crime"}'),
        update("indicator", THEFTS, title='{"en":"Thefts"}'),
    ],
    ids=["a party that it does not name", "what is not part of it", "the same words"],
)
def test_what_leaves_the_plan_as_it_was_approved_voids_nothing(world: World, change: Change) -> None:
    before = world.events()
    planted(world, change)
    assert world.events() == before
    assert world.advance("start").refusal == ()


def test_that_a_discipline_is_no_assumption_any_more_voids_nothing(world: World) -> None:
    planted(world, update("party", {"party_id": "prevention"}, discipline_assumed=1))
    before = world.events()
    world.by_administrator(StateDiscipline("prevention", seed_rows.PARTIES["prevention"][1] or ""))
    assert world.events() == before


def test_an_import_that_changes_an_indicator_and_a_plan_that_names_it_voids_once(world: World) -> None:
    world.by_administrator(ImportDocument(seed.document()))
    plan_id = next(row["plan_id"] for row in world.dump()["plan"] if row["slug"] == "AP-1")
    world.approve("start", plan_id=plan_id)
    changed = seed.document(title="Fietsen")
    indicator = changed.indicators[0].model_copy(update={"title": {"nl": "Fietsdiefstallen"}})
    world.by_administrator(ImportDocument(changed.model_copy(update={"indicators": (indicator,)})))
    *_, voided, updated = world.events(plan_id)
    assert [event["kind"] for event in (voided, updated)] == ["approval.voided", "plan.updated"]
    assert world.told(voided["seq"], plan_id)
    assert world.told(updated["seq"], plan_id) == {}
    [view] = views(world, plan_id)
    assert (view["status"], view["voided_because"]) == ("void", "programme.imported")


def test_as_of_the_day_before_the_indicator_was_what_it_was_and_the_approval_held(world: World) -> None:
    world.go_to(TODAY + timedelta(days=2))
    planted(world, ONE_WORD_ELSE)
    for day, title, status in ((1, "Thefts", "holds"), (2, "Bicycle thefts", "void")):
        until = end_of_day(world.reading, PLAN, TODAY + timedelta(days=day))
        with as_of(world.reading, PLAN, until) as then:
            [view] = approvals_of(then, world.plan(), until, log=world.reading)
            [row] = then.all(approvals.OF_PLAN, plan_id=PLAN)
            assert view["status"] == status
            assert (row["voided_at"] is not None) is (status == "void")
            assert title in str(then.all(INDICATORS))


def test_an_event_of_the_body_that_changes_nothing_that_plans_name_looks_for_no_plan(world: World) -> None:
    with world.house.database.connect(writing=True) as connection:
        counting = Counting(connection)
        with unit_of_work(counting, world.clock) as uow:
            change = update("party", {"party_id": "prevention"}, name='{"en":"Prevention of crime"}')
            apply(uow, seed.Plant([change]), Actor("U-001", "administrator", "cli"))
    assert not {"plans_naming_party", "lock_plan", "standing_approvals_of_plan"} & set(counting.names)


def test_an_approval_given_while_what_the_plan_names_is_changed_does_not_stand_for_what_it_was(world: World) -> None:
    def together(act: Callable[[], object], start: Barrier) -> None:
        start.wait()
        act()

    for number in range(5):
        title = f'{{"en":"Thefts, {number}"}}'
        change = partial(planted, world, update("indicator", THEFTS, title=title))
        start = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(partial(together, start=start), (change, partial(world.approve, "start"))))
        standing = [row["content_sha256"] for row in world.rows(approvals.STANDING, plan_id=PLAN)]
        assert standing in ([], [content_hash(world.reading, PLAN)])


# --- A step that was taken


def test_who_approved_a_step_that_was_taken_is_told_of_the_first_change_after_it_and_of_no_other(
    world: World,
) -> None:
    world.take("start")
    world.by("marc", edits.plan(title='{"en":"Street crime, again"}'))
    first = world.last_event()
    assert world.told(first["seq"]) == {"lea": "approver"}
    [notice] = [row for row in world.dump()["notification"] if row["seq"] == first["seq"] and row["plan_id"] == PLAN]
    assert notice["kind"] == "approval.outdated"
    world.by("marc", edits.plan(title='{"en":"Street crime, once more"}'))
    planted(world, ONE_WORD_ELSE)
    assert world.told(world.last_event()["seq"]) == {}
    [view] = views(world)
    assert (view["status"], view["fits"], view["voided_because"]) == ("used", False, "plan.edited")
    assert view["changed_at"] == first["at"]


def test_who_approved_a_step_that_was_taken_is_told_when_what_the_plan_names_is_changed(world: World) -> None:
    world.take("start")
    planted(world, ONE_WORD_ELSE)
    event = world.last_event()
    assert (event["kind"], world.told(event["seq"])) == ("approval.voided", {"lea": "approver"})
    assert views(world)[0]["status"] == "used"


def test_what_happens_to_a_plan_after_a_step_is_no_change_of_it(world: World) -> None:
    world.take("start")
    world.sweep_on(date(2024, 4, 8))
    world.take("record", "conclude", "continue")
    assert "approval.outdated" not in {row["kind"] for row in world.dump()["notification"]}
    [view] = views(world)
    assert (view["status"], view["changed_at"]) == ("used", None)


def test_a_step_that_was_taken_stays_so_and_is_approved_anew_when_it_comes_again(world: World) -> None:
    world.take("start")
    world.by("marc", edits.plan(title='{"en":"Street crime, again"}'))
    world.take("evaluate", "record", "conclude", "replan")
    assert codes(world.advance("start")) == ["not-approved"]
    assert world.approve("start").refusal == ()
