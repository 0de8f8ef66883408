"""`pdca reminder`, `pdca evaluation acknowledge` and `pdca plan acknowledge` as people type them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from pdca.store.driver import Statement
from tests.contract.world import MOTIVE, PLAN, World, opened_in
from tests.unit.cli.running import run, run_on_terminal

DECIDED = (
    *("reminder", "set", PLAN, "--as", "marc", "--days", "30,14,1", "--grace", "record=21"),
    *("--to", "0:lead", "--to", "3:chief", "--decided", "2024-01-05", "--reason", MOTIVE),
)


@pytest.fixture
def zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A zone whose plan was not started, as the database of the command line."""
    with opened_in(tmp_path, monkeypatch) as here:
        yield here


@contextmanager
def invented(zone: World) -> Iterator[None]:
    """Let Marc be somebody who was made up, until what is there is held against the log again."""

    def let(assumed: int) -> None:
        with zone.house.database.connect(writing=True) as connection:
            connection.begin()
            connection.run(
                Statement("by_hand", "UPDATE person SET assumed = :assumed WHERE handle = 'marc'"), assumed=assumed
            )
            connection.commit()

    let(1)
    yield
    let(0)


@pytest.mark.usefixtures("zone")
def test_what_the_group_decided_is_shown_with_what_the_method_says_besides() -> None:
    assert run(*DECIDED).status == 0
    view = json.loads(run("reminder", "show", PLAN, "--json").out)
    assert view["schema"] == "pdca.reminding/1"
    assert view["holds"] == {
        "lead_days": {"value": [30, 14, 1], "from": "decision"},
        "grace_days": {
            "start": {"value": 30, "from": "method"},
            "record": {"value": 21, "from": "decision"},
            "decide": {"value": 30, "from": "method"},
        },
        "ladder": {
            "value": [{"after_days": 0, "to": "lead"}, {"after_days": 3, "to": "chief"}],
            "from": "decision",
        },
    }
    [decision] = view["decisions"]
    assert (decision["decided_on"], decision["person_name"], decision["reason"]) == (
        "2024-01-05",
        "Marc Dubois",
        MOTIVE,
    )
    shown = " ".join(run_on_terminal("reminder", "show", PLAN, columns=120).out.split())
    assert "record the evaluation, within 21 days (by decision of the group)" in shown
    assert "Marc" in shown


@pytest.mark.usefixtures("zone")
def test_what_is_not_said_stays_and_the_method_can_hold_again() -> None:
    run(*DECIDED)
    assert run("reminder", "set", PLAN, "--as", "marc", "--days", "none", "--reason", MOTIVE).status == 0
    assert run("reminder", "set", PLAN, "--as", "marc", "--by-method", "grace", "--reason", MOTIVE).status == 0
    view = json.loads(run("reminder", "show", PLAN, "--json").out)
    assert view["holds"]["lead_days"] == {"value": [], "from": "decision"}
    assert view["holds"]["grace_days"]["record"] == {"value": 14, "from": "method"}
    assert view["holds"]["ladder"]["from"] == "decision"
    assert [one["number"] for one in view["decisions"]] == [1, 2, 3]


def test_a_dry_run_decides_nothing(zone: World) -> None:
    before = zone.dump()
    ran = run(*DECIDED, "--dry-run", "--json")
    assert (ran.status, json.loads(ran.out)["dry_run"]) == (0, True)
    assert zone.dump() == before


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    ("options", "code", "field"),
    [
        ((), "nothing-decided", None),
        (("--days", "soon"), "bad-value", "--days"),
        (("--days", "0"), "lead-time", "--days"),
        (("--days", "30,14,14"), "lead-time-twice", "--days"),
        (("--grace", "record"), "bad-value", "--grace"),
        (("--grace", "lunch=3"), "grace-unknown", "--grace"),
        (("--grace", "record=367"), "grace-days", "--grace"),
        (("--grace", "record=21", "--grace", "record=14"), "field-twice", None),
        (("--to", "lead"), "bad-value", "--to"),
        (("--to", "3:lead"), "ladder-start", "--to"),
        (("--to", "0:lead", "--to", "0:chief"), "ladder-order", "--to"),
        (("--to", "0:press"), "unknown-recipient", "--to"),
        (("--days", "7", "--by-method", "days"), "decided-twice", None),
        (("--days", "7", "--decided", "2030-01-01"), "date-to-come", None),
    ],
)
def test_what_cannot_be_decided_is_told_with_a_code_a_hint_and_the_option_that_says_it(
    options: tuple[str, ...], code: str, field: str | None
) -> None:
    ran = run("reminder", "set", PLAN, "--as", "sofie", *options, "--reason", MOTIVE, "--json")
    error = json.loads(ran.err)
    assert (ran.status, error["code"]) == (2, code)
    assert error["hint"]
    assert error.get("place", {}).get("field") == field


@pytest.mark.usefixtures("zone")
def test_who_may_not_decide_is_refused_with_all_that_is_missing() -> None:
    ran = run("reminder", "set", PLAN, "--as", "karel", "--days", "7", "--reason", " ", "--json")
    assert ran.status == 3
    assert [need["code"] for need in json.loads(ran.err)["needs"]] == ["not-in-project-group", "no-motive"]


def test_what_was_taken_up_is_told_wherever_it_is_overdue(zone: World) -> None:
    zone.take("start", "evaluate")
    zone.sweep_on(date(2024, 1, 22))
    taken = ("evaluation", "acknowledge", "e-101", "--as", "sofie", "--until", "2024-02-20", "--reason", "Bijna klaar.")
    ran = run(*taken)
    assert (ran.status, "until 2024-02-20" in ran.out) == (0, True)
    words = "acknowledged by Sofie Peeters until 2024-02-20"
    for command in (("status",), ("plan", "next", PLAN), ("evaluation", "list")):
        assert words in " ".join(run_on_terminal(*command, columns=200).out.split())
    page = " ".join(run_on_terminal("evaluation", "show", "E-101", columns=200).out.split())
    assert "taken up by Sofie Peeters on 2024-01-22, until 2024-02-20: Bijna klaar." in page
    [row] = json.loads(run("evaluation", "list", "--status", "open", "--format", "json").out)["evaluations"]
    assert (row["acknowledged_by_name"], row["acknowledged_reason"]) == ("Sofie Peeters", "Bijna klaar.")
    zone.sweep_on(date(2024, 2, 20))
    assert words not in " ".join(run_on_terminal("status", columns=200).out.split())
    for day in (date(2024, 2, 27), date(2024, 3, 12)):
        zone.sweep_on(day)
    ran = run(*taken[:-3], "2024-05-21", *taken[-2:])
    assert "until 2024-05-21; the whole ladder has been told" in " ".join(ran.out.split())


def test_the_status_says_which_evaluation_was_missed(zone: World) -> None:
    zone.sweep_on(date(2024, 4, 8))
    out = " ".join(run_on_terminal("status", columns=200).out.split())
    assert "2024-04-08 E-101: an evaluation was missed: act" in out


def test_what_is_counted_in_french_has_its_space_before_the_colon(zone: World) -> None:
    assert zone.plan()["state"] == "plan"
    assert "1 plan\N{NO-BREAK SPACE}: Plan 1" in run("status", "--lang", "fr").out


@pytest.mark.parametrize("command", [("status",), ("plan", "next", PLAN)])
def test_the_mark_behind_who_took_up_is_explained(zone: World, command: tuple[str, ...]) -> None:
    zone.sweep_on(date(2024, 2, 7))
    with invented(zone):
        assert run("plan", "acknowledge", PLAN, "--as", "marc", "--reason", MOTIVE).status == 0
        shown = run_on_terminal(*command, columns=200).out
    assert "acknowledged by Marc Dubois ~" in " ".join(shown.split())
    assert "~ assumed: not the body's own" in shown


def test_what_is_overdue_of_a_plan_is_taken_up_by_its_name(zone: World) -> None:
    zone.sweep_on(date(2024, 2, 7))
    ran = run("plan", "acknowledge", PLAN, "--as", "marc", "--reason", MOTIVE, "--json")
    assert [one["what"] for one in json.loads(ran.out)["acknowledged"]] == ["start"]
    assert "acknowledged by Marc Dubois" in run_on_terminal("status", columns=200).out


@pytest.mark.usefixtures("zone")
def test_what_is_not_overdue_is_not_taken_up() -> None:
    ran = run("plan", "acknowledge", PLAN, "--as", "marc", "--reason", MOTIVE, "--json")
    [need] = json.loads(ran.err)["needs"]
    assert (ran.status, need["code"], need["command"]) == (3, "nothing-overdue", "pdca plan next --all")
