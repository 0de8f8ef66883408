"""Wrong commands of every group: each is refused with its status, its code and its reason, and changes nothing."""

import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from pdca.house import House
from pdca.store.database import locate
from pdca.store.rows import update
from tests import seed
from tests.contract.world import EVERY_ROW, Dump, nothing_but_the_refusal
from tests.unit.cli import zone
from tests.unit.cli.running import Ran, run

HERE: Final = Path(__file__).parent
NOW: Final = datetime(2020, 1, 3, 8, tzinfo=UTC)

STANDS_FOR: Final = {
    "LONGNAME": "a" * 1_000,
    "LONG": "a" * 100_000,
    "ESCAPE": "a\x1b[2Jb",
    "NUL": "a\x00b",
    "SURROGATE": "a\udcffb",
}
BEFORE: Final = (
    "objective retain L1 --motive x --by zvr --on 2019-12",
    "programme submit zvp-2026-2031 --step 'zvr=keurt goed' --step 'minister: keurt goed'",
    "partner react P-001 --party gemeenten --text 'Te laat.' --as adelheid",
    "partner answer P-001/R1 --text 'Klopt.' --as adelheid",
    "person substitute adelheid --by claudine --from 2020-01-03 --until 2020-02-01 --reason verlof",
    "evaluation extend E-001 --to 2023-08-15 --reason 'De cijfers komen later.' --as adelheid",
    "activity set P-001/A2 after=A1",
)
RING: Final = "[4.30, 50.83], [4.31, 50.83], [4.31, 50.84]"


class Wrong(NamedTuple):
    """A wrong command, and how it is refused."""

    typed: str
    status: int
    code: str
    words: str

    @property
    def arguments(self) -> list[str]:
        return [
            f"{field}{equals}{STANDS_FOR.get(value, value)}"
            for field, equals, value in (
                word.rpartition("=") if "=" in word else ("", "", word) for word in shlex.split(self.typed)
            )
        ]


def wrong_commands() -> Iterator[Wrong]:
    for line in (HERE / "wrong_commands.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            refused, words, typed = line.split(" | ")
            status, code = refused.split()
            yield Wrong(typed, int(status), code, words)


COMMANDS: Final = tuple(wrong_commands())


class Zone:
    """The example zone as the database; its rows are compared from one command to the next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.rows = self.dump()

    def refuses(self, wrong: Wrong) -> Ran:
        ran = run(*wrong.arguments, "--json")
        before, self.rows = self.rows, self.dump()
        if wrong.status == 3:
            assert nothing_but_the_refusal(before, self.rows)
            assert self.rows["event"][-1]["kind"].endswith(".refused")
        else:
            assert self.rows == before
        return ran

    def dump(self) -> Dump:
        with locate(self.url).connect() as reading:
            return {name: reading.all(statement) for name, statement in EVERY_ROW.items()}


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database of this module's own: every command is given on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'pdca.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    with server.fresh_database() as name:
        yield server.url(name)


@pytest.fixture(scope="module")
def here(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zone]:
    """The database of the example zone, and a folder with files that are wrong."""
    folder = tmp_path_factory.mktemp("wrong")
    zone.imported_into(url)
    zone.with_next_programme(url, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("PDCA_DATABASE", url)
        patch.setenv("PDCA_NOW", NOW.isoformat())
        patch.setenv("PDCA_LANG", "en")
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        for command in BEFORE:
            ran = run(*shlex.split(command))
            assert ran.status == 0, ran.err
        write_files(folder)
        yield Zone(url)
        assert run("audit", "verify").status == 0


def write_files(folder: Path) -> None:
    text = run("export", "--plan", "P-001").out
    (folder / "binary.yaml").write_bytes(b"\xff\xfe\x00\x01")
    files = {
        "empty.yaml": "",
        "there.yaml": "x",
        "plan.yaml": text,
        "cut.yaml": text[: len(text) // 3],
        "unknown-lead.yaml": text.replace("lead: korpschef", "lead: korpschf"),
        "long.yaml": text.replace("  # note: Remark", f"  note: {STANDS_FOR['LONG']}"),
        "metres.json": '{"type": "Polygon", "coordinates": [[[148000, 169000], [148100, 169000], [148000, 169000]]]}',
        "not-closed.json": f'{{"type": "Polygon", "coordinates": [[{RING}, [4.30, 50.84]]]}}',
        "point.json": '{"type": "Point", "coordinates": [4.30, 50.83]}',
        "cut.json": '{"type":',
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("wrong", COMMANDS, ids=lambda wrong: wrong.typed)
def test_a_wrong_command_is_refused_with_its_reason_and_nothing_is_changed(wrong: Wrong, here: Zone) -> None:
    ran = here.refuses(wrong)
    assert ran.out == ""
    assert (ran.status, ran.error["code"]) == (wrong.status, wrong.code), ran.err
    assert wrong.words in told(ran.error), ran.err
    assert "Traceback" not in ran.err


def told(error: dict[str, Any]) -> str:
    """All by which somebody finds out what is wrong."""
    place = error.get("place") or {}
    needs = ", ".join(need["code"] for need in error.get("needs") or ())
    return "\n".join((error["message"], error["hint"] or "", place.get("field") or "", needs))


@pytest.fixture
def nobodys_login(here: Zone) -> Iterator[Zone]:
    """The login that runs the tests belongs to no person; it is given back afterwards."""
    gudrun = House(locate(here.url), as_person="gudrun", pretended_now=NOW)
    with gudrun.reading() as connection:
        login = gudrun.login(connection)

    def registered(name: str) -> None:
        gudrun.apply(seed.Plant([update("person", {"person_id": "U-001"}, login=name)]))
        here.rows = here.dump()

    registered("another")
    yield here
    registered(login)


@pytest.mark.parametrize(
    "typed",
    [
        "plan set P-001 note=x",
        "plan advance P-001 --trigger suspend --reason x",
        "objective retain L2 --motive x --by zvr --on 2019-12",
        "partner react P-001 --party nmbs --text x",
        "person add --name X",
    ],
)
def test_a_login_that_belongs_to_nobody_may_only_read(typed: str, nobodys_login: Zone) -> None:
    ran = nobodys_login.refuses(Wrong(typed, 3, "login-unknown", ""))
    assert (ran.status, ran.error["code"]) == (3, "login-unknown"), ran.err
    assert "person add --login" in ran.error["hint"]


def test_more_than_a_hundred_wrong_files_and_commands_are_refused(
    record_property: Callable[[str, object], None],
) -> None:
    counted = {
        "files": len(list((HERE / "bad_input").glob("*.yaml"))),
        "definitions": len(list((HERE / "wrong_definitions").glob("*.toml"))) - len({"expected", "right"}),
        "commands": len(COMMANDS),
    }
    for name, number in counted.items():
        record_property(name, number)
    assert len({wrong.arguments[0] for wrong in COMMANDS}) >= 25
    assert counted["commands"] >= 250
    assert sum(counted.values()) >= 350
