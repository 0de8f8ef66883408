"""`pdca audit witness`, and who demands what it signed, as the people of two houses and their auditor type them."""

import re
from pathlib import Path

import pytest

from pdca.cli.notes import read_key
from tests import standalone
from tests.unit.cli.running import Ran, run

NAME = "town.example/witness"


@pytest.fixture
def houses(monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> Path:
    """A house that signed two events and then three, its public key in `log.vkey`, and a witness that knows it."""
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(empty_folder / "apart" / "log.key"))
    monkeypatch.setenv("PDCA_AUDIT_WITNESS_FOLDER", str(empty_folder / "far" / "witness"))
    assert run("init", "--simulated", "--name", "Zone Zuid", "--zone", "Europe/Brussels").status == 0
    for name, file in (("Lea", "two"), ("Karel", "three")):
        assert run("person", "add", "--name", name).status == 0
        assert run("audit", "checkpoint", "--out", file).status == 0
    assert run("audit", "consistency", "two", "three", "--out", "grown").status == 0
    Path("log.vkey").write_text(run("audit", "key", "list", "--json").json["log_keys"][0]["vkey"] + "\n")
    made = run("audit", "witness", "init", NAME, "--key", "log.vkey", "--json")
    Path("witness.vkey").write_text(made.json["vkey"] + "\n")
    return empty_folder


def sign(*arguments: str) -> Ran:
    return run("audit", "witness", "sign", *arguments, "--json")


def test_its_key_is_read_by_its_owner_only_and_a_witness_is_never_made_over_another(houses: Path) -> None:
    folder = houses / "far" / "witness"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    before = (folder / "witness.key").read_text()
    again = run("audit", "witness", "init", NAME, "--key", "log.vkey", "--json")
    assert (again.status, again.error["code"]) == (2, "already-exists")
    assert (folder / "witness.key").read_text() == before
    (folder / "witness.key").chmod(0o640)
    assert sign("two").error["code"] == "witness-key-open"
    (folder / "witness.key").write_text("nothing\n")
    assert sign("two").error["code"] == "witness-key-unreadable"


@pytest.mark.usefixtures("houses")
def test_a_dry_run_makes_and_remembers_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dry = sign("two", "--out", "cosigned", "--dry-run")
    assert (dry.status, dry.json["size"], dry.json["note"], dry.json["new"]) == (0, 2, None, True)
    assert not Path("cosigned").exists()
    assert run("audit", "witness", "list", "--json").json["witnessed_logs"][0]["size"] is None
    assert run("audit", "witness", "trust", another_log(), "--dry-run").status == 0
    assert len(run("audit", "witness", "list", "--json").json["witnessed_logs"]) == 1
    monkeypatch.setenv("PDCA_AUDIT_WITNESS_FOLDER", str(tmp_path / "not" / "made"))
    dry = run("audit", "witness", "init", NAME, "--key", "log.vkey", "--dry-run", "--json")
    assert (dry.status, dry.json["vkey"]) == (0, None)
    assert not (tmp_path / "not" / "made").exists()


def another_log() -> str:
    return "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


@pytest.mark.usefixtures("houses")
def test_what_it_signed_is_the_checkpoint_with_a_line_more_and_is_given_again_as_it_was() -> None:
    signed = run("audit", "witness", "sign", "two")
    assert signed.out.startswith(Path("two").read_text())
    [line] = signed.out.removeprefix(Path("two").read_text()).splitlines()
    assert re.fullmatch(f"— {NAME} [A-Za-z0-9+/]{{100,}}=*", line)
    assert "cosigned, with 2 events" in signed.err
    assert sign("two", "--out", "cosigned").json["new"] is False
    assert Path("cosigned").read_text() == signed.out == run("audit", "witness", "sign", "cosigned").out
    grown = sign("grown")
    assert (grown.status, grown.json["size"], grown.json["new"]) == (0, 3, True)
    row = run("audit", "witness", "list", "--json").json["witnessed_logs"][0]
    assert (row["size"], row["root"], row["at"]) == (3, grown.json["root"], grown.json["at"])
    assert row["vkey"] == Path("witness.vkey").read_text().strip()


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        ("two", 3, "checkpoint-earlier"),
        ("forked", 3, "checkpoints-contradict"),
        ("another", 3, "log-unknown"),
        ("unsigned", 1, "note-not-signed"),
        ("words", 1, "note-unreadable"),
        ("missing", 4, "file-missing"),
        ("later", 3, "proof-begins-elsewhere"),
        ("later-forked", 3, "proof-differs"),
        ("mine", 1, "witness-forgot"),
    ],
)
def test_it_says_why_it_signs_nothing_and_remembers_what_it_did(
    houses: Path, file: str, status: int, code: str
) -> None:
    assert sign("three").status == 0
    before = run("audit", "witness", "list").out
    make_trouble(houses)
    refused = sign(file)
    assert (refused.status, refused.error["code"]) == (status, code)
    assert run("audit", "witness", "list").out == before


def make_trouble(folder: Path) -> None:
    """Write what a house that lies, or errs, could hand over."""
    from pdca.audit.checkpoint import Checkpoint
    from pdca.audit.notes import LOG_SIGNATURE, SigningKey, cosignature, sign, text_of

    log = SigningKey.parse((folder / "apart" / "log.key").read_text())
    mine = SigningKey.parse((folder / "far" / "witness" / "witness.key").read_text())
    later = sign(Checkpoint(log.name, 5, bytes(32)).text(), log)
    three = Checkpoint.parse(text_of(Path("three").read_text()))
    texts = {
        "forked": sign(Checkpoint(log.name, 3, bytes(32)).text(), log),
        "another": sign(Checkpoint("other.log", 3, bytes(32)).text(), SigningKey.new("other.log", LOG_SIGNATURE)),
        "unsigned": sign(three.text(), SigningKey.new(log.name, LOG_SIGNATURE)),
        "words": "These are words.\n",
        "later": f"old 2\n\n{later}",
        "later-forked": f"old 3\n\n{later}",
        "mine": f"old 3\n\n{later}" + cosignature(text_of(later), mine, 1),
    }
    for name, text in texts.items():
        Path(name).write_text(text)


@pytest.mark.parametrize("change", ["taken away", "emptied", "of another log", "not its own", "of no logs"])
def test_a_memory_that_is_lost_or_another_is_never_taken_for_a_beginning(houses: Path, change: str) -> None:
    folder = houses / "far" / "witness"
    [memory] = folder.glob("*.cosigned")
    assert sign("two").status == 0
    match change:
        case "taken away":
            memory.unlink()
        case "emptied":
            memory.write_text("")
        case "of another log":
            memory.write_text(memory.read_text().replace("zone-zuid", "zone-noord"))
        case "not its own":
            memory.write_text(Path("two").read_text())
        case _:
            (folder / "logs").write_text("nothing\n")
    refused = sign("grown")
    assert (refused.status, refused.error["code"]) == (1, "witness-forgot")


def test_a_log_that_is_trusted_anew_goes_on_from_what_was_cosigned(houses: Path) -> None:
    assert sign("three").status == 0
    (houses / "far" / "witness" / "logs").write_text("")
    assert sign("two").error["code"] == "log-unknown"
    assert run("audit", "witness", "trust", "log.vkey").status == 0
    assert sign("two").error["code"] == "checkpoint-earlier"


@pytest.mark.usefixtures("houses")
def test_a_house_that_changes_its_key_is_known_by_the_new_one_and_goes_on_from_where_it_was() -> None:
    assert sign("three").status == 0
    changed = run("audit", "key", "change", "--reason", "Its keeper left.", "--json").json["vkey"]
    assert run("person", "add", "--name", "Sofie").status == 0
    assert run("audit", "consistency", "three", "--out", "after").status == 0
    run("audit", "checkpoint", "--out", "five")
    assert run("audit", "consistency", "three", "five", "--out", "after-five").status == 0
    assert sign("after-five").error["code"] == "note-not-signed"
    known = run("audit", "witness", "trust", changed, "--json")
    assert (known.json["new"], run("audit", "witness", "trust", changed, "--json").json["new"]) == (True, False)
    assert sign("after-five").json["size"] == 5
    assert len(run("audit", "witness", "list", "--json").json["witnessed_logs"][0]["keys"]) == 2


@pytest.mark.usefixtures("houses")
def test_several_logs_are_cosigned_apart() -> None:
    assert run("audit", "witness", "trust", another_log()).status == 0
    assert sign("two").status == 0
    rows = run("audit", "witness", "list", "--json").json["witnessed_logs"]
    assert [(row["log"] == "example.com/foo", row["size"]) for row in rows] == [(False, 2), (True, None)]


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("init", "with space", "--key", "log.vkey"), "witness-name"),
        (("init", "another", "--key", "witness.vkey"), "not-a-log-key"),
        (("trust", "witness.vkey"), "not-a-log-key"),
        (("trust", "two"), "verifier-key-unreadable"),
    ],
)
def test_a_name_and_a_key_that_cannot_be_are_told(arguments: tuple[str, ...], code: str) -> None:
    told = run("audit", "witness", *arguments, "--json")
    assert (told.status, told.error["code"]) == (2, code)


def test_where_there_is_no_witness_it_is_said_how_to_make_one(houses: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_AUDIT_WITNESS_FOLDER", str(houses / "nowhere"))
    for arguments in (("list",), ("sign", "two"), ("trust", "log.vkey")):
        told = run("audit", "witness", *arguments, "--json")
        assert (told.status, told.error["code"]) == (4, "no-witness")
    with monkeypatch.context() as nowhere:
        nowhere.delenv("PDCA_AUDIT_WITNESS_FOLDER")
        nowhere.delenv("HOME")
        nowhere.delenv("XDG_DATA_HOME", raising=False)
        assert run("audit", "witness", "list", "--json").error["code"] == "witness-nowhere"


@pytest.mark.usefixtures("houses")
def test_who_trusts_a_witness_accepts_only_what_it_cosigned() -> None:
    assert sign("two", "--out", "two.cosigned").status == 0
    trusted = ("--key", "log.vkey", "--witness-key", "witness.vkey")
    proven = run("audit", "verify", "--checkpoint", "two.cosigned", *trusted, "--json")
    assert (proven.status, proven.json["proven"]) == (0, 2)
    plain = run("audit", "verify", "--checkpoint", "three", *trusted, "--json")
    assert (plain.status, plain.json["proven"]) == (1, 0)
    assert [one["code"] for one in plain.json["findings"]] == ["checkpoint-not-cosigned"]
    assert run("audit", "check", "two.cosigned", *trusted).status == 0
    checked = run("audit", "check", "two", "two.cosigned", *trusted, "--json")
    assert [one["code"] for one in checked.json["files"]] == ["checkpoint-not-cosigned", None]
    # The signature of a witness alone never stands for that of the log.
    of_witness = run("audit", "verify", "--checkpoint", "two.cosigned", "--key", "witness.vkey", "--json")
    assert [one["code"] for one in of_witness.json["findings"]] == ["checkpoint-not-signed"]
    note = Path("two.cosigned").read_text()
    Path("altered").write_text(note[:-6] + ("A" if note[-6] != "A" else "B") + note[-5:])
    assert run("audit", "check", "altered", *trusted, "--json").json["files"][0]["code"] == "signature-wrong"


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--checkpoint", "two", "--witness-key", "log.vkey"), "not-a-witness-key"),
        (("--witness-key", "witness.vkey"), "key-without-checkpoint"),
    ],
)
def test_a_witness_is_demanded_of_a_checkpoint_and_by_its_own_key(arguments: tuple[str, ...], code: str) -> None:
    told = run("audit", "verify", *arguments, "--json")
    assert (told.status, told.error["code"]) == (2, code)


def test_the_verifier_that_is_handed_out_demands_the_same(houses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verify = standalone.load().main
    assert sign("two", "--out", "two.cosigned").status == 0
    assert run("audit", "export", "--out", "export/").status == 0
    trusted = ("--key", "log.vkey", "--witness-key", "witness.vkey")
    assert verify(["two.cosigned", *trusted]) == 0
    assert verify(["two", *trusted]) == 1
    assert "two: town.example/witness did not cosign the checkpoint" in capsys.readouterr().out
    assert verify(["export", "--checkpoint", "two.cosigned", *trusted]) == 0
    assert verify(["export", "--checkpoint", "two", *trusted]) == 1
    for wrong in (["export", *trusted], ["two", "--key", "log.vkey", "--witness-key", "log.vkey"]):
        with pytest.raises(SystemExit):
            verify(wrong)
    assert read_key(str(houses / "witness.vkey")).name == NAME
