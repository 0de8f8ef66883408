"""The one write path: rows and event are one, a change somebody else made is a conflict, a failure leaves no trace."""

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from pdca.actor import Actor
from pdca.engine import Command, Desk, Draft, Outcome, Stream, apply
from pdca.errors import Conflict, PdcaError, Refused
from pdca.evaluations.enforce import EnforceDeadline
from pdca.evaluations.extend import RequestExtension
from pdca.people.commands import lock_installation
from pdca.plans.advance import Advance, Seen, lock_plan
from pdca.plans.facts import Attempt
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Row, Statement
from pdca.store.rows import Change, insert, update
from pdca.store.unit_of_work import unit_of_work
from scheduler import sweep
from tests import seed
from tests.contract.counting import Counting
from tests.contract.world import (
    MOMENTS,
    MOTIVE,
    PLAN,
    WATCH_DAY,
    WATCHED,
    WAYS,
    World,
    changed_rows,
    opened,
    recording,
    untouched,
)


@dataclass
class Scripted:
    """A command made for one test."""

    act: Callable[[Desk], object]

    def perform(self, desk: Desk) -> Outcome:
        self.act(desk)
        return desk.done()


def draft(*changes: Change, **members: Any) -> Draft:  # noqa: ANN401 - any field of a draft
    return Draft(kind="test.written", changes=changes, **members)


# --- The event carries the very rows that were written


@pytest.mark.parametrize(
    ("way", "command"),
    [
        (WAYS["plan"], Advance(PLAN, "start", attempt=Attempt(MOTIVE))),
        (WAYS["do"], Advance(PLAN, "evaluate")),
        (WAYS["adjust"], Advance(PLAN, "embed", attempt=Attempt(MOTIVE, WATCHED, WATCH_DAY))),
        (WAYS["do"], Advance(PLAN, "suspend", attempt=Attempt(MOTIVE))),
        (WAYS["do"], RequestExtension("E-101", date(2024, 6, 3), MOTIVE)),
    ],
    ids=["start", "evaluate", "embed", "suspend", "extend"],
)
def test_the_changes_of_an_event_are_the_rows_it_wrote_and_no_others(
    world: World, way: tuple[str, ...], command: Command
) -> None:
    world.take(*way)
    before = world.dump()
    world.by("sofie", command)
    after = world.dump()
    event = world.last_event()
    private = json.loads(after["event_private"][-1]["payload"])
    logged: dict[str, list[Row]] = {}
    for change in event["changes"]:
        values = {name: opened_value(value, private) for name, value in change["set"].items()}
        old = next((row for row in before[change["table"]] if change["key"].items() <= row.items()), None)
        assert (old is None) == (change["op"] == "insert")
        empty = dict.fromkeys(after[change["table"]][0])
        logged.setdefault(change["table"], []).append({**(old or empty), **change["key"], **values})
    written = changed_rows(before, after)
    [head] = written["plan"]
    logged["plan"] = [
        {**row, "version": head["version"], "head": head["head"]} for row in logged.get("plan", written["plan"])
    ]
    assert {name: keyed(name, rows) for name, rows in logged.items()} == {
        name: keyed(name, rows) for name, rows in written.items()
    }


def opened_value(value: Any, private: Mapping[str, list[Any]]) -> Any:  # noqa: ANN401 - a column of any type
    return private[value["~"]][1] if isinstance(value, dict) else value


def keyed(table: str, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[column] for column in FOLDED[table].key): dict(row) for row in rows}


def test_a_row_changed_behind_the_back_of_the_log_is_named(furnished_url: str) -> None:
    """The check at the end of every scenario would notice."""
    with ExitStack() as stack:
        world = stack.enter_context(opened(furnished_url))
        with world.house.database.connect(writing=True) as connection:
            connection.run(Statement("tamper", "UPDATE plan SET cycle = 7 WHERE plan_id = 'P-001'"))
        report = world.verified()
        assert [finding.where for finding in report.findings] == ["plan P-001: cycle"]
        with pytest.raises(AssertionError, match="P-001: cycle"):
            stack.close()


def test_the_log_is_whole_before_and_after_it_is_sealed(world: World) -> None:
    world.take("start")
    on_sqlite = world.house.database.dialect == "sqlite"
    report = world.verified()
    assert report.ok
    assert (report.unsealed == 0) == on_sqlite


# --- Somebody else was first


def test_a_stream_that_moved_on_is_a_conflict_and_nothing_is_written(world: World) -> None:
    def act(desk: Desk) -> None:
        stream = Stream.of_plan(lock_plan(desk, PLAN))
        stale = replace_version(stream, stream.version - 1)
        desk.record(stale, draft(update("plan", {"plan_id": PLAN}, cycle=4)))

    world.take("start")
    before = world.dump()
    with pytest.raises(Conflict) as failure:
        world.by("sofie", Scripted(act))
    assert (failure.value.code, failure.value.exit_status) == ("changed-meanwhile", 5)
    assert world.dump() == before


def replace_version(stream: Stream, version: int) -> Stream:
    return Stream(stream.name, version, stream.head)


def test_a_stale_stream_of_the_installation_is_a_conflict_too(world: World) -> None:
    def act(desk: Desk) -> None:
        stream = Stream.of_installation(lock_installation(desk))
        desk.record(replace_version(stream, stream.version - 1), draft())

    with pytest.raises(Conflict):
        world.by_administrator(Scripted(act))


def test_two_events_of_one_transaction_follow_each_other(world: World) -> None:
    def act(desk: Desk) -> None:
        stream = Stream.of_plan(lock_plan(desk, PLAN))
        desk.record(stream, draft(update("plan", {"plan_id": PLAN}, cycle=2)))
        desk.record(stream, draft(update("plan", {"plan_id": PLAN}, cycle=3)))

    version = world.plan()["version"]
    assert len(world.by("sofie", Scripted(act)).events) == 2
    assert (world.plan()["version"], world.plan()["cycle"]) == (version + 2, 3)
    one, two = world.events()[-2:]
    assert (one["seq"], two["seq"]) == (version + 1, version + 2)
    assert one["prev"] != two["prev"]


def test_what_was_seen_and_has_changed_since_is_a_conflict(world: World) -> None:
    version = world.plan()["version"]
    world.by("marc", Advance(PLAN, "start"))
    with untouched(world, Conflict, "changed-meanwhile"):
        world.advance("start", seen=Seen(version))
    assert world.advance("start", seen=Seen(version + 1)).refusal == ()


@pytest.mark.parametrize(("since", "conflict"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_a_plan_that_moved_while_the_command_was_starting_is_a_conflict(
    world: World, since: timedelta, conflict: bool
) -> None:
    moved = datetime(2024, 1, 9, 9, tzinfo=UTC)
    world.go_to(moved)
    world.take("start")
    seen = Seen(world.plan()["version"], moved + since)
    if conflict:
        with pytest.raises(Conflict):
            world.advance("evaluate", seen=seen)
        assert world.plan()["state"] == "do"
    else:
        world.advance("evaluate", seen=seen)
        assert world.plan()["state"] == "check"


# --- A command that fails


def then_fails(desk: Desk) -> None:
    desk.record(Stream.of_plan(lock_plan(desk, PLAN)), draft(update("plan", {"plan_id": PLAN}, cycle=9)))
    raise ArithmeticError


def writes_a_row_that_refers_to_nothing(desk: Desk) -> None:
    row = insert("group_member", {"plan_id": PLAN, "party_id": "nobody"}, position=3)
    desk.record(Stream.of_plan(lock_plan(desk, PLAN)), draft(update("plan", {"plan_id": PLAN}, cycle=9), row))


def writes_what_a_column_does_not_take(desk: Desk) -> None:
    desk.record(Stream.of_plan(lock_plan(desk, PLAN)), draft(update("plan", {"plan_id": PLAN}, cycle=0)))


def writes_what_cannot_be_logged(desk: Desk) -> None:
    desk.record(Stream.of_plan(lock_plan(desk, PLAN)), draft(update("plan", {"plan_id": PLAN}, cycle=1.5)))


def gives_a_reason_that_is_not_text(desk: Desk) -> None:
    desk.record(Stream.of_plan(lock_plan(desk, PLAN)), draft(reason="\udc80"))


def fails_at_the_second_event(desk: Desk) -> None:
    stream = Stream.of_plan(lock_plan(desk, PLAN))
    desk.record(stream, draft(update("plan", {"plan_id": PLAN}, cycle=2), key="twice"))
    desk.record(stream, draft(update("plan", {"plan_id": PLAN}, cycle=3), key="twice"))


@pytest.mark.parametrize(
    "act",
    [
        then_fails,
        writes_a_row_that_refers_to_nothing,
        writes_what_a_column_does_not_take,
        writes_what_cannot_be_logged,
        gives_a_reason_that_is_not_text,
        fails_at_the_second_event,
    ],
)
def test_a_command_that_fails_leaves_every_table_as_it_was(world: World, act: Callable[[Desk], object]) -> None:
    before = world.dump()
    with pytest.raises((PdcaError, ArithmeticError)):
        world.by("sofie", Scripted(act))
    assert world.dump() == before
    world.take("start")


def test_a_dry_run_leaves_every_table_as_it_was(world: World) -> None:
    before = world.dump()
    world.by("sofie", Advance(PLAN, "start"), dry_run=True)
    world.by("marc", Advance(PLAN, "start"), dry_run=True)
    assert world.dump() == before


# --- Who may write at all


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor(None, "", "cli", "stranger"), "login-unknown"),
        (Actor("U-002", "auditor", "cli"), "read-only-access"),
        (Actor("U-002", "service", "cli"), "read-only-access"),
    ],
)
def test_whoever_may_only_read_is_refused_before_anything_is_written(world: World, actor: Actor, code: str) -> None:
    before = world.dump()
    with pytest.raises(Refused) as failure, world.house.writing() as uow:
        apply(uow, Advance(PLAN, "start"), actor)
    assert (failure.value.code, failure.value.exit_status) == (code, 3)
    assert world.dump() == before


@pytest.mark.parametrize("access", ["member", "auditor"])
def test_only_a_service_or_an_administrator_runs_the_scheduler(world: World, access: str) -> None:
    member = replace(world.house, as_person="sofie")
    world.by_administrator(Scripted(lambda desk: give_access(desk, access)))
    with pytest.raises(Refused) as failure:
        sweep.run_once(member)
    assert failure.value.code == "scheduler-not-allowed"
    world.by_administrator(Scripted(lambda desk: give_access(desk, "service")))
    assert sweep.run_once(member) == sweep.SweepCounts()


def give_access(desk: Desk, access: str) -> None:
    change = update("person", {"person_id": "U-002"}, access=access)
    desk.record(Stream.of_installation(lock_installation(desk)), draft(change))


# --- Texts


def test_every_text_is_kept_and_logged_in_normal_form_c(world: World) -> None:
    decomposed = unicodedata.normalize("NFD", "Évaluation à l'été, naïveté")
    composed = unicodedata.normalize("NFC", decomposed)
    assert decomposed != composed
    world.by("sofie", Advance(PLAN, "start", attempt=Attempt(decomposed)))
    assert world.last_event()["reason"] == composed
    world.take("evaluate")
    world.by("marc", recording("E-101", effect=decomposed))
    assert world.evaluation("E-101")["effect_findings"] == composed


def test_odd_characters_come_out_of_table_and_log_as_they_went_in(world: World) -> None:
    odd = '\x7f \u2028\u2029 a\tb\nc\r "\\/ 😀🇧🇪 \u0001\u001f İı ﷽ 1e-07'
    world.take("start", "evaluate")
    world.by("marc", recording("E-101", effect=odd))
    world.by("sofie", Advance(PLAN, "conclude", attempt=Attempt(odd)))
    assert unicodedata.is_normalized("NFC", odd)
    assert (world.evaluation("E-101")["effect_findings"], world.last_event()["reason"]) == (odd, odd)


# --- How many statements a transaction takes


# What a transition costs today. Locking the plan takes 1 statement, who acts and how that one stands to the plan 2, its
# evaluations 1, and what the guards of this step look at up to 6 more: starting looks at nearly everything, evaluating
# at nothing more. Its deadlines take 1, whom to tell 1; each row written takes 1, and the event with its number and its
# erasable part 2 or 3. The approvals that wait are 1; where one does, the plan is hashed, which reads 14 tables, it is
# asked for whom the actor acts and whether the approver owns the plan now, and the approval is marked as used. Who
# recorded the evaluation is asked the same. One is the definition of the method, read once per connection. What is left
# to follow up is 1, read where a step asks for it. Where a phase with a deadline begins, what the group decided about
# it is 1. In Plan no step can open an evaluation, so one that is missed there gathers nothing for guards. Recording
# freezes what the plan says, which reads the 15 tables of the hash, and takes 7 for each indicator.
# A higher number here is a slower transition: find out what it is for before raising it.
STATEMENTS: Final = {"start": 37, "evaluate": 18, "conclude": 19, "close": 38}
IN_ONE: Final[dict[str, dict[str, int]]] = {"sqlite": {}, "postgresql": {"close": 3}}
"""A server is told several rows of one kind in one statement."""
STATEMENTS_OF_AN_ENFORCEMENT: Final = {"opened": 18, "missed": 16}
STATEMENTS_OF_A_RECORDING: Final = 49


@pytest.mark.parametrize("trigger", ["start", "evaluate", "conclude", "close"])
def test_a_transition_takes_no_more_statements_than_it_did(world: World, trigger: str) -> None:
    ways = {"start": "plan", "evaluate": "do", "conclude": "check", "close": "adjust"}
    world.take(*WAYS[ways[trigger]])
    world.approve_if_needed(trigger)
    actor = Actor("U-002", "member", "cli")
    names = statements(world, Advance(PLAN, trigger, attempt=Attempt(MOTIVE)), actor)
    assert len(names) == STATEMENTS[trigger] - IN_ONE[world.reading.dialect].get(trigger, 0), names


@pytest.mark.parametrize(("outcome", "way"), [("opened", WAYS["do"]), ("missed", WAYS["plan"])])
def test_an_enforcement_takes_no_more_statements_than_it_did(world: World, outcome: str, way: tuple[str, ...]) -> None:
    world.take(*way)
    world.go_to(MOMENTS[0])
    names = statements(world, EnforceDeadline("E-101", PLAN), seed.SERVICE)
    assert len(names) == STATEMENTS_OF_AN_ENFORCEMENT[outcome], names


def test_a_recording_takes_no_more_statements_than_it_did(world: World) -> None:
    world.take("start", "evaluate")
    names = statements(world, recording("E-101"), Actor("U-003", "member", "cli"))
    assert len(names) == STATEMENTS_OF_A_RECORDING, names


def statements(world: World, command: Command, actor: Actor) -> list[str]:
    """The statements of one transaction, without those that give the event its place in the tree."""
    with world.house.database.connect(writing=True) as connection:
        counting = Counting(connection)
        with unit_of_work(counting, world.clock) as uow:
            assert apply(uow, command, actor).refusal == ()
    return [name for name in counting.names if name not in ("insert_leaf", "insert_node", "tree_leaf", "tree_node")]
