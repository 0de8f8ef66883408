"""How often one who writes goes to the server and back: what is asked is known ahead, and goes in one go."""

import tempfile
from typing import Final

import pytest

from pdca.actor import Actor
from pdca.engine import Command, apply
from pdca.errors import Conflict, Failed
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
WAYS_OF_A_STEP: Final = {"start": 9, "evaluate": 7, "conclude": 8, "close": 10}
"""To begin, to lock the plan, its method, all that is known to be asked, the rows, the event, and to end. Where
somebody approved, also for whom the actor acts and whether the approver owns the plan; to conclude, whether who
recorded owns it; to close, who is to be informed yet.
"""
BEGIN_AND_END: Final = 2
IN_VAIN: Final = {"start": 1, "close": 1}
"""What the group decided about reminding is not asked where the next state has no deadline."""

WAYS_OF_AN_ENFORCEMENT: Final = 7
"""As a step, and whether the deadline is due still."""


@pytest.mark.parametrize("trigger", FROM)
def test_a_step_goes_to_the_server_a_few_times(postgres_world: World, trigger: str) -> None:
    postgres_world.take(*WAYS[FROM[trigger]])
    postgres_world.approve_if_needed(trigger)
    step = Advance(PLAN, trigger, attempt=Attempt(MOTIVE))
    assert ways_and_statements(postgres_world, step, LEADER)[0] == WAYS_OF_A_STEP[trigger]


def test_an_enforcement_goes_there_a_few_times(postgres_world: World) -> None:
    postgres_world.take(*WAYS["do"])
    postgres_world.go_to(MOMENTS[0])
    ways, _statements = ways_and_statements(postgres_world, EnforceDeadline("E-101", PLAN), seed.SERVICE)
    assert ways == WAYS_OF_AN_ENFORCEMENT


@pytest.mark.parametrize("trigger", FROM)
def test_nothing_is_asked_ahead_in_vain(postgres_world: World, trigger: str) -> None:
    postgres_world.take(*WAYS[FROM[trigger]])
    postgres_world.approve_if_needed(trigger)
    step = Advance(PLAN, trigger, attempt=Attempt(MOTIVE))
    with postgres_world.house.database.connect(writing=True) as connection:
        counting = Counting(connection)
        perform(postgres_world, counting, step, LEADER)
    carried = ways_and_statements(postgres_world, step, LEADER)[1]
    assert carried == len(counting.names) + BEGIN_AND_END + IN_VAIN.get(trigger, 0)


def test_what_was_asked_ahead_is_asked_anew_once_something_was_written(postgres_world: World) -> None:
    question = Question(plans.PLAN, {"plan_id": PLAN})
    rename = Statement("rename_for_a_test", "UPDATE plan SET slug = :slug WHERE plan_id = :plan_id")
    with postgres_world.house.database.connect(writing=True) as connection:
        for together in (False, True):
            slug = f"renamed-{together}"
            connection.begin()
            connection.ask_ahead([question])
            if together:
                connection.run_together([Question(rename, {"slug": slug, "plan_id": PLAN})])
            else:
                connection.run(rename, slug=slug, plan_id=PLAN)
            assert asked(connection, question)["slug"] == slug
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


def test_what_fails_in_one_go_is_told_as_what_it_is_and_nothing_of_it_is_kept(postgres_world: World) -> None:
    rename = Statement("rename_for_a_test", "UPDATE plan SET slug = :slug WHERE plan_id = :plan_id")
    again = Statement("again_for_a_test", "INSERT INTO event SELECT * FROM event")
    bare = Statement("bare_for_a_test", "UPDATE plan SET state = NULL WHERE plan_id = :plan_id")
    before = postgres_world.dump()
    for wrong, kind in ((again, Conflict), (bare, Failed)):
        writes = [
            Question(rename, {"slug": "renamed", "plan_id": PLAN}),
            Question(wrong, {} if wrong is again else {"plan_id": PLAN}),
            Question(rename, {"slug": "once-more", "plan_id": PLAN}),
        ]
        with postgres_world.house.database.connect(writing=True) as connection:
            connection.begin()
            with pytest.raises(kind):
                connection.run_together(writes)
            connection.rollback()
            assert connection.value(plans.PLAN, plan_id=PLAN) is not None
    assert postgres_world.dump() == before


def asked(connection: Connection, question: Question) -> dict[str, object]:
    row = connection.one(question.statement, **question.parameters)
    assert row is not None
    return row


def perform(world: World, connection: Connection, command: Command, actor: Actor) -> None:
    """Perform it, and undo it."""
    with unit_of_work(connection, world.clock) as uow:
        uow.keep = False
        assert apply(uow, command, actor).refusal == ()


def ways_and_statements(world: World, command: Command, actor: Actor) -> tuple[int, int]:
    """How often a command goes to the server and back, and how many statements that carries, as the wire has it."""
    with world.house.database.connect(writing=True) as connection, tempfile.TemporaryFile() as trace:
        assert isinstance(connection, PostgresConnection)
        line = connection._raw.pgconn  # noqa: SLF001 - it is the wire that is looked at
        line.trace(trace.fileno())
        perform(world, connection, command, actor)
        line.untrace()
        trace.seek(0)
        sent = [words[4].decode() for words in map(bytes.split, trace) if words[2:3] == [b"F"]]
    return sent.count("Sync") + sent.count("Query"), sent.count("Execute") + sent.count("Query")
