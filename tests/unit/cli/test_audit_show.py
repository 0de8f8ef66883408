"""One event whole: what it changed, who approved it, and what proves it."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from pdca.cli.event_words import KINDS
from pdca.cli.row_words import COLUMNS, TABLES
from pdca.i18n import LANGUAGES
from pdca.store.catalogue import FOLDED
from pdca.store.database import locate
from pdca.store.reads import exchange, log
from tests.unit.cli.running import run
from tests.unit.cli.test_audit import events, tamper


def shown(number: object) -> dict[str, Any]:
    ran = run("audit", "show", str(number), "--json")
    assert ran.status == 0, ran.err
    view: dict[str, Any] = ran.json
    assert view.pop("schema") == "pdca.event/1"
    return view


def fields(view: dict[str, Any], table: str) -> dict[str, tuple[Any, Any]]:
    return {
        one["field"]: (one["before"], one["after"])
        for change in view["changes"]
        if change["table"] == table
        for one in change["fields"]
    }


@pytest.fixture
def moved(zone_at_start: Path) -> dict[str, Any]:
    """An evaluation that was moved, as asked by one and approved by another."""
    assert zone_at_start.exists()
    ask = ("evaluation", "extend", "E-001", "--to", "2023-08-01", "--reason", "Rain.", "--as", "adelheid")
    assert run(*ask).status == 0
    assert run("evaluation", "extend", "E-001", "--approve", "--reason", "Seen.", "--as", "claudine").status == 0
    return events("--last", "1")[0]


def test_an_event_says_from_what_to_what_and_who_approved_it(moved: dict[str, Any]) -> None:
    view = shown(moved["event"])
    assert {name: view[name] for name in moved} == moved
    assert fields(view, "evaluation")["due_date"] == ("2023-07-25", "2023-08-01")
    assert [one["name"] for one in view["approved_by"]] == ["Claudine Inventée"]
    out = run("audit", "show", str(moved["event"])).out
    assert "    Date: 2023-07-25 → 2023-08-01\n" in out
    assert "  approved by: Claudine Inventée (U-004)\n" in out


def test_a_step_says_who_approved_what_it_used(zone_at_start: Path) -> None:
    assert zone_at_start.exists()
    ran = run("plan", "approve", "P-001", "--for", "start", "--reason", "Seen.", "--as", "claudine")
    assert ran.status == 0, ran.err
    assert run("plan", "advance", "P-001", "--trigger", "start", "--as", "adelheid", "--reason", "Now.").status == 0
    view = shown(events("--kind", "plan.advanced")[-1]["event"])
    assert [one["name"] for one in view["approved_by"]] == ["Claudine Inventée"]
    assert fields(view, "plan")["state"] == ("plan", "do")
    assert "Toestand: Plan → Do" in run("audit", "show", str(view["event"]), "--lang", "nl").out


def test_before_each_event_is_what_the_events_before_it_add_up_to(neglected_zone: Path) -> None:
    """Undone from the last one to the first, the changes of all events leave nothing of what is stored."""
    with locate(f"sqlite:///{neglected_zone}").connect() as connection:
        rows = {
            (name, tuple(row[column] for column in FOLDED[name].key)): row
            for name, statement in exchange.ROWS.items()
            for row in connection.all(statement)
        }
        last = connection.all(log.COUNTS)[0]["events"]
    for number in range(last, last - 40, -1):
        for change in reversed(shown(number)["changes"]):
            row = rows[change["table"], tuple(change["key"][column] for column in FOLDED[change["table"]].key)]
            for one in change["fields"]:
                assert row[one["field"]] == one["after"], (number, change)
                row[one["field"]] = one["before"]


def test_what_was_erased_is_said_to_be_and_what_is_left_is_shown(zone_at_start: Path) -> None:
    run("plan", "advance", "P-003", "--to", "do", "--reason", "secret", "--as", "claudine")
    number = str(events("--last", "1")[0]["event"])
    assert "secret" in run("audit", "show", number).out
    assert run("audit", "redact", number, "reason", "--reason", "Named somebody.", "--yes").status == 0
    ran = run("audit", "show", number)
    assert "secret" not in ran.out
    assert "why: [erased]" in ran.out
    assert zone_at_start.exists()


def test_an_event_says_its_place_its_hash_and_the_first_checkpoint_that_vouches_for_it(zone_at_start: Path) -> None:
    rows = sqlite3.connect(zone_at_start).execute("SELECT event_id, body FROM event ORDER BY event_id").fetchall()
    number, body = rows[-1]
    view = shown(number)
    assert view["hash"] == hashlib.sha256(b"\0" + body).hexdigest()
    assert view["place"] == {"leaf_index": number - 1, "fits": True, "checkpoint": None}
    assert "no checkpoint vouches for it yet" in run("audit", "show", str(number)).out
    run("audit", "key", "change", "--reason", "The first.")
    run("audit", "checkpoint")
    run("plan", "approve", "P-001", "--for", "start", "--reason", "Seen.", "--as", "claudine")
    run("audit", "checkpoint")
    vouched = shown(number)["place"]["checkpoint"]
    assert (vouched["number"], vouched["size"]) == (1, number + 1)
    assert f"checkpoint 1, of {number + 1} events, vouches for it since" in run("audit", "show", str(number)).out


def test_an_event_that_was_changed_behind_its_back_is_not_shown_as_proven(zone_at_start: Path) -> None:
    tamper(zone_at_start, "UPDATE event SET body = CAST(replace(body, 'import', 'simuli') AS BLOB) WHERE event_id = 4")
    tamper(zone_at_start, "UPDATE event SET body = CAST(replace(body, 'simuli', 'simulation') AS BLOB)")
    ran = run("audit", "show", "4")
    assert ran.status == 0, ran.err
    assert "It is NOT what was put into the tree" in ran.out


@pytest.mark.usefixtures("zone_at_start")
def test_an_event_that_there_is_none_of_is_not_found() -> None:
    ran = run("audit", "show", "999")
    assert (ran.status, ran.err.partition("]")[0]) == (4, "error[event-unknown")


def test_every_table_and_column_of_the_log_has_a_word(lived: Path) -> None:
    with sqlite3.connect(lived) as connection:
        named = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in FOLDED}
    assert set(TABLES) == set(FOLDED)
    for table, columns in named.items():
        assert set(columns) - FOLDED[table].derived <= set(COLUMNS), table


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_can_be_shown_in_every_language(language: str, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PDCA_DATABASE", f"sqlite:///{demo}")
    first = {str(event["kind"]): event["event"] for event in reversed(events())}
    assert set(first) <= set(KINDS)
    assert len(first) > 30
    for number in first.values():
        ran = run("audit", "show", str(number), "--lang", language)
        assert (ran.status, ran.err) == (0, "")
