"""A first real day from the command line, on either database engine: found, take in, look around, have it checked."""

import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.running import Ran, environment, run_process
from tests.unit.cli.zone import EXAMPLE, PDCA, PEOPLE


class Zone:
    """The program on one database, in a folder of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environment = {"PDCA_DATABASE": url, "PDCA_NOTIFY_FOLDER": str(folder / "outbox"), "HOME": str(folder)}

    def pdca(self, *arguments: str, **changes: str) -> Ran:
        ran = run_process(*arguments, program=PDCA, **{**self.environment, **changes})
        assert "Traceback" not in ran.err
        assert "internal-error" not in ran.err
        return ran

    def done(self, *arguments: str, **changes: str) -> Ran:
        ran = self.pdca(*arguments, **changes)
        assert ran.status == 0, ran.err
        return ran


@pytest.fixture
def zone(database_url: str, tmp_path: Path) -> Zone:
    return Zone(database_url, tmp_path)


def test_a_zone_is_founded_filled_looked_at_and_checked(zone: Zone, tmp_path: Path) -> None:
    zone.done("init", "--name", "Politiezone", "--zone", "Europe/Brussels", "--dry-run")
    zone.done("init", "--name", "Politiezone", "--zone", "Europe/Brussels", "--lang", "nl")
    assert zone.pdca("init").status == 2
    assert zone.done("whoami", "--json").json["access"] == "administrator"
    zone.done("import", str(EXAMPLE), "--dry-run")
    assert zone.done("plan", "list", "--json").json["plans"] == []
    assert len(zone.done("import", str(EXAMPLE), "--json").json["plans"]) == 12
    zone.done("import", str(PEOPLE))
    assert zone.done("import", str(PEOPLE), "--json").json["added"] == {}
    zone.done("person", "add", "--name", "Zoë", "--function", "korpschef")
    zone.done("person", "appoint", "zoe", "hrm")
    assert zone.done("status", "--json").json["plans"]["plan"] == 12
    assert zone.done("board").out.count("P-0") >= 12
    assert zone.done("scheduler", "seal").status == 0
    assert zone.done("doctor", "--json").json["counts"]["problem"] == 0
    verified = zone.done("audit", "verify", "--json").json
    assert (verified["ok"], verified["unsealed"]) == (True, 0)
    log = zone.done("audit", "log", "--json").json["events"]
    assert len(log) == verified["events"] == 17
    zone.done("audit", "export", "--out", str(tmp_path / "log.jsonl"))
    assert len((tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()) == 17
    assert zone.done("init", "--upgrade", "--json").json["changed"] is False


def test_time_passes_people_are_told_and_what_is_overdue_is_seen(zone: Zone) -> None:
    zone.done("init", "--simulated", "--zone", "Europe/Brussels", PDCA_NOW="2020-01-02T08:00:00Z")
    zone.done("import", str(EXAMPLE))
    zone.done("import", str(PEOPLE))
    zone.done("simulate", "--until", "2020-07-31")
    assert zone.pdca("status", "--check").status == 10
    told = zone.done("notify", "list", "--json").json["notifications"]
    assert told
    assert {row["status"] for row in told} == {"sent"}
    assert zone.done("notify", "deliver", "--json").json["sent"] == 0
    log = zone.done("audit", "log", "--plan", "P-009", "--json").json["events"]
    assert "evaluation.missed" in {event["kind"] for event in log}
    assert zone.done("audit", "verify", "--json").json["ok"] is True


def test_a_reader_that_leaves_early_sees_no_traceback(zone: Zone) -> None:
    zone.done("init")
    zone.done("import", str(EXAMPLE))
    for command in (["audit", "log", "--json"], ["audit", "export"]):
        with subprocess.Popen(
            [*PDCA, *command],
            env=environment(**zone.environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(10)
            process.stdout.close()
            assert process.stderr.read() == b""


@pytest.mark.postgres
def test_a_founding_that_was_cut_off_on_a_server_is_completed(postgres_url: str, tmp_path: Path) -> None:
    from pdca.store.database import locate
    from pdca.store.schema import make

    make(locate(postgres_url))
    zone = Zone(postgres_url, tmp_path)
    assert zone.pdca("status").status == 4
    zone.done("init")
    assert zone.done("status").status == 0
    assert zone.pdca("init").status == 2


@pytest.mark.postgres
def test_a_server_s_database_with_other_tables_is_left_alone(postgres_url: str, tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE theirs (id integer)")
    zone = Zone(postgres_url, tmp_path)
    assert zone.pdca("init").status == 2
    assert zone.pdca("init", "--dry-run").status == 2
    assert zone.pdca("status").status == 1
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("theirs",)]


@pytest.mark.postgres
def test_a_server_that_is_away_is_worth_another_try(tmp_path: Path) -> None:
    zone = Zone("postgresql://nobody@127.0.0.1:1/zone", tmp_path)
    for command in (["status"], ["init"], ["audit", "verify"]):
        assert zone.pdca(*command).status == 75
    assert zone.pdca("doctor").status == 1
