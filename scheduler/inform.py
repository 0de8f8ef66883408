"""Handing over the reports that were approved, and noting which mails of reports have left.

Nothing is written or posted inside an open transaction; what fails stays approved, is tried at the next run, and is
overdue in the end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from pdca.engine import Command, Outcome, apply
from pdca.errors import Conflict, Failed, NoRight, PdcaError, Refused, TryAgain, Unusable
from pdca.failure import Failure
from pdca.house import House, installation
from pdca.i18n import N_, _
from pdca.information.finding import report_unknown
from pdca.information.hand_over import hand_over, pages_of
from pdca.information.in_folder import tidy
from pdca.information.receive import (
    HANDED_OVER,
    ConfirmMailed,
    Handed,
    RecordHandedOver,
    RecordNotHandedOver,
    not_handed_over,
)
from pdca.log import get_logger
from pdca.notify.attaching import BRINGS_REPORT
from pdca.notify.mail import KIND_HEADER, NOTIFICATION_HEADER, PERSON_HEADER, PLAN_HEADER, message_id
from pdca.notify.outbox import WEBHOOK
from pdca.store.driver import Connection, Row
from pdca.store.reads import information
from scheduler.channels import Channel, Channels
from scheduler.channels.answer import Sent
from workflows.instants import from_text


@dataclass(frozen=True, slots=True)
class InformCounts:
    """What a run did: reports handed over, those of which every mail has left, and those that could not go."""

    handed_over: int = 0
    confirmed: int = 0
    failed: int = 0


def run_once(
    house: House, folder: Path, channels: Channels, stopping: Callable[[], bool] = lambda: False
) -> InformCounts:
    """Hand over every report that is approved and not meant for a mail or a meeting; note what mails have left."""
    log = get_logger("scheduler.inform")
    with house.noting_refusals("inform"), house.reading() as connection:
        house.scheduler(connection)
        waiting = connection.all(information.TO_HAND_OVER)
    if waiting:
        # A page that is published joins the site that is there, so that has to be there.
        tidy(folder)
    done = failed = 0
    for row in waiting:
        if stopping():
            break
        try:
            # Asked first, as in `hand_over_now`: what was written or posted cannot be taken back.
            refused = _refused(house, RecordHandedOver(row["report_id"], ()))
            if refused:
                failed += 1
                log.warning("report_not_handed_over", report=row["report_id"], code=", ".join(refused))
                continue
            with house.reading() as connection:
                record = _handing_over(connection, row["report_id"], folder, channels, house.now(connection))
            done += _apply(house, record)
        except (Unusable, TryAgain, NoRight):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one report must not keep the others back
            failed += 1
            _note_failure(house, row["report_id"], error)
    return InformCounts(done, confirm(house), failed)


def _note_failure(house: House, report_id: str, error: Exception) -> None:
    log = get_logger("scheduler.inform")
    if isinstance(error, PdcaError):
        log.warning("report_not_handed_over", report=report_id, code=error.code, error=error.message)
    else:
        log.error("report_not_handed_over", report=report_id, exc_info=error)
    try:
        _apply(house, RecordNotHandedOver(report_id, Failure.of(error)))
    except (Unusable, TryAgain, NoRight):
        raise
    except Exception:  # the very stream to write it in may be what is broken
        log.exception("failure_not_recorded", report=report_id)


def confirm(house: House) -> int:
    """Note of which reports every mail has left; how many they are."""
    with house.reading() as connection:
        mailed = connection.all(information.MAILED)
    return sum(_apply(house, ConfirmMailed(row["report_id"])) for row in mailed)


def hand_over_now(house: House, report_id: str, folder: Path, channels: Channels, *, dry_run: bool = False) -> Outcome:
    """Hand over one report as whoever asks for it; the outcome is a refusal when it is not to go.

    Raises NotFound for no such report, Usage for one that is not handed over by this program.
    """
    with house.reading() as connection:
        report = connection.one(information.REPORT, report_id=report_id)
    if report is None:
        raise report_unknown(report_id)
    if report["method"] not in HANDED_OVER:
        raise not_handed_over(report)
    # Asked first, so that nothing is written that may not go.
    asked = RecordHandedOver(report_id, [Handed(report["language"], str(folder), "")])
    outcome = house.apply(asked, dry_run=True)
    if dry_run:
        return outcome
    if outcome.refusal:
        return house.apply(asked)
    tidy(folder)
    with house.reading() as connection:
        record = _handing_over(connection, report_id, folder, channels, house.now(connection))
    return house.apply(record)


def _handing_over(
    connection: Connection, report_id: str, folder: Path, channels: Channels, now: datetime
) -> RecordHandedOver:
    report = connection.one(information.REPORT, report_id=report_id)
    if report is None or report["method"] != WEBHOOK:
        return hand_over(connection, report_id, folder, now)
    channel = channels(WEBHOOK)
    if installation(connection)["simulated"] and channel.outward:
        raise Refused("simulated-no-webhook", N_("A simulated installation posts nothing."), filling={})
    return _posted(report, installation(connection), channel)


def _posted(report: Row, body: Row, channel: Channel) -> RecordHandedOver:
    """Post the page to the address of the webhook; raises Failed for what was not taken."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"{report['plan_id']} {report['report_id']}"
    message["Date"] = from_text(report["prepared_at"])
    named = {"notification_id": report["report_id"], "created_at": report["prepared_at"]}
    message["Message-ID"] = message_id(named, body)
    message[NOTIFICATION_HEADER] = report["report_id"]
    message[KIND_HEADER] = BRINGS_REPORT
    message[PLAN_HEADER] = report["plan_id"]
    message[PERSON_HEADER] = report["party_id"]
    message.set_content(pages_of(report)[report["language"]], cte="quoted-printable")
    message["Content-Language"] = report["language"]
    with channel:
        answer = channel.send(message)
    if not isinstance(answer, Sent):
        raise Failed(
            "webhook-refused",
            N_("%(report)s was not taken: %(reason)s."),
            filling={"report": report["report_id"], "reason": answer.reason},
            hint=_("It is tried again by the scheduler, or with `pdca information send`."),
        )
    return RecordHandedOver(
        report["report_id"], [Handed(report["language"], str(message["Message-ID"]), answer.sha256)]
    )


def _refused(house: House, command: Command) -> list[str]:
    """Name the rules by which it would be refused, without a trace: it is asked again at every run."""
    with house.writing() as uow:
        uow.keep = False
        return [need.code for need in apply(uow, command, house.scheduler(uow.connection)).refusal]


def _apply(house: House, command: Command) -> bool:
    """Tell whether it was done, and not by another worker at the same time."""
    try:
        with house.writing() as uow:
            outcome = apply(uow, command, house.scheduler(uow.connection))
    except Conflict:
        return False
    return bool(outcome.events) and not outcome.refusal
