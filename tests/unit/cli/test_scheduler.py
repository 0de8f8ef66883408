"""`pdca scheduler sweep` and `retry` when a plan stands in the way."""

import sqlite3
from pathlib import Path

import pytest

from tests.unit.cli.running import run


@pytest.fixture(autouse=True)
def years_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_NOW", "2030-01-01T00:00:00Z")


def change(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def checks() -> dict[str, str]:
    return {check["check"]: check["status"] for check in run("doctor", "--json").json["checks"]}


def test_a_sweep_that_could_not_enforce_everything_says_so_and_exits_1_until_it_is_taken_up(
    zone_at_start: Path,
) -> None:
    change(zone_at_start, "UPDATE plan SET state = 'nowhere' WHERE plan_id = 'P-003'")
    ran = run("scheduler", "sweep", "--json")
    assert ran.status == 1
    assert (ran.json["set_aside"] > 0, ran.json["failed"], ran.json["enforced"] > 10) == (True, 0, True)
    assert ran.error["code"] == "not-enforced"
    assert "pdca scheduler retry" in ran.error["hint"]
    assert run("scheduler", "sweep").status == 0
    assert run("status", "--check").status == 10
    assert any(row["plan"] == "P-003" and row["late"] for row in run("plan", "next", "--all", "--json").json["next"])
    change(zone_at_start, "UPDATE plan SET state = 'plan' WHERE plan_id = 'P-003'")
    assert checks()["deadlines"] == "problem"
    dry = run("scheduler", "retry", "--reason", "put right", "--dry-run", "--json")
    assert (dry.status, dry.json["dry_run"], len(dry.json["deadlines"])) == (0, True, ran.json["set_aside"])
    unknown = run("scheduler", "retry", "P-404/start/1", "--reason", "put right", "--json")
    assert (unknown.status, unknown.error["code"]) == (4, "deadline-unknown")
    assert dry.json["deadlines"][0] in unknown.error["hint"]
    taken = run("scheduler", "retry", "--reason", "put right", "--json")
    assert (taken.status, taken.json["deadlines"]) == (0, dry.json["deadlines"])
    assert taken.json["enforced"] >= len(taken.json["deadlines"])
    assert checks()["deadlines"] == "ok"
    assert run("scheduler", "retry", "--reason", "again").out.strip() == "Nothing is set aside."


def test_what_cannot_be_enforced_after_a_retry_either_is_said_at_once(zone_at_start: Path) -> None:
    change(zone_at_start, "UPDATE plan SET state = 'nowhere' WHERE plan_id = 'P-003'")
    aside = run("scheduler", "sweep", "--json").json["set_aside"]
    again = run("scheduler", "retry", "--reason", "I hoped so", "--json")
    assert (again.status, again.error["code"], again.json["set_aside"]) == (1, "not-enforced", aside)


def test_what_could_not_even_be_set_aside_is_a_problem_that_doctor_names(zone_at_start: Path) -> None:
    change(zone_at_start, "UPDATE plan SET head = 'broken' WHERE plan_id = 'P-003'")
    ran = run("scheduler", "sweep", "--json")
    assert (ran.status, ran.error["code"], ran.json["set_aside"]) == (1, "not-enforced", 0)
    assert ran.json["failed"] > 0
    assert ran.json["enforced"] > 10
    found = next(one for one in run("doctor", "--json").json["checks"] if one["check"] == "deadlines")
    assert (found["status"], "P-003" in found["message"] or "E-" in found["message"]) == ("problem", True)
    assert run("scheduler", "sweep").status == 1


@pytest.mark.usefixtures("zone_at_start")
def test_people_read_instants_to_the_minute_and_programs_in_full() -> None:
    assert run("scheduler", "sweep").status == 0
    assert run("scheduler", "status", "--json").json["last_sweep"] == "2030-01-01T00:00:00.000000Z"
    words = run("scheduler", "status", "--format", "table").out
    assert "The scheduler last swept at 2030-01-01 00:00 UTC." in words
    assert "done 2030-01-01 00:00 UTC" in words
    assert "00Z" not in words
