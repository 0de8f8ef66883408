"""The throw-away server of the tests is what the tests believe it is."""

import fcntl
import os
from pathlib import Path

import psycopg
import pytest

from tests import postgres

pytestmark = pytest.mark.postgres


def test_the_server_keeps_what_it_acknowledged_and_is_unlike_the_byte_order_and_the_zone_of_developers(
    postgres_url: str,
) -> None:
    with psycopg.connect(postgres_url) as connection:
        row = connection.execute(
            "SELECT current_setting('fsync'), current_setting('TimeZone'), current_setting('listen_addresses')"
        ).fetchone()
    assert row == ("on", "Asia/Kathmandu", "127.0.0.1")


def test_nobody_enters_without_the_password(postgres_url: str) -> None:
    head, tail = postgres_url.split("@")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(f"{head.rpartition(':')[0]}:wrong@{tail}")


@pytest.mark.parametrize("run", [1, 2])
def test_every_test_has_a_database_of_its_own(postgres_url: str, run: int) -> None:
    with psycopg.connect(postgres_url) as connection:
        connection.execute("CREATE TABLE mine (run integer)")
        connection.execute("INSERT INTO mine VALUES (%s)", (run,))
        rows = connection.execute("SELECT run FROM mine").fetchall()
    assert rows == [(run,)]


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that is taken for memory."""
    monkeypatch.setattr(postgres, "_MEMORY", tmp_path)
    return tmp_path


def left(memory: Path, name: str) -> Path:
    folder = memory / f"pdca-pg-{name}"
    folder.mkdir()
    (folder / "password").touch()
    return folder


def test_what_a_killed_run_left_in_memory_goes_and_what_another_run_holds_stays(memory: Path) -> None:
    killed, running, begun = left(memory, "killed"), left(memory, "running"), memory / "pdca-pg-begun"
    begun.mkdir()
    held = os.open(running, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert postgres._memory() == memory  # noqa: SLF001 - it is what a server is made in
    finally:
        os.close(held)
    assert not killed.exists()
    assert {path.name for path in memory.iterdir()} == {running.name, begun.name}


def test_a_server_is_on_the_disk_where_memory_has_no_room(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert postgres._memory() == memory  # noqa: SLF001 - as above
    monkeypatch.setattr(postgres, "_ROOM_BYTES", 1 << 62)
    assert postgres._memory() is None  # noqa: SLF001
    monkeypatch.setattr(postgres, "_MEMORY", memory / "missing")
    assert postgres._memory() is None  # noqa: SLF001
