"""Reading, verifying and exporting the log."""

import csv
import hashlib
import io
import json
import sqlite3
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from pdca.store.database import locate
from pdca.store.reads import log
from tests.unit.cli.running import Ran, environment, run, run_on_terminal
from tests.unit.cli.zone import PDCA

if TYPE_CHECKING:
    from collections.abc import Generator

    from pdca.store.driver import Row

MEMBERS = {
    "event",
    "kind",
    "plan",
    "trigger",
    "from",
    "to",
    "at",
    "actor",
    "actor_name",
    "on_behalf_of",
    "reason",
    "source",
    "evaluation",
    "refused",
    "due_at",
    "held_until",
    "late_seconds",
}


def events(*arguments: str) -> list[dict[str, object]]:
    ran = run("audit", "log", *arguments, "--json")
    assert ran.status == 0, ran.err
    assert ran.json["schema"] == "pdca.events/1"
    found: list[dict[str, object]] = ran.json["events"]
    return found


def tamper(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _name, sql in triggers:
            connection.execute(sql)
    connection.close()


def test_every_event_says_who_when_what_and_why(neglected_zone: Path) -> None:
    assert neglected_zone.exists()
    ran = run("plan", "advance", "P-003", "--to", "do", "--reason", "It is time.", "--as", "claudine")
    assert ran.status == 3
    every = events()
    assert all(set(event) >= MEMBERS for event in every)
    assert [event["event"] for event in every] == list(range(1, len(every) + 1))
    last = every[-1]
    assert (last["kind"], last["plan"], last["from"], last["trigger"]) == ("plan.refused", "P-003", "plan", "start")
    assert (last["actor_name"], last["reason"]) == ("Claudine Inventée", "It is time.")
    assert last["refused"]
    enforced = next(event for event in every if event["due_at"])
    assert (enforced["actor"], enforced["late_seconds"]) == ("scheduler", 0)


@pytest.mark.usefixtures("neglected_zone")
def test_the_log_is_chosen_from_by_plan_date_kind_refusal_and_number() -> None:
    run("plan", "advance", "P-003", "--to", "do", "--reason", "x", "--as", "claudine")
    every = events()
    assert events("--plan", "ap-fiets") == [event for event in every if event["plan"] == "P-009"]
    assert events("--refused") == every[-1:]
    assert events("--last", "2") == every[-2:]
    assert events("--kind", "plan.created") == [event for event in every if event["kind"] == "plan.created"]
    late = [event for event in every if str(event["at"]) >= "2020-06-30T22"]
    assert late
    assert events("--since", "2020-07-01") == events("--since", "2020-06-30T22:00:00Z") == late
    assert events("--until", "2020-07-01") == every[: -len(late)]


@pytest.mark.usefixtures("neglected_zone")
def test_the_log_is_chosen_from_by_person_way_and_beginning_of_a_kind_all_at_once() -> None:
    run("plan", "advance", "P-003", "--to", "do", "--reason", "x", "--as", "claudine")
    every = events()
    hers = events("--person", "claudine")
    assert hers == events("--person", "U-004") == [event for event in every if event["actor"] == "U-004"]
    assert events("--person", "scheduler") == [event for event in every if event["actor"] == "scheduler"]
    assert events("--source", "import") == [event for event in every if event["source"] == "import"]
    overdue = events("--kind", "evaluation", "--kind", "plan.overdue")
    assert overdue == [
        event for event in every if str(event["kind"]).startswith("evaluation.") or event["kind"] == "plan.overdue"
    ]
    assert len({str(event["kind"]) for event in overdue}) > 2
    assert events("--person", "claudine", "--refused", "--kind", "plan.", "--plan", "P-003") == hers
    assert events("--behalf", "any") == events("--behalf", "claudine") == []
    assert events("--refused", "--kind", "plan.advanced") == []


@pytest.mark.usefixtures("neglected_zone")
def test_what_an_erased_person_did_is_found_by_number() -> None:
    run("plan", "advance", "P-003", "--to", "do", "--reason", "x", "--as", "dorus")
    before = events("--person", "dorus")
    assert run("person", "erase", "dorus", "--reason", "Asked.", "--yes").status == 0
    after = events("--person", "U-005")
    assert [event["event"] for event in after] == [event["event"] for event in before]
    assert {event["actor_name"] for event in after} == {"[erased]"}


@pytest.mark.usefixtures("neglected_zone")
@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        (("--kind", "nonsense"), 2, "kind-unknown"),
        (("--person", "nobody"), 4, "person-unknown"),
        (("--behalf", "nobody"), 4, "person-unknown"),
        (("--since", "2021-01-01", "--until", "2020-01-01"), 2, "days-backwards"),
    ],
)
def test_what_cannot_be_asked_is_said(asked: tuple[str, ...], status: int, code: str) -> None:
    ran = run("audit", "log", *asked)
    assert (ran.status, ran.err.partition("]")[0]) == (status, f"error[{code}")


@pytest.mark.usefixtures("zone_at_start")
def test_a_date_that_is_none_is_not_understood() -> None:
    assert run("audit", "log", "--since", "yesterday").status == 2
    assert run("audit", "log", "--since", "2020-01-01T00:00").status == 2
    assert run("audit", "log", "--plan", "P-999").status == 4


def test_a_reason_that_was_erased_is_shown_as_such(neglected_zone: Path) -> None:
    run("plan", "advance", "P-003", "--to", "do", "--reason", "secret", "--as", "claudine")
    tamper(neglected_zone, "DELETE FROM event_private")
    assert events("--last", "1")[0]["reason"] == "[erased]"
    assert "secret" not in run("audit", "log").out


@pytest.mark.usefixtures("neglected_zone")
@pytest.mark.parametrize("columns", [100, 40])
def test_on_a_terminal_an_event_is_a_few_lines_that_fit(columns: int) -> None:
    ran = run_on_terminal("audit", "log", "--lang", "fr", columns=columns, changes={"NO_COLOR": "1"})
    assert "échéance le" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= columns


@pytest.mark.usefixtures("neglected_zone")
def test_elsewhere_it_is_a_line_an_event_with_the_id_first() -> None:
    lines = run("audit", "log").out.splitlines()
    assert lines[0].split("\t")[0] == "event"
    assert len(lines) == len(events()) + 1


@pytest.mark.parametrize("command", [["audit", "log", "--json"], ["audit", "export"], ["notify", "list"]])
def test_a_reader_that_leaves_early_sees_no_traceback(command: list[str], neglected_zone: Path) -> None:
    assert neglected_zone.exists()
    with subprocess.Popen(
        [*PDCA, *command], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.usefixtures("neglected_zone")
def test_a_log_that_fits_is_said_to_fit_with_its_root() -> None:
    view = run("audit", "verify", "--json").json
    assert (view["schema"], view["ok"], view["findings"], view["total"]) == ("pdca.verify/1", True, [], 0)
    assert view["events"] == view["leaves"] == len(events())
    assert view["root"] in run("audit", "verify").out


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE event SET body = CAST(replace(body, 'import', 'simuli') AS BLOB) WHERE event_id = 10", "leaf-differs"),
        ("UPDATE plan SET title = '{\"nl\":\"x\"}' WHERE plan_id = 'P-003'", "value-differs"),
        ("UPDATE tree_node SET hash = zeroblob(32) WHERE level = 1 AND idx = 0", "node-differs"),
        ("UPDATE event SET at = '2019' WHERE event_id = 5", "column-differs"),
    ],
)
def test_what_was_changed_behind_its_back_is_named_and_exits_with_1(
    statement: str, code: str, neglected_zone: Path
) -> None:
    tamper(neglected_zone, statement)
    ran = run("audit", "verify", "--json")
    assert ran.status == 1
    assert code in {finding["code"] for finding in ran.json["findings"]}
    words = run("audit", "verify")
    assert words.status == 1
    assert f"[{code}]" in words.out
    assert "the log says" in words.out


def test_a_body_that_is_no_longer_readable_is_an_error_and_not_a_crash(neglected_zone: Path) -> None:
    tamper(neglected_zone, "UPDATE event SET body = x'ff00' WHERE event_id = 3")
    for command in (["audit", "log", "--json"], ["audit", "export"], ["plan", "history", "P-001"]):
        ran = run(*command)
        assert ran.status in (0, 1)
        assert "internal-error" not in ran.err
    assert "event-unreadable" in run("audit", "log").err
    assert run("audit", "verify").status == 1


@pytest.mark.parametrize(
    "command",
    [
        ["plan", "history", "P-001"],
        ["plan", "approve", "P-001", "--for", "start", "--reason", "Nagelezen."],
    ],
    ids=" ".join,
)
def test_what_rests_on_an_event_that_is_no_longer_readable_says_so(command: list[str], neglected_zone: Path) -> None:
    tamper(neglected_zone, "UPDATE event SET body = x'ff00' WHERE plan_id = 'P-001'")
    ran = run(*command)
    assert (ran.status, ran.err.partition("]")[0]) == (1, "error[event-unreadable"), ran.err


def test_a_file_with_a_damaged_page_is_an_error_with_a_hint(neglected_zone: Path) -> None:
    content = bytearray(neglected_zone.read_bytes())
    content[60_000 : len(content) - 4_096] = b"\xab" * (len(content) - 64_096)
    neglected_zone.write_bytes(content)
    ran = run("audit", "verify")
    assert ran.status == 1
    assert "internal-error" not in ran.err
    assert "Traceback" not in ran.err
    assert "hint" in ran.err or "[" in ran.out


def test_a_stream_that_was_left_early_can_outlive_its_connection(zone_at_start: Path) -> None:
    connection = locate(f"sqlite:///{zone_at_start}").connect()
    stream = cast("Generator[Row, None, None]", connection.stream(log.EVENTS))
    assert next(stream)["event_id"] == 1
    connection.close()
    stream.close()


def rows(ran: Ran) -> list[dict[str, Any]]:
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.usefixtures("neglected_zone")
def test_the_export_holds_what_is_needed_to_compute_the_hashes_anew() -> None:
    count = len(events())
    exported = rows(run("audit", "export"))
    assert len(exported) == count
    for index, row in enumerate(exported):
        assert row["leaf_index"] == index
        assert hashlib.sha256(b"\x00" + row["body"].encode()).hexdigest() == row["leaf_hash"]
    table = list(csv.DictReader(io.StringIO(run("audit", "export", "--format", "csv").out, newline="")))
    # The one more is that of the export before.
    assert [row["body"] for row in table[:-1]] == [row["body"] for row in exported]


@pytest.mark.usefixtures("zone_at_start")
def test_the_export_holds_no_personal_value() -> None:
    out = run("audit", "export").out
    assert "Verzonnen" not in out
    assert "zone-zuid.example" not in out


def test_the_export_goes_into_a_file_that_is_not_replaced_unasked(zone_at_start: Path) -> None:
    out, count = zone_at_start.parent / "log.csv", len(events())
    view = run("audit", "export", "--out", str(out), "--json").json
    assert view == {"schema": "pdca.export/1", "file": str(out), "format": "csv", "events": count}
    before = out.read_bytes()
    ran = run("audit", "export", "--out", str(out))
    assert ran.status == 2
    assert "--force" in ran.err
    assert out.read_bytes() == before
    assert run("audit", "export", "--out", str(out), "--force").status == 0


def test_in_a_folder_a_table_gets_a_name_of_its_own(zone_at_start: Path) -> None:
    folder = zone_at_start.parent / "out"
    folder.mkdir()
    assert run("audit", "export", "--out", str(folder), "--format", "csv").status == 0
    assert [path.name for path in folder.iterdir()] == ["pdca-log.csv"]


def test_a_new_name_without_an_ending_is_that_of_a_folder_unless_a_form_is_asked_for(zone_at_start: Path) -> None:
    folder, file = zone_at_start.parent / "whole", zone_at_start.parent / "lines"
    assert run("audit", "export", "--out", str(folder)).status == 0
    assert (folder / "verify.py").is_file()
    assert run("audit", "export", "--out", str(file), "--format", "jsonl").status == 0
    assert file.is_file()
    before = file.read_bytes()
    again = run("audit", "export", "--out", str(file))
    assert again.status == 2
    assert "--force" in again.err
    assert file.read_bytes() == before


@pytest.mark.usefixtures("zone_at_start")
def test_an_export_to_stdout_is_no_single_object() -> None:
    assert run("audit", "export", "--json").status == 2


def test_an_export_that_fails_leaves_no_file(neglected_zone: Path) -> None:
    tamper(neglected_zone, "UPDATE event SET body = x'ff00' WHERE event_id = 9")
    out = neglected_zone.parent / "log.jsonl"
    assert run("audit", "export", "--out", str(out)).status == 1
    assert sorted(path.name for path in out.parent.iterdir() if "log" in path.name) == []
