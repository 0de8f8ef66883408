"""The benchmark of an idle sweep counts the time of the database, and not that of the way to it."""

from pathlib import Path
from typing import Final

import pytest

from benchmarks.idle_sweep import IN_PROCESS, ON_SERVER, WHOLE, on_postgresql, on_sqlite, server_seconds
from pdca.clock import pause
from pdca.store.database import locate
from pdca.store.driver import Statement
from tests.postgres import Server

PLANS: Final = 3
WORK: Final = Statement("work", "SELECT count(pg_sleep(0.05)) AS slept")
"""Seconds in which a server is at a statement."""


@pytest.mark.postgres
def test_a_server_counts_what_it_works_and_not_what_passes_between(postgres_server: Server) -> None:
    beside = locate(postgres_server.url("postgres")).connect_any_schema(writing=False)
    with postgres_server.fresh_database() as name, beside:
        before = server_seconds(beside, name)
        with locate(postgres_server.url(name)).connect_any_schema(writing=False) as connection:
            for _ in range(2):
                connection.value(WORK)
                pause(1)
        worked = server_seconds(beside, name) - before
        assert 0.1 <= worked < 1


@pytest.mark.postgres
def test_on_a_server_its_own_time_is_held_to_the_bound_and_the_whole_sweep_to_none(postgres_server: Server) -> None:
    with postgres_server.fresh_database() as name:
        in_database, whole = on_postgresql(postgres_server, name, PLANS)
    assert [(one.ours, one.bound is None) for one in (in_database, whole)] == [(ON_SERVER, False), (WHOLE, True)]
    assert 0 < in_database.ratio < whole.ratio


def test_on_sqlite_what_passes_from_asking_to_the_last_row_is_held_to_the_bound(tmp_path: Path) -> None:
    in_database, whole = on_sqlite(f"sqlite:///{tmp_path / 'pdca.db'}", PLANS)
    assert [(one.ours, one.bound is None) for one in (in_database, whole)] == [(IN_PROCESS, False), (WHOLE, True)]
    assert 0 < in_database.ratio < whole.ratio
