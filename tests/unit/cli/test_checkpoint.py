"""`pdca audit checkpoint`, `audit key` and `audit verify --checkpoint`, as an auditor types them."""

import io
import sys
from pathlib import Path

import pytest

from tests.unit.cli.running import run, run_on_terminal


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in a folder of its own, with its key apart."""
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'pdca.db'}")
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(tmp_path / "apart" / "log.key"))
    assert run("init", "--simulated", "--name", "Zone Zuid", "--zone", "Europe/Brussels").status == 0
    return tmp_path


def add(name: str) -> None:
    assert run("person", "add", "--name", name).status == 0


def test_a_founded_log_has_a_key_that_only_its_owner_reads_and_that_is_not_in_the_database(founded: Path) -> None:
    key = founded / "apart" / "log.key"
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    secret = key.read_text().strip().split("+", 4)[4]
    assert all(secret.encode() not in path.read_bytes() for path in founded.glob("pdca.db*"))
    listed = run("audit", "key", "list", "--json").json["log_keys"]
    assert [(row["number"], row["retired_at"], row["file"], row["here"]) for row in listed] == [
        (1, None, str(key), True)
    ]
    assert str(key) in run_on_terminal("audit", "key", "list").out.replace("\r\n", "")


def test_a_dry_run_and_a_founding_that_fails_leave_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(tmp_path / "log.key"))
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'pdca.db'}")
    assert run("init", "--dry-run").status == 0
    (tmp_path / "pdca.db").write_text("something")
    assert run("init").status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["pdca.db"]


def test_a_key_that_is_there_already_is_never_replaced_by_a_founding(founded: Path) -> None:
    before = (founded / "apart" / "log.key").read_text()
    ran = run("init", "--database", f"sqlite:///{founded / 'another.db'}")
    assert ran.status == 2
    assert (founded / "apart" / "log.key").read_text() == before
    assert not (founded / "another.db").exists()


def test_what_was_kept_proves_the_log_later_and_finds_another_log_out(
    founded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("Lea")
    kept = founded / "kept"
    assert run("audit", "checkpoint", "--out", str(kept)).status == 0
    assert kept.read_text() == run("audit", "checkpoint").out
    add("Karel")
    view = run("audit", "verify", "--checkpoint", str(kept), "--json")
    assert (view.status, view.json["proven"], view.json["events"]) == (0, 2, 3)
    vkey = run("audit", "key", "list", "--json").json["log_keys"][0]["vkey"]
    assert run("audit", "verify", "--checkpoint", str(kept), "--key", vkey).status == 0
    (founded / "vkey").write_text(f"{vkey}\n")
    assert run("audit", "verify", "--checkpoint", str(kept), "--key", str(founded / "vkey")).status == 0
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(founded / "another.key"))
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{founded / 'another.db'}")
    assert run("init", "--simulated", "--name", "Zone Zuid").status == 0
    another = run("audit", "verify", "--checkpoint", str(kept))
    assert another.status == 1
    assert "log-shorter" in another.out


def test_where_the_key_is_not_the_last_note_is_given_with_how_much_came_after_it(founded: Path) -> None:
    signed = run("audit", "checkpoint").out
    add("Lea")
    (founded / "apart" / "log.key").rename(founded / "away")
    ran = run("audit", "checkpoint", "--json")
    assert (ran.json["note"], ran.json["events_after"], ran.json["signed"]) == (signed, 1, False)
    assert "1 event came after" in run("audit", "checkpoint").err


def test_nothing_is_given_where_nothing_was_signed(founded: Path) -> None:
    (founded / "apart" / "log.key").unlink()
    ran = run("audit", "checkpoint", "--json")
    assert (ran.status, ran.error["code"]) == (1, "nothing-signed")


def test_a_changed_key_is_told_with_its_file(founded: Path) -> None:
    ran = run("audit", "key", "change", "--reason", "Seen by somebody.", "--json")
    assert ran.json["file"] == str(founded / "apart" / "log.key")
    assert run("audit", "key", "list", "--json").json["log_keys"][1]["vkey"] == ran.json["vkey"]
    assert run("audit", "key", "change").status == 2
    assert run("audit", "verify").status == 0


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("--checkpoint", "missing"), 4, "file-missing"),
        (("--checkpoint", "pdca.db"), 2, "not-utf-8"),
        (("--checkpoint", "."), 1, "file-unreadable"),
        (("--checkpoint", "words"), 2, "note-unreadable"),
        (("--key", "words"), 2, "key-without-checkpoint"),
        (("--checkpoint", "kept", "--key", "a+b+c"), 2, "verifier-key-unreadable"),
        (("--checkpoint", "kept", "--key", "words"), 2, "verifier-key-unreadable"),
        (("--checkpoint", "kept", "--key", "missing"), 4, "file-missing"),
    ],
)
def test_what_is_no_checkpoint_and_no_key_is_told(
    founded: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], status: int, code: str
) -> None:
    monkeypatch.chdir(founded)
    assert run("audit", "checkpoint", "--out", "kept").status == 0
    (founded / "words").write_text("These are words.\n")
    ran = run("audit", "verify", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)


@pytest.mark.usefixtures("founded")
def test_a_checkpoint_is_read_from_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    note = run("audit", "checkpoint").out
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(note.encode())))
    assert "vouches" in run("audit", "verify", "--checkpoint", "-").out


def test_what_cannot_be_signed_is_told_and_keeps_no_date_back(founded: Path) -> None:
    (founded / "apart" / "log.key").write_text("nothing\n")
    ran = run("scheduler", "sweep", "--json")
    assert (ran.status, ran.json["enforced"], ran.json["not_signed"]) == (0, 0, "key-unreadable")
    assert "does not hold a key" in ran.err
