"""What becomes of messages: by which channels they go, whether they were sent or given up, and sending them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pdca.engine import Desk, Draft, Outcome, Stream, must_administer
from pdca.errors import NotFound, Refused, Usage
from pdca.i18n import N_, _
from pdca.notify.outbox import CHANNELS, MAIL
from pdca.people.commands import lock_installation
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json, to_json
from pdca.store.reads import notifications
from pdca.store.rows import Change, update


class Delivered(NamedTuple):
    """What became of one message: `status` is sent, pending or dead.

    `sha256` is the hex hash of the bytes that were sent, `next_attempt_at` the instant of the next attempt as text,
    `error` why it was not sent as `pdca.failure.kept` writes it, `checkpoint` the number of the one in its foot,
    `attached` the language of the report that went with it.
    """

    notification_id: str
    status: str
    sha256: str | None = None
    next_attempt_at: str | None = None
    error: str | None = None
    checkpoint: int | None = None
    attached: str | None = None


@dataclass(frozen=True, slots=True)
class RecordDelivery:
    """Record the results of one batch in one event; a message that is no longer pending is passed over.

    Not so what lapsed and went out nevertheless: that it did is a fact.
    """

    results: Sequence[Delivered]

    def perform(self, desk: Desk) -> Outcome:
        """Write the new states of the messages; without any there is no event."""
        installation = lock_installation(desk)
        names = to_json({result.notification_id: None for result in self.results})
        found = desk.connection.all(notifications.OPEN_OR_LAPSED, names=names)
        rows = {row["notification_id"]: row for row in found}
        changes = [
            _change(desk, rows[result.notification_id], result)
            for result in self.results
            if _concerns(rows.get(result.notification_id), result)
        ]
        if not changes:
            return Outcome()
        desk.record(Stream.of_installation(installation), Draft(kind="notification.delivered", changes=changes))
        return desk.done(recorded=len(changes))


@dataclass(frozen=True, slots=True)
class LapseMessages:
    """Let go of the messages that nobody needs any more: what they ask for was done, or has another date.

    So does what is told of a plan that was restricted meanwhile to those who are told nothing of it, and what was to
    bring a report that was prepared anew or cancelled since.
    """

    def perform(self, desk: Desk) -> Outcome:
        """Mark them as lapsed; without any there is no event."""
        installation = lock_installation(desk)
        changes = [
            update("notification", {"notification_id": name}, status="lapsed")
            for name in lapsed(desk.connection, desk.uow.now_text)
        ]
        if not changes:
            return Outcome()
        desk.record(Stream.of_installation(installation), Draft(kind="notification.lapsed", changes=changes))
        return desk.done(lapsed=len(changes))


def lapsed(connection: Connection, now: str) -> list[str]:
    """Name the messages that are to be sent now and nobody needs any more."""
    found = [
        row
        for statement in (
            notifications.DUE_NO_MORE,
            notifications.OPENED_WAITING,
            notifications.HIDDEN,
            notifications.EXTENSION_ASKED,
        )
        for row in connection.all(statement, now=now)
    ]
    found += [row for row in connection.all(notifications.REMINDERS_WAITING, now=now) if _needless(row, now)]
    of_reports = (*connection.all(notifications.APPROVAL_WAITING, now=now), *connection.all(notifications.LET_GO))
    found += [row for row in of_reports if _names(row, "report", "report_id")]
    of_programmes = connection.all(notifications.PROGRAMME_EXTENSION_ASKED, now=now)
    found += [row for row in of_programmes if _names(row, "evaluation", "evaluation_id")]
    asked = connection.all(notifications.APPROVAL_ASKED, now=now)
    found += [row for row in asked if _names(row, "purpose", "purpose")]
    return list(dict.fromkeys(row["notification_id"] for row in found))


def _names(message: Row, parameter: str, column: str) -> bool:
    """Tell whether a parameter of the message names what stands beside it in the column."""
    return bool((from_json(message["parameters"]) or {}).get(parameter) == message[column])


def _needless(reminder: Row, now: str) -> bool:
    told = from_json(reminder["parameters"]) or {}
    moved = told.get("due_at") != reminder["due_at"]
    return bool(reminder["status"] != "planned" or reminder["due_at"] <= now or moved)


@dataclass(frozen=True, slots=True)
class SendAgain:
    """Let messages that were given up wait again: those named, or all, those of one plan or of every.

    What went out as one message goes out as one again, under the same Message-ID.
    """

    reason: str
    messages: Sequence[str] = ()
    plan_id: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Make them due now, with all attempts before them. Raises NotFound for one that there is not, Refused for one
        that was not given up; without any there is no event.
        """
        must_administer(desk.actor, N_("let messages be sent again"))
        installation = lock_installation(desk)
        dead = desk.connection.all(notifications.GIVEN_UP)
        names = {row["notification_id"] for row in dead}
        for name in self.messages:
            if name not in names:
                raise _not_given_up(desk, name)
        wanted = self.messages or [row["notification_id"] for row in dead if self.plan_id in (None, row["plan_id"])]
        letters = {row["digest"] or row["notification_id"] for row in dead if row["notification_id"] in set(wanted)}
        again = [row["notification_id"] for row in dead if (row["digest"] or row["notification_id"]) in letters]
        if again:
            changes = [
                update(
                    "notification",
                    {"notification_id": name},
                    status="pending",
                    attempts=0,
                    next_attempt_at=desk.uow.now_text,
                )
                for name in again
            ]
            draft = Draft(kind="notification.retried", changes=changes, reason=self.reason, plan=self.plan_id)
            desk.record(Stream.of_installation(installation), draft)
        return desk.done(notifications=again)


@dataclass(frozen=True, slots=True)
class ChooseChannels:
    """Say by which channels people are told from now on, some of CHANNELS; messages that wait keep theirs."""

    channels: Sequence[str]
    reason: str

    def perform(self, desk: Desk) -> Outcome:
        """Write it down; raises Usage for none. Nothing is recorded when it was so already."""
        must_administer(desk.actor, N_("choose the channels of messages"))
        installation = lock_installation(desk)
        chosen = [channel for channel in CHANNELS if channel in self.channels]
        if not chosen:
            raise Usage(
                "channel-none",
                _("Without any channel nobody would be told anything."),
                hint=_("Name one or more of: %(channels)s.") % {"channels": ", ".join(CHANNELS)},
            )
        before = from_json(installation["channels"]) or [MAIL]
        if chosen != before:
            changes = [update("installation", {"installation_id": 1}, channels=to_json(chosen))]
            draft = Draft(kind="notification.channels_chosen", changes=changes, reason=self.reason)
            desk.record(Stream.of_installation(installation), draft)
        return desk.done(channels=chosen, before=before)


@dataclass(frozen=True, slots=True)
class GatherMessages:
    """Put together what each person is to be told as one, before any of it is sent, so that a repeat is the same.

    While a sweep is at work (`waiting`), what was made after `since` is left for the next time.
    """

    since: str
    waiting: bool

    def perform(self, desk: Desk) -> Outcome:
        """Name the digest of each after the first for its person and channel; without any there is no event."""
        installation = lock_installation(desk)
        changes: list[Change] = []
        first: dict[tuple[str, str], str] = {}
        found = desk.connection.all(notifications.SCATTERED, now=desk.uow.now_text)
        late = {row["person_id"] for row in found if self.waiting and row["created_at"] > self.since}
        for row in found:
            if row["person_id"] in late:
                continue
            digest = first.setdefault((row["person_id"], row["channel"]), row["notification_id"])
            changes.append(update("notification", {"notification_id": row["notification_id"]}, digest=digest))
        if not changes:
            return Outcome()
        desk.record(Stream.of_installation(installation), Draft(kind="notification.gathered", changes=changes))
        return desk.done(gathered=len(changes))


def _not_given_up(desk: Desk, name: str) -> NotFound | Refused:
    row = desk.connection.one(notifications.STATUS_OF, notification_id=name)
    if row is None:
        return NotFound(
            "notification-unknown",
            _("There is no message “%(message)s”.") % {"message": name},
            hint=_("`pdca notify list` shows them all."),
        )
    return Refused(
        "notification-not-given-up",
        _("The message %(message)s was not given up, so there is nothing to send again.") % {"message": name},
        hint=_("`pdca notify list --status dead` shows those that were; `pdca notify deliver` sends what waits."),
    )


def _concerns(row: Row | None, result: Delivered) -> bool:
    return row is not None and (row["status"] == "pending" or result.status == "sent")


def _change(desk: Desk, row: Row, result: Delivered) -> Change:
    values: dict[str, object] = {"status": result.status, "attempts": row["attempts"] + 1}
    if result.status == "sent":
        values |= {"sent_at": desk.uow.now_text, "sha256": result.sha256, "last_error": None}
        values |= {"attached": result.attached} if result.attached else {}
    else:
        values["last_error"] = result.error
    if result.checkpoint is not None:
        values["checkpoint"] = result.checkpoint
    if result.next_attempt_at is not None:
        values["next_attempt_at"] = result.next_attempt_at
    return update("notification", {"notification_id": result.notification_id}, **values)
