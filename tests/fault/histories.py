"""Small installations with a history that chance has made: what people tried, what fell due, what was signed when."""

import json
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pdca import methods
from pdca.audit.checked import Held
from pdca.audit.checkpoint import Checkpoint
from pdca.audit.findings import Report
from pdca.audit.notes import SigningKey, VerifierKey, text_of
from pdca.audit.verify import verify
from pdca.checkpoints import sign_state
from pdca.clock import VirtualClock
from pdca.engine import Command
from pdca.erasure.person import ErasePerson
from pdca.erasure.value import EraseValue
from pdca.errors import NotFound, Refused, Usage
from pdca.evaluations.acknowledge import Acknowledge
from pdca.house import House
from pdca.key_change import change_key
from pdca.keys import KeyFile
from pdca.people.commands import AddPerson
from pdca.plans.advance import Advance
from pdca.plans.approve import Approve
from pdca.plans.facts import Attempt
from pdca.store.database import locate
from pdca.store.sqlite import SqliteConnection
from pdca.store.verifying import StoredLog
from tests import seed
from tests.contract.world import MOTIVE, PLAN, WATCHED, World, furnish, recording
from workflows import definition as definitions

ZVP: Final = definitions.load("zvp")
PLANS: Final = (PLAN, "P-002")
HANDLES: Final = ("sofie", "sofie", "sofie", "marc", "lea", "karel")
TRIGGERS: Final = tuple(dict.fromkeys(way.trigger for way in ZVP.transitions))
GROUND: Final = "mistake"


def found(folder: Path) -> Path:
    """Make the installation with which every history begins: two plans, their people, and a key of the log."""
    path = folder / "founded.db"
    furnish(f"sqlite:///{path}")
    house = House(locate(f"sqlite:///{path}"), clock=VirtualClock(seed.START))
    seed.plan(house, PLANS[1], people=())
    change_key(house, folder / "founded.key", {}, MOTIVE)
    return path


@dataclass(frozen=True, slots=True)
class Before:
    """How the database and its key stood once: copies, how many events it had, and when that was."""

    path: Path
    key: Path
    events: int
    at: datetime


@dataclass
class History:
    """A history under way: `notes` are the checkpoints as somebody outside keeps them, the smallest first.

    `keys` are the public keys that he keeps with them.
    """

    world: World
    path: Path
    file: KeyFile
    chance: random.Random
    notes: list[str] = field(default_factory=list)
    keys: set[VerifierKey] = field(default_factory=set)
    before: list[Before] = field(default_factory=list)

    def go_on(self) -> None:
        """Let one thing happen."""
        things: tuple[tuple[int, Callable[[], None]], ...] = (
            (6, self._possible),
            (3, self._tried),
            (3, self._approved),
            (3, self._recorded),
            (4, self._swept),
            (1, self._acknowledged),
            (1, self._added),
            (1, self._erased),
            (3, self._signed),
        )
        [thing] = self.chance.choices([one for _, one in things], [often for often, _ in things])
        # What a rule forbids, or what is a mistake, is part of it.
        with suppress(NotFound, Refused, Usage):
            thing()

    @property
    def key(self) -> SigningKey:
        """The key that signs now: an insider has it."""
        return self.file.read()

    @property
    def events(self) -> int:
        """How many events there are."""
        return len(self.world.dump()["event"])

    def keep_copy(self) -> None:
        """Keep a copy of the database as it is, as a backup does."""
        path = self.path.with_name(f"before-{len(self.before)}.db")
        assert isinstance(self.world.reading, SqliteConnection)
        self.world.reading.copy_to(path)
        key = shutil.copy(self.file.path, path.with_suffix(".key"))
        self.before.append(Before(path, Path(key), self.events, self.world.clock.now()))

    def held(self, many: int) -> list[Held]:
        """Give the first so many checkpoints that were kept outside, perhaps with the keys."""
        keys = tuple(self.keys) if self.chance.random() < 0.5 else ()
        return [Held(f"kept {size_of(note)}", note, keys) for note in self.notes[:many]]

    def _try(self, handle: str, command: Command) -> None:
        self.world.by(handle, command)

    def _possible(self) -> None:
        plan = self.chance.choice(PLANS)
        self._advance(plan, "sofie", self.chance.choice([*ZVP.routes[self.world.plan(plan)["state"]], "start"]))

    def _tried(self) -> None:
        self._advance(self.chance.choice(PLANS), self.chance.choice(HANDLES), self.chance.choice(TRIGGERS))

    def _advance(self, plan: str, handle: str, trigger: str) -> None:
        again = self.world.clock.now().date() + timedelta(days=30)
        self._try(handle, Advance(plan, trigger, attempt=Attempt(MOTIVE, WATCHED, again)))

    def _approved(self) -> None:
        self._try("lea", Approve(self.chance.choice(PLANS), self.chance.choice(methods.purposes(ZVP)), MOTIVE))

    def _recorded(self) -> None:
        rows = [row for row in self.world.dump()["evaluation"] if row["status"] == "open"]
        if rows:
            self._try("marc", recording(self.chance.choice(rows)["evaluation_id"]))

    def _acknowledged(self) -> None:
        self._try("sofie", Acknowledge(self.chance.choice(PLANS), MOTIVE, None, None))

    def _added(self) -> None:
        number, today = self.chance.randrange(10**6), self.world.clock.now().date()
        self.world.by_administrator(
            AddPerson(f"p-{number}", f"Persoon {number}", None, None, "nl", "member", ("transport",), today)
        )

    def _erased(self) -> None:
        if self.chance.random() < 0.2:
            self.world.by_administrator(ErasePerson("anna", GROUND, "Gevraagd op papier."))
            return
        row = self.chance.choice(self.world.dump()["event_private"])
        digests = sorted(json.loads(row["payload"]))
        if digests:
            command = EraseValue(row["event_id"], self.chance.choice(digests), GROUND, "Hoort hier niet.")
            self.world.by_administrator(command)

    def _swept(self) -> None:
        self.world.sweep_on(self.world.clock.now() + timedelta(days=self.chance.choice((1, 7, 30, 90))))

    def _signed(self) -> None:
        if self.chance.random() < 0.1:
            change_key(self.world.house, self.file.path, {}, MOTIVE)
        self.sign()

    def sign(self) -> None:
        """Sign the log as it is, and let somebody outside keep the checkpoint."""
        with self.world.house.writing() as uow:
            note = sign_state(uow, self.file).note
        if note not in self.notes:
            self.notes.append(note)
        self.keys.add(self.key.verifier)


@contextmanager
def beginning(founded: Path, folder: Path, chance: random.Random) -> Iterator[History]:
    """Begin a history in a folder of its own, which is emptied."""
    for left in folder.iterdir():
        left.unlink()
    path = Path(shutil.copyfile(founded, folder / "pdca.db"))
    for name in ("key", "key.last"):
        shutil.copy(founded.with_suffix(f".{name}"), path.with_suffix(f".{name}"))
    with living(path, seed.START) as world:
        yield History(world, path, KeyFile(path.with_suffix(".key")), chance)


@contextmanager
def living(path: Path, now: datetime) -> Iterator[World]:
    """Open a database in which time stands at an instant and goes on; nothing waits for the disk."""
    database, clock = replace(locate(f"sqlite:///{path}"), lasting=False), VirtualClock(now)
    with database.connect() as reading:
        yield World(House(database, clock=clock), clock, reading)


def size_of(note: str) -> int:
    """Tell of how many events a checkpoint speaks."""
    return Checkpoint.parse(text_of(note)).size


def audited(path: Path, held: Sequence[Held] = ()) -> Report:
    """Verify a database as `pdca audit verify` does."""
    with locate(f"sqlite:///{path}").connect() as connection:
        return verify(StoredLog(connection), held=held)
