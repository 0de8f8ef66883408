"""Fault pairs on every step of every write: it failed and was not kept, or it was kept and failed all the same.

Whoever did it is told, or dies, and does it again: then it has happened once, and the log and the tables agree.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from pdca.clock import VirtualClock
from pdca.errors import Conflict, PdcaError, Refused, Usage
from pdca.house import House
from pdca.store.database import locate
from scheduler import seal
from tests import postgres, seed
from tests.contract.world import World, furnish
from tests.fault.acts import ACTS, Act, done
from tests.fault.breaking import Break, BreakingDatabase
from tests.fault.chance import dice
from tests.fault.shaky import Died

A_FEW: Final = 2
"""Steps besides those that end a transaction which are tried on PostgreSQL in the ordinary run."""

Fresh = Callable[[], World]


@dataclass(frozen=True, slots=True)
class Scene:
    """An installation as it is before an act: `fresh` opens one more copy, beside which its key lies in `folder`."""

    act: Act
    folder: Path
    fresh: Fresh

    def undisturbed(self) -> tuple[Break, Counter[str]]:
        """Do it once: how many statements that takes, and what there is afterwards."""
        world, fate = self.fresh(), Break()
        self.act.perform(breaking(world, fate), self.folder)
        return fate, settled(world)

    def fails(self, fate: Break, expected: Counter[str]) -> str:
        """Do it so that it breaks, then again; gives in a word how it ended the first time."""
        world = self.fresh()
        ended = self._broken(world, fate)
        assert fate.broken
        assert world.verified().ok
        if self.act.rest is not None:
            self.act.rest(world.house, self.folder)
        # What is done already is refused, or finds nothing to do.
        try:
            if self.act.rest is None or _events(expected) - _events(done(world)):
                self.act.perform(world.house, self.folder)
        except (Conflict, Refused, Usage):
            assert fate.kept, f"{self.act.name} was not kept at {fate}, and cannot be done"
        assert settled(world) == expected, f"{self.act.name}, {fate}, {ended}"
        return ended

    def _broken(self, world: World, fate: Break) -> str:
        try:
            self.act.perform(breaking(world, fate), self.folder)
        except Died:
            return "died"
        except PdcaError as error:
            return error.code if error.message and error.hint else "nothing that helps"
        return "done"


def _events(count: Counter[str]) -> Counter[str]:
    return Counter({name: many for name, many in count.items() if "." in name})


def breaking(world: World, fate: Break) -> House:
    """The house of a world, whose database breaks."""
    known = world.house.database
    database = BreakingDatabase(known.url, known.dialect, known.path, lasting=False, fate=fate)
    return replace(world.house, database=database)


def settled(world: World) -> Counter[str]:
    """Seal what is not, see that everything fits, and count it."""
    seal.run_once(world.house)
    report = world.verified()
    assert report.ok, report.findings[:5]
    return done(world)


def opened(url: str, now: datetime, stack: ExitStack) -> World:
    """Open an installation in which it is so late."""
    database, clock = replace(locate(url), lasting=False), VirtualClock(now)
    return World(House(database, clock=clock), clock, stack.enter_context(database.connect()))


@contextmanager
def scene(act: Act, folder: Path, first: str, url_of: Callable[[Path, ExitStack], str]) -> Iterator[Scene]:
    """Bring the database at `first` before an act; `url_of` gives another that is as it was then, while it is used.

    The folder `before` beside it is what the act finds, and each time another copy of it.
    """
    before, here = folder / "before", folder / "here"
    with ExitStack() as stack:
        world = opened(first, seed.START, stack)
        act.before(world, before)
    last = stack

    def fresh() -> World:
        nonlocal last
        last.close()
        last = ExitStack()
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(before, here)
        return opened(url_of(here, last), world.clock.now(), last)

    try:
        yield Scene(act, here, fresh)
    finally:
        last.close()


@contextmanager
def on_sqlite(act: Act, furnished: Path, folder: Path) -> Iterator[Scene]:
    """Bring a SQLite database before an act."""
    file = folder / "before" / "pdca.db"
    file.parent.mkdir()
    shutil.copyfile(furnished, file)
    with scene(act, folder, f"sqlite:///{file}", lambda here, _stack: f"sqlite:///{here / file.name}") as made:
        yield made


@contextmanager
def on_postgresql(act: Act, server: postgres.Server, furnished: str, folder: Path) -> Iterator[Scene]:
    """Bring a PostgreSQL database before an act."""
    (folder / "before").mkdir()

    with server.fresh_database(furnished) as template:

        def another(_here: Path, stack: ExitStack) -> str:
            return server.url(stack.enter_context(server.fresh_database(template)))

        with scene(act, folder, server.url(template), another) as made:
            yield made


@pytest.fixture(scope="module")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SQLite database with which everything begins."""
    path = tmp_path_factory.mktemp("furnished") / "pdca.db"
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="module")
def furnished_database(postgres_server: postgres.Server) -> Iterator[str]:
    """The PostgreSQL database with which everything begins."""
    with postgres_server.fresh_database() as name:
        furnish(postgres_server.url(name))
        yield name


def tell(act: Act, ends: Counter[str], commits: int) -> None:
    told = ", ".join(f"{many} {end}" for end, many in sorted(ends.items()))
    print(f"{act.name}: {ends.total()} faults ({commits} ends of transactions): {told}")  # noqa: T201 - the record


def ways(fate: Break) -> list[tuple[int, bool, bool]]:
    """List statements, whether they are kept, and whether the process dies of it: those that end transactions first."""
    others = [number for number in range(1, fate.statements + 1) if number not in fate.commits]
    pairs = ((False, False), (False, True), (True, True))
    return [(at, kept, dies) for at in (*fate.commits, *others) for kept, dies in pairs]


@pytest.mark.parametrize("act", [act for act in ACTS if not act.postgresql_only], ids=lambda act: act.name)
def test_whatever_fails_on_sqlite_at_any_step_is_there_once_when_it_is_done_again(
    act: Act, furnished_file: Path, tmp_path: Path
) -> None:
    with on_sqlite(act, furnished_file, tmp_path) as scene:
        fate, expected = scene.undisturbed()
        every = ways(fate)
        # Each step in one of the three ways by turns; the ends of transactions in all.
        some = [*every[: 3 * len(fate.commits)], *every[3 * len(fate.commits) :: 4]]
        ends = Counter(scene.fails(Break(at, kept, dies=dies), expected) for at, kept, dies in some)
    tell(act, ends, len(fate.commits))
    assert not ends["nothing that helps"]
    assert ends["died"]
    assert ends["database-error"]


@pytest.mark.postgres
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_whatever_fails_on_postgresql_at_a_commit_and_at_some_steps_is_there_once_when_it_is_done_again(
    act: Act, postgres_server: postgres.Server, furnished_database: str, tmp_path: Path
) -> None:
    with on_postgresql(act, postgres_server, furnished_database, tmp_path) as scene:
        fate, expected = scene.undisturbed()
        every = [(at, kept) for at, kept, dies in ways(fate) if dies]
        commits = 2 * len(fate.commits)
        chosen = [*every[:commits], *dice(act.name).sample(every[commits:], A_FEW)]
        ends = Counter(scene.fails(Break(at, kept), expected) for at, kept in chosen)
    tell(act, ends, len(fate.commits))
    # Who was told that the line broke while it was being kept, knows to look before doing it again.
    assert ends["outcome-unknown"] == len(fate.commits)


@pytest.mark.soak
@pytest.mark.parametrize("act", [act for act in ACTS if not act.postgresql_only], ids=lambda act: act.name)
def test_every_fault_at_every_step_on_sqlite(act: Act, furnished_file: Path, tmp_path: Path) -> None:
    with on_sqlite(act, furnished_file, tmp_path) as scene:
        fate, expected = scene.undisturbed()
        ends = Counter(scene.fails(Break(at, kept, dies=dies), expected) for at, kept, dies in ways(fate))
    tell(act, ends, len(fate.commits))


@pytest.mark.soak
@pytest.mark.postgres
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_every_fault_at_every_step_on_postgresql(
    act: Act, postgres_server: postgres.Server, furnished_database: str, tmp_path: Path
) -> None:
    with on_postgresql(act, postgres_server, furnished_database, tmp_path) as scene:
        fate, expected = scene.undisturbed()
        every = [(at, kept) for at, kept, dies in ways(fate) if dies]
        ends = Counter(scene.fails(Break(at, kept), expected) for at, kept in every)
    tell(act, ends, len(fate.commits))
