"""A furnished installation on either engine, copied for every test from one that is made once."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pdca.clock import VirtualClock
from tests import seed
from tests.contract.informing import on_the_day, running
from tests.contract.world import World, furnish, opened, proven
from tests.postgres import Server


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A furnished SQLite database."""
    path = tmp_path_factory.mktemp("furnished") / "pdca.db"
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def furnished_database(postgres_server: Server) -> Iterator[str]:
    """The name of a furnished PostgreSQL database."""
    with postgres_server.fresh_database() as name:
        furnish(postgres_server.url(name))
        yield name


@pytest.fixture
def furnished_file_url(furnished_file: Path, tmp_path: Path) -> str:
    """The URL of a furnished SQLite database of the test's own."""
    shutil.copyfile(furnished_file, tmp_path / "pdca.db")
    return f"sqlite:///{tmp_path / 'pdca.db'}"


@pytest.fixture
def furnished_server_url(postgres_server: Server, furnished_database: str) -> Iterator[str]:
    """The URL of a furnished PostgreSQL database of the test's own."""
    with postgres_server.fresh_database(furnished_database) as name:
        yield postgres_server.url(name)


@pytest.fixture(
    params=["furnished_file_url", pytest.param("furnished_server_url", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgresql"],
)
def furnished_url(request: pytest.FixtureRequest) -> str:
    """The URL of a furnished database of the test's own: the test runs once on either engine."""
    url: str = request.getfixturevalue(request.param)
    return url


@pytest.fixture
def world(furnished_url: str) -> Iterator[World]:
    """The seeded installation; after every scenario the tables are compared with the log."""
    with opened(furnished_url) as here:
        yield here


@pytest.fixture
def sqlite_world(furnished_file_url: str) -> Iterator[World]:
    """The seeded installation on SQLite, for what only SQLite has or does not depend on the engine."""
    with opened(furnished_file_url) as here:
        yield here


@pytest.fixture
def postgres_world(furnished_server_url: str) -> Iterator[World]:
    """The seeded installation on PostgreSQL, for what only PostgreSQL has."""
    with opened(furnished_server_url) as here:
        yield here


@pytest.fixture
def empty(database_url: str) -> Iterator[World]:
    """An installation without anything but its administrator, on the second day of 2020."""
    clock = VirtualClock(datetime(2020, 1, 2, 8, tzinfo=UTC))
    house = seed.house(database_url, clock=clock)
    with house.database.connect() as reading, proven(World(house, clock, reading)) as world:
        yield world


@pytest.fixture
def started(world: World) -> World:
    """A plan in Do, of which a partner is to be informed by mail on a Monday."""
    return running(world)


@pytest.fixture
def prepared(started: World) -> World:
    """The same, on that Monday."""
    return on_the_day(started)
