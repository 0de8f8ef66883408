"""Is everything in order? As far as that can be told of whatever is there."""

import sqlite3
from pathlib import Path

import pytest

from pdca.cli.doctor import STATUS_WORDS
from pdca.report.health import NAMES
from tests.unit.cli.running import Ran, run, run_on_terminal


def checks(ran: Ran) -> dict[str, str]:
    return {row["check"]: row["status"] for row in ran.json["checks"]}


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.usefixtures("zone_at_start")
def test_a_sound_installation_has_no_problem() -> None:
    ran = run("doctor", "--json")
    assert ran.status == 0
    found = checks(ran)
    assert set(found.values()) <= {"ok", "warning"}
    # Neither of these is set up.
    assert set(found) == set(NAMES) - {"webhook", "chat"}
    assert ran.json["counts"]["problem"] == 0


def test_a_database_that_is_not_there_is_a_problem_and_the_rest_is_told() -> None:
    ran = run("doctor", "--json")
    assert ran.status == 1
    assert checks(ran)["database"] == "problem"
    assert checks(ran)["settings"] == checks(ran)["notify"] == "ok"


@pytest.mark.parametrize("content", [b"", b"a letter to the mayor", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_whatever_stands_in_the_place_of_the_database_is_named(content: bytes, empty_folder: Path) -> None:
    (empty_folder / "pdca.db").write_bytes(content)
    ran = run("doctor", "--json")
    assert ran.status == 1
    assert "problem" in checks(ran).values()


def test_damage_in_the_middle_of_the_file_is_found(zone_at_start: Path) -> None:
    content = bytearray(zone_at_start.read_bytes())
    content[40_000:44_000] = b"\xab" * 4_000
    zone_at_start.write_bytes(content)
    ran = run("doctor", "--json")
    assert ran.status == 1
    assert "Traceback" not in ran.err


def test_another_schema_is_a_problem(zone_at_start: Path) -> None:
    change(zone_at_start, "UPDATE alembic_version SET version_num = '9999'")
    found = checks(run("doctor", "--json"))
    assert (found["schema"], found["file"]) == ("problem", "ok")
    assert "triggers" not in found


def test_a_setting_that_is_not_understood_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_SMTP_PORT", "many")
    ran = run("doctor", "--json")
    assert (ran.status, checks(ran)) == (1, {"settings": "problem"})


def test_mail_without_a_server_is_a_problem(zone_at_start: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert zone_at_start.exists()
    monkeypatch.setenv("PDCA_NOTIFY_CHANNEL", "smtp")
    assert checks(run("doctor", "--json"))["notify"] == "problem"


@pytest.mark.parametrize(
    ("statements", "check", "status"),
    [
        (["DROP TRIGGER event_no_update"], "triggers", "problem"),
        (["UPDATE person SET login = NULL"], "administrators", "problem"),
        (["UPDATE person SET login = NULL"], "login", "warning"),
        (["UPDATE plan SET zone = 'Mars/Olympus' WHERE plan_id = 'P-001'"], "zones", "problem"),
        (["UPDATE plan SET lead_id = NULL WHERE plan_id = 'P-001'"], "leads", "warning"),
        (["DELETE FROM appointment"], "people", "warning"),
        (
            ["UPDATE deadline SET status = 'set_aside', error = 'broken' WHERE plan_id = 'P-007'"],
            "deadlines",
            "problem",
        ),
        (["DELETE FROM installation"], "installation", "problem"),
    ],
)
def test_what_is_wrong_in_the_database_is_named(
    statements: list[str], check: str, status: str, zone_at_start: Path
) -> None:
    assert checks(run("doctor", "--json"))[check] == "ok"
    change(zone_at_start, *statements)
    ran = run("doctor", "--json")
    assert checks(ran)[check] == status
    assert ran.status == (1 if "problem" in checks(ran).values() else 0)


def test_messages_that_were_given_up_are_told(neglected_zone: Path) -> None:
    assert checks(run("doctor", "--json"))["messages"] == "ok"
    change(neglected_zone, "UPDATE notification SET status = 'dead' WHERE notification_id LIKE '%.1'")
    assert checks(run("doctor", "--json"))["messages"] == "warning"


def test_why_messages_wait_although_they_were_tried_is_told(neglected_zone: Path) -> None:
    held_up = (
        "UPDATE notification SET status = 'pending', attempts = {attempts}, last_error = 'hooks: 401' WHERE seq = 2"
    )
    change(neglected_zone, held_up.format(attempts=2))
    assert "hooks: 401" not in run("doctor", "--json").out
    assert run("scheduler", "status", "--json").json["held_up"] == []
    change(neglected_zone, held_up.format(attempts=3))
    ran = run("doctor", "--json")
    assert checks(ran)["messages"] == "warning"
    assert "several times and still wait" in ran.out
    assert "hooks: 401" in ran.out
    [one] = run("scheduler", "status", "--json").json["held_up"]
    assert (one["channel"], one["reason"]) == ("mail", "hooks: 401")
    assert "still wait" in run("scheduler", "status", "--format", "table").out


def test_a_real_installation_whose_scheduler_never_ran_is_told(empty_folder: Path) -> None:
    run("init", "--zone", "Europe/Brussels")
    assert checks(run("doctor", "--json"))["scheduler"] == "ok"
    change(
        empty_folder / "pdca.db",
        "INSERT INTO heartbeat (worker, host, process, started_at, beat_at, swept_at) VALUES "
        "('w', 'h', 1, '2020-01-01T00:00:00.000000Z', '2020-01-01T00:00:00.000000Z', '2020-01-01T00:00:00.000000Z')",
    )
    assert checks(run("doctor", "--json"))["scheduler"] == "warning"
    assert "2020-01-01 00:00" in run("status").out


def test_a_file_that_everybody_can_open_is_told(zone_at_start: Path) -> None:
    zone_at_start.chmod(0o644)
    assert checks(run("doctor", "--json"))["rights"] == "warning"
    zone_at_start.chmod(0o640)
    assert checks(run("doctor", "--json"))["rights"] == "ok"


def test_nothing_is_changed(zone_at_start: Path) -> None:
    before = zone_at_start.read_bytes()
    run("doctor")
    assert zone_at_start.read_bytes() == before


@pytest.mark.usefixtures("zone_at_start")
@pytest.mark.parametrize("columns", [80, 40])
def test_it_fits_the_terminal_and_speaks_the_language(columns: int) -> None:
    ran = run_on_terminal("doctor", "--lang", "nl", columns=columns, changes={"NO_COLOR": "1"})
    assert "in orde" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= columns
    assert set(STATUS_WORDS) == {"ok", "warning", "problem"}


def test_a_webhook_and_a_chat_service_are_looked_at_when_they_are_set(zone_at_start: Path) -> None:
    key = zone_at_start.parent / "key"
    key.write_text("whsec_x")
    key.chmod(0o600)
    settings = '[webhook]\nurl = "https://hooks.zone.example"\nsecret_file = "key"\n[chat]\nservices = "slack"\n'
    (zone_at_start.parent / "pdca.toml").write_text(settings)
    found = checks(run("doctor", "--json"))
    assert (found["webhook"], found["chat"]) == ("ok", "problem")
    key.chmod(0o644)
    assert checks(run("doctor", "--json"))["webhook"] == "problem"


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> Path:
    """A real installation of today, whose key lies in the folder."""
    monkeypatch.setenv("PDCA_AUDIT_KEY_FILE", str(empty_folder / "log.key"))
    assert run("init", "--name", "Zone Zuid", "--zone", "Europe/Brussels").status == 0
    assert run("audit", "checkpoint").status == 0
    return empty_folder / "log.key"


def signing() -> tuple[str, str]:
    (row,) = [row for row in run("doctor", "--json").json["checks"] if row["check"] == "signing"]
    return row["status"], row["message"]


def test_where_the_key_of_the_log_is_and_when_it_last_signed_is_told(signed: Path) -> None:
    status, message = signing()
    assert status == "ok"
    assert str(signed) in message
    assert "with 1 event." in message
    signed.rename(signed.with_name("away"))
    status, message = signing()
    assert status == "ok"
    assert "not on this machine" in message


def test_a_log_that_grew_and_was_not_signed_for_more_than_a_day_is_told(signed: Path) -> None:
    change(
        signed.with_name("pdca.db"),
        "DROP TRIGGER checkpoint_no_update",
        "UPDATE checkpoint SET at = '2020-01-01T00:00:00.000000Z'",
    )
    assert signing()[0] == "ok"
    assert run("person", "add", "--name", "Lea").status == 0
    status, message = signing()
    assert status == "warning"
    assert "2020-01-01 00:00" in message


def test_a_key_that_others_may_read_is_a_problem(signed: Path) -> None:
    signed.chmod(0o644)
    assert signing()[0] == "problem"
