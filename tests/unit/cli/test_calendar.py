"""`pdca calendar` and `pdca person invitations`: what is written where, and what is left alone."""

import re
from pathlib import Path

import pytest

from tests import calendars
from tests.unit.cli.running import run

pytestmark = pytest.mark.usefixtures("zone_at_start")


@pytest.mark.parametrize("asked", [("person", "basile"), ("plan", "P-004"), ("audience", "public")])
def test_a_calendar_goes_to_stdout_as_rfc_5545_has_its_lines(asked: tuple[str, str]) -> None:
    ran = run("calendar", *asked)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("BEGIN:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in ran.out.split("\r\n"))
    assert calendars.events(ran.out)


def test_the_same_log_gives_the_same_bytes() -> None:
    assert run("calendar", "audience", "internal").out == run("calendar", "audience", "internal").out


def test_a_calendar_is_written_whole_into_a_file_and_left_alone_while_nothing_changes(empty_folder: Path) -> None:
    first = run("calendar", "plan", "P-004", "--language", "nl", "--out", "p.ics", "--json").json
    assert first == {
        "schema": "pdca.calendar/1",
        "plan": "P-004",
        "language": "nl",
        "file": "p.ics",
        "changed": True,
    }
    stamp = (empty_folder / "p.ics").stat().st_mtime_ns
    assert run("calendar", "plan", "P-004", "--language", "nl", "--out", "p.ics").out == "p.ics is up to date.\n"
    assert (empty_folder / "p.ics").stat().st_mtime_ns == stamp
    assert run("calendar", "plan", "P-004", "--language", "fr", "--out", "p.ics").out == "Written to p.ics.\n"
    assert run("calendar", "plan", "P-004", "--out", ".", "--language", "fr").out == "Written to P-004.fr.ics.\n"
    assert (empty_folder / "P-004.fr.ics").read_bytes() == (empty_folder / "p.ics").read_bytes()


def test_what_is_no_calendar_is_not_replaced(empty_folder: Path) -> None:
    (empty_folder / "notes").write_text("mine", encoding="utf-8")
    ran = run("calendar", "plan", "P-004", "--out", "notes", "--json")
    assert (ran.status, ran.error["code"]) == (2, "already-exists")
    assert (empty_folder / "notes").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("person", "nobody"), 4, "person-unknown"),
        (("plan", "P-999"), 4, "plan-unknown"),
        (("refresh", "nowhere"), 4, "folder-missing"),
        (("plan", "P-004", "--json"), 2, "export-to-where"),
        (("plan", "P-004", "--out", "nowhere/p.ics"), 1, "file-not-made"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_code(arguments: tuple[str, ...], status: int, code: str) -> None:
    ran = run("calendar", *arguments, *(() if "--json" in arguments else ("--json",)))
    assert (ran.status, ran.error["code"]) == (status, code)


def test_a_persons_calendar_is_in_the_language_of_that_person() -> None:
    assert "-//pdca//calendar//FR" in run("calendar", "person", "basile").out
    assert "-//pdca//calendar//NL" in run("calendar", "person", "basile", "--language", "nl").out


def test_a_folder_has_the_calendars_of_all_under_names_that_stay_and_cannot_be_guessed(empty_folder: Path) -> None:
    (empty_folder / "web").mkdir()
    first = run("calendar", "refresh", "web", "--json").json
    assert (first["written"], first["unchanged"]) == (len(first["calendars"]), 0)
    files = {path.name for path in (empty_folder / "web").iterdir()}
    assert files == {one["file"] for one in first["calendars"]}
    of = {(one["kind"], one["of"], one["language"]): one["file"] for one in first["calendars"]}
    assert of["audience", "public", "nl"] == "public.nl.ics"
    others = [file for key, file in of.items() if key[1] != "public"]
    assert all(re.search(r"-[A-Za-z0-9_-]{32}\.(nl|fr|en)\.ics$", file) for file in others)
    assert {language for _kind, _of, language in of} == {"nl", "fr"}
    again = run("calendar", "refresh", "web", "--json").json
    assert (again["written"], again["unchanged"]) == (0, len(files))
    assert {path.name for path in (empty_folder / "web").iterdir()} == files


def test_a_file_that_is_removed_comes_back_under_another_name(empty_folder: Path) -> None:
    (empty_folder / "web").mkdir()
    run("calendar", "refresh", "web")
    [old] = (empty_folder / "web").glob("U-003-*.ics")
    old.unlink()
    run("calendar", "refresh", "web")
    [new] = (empty_folder / "web").glob("U-003-*.ics")
    assert new.name != old.name


def test_a_calendar_that_somebody_may_still_read_is_kept_up_to_date(empty_folder: Path) -> None:
    (empty_folder / "web").mkdir()
    run("calendar", "refresh", "web")
    [french] = (empty_folder / "web").glob("U-003-*.ics")
    copy = french.with_name(f"U-003-{'x' * 32}.fr.ics")
    copy.write_bytes(b"BEGIN:VCALENDAR\r\n")
    run("person", "wishes", "basile", "--language", "nl")
    french.write_bytes(b"BEGIN:VCALENDAR\r\n")
    run("calendar", "refresh", "web")
    assert len(list((empty_folder / "web").glob("U-003-*.nl.ics"))) == 1
    assert calendars.events(french.read_text(encoding="utf-8"))
    assert copy.read_bytes() == french.read_bytes()


def test_the_calendar_of_who_holds_nothing_any_more_is_emptied_and_nobody_gets_an_empty_one(empty_folder: Path) -> None:
    (empty_folder / "web").mkdir()
    run("person", "add", "--name", "Zoë")
    old = empty_folder / "web" / f"U-001-{'x' * 32}.nl.ics"
    old.write_bytes(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n")
    written = run("calendar", "refresh", "web", "--json").json["calendars"]
    assert not calendars.events(old.read_text(encoding="utf-8"))
    held = {one["of"] for one in written if one["kind"] == "person"}
    [zoe] = [one for one in run("person", "list", "--json").json["people"] if one["name"] == "Zoë"]
    assert zoe["person_id"] not in held


def test_a_person_is_invited_and_not_invited_by_command() -> None:
    view = run("person", "invitations", "basile", "yes", "--json").json
    assert (view["schema"], view["person"], view["wanted"], view["before"]) == (
        "pdca.invitations-set/1",
        "U-003",
        True,
        False,
    )
    assert "not invited" in run("person", "invitations", "basile", "no").out


def test_a_dry_run_invites_nobody() -> None:
    assert run("person", "invitations", "basile", "yes", "--dry-run", "--json").json["event"] is None
    assert run("person", "invitations", "basile", "yes", "--json").json["before"] is False


def test_whoever_has_no_address_or_does_not_exist_is_not_invited() -> None:
    run("person", "add", "--name", "Zoë")
    ran = run("person", "invitations", "zoe", "yes", "--json")
    assert (ran.status, ran.error["code"]) == (2, "no-address-to-invite")
    ran = run("person", "invitations", "nobody", "yes", "--json")
    assert (ran.status, ran.error["code"]) == (4, "person-unknown")
