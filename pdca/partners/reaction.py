"""What partners say back, and what they are answered (clause 20)."""

from dataclasses import dataclass
from datetime import date

from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused
from pdca.i18n import _
from pdca.partners.common import find_partner, must_be_of_group, next_name, not_to_come, represents
from pdca.plans.advance import lock_plan
from pdca.shapes import check_text
from pdca.store.driver import Row
from pdca.store.reads import information, partners
from pdca.store.rows import insert, update


@dataclass(frozen=True, slots=True)
class React:
    """Record the reaction of a partner, received on a local date; its own representatives may do so too.

    With `report_id` it is about that progress report.
    """

    plan_id: str
    party: str
    received_on: date
    text: str
    report_id: str | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep it until it is answered; raises NotFound, Usage, Refused for who may not."""
        plan = lock_plan(desk, self.plan_id)
        find_partner(desk, self.party)
        if not represents(desk, plan, self.party):
            must_be_of_group(desk, plan)
        check_text(self.text)
        there = desk.connection.all(partners.REACTIONS, plan_id=self.plan_id)
        name = next_name(self.plan_id, "R", (row["reaction_id"] for row in there))
        change = insert(
            "reaction",
            {"reaction_id": name},
            plan_id=self.plan_id,
            party_id=self.party,
            report_id=self._report(desk),
            received_on=not_to_come(desk, plan, self.received_on),
            text=self.text,
            recorded_by=desk.actor.person_id,
            recorded_at=desk.uow.now_text,
        )
        desk.record(Stream.of_plan(plan), Draft(kind="partner.reacted", changes=[change]))
        return desk.done(plan=self.plan_id, reaction=name, party=self.party, report=self.report_id)

    def _report(self, desk: Desk) -> str | None:
        if self.report_id is None:
            return None
        report = desk.connection.one(information.REPORT, report_id=self.report_id)
        if report is None or report["plan_id"] != self.plan_id or report["status"] not in ("sent", "informed"):
            raise NotFound(
                "report-unknown",
                _("No report %(report)s of %(plan)s was sent.") % {"report": self.report_id, "plan": self.plan_id},
                hint=_("`pdca information show %(plan)s` shows those that were.") % {"plan": self.plan_id},
            )
        if report["party_id"] != self.party:
            raise Refused(
                "report-to-another",
                _("%(report)s went to %(recipient)s, not to %(party)s.")
                % {"report": self.report_id, "recipient": report["party_id"], "party": self.party},
                hint=_(
                    "Name a report that went to %(party)s, or leave the report out: `pdca information show %(plan)s`."
                )
                % {"party": self.party, "plan": self.plan_id},
            )
        return self.report_id


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer a reaction; once, and by the project group."""

    reaction_id: str
    answer: str

    def perform(self, desk: Desk) -> Outcome:
        """Keep the answer; raises NotFound, Refused when it was answered or for who is not of the group."""
        plan = lock_plan(desk, _find(desk, self.reaction_id)["plan_id"])
        reaction = _find(desk, self.reaction_id)
        must_be_of_group(desk, plan)
        if reaction["answered_at"] is not None:
            raise Refused(
                "already-answered",
                _("%(reaction)s was answered on %(day)s.")
                % {"reaction": self.reaction_id, "day": reaction["answered_at"][:10]},
                hint=_("Record a new reaction when the partner comes back on it."),
            )
        check_text(self.answer)
        change = update(
            "reaction",
            {"reaction_id": self.reaction_id},
            answer=self.answer,
            answered_by=desk.actor.person_id,
            answered_at=desk.uow.now_text,
        )
        desk.record(Stream.of_plan(plan), Draft(kind="partner.answered", changes=[change]))
        return desk.done(plan=plan["plan_id"], reaction=self.reaction_id)


def _find(desk: Desk, reaction_id: str) -> Row:
    reaction = desk.connection.one(partners.REACTION, reaction_id=reaction_id)
    if reaction is None:
        raise NotFound(
            "reaction-unknown",
            _("There is no reaction %(reaction)s.") % {"reaction": reaction_id},
            hint=_("`pdca partner reactions` lists them all."),
        )
    return reaction
