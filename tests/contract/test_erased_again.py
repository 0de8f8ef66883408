"""After a backup was put back, what was erased since is erased again by a list that was kept apart."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from pdca.clock import VirtualClock
from pdca.erasure.erase import erase_again, erase_past_term, erase_person, erase_value
from pdca.erasure.person import ErasePerson
from pdca.erasure.repeat import Erasure, RepeatErasures, erasures
from pdca.erasure.rules import DecideTerm
from pdca.erasure.value import EraseValue
from pdca.errors import NoRight
from pdca.house import House
from pdca.partners.involvement import Involve
from pdca.people.commands import AddPerson
from pdca.people.substitution import Substitute
from pdca.plans.advance import Advance
from pdca.plans.facts import Attempt
from pdca.store.database import locate
from pdca.store.rows import update
from tests import seed
from tests.contract.left_behind import found_in_bytes
from tests.contract.world import PLAN, World, proven

WHY: Final = "Gevraagd op papier."
AGAIN: Final = "Reservekopie teruggezet."
NOWHERE: Final = Path("nowhere")
DRAFT: Final = "[concept] Jan belde terug."
NEEDLES: Final = {
    b"Sofie Peeters",
    b"sofie@zone.example",
    b"Ziek sinds maandag.",
    b"Hoe je diefstal meldt.",
    b"Te druk.",
    DRAFT.encode(),
}


def lived(world: World) -> World:
    """Sofie, an absence, two sessions with a partner, of which something is said, and a note on the partner."""
    world.by("sofie", Advance(PLAN, "start", attempt=Attempt("Met Sofie Peeters afgesproken.")))
    world.by("karel", Substitute("karel", "lea", date(2024, 1, 8), date(2024, 1, 9), "Ziek sinds maandag."))
    world.by("marc", Involve(PLAN, "transport", "training", date(2024, 1, 8), "Hoe je diefstal meldt.", ("anna",)))
    world.by("marc", Involve(PLAN, "transport", "training", date(2024, 1, 8), "Te druk.", ("anna",)))
    world.by_administrator(seed.Plant([update("party", {"party_id": "transport"}, note=DRAFT)]))
    world.by_administrator(DecideTerm("absences", 1, "De wet.", WHY))
    return world


@pytest.fixture
def known(world: World) -> World:
    return lived(world)


def erase(world: World) -> list[Erasure]:
    """Erase a person, single values, and what is past its term; give the list of it."""
    erase_person(world.house, ErasePerson("sofie", "art-17", WHY), NOWHERE)
    for row in world.dump()["event"]:
        for digest in single_values(row["body"]):
            erase_value(world.house, EraseValue(row["event_id"], digest, "mistake", WHY))
    world.go_to(date(2024, 3, 1))
    erase_past_term(world.house, NOWHERE)
    return list(erasures(world.reading))


def single_values(body: bytes) -> list[str]:
    """The commitments to what was said in a session, and to the note on a partner."""
    columns = {"involvement": "content", "party": "note"}
    sets = [(columns.get(one["table"], ""), one.get("set", {})) for one in json.loads(body)["changes"]]
    return [values[column]["~"] for column, values in sets if values.get(column)]


def test_the_list_names_people_by_number_kinds_by_day_and_values_by_commitment_and_nothing_else(known: World) -> None:
    sofie = known.person_id("sofie")
    listed = erase(known)
    assert [(one.what, one.of, one.ground) for one in listed if one.what != "values"] == [
        ("person", sofie, "art-17"),
        ("kind", "absences", "retention"),
    ]
    assert {one.ground for one in listed if one.what == "values"} == {"art-17", "mistake", "retention"}
    assert {one.up_to for one in listed} == {None, "2024-02-01"}
    assert not {needle for needle in NEEDLES if needle.decode() in str([asdict(one) for one in listed])}
    gone = {digest for one in listed for digest in one.digests}
    assert gone == {row["digest"] for row in known.dump()["erased_value"]}


@pytest.fixture
def restored(sqlite_world: World, tmp_path: Path) -> Iterator[tuple[World, list[Erasure]]]:
    """A backup of before, put back, and the list of what was erased since."""
    path = tmp_path / "backup.db"
    world = lived(sqlite_world)
    with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(str(world.house.database.path))) as whole:
        whole.backup(copy)
    listed = erase(world)
    database, clock = locate(f"sqlite:///{path}"), VirtualClock(world.clock.now())
    with database.connect() as reading, proven(World(House(database, clock=clock), clock, reading)) as back:
        yield back, listed


def again(world: World, listed: list[Erasure], *, dry_run: bool = False) -> dict[str, Any]:
    return dict(erase_again(world.house, listed, AGAIN, NOWHERE, dry_run=dry_run).summary)


def test_what_was_erased_since_the_backup_is_erased_again_to_the_last_byte(
    restored: tuple[World, list[Erasure]],
) -> None:
    back, listed = restored
    assert found_in_bytes(back, NEEDLES) == NEEDLES
    assert again(back, listed, dry_run=True)["people"] == 1
    assert found_in_bytes(back, NEEDLES) == NEEDLES
    found = again(back, listed)
    assert (found["people"], found["left"]) == (1, 0)
    assert found_in_bytes(back, NEEDLES) == set()
    report = back.verified()
    assert (report.ok, report.erased) == (True, found["values"])
    assert {digest for one in listed for digest in one.digests} <= {
        row["digest"] for row in back.dump()["erased_value"]
    }


def test_repeating_it_once_more_is_no_event(restored: tuple[World, list[Erasure]]) -> None:
    back, listed = restored
    again(back, listed)
    before = back.dump()
    assert again(back, listed)["values"] == 0
    assert back.dump() == before


def test_who_was_given_the_number_of_an_erased_person_since_is_left(
    restored: tuple[World, list[Erasure]], sqlite_world: World
) -> None:
    back, _listed = restored
    sqlite_world.by_administrator(newcomer("nina"))
    erase_person(sqlite_world.house, ErasePerson("nina", "art-17", WHY), NOWHERE)
    back.by_administrator(newcomer("bram"))
    bram = back.person_id("bram")
    listed = list(erasures(sqlite_world.reading))
    assert bram in {one.of for one in listed if one.what == "person"}
    found = again(back, listed)
    assert (found["people"], found["left"]) == (1, 1)
    assert [row["erased_at"] for row in back.dump()["person"] if row["person_id"] == bram] == [None]


def newcomer(handle: str) -> AddPerson:
    return AddPerson(handle, handle.title(), handle, None, "nl", "member", (), date(2024, 1, 8))


def test_only_an_administrator_repeats(known: World) -> None:
    with pytest.raises(NoRight):
        known.by("marc", RepeatErasures(erase(known), AGAIN))
