"""What the fault tests share: fork servers and a crowd of due deadlines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.crowd import gather_crowd
from tests.fault.processes import ForkServer, fork_server, heeding_rights


@pytest.fixture(scope="session")
def forked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A server whose processes are as whoever runs the tests."""
    with fork_server(tmp_path_factory.mktemp("forked")) as server:
        yield server


@pytest.fixture(scope="session")
def without_privilege(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A server whose processes heed the rights of files, also when root runs the tests."""
    with fork_server(tmp_path_factory.mktemp("without-privilege"), heeding_rights()) as server:
        yield server


@pytest.fixture(scope="session")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database in which much is due at `crowd.ALL_DUE`; to be copied, not changed."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.db"
    gather_crowd(f"sqlite:///{path}")
    return path
