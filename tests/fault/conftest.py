"""What the fault tests share: fork servers, a crowd of due deadlines, an office, and a server at the end of a cable."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import lacking, server_needed
from tests.fault.cable import NEAR, Cable, cable, not_allowed, programs_lacking
from tests.fault.crowd import gather_crowd
from tests.fault.office import PEOPLE_FILE, fill
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


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a `pdca.db` in which every command has something to do; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("office")
    fill(f"sqlite:///{folder / 'pdca.db'}")
    (folder / "people.yaml").write_text(PEOPLE_FILE, encoding="utf-8")
    return folder


@pytest.fixture
def folder(office: Path, tmp_path: Path) -> Path:
    """A copy of the office."""
    copy = tmp_path / "office"
    shutil.copytree(office, copy)
    return copy


@pytest.fixture
def path(folder: Path) -> Path:
    """The database of that copy."""
    return folder / "pdca.db"


@dataclass(frozen=True, slots=True)
class AtTheCable:
    """A server on the near machine, and a fork server on the far one."""

    cable: Cable
    server: postgres.Server
    forked: ForkServer


@pytest.fixture(scope="session")
def laid_cable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AtTheCable]:
    """Two machines with a cable between them; skipped where networks cannot be made, which takes root."""
    server_needed()
    if (missing := programs_lacking()) is not None:
        lacking(missing)
    if (reason := not_allowed()) is not None:
        # No package mends that, so it does not fail where PostgreSQL is required.
        pytest.skip(reason)
    with cable() as laid, ExitStack() as stack:
        with laid.at(laid.near):
            server = stack.enter_context(postgres.running(besides=NEAR, in_memory=True))
        forked = stack.enter_context(fork_server(tmp_path_factory.mktemp("far"), laid.far_prefix))
        yield AtTheCable(laid, server, forked)


@pytest.fixture
def at_the_cable(laid_cable: AtTheCable) -> Iterator[AtTheCable]:
    """The two machines, with the test on the near one and all packets let through."""
    with laid_cable.cable.at(laid_cable.cable.near):
        try:
            yield laid_cable
        finally:
            laid_cable.cable.let_through()
