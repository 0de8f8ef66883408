"""Handing over the reports that were approved, and noting which mails of reports have left.

Nothing is written inside an open transaction; what fails stays approved, is tried at the next run, and is overdue in
the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pdca.engine import Command, Outcome, apply
from pdca.errors import Conflict, PdcaError, TryAgain, Unusable, Usage
from pdca.house import House
from pdca.i18n import _
from pdca.information.finding import report_unknown
from pdca.information.hand_over import hand_over
from pdca.information.receive import HANDED_OVER, ConfirmMailed, RecordHandedOver
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


def hand_over_now(house: House, report_id: str, folder: Path, *, dry_run: bool = False) -> Outcome:
    """Hand over one report as whoever asks for it; the outcome is a refusal when it is not to go.

    Raises NotFound for no such report, Usage for one that is not handed over by this program.
    """
    with house.reading() as connection:
        report = connection.one(information.REPORT, report_id=report_id)
    if report is None:
        raise report_unknown(report_id)
    if report["method"] not in HANDED_OVER:
        raise Usage(
            "not-handed-over",
            _("%(report)s goes by “%(method)s”; nothing is written for that.")
            % {"report": report_id, "method": report["method"]},
            hint=_("A mail goes with `pdca notify deliver`, a meeting is recorded with `pdca information receipt`."),
        )
    # Asked first, so that nothing is written that may not go.
    asked = house.apply(RecordHandedOver(report_id, str(folder), ""), dry_run=True)
    if dry_run:
        return asked
    if asked.refusal:
        return house.apply(RecordHandedOver(report_id, str(folder), ""))
    with house.reading() as connection:
        record = hand_over(connection, report_id, folder)
    return house.apply(record)


def _apply(house: House, command: Command) -> bool:
    """Tell whether it was done, and not by another worker at the same time."""
    try:
        with house.writing() as uow:
            outcome = apply(uow, command, house.scheduler(uow.connection))
    except Conflict:
        return False
    return bool(outcome.events) and not outcome.refusal
