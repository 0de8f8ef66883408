"""Delivering what waits in the outbox: at least once, and each message by one deliverer at a time.

Channels are served side by side, so that one that is down or slow keeps nothing of another back. On PostgreSQL several
deliverers share what is due by a channel: each takes a batch that nobody else has (`scheduler.lease`). On SQLite one
has a channel at a time.

Nothing is sent inside an open transaction, and nothing while the database cannot be written: what cannot be recorded
would be sent again at every attempt. Who is killed between sending and recording has the message sent again by the
next one, under the same Message-ID; so has who was frozen for so long that the next one took over. That one, awake
again, sends nothing more and records only what went out, which is a fact whoever delivers; what did not is for the next
one to say.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Final

from pdca.delivery import Delivered, GatherMessages, LapseMessages, RecordDelivery, lapsed
from pdca.engine import apply
from pdca.errors import Refused
from pdca.failure import Failure, Reason, kept
from pdca.house import House, installation
from pdca.i18n import N_, _
from pdca.notify.outbox import MAIL
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations, notifications
from scheduler import heartbeat
from scheduler.channels import Channel, Channels
from scheduler.channels.answer import Answer, Later, Never, Sent
from scheduler.lease import Lease, lease
from scheduler.letters import Letter, as_they_are_now, taken
from scheduler.sending import send_one
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
"""So long a message waits for a sweep that is still making others for the same person, and no longer."""

Answered = list[tuple[Letter, Answer]]
"""What became of each, in the order in which they were tried."""


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """What a run did: messages sent, put off, and given up; `waiting` are those still in the outbox afterwards.

    `elsewhere` tells that another deliverer was at work, and that what it had taken was left to it.
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
        """Add the counts of the next batch by the same channel; what waits is what waits after it."""
        return replace(self.beside(other), waiting=other.waiting)

    def beside(self, other: "DeliveryCounts") -> "DeliveryCounts":
        """Add the counts of another channel."""
        return DeliveryCounts(
            sent=self.sent + other.sent,
            later=self.later + other.later,
            dead=self.dead + other.dead,
            waiting=self.waiting + other.waiting,
            elsewhere=self.elsewhere or other.elsewhere,
        )


def run_once(
    house: House,
    channel: Channel,
    limit: int = BATCH,
    *,
    name: str = MAIL,
    stopping: Callable[[], bool] = lambda: False,
    chance: Random | None = None,
) -> DeliveryCounts:
    """Send up to `limit` messages that are due by the channel of this `name`, and record what became of them.

    `chance` spreads the next attempts. What `waiting` counts is what waits for this channel.

    Once `stopping` says so, no further message is begun: what was answered until then is recorded, the rest stays due.
    So it is when something fails in between, which is raised after that.

    Raises Refused for a login that may not run the scheduler and for a simulated installation that would reach
    people; then nothing is sent. A message that cannot be sent never keeps the others back.
    """
    with _at_work(house, channel, name, stopping, chance or SystemRandom()) as deliverer:
        return deliverer.batch(limit)


def run_until_done(
    house: House, channels: Channels, stopping: Callable[[], bool] = lambda: False, limit: int = MOST
) -> DeliveryCounts:
    """Deliver batch after batch by every channel, at most `limit` by each, until nothing is due or `stopping` says so.

    A channel that cannot be used raises its PdcaError once the others are done.
    """
    with house.reading() as connection:
        waiting = _by_channel(connection, to_text(house.now(connection)))
    # Also when nothing waits, for a login that may not deliver is told so all the same.
    names = [name for name, (_waits, due) in waiting.items() if due] or [MAIL]
    with ThreadPoolExecutor(len(names), thread_name_prefix="deliver") as threads:
        jobs = [threads.submit(_until_done, house, channels, name, stopping, limit) for name in names]
    counts = DeliveryCounts(waiting=sum(waits for name, (waits, _due) in waiting.items() if name not in names))
    for job in jobs:
        counts = counts.beside(job.result())
    return counts


def refuse_outward(channel: Channel, body: Row) -> None:
    """Refuse to let a simulated installation, the row `body`, reach people."""
    if body["simulated"] and channel.outward:
        raise Refused(
            "simulated-no-smtp",
            _("A simulated installation sends no mail, and posts nothing."),
            hint=_('Use the file channel: notify.channel = "file"; and `pdca notify channels mail`.'),
        )


def lease_of(name: str) -> str:
    """Give the name of the job of which a deliverer for this channel holds all or some."""
    return LEASE if name == MAIL else f"{LEASE}-{name}"


def _until_done(
    house: House, channels: Channels, name: str, stopping: Callable[[], bool], limit: int
) -> DeliveryCounts:
    counts = DeliveryCounts()
    with _at_work(house, channels(name), name, stopping, SystemRandom()) as deliverer:
        for left in range(limit, 0, -BATCH):
            batch = deliverer.batch(min(left, BATCH))
            counts = counts.plus(batch)
            if not batch.done or deliverer.lost or stopping():
                break
    return counts


@contextmanager
def _at_work(
    house: House, channel: Channel, name: str, stopping: Callable[[], bool], chance: Random
) -> "Iterator[_Deliverer]":
    """Give a deliverer with one connection to read and one lease for all its batches.

    A server plans anew what is asked in a new connection, and to be let in takes longer than several letters.
    """
    with house.noting_refusals("deliver"), house.reading() as connection:
        house.scheduler(connection)
        refuse_outward(channel, installation(connection))
        with lease(house.database, lease_of(name)) as mine:
            yield _Deliverer(house, connection, channel, name, stopping, chance, mine)


@dataclass(slots=True)
class _Deliverer:
    """Who sends what is due by one channel, batch after batch; `mine` is None when somebody else has all of it."""

    house: House
    connection: Connection
    channel: Channel
    name: str
    stopping: Callable[[], bool]
    chance: Random
    mine: Lease | None
    writes: bool = False
    """Whether it was seen that the database can be written: what was recorded of a batch shows it for the next one."""
    lost: bool = False
    """Whether the lease was lost, so that others may be at the same work."""

    def batch(self, limit: int) -> DeliveryCounts:
        """Send up to so many messages, and record what became of them."""
        if self.mine is None:
            return DeliveryCounts(waiting=_waiting(self.connection, self.name), elsewhere=True)
        _let_go(self.house, self.connection)
        _gather(self.house, self.connection)
        now = to_text(self.house.now(self.connection))
        due, others = taken(self.connection, self.mine, self.name, now, limit)
        answered: Answered = []
        try:
            for one in self._send(self.mine, due):
                answered.append(one)
        finally:
            # Whatever kept the rest back, what was answered is a fact.
            became = self.channel.keep([answer for _letter, answer in answered])
            answered = [(letter, answer) for (letter, _answer), answer in zip(answered, became, strict=True)]
            results, self.lost = _record(self.house, answered, self.chance, self.mine)
        self.lost = not self.mine.give_back() or self.lost
        return DeliveryCounts(
            sent=results.count("sent"),
            later=results.count("pending"),
            dead=results.count("dead"),
            waiting=_waiting(self.connection, self.name),
            elsewhere=others or self.lost,
        )

    def _send(self, mine: Lease, due: Sequence[str]) -> Iterator[tuple[Letter, Answer]]:
        """Yield what became of each message, in the order of what is due first; no more of them when it is to stop."""
        if not due or self.stopping():
            return
        if not self.writes:
            heartbeat.try_to_write(self.house)
            self.writes = True
        body = installation(self.connection)
        with self.channel:
            for waiting in as_they_are_now(self.connection, mine, due):
                if self.stopping():
                    break
                yield from send_one(self.house, waiting.letter, body, self.channel, alone=waiting.alone)


def _let_go(house: House, connection: Connection) -> None:
    """Leave out what asks for something that was done, or has another date, while it waited."""
    if not lapsed(connection, to_text(house.now(connection))):
        return
    with house.writing() as uow:
        apply(uow, LapseMessages(), house.scheduler(uow.connection))


def _by_channel(connection: Connection, now: str) -> dict[str, tuple[int, int]]:
    found = connection.all(notifications.WAITING_BY_CHANNEL, now=now)
    return {row["channel"]: (int(row["waiting"]), int(row["due"])) for row in found}


def _waiting(connection: Connection, name: str) -> int:
    return int(connection.value(notifications.WAITING_FOR, channel=name))


def _gather(house: House, connection: Connection) -> None:
    """Put together what each person is to be told as one, unless a sweep is still making it."""
    now = house.now(connection)
    if not connection.all(notifications.SCATTERED, now=to_text(now)):
        return
    waiting = bool(connection.value(evaluations.COUNT_DUE, now=to_text(now)))
    with house.writing() as uow:
        apply(uow, GatherMessages(to_text(now - GATHERING), waiting), house.scheduler(uow.connection))


def _record(house: House, answered: Answered, chance: Random, mine: Lease) -> tuple[list[str], bool]:
    """Record what became of the messages; gives the results recorded, and whether the lease was lost meanwhile."""
    if not answered:
        return [], False
    with house.writing() as uow:
        # Asked in the transaction: who is frozen from here on for so long that the lease is lost loses that too.
        lost = not mine.held()
        results = [
            (letter, _result(letter[0], answer, uow.now, chance))
            for letter, answer in answered
            if isinstance(answer, Sent) or not lost
        ]
        # What went out as one message shares what became of it.
        each = [
            result._replace(notification_id=row["notification_id"], checkpoint=letter[0]["checkpoint_number"])
            for letter, result in results
            for row in letter
        ]
        apply(uow, RecordDelivery(each), house.scheduler(uow.connection))
    return [result.status for _letter, result in results], lost


def _result(row: Row, answer: Answer, now: datetime, chance: Random) -> Delivered:
    match answer:
        case Sent(sha256, attached=attached):
            return Delivered(row["notification_id"], "sent", sha256=sha256, attached=attached)
        case Never(reason):
            return Delivered(row["notification_id"], "dead", error=kept(reason))
        case Later(reason, after):
            return _put_off(row, reason, now, after, chance)


def _after(attempts: int, reason: Reason) -> Failure:
    text = N_("given up after %(attempts)s attempts: %(reason)s")
    return Failure("given-up", text, {"attempts": attempts, "reason": reason})


def _put_off(row: Row, reason: Reason, now: datetime, after: timedelta | None, chance: Random) -> Delivered:
    last = from_text(row["not_before"]) + GIVE_UP_AFTER
    attempts = row["attempts"] + 1
    if now >= last and attempts >= FEWEST_ATTEMPTS:
        return Delivered(row["notification_id"], "dead", error=_after(attempts, reason).stored())
    # Who was asked to wait waits at least so long, and no longer than anything does.
    following = to_text(now + max(pause(attempts, chance), min(after or timedelta(), LONGEST_PAUSE)))
    return Delivered(row["notification_id"], "pending", next_attempt_at=following, error=kept(reason))


def pause(attempts: int, chance: Random) -> timedelta:
    """Choose how long to wait after so many failed attempts: anything up to 60 s, doubling up to 4 h (full jitter)."""
    longest: timedelta = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(attempts - 1, FEWEST_ATTEMPTS))
    return longest * chance.random()
