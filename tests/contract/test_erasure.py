"""Erasing people and single values: nothing of them is left, every proof holds, and tampering still shows."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pdca.audit.checked import Held
from pdca.audit.verify import verify
from pdca.checkpoints import sign_state
from pdca.clock import VirtualClock
from pdca.erasure.erase import erase_person, erase_value
from pdca.erasure.naming import ERASED
from pdca.erasure.person import ErasePerson
from pdca.erasure.value import EraseValue
from pdca.errors import Failed, NotFound, PdcaError, Refused, Usage
from pdca.evaluations.snapshot import verified
from pdca.exchange.exporter import present_document
from pdca.house import House
from pdca.key_change import change_key
from pdca.keys import KeyFile
from pdca.people.commands import AddPerson, Appoint
from pdca.people.invitations import SetInvitations
from pdca.people.substitution import Substitute
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.report import log as views
from pdca.report.one_message import message
from pdca.report.people import listed, substitutions
from pdca.store.database import locate
from pdca.store.driver import Connection, Statement
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import cycles
from pdca.store.rows import update
from pdca.store.verifying import StoredLog
from scheduler import seal
from scheduler.channels.file import FileChannel
from tests import seed
from tests.contract import edits
from tests.contract.left_behind import found_in_bytes
from tests.contract.world import MOMENTS, PLAN, World, morning, recording, untouched

WHY = "Gevraagd op papier."
AGREED = "Zoals met Sofie Peeters afgesproken."
SICK = "Ziek sinds maandag."
UPDATE_PAYLOAD = Statement("tampered_payload", "UPDATE event_private SET payload = :payload WHERE event_id = :event_id")
ALLOW = Statement("tampered_leave", "INSERT INTO erased_value (digest, ground) VALUES (:digest, 'art-17')")
RENAME = Statement("tampered_name", "UPDATE person SET name = 'Iemand' WHERE person_id = :person_id")


@pytest.fixture
def known(world: World) -> World:
    """Sofie is in the log in every way: by name, as recipient, as absent, and in what somebody else wrote."""
    world.by("sofie", Advance(PLAN, "start", attempt=Attempt(AGREED)))
    world.by("karel", Substitute("karel", "marc", date(2024, 1, 8), date(2024, 2, 8), AGREED))
    world.by("sofie", Substitute("sofie", "marc", date(2024, 1, 8), date(2025, 2, 8), SICK))
    world.go_to(morning(MOMENTS[0]))
    world.sweep()
    return world


def erase(world: World, who: str = "sofie", folder: Path = Path("nowhere")) -> dict[str, Any]:
    return dict(erase_person(world.house, ErasePerson(who, "art-17", WHY), folder).summary)


def administrator(world: World) -> str:
    return next(str(row["person_id"]) for row in world.dump()["person"] if row["access"] == "administrator")


def salts(world: World) -> list[str]:
    """The salts of everything that is said of Sofie in the columns of her own row."""
    found = []
    for row in world.dump()["event_private"]:
        entries = json.loads(row["payload"]).values()
        found += [salt for salt, value in entries if value in ("Sofie Peeters", "sofie@zone.example", SICK, AGREED)]
    return found


def test_nothing_personal_is_left_in_any_row_and_every_row_is_what_the_log_says(known: World) -> None:
    assert "Sofie" in str(known.dump())
    gone = salts(known)
    person_id = known.person_id("sofie")
    found = erase(known)
    left = str(known.dump()).casefold()
    for trace in ("sofie", "peeters", "maandag", *gone):
        assert trace not in left
    row = next(one for one in known.dump()["person"] if one["person_id"] == person_id)
    assert (row["name"], row["login"], row["email"], row["access"]) == (ERASED, None, None, "member")
    assert [one["reason"] for one in known.dump()["substitution"]] == ["Zoals met [erased] afgesproken.", ERASED]
    assert len(gone) > 3
    report = known.verified()
    assert (report.ok, report.erased) == (True, found["values"])


def test_the_log_says_who_erased_whom_on_what_ground_and_shows_the_mark_where_a_reason_was(known: World) -> None:
    person_id = known.person_id("sofie")
    erase(known)
    events = list(views.events(known.reading))
    of_body = [event for event in events if event["kind"] == "person.erased"]
    assert [(event["actor"], event["reason"]) for event in of_body] == [(administrator(known), WHY)]
    assert {event["plan"] for event in events if event["kind"] == "value.erased"} == {PLAN}
    assert ERASED in {event["reason"] for event in events if event["kind"] == "plan.advanced"}
    assert ERASED in {event["actor_name"] for event in events if event["actor"] == person_id}
    assert {row["ground"] for row in known.dump()["erased_value"]} == {"art-17"}


def test_a_checkpoint_of_before_still_vouches_for_the_log(known: World, tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "log.key")
    change_key(known.house, file.path, {}, WHY)
    seal.run_once(known.house)
    with known.house.writing() as uow:
        note = sign_state(uow, file).note
    erase(known)
    with known.house.database.connect() as connection:
        report = verify(StoredLog(connection), held=[Held("kept", note)])
    assert report.ok
    assert report.proven


def test_the_bytes_of_the_database_hold_nothing_of_it(known: World) -> None:
    gone = [bytes.fromhex(salt).hex().encode() for salt in salts(known)]
    needles = [b"Sofie Peeters", b"sofie@zone.example", SICK.encode(), *gone]

    assert len(found_in_bytes(known, needles)) > 2
    erase(known)
    assert found_in_bytes(known, needles) == set()


def test_who_is_erased_acts_no_more_holds_nothing_and_is_told_nothing(known: World) -> None:
    person_id = known.person_id("sofie")
    waiting = [one for one in known.dump()["notification"] if one["person_id"] == person_id]
    assert "pending" in {one["status"] for one in waiting}
    found = erase(known)
    assert found["lapsed"] == len(waiting)
    rows = [one for one in known.dump()["notification"] if one["person_id"] == person_id]
    assert {(one["status"], one["parameters"]) for one in rows} == {("lapsed", "{}")}
    shown = next(one for one in listed(known.reading, known.clock.now()) if one["person_id"] == person_id)
    assert (shown["functions"], shown["name"]) == ([], ERASED)
    assert [one["in_force"] for one in substitutions(known.reading, known.clock.now())] == [False, False]
    with untouched(known, NotFound, "person-erased"):
        known.by(person_id, Approve(PLAN, "start", "Nog even."))
    with untouched(known, NotFound, "person-erased"):
        known.by_administrator(Appoint(person_id, ("chief",), date(2024, 2, 1)))
    assert message(known.reading, rows[0]["notification_id"], None)["text"] == ERASED


def test_nothing_new_is_told_to_who_is_erased_neither_as_approver_nor_to_take_an_invitation_back(world: World) -> None:
    world.by("sofie", SetInvitations("sofie", wanted=True))
    world.sweep()
    approvers = {one["approved_by"] for one in world.dump()["approval"]}
    assert world.person_id("lea") in approvers
    gone = {erase(world, who)["person"] for who in ("sofie", "lea")}
    world.sweep()
    world.by_administrator(edits.plan(title=edits.TITLE))
    assert {one["status"] for one in world.dump()["notification"] if one["person_id"] in gone} == {"lapsed"}
    assert {one["status"] for one in world.dump()["invitation"]} == {"withdrawn"}


def test_a_snapshot_that_names_who_is_erased_is_told_from_one_that_was_altered(known: World) -> None:
    outcome = known.by("anna", recording("E-101", lessons="Sofie Peeters zag het eerst."))
    assert outcome.refusal == ()
    erase(known)
    [held] = verified(known.reading)
    assert (held.ok, held.erased) == (True, True)
    assert held.computed != held.logged
    text = known.rows(cycles.SNAPSHOT, evaluation_id="E-101")[0]["text"]
    assert json.loads(text)["evaluation"]["lessons"] == "[erased] zag het eerst."


def test_a_name_in_what_was_noted_next_to_places_and_in_words_of_any_kind_goes_and_the_rest_stays(known: World) -> None:
    note, named = "Zoals Sofie Peeters zei.", {"nl": "Verslag van Sofie Peeters"}
    plan = {
        "perimeter": {"by_area": {"Zuid": ["Stationsplein"]}, "note": note},
        "phenomena": [{"text": {"nl": "Fietsdiefstal"}, "note": note}],
        "axes": [{"id": "X1", "title": {"nl": "Toezicht"}, "basis": note}],
    }
    changes = [
        update("plan", {"plan_id": PLAN}, **{name: to_json(value) for name, value in plan.items()}),
        update("programme", {"programme_id": "zvp-test"}, sources=to_json({"pv": {"what": note}})),
        update("indicator", {"indicator_id": "thefts"}, system="Telling van Sofie Peeters", frequency=to_json(named)),
    ]
    known.by_administrator(seed.Plant(changes))
    assert erase(known)["in_the_clear"] == []
    assert "Sofie" not in str(known.dump())
    row = known.plan()
    assert from_json(row["perimeter"]) == {"by_area": {"Zuid": ["Stationsplein"]}, "note": "Zoals [erased] zei."}
    assert [one["note"] for one in from_json(row["phenomena"])] == ["Zoals [erased] zei."]
    [indicator] = [one for one in known.dump()["indicator"] if one["indicator_id"] == "thefts"]
    assert (indicator["system"], from_json(indicator["frequency"])) == (
        "Telling van [erased]",
        {"nl": "Verslag van [erased]"},
    )
    assert known.verified().ok


def test_files_leave_out_who_is_erased(known: World) -> None:
    erase(known)
    data = present_document(known.reading, None)
    named = {one["id"]: one for one in data["people"]}
    assert named.keys() >= {"anna", "karel", "lea", "marc"}
    assert "[erased]" not in {one["name"] for one in data["people"]}
    assert [one["reason"] for one in named["karel"]["substitutions"]] == ["Zoals met [erased] afgesproken."]


@pytest.mark.parametrize(
    ("who", "why", "kind", "code"),
    [
        ("root", WHY, Refused, "own-erasure"),
        ("nobody", WHY, NotFound, "person-unknown"),
        ("sofie", "Sofie Peeters vroeg het.", Usage, "reason-names-person"),
        ("sofie", " ", Usage, "reason-missing"),
    ],
)
def test_what_may_not_be_erased_leaves_everything_as_it_was(
    known: World, who: str, why: str, kind: type[PdcaError], code: str
) -> None:
    name = administrator(known) if who == "root" else who
    with untouched(known, kind, code):
        known.by_administrator(ErasePerson(name, "art-17", why))


@pytest.mark.parametrize("command", [ErasePerson("sofie", "art-17", WHY), EraseValue(1, "reason", "mistake", WHY)])
def test_only_an_administrator_erases(known: World, command: ErasePerson | EraseValue) -> None:
    with untouched(known, Refused, "administrator-only"):
        known.by("marc", command)


def test_a_dry_run_erases_nothing_and_says_what_it_would(known: World, tmp_path: Path) -> None:
    before = known.dump()
    command = ErasePerson("sofie", "art-17", WHY)
    outcome = erase_person(known.house, command, tmp_path, dry_run=True)
    assert known.dump() == before
    assert outcome.summary["values"] == erase(known)["values"] > 0


def test_erasing_again_is_no_event(known: World) -> None:
    person_id = known.person_id("sofie")
    erase(known)
    before = known.dump()
    assert erase(known, person_id)["values"] == 0
    assert known.dump() == before


def test_only_files_that_the_program_wrote_for_or_about_the_person_go(known: World, tmp_path: Path) -> None:
    rows = {one["person_id"]: one["notification_id"] for one in known.dump()["notification"]}
    own, other = rows[known.person_id("sofie")], rows[known.person_id("marc")]

    def put(name: str, text: str) -> Path:
        mail = EmailMessage()
        mail["X-PDCA-Notification"] = name
        mail.set_content(text)
        channel = FileChannel(tmp_path)
        channel.keep([channel.send(mail)])
        return next(path for path in tmp_path.iterdir() if name in path.name)

    his = put(own, "Het is zover.")
    named = put(other, "De trekker is Sofie Peeters.")
    unknown = put("P-999.1.1", "Sofie Peeters")
    foreign = tmp_path / "notes.eml"
    foreign.write_text("Sofie Peeters")
    broken_off = tmp_path / f".{own}.eml.partial"
    broken_off.write_text("To: Sofie Pee")
    trial = put("trial", "Beste Sofie Peeters")
    erase(known, folder=tmp_path)
    assert [path.exists() for path in (his, named, broken_off, trial, unknown, foreign)] == [*[False] * 4, True, True]


def test_somebody_else_of_the_same_name_stays_and_so_do_the_texts_that_may_mean_the_other(known: World) -> None:
    other = AddPerson("sofie2", "Sofie Peeters", None, None, "nl", "member", (), date(2024, 1, 8))
    known.by_administrator(other)
    assert erase(known)["shared_name"]
    assert [row["name"] for row in known.dump()["person"] if row["handle"] == "sofie2"] == ["Sofie Peeters"]
    assert AGREED in {row["reason"] for row in known.dump()["substitution"]}


def test_a_single_reason_is_erased_and_its_row_marked(known: World) -> None:
    event = next(row for row in known.dump()["event"] if row["kind"] == "person.substituted")
    outcome = erase_value(known.house, EraseValue(event["event_id"], "reason", "mistake", WHY))
    assert outcome.summary["rows"] == []
    assert AGREED in {row["reason"] for row in known.dump()["substitution"]}
    [change] = json.loads(event["body"])["changes"]
    outcome = erase_value(known.house, EraseValue(event["event_id"], change["set"]["reason"]["~"][:12], "mistake", WHY))
    assert outcome.summary["rows"] == ["substitution"]
    assert {row["reason"] for row in known.dump()["substitution"]} == {ERASED, SICK}
    assert next(view["reason"] for view in views.events(known.reading) if view["kind"] == event["kind"]) == ERASED
    assert known.verified().erased == 2


@pytest.mark.parametrize(
    ("event", "value", "kind", "code"),
    [
        (99999, "reason", NotFound, "event-unknown"),
        (1, "feedbeef", NotFound, "commitment-unknown"),
        (1, "", NotFound, "commitment-unknown"),
    ],
)
def test_a_value_that_there_is_not_cannot_be_erased(
    known: World, event: int, value: str, kind: type[PdcaError], code: str
) -> None:
    with untouched(known, kind, code):
        known.by_administrator(EraseValue(event, value, "mistake", WHY))


def test_a_value_is_erased_once_and_what_a_row_cannot_do_without_not_at_all(known: World) -> None:
    events = [(row["event_id"], json.loads(row["body"])) for row in known.dump()["event"]]

    def commitment(table: str, column: str) -> tuple[int, str]:
        return next(
            (number, change["set"][column]["~"])
            for number, body in events
            for change in body["changes"]
            if change["table"] == table and change["set"].get(column)
        )

    with untouched(known, Refused, "value-structured"):
        known.by_administrator(EraseValue(*commitment("notification", "parameters"), "mistake", WHY))
    with untouched(known, Refused, "personal-column"):
        known.by_administrator(EraseValue(*commitment("person", "name"), "mistake", WHY))
    reason = EraseValue(*commitment("substitution", "reason"), "mistake", WHY)
    known.by_administrator(reason)
    with untouched(known, Usage, "erased-already"):
        known.by_administrator(reason)


def rows_of_private(connection: Connection) -> dict[int, dict[str, Any]]:
    every = connection.all(Statement("private", "SELECT event_id, payload FROM event_private ORDER BY event_id"))
    return {row["event_id"]: json.loads(row["payload"]) for row in every}


@pytest.mark.parametrize("what", ["taken out", "altered", "added"])
def test_the_database_lets_nothing_else_leave_the_log(known: World, what: str) -> None:
    erase(known)
    with known.house.database.connect(writing=True) as connection:
        number, payload = next((number, found) for number, found in rows_of_private(connection).items() if found)
        digest = next(iter(payload))
        changed = {
            "taken out": {name: entry for name, entry in payload.items() if name != digest},
            "altered": {**payload, digest: [payload[digest][0], "iets anders"]},
            "added": {**payload, "0" * 64: ["00" * 16, "iets"]},
        }[what]
        with pytest.raises(Failed):
            connection.run(UPDATE_PAYLOAD, payload=to_json(changed), event_id=number)


@contextmanager
def unproven(url: str) -> Iterator[World]:
    """Open the installation for somebody who is going to tamper with it."""
    clock = VirtualClock(seed.START)
    with locate(url).connect() as reading:
        yield World(House(locate(url), clock=clock), clock, reading)


def codes_of(world: World) -> list[str]:
    return [finding.code for finding in world.verified().findings]


def test_what_is_gone_without_an_event_that_says_so_is_missing(furnished_url: str) -> None:
    with unproven(furnished_url) as world:
        erase(world)
        with world.house.database.connect(writing=True) as connection:
            number, payload = next((number, found) for number, found in rows_of_private(connection).items() if found)
            digest = next(iter(payload))
            connection.run(ALLOW, digest=digest)
            left = {name: entry for name, entry in payload.items() if name != digest}
            connection.run(UPDATE_PAYLOAD, payload=to_json(left), event_id=number)
        assert {"private-missing", "row-extra"} <= set(codes_of(world))


def test_a_row_of_who_is_erased_that_is_changed_is_found(furnished_url: str) -> None:
    with unproven(furnished_url) as world:
        person_id = world.person_id("sofie")
        erase(world)
        assert codes_of(world) == []
        with world.house.database.connect(writing=True) as connection:
            connection.run(RENAME, person_id=person_id)
        assert codes_of(world) == ["value-differs"]
