"""An installation in which messages wait to be delivered, and looks at its outbox."""

from datetime import timedelta
from typing import Final

from pdca.clock import VirtualClock
from pdca.house import House
from pdca.plans.advance import Advance
from pdca.store.driver import Row, Statement
from tests import seed

OUTBOX: Final = Statement(
    "whole_outbox",
    """
    SELECT n.*, r.handle FROM notification n JOIN person r ON r.person_id = n.person_id
        ORDER BY n.created_at, n.stream, n.seq, length(n.notification_id), n.notification_id
    """,
)
GROUP: Final = (
    seed.LEAD,
    *(seed.Somebody(name, name.capitalize(), "en", f"{name}@zone.example") for name in ("ann", "bob", "cis")),
)


def waiting_house(url: str, people: tuple[seed.Somebody, ...] = GROUP, *, simulated: bool = True) -> House:
    """An installation in which one plan was started, so that every member of its group is to be told."""
    here = seed.house(url, simulated=simulated)
    plan = seed.plan(here, people=people)
    seed.by(here, plan.people["sofie"], Advance(plan.plan_id, trigger="start"))
    return here


def outbox(here: House) -> list[Row]:
    with here.reading() as connection:
        return connection.all(OUTBOX)


def advance_clock(here: House, by: timedelta) -> None:
    assert isinstance(here.clock, VirtualClock)
    here.clock.advance_to(here.clock.now() + by)
