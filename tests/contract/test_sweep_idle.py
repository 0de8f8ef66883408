"""A sweep that finds nothing to do asks only what it needs to know that, on either engine."""

from typing import Final

from pdca.house import House
from pdca.people.invitations import SetInvitations
from pdca.store.driver import Connection
from scheduler.sweep import SweepCounts, run_once
from tests import seed
from tests.contract.counting import Counting
from tests.contract.overlooking import watched
from tests.contract.world import World

ASKED: Final = ["installation", "person_by_login", "due_deadlines", "anybody_invited"]
"""A server is asked as well whose session it is."""


def asked(house: House) -> list[str]:
    """Sweep, and give the statements that it asked, without what opening a connection asks."""
    seen: list[Counting] = []

    def watch(connection: Connection, _writing: object) -> Connection:
        seen.append(Counting(connection))
        return seen[-1]

    assert run_once(watched(house, watch)) == SweepCounts()
    [connection] = seen
    # On SQLite the system says who it is.
    return [name for name in connection.names if name != "session_user"]


def test_a_sweep_with_nothing_due_asks_four_questions_and_of_a_server_whose_session_it_is(world: World) -> None:
    assert asked(world.house) == ASKED


def test_the_time_is_asked_of_a_server_once(database_url: str) -> None:
    here = seed.house(database_url, simulated=False)
    assert asked(here).count("database_time") == (here.database.dialect == "postgresql")


def test_who_is_to_be_invited_is_looked_for_once_somebody_wishes_it(world: World) -> None:
    world.by("sofie", SetInvitations("sofie", wanted=True))
    assert world.sweep().invited == 3
    assert asked(world.house) == [*ASKED, "invitations_wanted", "invitations_sent"]
    world.by("sofie", SetInvitations("sofie", wanted=False))
    assert world.sweep().invited == 3
    assert asked(world.house) == ASKED
