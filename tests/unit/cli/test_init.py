"""Founding an installation: whole or not at all, and never over something that is there."""

import os
import pwd
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

from pdca.cli.init import _machine_zone
from pdca.store.catalogue import SCHEMA_VERSION
from tests.unit.cli.running import environment, run, run_on_terminal
from tests.unit.cli.zone import PDCA

LOGIN = pwd.getpwuid(os.getuid()).pw_name


def schema_of(path: Path, version: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.close()


def test_whoever_founds_is_the_first_administrator_and_reads_what_comes_next() -> None:
    ran = run("init", "--name", "Politiezone Zuid", "--lang", "nl", "--zone", "Europe/Brussels", "--country", "be")
    assert ran.status == 0, ran.err
    assert "pdca import" in ran.out
    assert "pdca person add" in ran.out
    me = run("whoami", "--json").json
    assert (me["login"], me["person"], me["access"]) == (LOGIN, "U-001", "administrator")
    assert me["installation"] == {"nl": "Politiezone Zuid"}


def test_the_answer_for_programs_names_what_was_made() -> None:
    view = run("init", "--name", "Zone", "--zone", "Europe/Brussels", "--country", "BE", "--json").json
    assert view["schema"] == "pdca.init/1"
    assert (view["database"], view["zone"], view["country"], view["language"]) == (
        "pdca.db",
        "Europe/Brussels",
        "BE",
        "en",
    )
    assert (view["simulated"], view["event"], view["dry_run"]) == (False, 1, False)
    assert view["administrator"]["login"] == LOGIN


def test_the_log_begins_with_the_founding_by_the_administrator() -> None:
    run("init")
    (event,) = run("audit", "log", "--json").json["events"]
    assert (event["kind"], event["actor"], event["source"]) == ("installation.created", "U-001", "cli")
    assert run("audit", "verify").status == 0


def test_the_new_file_stands_alone_and_is_closed_to_others(empty_folder: Path) -> None:
    run("init")
    assert [path.name for path in empty_folder.iterdir()] == ["pdca.db"]
    assert not stat.S_IMODE((empty_folder / "pdca.db").stat().st_mode) & 0o007


@pytest.mark.parametrize("there", ["a database", "something else", "a broken link"])
def test_what_is_there_already_is_left_as_it_was(there: str, empty_folder: Path) -> None:
    file = empty_folder / "pdca.db"
    if there == "a database":
        run("init")
    elif there == "something else":
        file.write_text("a letter")
    else:
        file.symlink_to("nowhere")
    before = None if there == "a broken link" else file.read_bytes()
    ran = run("init", "--json")
    assert (ran.status, ran.error["code"]) == (2, "already-exists")
    assert file.is_symlink() if before is None else file.read_bytes() == before


def test_a_dry_run_leaves_nothing_behind(empty_folder: Path) -> None:
    assert run("init", "--dry-run").status == 0
    assert list(empty_folder.iterdir()) == []


def test_a_real_installation_cannot_be_founded_at_a_pretended_time(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDCA_NOW", "2020-01-02T08:00:00Z")
    ran = run("init", "--json")
    assert (ran.status, ran.error["code"]) == (2, "not-simulated")
    assert list(empty_folder.iterdir()) == []


def test_a_simulation_is_founded_when_it_is_told_and_shouts_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2020-01-02T09:00:00+01:00")
    ran = run("init", "--simulated")
    assert ran.out.startswith("SIMULATION")
    monkeypatch.delenv("PDCA_NOW")
    (event,) = run("audit", "log", "--json").json["events"]
    assert event["at"] == "2020-01-02T08:00:00.000000Z"
    assert run("status").out.startswith("SIMULATION")


@pytest.mark.parametrize(
    ("arguments", "code", "field"),
    [
        (["--zone", "Mars/Olympus"], "zone-unknown", "--zone"),
        (["--zone", "../../etc/passwd"], "zone-unknown", "--zone"),
        (["--country", "Belgium"], "country-unknown", "--country"),
        (["--country", "ÀÉ"], "country-unknown", "--country"),
    ],
)
def test_a_zone_or_country_that_does_not_exist_founds_nothing(
    arguments: list[str], code: str, field: str, empty_folder: Path
) -> None:
    ran = run("init", *arguments, "--json")
    assert (ran.status, ran.error["code"], ran.error["place"]["field"]) == (2, code, field)
    assert list(empty_folder.iterdir()) == []


def test_without_a_zone_it_is_the_one_the_machine_is_in() -> None:
    assert _machine_zone({"TZ": "America/New_York"}) == "America/New_York"
    assert _machine_zone({"TZ": ":Asia/Tokyo"}) == "Asia/Tokyo"
    assert _machine_zone({"TZ": "no such zone"}) == _machine_zone({})


def test_a_folder_that_is_not_there_is_not_made(empty_folder: Path) -> None:
    ran = run("init", "--database", f"sqlite:///{empty_folder}/nowhere/pdca.db", "--json")
    assert (ran.status, ran.error["code"]) == (1, "file-not-made")
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("kib", [1, 40, 150, 300])
def test_without_room_there_is_no_half_database(kib: int, empty_folder: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f'ulimit -f {kib}; exec "$@"', "-", *PDCA, "init", "--json"],  # noqa: S607 - the shell's own limit
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert str(empty_folder / "pdca.db") in done.stderr or "pdca.db" in done.stderr
    assert ".new" not in done.stderr
    assert list(empty_folder.iterdir()) == []


@pytest.mark.parametrize("seconds", [0.2, 0.4, 0.6, 0.8])
def test_a_kill_leaves_a_whole_database_or_none(seconds: float, empty_folder: Path) -> None:
    with subprocess.Popen([*PDCA, "init"], env=environment(), stdout=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    if (empty_folder / "pdca.db").exists():
        assert run("audit", "verify").status == 0
    else:
        assert run("init").status == 0


def test_an_upgrade_of_a_database_that_is_up_to_date_changes_nothing(empty_folder: Path) -> None:
    run("init")
    before = (empty_folder / "pdca.db").read_bytes()
    view = run("init", "--upgrade", "--json").json
    assert (view["changed"], view["version"]) == (False, SCHEMA_VERSION)
    assert (empty_folder / "pdca.db").read_bytes() == before


def test_a_newer_database_is_not_upgraded(empty_folder: Path) -> None:
    run("init")
    schema_of(empty_folder / "pdca.db", "9999")
    ran = run("init", "--upgrade", "--json")
    assert (ran.status, ran.error["code"]) == (1, "schema-newer")


def test_a_database_of_another_program_gets_no_tables_of_ours(empty_folder: Path) -> None:
    with sqlite3.connect(empty_folder / "pdca.db") as connection:
        connection.execute("CREATE TABLE theirs (id)")
    ran = run("init", "--upgrade", "--json")
    assert (ran.status, ran.error["code"]) == (1, "not-a-pdca-database")
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]
    connection.close()


def test_there_is_nothing_to_upgrade_where_there_is_nothing() -> None:
    assert run("init", "--upgrade").status == 4


def test_an_upgrade_takes_no_name() -> None:
    ran = run("init", "--upgrade", "--name", "Zone", "--json")
    assert (ran.status, ran.error["code"]) == (2, "upgrade-alone")


def test_it_speaks_the_language_on_a_narrow_terminal() -> None:
    ran = run_on_terminal("init", "--lang", "fr", columns=40)
    assert ran.status == 0
    assert "Vous en êtes" in ran.out
    assert max(len(line) for line in ran.out.splitlines() if "pdca" not in line) <= 40
