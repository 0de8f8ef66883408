"""Follow-ups: actions with an owner and a day, which a later cycle answers before its evaluation is concluded."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from pdca import methods
from pdca.cycles.follow_up_due import KIND
from pdca.engine import Desk, Draft, Outcome, Stream
from pdca.errors import NotFound, Refused, Usage
from pdca.i18n import _
from pdca.partners.common import must_be_of_group
from pdca.plans import deadlines
from pdca.plans.advance import lock_plan
from pdca.plans.roles import local_date
from pdca.shapes import check_one_line, check_text
from pdca.store.driver import Row
from pdca.store.reads import cycles, evaluations, partners, people
from pdca.store.rows import Change, insert, update
from pdca.unknown import unknown_party
from workflows.guards import N_, Need, given_motive
from workflows.instants import to_text
from workflows.schedule import due_instant

Answer = Literal["done", "dropped", "carried"]

_COMMANDS: Final[dict[Answer, str]] = {
    "done": "pdca followup answer %(follow_up)s --done --reason …",
    "dropped": "pdca followup answer %(follow_up)s --dropped --reason …",
    "carried": "pdca followup answer %(follow_up)s --carried --due DATE --reason …",
}


@dataclass(frozen=True, slots=True)
class RaiseFollowUp:
    """Leave an action to the next cycle: what, whose it is, and the local date by which it is to be done."""

    plan_id: str
    title: str
    owner: str
    due: date

    def perform(self, desk: Desk) -> Outcome:
        """Keep it until it is answered; raises NotFound and Usage, and logs the refusal for a plan that has ended."""
        plan = lock_plan(desk, self.plan_id)
        must_be_of_group(desk, plan)
        check_text(self.title)
        title = check_one_line(_("The title"), self.title)
        if desk.connection.one(partners.PARTY, party_id=self.owner) is None:
            raise unknown_party(self.owner, (row["party_id"] for row in desk.connection.all(people.PARTIES)))
        _not_past(desk, plan, self.due)
        if needs := _ended(desk, plan):
            return desk.refuse(Stream.of_plan(plan), Draft(kind="plan.refused", from_state=plan["state"]), needs)
        number = len(desk.connection.all(cycles.FOLLOW_UPS, plan_id=self.plan_id)) + 1
        name = f"{self.plan_id}/F{number}"
        change = insert(
            "follow_up",
            {"follow_up_id": name},
            plan_id=self.plan_id,
            raised_in=plan["cycle"],
            cycle=plan["cycle"],
            title=title,
            owner_id=self.owner,
            due_date=self.due.isoformat(),
            status="open",
            raised_by=desk.actor.person_id,
            raised_at=desk.uow.now_text,
        )
        changes = [change, _deadline(desk, plan, name, self.due)]
        desk.record(Stream.of_plan(plan), Draft(kind="followup.raised", changes=changes))
        return desk.done(plan=self.plan_id, follow_up=name, cycle=plan["cycle"])


@dataclass(frozen=True, slots=True)
class AnswerFollowUp:
    """Answer a follow-up, with the reason: done, dropped, or carried over to this cycle with another date `due`."""

    follow_up_id: str
    answer: Answer
    reason: str
    due: date | None = None

    def perform(self, desk: Desk) -> Outcome:
        """Keep the answer; raises NotFound, Refused when it was answered, Usage, and logs a refusal without motive."""
        plan = lock_plan(desk, _find(desk, self.follow_up_id)["plan_id"])
        row = _find(desk, self.follow_up_id)
        must_be_of_group(desk, plan)
        if row["status"] != "open":
            raise Refused(
                "already-answered",
                _("%(follow_up)s was answered on %(day)s.")
                % {"follow_up": self.follow_up_id, "day": row["answered_at"][:10]},
                hint=_("Raise another one when something is left to do."),
            )
        if self.answer == "carried":
            self._check_date(desk, plan)
        if needs := given_motive(self.reason, _COMMANDS[self.answer], follow_up=self.follow_up_id):
            draft = Draft(kind="plan.refused", from_state=plan["state"])
            return desk.refuse(Stream.of_plan(plan), draft, needs)
        values: dict[str, object] = {"answer": self.reason}
        if self.answer == "carried" and self.due is not None:
            values |= {"cycle": plan["cycle"], "due_date": self.due.isoformat()}
        else:
            answered = {"answered_by": desk.actor.person_id, "answered_at": desk.uow.now_text}
            values |= {"status": self.answer, **answered}
        changes = [
            update("follow_up", {"follow_up_id": self.follow_up_id}, **values),
            *_ended_of(desk, self.follow_up_id, plan["plan_id"]),
        ]
        if self.answer == "carried" and self.due is not None:
            changes.append(_deadline(desk, plan, self.follow_up_id, self.due))
        desk.record(Stream.of_plan(plan), Draft(kind="followup.answered", changes=changes, reason=self.reason))
        return desk.done(plan=plan["plan_id"], follow_up=self.follow_up_id, answer=self.answer)

    def _check_date(self, desk: Desk, plan: Row) -> None:
        if self.due is None:
            raise Usage(
                "due-missing", _("It is not said until when it is carried over."), hint=_("Give a date with --due.")
            )
        _not_past(desk, plan, self.due)


def _deadline(desk: Desk, plan: Row, follow_up_id: str, day: date) -> Change:
    """The deadline at which its owner is told; it rests while the plan does."""
    definition = methods.of_plan(desk.connection, plan)
    due = due_instant(day, definition.evaluation.time, plan["zone"])
    change = deadlines.of_phase(plan["plan_id"], KIND, to_text(max(due, desk.uow.now)), plan["version"] + 1)
    change = insert(change.table, change.key, **{**change.set, "follow_up_id": follow_up_id})
    return deadlines.resting(change, plan, definition)


def _ended_of(desk: Desk, follow_up_id: str, plan_id: str) -> list[Change]:
    live = desk.connection.all(evaluations.LIVE_DEADLINES_OF_PLAN, plan_id=plan_id)
    return [deadlines.ended(row, desk.uow.now_text) for row in live if row["follow_up_id"] == follow_up_id]


def _find(desk: Desk, follow_up_id: str) -> Row:
    row = desk.connection.one(cycles.FOLLOW_UP, follow_up_id=follow_up_id)
    if row is None:
        raise NotFound(
            "follow-up-unknown",
            _("There is no follow-up %(follow_up)s.") % {"follow_up": follow_up_id},
            hint=_("`pdca followup list` shows them all."),
        )
    return row


def _not_past(desk: Desk, plan: Row, day: date) -> None:
    if day < local_date(desk.uow.now, plan["zone"]):
        raise Usage("date-past", _("%(day)s is past.") % {"day": day}, hint=_("Give a day from today on."))


def _ended(desk: Desk, plan: Row) -> tuple[Need, ...]:
    state = methods.state_of(desk.connection, plan)
    if not state.ended:
        return ()
    return (
        Need(
            "no-next-cycle",
            N_("%(plan)s has ended (“%(state)s”), and no cycle follows that could answer it."),
            {"plan": plan["plan_id"], "state": state.label},
            N_("A plan that went to daily operations can be reopened."),
            "pdca plan why-not %(plan)s",
        ),
    )
