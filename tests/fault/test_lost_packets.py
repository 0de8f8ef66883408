"""What is read as a stream may take long, so nobody counts the seconds: the system itself must notice a dead line."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Final

import psycopg
import pytest

from pdca.clock import monotonic
from pdca.errors import TryAgain
from pdca.store.driver import Statement
from pdca.store.postgres import PostgresConnection
from tests.fault.cable import NEAR
from tests.fault.conftest import AtTheCable
from tests.fault.processes import until
from tests.fault.test_cut_off import A_MOMENT_SECONDS, LONGEST_WAIT_SECONDS

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("answers_only", [False, True], ids=["both ways", "answers only"]),
]

SLOW: Final = Statement("slow", "SELECT 1 AS number FROM pg_sleep(600)")
LONG: Final = Statement("long", "SELECT generate_series(1, 100000) AS number")
ASLEEP: Final = b"""
    SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query_start < clock_timestamp() - interval '0.5 s'
"""
"""For so long that it has acknowledged what it was asked."""

OTHERS_ANYWHERE: Final = b"""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND datname <> 'postgres'
"""


@pytest.fixture
def far_connection(at_the_cable: AtTheCable) -> Iterator[PostgresConnection]:
    """A connection from the far machine, to a database of its own."""
    ends = at_the_cable
    with ends.server.fresh_database() as name:
        with ends.cable.at(ends.cable.far):
            connection = PostgresConnection(ends.server.url(name).replace("127.0.0.1", NEAR), writing=False)
        with closing(connection):
            yield connection


@contextmanager
def cut_off(ends: AtTheCable, *, answers_only: bool) -> Iterator[None]:
    """Lose packets during the block, and let nobody go on waiting after it."""
    ends.cable.swallow(answers_only=answers_only)
    since = monotonic()
    try:
        yield
        print(f"given up {monotonic() - since:.1f} s after the cut")  # noqa: T201 - part of the record
    finally:
        ends.cable.let_through()
        with psycopg.connect(ends.server.url("postgres"), autocommit=True) as admin:
            admin.execute(OTHERS_ANYWHERE)


def test_a_line_on_which_an_answer_is_awaited_is_given_up_when_the_other_machine_gives_no_sign_of_life(
    at_the_cable: AtTheCable, far_connection: PostgresConnection, answers_only: bool
) -> None:
    with ThreadPoolExecutor(1) as pool, psycopg.connect(at_the_cable.server.url("postgres"), autocommit=True) as admin:
        answer = pool.submit(list, far_connection.stream(SLOW))
        until("the server to be at it", lambda: admin.execute(ASLEEP).fetchall())
        with cut_off(at_the_cable, answers_only=answers_only):
            error = answer.exception(LONGEST_WAIT_SECONDS + A_MOMENT_SECONDS)
    assert isinstance(error, TryAgain)
    assert "timed out" in error.message


def test_a_line_on_which_nobody_acknowledges_what_was_sent_is_given_up(
    at_the_cable: AtTheCable, far_connection: PostgresConnection, answers_only: bool
) -> None:
    rows = far_connection.stream(LONG)
    next(rows)
    with ThreadPoolExecutor(1) as pool, cut_off(at_the_cable, answers_only=answers_only):
        error = pool.submit(list, rows).exception(LONGEST_WAIT_SECONDS + A_MOMENT_SECONDS)
    assert isinstance(error, TryAgain)
    assert "timed out" in error.message
