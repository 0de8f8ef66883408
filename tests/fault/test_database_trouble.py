"""Every command on a database that is sound, closed to us, on a full disk, in use, or away.

Each gives `error[code]`, what happened, a hint, the right exit status, no traceback, and leaves everything as it was.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests import postgres
from tests.fault.disk import small_disk
from tests.fault.office import (
    NOTED,
    ONLY_OPENING,
    READING,
    WRITING,
    at,
    content,
    fill,
    said,
    worked,
    worked_without_a_note,
)
from tests.fault.processes import ForkServer
from tests.fault.relay import relay
from tests.unit.notify.mail_server import SENDER, mail_server


def test_every_command_does_its_work_on_a_database_that_is_sound(folder: Path, path: Path, forked: ForkServer) -> None:
    for line in READING:
        worked(forked.run(*line, environment=at(path), folder=folder))
    for line in NOTED:
        before = path.read_bytes()
        worked(forked.run(*line, environment=at(path), folder=folder))
        assert path.read_bytes() != before, line
    for line in WRITING:
        before = path.read_bytes()
        ended = forked.run(*line, environment=at(path), folder=folder)
        # What the rules refuse is written too: the attempt is in the log.
        assert ended.status in (0, 3), (line, ended)
        assert path.read_bytes() != before, line


CLOSED: Final = {
    "the file": ((("pdca.db", 0o444),), {"database-read-only"}),
    "the folder": (((".", 0o555),), {"database-read-only", "database-error"}),
    "both": ((("pdca.db", 0o444), (".", 0o555)), {"database-read-only", "database-error"}),
}


@contextmanager
def closed(folder: Path, rights: tuple[tuple[str, int], ...]) -> Iterator[None]:
    before = [(folder / name, (folder / name).stat().st_mode) for name, _ in rights]
    for name, mode in rights:
        (folder / name).chmod(mode)
    try:
        yield
    finally:
        for place, mode in reversed(before):
            place.chmod(mode)
        # SQLite gives what it makes beside a file the rights of that file; the hint of the error speaks of it.
        for place in folder.glob("pdca.db-*"):
            place.chmod(0o644)


@pytest.mark.parametrize("what", CLOSED)
def test_what_may_only_be_read_can_be_read_and_every_writing_command_says_so(
    folder: Path, path: Path, without_privilege: ForkServer, what: str
) -> None:
    rights, codes = CLOSED[what]
    before = content(folder)
    with closed(folder, rights):
        for line in READING:
            worked(without_privilege.run(*line, environment=at(path), folder=folder))
        for line in NOTED:
            worked_without_a_note(without_privilege.run(*line, environment=at(path), folder=folder))
        for line in WRITING:
            ended = without_privilege.run(*line, environment=at(path), folder=folder)
            code = ended.err.partition("[")[2].partition("]")[0]
            assert code in codes | ({"lease-unavailable"} if line == ("notify", "deliver") else set()), (line, ended)
            said(ended, 1, code)
    assert content(folder) == before


def test_what_may_not_be_read_is_said_by_every_command(folder: Path, path: Path, without_privilege: ForkServer) -> None:
    with closed(folder, (("pdca.db", 0o000),)):
        for line in (*READING, *NOTED, *WRITING):
            said(without_privilege.run(*line, environment=at(path), folder=folder), 1, "database-error")


def test_on_a_full_disk_everything_can_be_read_and_what_cannot_be_written_is_undone(
    office: Path, tmp_path: Path, forked: ForkServer
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        folder = disk.folder
        shutil.copytree(office, folder, dirs_exist_ok=True)
        path = folder / "pdca.db"
        before = content(folder)
        largest = None if disk.own else 1024
        if disk.own:
            disk.fill(0)
        for line in READING:
            worked(forked.run(*line, environment=at(path), folder=tmp_path, largest_file=None))
        for line in NOTED:
            worked_without_a_note(forked.run(*line, environment=at(path), folder=tmp_path, largest_file=largest))
        for line in WRITING:
            words = [str(office / word) if word == "people.yaml" else word for word in line]
            ended = forked.run(*words, environment=at(path), folder=tmp_path, largest_file=largest)
            code = "disk-full" if disk.own and "disk-full" in ended.err else "database-error"
            said(ended, 1, code)
            assert not list(tmp_path.glob("outbox/*.eml")), "a message was sent that cannot be recorded"
        if disk.own:
            disk.empty(0)
        after = content(folder)
        assert after["pdca.db"] == before["pdca.db"]
        for line in (("audit", "verify"), WRITING[0]):
            ended = forked.run(*line, environment=at(path), folder=tmp_path)
            assert ended.status in (0, 3), ended


def test_a_database_in_use_can_be_read_and_whoever_writes_is_told_to_try_again(
    folder: Path, path: Path, tmp_path: Path, forked: ForkServer
) -> None:
    exclusive = tmp_path / "exclusive.db"
    shutil.copyfile(path, exclusive)
    before = content(folder)
    with closing(_raw(path)) as writer, closing(_raw(exclusive)) as owner:
        writer.execute("BEGIN IMMEDIATE")
        owner.execute("PRAGMA locking_mode=EXCLUSIVE")
        owner.execute("BEGIN IMMEDIATE")
        for line in READING:
            worked(forked.run(*line, environment=at(path), folder=folder))
        for line in NOTED:
            worked_without_a_note(forked.run(*line, environment=at(path), folder=folder))
        # Each waits ten seconds before it gives up, so all wait together.
        kept = [(*line, "--database", f"sqlite:///{exclusive}") for line in (*READING, *NOTED, *WRITING)]
        lines = [*((*line, "--database", f"sqlite:///{path}") for line in WRITING), *kept]
        deliveries = 0
        for line, ended in zip(lines, forked.together(lines, folder=folder), strict=True):
            # Of two deliverers one finds the other at work, and leaves it to it.
            if line[:2] == ("notify", "deliver") and ended.status == 0:
                deliveries += 1
                continue
            said(ended, 75, "database-busy")
        assert deliveries == 0
        assert not (folder / "outbox").exists(), "a message was sent that cannot be recorded"
        writer.execute("ROLLBACK")
        owner.execute("ROLLBACK")
    assert content(folder) == before
    for line in READING:
        worked(forked.run(*line, environment=at(exclusive), folder=folder))


def _raw(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None)


def test_nothing_is_mailed_that_cannot_be_recorded(folder: Path, path: Path, without_privilege: ForkServer) -> None:
    worked(without_privilege.run("scheduler", "sweep", environment=at(path), folder=folder))
    with mail_server() as server:
        variables = at(
            path,
            PDCA_NOTIFY_CHANNEL="smtp",
            PDCA_SMTP_HOST="127.0.0.1",
            PDCA_SMTP_PORT=str(server.port),
            PDCA_SMTP_SECURITY="none",
            PDCA_SMTP_FROM=SENDER,
        )
        with closed(folder, (("pdca.db", 0o444),)):
            for _ in range(3):
                ended = without_privilege.run("notify", "deliver", environment=variables, folder=folder)
                said(ended, 1, "database-read-only")
        assert server.inbox == []
        worked(without_privilege.run("notify", "deliver", environment=variables, folder=folder))
        assert server.inbox


@pytest.mark.postgres
def test_a_server_s_database_that_cannot_be_used_is_named_by_every_command(
    postgres_server: postgres.Server, office: Path, forked: ForkServer
) -> None:
    with postgres_server.fresh_database() as name, postgres_server.fresh_database() as empty:
        url = postgres_server.url(name)
        fill(url)
        port = str(psycopg.conninfo.conninfo_to_dict(url)["port"])
        user, _, rest = url.partition("://")[2].partition("@")
        wrong = f"postgresql://{user.partition(':')[0]}:wrong@{rest}"
        with relay(int(port), joined=False) as nowhere, psycopg.connect(url, autocommit=True) as raw:
            cases = [
                (url.replace(f":{port}/", f":{nowhere.port}/"), 75, "database-away"),
                (wrong, 1, "database-login"),
                (postgres_server.url("no_such_database"), 4, "no-database"),
                (postgres_server.url(empty), 1, "not-a-pdca-database"),
            ]
            for line in (*READING, *WRITING, *ONLY_OPENING):
                for where, status, code in cases:
                    ended = forked.run(*line, environment={"PDCA_DATABASE": where}, folder=office)
                    said(ended, status, code)
                    assert "wrong" not in ended.err.replace("wrong password", ""), "the password was printed"
            for version, code in (("0000", "schema-older"), ("9999", "schema-newer")):
                raw.execute("UPDATE alembic_version SET version_num = %s", (version,))
                for line in (*READING, *WRITING, *ONLY_OPENING):
                    said(forked.run(*line, environment={"PDCA_DATABASE": url}, folder=office), 1, code)


@pytest.mark.postgres
def test_on_a_server_that_only_lets_us_read_every_writing_command_says_so(
    postgres_url: str, office: Path, forked: ForkServer
) -> None:
    fill(postgres_url)
    reading = f"{postgres_url}?options=-c%20default_transaction_read_only%3Don"
    for line in READING:
        worked(forked.run(*line, environment={"PDCA_DATABASE": reading}, folder=office))
    with psycopg.connect(postgres_url, autocommit=True) as raw:
        name = raw.info.dbname
        raw.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    for line in WRITING:
        said(forked.run(*line, environment={"PDCA_DATABASE": postgres_url}, folder=office), 1, "database-read-only")
    assert not (office / "outbox").exists()
