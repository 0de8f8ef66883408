"""Every command on a database that is not there, not ours, damaged, closed to us, full, in use, or away.

Each gives `error[code]`, what happened, a hint, the right exit status, no traceback, and leaves everything as it was.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest

from pdca.errors import NotFound
from pdca.store import sqlite
from pdca.store.database import locate
from tests import postgres, seed
from tests.fault.disk import small_disk
from tests.fault.processes import Ended, ForkServer
from tests.fault.relay import relay
from tests.fault.zone import FallDue, running_zone
from tests.unit.notify.mail_server import SENDER, mail_server

PEOPLE_FILE: Final = """\
---
pdca: 1
language: en
people:
  - id: nora
    name: Nora Verzonnen
    language: nl
    appointments: [{party: prevention, from: 2024-01-01}]
...
"""
Line = tuple[str, ...]
READING: Final[tuple[Line, ...]] = (
    ("status",),
    ("board",),
    ("plan", "list"),
    ("plan", "show", "P-001"),
    ("plan", "next", "--all"),
    ("plan", "history", "P-001"),
    ("plan", "why-not", "P-001"),
    ("evaluation", "list"),
    ("notify", "list"),
    ("scheduler", "status"),
    ("audit", "log"),
    ("audit", "verify"),
    ("person", "list"),
    ("whoami",),
)
NOTED: Final[tuple[Line, ...]] = (("audit", "export"),)
"""These only read. What they hand out is noted in the log; where it cannot be, they say so and work all the same."""

FINDINGS: Final = (
    *("--verdict", "effective", "--process", "P.", "--effect", "F.", "--due-to", "plan", "--attribution", "A."),
    *("--evidence", "E.", "--deployed", "D."),
)
WRITING: Final[tuple[Line, ...]] = (
    ("plan", "advance", "P-002", "--trigger", "start"),
    ("evaluation", "record", "E-101", *FINDINGS, "--indicator", "thefts=12"),
    ("evaluation", "extend", "E-201", "--to", "2099-01-01", "--reason", "R."),
    ("scheduler", "sweep"),
    ("notify", "deliver"),
    ("import", "people.yaml"),
    ("person", "add", "--name", "Otto Verzonnen", "--handle", "otto"),
    ("person", "appoint", "marc", "prevention"),
)
ONLY_OPENING: Final[tuple[Line, ...]] = (
    ("scheduler", "run"),
    ("scheduler", "seal"),
    ("simulate", "--until", "2099-01-01"),
)
"""These write too, but on the databases that can be opened here they have nothing to write."""


def at(path: Path, **more: str) -> dict[str, str]:
    return {"PDCA_DATABASE": f"sqlite:///{path}", **more}


def said(ended: Ended, status: int, code: str) -> None:
    """See that a command failed as it should, in words."""
    assert (ended.status, ended.err.partition(":")[0]) == (status, f"error[{code}]"), ended
    assert "\nhint: " in ended.err, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err


def worked(ended: Ended) -> None:
    assert (ended.status, ended.err) == (0, ""), ended
    assert ended.out


def worked_without_a_note(ended: Ended) -> None:
    assert ended.status == 0, ended
    assert ended.out
    assert ended.err.startswith("This could not be noted in the log: "), ended
    assert ended.err.count("\n") == 1, ended


def content(folder: Path) -> Mapping[str, bytes]:
    """Give every file of a folder that holds something; what SQLite shares among processes is no content."""
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return {name: held for name, held in files.items() if held and not name.endswith("-shm")}


def fill(database_url: str) -> None:
    """Make an installation in which every command of `WRITING` would write something."""
    zone = running_zone(database_url)
    house = zone.house
    seed.plan(house, "P-002", people=())
    with house.reading() as connection:
        now = house.now(connection)
    seed.by_hand(house, FallDue(zone.evaluations[0], now - timedelta(seconds=1)))


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with such an installation in `pdca.db`; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("office")
    fill(f"sqlite:///{folder / 'pdca.db'}")
    (folder / "people.yaml").write_text(PEOPLE_FILE, encoding="utf-8")
    return folder


@pytest.fixture
def folder(office: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    copy = tmp_path / "office"
    shutil.copytree(office, copy)
    return copy


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "pdca.db"


def change(statement: str) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute(statement)

    return spoil


def cut(part: float) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        whole = path.read_bytes()
        path.write_bytes(whole[: int(len(whole) * part)])

    return spoil


def replaced(text: bytes) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        path.write_bytes(text)

    return spoil


def of_another_program(path: Path) -> None:
    path.unlink()
    change("CREATE TABLE contacts (name TEXT)")(path)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


@dataclass(frozen=True, slots=True)
class Useless:
    """A way in which a database cannot be used at all, and what every command then says."""

    spoil: Callable[[Path], None]
    status: int
    code: str


USELESS: Final = {
    "missing": Useless(Path.unlink, 4, "no-database"),
    "a folder": Useless(folder_instead, 4, "no-database"),
    "an empty file": Useless(replaced(b""), 1, "not-a-pdca-database"),
    "a text": Useless(replaced(b"Plans of the zone\n" * 400), 1, "not-a-database"),
    "one letter": Useless(replaced(b"x"), 1, "not-a-pdca-database"),
    "half of it": Useless(cut(0.5), 1, "not-a-database"),
    "a page of it": Useless(cut(0.01), 1, "not-a-database"),
    "another program's": Useless(of_another_program, 1, "not-a-pdca-database"),
    "an older schema": Useless(change("UPDATE alembic_version SET version_num = '0000'"), 1, "schema-older"),
    "a newer schema": Useless(change("UPDATE alembic_version SET version_num = '9999'"), 1, "schema-newer"),
    "a schema without version": Useless(change("DELETE FROM alembic_version"), 1, "not-a-pdca-database"),
}


@pytest.mark.parametrize("how", USELESS)
def test_a_database_that_is_of_no_use_is_named_by_every_command_and_left_alone(
    folder: Path, path: Path, forked: ForkServer, how: str
) -> None:
    useless = USELESS[how]
    useless.spoil(path)
    before = content(folder)
    for line in (*READING, *NOTED, *WRITING, *ONLY_OPENING):
        said(forked.run(*line, environment=at(path), folder=folder), useless.status, useless.code)
        assert content(folder) == before, line
    examined = forked.run("doctor", environment=at(path), folder=folder)
    assert examined.status == 1, examined
    assert "Traceback" not in examined.err + examined.out
    assert content(folder) == before


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


@pytest.mark.parametrize("writing", [False, True])
def test_one_that_is_deleted_while_it_is_opened_is_missing_and_not_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch, writing: bool
) -> None:
    openings: list[str] = []

    def deleted_then(place: Path, query: str) -> sqlite3.Connection:
        openings.append(query)
        for one in path.parent.glob(f"{path.name}*"):
            one.unlink()
        return connect(place, query)

    connect = sqlite._connect  # noqa: SLF001 - the moment between looking for the file and opening it
    monkeypatch.setattr(sqlite, "_connect", deleted_then)
    with pytest.raises(NotFound) as raised:
        locate(f"sqlite:///{path}").connect(writing=writing)
    assert raised.value.code == "no-database"
    assert openings
    assert not path.exists()


def test_what_is_opened_for_reading_in_another_way_is_never_made(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the shared-memory file cannot be made, the file is opened a second time: by then it may be gone."""

    def without_shared_memory(place: Path, query: str) -> sqlite3.Connection:
        if "mode=rw" not in query:
            place.unlink()
            return connect(place, query)
        raw = connect(place, query)
        raw.close()
        return sqlite3.connect(place.parent / "empty", factory=Closed)

    connect = sqlite._connect  # noqa: SLF001 - the moment between the two openings
    monkeypatch.setattr(sqlite, "_connect", without_shared_memory)
    with pytest.raises(NotFound) as raised:
        locate(f"sqlite:///{path}").connect()
    assert raised.value.code == "no-database"
    assert not path.exists()


class Closed(sqlite3.Connection):
    """A connection through which nothing can be read."""

    def execute(self, *_: object, **__: object) -> sqlite3.Cursor:
        """Fail as SQLite does when it cannot make a file beside the database."""
        message = "unable to open database file"
        raise sqlite3.OperationalError(message)


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
