"""A furnished installation on either engine, copied for every test from one that is made once."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.world import World, furnish, opened
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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def furnished_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a furnished database of the test's own: the test runs once on either engine."""
    make: Callable[[str], object] = request.getfixturevalue
    with ExitStack() as stack:
        if request.param == "sqlite":
            shutil.copyfile(str(make("furnished_file")), tmp_path / "pdca.db")
            yield f"sqlite:///{tmp_path / 'pdca.db'}"
            return
        server, template = make("postgres_server"), make("furnished_database")
        assert isinstance(server, Server)
        yield server.url(stack.enter_context(server.fresh_database(str(template))))


@pytest.fixture
def sqlite_world(furnished_file: Path, tmp_path: Path) -> Iterator[World]:
    """The seeded installation on SQLite, for what does not depend on the engine."""
    shutil.copyfile(furnished_file, tmp_path / "pdca.db")
    with opened(f"sqlite:///{tmp_path / 'pdca.db'}") as here:
        yield here


@pytest.fixture
def world(furnished_url: str) -> Iterator[World]:
    """The seeded installation; after every scenario the tables are compared with the log."""
    with opened(furnished_url) as here:
        yield here
