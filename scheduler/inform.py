"""Handing over the reports that were approved, and noting which mails of reports have left.

Nothing is written inside an open transaction; what fails stays approved, is tried at the next run, and is overdue in
the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pdca.engine import Command, apply
from pdca.errors import Conflict, PdcaError, TryAgain, Unusable
from pdca.house import House
from pdca.information.hand_over import hand_over
from pdca.information.receive import ConfirmMailed
from pdca.log import get_logger
from pdca.store.reads import information


@dataclass(frozen=True, slots=True)
class InformCounts:
    """What a run did: reports handed over, those of which every mail has left, and those that could not go."""

    handed_over: int = 0
    confirmed: int = 0
    failed: int = 0


def run_once(house: House, folder: Path, stopping: Callable[[], bool] = lambda: False) -> InformCounts:
    """Hand over every report that is approved and not meant for a mail or a meeting; note what mails have left."""
    log = get_logger("scheduler.inform")
    with house.noting_refusals("inform"), house.reading() as connection:
        house.scheduler(connection)
        waiting = connection.all(information.TO_HAND_OVER)
        mailed = connection.all(information.MAILED)
    done = confirmed = failed = 0
    for row in waiting:
        if stopping():
            break
        try:
            with house.reading() as connection:
                record = hand_over(connection, row["report_id"], folder)
            done += _apply(house, record)
        except (Unusable, TryAgain):
            raise
        except PdcaError as error:
            failed += 1
            log.warning("report_not_handed_over", report=row["report_id"], code=error.code, error=error.message)
    for row in mailed:
        confirmed += _apply(house, ConfirmMailed(row["report_id"]))
    return InformCounts(done, confirmed, failed)


def _apply(house: House, command: Command) -> bool:
    """Tell whether it was done, and not by another worker at the same time."""
    try:
        with house.writing() as uow:
            outcome = apply(uow, command, house.scheduler(uow.connection))
    except Conflict:
        return False
    return bool(outcome.events) and not outcome.refusal
