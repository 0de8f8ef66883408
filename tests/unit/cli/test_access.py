"""Trying what one has no right to: exit status 3, and a place in the log."""

import pytest

from tests.unit.cli.running import run, run_on_terminal, run_process

pytestmark = pytest.mark.usefixtures("zone_at_start")


def kept() -> list[dict[str, object]]:
    found: list[dict[str, object]] = run("audit", "log", "--kind", "access.refused", "--json").json["events"]
    return found


@pytest.mark.parametrize(
    ("arguments", "code", "trigger", "plan"),
    [
        (("plan", "advance", "AP-VERKEER", "--trigger", "start", "--reason", "x"), "read-only-access", "advance", True),
        (
            ("evaluation", "extend", "E-001", "--approve", "--reason", "x"),
            "read-only-access",
            "approve-extension",
            True,
        ),
        (("person", "add", "--name", "Zoë"), "read-only-access", "add-person", False),
        (("person", "appoint", "dorus", "hrm"), "read-only-access", "appoint", False),
        (("scheduler", "sweep"), "scheduler-not-allowed", "sweep", False),
        (("scheduler", "run"), "scheduler-not-allowed", "run", False),
        (("notify", "deliver"), "scheduler-not-allowed", "deliver", False),
    ],
)
def test_an_auditor_who_tries_to_change_something_is_in_the_log(
    arguments: tuple[str, ...], code: str, trigger: str, plan: bool
) -> None:
    ran = run(*arguments, "--as", "oda", "--json")
    assert (ran.status, ran.error["code"]) == (3, code)
    [event] = kept()
    assert (event["trigger"], event["refused"], event["actor_name"]) == (trigger, [code], "Oda Toezicht")
    assert (event["plan"] is not None) == plan
    assert run("audit", "verify").status == 0


def test_the_log_shows_it_to_people_and_with_the_plan_it_was_on() -> None:
    run("plan", "advance", "AP-VERKEER", "--trigger", "start", "--reason", "x", "--as", "oda")
    for arguments in (("--kind", "access.refused"), ("--refused",), ("--plan", "AP-VERKEER", "--last", "1")):
        shown = run_on_terminal("audit", "log", *arguments).out
        assert "access.refused" in shown
        assert "(advance)" in shown
        assert "Oda Toezicht" in shown
        assert "REFUSED: read-only-access" in shown


def test_reading_and_a_dry_run_leave_nothing() -> None:
    for tried in (
        "plan advance AP-VERKEER --trigger start --reason x --dry-run",
        "notify deliver --dry-run",
        "person add --name Zoe --dry-run",
    ):
        assert run(*tried.split(), "--as", "oda").status == 3
    for read in ("whoami", "plan list", "plan why-not AP-VERKEER", "doctor", "status", "scheduler status"):
        run(*read.split(), "--as", "oda")
    assert kept() == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("plan", "show", "caf\udce9"), "plan-unknown"), (("whoami", "--as", "caf\udce9"), "person-unknown")],
)
def test_a_word_that_is_not_unicode_names_nothing(arguments: tuple[str, ...], code: str) -> None:
    ran = run_process(*arguments, "--json")
    assert (ran.status, ran.error["code"]) == (4, code)
