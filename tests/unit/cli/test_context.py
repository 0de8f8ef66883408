"""What a command is told, and how it asks whether it is meant."""

from datetime import UTC, datetime

import pytest

from pdca.clock import FixedClock
from tests.unit.cli.running import run, run_on_terminal, run_process

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


def test_a_command_is_told_database_language_person_and_when_the_process_began() -> None:
    told = run(
        "--lang",
        "nl",
        "sample",
        "told",
        "--database",
        "sqlite:///a.db",
        "--as",
        "anna",
        "--json",
        clock=FixedClock(NOON),
    ).json
    assert told["database"] == "sqlite:///a.db"
    assert (told["lang"], told["as"]) == ("nl", "anna")
    assert told["opened_at"] == told["now"] == NOON.isoformat()
    assert told["requested_now"] is None


def test_the_database_is_pdca_db_in_the_current_folder_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("sample", "told", "--json").json["database"] == "sqlite:///pdca.db"
    monkeypatch.setenv("PDCA_DATABASE", "postgresql://db/zone")
    assert run("sample", "told", "--json").json["database"] == "postgresql://db/zone"


def test_another_time_is_asked_for_by_pdca_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2024-10-01T11:00:00+02:00")
    assert run("sample", "told", "--json").json["requested_now"] == "2024-10-01T09:00:00+00:00"


@pytest.mark.parametrize("text", ["tomorrow", "2024-10-01", "2024-10-01T09:00:00", "0001-01-01T00:00:00+23:00"])
def test_a_time_without_a_zone_or_sense_is_status_2(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", text)
    ran = run("sample", "told", "--json")
    assert (ran.status, ran.error["code"], ran.error["place"]["field"]) == (2, "instant-unknown", "PDCA_NOW")


def test_without_a_terminal_nothing_is_asked_and_yes_is_needed() -> None:
    ran = run_process("sample", "change")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("error[confirmation-needed]: ")
    assert "--yes" in ran.err
    assert run_process("sample", "change", "--yes").out == "changed: true\n"


@pytest.mark.parametrize(
    ("typed", "language", "status"),
    [("y\n", "en", 0), ("ja\n", "nl", 0), ("o\n", "fr", 0), ("n\n", "en", 1), ("\n", "nl", 1), ("\x04", "en", 1)],
)
def test_on_a_terminal_somebody_is_asked(typed: str, language: str, status: int) -> None:
    ran = run_on_terminal("sample", "change", "--lang", language, typed=typed)
    assert ran.status == status
    assert "Change it? [" in ran.out
    assert ("changed: true" in ran.out) == (status == 0)
