"""`pdca person erase` and `pdca audit redact`, as an administrator types them."""

from pathlib import Path

import pytest

from tests.unit.cli.running import run

WHY = ("--reason", "Asked for in writing.")


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation in which Nora left."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'pdca.db'}")
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(tmp_path / "log.key"))
    assert run("init", "--simulated", "--name", "Zone Zuid", "--zone", "Europe/Brussels").status == 0
    assert run("person", "add", "--name", "Nora Nieuw", "--email", "nora@zone.example").status == 0
    return tmp_path


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("pdca.db*"))


def test_nobody_is_erased_before_it_is_confirmed(founded: Path) -> None:
    ran = run("person", "erase", "nora-nieuw", *WHY)
    assert (ran.status, "confirmation-needed" in ran.err) == (2, True)
    assert b"Nora Nieuw" in bytes_of(founded)


def test_a_dry_run_tells_and_leaves_everything(founded: Path) -> None:
    before = bytes_of(founded)
    told = run("person", "erase", "nora-nieuw", *WHY, "--dry-run", "--json").json
    assert (told["schema"], told["person"], told["values"], told["event"]) == ("pdca.person-erased/1", "U-002", 3, None)
    assert bytes_of(founded) == before


def test_who_is_erased_is_in_no_file_and_the_log_fits_and_says_so(founded: Path) -> None:
    ran = run("person", "erase", "nora-nieuw", *WHY, "--ground", "retention", "--yes")
    assert ran.status == 0
    assert "3 values are gone from 1 events." in ran.out
    assert b"Nora" not in bytes_of(founded)
    assert b"nora@" not in bytes_of(founded)
    verified = run("audit", "verify", "--json").json
    assert (verified["ok"], verified["erased"]) == (True, 3)
    assert "3 values are gone because they were erased" in run("audit", "verify").out
    again = run("person", "erase", "U-002", *WHY, "--yes")
    assert (again.status, "was erased before" in again.out) == (0, True)


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.usefixtures("founded")
def test_who_is_erased_is_listed_as_such_in_every_language(language: str) -> None:
    assert run("person", "erase", "nora-nieuw", *WHY, "--yes").status == 0
    for command in (("person", "list"), ("audit", "log")):
        assert "Nora" not in run("--lang", language, *command).out
    assert "[erased]" in run("--lang", language, "person", "list").out


@pytest.mark.usefixtures("founded")
def test_a_single_value_is_erased_by_its_name() -> None:
    added = run("person", "erase", "nora-nieuw", "--reason", "She told Sam.", "--yes", "--json").json["event"]
    ran = run("audit", "redact", str(added), "reason", *WHY, "--yes", "--json")
    assert ran.status == 0
    assert (ran.json["of_event"], ran.json["rows"]) == (added, [])
    assert "[erased]" in run("audit", "log", "--kind", "person.erased").out
    unknown = run("audit", "redact", str(added), "abc", *WHY, "--yes")
    assert (unknown.status, "commitment-unknown" in unknown.err) == (4, True)
