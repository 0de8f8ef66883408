"""Receipts: that a report was handed over, and what proves it; with the last of them the party counts as informed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.house import installation
from pdca.i18n import _
from pdca.information.finding import Matter, find, is_withheld, of_group, standing_is, still_fit
from pdca.notify.mail import message_id
from pdca.plans import deadlines
from pdca.plans.roles import local_date
from pdca.shapes import check_one_line
from pdca.store.driver import Connection, Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from pdca.store.rows import Change, insert, update
from workflows.instants import from_text

BY_HAND: Final = {"mail": "mailed", "letter": "posted", "meeting": "held", "web": "published", "webhook": "called"}
"""What somebody records by hand of each method."""

HANDED_OVER: Final = {"letter": "written", "web": "published", "webhook": "called"}
"""What handing over proves; of a letter only that it was written, for a person posts it."""

_LIVE: Final = ("pending", "held", "overdue", "set_aside")


@dataclass(frozen=True, slots=True)
class RecordReceipt:
    """Record what was done by hand, on a local day: the letter was posted, the meeting held.

    `reference` is the postal number, or the place in the minutes.
    """

    report_id: str
    happened_on: date
    reference: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep it, or log the refusal; raises NotFound, and Usage for a day to come or before the report was there."""
        matter = find(desk, self.report_id)
        reference = check_one_line(_("The reference"), self.reference)
        needs = (*of_group(desk, matter.plan), *standing_is(matter, "approved", "sent", "informed"))
        stream = Stream.of_plan(matter.plan)
        if needs:
            return desk.refuse(stream, Draft(kind="information.refused", trigger="receipt"), needs)
        kind = BY_HAND[matter.report["method"]]
        receipt = {"kind": kind, "happened_on": self._day(desk, matter), "reference": reference}
        changes = received(desk, matter, [receipt])
        desk.record(stream, Draft(kind="information.received", changes=changes))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id, **receipt)

    def _day(self, desk: Desk, matter: Matter) -> str:
        zone = matter.plan["zone"]
        first = local_date(from_text(matter.report["prepared_at"]), zone)
        if not first <= self.happened_on <= local_date(desk.uow.now, zone):
            raise Usage(
                "day-impossible",
                _("%(day)s cannot be the day: the report was prepared on %(first)s, and what is to come has not been.")
                % {"day": self.happened_on, "first": first},
                hint=_("Give the day on which it was posted or presented."),
            )
        return self.happened_on.isoformat()


@dataclass(frozen=True, slots=True)
class RecordHandedOver:
    """Record that a report was written or published: where, and the hash of the very bytes. Once only."""

    report_id: str
    reference: str
    sha256: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep it, or log the refusal: it is not approved, was handed over already, or is withheld."""
        matter = find(desk, self.report_id)
        allowed = () if desk.actor.access == "service" else of_group(desk, matter.plan)
        needs = (
            *allowed,
            *standing_is(matter, "approved"),
            *is_withheld(matter.plan, matter.party, matter.decision),
            *still_fit(desk.connection, matter.plan, matter.report),
        )
        stream = Stream.of_plan(matter.plan)
        if needs:
            return desk.refuse(stream, Draft(kind="information.refused", trigger="send"), needs)
        kind = HANDED_OVER[matter.report["method"]]
        today = local_date(desk.uow.now, matter.plan["zone"]).isoformat()
        receipt = {"kind": kind, "happened_on": today, "reference": self.reference, "sha256": self.sha256}
        changes = received(desk, matter, [receipt], enough=kind != "written")
        key = f"{self.report_id}#sent"
        desk.record(stream, Draft(kind="information.sent", changes=changes, key=key))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id, **receipt)


@dataclass(frozen=True, slots=True)
class ConfirmMailed:
    """Note that every mail of a report has left; while one has not, nothing happens."""

    report_id: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep a receipt for each mail: to whom, when, its Message-ID and the hash of its bytes."""
        matter = find(desk, self.report_id)
        receipts = confirmed(desk, matter)
        if not receipts:
            return Outcome()
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id, receipts=receipts)


def confirmed(desk: Desk, matter: Matter) -> int:
    """Record that every mail of a report has left, and give how many; 0 while one has not, and nothing is recorded."""
    report = matter.report
    receipts = mails_left(desk.connection, matter.plan, report["report_id"]) if report["status"] == "sent" else []
    if receipts:
        draft = Draft(
            kind="information.received",
            changes=received(desk, matter, receipts),
            key=f"{report['report_id']}#received",
        )
        desk.record(Stream.of_plan(matter.plan), draft)
    return len(receipts)


def messages_of(connection: Connection, plan_id: str, report_id: str) -> list[Row]:
    """Give the rows of the outbox by which a report is mailed."""
    rows = connection.all(information.MESSAGES, plan_id=plan_id)
    return [row for row in rows if from_json(row["parameters"]).get("report") == report_id]


def mails_left(connection: Connection, plan: Row, report_id: str) -> list[dict[str, Any]]:
    """Give what proves that a report was mailed; nothing while one of its mails has not left."""
    mails = messages_of(connection, plan["plan_id"], report_id)
    if any(row["status"] != "sent" for row in mails):
        return []
    body = installation(connection)
    return [
        {
            "kind": "mailed",
            "happened_on": local_date(from_text(row["sent_at"]), plan["zone"]).isoformat(),
            "person_id": row["person_id"],
            "reference": message_id(row, body),
            "sha256": row["sha256"],
        }
        for row in mails
    ]


def received(desk: Desk, matter: Matter, receipts: Sequence[Mapping[str, Any]], *, enough: bool = True) -> list[Change]:
    """Give the changes that keep receipts; with `enough` of them the party is informed, and its deadline ends."""
    name = {"report_id": matter.report["report_id"]}
    there = len(desk.connection.all(information.RECEIPTS_OF_REPORT, **name))
    # A scheduler is no person: what it records stands in its name in the log.
    by = {"recorded_at": desk.uow.now_text, "recorded_by": desk.actor.person_id}
    changes: list[Change] = [
        insert("information_receipt", {**name, "number": there + number}, **{**by, **receipt})
        for number, receipt in enumerate(receipts, 1)
    ]
    sent = {} if matter.report["sent_at"] else {"sent_at": desk.uow.now_text}
    status = "informed" if enough else "sent"
    if matter.report["status"] != status:
        changes.append(update("information_report", name, status=status, **sent))
    if not enough or matter.moment["status"] == "informed":
        return changes
    changes.append(update("information_moment", {"information_id": matter.moment["information_id"]}, status="informed"))
    waiting = desk.connection.one(information.DEADLINE, information_id=matter.moment["information_id"])
    if waiting and waiting["status"] in _LIVE:
        changes.append(deadlines.ended(waiting, desk.uow.now_text))
    return changes
