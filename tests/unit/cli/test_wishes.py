"""`pdca person wishes` and `plan ask-approval`, and the checkpoint in the foot of a mail, as they are typed."""

import io
import sys
import textwrap
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from pdca.notify.mail import plain_text
from tests.unit.cli.running import run, run_on_terminal


@pytest.fixture
def founded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with a key, in a folder of its own, and one person beside its administrator."""
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{tmp_path / 'pdca.db'}")
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(tmp_path / "apart" / "log.key"))
    monkeypatch.setenv("PDCA_NOTIFY_FOLDER", str(tmp_path / "outbox"))
    assert run("init", "--simulated", "--name", "Zone Zuid", "--zone", "Europe/Brussels").status == 0
    assert run("person", "add", "--name", "Sofie Peeters", "--login", "sofie", "--language", "nl").status == 0
    return tmp_path


@pytest.mark.usefixtures("founded")
def test_wishes_are_said_and_shown_in_words() -> None:
    assert "each message by itself" in run_on_terminal("person", "wishes", "U-002").out
    said = run(
        *("person", "wishes", "sofie", "--digest", "weekly", "--weekday", "fr", "--at", "16:00"),
        *("--quiet", "SA,su,closed", "--quiet-dates", "2026-12-24..2027-01-03", "--quiet-dates", "2027-02-01"),
        *("--channels", "mail", "--language", "fr", "--as", "sofie", "--json"),
    )
    assert said.status == 0, said.err
    view = {name: said.json[name] for name in ("language", "channels", "digest", "at", "weekday")}
    assert view == {"language": "fr", "channels": ["mail"], "digest": "weekly", "at": "16:00", "weekday": "FR"}
    shown = run("person", "wishes", "sofie", "--json").json
    assert (shown["quiet_weekdays"], shown["quiet_closed"]) == (["SA", "SU"], True)
    assert shown["quiet_dates"] == [["2026-12-24", "2027-01-03"], ["2027-02-01", "2027-02-01"]]
    words = run_on_terminal("person", "wishes", "sofie", "--lang", "nl", columns=200).out
    assert "één bericht per week, op vrijdag om 16:00 uur" in words
    cleared = run("person", "wishes", "sofie", "--quiet", "", "--quiet-dates", "", "--channels", "", "--json").json
    assert (cleared["quiet_weekdays"], cleared["quiet_closed"], cleared["quiet_dates"], cleared["channels"]) == (
        [],
        False,
        [],
        [],
    )
    assert (cleared["digest"], cleared["at"]) == ("weekly", "16:00")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--at", "7.30"), "bad-value"),
        (("--weekday", "friday"), "bad-value"),
        (("--quiet", "SA,XX"), "bad-value"),
        (("--channels", "pigeon"), "bad-value"),
        (("--quiet", "MO,TU,WE,TH,FR,SA,SU"), "no-day-left"),
        (("--quiet-dates", "2027-01-03..2026-12-24"), "quiet-backwards"),
        (("--quiet-dates", "tomorrow"), "date-unknown"),
    ],
)
@pytest.mark.usefixtures("founded")
def test_wishes_that_cannot_be_read_are_refused_with_how_they_are_written(options: tuple[str, ...], code: str) -> None:
    ran = run("person", "wishes", "sofie", *options, "--json")
    assert ran.status == 2
    assert code in ran.err + ran.out
    assert run("person", "wishes", "sofie", "--json").json["digest"] == "none"


@pytest.mark.usefixtures("founded")
def test_a_dry_run_keeps_nothing_and_somebody_else_says_nothing() -> None:
    assert run("person", "add", "--name", "Marc", "--login", "marc").status == 0
    assert run("person", "wishes", "sofie", "--digest", "daily", "--dry-run").status == 0
    assert run("person", "wishes", "sofie", "--digest", "daily", "--as", "marc").status == 3
    assert run("person", "wishes", "sofie", "--json").json["digest"] == "none"


@pytest.mark.usefixtures("founded")
def test_wishes_go_out_in_a_file_and_come_in_again_by_yaml_and_workbook(tmp_path: Path) -> None:
    wishes = ("--digest", "daily", "--quiet", "SU,CLOSED", "--quiet-dates", "2026-12-24..2027-01-03")
    assert run("person", "wishes", "sofie", *wishes).status == 0
    before = run("person", "wishes", "sofie", "--json").json
    for name in ("out.yaml", "out.xlsx"):
        assert run("export", "--out", str(tmp_path / name)).status == 0
    lines = (tmp_path / "out.yaml").read_text().split("base:")[0].splitlines()
    kept = tmp_path / "kept.yaml"
    kept.write_text("\n".join(lines) + "\n...\n")
    for name in ("out.yaml", "out.xlsx"):
        assert "already" in run("import", str(tmp_path / name), "--lang", "en").out
    assert run("person", "wishes", "sofie", "--digest", "none", "--quiet", "", "--quiet-dates", "").status == 0
    ran = run("import", str(kept))
    assert ran.status == 0, ran.err
    assert run("person", "wishes", "sofie", "--json").json == before


@pytest.mark.usefixtures("founded")
def test_a_file_that_says_nothing_of_wishes_leaves_them(tmp_path: Path) -> None:
    assert run("person", "wishes", "sofie", "--digest", "daily").status == 0
    (tmp_path / "people.yaml").write_text("---\npdca: 1\npeople:\n  - {id: sofie, name: Sofie P., language: nl}\n...\n")
    assert run("import", str(tmp_path / "people.yaml")).status == 0
    assert run("person", "wishes", "sofie", "--json").json["digest"] == "daily"


@pytest.mark.parametrize("copied", [str, lambda text: textwrap.indent(text, "> ", lambda _line: True)])
def test_an_auditor_copies_the_checkpoint_out_of_a_mail_and_proves_the_log_by_it(
    founded: Path, monkeypatch: pytest.MonkeyPatch, copied: Callable[[str], str]
) -> None:
    mail = sent_with_checkpoint(founded)
    parsed = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert verified(copied(plain_text(parsed)[1]).encode(), monkeypatch) == 0
    assert verified(mail.read_bytes(), monkeypatch) == 0
    vkey = run("audit", "key", "list", "--json").json["log_keys"][0]["vkey"]
    assert verified(mail.read_bytes(), monkeypatch, "--key", vkey) == 0
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(founded / "another.key"))
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{founded / 'another.db'}")
    assert run("init", "--simulated", "--name", "Zone Zuid").status == 0
    assert verified(mail.read_bytes(), monkeypatch) == 1


def test_where_nothing_was_signed_the_foot_has_no_checkpoint(founded: Path) -> None:
    (founded / "apart" / "log.key").unlink()
    assert b"heads" not in sent(founded).read_bytes()


def sent_with_checkpoint(founded: Path) -> Path:
    assert run("audit", "checkpoint").status == 0
    return sent(founded)


def sent(founded: Path) -> Path:
    assert run("notify", "test", "--to", "sofie@zone.example").status == 0
    [mail] = (founded / "outbox").iterdir()
    return mail


def verified(kept: bytes, monkeypatch: pytest.MonkeyPatch, *options: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(kept)))
    ran = run("audit", "verify", "--checkpoint", "-", *options)
    assert ran.status in {0, 1}, ran.err
    return ran.status
