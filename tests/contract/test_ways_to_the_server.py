"""How often one who writes goes to the server and back: what is asked is known ahead, and is asked in one statement."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pytest

from pdca.actor import Actor
from pdca.engine import Command, apply
from pdca.evaluations.enforce import EnforceDeadline
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.store.driver import Connection, Question, Statement
from pdca.store.postgres import PostgresConnection
from pdca.store.reads import plans
from pdca.store.unit_of_work import unit_of_work
from tests import seed
from tests.contract.counting import Counting
from tests.contract.world import MOMENTS, MOTIVE, PLAN, WAYS, World

LEADER: Final = Actor("U-002", "member", "cli")
FROM: Final = {"start": "plan", "evaluate": "do", "conclude": "check", "close": "adjust"}
WAYS_OF_A_STEP: Final = {"start": 14, "evaluate": 14, "conclude": 13, "close": 16}
"""To begin, to lock the plan, its method, all that is known to be asked, each row, the event with its number and what
of it can be erased, and to end. Where somebody approved, also for whom the actor acts and whether the approver owns the
plan; to conclude, whether who recorded owns it; to close, who is to be informed yet.
"""
IN_VAIN: Final = {"start": {"reminding_in_force"}, "close": {"reminding_in_force"}}
"""What the group decided about reminding is not asked where the next state has no deadline."""

WAYS_OF_AN_ENFORCEMENT: Final = 16
"""As a step, and whether the deadline is due still."""


@dataclass(eq=False)
class Listening(Counting):
    """A connection that keeps what it heard is going to be asked."""

    heard: list[Question] = field(default_factory=list)

    def ask_ahead(self, questions: Iterable[Question]) -> None:
        self.heard = list(questions)
        self.inner.ask_ahead(self.heard)


@pytest.mark.parametrize("trigger", FROM)
def test_a_step_goes_to_the_server_a_few_times(postgres_world: World, trigger: str) -> None:
    postgres_world.take(*WAYS[FROM[trigger]])
    postgres_world.approve_if_needed(trigger)
    step = Advance(PLAN, trigger, attempt=Attempt(MOTIVE))
    assert ways(postgres_world, step, LEADER) == WAYS_OF_A_STEP[trigger]


def test_an_enforcement_goes_there_a_few_times(postgres_world: World) -> None:
    postgres_world.take(*WAYS["do"])
    postgres_world.go_to(MOMENTS[0])
    assert ways(postgres_world, EnforceDeadline("E-101", PLAN), seed.SERVICE) == WAYS_OF_AN_ENFORCEMENT


@pytest.mark.parametrize("trigger", FROM)
def test_nothing_is_asked_ahead_in_vain(postgres_world: World, trigger: str) -> None:
    postgres_world.take(*WAYS[FROM[trigger]])
    postgres_world.approve_if_needed(trigger)
    step = Advance(PLAN, trigger, attempt=Attempt(MOTIVE))
    with postgres_world.house.database.connect(writing=True) as connection:
        listening = Listening(connection)
        perform(postgres_world, listening, step, LEADER)
    heard = {one.statement.name for one in listening.heard}
    assert heard - set(listening.names) == IN_VAIN.get(trigger, set())


def test_what_was_asked_ahead_is_asked_anew_once_something_was_written(postgres_world: World) -> None:
    question = Question(plans.PLAN, {"plan_id": PLAN})
    rename = Statement("rename_for_a_test", "UPDATE plan SET slug = :slug WHERE plan_id = :plan_id")
    with postgres_world.house.database.connect(writing=True) as connection:
        for many in (False, True):
            written = {"slug": f"renamed-{many}", "plan_id": PLAN}
            connection.begin()
            connection.ask_ahead([question])
            if many:
                connection.many(rename, [written])
            else:
                connection.run(rename, **written)
            assert asked(connection, question)["slug"] == written["slug"]
            connection.rollback()


def test_what_was_asked_ahead_is_not_known_to_the_next_transaction(postgres_world: World) -> None:
    question = Question(plans.PLAN, {"plan_id": PLAN})
    with postgres_world.house.database.connect(writing=True) as connection:
        connection.begin()
        connection.ask_ahead([question])
        connection.rollback()
        postgres_world.take("start")
        connection.begin()
        assert asked(connection, question)["state"] == "do"
        connection.rollback()


@pytest.mark.parametrize("trigger", FROM)
def test_what_is_asked_ahead_is_answered_as_when_each_is_asked_by_itself(postgres_world: World, trigger: str) -> None:
    postgres_world.take(*WAYS[FROM[trigger]])
    postgres_world.approve_if_needed(trigger)
    with postgres_world.house.database.connect(writing=True) as connection:
        listening = Listening(connection)
        perform(postgres_world, listening, Advance(PLAN, trigger, attempt=Attempt(MOTIVE)), LEADER)
        heard = listening.heard
        assert len(heard) > 5
        alone = [connection.all(one.statement, **one.parameters) for one in heard]
        connection.ask_ahead(heard)
        assert [connection.all(one.statement, **one.parameters) for one in heard] == alone
        assert sum(map(bool, alone)) > 3


def test_a_name_means_one_thing_in_all_that_is_asked_ahead(postgres_world: World) -> None:
    questions = [Question(plans.PLAN, {"plan_id": name}) for name in (PLAN, "P-102")]
    with postgres_world.house.database.connect() as connection, pytest.raises(ValueError, match="one value"):
        connection.ask_ahead(questions)


def asked(connection: Connection, question: Question) -> dict[str, object]:
    row = connection.one(question.statement, **question.parameters)
    assert row is not None
    return row


def perform(world: World, connection: Connection, command: Command, actor: Actor) -> None:
    """Perform it, and undo it."""
    with unit_of_work(connection, world.clock) as uow:
        uow.keep = False
        assert apply(uow, command, actor).refusal == ()


def ways(world: World, command: Command, actor: Actor) -> int:
    """Say how often a command goes to the server and back, as the wire has it."""
    with world.house.database.connect(writing=True) as connection, tempfile.TemporaryFile() as trace:
        assert isinstance(connection, PostgresConnection)
        line = connection._raw.pgconn  # noqa: SLF001 - it is the wire that is looked at
        line.trace(trace.fileno())
        perform(world, connection, command, actor)
        line.untrace()
        trace.seek(0)
        sent = [words[4].decode() for words in map(bytes.split, trace) if words[2:3] == [b"F"]]
    return sent.count("Sync") + sent.count("Query")
