"""Delivering what waits in the outbox: at least once, by one deliverer at a time.

Nothing is sent inside an open transaction, and nothing while the database cannot be written: what cannot be recorded
would be sent again at every attempt. Who is killed between sending and recording has the message sent again by the
next one, under the same Message-ID.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from random import Random, SystemRandom
from typing import Final

from pdca.delivery import Delivered, GatherReminders, RecordDelivery
from pdca.engine import apply
from pdca.errors import PdcaError, Refused
from pdca.house import House, installation
from pdca.i18n import _
from pdca.notify.attaching import BRINGS_REPORT, attach
from pdca.notify.lines import one_line
from pdca.notify.mail import compose
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information, notifications
from scheduler import heartbeat
from scheduler.channels import Channel
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.lease import lease
from workflows.instants import from_text, to_text

LEASE: Final = "deliver"
BATCH: Final = 100
MOST: Final = 1_000_000
"""More than ever wait at once."""

FIRST_PAUSE: Final = timedelta(seconds=60)
LONGEST_PAUSE: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=5)
FEWEST_ATTEMPTS: Final = 9
"""So many it takes for the pause to grow to its longest: a message that waited for days because nobody delivered is
not given up at the first busy server."""

GATHERING: Final = timedelta(minutes=5)
"""So long a reminder waits for a sweep that is still making others, and no longer."""

Letter = tuple[Row, ...]
"""What goes out as one message: one row of the outbox, or the reminders of one person."""


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

    @property
    def done(self) -> int:
        """How many messages something became of."""
        return self.sent + self.later + self.dead

    def plus(self, other: "DeliveryCounts") -> "DeliveryCounts":
        """Add the counts of the next batch; what waits is what waits after it."""
        return DeliveryCounts(
            sent=self.sent + other.sent,
            later=self.later + other.later,
            dead=self.dead + other.dead,
            waiting=other.waiting,
            elsewhere=other.elsewhere,
        )


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
            _gather(house, connection)
            due = connection.all(notifications.GATHERED, now=to_text(house.now(connection)), limit=limit)
            letters = _letters(connection, due)
            answers = _send(house, letters, body, channel, stopping)
            results = _record(house, letters[: len(answers)], answers, chance or SystemRandom())
            return DeliveryCounts(
                sent=results.count("sent"),
                later=results.count("pending"),
                dead=results.count("dead"),
                waiting=connection.value(notifications.WAITING),
            )


def run_until_done(
    house: House, channel: Channel, stopping: Callable[[], bool] = lambda: False, limit: int = MOST
) -> DeliveryCounts:
    """Deliver batch after batch until nothing is due, or `stopping` says so; the counts of all of them."""
    counts = DeliveryCounts()
    for left in range(limit, 0, -BATCH):
        batch = run_once(house, channel, min(left, BATCH), stopping=stopping)
        counts = counts.plus(batch)
        if not batch.done or stopping():
            break
    return counts


def _gather(house: House, connection: Connection) -> None:
    """Put the reminders of each person together, unless a sweep is still making them."""
    now = house.now(connection)
    if not connection.all(notifications.SCATTERED, now=to_text(now)):
        return
    waiting = bool(connection.value(notifications.REMINDERS_DUE, now=to_text(now)))
    with house.writing() as uow:
        apply(uow, GatherReminders(to_text(now - GATHERING), waiting), house.scheduler(uow.connection))


def _letters(connection: Connection, due: Sequence[Row]) -> list[Letter]:
    """Give what goes out as one message, in the order of what is due first."""
    found: dict[str, Letter] = {}
    for row in due:
        if row["digest"] is None:
            found[row["notification_id"]] = (row,)
        elif row["digest"] not in found:
            found[row["digest"]] = tuple(connection.all(notifications.OF_DIGEST, digest=row["digest"]))
    return list(found.values())


def _send(
    house: House, letters: Sequence[Letter], body: Row, channel: Channel, stopping: Callable[[], bool]
) -> list[Answer]:
    """Give an answer for each message, in their order; for the first of them only when it is to stop."""
    if not letters or stopping():
        return []
    heartbeat.try_to_write(house)
    answers: list[Answer] = []
    with channel:
        for letter in letters:
            if stopping():
                break
            answers.append(_send_one(house, letter, body, channel))
    return answers


def _send_one(house: House, letter: Letter, body: Row, channel: Channel) -> Answer:
    if any(row["plan_id"] is not None and row["definition_text"] is None for row in letter):
        # The message is sound; once the method of its plan is put back it can be written.
        return Later("the definition of the plan's method is missing")
    try:
        message = compose(letter[0], body, channel.sender, *letter[1:])
        if letter[0]["kind"] == BRINGS_REPORT:
            _attach(house, message, letter[0])
    except PdcaError:
        # A setting that does not hold is no fault of the message.
        raise
    except Exception as error:  # noqa: BLE001 - a message nobody can write must not keep the others back
        return Never(one_line(f"the message cannot be made: {type(error).__name__}: {error}"))
    return channel.send(message)


def _attach(house: House, message: EmailMessage, row: Row) -> None:
    with house.reading() as connection:
        report = connection.one(information.REPORT, report_id=from_json(row["parameters"])["report"])
    attach(message, row, report or {})


def _record(house: House, letters: Sequence[Letter], answers: Sequence[Answer], chance: Random) -> list[str]:
    if not letters:
        return []
    with house.writing() as uow:
        results = [_result(letter[0], answer, uow.now, chance) for letter, answer in zip(letters, answers, strict=True)]
        # What went out as one message shares what became of it.
        each = [
            replace(result, notification_id=row["notification_id"])
            for letter, result in zip(letters, results, strict=True)
            for row in letter
        ]
        apply(uow, RecordDelivery(each), house.scheduler(uow.connection))
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
