"""Every command on a database that is not there, not ours, damaged, or deleted while it is opened.

Each gives `error[code]`, what happened, a hint, the right exit status, no traceback, and leaves everything as it was.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from pdca.errors import NotFound
from pdca.store import sqlite
from pdca.store.database import locate
from tests.fault.office import NOTED, ONLY_OPENING, READING, WRITING, at, content, said
from tests.fault.processes import ForkServer


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


@pytest.mark.parametrize("writing", [False, True])
def test_one_that_is_deleted_while_it_is_opened_is_missing_and_not_made_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch, writing: bool
) -> None:
    openings: list[str] = []

    def deleted_then(place: str, query: str) -> sqlite3.Connection:
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

    def without_shared_memory(place: str, query: str) -> sqlite3.Connection:
        if "mode=rw" not in query:
            Path(place).unlink()
            return connect(place, query)
        raw = connect(place, query)
        raw.close()
        return sqlite3.connect(Path(place).parent / "empty", factory=Closed)

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
