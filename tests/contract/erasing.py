"""An installation in which the term of much is over, and erasing it while others are at work."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from pdca.erasure.rules import DecideTerm
from pdca.partners.involvement import Involve
from pdca.partners.reaction import React
from pdca.people.commands import EndAppointment
from pdca.people.substitution import Substitute
from pdca.store.driver import Connection, Row, Statement
from pdca.store.rows import update
from scheduler.channels.file import FileChannel
from scheduler.deliver import run_until_done
from tests import seed
from tests.contract.counting import Counting
from tests.contract.overlooking import watched
from tests.contract.world import PLAN, World

CLOSED: Final = date(2024, 1, 8)
LEFT: Final = date(2024, 6, 1)
LATER: Final = date(2026, 1, 8)
SICK: Final = "Ziek sinds maandag."
SAID: Final = "Anna Smith en Marc Dubois vonden de meldlijn te druk."


@dataclass(eq=False)
class Locked(Counting):
    """A connection that notes what events it reads while others are kept from writing, and when it overwrites files."""

    before: Callable[[], None] = lambda: None
    read: list[int] = field(default_factory=list)
    scrubbed: list[bool] = field(default_factory=list)
    inside: bool = False

    def begin(self) -> None:
        self.before()
        super().begin()
        self.inside = True

    def commit(self) -> None:
        self.inside = False
        super().commit()

    def rollback(self) -> None:
        self.inside = False
        super().rollback()

    def scrub(self, tables: Iterable[str]) -> bool:
        self.scrubbed.append(True)
        return self.inner.scrub(tables)

    def all(self, statement: Statement, /, **parameters: object) -> list[Row]:
        return [self._seen(row) for row in super().all(statement, **parameters)]

    def stream(self, statement: Statement, /, **parameters: object) -> Iterator[Row]:
        return map(self._seen, super().stream(statement, **parameters))

    def _seen(self, row: Row) -> Row:
        if self.inside and "body" in row:
            self.read.append(row["event_id"])
        return row


class Meanwhile:
    """Watches the connections of a house that erases, and lets somebody do something before each transaction of it."""

    def __init__(self, world: World, *acts: Callable[[], object]) -> None:
        self.house = watched(world.house, self._watch)
        self.read: list[int] = []
        self.scrubbed: list[bool] = []
        self._acts = list(acts)

    def _watch(self, connection: Connection, writing: bool) -> Connection:
        if not writing:
            return connection
        return Locked(connection, before=self._before, read=self.read, scrubbed=self.scrubbed)

    def _before(self) -> None:
        if self._acts:
            self._acts.pop(0)()


def past_term(world: World, outbox: Path) -> World:
    """End a plan in which texts name two people who left; their term is over, and that of what was said."""
    world.by("karel", Substitute("karel", "marc", CLOSED, date(2024, 2, 8), SICK))
    world.by("marc", Involve(PLAN, "transport", "training", CLOSED, "Samen met Anna Smith.", ("anna",)))
    world.by("marc", React(PLAN, "transport", CLOSED, SAID))
    world.take("start", "evaluate", "record", "conclude", "close")
    assert run_until_done(world.house, lambda _name: FileChannel(outbox)).done
    world.go_to(LEFT)
    for who, party in (("anna", "transport"), ("marc", "investigation")):
        world.by_administrator(EndAppointment(who, party, LEFT))
    world.by_administrator(seed.Plant([update("party", {"party_id": "transport"}, note=SAID)]))
    for kind in ("people", "absences", "messages", "reactions"):
        world.by_administrator(DecideTerm(kind, 6, "De wet.", "Beslist."))
    world.go_to(LATER)
    return world
