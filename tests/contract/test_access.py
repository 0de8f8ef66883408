"""What fails for lack of a right is kept in the log: who tried what, and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pdca.engine import Command
from pdca.erasure.person import ErasePerson
from pdca.errors import NoRight
from pdca.evaluations.extend import ApproveExtension, RequestExtension
from pdca.exchange.importer import ImportDocument
from pdca.people.commands import AddPerson, Appoint
from pdca.plans.advance import Advance
from pdca.store.driver import Statement
from pdca.store.reads import log
from pdca.store.rows import update
from scheduler import deliver, seal, sweep
from scheduler.channels.file import FileChannel
from tests import seed
from tests.contract.world import PLAN, World, nothing_but_the_refusal, opened_body, recording

TODAY = date(2024, 1, 8)


def person(handle: str, access: str) -> AddPerson:
    return AddPerson(handle, handle.capitalize(), None, None, "nl", access, (), TODAY)


def refused(world: World, command: Command, by: str | None, *, dry_run: bool = False) -> NoRight:
    """Try a command as a person, or as the login that runs the tests; it must lack the right."""
    with pytest.raises(NoRight) as failure:
        replace(world.house, as_person=by).apply(command, dry_run=dry_run)
    assert failure.value.exit_status == 3
    return failure.value


def last(world: World) -> dict[str, Any]:
    """The last event of the whole log."""
    return opened_body(world.rows(log.EVENTS)[-1])


@pytest.fixture
def watched(world: World) -> World:
    """The installation with an auditor."""
    world.by_administrator(person("oda", "auditor"))
    return world


@pytest.mark.parametrize(
    ("by", "command", "code", "trigger", "about"),
    [
        ("oda", Advance(PLAN, "start"), "read-only-access", "advance", (PLAN, None)),
        ("oda", Advance("P-999", "start"), "read-only-access", "advance", (None, None)),
        ("oda", recording("E-101"), "read-only-access", "record-evaluation", (PLAN, "E-101")),
        (
            "oda",
            RequestExtension("E-101", date(2024, 5, 1), "x"),
            "read-only-access",
            "request-extension",
            (PLAN, "E-101"),
        ),
        ("oda", ApproveExtension("E-999", "x"), "read-only-access", "approve-extension", (None, None)),
        ("oda", person("zoe", "member"), "read-only-access", "add-person", (None, None)),
        ("sofie", person("zoe", "member"), "administrator-only", "add-person", (None, None)),
        ("karel", Appoint("sofie", ("chief",), TODAY), "administrator-only", "appoint", (None, None)),
        ("karel", ImportDocument(seed.document()), "administrator-only", "import-document", (None, None)),
    ],
)
def test_who_lacks_the_right_leaves_nothing_but_that_it_was_tried(
    watched: World, by: str, command: Command, code: str, trigger: str, about: tuple[str | None, str | None]
) -> None:
    before = watched.dump()
    assert refused(watched, command, by).code == code
    assert nothing_but_the_refusal(before, watched.dump())
    event = last(watched)
    assert (event["kind"], event["stream"], event["trigger"]) == ("access.refused", "installation", trigger)
    assert (event["actor"], event["refused"], event["reason"]) == (watched.person_id(by), [code], None)
    assert (event["plan"], event["evaluation"], event["changes"], event["source"]) == (*about, [], "cli")


def test_each_attempt_is_one_event_and_stands_with_the_plan_it_was_on(watched: World) -> None:
    for _ in range(2):
        refused(watched, Advance(PLAN, "start"), "oda")
    watched.take("start")
    assert [event["kind"] for event in watched.events()][-3:] == ["access.refused", "access.refused", "plan.advanced"]


@pytest.fixture
def estranged(watched: World) -> Iterator[World]:
    """The login that runs the tests belongs to nobody; it is given back afterwards."""
    watched.by_administrator(person("gudrun", "administrator"))
    with watched.house.reading() as connection:
        login = watched.house.login(connection)
    watched.by_administrator(seed.Plant([update("person", {"person_id": "U-001"}, login="another")]))
    yield watched
    watched.by("gudrun", seed.Plant([update("person", {"person_id": "U-001"}, login=login)]))


def test_a_login_of_nobody_is_called_unknown_and_its_name_can_be_erased(estranged: World) -> None:
    failure = refused(estranged, Advance(PLAN, "start"), None)
    login = failure.actor.login
    assert failure.code == "login-unknown"
    event, row = last(estranged), estranged.rows(log.EVENTS)[-1]
    assert (event["kind"], event["actor"], event["plan"]) == ("access.refused", "unknown", PLAN)
    assert (event["reason"], event["refused"]) == (f"login {login}", ["login-unknown"])
    assert estranged.dump()["event"][-1]["actor"] == "unknown"
    assert str(login).encode() not in bytes(row["body"])


def test_a_login_of_nobody_is_erased_with_whoever_it_was_given_to_since(estranged: World) -> None:
    login = str(refused(estranged, Advance(PLAN, "start"), None).actor.login)
    estranged.by("gudrun", AddPerson("nina", "Nina", login, None, "nl", "member", (), date(2024, 1, 8)))
    assert f"login {login}" in str(estranged.dump()["event_private"])
    estranged.by("gudrun", ErasePerson("nina", "art-17", "Gevraagd op papier."))
    assert f"login {login}" not in str(estranged.dump()["event_private"])
    assert estranged.verified().ok


def test_nobody_runs_the_scheduler_without_the_right_unseen(estranged: World, tmp_path: Path) -> None:
    attempts: dict[str, Callable[[], object]] = {
        "sweep": lambda: sweep.run_once(estranged.house),
        "deliver": lambda: deliver.run_once(estranged.house, FileChannel(tmp_path)),
    }
    if estranged.house.database.dialect == "postgresql":
        attempts["seal"] = lambda: seal.run_once(estranged.house)
    for trigger, attempt in attempts.items():
        before = estranged.dump()
        with pytest.raises(NoRight) as failure:
            attempt()
        assert failure.value.code == "scheduler-not-allowed"
        assert nothing_but_the_refusal(before, estranged.dump())
        event = last(estranged)
        assert (event["kind"], event["trigger"], event["actor"]) == ("access.refused", trigger, "unknown")
        assert (event["refused"], event["reason"]) == (
            ["scheduler-not-allowed"],
            f"login {failure.value.actor.login}",
        )


def test_a_person_who_may_not_run_the_scheduler_is_named(watched: World) -> None:
    with pytest.raises(NoRight):
        sweep.run_once(replace(watched.house, as_person="sofie", source="scheduler"))
    event = last(watched)
    assert (event["actor"], event["source"], event["reason"]) == (watched.person_id("sofie"), "scheduler", None)


def test_what_is_only_tried_and_what_is_only_read_leave_nothing(watched: World) -> None:
    before = watched.dump()
    refused(watched, Advance(PLAN, "start"), "oda", dry_run=True)
    auditor = replace(watched.house, as_person="oda")
    with pytest.raises(NoRight), auditor.reading() as connection:
        auditor.scheduler(connection)
    assert watched.dump() == before


def test_where_it_cannot_be_kept_the_refusal_stands_all_the_same(watched: World) -> None:
    full = {
        "sqlite": "CREATE TRIGGER full BEFORE INSERT ON event WHEN NEW.kind = 'access.refused' "
        "BEGIN SELECT RAISE(ABORT, 'full'); END",
        "postgresql": "ALTER TABLE event ADD CONSTRAINT full_disk CHECK (kind <> 'access.refused')",
    }
    with watched.house.writing() as uow:
        uow.connection.run(Statement("full", full[uow.connection.dialect]))
    before = watched.dump()
    assert refused(watched, Advance(PLAN, "start"), "oda").code == "read-only-access"
    assert watched.dump() == before


def test_whoever_says_to_be_somebody_else_on_a_real_database_is_in_the_log_as_who_it_is(database_url: str) -> None:
    house = seed.house(database_url, simulated=False)
    seed.plan(house)
    with pytest.raises(NoRight) as failure:
        replace(house, as_person="sofie").apply(Advance(PLAN, "start"))
    assert failure.value.code == "not-simulated"
    with house.reading() as connection:
        event = opened_body(connection.all(log.EVENTS)[-1])
    assert (event["kind"], event["actor"], event["trigger"], event["plan"]) == (
        "access.refused",
        "U-001",
        "advance",
        PLAN,
    )
    assert event["refused"] == ["not-simulated"]
