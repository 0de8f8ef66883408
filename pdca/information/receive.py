"""Receipts: that a report was handed over, and what proves it; with the last of them the party counts as informed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import Usage
from pdca.failure import Failure
from pdca.i18n import N_, _
from pdca.information.finding import Matter, find, of_group, page_unknown, standing_is
from pdca.not_arrived import kept, mails_left
from pdca.plans import deadlines
from pdca.plans.roles import local_date
from pdca.report.kept_back import may_leave
from pdca.shapes import check_statement
from pdca.store.driver import Row
from pdca.store.jsontext import from_json
from pdca.store.reads import information
from pdca.store.rows import Change, update
from workflows.guards import Need
from workflows.instants import from_text

BY_HAND: Final = {"mail": "mailed", "letter": "posted", "meeting": "held", "web": "published", "webhook": "called"}
"""What somebody records by hand of each method."""

HANDED_OVER: Final = {"letter": "written", "web": "published", "webhook": "called"}
"""What handing over proves; of a letter only that it was written, for a person posts it."""

_LIVE: Final = ("pending", "held", "overdue", "set_aside")


@dataclass(frozen=True, slots=True)
class RecordReceipt:
    """Record what was done by hand, on a local day: the letter was posted, the meeting held.

    `reference` is the postal number, or the place in the minutes; `received_by` to whom it was addressed, or who heard
    it. `language` is that of the page that went, None for that of its letter.
    """

    report_id: str
    happened_on: date
    reference: str
    received_by: str
    language: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep it, or log the refusal; raises NotFound for no such report or page, Usage for a day that cannot be."""
        matter = find(desk, self.report_id)
        said = {
            "language": self._language(matter),
            "received_by": check_statement(_("Who received it"), self.received_by),
            "reference": check_statement(_("The reference"), self.reference),
        }
        needs = (
            *of_group(desk, matter.plan),
            *standing_is(matter, "approved", "sent", "informed"),
            *_is_handed_over(matter),
        )
        stream = Stream.of_plan(matter.plan)
        if needs:
            return desk.refuse(stream, Draft(kind="information.refused", trigger="receipt"), needs)
        kind = BY_HAND[matter.report["method"]]
        receipt = {"kind": kind, "happened_on": self._day(desk, matter), **said}
        changes = received(desk, matter, [receipt])
        desk.record(stream, Draft(kind="information.received", changes=changes))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id, **receipt)

    def _language(self, matter: Matter) -> str:
        language = self.language or str(matter.report["language"])
        languages = from_json(matter.report["hashes"])
        if language not in languages:
            raise page_unknown(self.report_id, language, languages)
        return language

    def _day(self, desk: Desk, matter: Matter) -> str:
        zone, report = matter.plan["zone"], matter.report
        first = local_date(from_text(report["sent_at"] or report["approved_at"]), zone)
        if not first <= self.happened_on <= local_date(desk.uow.now, zone):
            raise Usage(
                "day-impossible",
                _("%(day)s cannot be the day: the report could go from %(first)s on, and what is to come has not been.")
                % {"day": self.happened_on, "first": first},
                hint=_("Give the day on which it was posted or presented."),
            )
        return self.happened_on.isoformat()


def _is_handed_over(matter: Matter) -> tuple[Need, ...]:
    """Ask that the letter was written, or the page published, of which somebody says what became of it."""
    report = matter.report
    if report["status"] != "approved" or report["method"] not in HANDED_OVER:
        return ()
    return (
        Need(
            "report-not-handed-over",
            N_("%(report)s was not handed over yet."),
            {"report": report["report_id"]},
            N_("Hand it over first; then record what proves that it arrived."),
            "pdca information send %(report)s",
        ),
    )


@dataclass(frozen=True, slots=True)
class Handed:
    """One page as it left: its language, where it is, and the SHA-256 of the very bytes."""

    language: str
    reference: str
    sha256: str


def not_handed_over(report: Row) -> Usage:
    """Make the error for a report of which no letter is written and no page published."""
    return Usage(
        "not-handed-over",
        _("%(report)s goes by “%(method)s”; nothing is written for that.")
        % {"report": report["report_id"], "method": report["method"]},
        hint=_("A mail goes with `pdca notify deliver`, a meeting is recorded with `pdca information receipt`."),
    )


@dataclass(frozen=True, slots=True)
class RecordHandedOver:
    """Record that a report was written or published, with a receipt for each page. Once only."""

    report_id: str
    pages: Sequence[Handed]

    def perform(self, desk: Desk) -> Outcome:
        """Keep it, or log the refusal: it is not approved, was handed over already, or is withheld.

        Raises NotFound for no such report, Usage for one that is not handed over by this program.
        """
        matter = find(desk, self.report_id)
        allowed = () if desk.actor.access == "service" else of_group(desk, matter.plan)
        if matter.report["method"] not in HANDED_OVER:
            raise not_handed_over(matter.report)
        needs = (
            *allowed,
            *standing_is(matter, "approved"),
            *may_leave(desk.connection, matter.plan, matter.party, matter.decision, matter.report),
        )
        stream = Stream.of_plan(matter.plan)
        if needs:
            return desk.refuse(stream, Draft(kind="information.refused", trigger="send"), needs)
        kind = HANDED_OVER[matter.report["method"]]
        today = local_date(desk.uow.now, matter.plan["zone"]).isoformat()
        receipts = [{"kind": kind, "happened_on": today, **asdict(page)} for page in self.pages]
        changes = received(desk, matter, receipts, enough=kind != "written")
        key = f"{self.report_id}#sent"
        desk.record(stream, Draft(kind="information.sent", changes=changes, key=key))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id, receipts=receipts)


@dataclass(frozen=True, slots=True)
class RecordNotHandedOver:
    """Record why a report that was approved could not be handed over; what is known already is no news."""

    report_id: str
    failure: Failure

    def perform(self, desk: Desk) -> Outcome:
        """Keep the reason; without another one, or when the report went meanwhile, nothing happens."""
        matter = find(desk, self.report_id)
        failure = self.failure.stored()
        if matter.report["status"] != "approved" or matter.report["failure"] == failure:
            return Outcome()
        change = update("information_report", {"report_id": self.report_id}, failure=failure)
        desk.record(Stream.of_plan(matter.plan), Draft(kind="information.failed", changes=[change]))
        return desk.done(plan=matter.plan["plan_id"], report=self.report_id, failure=self.failure.code)


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


def received(desk: Desk, matter: Matter, receipts: Sequence[Mapping[str, Any]], *, enough: bool = True) -> list[Change]:
    """Give the changes that keep receipts; with `enough` of them the party is informed, and its deadline ends."""
    name = {"report_id": matter.report["report_id"]}
    changes = kept(desk, matter.report["report_id"], receipts)
    # One that had been written, and taken away before it was recorded, is there now.
    leaving = {"sent_at": desk.uow.now_text, **({"withdrawn_at": None} if matter.report["withdrawn_at"] else {})}
    values: dict[str, Any] = {} if matter.report["sent_at"] else leaving
    values |= {"failure": None} if matter.report["failure"] else {}
    status = "informed" if enough else "sent"
    if matter.report["status"] != status:
        changes.append(update("information_report", name, status=status, **values))
    if not enough or matter.moment["status"] == "informed":
        return changes
    changes.append(update("information_moment", {"information_id": matter.moment["information_id"]}, status="informed"))
    waiting = desk.connection.one(information.DEADLINE, information_id=matter.moment["information_id"])
    if waiting and waiting["status"] in _LIVE:
        changes.append(deadlines.ended(waiting, desk.uow.now_text))
    return changes
