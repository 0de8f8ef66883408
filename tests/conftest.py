"""What every test may ask for: a database of its own on either engine, and an environment that is nobody's."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from tests import postgres

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("developer", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "developer"))

_POSTGRES_REQUIRED = os.environ.get("PDCA_REQUIRE_POSTGRES") == "1"


def pytest_report_header() -> str:
    folder = postgres.programs()
    if folder:
        return f"PostgreSQL server programs: {folder}"
    return "PostgreSQL server programs: none, its tests " + ("fail" if _POSTGRES_REQUIRED else "are SKIPPED")


def lacking(message: str) -> NoReturn:
    """Skip the test for what this machine lacks, or fail it where PostgreSQL is required."""
    if _POSTGRES_REQUIRED:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session", autouse=True)
def nobodys_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Take away what the settings and the language of the person who runs the tests would change."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(("PDCA_", "LC_", "XDG_")) or name in {"LANG", "LANGUAGE"}:
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("LC_ALL", "C.UTF-8")
        yield


def server_needed() -> None:
    """Skip or fail the test where there are no programs for a server."""
    if postgres.programs() is None:
        lacking("no PostgreSQL server programs on this machine (Debian: apt-get install postgresql)")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A throw-away server; without its programs the test is skipped, or fails where PostgreSQL is required."""
    server_needed()
    with postgres.running(in_memory=True) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of a fresh, empty database on the throw-away server."""
    with postgres_server.fresh_database() as name:
        yield postgres_server.url(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh, empty database: the test runs once on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pdca.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database at the end of its six years, played once for all workers; to be copied, not changed."""
    from tests.demo import played_once

    return played_once(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def early_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's database after two years, with rows in the same tables; to be copied, not changed."""
    from tests.demo import played_early

    return played_early(tmp_path_factory.getbasetemp())
