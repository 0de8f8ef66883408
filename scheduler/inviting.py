"""Inviting people to evaluations, and telling their calendars what changed since."""

from collections.abc import Callable
from datetime import datetime

from pdca.actor import Actor
from pdca.clock import Clock
from pdca.engine import apply
from pdca.errors import Conflict, TryAgain, Unusable
from pdca.evaluations.invite import Invite, owed
from pdca.log import get_logger
from pdca.store.driver import Connection
from pdca.store.unit_of_work import unit_of_work


def invite(connection: Connection, now: datetime, clock: Clock, actor: Actor, stopping: Callable[[], bool]) -> int:
    """Tell calendars all that they are still to be told, at `now`, and give of how many evaluations.

    Each is a transaction. One that fails is left for the next time and does not stop the others.
    """
    found = dict.fromkeys((one.plan_id, one.evaluation_id) for one in owed(connection, now))
    told = 0
    for plan_id, evaluation_id in found:
        if stopping():
            break
        try:
            with unit_of_work(connection, clock) as uow:
                told += bool(apply(uow, Invite(plan_id, evaluation_id), actor).events)
        except Conflict:
            continue
        except (Unusable, TryAgain):
            raise
        except Exception:  # noqa: BLE001 - whatever is wrong with one plan must not keep the others from being told
            get_logger("scheduler.inviting").exception("not_invited", plan=plan_id, evaluation=evaluation_id)
    return told
