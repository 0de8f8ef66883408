"""Delivering what waits in the outbox: at least once, by one deliverer at a time.

Nothing is sent inside an open transaction, and nothing while the database cannot be written: what cannot be recorded
would be sent again at every attempt. Who is killed between sending and recording has the message sent again by the
next one, under the same Message-ID.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Final

from pdca.delivery import Delivered, RecordDelivery
from pdca.engine import apply
from pdca.errors import PdcaError, Refused
from pdca.house import House, installation
from pdca.i18n import _
from pdca.notify.lines import one_line
from pdca.notify.mail import compose
from pdca.store.driver import Row
from pdca.store.reads import notifications
from scheduler import heartbeat
from scheduler.channels import Channel
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.lease import lease
from workflows.instants import from_text, to_text

LEASE: Final = "deliver"
BATCH: Final = 100
FIRST_PAUSE: Final = timedelta(seconds=60)
LONGEST_PAUSE: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=5)
FEWEST_ATTEMPTS: Final = 9
"""So many it takes for the pause to grow to its longest: a message that waited for days because nobody delivered is
not given up at the first busy server."""


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What a run did: messages sent, put off, and given up; `waiting` are those still in the outbox afterwards.

    `elsewhere` tells that another deliverer was at work, so that this one did nothing.
    """

    sent: int = 0
    later: int = 0
    dead: int = 0
    waiting: int = 0
    elsewhere: bool = False


def run_once(
    house: House,
    channel: Channel,
    limit: int = BATCH,
    *,
    stopping: Callable[[], bool] = lambda: False,
    chance: Random | None = None,
) -> DeliveryCounts:
    """Send up to `limit` messages that are due, and record what became of them; `chance` spreads the next attempts.

    Once `stopping` says so, no further message is begun: what was answered until then is recorded, the rest stays due.

    Raises Refused for a login that may not run the scheduler and for a simulated installation that would reach
    people; then nothing is sent. A message that cannot be sent never keeps the others back.
    """
    with house.noting_refusals("deliver"), house.reading() as connection:
        house.scheduler(connection)
        body = installation(connection)
        if body["simulated"] and channel.outward:
            raise Refused(
                "simulated-no-smtp",
                _("A simulated installation sends no mail."),
                hint=_('Use the file channel: notify.channel = "file".'),
            )
        with lease(house.database, connection, LEASE) as mine:
            if not mine:
                return DeliveryCounts(waiting=connection.value(notifications.WAITING), elsewhere=True)
            due = connection.all(notifications.DUE, now=to_text(house.now(connection)), limit=limit)
            answers = _send(house, due, body, channel, stopping)
            results = _record(house, due[: len(answers)], answers, chance or SystemRandom())
            return DeliveryCounts(
                sent=results.count("sent"),
                later=results.count("pending"),
                dead=results.count("dead"),
                waiting=connection.value(notifications.WAITING),
            )


def run_until_done(house: House, channel: Channel, stopping: Callable[[], bool] = lambda: False) -> DeliveryCounts:
    """Deliver batch after batch until nothing is due, or `stopping` says so; the counts of all of them."""
    sent = later = dead = 0
    while True:
        counts = run_once(house, channel, stopping=stopping)
        sent, later, dead = sent + counts.sent, later + counts.later, dead + counts.dead
        if counts.sent + counts.later + counts.dead < BATCH or stopping():
            return DeliveryCounts(sent, later, dead, counts.waiting, counts.elsewhere)


def _send(house: House, due: Sequence[Row], body: Row, channel: Channel, stopping: Callable[[], bool]) -> list[Answer]:
    """Give an answer for each message, in their order; for the first of them only when it is to stop."""
    if not due or stopping():
        return []
    heartbeat.try_to_write(house)
    answers: list[Answer] = []
    with channel:
        for row in due:
            if stopping():
                break
            answers.append(_send_one(row, body, channel))
    return answers


def _send_one(row: Row, body: Row, channel: Channel) -> Answer:
    if row["plan_id"] is not None and row["definition_text"] is None:
        # The message is sound; once the method of its plan is put back it can be written.
        return Later("the definition of the plan's method is missing")
    try:
        message = compose(row, body, channel.sender)
    except PdcaError:
        # A setting that does not hold is no fault of the message.
        raise
    except Exception as error:  # noqa: BLE001 - a message nobody can write must not keep the others back
        return Never(one_line(f"the message cannot be made: {type(error).__name__}: {error}"))
    return channel.send(message)


def _record(house: House, due: Sequence[Row], answers: Sequence[Answer], chance: Random) -> list[str]:
    if not due:
        return []
    with house.writing() as uow:
        results = [_result(row, answer, uow.now, chance) for row, answer in zip(due, answers, strict=True)]
        apply(uow, RecordDelivery(results), house.scheduler(uow.connection))
    return [result.status for result in results]


def _result(row: Row, answer: Answer, now: datetime, chance: Random) -> Delivered:
    match answer:
        case Sent(sha256):
            return Delivered(row["notification_id"], "sent", sha256=sha256)
        case Never(reason):
            return Delivered(row["notification_id"], "dead", error=reason)
        case Later(reason):
            return _put_off(row, reason, now, chance)


def _put_off(row: Row, reason: str, now: datetime, chance: Random) -> Delivered:
    last = from_text(row["created_at"]) + GIVE_UP_AFTER
    attempts = row["attempts"] + 1
    if now >= last and attempts >= FEWEST_ATTEMPTS:
        return Delivered(row["notification_id"], "dead", error=f"given up after {attempts} attempts: {reason}")
    following = to_text(now + pause(attempts, chance))
    return Delivered(row["notification_id"], "pending", next_attempt_at=following, error=reason)


def pause(attempts: int, chance: Random) -> timedelta:
    """Choose how long to wait after so many failed attempts: anything up to 60 s, doubling up to 4 h (full jitter)."""
    longest: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, FEWEST_ATTEMPTS))
    return longest * chance.random()
