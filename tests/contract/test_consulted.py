"""Who looks into the log for others, and what of it leaves the house, is in the log."""

import hashlib
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.checkpoints import sign_state
from pdca.key_change import change_key
from pdca.keys import KeyFile
from pdca.people.commands import AddPerson
from pdca.store.driver import Statement
from pdca.store.reads import log
from pdca.store.rows import update
from tests import seed
from tests.contract.world import PLAN, World, opened_body
from tests.unit.cli.running import Ran, run

READING: Final = (("log",), ("show", "1"), ("verify",), ("statistics",))
OTHER_READING: Final = {
    "board": ("board",),
    "status": ("status",),
    "plan list": ("plan", "list"),
    "plan approvals": ("plan", "approvals", PLAN),
    "report board": ("report", "board", "--audience", "internal"),
    "notify list": ("notify", "list"),
    "programme evaluation list": ("programme", "evaluation", "list"),
    "plan history": ("plan", "history", PLAN),
    "plan lifecycle": ("plan", "lifecycle", PLAN),
    "plan diff": ("plan", "diff", PLAN, "--from", seed.START.date().isoformat()),
    "plan show": ("plan", "show", PLAN),
    "erasure list": ("erasure", "list"),
}
"""What shows plans or the log beside `pdca audit`, by the name under which it is noted."""


@pytest.fixture
def house(world: World, furnished_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    monkeypatch.setenv("PDCA_DATABASE", furnished_url)
    monkeypatch.chdir(tmp_path)
    for handle, access in (("oda", "auditor"), ("gudrun", "administrator")):
        world.by_administrator(AddPerson(handle, handle.title(), None, None, "nl", access, (), seed.START.date()))
    return world


def kept(world: World) -> list[dict[str, Any]]:
    """The events of this kind, the oldest first."""
    every = [opened_body(row) for row in world.rows(log.EVENTS)]
    return [event for event in every if event["kind"].startswith("audit.")]


def audit(*arguments: str, by: str = "oda") -> Ran:
    ran = run("audit", *arguments, "--as", by)
    assert ran.status == 0, ran.err
    return ran


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_an_auditor_who_looks_into_the_log_is_in_it_once_a_day(house: World, command: tuple[str, ...]) -> None:
    for _ in range(2):
        assert audit(*command).err == ""
        assert audit("log").err == ""
    [event] = kept(house)
    assert (event["kind"], event["trigger"], event["stream"]) == ("audit.read", command[0], "installation")
    assert (event["actor"], event["source"], event["changes"]) == (house.person_id("oda"), "cli", [])


@pytest.mark.parametrize("name", OTHER_READING)
def test_an_auditor_who_looks_at_plans_or_at_what_the_log_has_of_them_is_in_it_too(house: World, name: str) -> None:
    for _ in range(2):
        ran = run(*OTHER_READING[name], "--as", "oda")
        assert (ran.status, ran.err) == (0, "")
    assert [(event["kind"], event["trigger"]) for event in kept(house)] == [("audit.read", name)]


@pytest.mark.parametrize("command", [("whoami",), ("person", "list"), ("workflow", "list"), ("audit", "key", "list")])
def test_what_shows_nothing_of_plans_or_the_log_is_not_noted(house: World, command: tuple[str, ...]) -> None:
    assert run(*command, "--as", "oda").status == 0
    assert kept(house) == []


def test_on_another_local_day_it_is_noted_again(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for instant in ("2024-06-30T21:59:00Z", "2024-06-30T22:01:00Z", "2024-07-01T21:59:00Z"):
        monkeypatch.setenv("PDCA_NOW", instant)
        audit("log")
    assert [event["at"][:16] for event in kept(house)] == ["2024-06-30T21:59", "2024-06-30T22:01"]


def test_whoever_is_no_auditor_reads_unnoted(house: World) -> None:
    before = house.dump()
    for command in READING:
        audit(*command, by="sofie")
    for words in OTHER_READING.values():
        assert run(*words, "--as", "sofie").status == 0
    assert house.dump() == before


def handed_out(world: World) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What was handed out: each event, and the row that it wrote."""
    found = [event for event in kept(world) if event["kind"] == "audit.handed_out"]
    return [(event, {**event["changes"][0]["key"], **event["changes"][0]["set"]}) for event in found]


def test_what_is_handed_out_is_in_the_log_with_its_hash_whoever_does_it(house: World, tmp_path: Path) -> None:
    written = audit("export", by="sofie").out.encode()
    assert run("audit", "export", "--as", "oda", "--out", "log.csv").status == 0
    assert run("audit", "export", "--as", "lea", "--out", "all/").status == 0
    count = len(written.splitlines())
    files = {"jsonl": written, "csv": (tmp_path / "log.csv").read_bytes()}
    files["folder"] = (tmp_path / "all" / "pdca-log.jsonl").read_bytes()
    found = handed_out(house)
    assert [row["form"] for _, row in found] == ["jsonl", "csv", "folder"]
    for number, (event, row) in enumerate(found):
        assert row["sha256"] == hashlib.sha256(files[row["form"]]).hexdigest()
        # Each is followed by its own event.
        assert (row["events"], row["number"], row["opened"]) == (count + number, number + 1, 0)
        assert (event["trigger"], event["plan"], event["reason"]) == ("export", None, None)
    assert [event["actor"] for event, _ in found] == [house.person_id(name) for name in ("sofie", "oda", "lea")]


@pytest.fixture
def signed(house: World, tmp_path: Path) -> World:
    file = KeyFile(tmp_path / "apart" / "log.key")
    change_key(house.house, file.path, {}, "Het eerste.")
    with house.house.writing() as uow:
        sign_state(uow, file)
    return house


def test_a_dossier_is_in_the_log_with_the_plan_and_whether_values_went_along(signed: World) -> None:
    text = audit("dossier", PLAN, "--open").out
    [(event, row)] = handed_out(signed)
    assert (event["trigger"], event["plan"], row["plan_id"], row["form"]) == ("dossier", PLAN, PLAN, "dossier")
    assert (row["opened"], row["events"]) == (1, len(signed.events()) - 1)
    assert row["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    [shown] = [one for one in audit("log", "--plan", PLAN, "--json").json["events"] if one["kind"] == event["kind"]]
    assert shown["actor_name"] == "Oda"


def test_a_login_of_nobody_is_named_where_it_can_be_erased(house: World) -> None:
    with house.house.reading() as connection:
        login = house.house.login(connection)
    house.by_administrator(seed.Plant([update("person", {"person_id": "U-001"}, login="another")]))
    assert run("audit", "export").status == 0
    house.by("gudrun", seed.Plant([update("person", {"person_id": "U-001"}, login=login)]))
    [(event, _row)] = handed_out(house)
    assert (event["actor"], event["reason"]) == ("unknown", f"login {login}")


FULL: Final = {
    "sqlite": "CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.kind LIKE 'audit.%' "
    "BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE event ADD CONSTRAINT full_disk CHECK (kind NOT LIKE 'audit.%')",
}


def test_where_it_cannot_be_noted_it_is_read_and_handed_out_all_the_same_and_that_is_said(
    house: World, tmp_path: Path
) -> None:
    with house.house.writing() as uow:
        uow.connection.run(Statement("full", FULL[uow.connection.dialect]))
    before = house.dump()
    for command in (("log", "--json"), ("export",), ("export", "--out", "log.jsonl", "--json")):
        ran = audit(*command)
        assert ran.out
        assert ran.err.startswith("This could not be noted in the log: ")
    assert (tmp_path / "log.jsonl").exists()
    assert house.dump() == before
