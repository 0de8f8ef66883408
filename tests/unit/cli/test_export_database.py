"""The log as a database of SQLite: what it holds, what it does not, and that it can be verified without the program."""

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.running import run
from tests.unit.cli.test_audit import events, rows, tamper


@pytest.fixture
def signed(neglected_zone: Path) -> Path:
    """A log of which two states were signed, with a refused attempt and an erased reason in it."""
    for command in (("audit", "key", "change", "--reason", "The first."), ("audit", "checkpoint")):
        assert run(*command).status == 0
    run("plan", "advance", "P-003", "--to", "do", "--reason", "secret", "--as", "claudine")
    erased = str(events("--last", "1")[0]["event"])
    assert run("audit", "redact", erased, "reason", "--reason", "Named somebody.", "--yes").status == 0
    assert run("audit", "checkpoint").status == 0
    return neglected_zone


@pytest.fixture
def copy(signed: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    assert signed.exists()
    assert run("audit", "export", "--out", "copy.db").status == 0
    with sqlite3.connect(f"file:{tmp_path / 'copy.db'}?mode=ro", uri=True) as connection:
        yield connection
    connection.close()


def asked(connection: sqlite3.Connection, query: str) -> list[Any]:
    return connection.execute(query).fetchall()


def test_it_has_the_events_as_every_export_has_them(copy: sqlite3.Connection) -> None:
    exported = rows(run("audit", "export"))[:-1]
    assert [json.loads(line) for (line,) in asked(copy, "SELECT line FROM pdca_log")] == exported
    every = asked(copy, "SELECT event_id, leaf_hash, body FROM event ORDER BY event_id")
    assert [hashlib.sha256(b"\0" + body).digest() for _, _, body in every] == [leaf for _, leaf, _ in every]
    assert asked(copy, "SELECT leaf_index, event_id, hash FROM leaf") == [
        (number - 1, number, leaf) for number, leaf, _body in every
    ]


def test_its_views_answer_what_an_auditor_asks(copy: sqlite3.Connection) -> None:
    [refused] = events("--refused")
    assert asked(copy, "SELECT event_id, plan, codes FROM refusal") == [
        (refused["event"], "P-003", ", ".join(refused["refused"]))  # type: ignore[arg-type]
    ]
    created = asked(copy, "SELECT count(*) FROM transition WHERE days_in_from_state IS NULL")[0][0]
    assert created == len(events("--kind", "plan.created"))
    changed = asked(copy, "SELECT count(DISTINCT event_id) FROM change WHERE in_table = 'plan' AND field = 'state'")
    assert changed[0][0] == created
    # What was signed first vouches for what was there, what was signed later for the rest.
    sizes = dict(asked(copy, "SELECT number, size FROM checkpoint"))
    assert len(sizes) == 2
    for number, index in asked(copy, "SELECT by_checkpoint, leaf_index FROM proven"):
        assert number == next(one for one, size in sorted(sizes.items()) if size > index)


def test_nothing_personal_and_nothing_erased_is_in_its_bytes(copy: sqlite3.Connection, tmp_path: Path) -> None:
    content = (tmp_path / "copy.db").read_bytes()
    assert asked(copy, "SELECT count(*) FROM event")[0][0] > 10
    for text in (b"Verzonnen", b"zone-zuid.example", b"secret"):
        assert text not in content


def test_nobody_writes_to_it_and_its_hash_is_in_the_log(copy: sqlite3.Connection, tmp_path: Path) -> None:
    assert asked(copy, "PRAGMA integrity_check") == [("ok",)]
    assert (tmp_path / "copy.db").stat().st_mode & 0o222 == 0
    handed_out = events("--kind", "audit.handed_out")[-1]
    shown = run("audit", "show", str(handed_out["event"]), "--json").json["changes"][0]["fields"]
    written = {one["field"]: one["after"] for one in shown}
    assert written["sha256"] == hashlib.sha256((tmp_path / "copy.db").read_bytes()).hexdigest()
    assert (written["form"], written["events"]) == ("sqlite", asked(copy, "SELECT count(*) FROM event")[0][0])


def verified(folder: Path) -> "subprocess.CompletedProcess[str]":
    keys = [word for key in (folder / "keys.txt").read_text().splitlines() for word in ("--key", key)]
    command = [sys.executable, "-I", str(folder / "verify.py"), str(folder), *keys]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_is_verified_without_the_program_and_an_altered_one_is_not(copy: sqlite3.Connection, tmp_path: Path) -> None:
    [(unpack,)] = asked(copy, "SELECT content FROM file WHERE name = 'unpack.py'")
    (tmp_path / "unpack.py").write_bytes(unpack)
    altered = tmp_path / "altered.db"
    altered.write_bytes((tmp_path / "copy.db").read_bytes())
    with sqlite3.connect(altered) as connection:
        connection.execute("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), 'import', 'simuli') AS BLOB)")
    connection.close()
    for name in ("copy", "altered"):
        unpacking = [sys.executable, "-I", "unpack.py", f"{name}.db", name]
        subprocess.run(unpacking, check=True, cwd=tmp_path)
    ran = verified(tmp_path / "copy")
    assert ran.returncode == 0, ran.stdout
    assert "vouched for by a signature" in ran.stdout
    assert verified(tmp_path / "altered").returncode == 1


@pytest.mark.usefixtures("zone_at_start")
def test_a_database_needs_a_name() -> None:
    ran = run("audit", "export", "--format", "sqlite")
    assert (ran.status, ran.err.partition("]")[0]) == (2, "error[export-to-where")


def test_one_that_is_there_is_replaced_only_when_it_is_said(zone_at_start: Path, tmp_path: Path) -> None:
    assert zone_at_start.exists()
    out = tmp_path / "log.sqlite"
    out.write_text("mine")
    assert run("audit", "export", "--out", str(out)).status == 2
    assert out.read_text() == "mine"
    view = run("audit", "export", "--out", str(out), "--force", "--json").json
    assert (view["format"], view["file"], view["failed"]) == ("sqlite", str(out), [])


def test_an_event_that_cannot_be_read_leaves_no_database(neglected_zone: Path, tmp_path: Path) -> None:
    tamper(neglected_zone, "UPDATE event SET body = x'ff00' WHERE event_id = 9")
    ran = run("audit", "export", "--out", "log.db")
    assert (ran.status, ran.err.partition("]")[0]) == (1, "error[event-unreadable")
    assert not (tmp_path / "log.db").exists()
    assert events("--kind", "audit", "--last", "1") == []
