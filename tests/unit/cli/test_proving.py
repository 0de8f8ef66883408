"""`pdca audit proof`, `consistency`, `dossier`, `check`, and the export into a folder, as an auditor types them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pdca.audit.notes import COSIGNATURE, SigningKey
from pdca.log_folder import ENCLOSED
from tests import standalone
from tests.unit.audit.exports import LOG, NEXT, Built, event, lay, naming
from tests.unit.cli.running import run

REASON = "Omdat het zo is."


@pytest.fixture
def founded(monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> Path:
    """An installation that was signed with two events and with four."""
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(empty_folder / "apart" / "log.key"))
    assert run("init", "--simulated", "--name", "Zone Zuid", "--zone", "Europe/Brussels").status == 0
    add("Lea")
    assert run("audit", "checkpoint", "--out", "old").status == 0
    add("Karel")
    add("Sofie")
    assert run("audit", "checkpoint", "--out", "new").status == 0
    (empty_folder / "key").write_text(vkey() + "\n")
    return empty_folder


def add(name: str) -> None:
    assert run("person", "add", "--name", name).status == 0


def vkey() -> str:
    key: str = run("audit", "key", "list", "--json").json["log_keys"][0]["vkey"]
    return key


def test_what_was_taken_out_is_checked_where_there_is_no_database(
    founded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("audit", "proof", "3", "--out", ".").status == 0
    assert run("audit", "consistency", "old", "--out", ".").status == 0
    assert run("audit", "proof", "2", "--checkpoint", "old", "--out", "two").status == 0
    assert Path("event-3.tlog-proof").read_text() == run("audit", "proof", "3").out
    assert Path("2-4.consistency").read_text() == run("audit", "consistency", "2", "4").out
    elsewhere = founded / "elsewhere"
    elsewhere.mkdir()
    for name in ("event-3.tlog-proof", "2-4.consistency", "two", "old", "key"):
        shutil.copy(founded / name, elsewhere)
    monkeypatch.chdir(elsewhere)
    files = ("event-3.tlog-proof", "2-4.consistency", "two", "old")
    ran = run("audit", "check", *files, "--key", "key", "--json")
    assert (ran.status, ran.json["ok"]) == (0, True)
    assert [one["kind"] for one in ran.json["files"]] == ["inclusion", "consistency", "inclusion", "checkpoint"]
    assert [one["old"] for one in ran.json["files"]] == [None, 2, None, None]
    assert ran.json["files"][0]["events"][0]["kind"] == "person.added"
    assert not list(elsewhere.glob("*.db"))
    told = run("audit", "check", *files, "--key", "key").out
    assert "among its first 4 events" in told
    assert "begins with what it had at 2" in told
    assert standalone.load().main([*files, "--key", "key"]) == 0


@pytest.mark.usefixtures("founded")
def test_checkpoints_that_no_proof_joins_are_not_said_to_be_of_one_log() -> None:
    ran = run("audit", "check", "old", "new", "--key", "key", "--json")
    assert (ran.status, ran.json["ok"]) == (3, False)
    assert [(one["ok"], one["apart"]) for one in ran.json["files"]] == [(True, 4), (True, None)]
    told = run("audit", "check", "old", "new", "--key", "key").out
    assert "NOT CHECKED that the log only grew: give the proof from 2 to 4 events" in " ".join(told.split())
    run("audit", "consistency", "old", "--out", "grown")
    assert run("audit", "check", "old", "new", "grown", "--key", "key").status == 0


def test_what_was_altered_does_not_fit(founded: Path) -> None:
    run("audit", "proof", "3", "--out", "proof")
    text = Path("proof").read_text()
    Path("proof").write_text(text.replace("index 2", "index 1"))
    ran = run("audit", "check", "proof", "--key", "key", "--json")
    assert (ran.status, ran.json["files"][0]["code"]) == (1, "proof-differs")
    assert "DOES NOT FIT" in run("audit", "check", "proof", "--key", "key").out
    assert standalone.load().main(["proof", "--key", "key"]) == 1
    assert founded.exists()


@pytest.mark.usefixtures("founded")
def test_a_checkpoint_by_another_key_does_not_fit() -> None:
    another = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    ran = run("audit", "check", "new", "--key", another, "--json")
    assert (ran.status, ran.json["files"][0]["code"]) == (1, "note-not-signed")


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("proof", "5"), 4, "event-unknown"),
        (("proof", "3", "--checkpoint", "old"), 3, "event-later"),
        (("proof", "3", "--checkpoint", "key"), 2, "note-unreadable"),
        (("consistency", "3"), 4, "checkpoint-unknown"),
        (("consistency", "new", "old"), 3, "checkpoints-unrelated"),
        (("consistency", "nothing"), 4, "file-missing"),
        (("dossier", "P-001"), 4, "plan-unknown"),
        (("proof", "3", "--out", "old"), 2, "already-exists"),
        (("export", "--out", "."), 2, "already-exists"),
    ],
)
def test_what_cannot_be_proven_is_told(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run("audit", *arguments, "--json")
    assert (ran.status, ran.error["code"]) == (status, code)


@pytest.mark.usefixtures("founded")
def test_a_proof_as_json_says_what_it_proves() -> None:
    view = run("audit", "proof", "3", "--json").json
    assert (view["kind"], view["event"], view["index"], view["size"]) == ("inclusion", 3, 2, 4)
    assert view["text"] == run("audit", "proof", "3").out


def test_a_dossier_of_a_plan_is_checked_and_opened(zone_at_start: Path) -> None:
    run("plan", "advance", "P-003", "--to", "do", "--reason", REASON, "--as", "claudine")
    assert run("audit", "checkpoint").status == 0
    assert run("audit", "dossier", "P-003", "--out", ".").status == 0
    opened = run("audit", "dossier", "P-003", "--open").out
    Path("opened").write_text(opened)
    assert REASON not in Path("P-003.dossier").read_text()
    for name, reason in (("P-003.dossier", None), ("opened", REASON)):
        ran = run("audit", "check", name, "--key", vkey(), "--json")
        assert ran.status == 0
        events = ran.json["files"][0]["events"]
        assert [event["kind"] for event in events] == ["plan.created", "plan.refused"]
        assert events[-1]["reason"] == reason
    assert REASON in run("audit", "check", "opened", "--key", vkey()).out
    assert zone_at_start.exists()


def verified(folder: Path, *arguments: str, isolated: bool = False) -> subprocess.CompletedProcess[str]:
    """Run the verifier of an export, `isolated` from every package that is installed."""
    python = [sys.executable, *(["-I", "-S"] if isolated else [])]
    command = [*python, str(folder / "verify.py"), str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env={})


def test_a_folder_holds_the_log_and_what_checks_it_anywhere(founded: Path) -> None:
    key = vkey()
    view = run("audit", "export", "--out", "out/", "--json").json
    assert (view["events"], view["checkpoints"], view["dossiers"], view["failed"]) == (4, 2, 1, [])
    folder = founded / "out"
    assert {path.name for path in folder.iterdir()} == {
        *ENCLOSED,
        "pdca-log.jsonl",
        "keys.txt",
        "checkpoints",
        "consistency",
        "dossiers",
    }
    (founded / "pdca.db").unlink()
    ran = verified(folder, "--key", key)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "4 events are vouched for by a signature" in ran.stdout


def both(folder: Path, key: str) -> int:
    """The exit status of the verifier of an export, which is that of the program too."""
    status: int = standalone.load().main([str(folder), "--key", key])
    ran = run("audit", "check", str(folder), "--key", key, "--json")
    assert (ran.status, ran.json["ok"]) == (status, status == 0)
    return status


def enclosed(folder: Path) -> list[Path]:
    """The files of an export that the verifier reads."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in ENCLOSED)


def test_an_export_from_which_a_file_was_left_out_does_not_fit(founded: Path) -> None:
    run("audit", "export", "--out", "out/")
    key, folder = vkey(), founded / "out"
    assert len(enclosed(folder)) == 6
    for path in enclosed(folder):
        path.rename(founded / "aside")
        assert both(folder, key) == 1, path
        (founded / "aside").rename(path)
    assert both(folder, key) == 0


def test_an_export_in_which_a_file_stands_for_another_does_not_fit(founded: Path) -> None:
    run("audit", "export", "--out", "out/")
    key, folder = vkey(), founded / "out"
    for path in enclosed(folder):
        before = path.read_bytes()
        for other in enclosed(folder):
            if other != path:
                path.write_bytes(other.read_bytes())
                assert both(folder, key) == 1, (path, other)
        path.write_bytes(before)


@pytest.mark.parametrize(
    "name", ["checkpoints/999999999999.checkpoint", "checkpoints/2.checkpoint", "dossiers/None.dossier"]
)
def test_an_export_with_a_checkpoint_under_another_name_does_not_fit(founded: Path, name: str) -> None:
    run("audit", "export", "--out", "out/")
    shutil.copy(founded / "out" / "checkpoints" / "000002.checkpoint", founded / "out" / name)
    assert both(founded / "out", vkey()) == 1


def test_a_dossier_up_to_an_earlier_checkpoint_does_not_fit_the_export(founded: Path) -> None:
    run("audit", "export", "--out", "out/")
    add("Piet")
    assert run("audit", "checkpoint").status == 0
    run("audit", "export", "--out", "later/")
    key, dossier = vkey(), Path("dossiers", "installation.dossier")
    assert both(founded / "later", key) == 0
    shutil.copy(founded / "out" / dossier, founded / "later" / dossier)
    assert both(founded / "later", key) == 1


def test_the_first_that_does_not_fit_is_named_again_at_the_end(founded: Path) -> None:
    run("audit", "export", "--out", "out/")
    events = founded / "out" / "pdca-log.jsonl"
    events.write_text(events.read_text().replace("person.added", "person.aDded", 1))
    ran = verified(founded / "out", "--key", vkey())
    assert ran.returncode == 1
    last = ran.stdout.splitlines()[-1]
    assert last.startswith("The first that does not fit: ")
    assert "pdca-log.jsonl: line 2" in last


@pytest.mark.usefixtures("founded")
@pytest.mark.parametrize("arguments", [("nothing",), ("old", "--key", "nothing"), ("old", "--checkpoint", "nothing")])
def test_the_verifier_does_not_understand_what_is_not_there(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as exited:
        standalone.load().main([*arguments])
    assert exited.value.code == 2


def test_without_the_package_for_signatures_the_verifier_says_what_it_could_not_check(founded: Path) -> None:
    run("audit", "export", "--out", "out/")
    ran = verified(founded / "out", "--key", vkey(), isolated=True)
    assert ran.returncode == 3
    assert "NOT CHECKED  any signature: the package `cryptography` is not there" in ran.stdout
    assert "ok           4 events are as they were hashed" in ran.stdout
    altered = founded / "out" / "pdca-log.jsonl"
    altered.write_text(altered.read_text().replace("person.added", "person.aDded", 1))
    assert verified(founded / "out", "--key", vkey(), isolated=True).returncode == 1


def test_a_log_that_does_not_fit_its_checkpoints_is_exported_all_the_same_and_said_so(founded: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(founded / "pdca.db")
    with connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE tree_leaf SET hash = zeroblob(32) WHERE leaf_index = 0")
    connection.close()
    ran = run("audit", "export", "--out", "out/", "--json")
    assert ran.status == 1
    assert ran.json["failed"]
    assert (founded / "out" / "verify.py").exists()


# --- Which key is trusted ---------------------------------------------------------------------------------------------


def test_a_key_that_came_after_the_old_one_was_lost_is_named_to_whoever_holds_the_old_one(founded: Path) -> None:
    for path in (founded / "apart").iterdir():
        path.unlink()
    assert run("audit", "key", "change", "--reason", "It is lost.").status == 0
    old, new = (one["vkey"] for one in run("audit", "key", "list", "--json").json["log_keys"])
    ran = run("audit", "verify", "--json")
    assert (ran.status, ran.json["untrusted_keys"]) == (0, [new])
    assert f"NOT TRUSTED: {new}." in " ".join(run("audit", "verify").out.split())
    ran = run("audit", "verify", "--checkpoint", "new", "--key", "key", "--json")
    assert (ran.status, ran.json["ok"], ran.json["untrusted_keys"]) == (3, False, [new])
    told = " ".join(run("audit", "verify", "--checkpoint", "new", "--key", "key").out.split())
    assert f"NOT TRUSTED: {new}." in told
    assert "Everything fits" not in told
    assert run("audit", "verify", "--checkpoint", "new", "--json").status == 0
    run("audit", "export", "--out", "out/")
    assert both(founded / "out", old) == 1
    assert run("audit", "check", "out", "--key", old, "--json").json["folders"][0]["untrusted_keys"] == [new]
    assert f"NOT TRUSTED: {new}." in " ".join(run("audit", "check", "out", "--key", old).out.split())
    assert both(founded / "out", new) == 0


def test_a_key_that_the_old_one_signed_for_is_trusted(founded: Path) -> None:
    assert run("audit", "key", "change", "--reason", "Its keeper left.").status == 0
    assert run("audit", "verify", "--json").json["untrusted_keys"] == []
    run("audit", "export", "--out", "out/")
    assert both(founded / "out", (founded / "key").read_text().strip()) == 0
    add("Jan")
    assert run("audit", "checkpoint", "--out", "later").status == 0
    ran = run("audit", "verify", "--checkpoint", "old", "--checkpoint", "later", "--key", "key", "--json")
    assert (ran.status, ran.json["ok"], ran.json["findings"]) == (0, True, [])


@pytest.mark.usefixtures("founded")
def test_a_witness_is_asked_for_only_with_the_checkpoint_that_it_cosigned() -> None:
    run("audit", "export", "--out", "out/")
    witness = str(SigningKey("example.com/witness", COSIGNATURE, bytes(32)).verifier)
    with pytest.raises(SystemExit) as stopped:
        standalone.load().main(["out", "--key", vkey(), "--witness-key", witness])
    ran = run("audit", "check", "out", "--key", "key", "--witness-key", witness)
    assert (ran.status, stopped.value.code) == (2, 2)
    assert "key-without-checkpoint" in ran.err
    assert run("audit", "check", "out", "new", "--key", "key", "--witness-key", witness).status == 1


def test_a_folder_without_any_event_is_not_checked(tmp_path: Path) -> None:
    folder = lay(tmp_path / "out", Built(()), [])
    assert both(folder, str(LOG.verifier)) == 3
    ran = run("audit", "check", str(folder), "--key", str(LOG.verifier))
    assert "NOT CHECKED: whose log this is." in ran.out


def test_a_key_that_no_checkpoint_covers_yet_is_said_in_the_result(tmp_path: Path) -> None:
    first, second = naming(LOG, 1), event("P-001")
    folder = lay(tmp_path / "out", Built((first, second)), [(2, [LOG])], [naming(NEXT, 2, first)])
    assert both(folder, str(LOG.verifier)) == 3
    ran = run("audit", "check", str(folder), "--key", str(LOG.verifier), "--json")
    [view] = ran.json["folders"]
    assert (view["events"], view["vouched"], view["waiting"]) == (2, 2, 1)
    assert (view["untrusted_keys"], view["faults"]) == ([str(NEXT.verifier)], [])
    told = " ".join(run("audit", "check", str(folder), "--key", str(LOG.verifier)).out.split())
    assert f"NOT TRUSTED: {NEXT.verifier}." in told
    assert "NOT CHECKED: 1 event that has no place in the tree yet." in told


def test_what_lies_in_an_export_or_is_given_beside_it_is_held_to_its_log(founded: Path) -> None:
    run("audit", "export", "--out", "out/")
    first = naming(LOG, 1)
    other = Built((first, event("P-001"))).note(2, LOG)
    (founded / "out" / "mine.checkpoint").write_text(other)
    assert both(founded / "out", vkey()) == 1
    ran = run("audit", "check", "out", "--key", vkey(), "--json")
    assert [one["code"] for one in ran.json["files"] if not one["ok"]] == ["not-of-this-log"]
    assert "mine.checkpoint: DOES NOT FIT. It is not of this log, but of example.com/log." in " ".join(
        run("audit", "check", "out", "--key", vkey()).out.split()
    )
    (founded / "out" / "mine.checkpoint").rename(founded / "mine")
    assert run("audit", "check", "mine", "out", "--key", vkey()).status == 1
    assert run("audit", "check", "old", "new", "out", "--key", vkey()).status == 0
    assert standalone.load().main(["old", "new", "out", "--key", vkey()]) == 0
