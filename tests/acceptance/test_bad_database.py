"""Whatever stands where the database should be: a message, a hint, the exit status, and it is as it was."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.running import run
from tests.unit.cli.zone import EXAMPLE, imported

COMMANDS = (
    ("status",),
    ("board",),
    ("plan", "list"),
    ("evaluation", "list"),
    ("person", "list"),
    ("person", "add", "--name", "Zoë"),
    ("whoami",),
    ("audit", "log"),
    ("audit", "verify"),
    ("audit", "export"),
    ("notify", "list"),
    ("notify", "deliver"),
    ("import", str(EXAMPLE)),
    ("init", "--upgrade"),
)


def _missing(_path: Path) -> None:
    pass


def _text(path: Path) -> None:
    path.write_text("Dear mayor,\n" * 200)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _other(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (id)")
    connection.close()


def _of_schema(version: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        imported(path.parent)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.close()

    return make


def _cut_off(path: Path) -> None:
    imported(path.parent)
    path.write_bytes(path.read_bytes()[:50_000])


KINDS: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "missing": (_missing, {"no-database"}),
    "text": (_text, {"not-a-database"}),
    "empty": (_empty, {"not-a-pdca-database"}),
    "of another program": (_other, {"not-a-pdca-database"}),
    "newer": (_of_schema("9999"), {"schema-newer"}),
    "cut off": (_cut_off, {"not-a-database", "database-error"}),
}


@pytest.fixture(scope="module", params=KINDS)
def bad(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    make, codes = KINDS[request.param]
    path = tmp_path_factory.mktemp("bad") / "pdca.db"
    make(path)
    return path, codes


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_crashes_on_it_or_changes_it(arguments: tuple[str, ...], bad: tuple[Path, set[str]]) -> None:
    path, codes = bad
    before = path.read_bytes() if path.exists() else None
    ran = run(*arguments, "--database", f"sqlite:///{path}", "--json")
    if arguments == ("audit", "export"):
        ran = run(*arguments, "--database", f"sqlite:///{path}", "--format", "jsonl")
        assert any(f'"{code}"' in ran.err for code in codes)
        assert ran.error["hint"]
    else:
        assert ran.error["code"] in codes, ran.err
        assert ran.error["hint"]
        assert ran.error["exit_status"] == ran.status
    assert ran.status in (1, 4)
    assert ran.out == ""
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_doctor_looks_at_it_as_far_as_can_be(bad: tuple[Path, set[str]]) -> None:
    path, _codes = bad
    ran = run("doctor", "--database", f"sqlite:///{path}", "--json")
    assert ran.status == 1
    assert ran.json["counts"]["problem"] >= 1
    assert ran.err == ""
