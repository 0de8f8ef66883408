"""The sweep: enforce every deadline that is due and not yet done.

It selects "due and pending", never "date equals today": a night of downtime loses nothing. A few deadlines share a
transaction, for each costs a wait for the disk. When one of them fails, none of these is enforced by it; each gets a
transaction of its own, and the one that fails there is set aside with its error, whatever is wrong with it. Only a
database that cannot be used at all stops the others.

What falls due for one plan is enforced in the order in which it fell due, however many sweep at once: what another
worker has is left to that worker together with all that fell due there later.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal, TypeAlias

from pdca.actor import Actor
from pdca.clock import Clock, pause
from pdca.engine import Command, HeldByAnother, Outcome, apply
from pdca.errors import Conflict, Failed, TryAgain, Unusable
from pdca.evaluations.enforce import EnforceDeadline
from pdca.evaluations.set_aside import SetAside
from pdca.house import House
from pdca.i18n import _
from pdca.information.fall_due import EnforceInformation
from pdca.log import get_logger
from pdca.programme.enforce import EnforceProgrammeDeadline
from pdca.report.lateness import LATE_AFTER, enforced_late
from pdca.report.scheduling import silent_since
from pdca.silence import NoteSilence
from pdca.store.driver import Connection, Row
from pdca.store.reads import evaluations
from pdca.store.unit_of_work import UnitOfWork, current_instant, unit_of_work
from scheduler.inviting import invite
from workflows.instants import from_text, to_text

BATCH = 500
"""So many that are due are read at once."""

TOGETHER: Final = 10
"""So many are enforced in one transaction. More would save little, and keep people waiting who write meanwhile."""

GAP_SECONDS: Final = 0.001
"""So long is SQLite left to others after each transaction: a tenth of what that takes."""


_What: TypeAlias = Literal["enforced", "late", "set aside", "failed", "left"]
"""What became of a deadline: enforced, in time or late; set aside; neither; or left to whoever has or did it."""


@dataclass(frozen=True, slots=True)
class SweepCounts:
    """What one sweep did. `late` are those of `enforced` that were due, and not held, for more than two minutes.

    `failed` could be neither enforced nor set aside, because even their error could not be written down; they stay due.
    `invited` counts the evaluations of which calendars were told something.
    """

    enforced: int = 0
    late: int = 0
    set_aside: int = 0
    failed: int = 0
    left_to_others: int = 0
    invited: int = 0

    def failure(self) -> Failed | None:
        """Give the error that tells that not everything due was enforced; None when it was."""
        if not self.set_aside and not self.failed:
            return None
        return Failed(
            "not-enforced",
            _("Deadlines that could not be enforced: %(count)s.") % {"count": self.set_aside + self.failed},
            hint=_(
                "`pdca doctor` says which and why; once that is mended, `pdca scheduler retry` takes them up again."
            ),
        )


def run_once(house: House, stopping: Callable[[], bool] = lambda: False) -> SweepCounts:
    """Enforce all that is due now, or as much as is done when `stopping` says so; what is left stays due.

    Raises PdcaError when the database cannot be used.
    """
    with house.noting_refusals("sweep"), house.database.connect(writing=True) as connection:
        clock, actor = house.clock_of(connection), house.scheduler(connection)
        sweeping = _Sweep(connection, clock, actor, stopping)
        counts = sweeping.run()
        return replace(counts, invited=invite(connection, sweeping.looked, clock, actor, stopping))


def next_due(connection: Connection, after: datetime | None = None) -> datetime | None:
    """Tell when the next deadline falls due, which may lie in the past unless `after` says so; None when none does."""
    due_at = connection.value(evaluations.NEXT_DUE, after=to_text(after) if after else "")
    return from_text(due_at) if due_at else None


class _Sweep:
    def __init__(self, connection: Connection, clock: Clock, actor: Actor, stopping: Callable[[], bool]) -> None:
        self.stopping = stopping
        self.connection = connection
        self.clock = clock
        self.actor = actor
        self.enforced = self.late = self.set_aside = self.failed = self.left_to_others = 0
        self.log = get_logger("scheduler.sweep")
        self.left: set[str] = set()
        """What is due and cannot be done now; all else that was due is so no more, so a long sweep needs no memory."""
        self.held: set[str] = set()
        """The plans and programmes that another worker had: it may still let go of what fell due there first."""
        self.stopped = False
        self.looked = current_instant(connection, clock)
        """When it last looked for what is due."""

    def run(self) -> SweepCounts:
        batch = self._not_left()
        if batch:
            self._note_silence(from_text(batch[0]["due_at"]))
        while batch:
            for first in range(0, len(batch), TOGETHER):
                self._enforce(batch[first : first + TOGETHER])
                if self.stopped:
                    return self._counts()
                self._let_others_write()
            self.looked = current_instant(self.connection, self.clock)
            batch = self._not_left()
        return self._counts()

    def _enforce(self, some: Sequence[Row]) -> None:
        try:
            found = self._together(some)
        except Unusable:
            raise
        except Exception as error:
            if isinstance(error, TryAgain) and not self._only_one_is_kept(error):
                raise
            # Which of them it was, and why, shows when each is by itself.
            for due in some:
                self._count(due, self._by_itself(due))
            return
        for due, what in zip(some, found, strict=False):
            self._count(due, what)

    def _only_one_is_kept(self, error: TryAgain) -> bool:
        # Who has SQLite has all of it, and a broken line carries nothing; but of PostgreSQL somebody may have a row.
        return self.connection.dialect == "postgresql" and error.code == "database-busy"

    def _let_others_write(self) -> None:
        # Who waits for SQLite looks now and then whether it is free, and would hardly ever find it so.
        if self.connection.dialect == "sqlite":
            pause(GAP_SECONDS)

    def _count(self, due: Row, what: _What) -> None:
        self.enforced += what in ("enforced", "late")
        self.late += what == "late"
        self.set_aside += what == "set aside"
        self.failed += what == "failed"
        self.left_to_others += what == "left"
        if what in ("failed", "left"):
            self.left.add(due["deadline_id"])

    def _counts(self) -> SweepCounts:
        return SweepCounts(self.enforced, self.late, self.set_aside, self.failed, self.left_to_others)

    def _not_left(self) -> list[Row]:
        due = self.connection.all(evaluations.DUE, now=to_text(self.looked), limit=BATCH + len(self.left))
        return [row for row in due if row["deadline_id"] not in self.left]

    def _note_silence(self, first_due: datetime) -> None:
        now = current_instant(self.connection, self.clock)
        since = silent_since(self.connection, now) if now - first_due > LATE_AFTER else None
        if since is None:
            return
        try:
            self._apply(NoteSilence(since))
        except (Unusable, TryAgain):
            raise
        except Conflict:
            # Another worker has noted it.
            return
        except Exception:  # the stream to write it in may be broken, and what is due must be enforced all the same
            self.log.exception("silence_not_noted", since=since)

    def _together(self, some: Sequence[Row]) -> list[_What]:
        """Enforce them in one transaction, or fewer when it is time to stop."""
        found = []
        with unit_of_work(self.connection, self.clock) as uow:
            for due in some:
                self.stopped = self.stopping()
                if self.stopped:
                    break
                found.append(self._in(uow, due))
        return found

    def _by_itself(self, due: Row) -> _What:
        """Enforce it in a transaction of its own, or set it aside."""
        try:
            with unit_of_work(self.connection, self.clock) as uow:
                return self._in(uow, due)
        except Conflict:
            return self._left_to_another(due)
        except (Unusable, TryAgain):
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one plan must not stop the others
            return self._put_aside(due, error)

    def _in(self, uow: UnitOfWork, due: Row) -> _What:
        if _where(due) in self.held:
            return "left"
        try:
            outcome = apply(uow, _enforcing(due), self.actor)
        except HeldByAnother:
            return self._left_to_another(due)
        if not outcome.events:
            return "left"
        return "late" if enforced_late(self.connection, due, uow.now) else "enforced"

    def _left_to_another(self, due: Row) -> _What:
        self.held.add(_where(due))
        return "left"

    def _put_aside(self, due: Row, error: Exception) -> _What:
        which = {"deadline": due["deadline_id"], "plan": due["plan_id"], "programme": due["programme_id"]}
        self.log.error("deadline_set_aside", **which, exc_info=error)
        try:
            outcome = self._apply(SetAside(due["deadline_id"], due["plan_id"], f"{type(error).__name__}: {error}"))
        except (HeldByAnother, Conflict):
            return self._left_to_another(due)
        except (Unusable, TryAgain):
            raise
        except Exception:  # the very stream to write it in may be what is broken
            self.log.exception("deadline_not_set_aside", **which)
            return "failed"
        return "set aside" if outcome.events else "left"

    def _apply(self, command: Command) -> Outcome:
        with unit_of_work(self.connection, self.clock) as uow:
            return apply(uow, command, self.actor)


def _where(due: Row) -> str:
    return str(due["plan_id"] or due["programme_id"])


def _enforcing(due: Row) -> Command:
    if due["plan_id"] is None:
        return EnforceProgrammeDeadline(due["deadline_id"], due["programme_id"])
    if due["kind"] == "information":
        return EnforceInformation(due["deadline_id"], due["plan_id"])
    return EnforceDeadline(due["deadline_id"], due["plan_id"])
