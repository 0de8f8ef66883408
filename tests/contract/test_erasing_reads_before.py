"""Erasing reads the log before it keeps others from writing, and finds what it would have found then."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.engine import Command, apply
from pdca.erasure.apply_rules import ApplyRules
from pdca.erasure.erase import erase_past_term, erase_person
from pdca.erasure.message_files import MessageFiles
from pdca.erasure.naming import Naming
from pdca.erasure.person import ErasePerson
from pdca.erasure.rules import DecideTerm
from pdca.house import House
from pdca.partners.reaction import React
from pdca.people.commands import AddPerson, Appoint, EndAppointment
from pdca.store.catalogue import FOLDED
from pdca.store.driver import Connection
from pdca.store.eventlog import LAST_EVENT
from pdca.store.rows import update
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_until_done
from scheduler.erasing import DailyErasure
from tests import seed
from tests.contract import edits
from tests.contract.erasing import CLOSED, LATER, LEFT, SAID, SICK, Meanwhile, past_term
from tests.contract.world import EVERY_ROW, PLAN, World

NOWHERE: Final = Path("nowhere")
TOO_LATE: Final = "De lijn was weer bezet."
THE_LOG: Final = ("event", "event_private", "tree_leaf", "tree_node")
"""Tables whose rows differ each time: salts are random."""


@pytest.fixture
def left(world: World, tmp_path: Path) -> World:
    return past_term(world, tmp_path / "outbox")


def somewhere_else(world: World) -> Callable[[], object]:
    """Something is written that has nothing to do with what is erased."""
    note = update("party", {"party_id": "chief"}, note="Een nota.")
    return lambda: world.by_administrator(seed.Plant([note]))


def everything(world: World) -> str:
    return str(world.dump())


def rows_after(connection: Connection) -> dict[str, Any]:
    """What the tables hold, as far as it does not hang on salts."""
    found = {name: connection.all(one) for name, one in EVERY_ROW.items() if name not in THE_LOG}
    for row in (*found["plan"], *found["installation"]):
        row.pop("head")
    return {**found, "erased_value": sorted(row["ground"] for row in found["erased_value"])}


@pytest.mark.parametrize(
    "erase",
    [
        lambda house: erase_person(house, ErasePerson("anna", "art-17", "Gevraagd."), NOWHERE),
        lambda house: erase_past_term(house, NOWHERE),
        lambda house: erase_past_term(house, NOWHERE, dry_run=True),
        lambda house: DailyErasure(NOWHERE).run_once(house),
    ],
    ids=["person erase", "retention apply", "a dry run", "the scheduler"],
)
def test_while_others_are_kept_from_writing_no_event_is_read_but_what_came_since(
    left: World, erase: Callable[[House], object]
) -> None:
    left.by_administrator(DecideTerm("reactions", None, None, "Voorlopig niet."))
    last = left.reading.value(LAST_EVENT)
    meanwhile = Meanwhile(left, somewhere_else(left))
    erase(meanwhile.house)
    # One from the other, and those that the erasing has written itself, once each.
    assert min(meanwhile.read) == last + 1
    assert len(meanwhile.read) == len(set(meanwhile.read))


def test_of_the_message_files_only_those_are_read_that_changed_since(world: World, tmp_path: Path) -> None:
    world.take("start")
    run_until_done(world.house, lambda _name: FileChannel(tmp_path))
    sofie, naming = world.person_id("sofie"), Naming(["Sofie Peeters"])
    files = MessageFiles(tmp_path).having_read(world.reading, {sofie: naming})
    found = [*files.of(world.reading, sofie, naming)]
    assert found
    for path in found:
        then = path.stat()
        path.write_bytes(b"")
        os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert [*files.of(world.reading, sofie, naming)] == found
    for path in found:
        os.utime(path, ns=(0, 0))
    assert [*files.of(world.reading, sofie, naming)] == []


def test_what_is_found_is_what_one_finds_who_reads_everything_inside_of_the_transaction(left: World) -> None:
    def say() -> None:
        left.by("sofie", React(PLAN, "transport", LATER, TOO_LATE))
        key = {name: left.dump()["snapshot"][0][name] for name in FOLDED["snapshot"].key}
        left.by("sofie", edits.Edit([update("snapshot", key, text=f"Gehoord: {TOO_LATE}")]))

    before = Meanwhile(left, say)
    results = []
    for command in (ApplyRules().having_read(left.reading, left.clock.now()), ApplyRules()):
        with before.house.writing() as uow:
            uow.keep = False
            outcome = apply(uow, command, left.house.actor(uow.connection))
            results.append((outcome.summary, len(outcome.events), rows_after(uow.connection)))
    assert results[0] == results[1]
    assert results[0][0]["values"] > 0
    assert not [text for text in (SICK, SAID, TOO_LATE, "Anna", "Marc") if text in str(results[0][2])]


def test_each_of_several_people_is_taken_out_of_what_names_them_together(left: World) -> None:
    left.by_administrator(DecideTerm("reactions", None, None, "Voorlopig niet."))
    erase_past_term(left.house, NOWHERE)
    [reaction] = left.dump()["reaction"]
    assert reaction["text"] == "[erased] en [erased] vonden de meldlijn te druk."
    assert not [text for text in ("Anna Smith", "Marc Dubois", SICK) if text in everything(left)]
    assert left.verified().ok


def test_of_two_who_had_the_same_name_it_is_taken_out_of_texts_with_the_second(left: World) -> None:
    """As long as somebody else here has it, that one may be meant."""
    marc = left.person_id("marc")
    left.by_administrator(seed.Plant([update("person", {"person_id": marc}, name="Anna Smith")]))
    first = min(marc, left.person_id("anna"))
    assert erase_past_term(left.house, NOWHERE).summary["shared_names"] == [first]
    assert "Anna Smith" not in everything(left)


@pytest.mark.parametrize(
    ("by_then", "erased", "left_alone"),
    [
        (Appoint("anna", ("transport",), LATER), {"marc"}, set()),
        (EndAppointment("karel", "chief", LEFT), {"anna", "marc", "karel"}, set()),
        (DecideTerm("absences", None, None, "Toch niet."), {"anna", "marc"}, {SICK}),
    ],
    ids=["has a function again", "left as well", "is kept"],
)
def test_who_or_what_is_past_its_term_is_decided_in_the_transaction(
    left: World, by_then: Command, erased: set[str], left_alone: set[str]
) -> None:
    gone = {left.person_id(one) for one in erased}
    meanwhile = Meanwhile(left, lambda: left.by_administrator(by_then))
    erase_past_term(meanwhile.house, NOWHERE)
    assert {row["person_id"] for row in left.dump()["person"] if row["erased_at"]} == gone
    assert {text for text in (SICK, "Samen met") if text in everything(left)} == left_alone


def test_what_somebody_is_called_by_then_is_looked_for_as_well(left: World) -> None:
    anna = left.person_id("anna")
    renamed = update("person", {"person_id": anna}, name="Anna Jansens")
    named = update("party", {"party_id": "transport"}, note="Vraag het Anna Jansens.")
    meanwhile = Meanwhile(left, lambda: left.by_administrator(seed.Plant([renamed, named])))
    erase_person(meanwhile.house, ErasePerson(anna, "art-17", "Gevraagd."), NOWHERE)
    assert "Jansens" not in everything(left)
    assert left.verified().ok


def test_when_it_changes_each_time_it_is_read_in_the_transaction_in_the_end(left: World) -> None:
    anna = left.person_id("anna")
    names = [f"Anna {name}" for name in ("Jansens", "Peeters", "Maes", "Claes")]

    def rename(name: str) -> Callable[[], object]:
        change = update("person", {"person_id": anna}, name=name)
        return lambda: left.by_administrator(seed.Plant([change]))

    meanwhile = Meanwhile(left, *map(rename, names))
    last = left.reading.value(LAST_EVENT)
    erase_person(meanwhile.house, ErasePerson(anna, "art-17", "Gevraagd."), NOWHERE)
    assert set(range(1, last + 1)) <= set(meanwhile.read)
    assert not [name for name in names if name in everything(left)]


def test_what_another_has_erased_by_then_is_neither_erased_nor_counted_again(left: World) -> None:
    other = DailyErasure(NOWHERE)
    meanwhile = Meanwhile(left, lambda: other.run_once(left.house))
    assert DailyErasure(NOWHERE).run_once(meanwhile.house).erased == 0
    assert len(left.dump()["erasure_run"]) == 4
    assert left.verified().ok


def test_an_event_that_was_kept_only_after_a_later_one_was_read_is_found(
    postgres_world: World,
) -> None:
    """Where several write at once, the ids of events are given out before the events are there for others."""
    world = postgres_world
    seed.plan(world.house, "P-002", people=())
    anna = world.person_id("anna")
    named = edits.Edit([update("plan", {"plan_id": "P-002"}, note="Vraag het Anna Smith.")], "P-002")
    slow = world.house.writing()
    uow = slow.__enter__()
    [early] = apply(uow, named, world.house.actor(uow.connection)).events
    world.by_administrator(AddPerson("zoe", "Zoë Maes", None, None, "nl", "member", (), CLOSED))
    assert world.reading.value(LAST_EVENT) > early

    def keep() -> None:
        slow.__exit__(None, None, None)

    meanwhile = Meanwhile(world, keep)
    erase_person(meanwhile.house, ErasePerson(anna, "art-17", "Gevraagd."), NOWHERE)
    assert early in meanwhile.read
    assert "Anna Smith" not in everything(world)
    assert world.verified().ok
