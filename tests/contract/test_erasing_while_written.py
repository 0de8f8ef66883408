"""Erasing waits for whoever is writing to a plan, and finds what that one has written."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from pdca.engine import Command, Desk, Draft, Outcome, Stream, apply
from pdca.erasure.erase import erase_again, erase_past_term, erase_person
from pdca.erasure.person import ErasePerson
from pdca.erasure.repeat import Erasure, erasures
from pdca.house import House
from pdca.notify.outbox import Notice
from pdca.plans.advance import lock_plan
from pdca.store.driver import Connection, Row, Statement
from pdca.store.rows import update
from tests.contract import edits
from tests.contract.counting import Counting
from tests.contract.erasing import past_term
from tests.contract.overlooking import watched
from tests.contract.world import PLAN, World

NOWHERE: Final = Path("nowhere")
WHY: Final = "Gevraagd."
NAMED: Final = "Vraag het Anna Smith."


@dataclass(frozen=True, slots=True)
class Tell:
    """Have a message to somebody made, as what happens to a plan does."""

    person_id: str

    def perform(self, desk: Desk) -> Outcome:
        notice = Notice("plan.test", (), {"said": "Nog een bericht."}, people={self.person_id: "administrator"})
        desk.record(Stream.of_plan(lock_plan(desk, PLAN)), Draft(kind="test.told", notices=[notice]))
        return desk.done()


@dataclass(eq=False)
class Waiting(Counting):
    """A connection that lets another keep what it has written as soon as this one waits for a plan."""

    keep: Callable[[], None] = field(default=lambda: None)

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        if statement.lock == "wait" and "FROM plan " in statement.sqlite:
            self.keep()
        return super().all(statement, **parameters)

    def scrub(self, tables: Iterable[str]) -> bool:
        return self.inner.scrub(tables)


@contextmanager
def writing(world: World, command: Command) -> Iterator[House]:
    """Have somebody write to a plan, and keep it only when whoever works in the house that is given waits for him."""
    slow = world.house.writing()
    uow = slow.__enter__()
    apply(uow, command, world.house.actor(uow.connection))
    left = [slow]

    def keep() -> None:
        if left:
            left.pop().__exit__(None, None, None)

    def watch(connection: Connection, for_writing: bool) -> Connection:
        return Waiting(connection, keep=keep) if for_writing else connection

    yield watched(world.house, watch)
    assert not left


def note(text: str) -> Command:
    return edits.Edit([update("plan", {"plan_id": PLAN}, note=text)])


def erase_anna(house: House) -> Outcome:
    return erase_person(house, ErasePerson("anna", "art-17", WHY), NOWHERE)


@pytest.mark.parametrize(
    ("by_then", "stays"),
    [("Nieuwe tekst van Sofie.", "Nieuwe tekst van Sofie."), ("Bel Anna Smith morgen.", "Bel [erased] morgen.")],
    ids=["names nobody", "names her"],
)
@pytest.mark.parametrize("again", [False, True], ids=["person erase", "erasure repeat"])
def test_what_is_written_meanwhile_stays_without_the_name(
    postgres_world: World, by_then: str, stays: str, again: bool
) -> None:
    world = postgres_world
    world.by("sofie", note(NAMED))
    listed = list_of(world) if again else []
    with writing(world, note(by_then)) as house:
        if again:
            erase_again(house, listed, WHY, NOWHERE)
        else:
            erase_anna(house)
    assert world.plan(PLAN)["note"] == stays
    assert "Anna Smith" not in str(world.dump())
    assert world.verified().ok


def list_of(world: World) -> list[Erasure]:
    """What a list says after she was erased, of a database in which she is not: as a backup of before."""
    with world.house.writing() as uow:
        uow.keep = False
        apply(uow, ErasePerson("anna", "art-17", WHY), world.house.actor(uow.connection))
        return list(erasures(uow.connection))


def test_a_message_made_meanwhile_to_who_is_erased_lapses_and_says_nothing(postgres_world: World) -> None:
    world = postgres_world
    anna = world.person_id("anna")
    with writing(world, Tell(anna)) as house:
        erase_anna(house)
    [message] = [row for row in world.dump()["notification"] if row["person_id"] == anna and row["kind"] == "plan.test"]
    assert (message["status"], message["parameters"]) == ("lapsed", "{}")
    assert "Nog een bericht." not in str(world.dump())


def test_what_is_past_its_term_goes_as_it_was_written_meanwhile(postgres_world: World, tmp_path: Path) -> None:
    world = past_term(postgres_world, tmp_path / "outbox")
    [reaction] = world.dump()["reaction"]
    named = {"reaction_id": reaction["reaction_id"]}
    with writing(world, edits.Edit([update("reaction", named, text="De lijn blijft bezet.")])) as house:
        erase_past_term(house, NOWHERE)
    assert world.dump()["reaction"][0]["text"] == "[erased]"
    assert "De lijn blijft bezet." not in str(world.dump())
    assert world.verified().ok
